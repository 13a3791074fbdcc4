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
wait 1d                      | healthy  | spare.none
lose-enclosure 33            | critical | cache.preserved pd.missing*11 spare.none vd.degraded vd.offline
wait 1m                      | critical | cache.preserved pd.missing*11 spare.none vd.degraded vd.offline
wait 10m                     | critical | cache.preserved pd.missing*11 spare.none vd.degraded vd.offline
restore-enclosure 33         | critical | cache.preserved pd.foreign*8 pd.missing*8 pd.rebuilding*3 spare.none vd.offline vd.rebuilding
wait 1m                      | critical | cache.preserved pd.foreign*8 pd.missing*8 pd.rebuilding*3 spare.none vd.offline vd.rebuilding
import                       | warning  | pd.rebuilding*3 spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding*3 spare.none vd.rebuilding
wait 6h                      | warning  | pd.rebuilding*3 spare.none vd.rebuilding
wait 6h                      | healthy  | spare.none
finish                       | healthy  | spare.none
wait 2h                      | healthy  | spare.none
# The other one holds half of the mirrors and all of home.
lose-enclosure 32            | critical | cache.preserved pd.missing*9 spare.none vd.degraded vd.offline
wait 2h                      | critical | cache.preserved pd.missing*9 spare.none vd.degraded vd.offline
restore-enclosure 32         | critical | cache.preserved pd.foreign*6 pd.missing*6 pd.rebuilding*3 spare.none vd.offline vd.rebuilding
import                       | warning  | pd.rebuilding*3 spare.none vd.rebuilding
wait 3h                      | warning  | pd.rebuilding*3 spare.none vd.rebuilding
finish                       | healthy  | spare.none
# One drive does not survive the next loss of power.
lose-enclosure 33            | critical | cache.preserved pd.missing*11 spare.none vd.degraded vd.offline
wait 5m                      | critical | cache.preserved pd.missing*11 spare.none vd.degraded vd.offline
restore-enclosure 33         | critical | cache.preserved pd.foreign*8 pd.missing*8 pd.rebuilding*3 spare.none vd.offline vd.rebuilding
fail 33:6                    | critical | cache.preserved pd.foreign*7 pd.missing*8 pd.rebuilding*3 pd.unconfigured-bad spare.none vd.offline vd.rebuilding
wait 1m                      | critical | cache.preserved pd.foreign*7 pd.missing*8 pd.rebuilding*3 pd.unconfigured-bad spare.none vd.offline vd.rebuilding
import                       | warning  | pd.missing pd.rebuilding*3 pd.unconfigured-bad spare.none vd.partially-degraded vd.rebuilding
wait 1h                      | warning  | pd.missing pd.rebuilding*3 pd.unconfigured-bad spare.none vd.partially-degraded vd.rebuilding
pull 33:6                    | warning  | pd.missing pd.rebuilding*3 spare.none vd.partially-degraded vd.rebuilding
insert 33:6 blank            | warning  | pd.rebuilding*4 spare.none vd.partially-degraded vd.rebuilding
wait 6h                      | warning  | pd.rebuilding*4 spare.none vd.partially-degraded vd.rebuilding
finish                       | healthy  | spare.none
wait 1d                      | healthy  | spare.none
# Fans and heat.
heat 32:4 66                 | warning  | pd.temperature spare.none
wait 1h                      | warning  | pd.temperature spare.none
heat 32:4 35                 | healthy  | spare.none
fail-fan 32 1                | warning  | enclosure.fault spare.none
warm 32 2 48                 | warning  | enclosure.fault spare.none
warm 32 2 60                 | warning  | enclosure.fault spare.none
warm 32 2 33                 | warning  | enclosure.fault spare.none
fail-power 33 0              | warning  | enclosure.fault*2 spare.none
wait 4h                      | warning  | enclosure.fault*2 spare.none
lose-enclosure 32            | critical | cache.preserved enclosure.fault pd.missing*9 spare.none vd.degraded vd.offline
lose-enclosure 33            | critical | cache.preserved*3 pd.missing*20 reading.unread vd.offline*3
wait 1h                      | critical | cache.preserved*3 pd.missing*20 reading.unread vd.offline*3
restore-enclosure 33         | critical | cache.preserved*3 enclosure.fault pd.foreign*11 pd.missing*20 vd.offline*3
restore-enclosure 32         | critical | cache.preserved*3 enclosure.fault*2 pd.foreign*20 pd.missing*20 vd.offline*3
import                       | warning  | enclosure.fault*2 pd.rebuilding*3 spare.none vd.rebuilding
finish                       | warning  | enclosure.fault*2 spare.none
wait 1d                      | warning  | enclosure.fault*2 spare.none
