//! How the portable binary is linked: see `link/together.ld`.

#![expect(
    clippy::disallowed_methods,
    reason = "Cargo speaks to a build script by its environment"
)]

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=link/together.ld");
    // The one that is measured and shipped. A plain build has to pass with whatever linker its owner likes;
    // of those, mold and gold know no `INSERT`.
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    let portable = features.split(',').any(|feature| feature == "crt-static");
    let gnu = env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu");
    if portable && gnu {
        let root = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        let script = Path::new(&root).join("link/together.ld");
        println!(
            "cargo::rustc-link-arg-bin=ironkeep=-Wl,-T,{}",
            script.display()
        );
    }
}
