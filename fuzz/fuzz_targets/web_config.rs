//! Reads any text as a web configuration, and any bytes as a certificate: nothing may panic, and no hash
//! may come out in a failure.

#![no_main]

use std::path::Path;

use ironkeep::exporter::web::config::WebConfig;
use ironkeep::exporter::web::san;
use libfuzzer_sys::fuzz_target;

const HASH: &str = "X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parsed = WebConfig::parse(&text, Path::new("/etc"));
    assert!(!format!("{parsed:?}").contains(HASH));
    drop(san::names(bytes));
});
