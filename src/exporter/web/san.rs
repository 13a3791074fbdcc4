//! The names in a certificate: just enough of DER to find the Subject Alternative Names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What follows in a certificate's body before its extensions is told apart by the tags alone.
const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const EXTENSIONS: u8 = 0xa3;
/// 2.5.29.17.
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];

/// The names that `certificate` is for: DNS names, mail addresses, URIs and IP addresses. Empty where
/// it has none, and where it is no certificate.
pub fn names(certificate: &[u8]) -> Vec<String> {
    alternative_names(certificate).unwrap_or_default()
}

fn alternative_names(certificate: &[u8]) -> Option<Vec<String>> {
    let body = child(child(certificate, SEQUENCE)?, SEQUENCE)?;
    let extensions = child(child(body, EXTENSIONS)?, SEQUENCE)?;
    let extension = Elements(extensions)
        .filter(|&(tag, _)| tag == SEQUENCE)
        .find(|&(_, content)| child(content, OBJECT_IDENTIFIER) == Some(SUBJECT_ALT_NAME))?;
    let list = child(child(extension.1, OCTET_STRING)?, SEQUENCE)?;
    Some(Elements(list).filter_map(name).collect())
}

fn name((tag, content): (u8, &[u8])) -> Option<String> {
    match tag {
        // rfc822Name, dNSName, uniformResourceIdentifier
        0x81 | 0x82 | 0x86 => String::from_utf8(content.to_vec()).ok(),
        // iPAddress
        0x87 => {
            let four = <[u8; 4]>::try_from(content).map(|it| IpAddr::V4(Ipv4Addr::from(it)));
            let sixteen = <[u8; 16]>::try_from(content).map(|it| IpAddr::V6(Ipv6Addr::from(it)));
            four.or(sixteen).ok().map(|it| it.to_string())
        }
        _ => None,
    }
}

/// The content of the first element with this tag.
fn child(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    Elements(bytes).find(|it| it.0 == tag).map(|it| it.1)
}

/// The elements one after the other, as tag and content; ends where they make no sense.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let count = usize::from(first & 0x7f);
            let (digits, rest) = rest.split_at_checked(count).filter(|_| count <= 4)?;
            (
                digits.iter().fold(0, |sum, &it| sum << 8 | usize::from(it)),
                rest,
            )
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }
}
