title = "A RAID 5 and a RAID 1 without a hot spare: every replacement waits for a person"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-6", make = "ST3300657SS" }]
group = [
  { level = "raid1", bays = "252:0-1", name = "system" },
  { level = "raid5", bays = "252:2-6", name = "data" },
]
---
wait 8h                      | healthy  | spare.none
fail 252:4                   | critical | pd.failed spare.none vd.degraded
wait 15m                     | critical | pd.failed spare.none vd.degraded
wait 8h                      | critical | pd.failed spare.none vd.degraded
# A new drive in the bay is rebuilt at once.
pull 252:4                   | critical | pd.missing spare.none vd.degraded
wait 5m                      | critical | pd.missing spare.none vd.degraded
insert 252:4 blank           | warning  | pd.rebuilding spare.none vd.rebuilding
wait 30m                     | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | healthy  | spare.none
# The mirror of the system.
wait 1d                      | healthy  | spare.none
fail 252:1                   | critical | pd.failed spare.none vd.degraded
wait 12h                     | critical | pd.failed spare.none vd.degraded
pull 252:1                   | critical | pd.missing spare.none vd.degraded
insert 252:1 blank           | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding spare.none vd.rebuilding
finish                       | healthy  | spare.none
# What does not fit is not rebuilt.
fail 252:6                   | critical | pd.failed spare.none vd.degraded
pull 252:6                   | critical | pd.missing spare.none vd.degraded
insert 252:6 small           | critical | pd.missing spare.none vd.degraded
wait 1h                      | critical | pd.missing spare.none vd.degraded
pull 252:6                   | critical | pd.missing spare.none vd.degraded
insert 252:6 wrong-type      | critical | pd.missing spare.none vd.degraded
pull 252:6                   | critical | pd.missing spare.none vd.degraded
insert 252:6 blank           | warning  | pd.rebuilding spare.none vd.rebuilding
wait 30m                     | warning  | pd.rebuilding spare.none vd.rebuilding
# The new drive fails while it is rebuilt.
fail 252:6                   | critical | pd.failed spare.none vd.degraded
wait 2h                      | critical | pd.failed spare.none vd.degraded
pull 252:6                   | critical | pd.missing spare.none vd.degraded
insert 252:6 blank           | warning  | pd.rebuilding spare.none vd.rebuilding
finish                       | healthy  | spare.none
# Another drive fails while the new one is rebuilt: the data are lost.
fail 252:3                   | critical | pd.failed spare.none vd.degraded
pull 252:3                   | critical | pd.missing spare.none vd.degraded
insert 252:3 blank           | warning  | pd.rebuilding spare.none vd.rebuilding
wait 20m                     | warning  | pd.rebuilding spare.none vd.rebuilding
fail 252:5                   | critical | cache.preserved pd.failed pd.offline spare.none vd.offline
wait 1h                      | critical | cache.preserved pd.failed pd.offline spare.none vd.offline
