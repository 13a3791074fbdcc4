title = "Drives predict their failure; the controller copies them to spares before they fail"

[[controller]]
switches = ["smart_copyback"]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-7", make = "ST3300657SS" }]
group = [{ level = "raid10", bays = "252:0-5", spans = 3, name = "db" }]
spare = [{ bay = "252:6-7" }]
---
wait 6h
predict 252:2
wait 10m
wait 1h
wait 1h
wait 8h
# The worn drive is out of the array: it is pulled, and a new one gets the data back.
pull 252:2
wait 3m
insert 252:2 blank
wait 30m
wait 1h
finish
wait 1d
# Two at once: both spares are used.
predict 252:0
predict 252:5
wait 50m
wait 2h
# A third has no spare to go to.
predict 252:3
wait 1h
pull 252:0
insert 252:0 blank
wait 1h
finish
pull 252:5
insert 252:5 blank
finish
pull 252:3
wait 5m
insert 252:3 blank
wait 1h
finish
# A drive fails outright while it is copied.
predict 252:4
wait 30m
fail 252:4
wait 30m
finish
pull 252:4
insert 252:4 blank
finish
wait 3d
