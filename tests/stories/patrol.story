title = "Patrol reads and checks find bad sectors before a rebuild needs them"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [
  { level = "raid1", bays = "252:0-1", name = "system" },
  { level = "raid5", bays = "252:2-6", name = "data" },
]
spare = [{ bay = "252:7" }]
---
wait 1h                      | healthy  |
patrol                       | healthy  |
wait 30m                     | healthy  |
wait 1h                      | healthy  |
wait 1h                      | healthy  |
# Two sectors of a drive go bad. Nobody knows until the patrol reads them.
wear 252:4 2                 | healthy  |
wait 12h                     | healthy  |
patrol                       | healthy  |
wait 1h                      | healthy  |
wait 1h                      | warning  | pd.media-errors
wait 1h                      | warning  | pd.media-errors
# A consistency check finds some too.
wear 252:1 1                 | warning  | pd.media-errors
check 0                      | warning  | pd.media-errors
wait 30m                     | warning  | pd.media-errors
wait 2h                      | warning  | pd.media-errors*2
check 1                      | warning  | pd.media-errors*2
wait 1h                      | warning  | pd.media-errors*2
wait 2h                      | warning  | pd.media-errors*2
# The schedule does the same by itself, week after week.
wait 3d                      | warning  | pd.media-errors*2
wait 2h                      | warning  | pd.media-errors*2
wait 2h                      | warning  | pd.media-errors*2
wait 3d                      | warning  | battery.learning pd.media-errors*2
wear 252:3 150               | warning  | battery.learning pd.media-errors*2
wait 4d                      | critical | pd.media-errors*3
wait 3h                      | critical | pd.media-errors*3
# The worst is replaced before it fails.
fail 252:3                   | critical | pd.media-errors*3 pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding vd.second-suspect
wait 1h                      | critical | pd.media-errors*3 pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding vd.second-suspect
finish                       | warning  | pd.media-errors*3 pd.unconfigured-bad spare.commissioned spare.none
pull 252:3                   | warning  | pd.media-errors*2 spare.commissioned spare.none
insert 252:3 blank           | warning  | pd.copyback pd.media-errors*2 spare.commissioned spare.none
finish                       | warning  | pd.media-errors*2
patrol                       | warning  | pd.media-errors*2
finish                       | warning  | pd.media-errors*2
wait 7d                      | warning  | pd.media-errors*2
