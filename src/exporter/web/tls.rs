//! TLS as the web configuration asks for it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring::{cipher_suite as suite, default_provider, kx_group};
use rustls::crypto::{
    CryptoProvider, SupportedKxGroup, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme, SupportedCipherSuite, version,
};

use super::config::{Cipher, ClientAuth, Curve, Invalid, Pem, TlsSettings, TlsVersion};
use super::san;

/// How a file is read.
pub(super) type Read<'a> = dyn FnMut(&Path) -> io::Result<Vec<u8>> + 'a;

/// TLS by `settings`.
pub(super) fn server(settings: &TlsSettings, read: &mut Read<'_>) -> Result<ServerConfig, Invalid> {
    let provider = Arc::new(provider(settings));
    let because = |error: Error| Invalid::new(error.to_string());
    let versions: Vec<_> = [
        (TlsVersion::Tls12, &version::TLS12),
        (TlsVersion::Tls13, &version::TLS13),
    ]
    .into_iter()
    .filter(|(version, _)| (settings.min_version..=settings.max_version).contains(version))
    .map(|(_, version)| version)
    .collect();
    let (chain, key) = identity(settings, read)?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions)
        .map_err(because)?;
    let clients = Clients::new(settings, &provider, read)?;
    let is_asking = clients.is_some();
    let builder = match clients {
        Some(clients) => builder.with_client_cert_verifier(Arc::new(clients)),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(because)?;
    config.ignore_client_order = settings.prefer_own_ciphers;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    if is_asking {
        // A session that goes on does so without its certificate being looked at again.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(config)
}

fn load(pem: &Pem, read: &mut Read<'_>) -> Result<(Vec<u8>, String), Invalid> {
    match pem {
        Pem::Inline(text) => Ok((
            text.expose().as_bytes().to_vec(),
            "the web configuration".to_owned(),
        )),
        Pem::File(path) => {
            let what = path.display().to_string();
            let text =
                read(path).map_err(|error| Invalid::new(format!("cannot read {what}: {error}")))?;
            Ok((text, what))
        }
    }
}

fn certificates(pem: &Pem, read: &mut Read<'_>) -> Result<Vec<CertificateDer<'static>>, Invalid> {
    let (text, place) = load(pem, read)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if found.is_empty() => Err(Invalid::new(format!("no certificate in {place}"))),
        Ok(found) => Ok(found),
        Err(error) => Err(Invalid::new(format!("no certificate in {place}: {error}"))),
    }
}

fn identity(
    settings: &TlsSettings,
    read: &mut Read<'_>,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Invalid> {
    let chain = certificates(&settings.certificate, read)?;
    let (text, place) = load(&settings.key, read)?;
    let key = PrivateKeyDer::from_pem_slice(&text)
        .map_err(|error| Invalid::new(format!("no private key in {place}: {error}")))?;
    Ok((chain, key))
}

fn provider(settings: &TlsSettings) -> CryptoProvider {
    let mut provider = default_provider();
    if !settings.ciphers.is_empty() {
        // As in Go, the list is one of TLS 1.2; those of TLS 1.3 are all on.
        let mut suites = provider.cipher_suites.clone();
        suites.retain(|suite| suite.tls13().is_some());
        let chosen = settings.ciphers.iter().filter(|it| !it.is_tls13());
        suites.extend(chosen.map(|&it| of_cipher(it)));
        provider.cipher_suites = suites;
    }
    if !settings.curves.is_empty() {
        provider.kx_groups = settings.curves.iter().map(|&it| of_curve(it)).collect();
    }
    provider
}

fn of_cipher(cipher: Cipher) -> SupportedCipherSuite {
    match cipher {
        Cipher::Aes128Sha256 => suite::TLS13_AES_128_GCM_SHA256,
        Cipher::Aes256Sha384 => suite::TLS13_AES_256_GCM_SHA384,
        Cipher::Chacha20Sha256 => suite::TLS13_CHACHA20_POLY1305_SHA256,
        Cipher::EcdsaAes128 => suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        Cipher::EcdsaAes256 => suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        Cipher::EcdsaChacha20 => suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        Cipher::RsaAes128 => suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        Cipher::RsaAes256 => suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        Cipher::RsaChacha20 => suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    }
}

fn of_curve(curve: Curve) -> &'static dyn SupportedKxGroup {
    match curve {
        Curve::P256 => kx_group::SECP256R1,
        Curve::P384 => kx_group::SECP384R1,
        Curve::X25519 => kx_group::X25519,
    }
}

/// What is asked of a client's certificate. That the client has its private key is always checked.
#[derive(Debug)]
struct Clients {
    /// Who has to have signed it; `None`: anybody.
    signers: Option<Arc<dyn ClientCertVerifier>>,
    names: Vec<String>,
    is_required: bool,
    provider: Arc<CryptoProvider>,
}

impl Clients {
    /// `None` where clients are not asked.
    fn new(
        settings: &TlsSettings,
        provider: &Arc<CryptoProvider>,
        read: &mut Read<'_>,
    ) -> Result<Option<Self>, Invalid> {
        if settings.client_auth == ClientAuth::None {
            return Ok(None);
        }
        let signers = match &settings.client_ca {
            Some(pem) if settings.client_auth.verifies() => Some(signers(pem, provider, read)?),
            _ => None,
        };
        Ok(Some(Self {
            signers,
            names: settings.client_names.clone(),
            // Without a certificate there is no name in it either.
            is_required: settings.client_auth.requires() || !settings.client_names.is_empty(),
            provider: Arc::clone(provider),
        }))
    }
}

fn signers(
    pem: &Pem,
    provider: &Arc<CryptoProvider>,
    read: &mut Read<'_>,
) -> Result<Arc<dyn ClientCertVerifier>, Invalid> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem, read)? {
        let invalid = |error: Error| Invalid::new(format!("client_ca: {error}"));
        roots.add(certificate).map_err(invalid)?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Invalid::new(format!("client_ca: {error}")))
}

impl ClientCertVerifier for Clients {
    fn client_auth_mandatory(&self) -> bool {
        self.is_required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.signers
            .as_ref()
            .map_or(&[], |it| it.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if let Some(signers) = &self.signers {
            signers.verify_client_cert(certificate, chain, now)?;
        }
        let is_allowed = || {
            san::names(certificate)
                .iter()
                .any(|it| self.names.contains(it))
        };
        if self.names.is_empty() || is_allowed() {
            Ok(ClientCertVerified::assertion())
        } else {
            let why = CertificateError::ApplicationVerificationFailure;
            Err(Error::InvalidCertificate(why))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
