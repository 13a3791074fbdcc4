title = "A RAID 6 loses one drive, two, and at last three"

[[controller]]
enclosure = [{ id = 32, make = "SAS2X28-12" }]
drives = [{ bays = "32:0-8", make = "ST2000NM0033" }]
group = [{ level = "raid6", bays = "32:0-7", name = "archive" }]
---
wait 10h                     | healthy  | spare.none
fail 32:2                    | warning  | pd.failed spare.none vd.partially-degraded
wait 1h                      | warning  | pd.failed spare.none vd.partially-degraded
fail 32:6                    | critical | pd.failed*2 spare.none vd.degraded
wait 2h                      | critical | pd.failed*2 spare.none vd.degraded
# One place is filled, then the other.
pull 32:2                    | critical | pd.failed pd.missing spare.none vd.degraded
insert 32:2 blank            | warning  | pd.failed pd.rebuilding spare.none vd.rebuilding
wait 2h                      | warning  | pd.failed pd.rebuilding spare.none vd.rebuilding
pull 32:6                    | warning  | pd.missing pd.rebuilding spare.none vd.rebuilding
insert 32:6 blank            | warning  | pd.rebuilding*2 spare.none vd.rebuilding
wait 6h                      | warning  | pd.rebuilding*2 spare.none vd.rebuilding
wait 6h                      | warning  | pd.rebuilding spare.none vd.partially-degraded
wait 4h                      | healthy  | spare.none
wait 1d                      | healthy  | spare.none
# Bad sectors that nobody has read yet: with two drives lost the rebuild cannot make them good.
wear 32:0 3                  | healthy  | spare.none
wait 1h                      | healthy  | spare.none
fail 32:3                    | warning  | pd.failed spare.none vd.partially-degraded
fail 32:4                    | critical | pd.failed*2 spare.none vd.degraded
wait 30m                     | critical | pd.failed*2 spare.none vd.degraded
pull 32:3                    | critical | pd.failed pd.missing spare.none vd.degraded
insert 32:3 blank            | warning  | pd.failed pd.rebuilding spare.none vd.rebuilding
finish                       | warning  | pd.failed pd.media-errors spare.none vd.bad-blocks vd.partially-degraded
pull 32:4                    | warning  | pd.media-errors pd.missing spare.none vd.bad-blocks vd.partially-degraded
insert 32:4 blank            | warning  | pd.media-errors pd.rebuilding spare.none vd.bad-blocks vd.partially-degraded
finish                       | warning  | pd.media-errors spare.none vd.bad-blocks
wait 12h                     | warning  | pd.media-errors spare.none vd.bad-blocks
# With one drive lost it can.
wear 32:5 2                  | warning  | pd.media-errors spare.none vd.bad-blocks
fail 32:7                    | warning  | pd.failed pd.media-errors spare.none vd.bad-blocks vd.partially-degraded
pull 32:7                    | warning  | pd.media-errors pd.missing spare.none vd.bad-blocks vd.partially-degraded
insert 32:7 blank            | warning  | pd.media-errors pd.rebuilding spare.none vd.bad-blocks vd.partially-degraded
finish                       | warning  | pd.media-errors*2 spare.none vd.bad-blocks
# Three at once are one too many.
fail 32:1                    | warning  | pd.failed pd.media-errors*2 spare.none vd.bad-blocks vd.partially-degraded
wait 5m                      | warning  | pd.failed pd.media-errors*2 spare.none vd.bad-blocks vd.partially-degraded
fail 32:2                    | critical | pd.failed*2 pd.media-errors*2 spare.none vd.bad-blocks vd.degraded vd.second-suspect*2
wait 5m                      | critical | pd.failed*2 pd.media-errors*2 spare.none vd.bad-blocks vd.degraded vd.second-suspect*2
fail 32:3                    | critical | cache.preserved pd.failed*3 pd.media-errors*2 vd.bad-blocks vd.offline
wait 1d                      | critical | cache.preserved pd.failed*3 pd.media-errors*2 vd.bad-blocks vd.offline
