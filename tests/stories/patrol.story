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
wait 1h
patrol
wait 30m
wait 1h
wait 1h
# Two sectors of a drive go bad. Nobody knows until the patrol reads them.
wear 252:4 2
wait 12h
patrol
wait 1h
wait 1h
wait 1h
# A consistency check finds some too.
wear 252:1 1
check 0
wait 30m
wait 2h
check 1
wait 1h
wait 2h
# The schedule does the same by itself, week after week.
wait 3d
wait 2h
wait 2h
wait 3d
wear 252:3 150
wait 4d
wait 3h
# The worst is replaced before it fails.
fail 252:3
wait 1h
finish
pull 252:3
insert 252:3 blank
finish
patrol
finish
wait 7d
