title = "A battery learns, grows weak, and fails"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
spare = [{ bay = "252:5" }]
---
wait 1h
learn
wait 10m
wait 30m
wait 30m
wait 30m
wait 1h
wait 1h
wait 2h
wait 2h
wait 4h
wait 1d
# The next one begins by itself, four weeks later.
wait 7d
wait 7d
wait 7d
wait 6d
wait 1h
wait 1h
wait 1h
wait 3h
finish
wait 1d
# A drive fails while the cache writes through.
learn
wait 1h30m
fail 252:2
wait 1h
wait 2h
finish
pull 252:2
insert 252:2 blank
finish
# The battery is worn out.
fail-battery
wait 1h
wait 1d
wait 7d
