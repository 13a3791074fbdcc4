//! Writes the fixtures as seeds of `fuzz/run.sh`, `fuzz/corpus/<output>/` for each output and `corpus/split/`, and those of the web
//! server, and prints the names of all outputs.

#![expect(clippy::print_stdout, reason = "the names are what it is for")]

use std::fs;
use std::io;
use std::path::Path;

use ironkeep_parsers::megacli::Output;

/// What the web configuration may be.
const CONFIGURATIONS: &[&str] = &[
    "tls_server_config:\n  cert_file: a.crt\n  key_file: a.key\n  client_auth_type: RequireAndVerifyClientCert\n  \
     client_ca_file: ca.crt\n  client_allowed_sans: [a]\n  min_version: TLS12\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n",
    "basic_auth_users:\n  a: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG\n",
    "http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: deny\nrate_limit:\n  interval: 1m0.5s\n  burst: 2\n",
];

/// What a client may say.
const REQUESTS: &[&str] = &[
    "GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0.5, identity\r\nConnection: close\r\n\r\n",
    "POST /-/healthy HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
];

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../fuzz/corpus");
    for name in
        Output::ALL
            .iter()
            .map(|output| output.name())
            .chain(["split", "web_config", "web_request"])
    {
        fs::create_dir_all(corpus.join(name))?;
    }
    for folder in fs::read_dir(here.join("../fixtures/megacli"))? {
        let folder = folder?.path();
        let table = fs::read_to_string(folder.join("commands.tsv"))?;
        for row in table.lines().skip(1) {
            let mut columns = row.split('\t');
            let (Some(name), Some(arguments)) = (columns.next(), columns.next()) else {
                continue;
            };
            let words: Vec<&str> = arguments.split_ascii_whitespace().collect();
            let Some(output) = Output::of_arguments(&words) else {
                continue;
            };
            let text = folder.join(format!("{name}.txt"));
            plant(&corpus, output, &folder, &text)?;
            plant(
                &corpus,
                Output::EventFile,
                &folder,
                &text.with_extension("events"),
            )?;
        }
    }
    for (at, text) in CONFIGURATIONS.iter().enumerate() {
        fs::write(corpus.join(format!("web_config/{at}")), text)?;
    }
    for (at, text) in REQUESTS.iter().enumerate() {
        fs::write(corpus.join(format!("web_request/{at}")), text)?;
    }
    for output in Output::ALL {
        println!("{}", output.name());
    }
    Ok(())
}

/// Copies `file`, where it exists, to the seeds of `output` and of `split`.
fn plant(corpus: &Path, output: Output, folder: &Path, file: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (folder.file_name(), file.file_name()) else {
        return Ok(());
    };
    if file.is_file() {
        let name = format!("{}-{}", folder.to_string_lossy(), name.to_string_lossy());
        fs::copy(file, corpus.join(output.name()).join(&name))?;
        fs::copy(file, corpus.join("split").join(&name))?;
    }
    Ok(())
}
