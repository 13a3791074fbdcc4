//! Says any bytes to the server: it answers in HTTP or not at all, and the connection ends.

#![no_main]

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use ironkeep::exporter::collect::{Settings, Shared};
use ironkeep::exporter::collector::Collector;
use ironkeep::exporter::pages::Pages;
use ironkeep::exporter::web::{Limits, Log, Options, Service};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::{Builder, Runtime};

static SERVER: LazyLock<(Runtime, Service)> = LazyLock::new(|| {
    let shared = Shared::new(Settings {
        interval: Duration::from_secs(60),
        slow_interval: Duration::from_secs(300),
        collectors: Collector::ALL.to_vec(),
        limits: Default::default(),
        host: None,
        map: Default::default(),
        metrics_path: None,
        system: Default::default(),
    });
    let options = Options {
        telemetry_path: "/metrics".to_owned(),
        page_policy: "default-src 'none'",
        config_file: None,
        limits: Limits::default(),
        log: Log::new(|_| {}),
    };
    let service = Service::new(shared, options).expect("nothing to be read");
    service.publish(Pages::default());
    let runtime = Builder::new_current_thread().enable_all().build();
    (runtime.expect("a runtime"), service)
});

fuzz_target!(|bytes: &[u8]| {
    let (runtime, service) = &*SERVER;
    let said = runtime.block_on(async {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let client = async {
            // The server may have ended the connection before the last byte.
            drop(client.write_all(bytes).await);
            drop(client.shutdown().await);
            let mut said = Vec::new();
            drop(client.read_to_end(&mut said).await);
            said
        };
        tokio::join!(client, service.converse(server, IpAddr::from([192, 0, 2, 1]))).0
    });
    assert!(said.is_empty() || said.starts_with(b"HTTP/1."));
});
