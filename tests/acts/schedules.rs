//! `patrol` and `bbu`.

use serde_json::json;

use crate::host::Host;

#[test]
fn a_patrol_read_starts_and_stops_once() {
    let host = Host::new("healthy");
    assert_eq!(host.done("patrol start --yes")["outcome"], "running");
    assert!(
        host.refused("patrol start --yes")
            .contains("one runs already")
    );
    host.done("patrol stop --yes");
    assert!(
        host.refused("patrol stop --yes")
            .contains("no patrol read runs")
    );
    host.done("patrol set --mode disabled --yes");
    assert!(host.refused("patrol start --yes").contains("disabled"));
}

#[test]
fn the_schedules_are_read_back() {
    let host = Host::new("healthy");
    let set = "patrol set --mode manual --delay 100 --start 2024-01-05T03 --concurrent 2 --yes";
    host.done(set);
    let check = "patrol check set --mode concurrent --delay 50 --exclude 0 --yes";
    host.done(check);
    let shown = host.data("patrol show");
    assert_eq!(shown["patrol_read"]["mode"], json!("manual"));
    assert_eq!(shown["patrol_read"]["delay_hours"], json!(100));
    assert_eq!(shown["consistency_check"]["mode"], json!("concurrent"));
    assert_eq!(shown["consistency_check"]["delay_hours"], json!(50));
    assert_eq!(shown["consistency_check"]["excluded"], json!([0]));
    // What is left out stays out when only the mode changes.
    host.done("patrol check set --mode sequential --yes");
    let shown = host.data("patrol show");
    assert_eq!(shown["consistency_check"]["excluded"], json!([0]));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let host = Host::new("healthy");
    host.refused("patrol set --start 2020-01-01T03 --yes");
    host.refused("patrol check set --mode sequential --exclude 9 --yes");
    assert_eq!(host.run("patrol set --yes").code, 2);
    assert_eq!(
        host.run("patrol set --start 2024-01-05T03:30 --yes").code,
        2
    );
    assert_eq!(host.run("bbu set --yes").code, 2);
}

#[test]
fn a_battery_learns_once_and_takes_its_settings() {
    let host = Host::new("healthy");
    host.done("bbu set --auto-learn warn --delay 5 --yes");
    let learn = &host.data("bbu show")["learn"];
    assert_eq!(learn["auto_learn"], json!("warn_by_event"));
    assert_eq!(learn["delay_hours"], json!(5));
    assert_eq!(host.done("bbu learn --yes")["outcome"], "running");
    assert!(
        host.refused("bbu learn --yes")
            .contains("a learn cycle runs")
    );
    let answer = host.run("bbu schedule sun --hour 3 --yes");
    assert!(
        answer
            .stderr
            .contains("Real Time Scheduling is not supported"),
        "{}",
        answer.stderr
    );
}
