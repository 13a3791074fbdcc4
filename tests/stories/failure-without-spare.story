title = "A RAID 5 and a RAID 1 without a hot spare: every replacement waits for a person"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-6", make = "ST3300657SS" }]
group = [
  { level = "raid1", bays = "252:0-1", name = "system" },
  { level = "raid5", bays = "252:2-6", name = "data" },
]
---
wait 8h
fail 252:4
wait 15m
wait 8h
# A new drive in the bay is rebuilt at once.
pull 252:4
wait 5m
insert 252:4 blank
wait 30m
wait 1h
wait 1h
# The mirror of the system.
wait 1d
fail 252:1
wait 12h
pull 252:1
insert 252:1 blank
wait 1h
finish
# What does not fit is not rebuilt.
fail 252:6
pull 252:6
insert 252:6 small
wait 1h
pull 252:6
insert 252:6 wrong-type
pull 252:6
insert 252:6 blank
wait 30m
# The new drive fails while it is rebuilt.
fail 252:6
wait 2h
pull 252:6
insert 252:6 blank
finish
# Another drive fails while the new one is rebuilt: the data are lost.
fail 252:3
pull 252:3
insert 252:3 blank
wait 20m
fail 252:5
wait 1h
