title = "A RAID 6 loses one drive, two, and at last three"

[[controller]]
enclosure = [{ id = 32, make = "SAS2X28-12" }]
drives = [{ bays = "32:0-8", make = "ST2000NM0033" }]
group = [{ level = "raid6", bays = "32:0-7", name = "archive" }]
---
wait 10h
fail 32:2
wait 1h
fail 32:6
wait 2h
# One place is filled, then the other.
pull 32:2
insert 32:2 blank
wait 2h
pull 32:6
insert 32:6 blank
wait 6h
wait 6h
wait 4h
wait 1d
# Bad sectors that nobody has read yet: with two drives lost the rebuild cannot make them good.
wear 32:0 3
wait 1h
fail 32:3
fail 32:4
wait 30m
pull 32:3
insert 32:3 blank
finish
pull 32:4
insert 32:4 blank
finish
wait 12h
# With one drive lost it can.
wear 32:5 2
fail 32:7
pull 32:7
insert 32:7 blank
finish
# Three at once are one too many.
fail 32:1
wait 5m
fail 32:2
wait 5m
fail 32:3
wait 1d
