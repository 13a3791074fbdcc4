//! What the path of a control group says: the unit of systemd, the container.
