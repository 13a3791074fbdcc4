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
wait 5h
on 1: fail 32:2
wait 1h
# The same bay number on the other one.
fail 252:2
wait 2h
on 1: wait 6h
on 1: pull 32:2
pull 252:2
insert 252:2 blank
wait 1h
finish
on 1: insert 32:2 blank
wait 3h
finish
wait 1d
# Both at once, and a battery.
on 1: predict 32:5
predict 252:0
learn
wait 2h
on 1: fail-battery
wait 1h
finish
on 1: heat 32:3 64
heat 252:3 61
wait 2h
on 1: heat 32:3 34
heat 252:3 33
# Used drives.
on 1: insert 32:9 foreign
wait 10m
on 1: import
wait 1h
on 1: check 0
on 0: patrol
wait 1h
finish
# One of them loses its data, the other goes on.
fail 252:2
fail 252:3
wait 1h
