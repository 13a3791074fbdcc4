title = "Drives with configurations: of other controllers, and of this one"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
---
wait 2h                      | healthy  | spare.none
# A used drive from the shelf: it is looked at, and its configuration dropped.
insert 252:5 foreign         | warning  | pd.foreign spare.none
wait 10m                     | warning  | pd.foreign spare.none
clear-foreign                | healthy  | spare.none
wait 1h                      | healthy  | spare.none
pull 252:5                   | healthy  | spare.none
# Another one, whose data are wanted.
insert 252:6 foreign         | warning  | pd.foreign spare.none
wait 5m                      | warning  | pd.foreign spare.none
import                       | healthy  | spare.none
wait 1d                      | healthy  | spare.none
pull 252:6                   | critical | cache.preserved pd.missing spare.none vd.offline
wait 1h                      | critical | cache.preserved pd.missing spare.none vd.offline
insert 252:6 back            | critical | cache.preserved pd.foreign pd.missing spare.none vd.offline
wait 5m                      | critical | cache.preserved pd.foreign pd.missing spare.none vd.offline
import                       | healthy  | spare.none
wait 1h                      | healthy  | spare.none
# Two drives are pulled by mistake: the virtual drive is lost, and comes back by an import.
pull 252:1                   | critical | pd.missing spare.none vd.degraded
wait 1m                      | critical | pd.missing spare.none vd.degraded
pull 252:2                   | critical | cache.preserved pd.missing*2 vd.offline
wait 10m                     | critical | cache.preserved pd.missing*2 vd.offline
insert 252:1 back            | critical | cache.preserved pd.foreign pd.missing*2 vd.offline
wait 1m                      | critical | cache.preserved pd.foreign pd.missing*2 vd.offline
insert 252:2 back            | critical | cache.preserved pd.foreign*2 pd.missing*2 vd.offline
wait 5m                      | critical | cache.preserved pd.foreign*2 pd.missing*2 vd.offline
import                       | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding spare.none vd.rebuilding
finish                       | healthy  | spare.none
wait 8h                      | healthy  | spare.none
# A used drive in the bay of a failed one is not rebuilt before it is free.
fail 252:3                   | critical | pd.failed spare.none vd.degraded
pull 252:3                   | critical | pd.missing spare.none vd.degraded
insert 252:3 foreign         | critical | pd.foreign pd.missing spare.none vd.degraded
wait 1h                      | critical | pd.foreign pd.missing spare.none vd.degraded
clear-foreign                | warning  | pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | pd.rebuilding spare.none vd.rebuilding
finish                       | healthy  | spare.none
wait 1d                      | healthy  | spare.none
