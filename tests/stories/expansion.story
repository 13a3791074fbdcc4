title = "A virtual drive grows, drive by drive"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-2", name = "data" }]
spare = [{ bay = "252:7" }]
---
wait 3h                      | healthy  |
expand 0 252:3               | healthy  |
wait 30m                     | healthy  |
wait 1h                      | healthy  |
wait 2h                      | healthy  |
wait 1d                      | healthy  |
expand 0 252:4               | healthy  |
wait 1h                      | healthy  |
finish                       | healthy  |
wait 8h                      | healthy  |
# A check of what has grown.
check 0                      | healthy  |
wait 1h                      | healthy  |
finish                       | healthy  |
# A drive fails during the next growth: its rebuild waits for the end.
expand 0 252:5               | healthy  |
wait 40m                     | healthy  |
fail 252:1                   | critical | pd.failed vd.degraded
wait 20m                     | critical | pd.failed vd.degraded
wait 1h                      | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding
wait 1h                      | warning  | pd.unconfigured-bad spare.commissioned spare.none
finish                       | warning  | pd.unconfigured-bad spare.commissioned spare.none
wait 2h                      | warning  | pd.unconfigured-bad spare.commissioned spare.none
pull 252:1                   | healthy  | spare.commissioned spare.none
insert 252:1 blank           | healthy  | pd.copyback spare.commissioned spare.none
wait 1h                      | healthy  | pd.copyback spare.commissioned spare.none
finish                       | healthy  |
expand 0 252:6               | healthy  |
wait 1h                      | healthy  |
predict 252:6                | warning  | pd.smart
wait 1h                      | warning  | pd.smart
finish                       | warning  | pd.smart
wait 1d                      | warning  | pd.smart
