//! The words of Go's TLS library that a web configuration uses, and which of them are ours.

use super::Invalid;

/// Whether clients have to show a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// They are not asked.
    None,
    /// They are asked, and whatever they show or do not show is good.
    Request,
    /// They have to show one, whoever signed it.
    RequireAny,
    /// If they show one, it has to be signed by one of ours.
    VerifyIfGiven,
    /// They have to show one that is signed by one of ours.
    RequireAndVerify,
}

impl ClientAuth {
    pub(super) fn of(name: &str) -> Result<Self, Invalid> {
        match name {
            "NoClientCert" => Ok(Self::None),
            "RequestClientCert" => Ok(Self::Request),
            // The second is an older name for the first.
            "RequireAnyClientCert" | "RequireClientCert" => Ok(Self::RequireAny),
            "VerifyClientCertIfGiven" => Ok(Self::VerifyIfGiven),
            "RequireAndVerifyClientCert" => Ok(Self::RequireAndVerify),
            _ => Err(Invalid(format!("unknown client_auth_type {name:?}"))),
        }
    }

    /// Whether it matters who signed a certificate.
    pub fn verifies(self) -> bool {
        matches!(self, Self::VerifyIfGiven | Self::RequireAndVerify)
    }

    /// Whether there is no connection without a certificate.
    pub fn requires(self) -> bool {
        matches!(self, Self::RequireAny | Self::RequireAndVerify)
    }
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// 1.2.
    Tls12,
    /// 1.3.
    Tls13,
}

impl TlsVersion {
    pub(super) fn of(name: &str) -> Result<Self, Invalid> {
        match name {
            "TLS12" => Ok(Self::Tls12),
            "TLS13" => Ok(Self::Tls13),
            "TLS10" | "TLS11" => Err(Invalid(format!(
                "{name} is broken and not spoken here: TLS12 or TLS13"
            ))),
            _ => Err(Invalid(format!(
                "unknown TLS version {name:?}: TLS12 or TLS13"
            ))),
        }
    }
}

/// Declares the cipher suites.
macro_rules! ciphers {
    ($( $variant:ident = $name:literal, $tls13:literal; )+) => {
        /// A cipher suite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Cipher {
            $( #[doc = concat!("`", $name, "`.")] $variant, )+
        }

        impl Cipher {
            fn known(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$variant), )+ _ => None }
            }

            /// Whether it is one of TLS 1.3, all of which are always on.
            pub fn is_tls13(self) -> bool {
                match self { $( Self::$variant => $tls13, )+ }
            }
        }
    };
}

ciphers! {
    Aes128Sha256 = "TLS_AES_128_GCM_SHA256", true;
    Aes256Sha384 = "TLS_AES_256_GCM_SHA384", true;
    Chacha20Sha256 = "TLS_CHACHA20_POLY1305_SHA256", true;
    EcdsaAes128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false;
    EcdsaAes256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", false;
    EcdsaChacha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false;
    RsaAes128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false;
    RsaAes256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", false;
    RsaChacha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false;
}

impl Cipher {
    pub(super) fn of(name: &str) -> Result<Self, Invalid> {
        let unknown = || {
            let why = if name.contains("_CBC_") || name.starts_with("TLS_RSA_") {
                "is not spoken here: it has no forward secrecy, or CBC"
            } else {
                "is unknown"
            };
            Invalid(format!("the cipher suite {name:?} {why}"))
        };
        Self::known(name).ok_or_else(unknown)
    }
}

/// A group of the key exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// `CurveP256`.
    P256,
    /// `CurveP384`.
    P384,
    /// `X25519`.
    X25519,
}

impl Curve {
    pub(super) fn of(name: &str) -> Result<Self, Invalid> {
        match name {
            "CurveP256" => Ok(Self::P256),
            "CurveP384" => Ok(Self::P384),
            "X25519" => Ok(Self::X25519),
            "CurveP521" => Err(Invalid::new(
                "CurveP521 is not spoken here: X25519, CurveP256 or CurveP384",
            )),
            _ => Err(Invalid(format!("unknown curve {name:?}"))),
        }
    }
}
