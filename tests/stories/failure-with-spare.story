title = "A RAID 5 with a hot spare: drives fail and are replaced"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-6", name = "data" }]
spare = [{ bay = "252:7" }]
---
# A quiet evening, and a failure in the night: the spare takes over by itself.
wait 1h                      | healthy  |
wait 9h                      | healthy  |
fail 252:3                   | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 5m                      | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 45m                     | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 30m                     | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 45m                     | warning  | pd.unconfigured-bad spare.commissioned spare.none
# Morning: the failed drive is pulled, a new one comes, the data goes back to its bay.
wait 6h                      | warning  | pd.unconfigured-bad spare.commissioned spare.none
pull 252:3                   | healthy  | spare.commissioned spare.none
wait 10m                     | healthy  | spare.commissioned spare.none
insert 252:3 blank           | healthy  | pd.copyback spare.commissioned spare.none
wait 40m                     | healthy  | pd.copyback spare.commissioned spare.none
wait 40m                     | healthy  | pd.copyback spare.commissioned spare.none
wait 1h                      | healthy  |
wait 1d                      | healthy  |
# Somebody pulls the wrong drive, and puts it back.
pull 252:5                   | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1m                      | warning  | pd.rebuilding spare.none vd.rebuilding
insert 252:5 back            | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | healthy  | pd.copyback spare.commissioned spare.none
finish                       | healthy  |
# A drive that gives warning before it fails.
predict 252:1                | warning  | pd.smart
wait 2d                      | warning  | pd.smart
fail 252:1                   | warning  | pd.rebuilding pd.smart pd.unconfigured-bad spare.none vd.rebuilding
wait 30m                     | warning  | pd.rebuilding pd.smart pd.unconfigured-bad spare.none vd.rebuilding
pull 252:1                   | warning  | pd.rebuilding spare.none vd.rebuilding
insert 252:1 small           | warning  | pd.rebuilding spare.none vd.rebuilding
wait 3h                      | healthy  | spare.commissioned spare.none
pull 252:1                   | healthy  | spare.commissioned spare.none
insert 252:1 wrong-type      | healthy  | spare.commissioned spare.none
wait 20m                     | healthy  | spare.commissioned spare.none
pull 252:1                   | healthy  | spare.commissioned spare.none
insert 252:1 blank           | healthy  | pd.copyback spare.commissioned spare.none
finish                       | healthy  |
# The spare itself.
fail 252:7                   | warning  | pd.failed spare.none
wait 1h                      | warning  | pd.failed spare.none
pull 252:7                   | healthy  | spare.none
insert 252:7 blank           | healthy  | spare.none
