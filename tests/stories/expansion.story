title = "A virtual drive grows, drive by drive"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-2", name = "data" }]
spare = [{ bay = "252:7" }]
---
wait 3h
expand 0 252:3
wait 30m
wait 1h
wait 2h
wait 1d
expand 0 252:4
wait 1h
finish
wait 8h
# A check of what has grown.
check 0
wait 1h
finish
# A drive fails during the next growth: its rebuild waits for the end.
expand 0 252:5
wait 40m
fail 252:1
wait 20m
wait 1h
wait 1h
wait 1h
finish
wait 2h
pull 252:1
insert 252:1 blank
wait 1h
finish
expand 0 252:6
wait 1h
predict 252:6
wait 1h
finish
wait 1d
