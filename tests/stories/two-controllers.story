title = "Two controllers: what happens on one is no matter of the other"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-3", make = "ST3300657SS" }]
group = [{ level = "raid10", bays = "252:0-3", spans = 2, name = "system" }]

[[controller]]
battery = "cachevault"
enclosure = [{ id = 32, make = "SAS2X28-12" }]
drives = [{ bays = "32:0-7", make = "ST2000NM0033" }]
group = [{ level = "raid6", bays = "32:0-6", name = "archive" }]
spare = [{ bay = "32:7" }]
---
wait 5h                      | healthy  | spare.none
on 1: fail 32:2              | warning  | 1:pd.rebuilding 1:pd.unconfigured-bad 1:spare.none 1:vd.partially-degraded spare.none
wait 1h                      | warning  | 1:pd.rebuilding 1:pd.unconfigured-bad 1:spare.none 1:vd.partially-degraded spare.none
# The same bay number on the other one.
fail 252:2                   | critical | 1:pd.rebuilding 1:pd.unconfigured-bad 1:spare.none 1:vd.partially-degraded pd.failed spare.none vd.degraded
wait 2h                      | critical | 1:pd.rebuilding 1:pd.unconfigured-bad 1:spare.none 1:vd.partially-degraded pd.failed spare.none vd.degraded
on 1: wait 6h                | critical | 1:pd.rebuilding 1:pd.unconfigured-bad 1:spare.none 1:vd.partially-degraded pd.failed spare.none vd.degraded
on 1: pull 32:2              | critical | 1:pd.rebuilding 1:spare.none 1:vd.partially-degraded pd.failed spare.none vd.degraded
pull 252:2                   | critical | 1:pd.rebuilding 1:spare.none 1:vd.partially-degraded pd.missing spare.none vd.degraded
insert 252:2 blank           | warning  | 1:pd.rebuilding 1:spare.none 1:vd.partially-degraded pd.rebuilding spare.none vd.rebuilding
wait 1h                      | warning  | 1:pd.rebuilding 1:spare.none 1:vd.partially-degraded pd.rebuilding spare.none vd.rebuilding
finish                       | healthy  | 1:spare.commissioned 1:spare.none spare.none
on 1: insert 32:2 blank      | healthy  | 1:pd.copyback 1:spare.commissioned 1:spare.none spare.none
wait 3h                      | healthy  | 1:pd.copyback 1:spare.commissioned 1:spare.none spare.none
finish                       | healthy  | spare.none
wait 1d                      | healthy  | spare.none
# Both at once, and a battery.
on 1: predict 32:5           | warning  | 1:pd.smart spare.none
predict 252:0                | warning  | 1:pd.smart pd.smart spare.none
learn                        | warning  | 1:pd.smart battery.learning pd.smart spare.none
wait 2h                      | warning  | 1:pd.smart battery.learning pd.smart spare.none vd.write-through
on 1: fail-battery           | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through battery.learning pd.smart spare.none vd.write-through
wait 1h                      | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through battery.learning pd.smart spare.none vd.write-through
finish                       | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through pd.smart spare.none
on 1: heat 32:3 64           | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:pd.temperature 1:vd.write-through pd.smart spare.none
heat 252:3 61                | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:pd.temperature 1:vd.write-through pd.smart pd.temperature spare.none
wait 2h                      | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:pd.temperature 1:vd.write-through pd.smart pd.temperature spare.none
on 1: heat 32:3 34           | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through pd.smart pd.temperature spare.none
heat 252:3 33                | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through pd.smart spare.none
# Used drives.
on 1: insert 32:9 foreign    | warning  | 1:battery.degraded 1:battery.replace 1:pd.foreign 1:pd.smart 1:vd.write-through pd.smart spare.none
wait 10m                     | warning  | 1:battery.degraded 1:battery.replace 1:pd.foreign 1:pd.smart 1:vd.write-through pd.smart spare.none
on 1: import                 | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
wait 1h                      | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
on 1: check 0                | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
on 0: patrol                 | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
wait 1h                      | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
finish                       | warning  | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.smart spare.none
# One of them loses its data, the other goes on.
fail 252:2                   | critical | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 pd.failed pd.smart spare.none vd.degraded
fail 252:3                   | critical | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 cache.preserved pd.failed*2 pd.smart vd.offline
wait 1h                      | critical | 1:battery.degraded 1:battery.replace 1:pd.smart 1:vd.write-through*2 cache.preserved pd.failed*2 pd.smart vd.offline
