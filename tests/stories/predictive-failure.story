title = "Drives predict their failure; the controller copies them to spares before they fail"

[[controller]]
switches = ["smart_copyback"]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid10", bays = "252:0-5", spans = 3, name = "db" }]
spare = [{ bay = "252:6-7" }]
---
wait 6h                      | healthy  |
predict 252:2                | warning  | pd.copyback pd.smart
wait 10m                     | warning  | pd.copyback pd.smart
wait 1h                      | warning  | pd.copyback pd.smart
wait 1h                      | warning  | pd.smart pd.unconfigured-bad spare.commissioned
wait 8h                      | warning  | pd.smart pd.unconfigured-bad spare.commissioned
# The worn drive is out of the array: it is pulled, and a new one gets the data back.
pull 252:2                   | healthy  | spare.commissioned
wait 3m                      | healthy  | spare.commissioned
insert 252:2 blank           | healthy  | pd.copyback spare.commissioned
wait 30m                     | healthy  | pd.copyback spare.commissioned
wait 1h                      | healthy  | pd.copyback spare.commissioned
finish                       | healthy  |
wait 1d                      | healthy  |
# Two at once: both spares are used.
predict 252:0                | warning  | pd.copyback pd.smart
predict 252:5                | warning  | pd.copyback*2 pd.smart*2 spare.none
wait 50m                     | warning  | pd.copyback*2 pd.smart*2 spare.none
wait 2h                      | warning  | pd.smart*2 pd.unconfigured-bad*2 spare.commissioned*2 spare.none
# A third has no spare to go to.
predict 252:3                | warning  | pd.smart*3 pd.unconfigured-bad*2 spare.commissioned*2 spare.none
wait 1h                      | warning  | pd.smart*3 pd.unconfigured-bad*2 spare.commissioned*2 spare.none
pull 252:0                   | warning  | pd.smart*2 pd.unconfigured-bad spare.commissioned*2 spare.none
insert 252:0 blank           | warning  | pd.copyback pd.smart*2 pd.unconfigured-bad spare.commissioned*2 spare.none
wait 1h                      | warning  | pd.copyback pd.smart*2 pd.unconfigured-bad spare.commissioned*2 spare.none
finish                       | warning  | pd.smart*2 pd.unconfigured-bad*2 spare.commissioned*2 spare.none
pull 252:5                   | warning  | pd.smart pd.unconfigured-bad spare.commissioned*2 spare.none
insert 252:5 blank           | warning  | pd.copyback pd.smart pd.unconfigured-bad spare.commissioned*2 spare.none
finish                       | warning  | pd.smart pd.unconfigured-bad spare.commissioned
pull 252:3                   | healthy  | spare.commissioned
wait 5m                      | healthy  | spare.commissioned
insert 252:3 blank           | healthy  | pd.copyback spare.commissioned
wait 1h                      | healthy  | pd.copyback spare.commissioned
finish                       | healthy  |
# A drive fails outright while it is copied.
predict 252:4                | warning  | pd.copyback pd.smart
wait 30m                     | warning  | pd.copyback pd.smart
fail 252:4                   | warning  | pd.rebuilding pd.smart pd.unconfigured-bad vd.rebuilding
wait 30m                     | warning  | pd.rebuilding pd.smart pd.unconfigured-bad vd.rebuilding
finish                       | warning  | pd.smart pd.unconfigured-bad spare.commissioned
pull 252:4                   | healthy  | spare.commissioned
insert 252:4 blank           | healthy  | pd.copyback spare.commissioned
finish                       | healthy  |
wait 3d                      | healthy  |
