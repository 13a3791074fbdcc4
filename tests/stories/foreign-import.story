title = "Drives with configurations: of other controllers, and of this one"

[[controller]]
enclosure = [{ id = 252, make = "backplane-8" }]
drives = [{ bays = "252:0-4", make = "ST3300657SS" }]
group = [{ level = "raid5", bays = "252:0-4", name = "data" }]
---
wait 2h
# A used drive from the shelf: it is looked at, and its configuration dropped.
insert 252:5 foreign
wait 10m
clear-foreign
wait 1h
pull 252:5
# Another one, whose data are wanted.
insert 252:6 foreign
wait 5m
import
wait 1d
pull 252:6
wait 1h
insert 252:6 back
wait 5m
import
wait 1h
# Two drives are pulled by mistake: the virtual drive is lost, and comes back by an import.
pull 252:1
wait 1m
pull 252:2
wait 10m
insert 252:1 back
wait 1m
insert 252:2 back
wait 5m
import
wait 1h
finish
wait 8h
# A used drive in the bay of a failed one is not rebuilt before it is free.
fail 252:3
pull 252:3
insert 252:3 foreign
wait 1h
clear-foreign
wait 1h
finish
wait 1d
