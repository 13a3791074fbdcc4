//! Certificates and keys, made anew for each test.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
    date_time_ymd,
};
use tempfile::TempDir;

/// Somebody who signs certificates.
pub(crate) struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate, and its key.
pub(crate) struct Identity {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    /// A certificate of a server for `localhost`.
    pub(crate) fn server(&self) -> Identity {
        self.sign(&mut CertificateParams::new(vec!["localhost".to_owned()]).unwrap())
    }

    /// One that is for servers only.
    pub(crate) fn server_only(&self) -> Identity {
        let mut params = CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(&mut params)
    }

    /// A certificate of a client with a name of each kind.
    pub(crate) fn client(&self, names: &[&str]) -> Identity {
        self.sign(&mut Self::client_params(names))
    }

    /// One that was good until 2001.
    pub(crate) fn expired_client(&self) -> Identity {
        let mut params = Self::client_params(&["old.example"]);
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        self.sign(&mut params)
    }

    fn client_params(names: &[&str]) -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.subject_alt_names = names
            .iter()
            .map(|&name| match name.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) if name.contains("://") => SanType::URI(name.try_into().unwrap()),
                Err(_) if name.contains('@') => SanType::Rfc822Name(name.try_into().unwrap()),
                Err(_) => SanType::DnsName(name.try_into().unwrap()),
            })
            .collect();
        params
    }

    fn sign(&self, params: &mut CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

/// A folder with a web configuration in it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path().join("web.yml")
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// The certificate of the server, and its key.
    pub(crate) fn write_identity(&self, identity: &Identity) {
        // A watcher sees one file change after the other, as with most tools that renew certificates.
        self.write("server.crt", &identity.certificate);
        self.write("server.key", &identity.key);
    }
}

/// How a configuration begins that names those two files.
pub(crate) const TLS: &str =
    "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";
