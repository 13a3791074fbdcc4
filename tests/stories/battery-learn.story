title = "A battery learns, grows weak, and fails"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-5", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
spare = [{ bay = "252:5" }]
---
wait 1h                      | healthy  |
learn                        | healthy  | battery.learning
wait 10m                     | healthy  | battery.learning
wait 30m                     | healthy  | battery.learning
wait 30m                     | healthy  | battery.learning vd.write-through
wait 30m                     | healthy  | battery.learning vd.write-through
wait 1h                      | healthy  | battery.learning vd.write-through
wait 1h                      | healthy  | battery.learning
wait 2h                      | healthy  | battery.learning
wait 2h                      | healthy  |
wait 4h                      | healthy  |
wait 1d                      | healthy  |
# The next one begins by itself, four weeks later.
wait 7d                      | healthy  |
wait 7d                      | healthy  |
wait 7d                      | healthy  |
wait 6d                      | healthy  | battery.learning
wait 1h                      | healthy  | battery.learning
wait 1h                      | healthy  |
wait 1h                      | healthy  |
wait 3h                      | healthy  |
finish                       | healthy  |
wait 1d                      | healthy  |
# A drive fails while the cache writes through.
learn                        | healthy  | battery.learning
wait 1h30m                   | healthy  | battery.learning vd.write-through
fail 252:2                   | warning  | battery.learning pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding vd.write-through
wait 1h                      | warning  | battery.learning pd.rebuilding pd.unconfigured-bad spare.none vd.rebuilding vd.write-through
wait 2h                      | warning  | battery.learning pd.unconfigured-bad spare.commissioned spare.none
finish                       | warning  | pd.unconfigured-bad spare.commissioned spare.none
pull 252:2                   | healthy  | spare.commissioned spare.none
insert 252:2 blank           | healthy  | pd.copyback spare.commissioned spare.none
finish                       | healthy  |
# The battery is worn out.
fail-battery                 | warning  | battery.degraded battery.replace vd.write-through
wait 1h                      | warning  | battery.degraded battery.replace vd.write-through
wait 1d                      | warning  | battery.degraded battery.replace vd.write-through
wait 7d                      | warning  | battery.degraded battery.replace vd.write-through
