title = "A RAID 5 with a hot spare: drives fail and are replaced"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-6", name = "data" }]
spare = [{ bay = "252:7" }]
---
# A quiet evening, and a failure in the night: the spare takes over by itself.
wait 1h
wait 9h
fail 252:3
wait 5m
wait 45m
wait 30m
wait 45m
# Morning: the failed drive is pulled, a new one comes, the data goes back to its bay.
wait 6h
pull 252:3
wait 10m
insert 252:3 blank
wait 40m
wait 40m
wait 1h
wait 1d
# Somebody pulls the wrong drive, and puts it back.
pull 252:5
wait 1m
insert 252:5 back
wait 1h
wait 1h
finish
# A drive that gives warning before it fails.
predict 252:1
wait 2d
fail 252:1
wait 30m
pull 252:1
insert 252:1 small
wait 3h
pull 252:1
insert 252:1 wrong-type
wait 20m
pull 252:1
insert 252:1 blank
finish
# The spare itself.
fail 252:7
wait 1h
pull 252:7
insert 252:7 blank
