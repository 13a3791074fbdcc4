title = "Two enclosures, one of which goes and comes back"

[[controller]]
enclosure = [{ id = 32, make = "SAS2X28-12" }, { id = 33, make = "SAS2X28-12" }]
drives = [
  { bays = "32:0-11", make = "ST2000NM0033" },
  { bays = "33:0-11", make = "ST2000NM0033" },
]
group = [
  { level = "raid10", bays = "32:0 33:0 32:1 33:1 32:2 33:2", spans = 3, name = "db" },
  { level = "raid6", bays = "33:4-11", name = "archive" },
  { level = "raid5", bays = "32:4-9", name = "home" },
]
---
wait 1d
lose-enclosure 33
wait 1m
wait 10m
restore-enclosure 33
wait 1m
import
wait 1h
wait 6h
wait 6h
finish
wait 2h
# The other one holds half of the mirrors and all of home.
lose-enclosure 32
wait 2h
restore-enclosure 32
import
wait 3h
finish
# One drive does not survive the next loss of power.
lose-enclosure 33
wait 5m
restore-enclosure 33
fail 33:6
wait 1m
import
wait 1h
pull 33:6
insert 33:6 blank
wait 6h
finish
wait 1d
# Fans and heat.
heat 32:4 66
wait 1h
heat 32:4 35
lose-enclosure 32
lose-enclosure 33
wait 1h
restore-enclosure 33
restore-enclosure 32
import
finish
wait 1d
