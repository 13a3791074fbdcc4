//! Reads any text as a web configuration, and any bytes as a certificate: nothing may panic.

#![no_main]

use std::path::Path;

use ironkeep::exporter::web::config::WebConfig;
use ironkeep::exporter::web::san;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    drop(WebConfig::parse(&text, Path::new("/etc")));
    drop(san::names(bytes));
});
