//! Finding what identifies a host: by what the parsers say, by the words before it, and by its form.

use std::collections::BTreeSet;

use ironkeep_parsers::frame::Prompt;
use ironkeep_parsers::megacli::recognise;
use serde_json::Value;

/// What was found, in lower case and without punctuation.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// SAS addresses, WWNs, GUIDs: hexadecimal digits without leading zeros.
    pub(super) addresses: BTreeSet<String>,
    /// Serial numbers and other names that a maker gave.
    pub(super) words: BTreeSet<String>,
    /// Host names, and what stands before and behind their first dot.
    pub(super) hosts: BTreeSet<String>,
}

/// Values shorter than this identify nothing.
const SHORTEST: usize = 3;

/// The keys of the parsers' models that hold a serial number, and those that hold an address.
const SERIALS: &[&str] = &["serial", "esm_serial"];
const ADDRESSES: &[&str] = &["wwn", "sas_address", "sas_addresses"];

/// What stands before a value that identifies something, in lower case.
const LEADS: &[(&str, Of)] = &[
    ("serial number", Of::Maker),
    ("serial no", Of::Maker),
    ("serial num", Of::Maker),
    ("serial", Of::Maker),
    ("s/n", Of::Maker),
    ("safe id", Of::Maker),
    ("safeid", Of::Maker),
    ("key id", Of::Maker),
    ("key identifier", Of::Maker),
    ("wwn", Of::Maker),
    ("wwid", Of::Maker),
    ("world wide name", Of::Maker),
    ("sas address", Of::Maker),
    ("sas addr", Of::Maker),
    ("sasaddr", Of::Maker),
    ("guid", Of::Maker),
    ("uuid", Of::Maker),
    ("host name", Of::Host),
    ("hostname", Of::Host),
    ("host_name", Of::Host),
];

/// Who gave a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A maker: a serial number, an address.
    Maker,
    /// Whoever set the host up.
    Host,
}

impl Found {
    /// Every value.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.addresses.iter().chain(&self.words).chain(&self.hosts)
    }

    /// Looks at a text.
    pub(super) fn look_at(&mut self, text: &str) {
        for part in recognise::split(text).parts {
            let parsed = part.output.read(part.text);
            // A model that is no JSON would be a bug; the other two ways remain.
            if let Ok(value) = serde_json::to_value(&parsed) {
                self.of_model(&value);
            }
        }
        for line in text.lines() {
            for (of, value) in led(line) {
                match of {
                    Of::Maker => self.maker(value),
                    Of::Host => self.host(value),
                }
            }
            self.of_form(line);
            if let Some(host) = prompt(line) {
                self.host(host);
            }
        }
    }

    /// Adds a name that a maker gave, an address if it is one.
    fn maker(&mut self, value: &str) {
        let plain: String = plain(value);
        let hexadecimal = plain.strip_prefix("0x").unwrap_or(&plain);
        if hexadecimal.len() >= 12 && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            self.address(hexadecimal);
        } else if hexadecimal.len() >= SHORTEST && !is_placeholder(&plain) {
            self.words.insert(hexadecimal.to_owned());
        }
    }

    fn address(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('0');
        if digits.len() >= SHORTEST {
            self.addresses.insert(digits.to_ascii_lowercase());
        }
    }

    /// Adds a host name, and its parts: outputs name a host with and without its domain.
    pub(super) fn host(&mut self, name: &str) {
        let (first, domain) = name.split_once('.').unwrap_or((name, ""));
        for name in [name, first, domain] {
            let plain = plain(name);
            let is_own = !matches!(&*plain, "localhost" | "localdomain" | "none");
            if plain.len() >= SHORTEST && is_own {
                self.hosts.insert(plain);
            }
        }
    }

    fn of_model(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    if SERIALS.contains(&key.as_str()) {
                        self.maker(value.as_str().unwrap_or_default());
                    } else if ADDRESSES.contains(&key.as_str()) {
                        let one = value.as_str().into_iter();
                        let many = value.as_array().into_iter().flatten();
                        for address in one.chain(many.filter_map(Value::as_str)) {
                            self.address(address);
                        }
                    } else {
                        self.of_model(value);
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.of_model(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Addresses by their form: 16 or 32 hexadecimal digits that begin as the kinds of addresses do
    /// which makers and operating systems give (NAA 2, 3, 5 and 6), and UUIDs.
    fn of_form(&mut self, line: &str) {
        let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for word in line.split(|c: char| !is_inside(c)) {
            let uuid: String = word.chars().filter(|&c| c != '-').collect();
            let is_uuid = word.len() == 36 && uuid.len() == 32;
            if is_uuid && uuid.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                self.address(&uuid);
            }
            for word in word.split('-') {
                let lower = word.to_ascii_lowercase();
                let digits = lower.strip_prefix("0x").unwrap_or(&lower);
                // Links of block devices put the kind of the name before it: scsi-3600605b….
                let digits = match digits.len() {
                    17 | 33 => digits.get(1..).unwrap_or(digits),
                    _ => digits,
                };
                let is_one = matches!(digits.len(), 16 | 32)
                    && digits.starts_with(['2', '3', '5', '6'])
                    && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                if is_one {
                    self.address(digits);
                }
            }
        }
    }
}

/// Letters and digits, in lower case.
pub(super) fn plain(value: &str) -> String {
    let kept = value.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Words for "none", and what people put in the place of what they hide.
fn is_placeholder(plain: &str) -> bool {
    const NONE: [&str; 9] = [
        "na", "none", "unknown", "not", "null", "default", "present", "absent", "invalid",
    ];
    NONE.contains(&plain) || plain.contains("xxx") || plain.bytes().all(|byte| byte == b'0')
}

/// Whether a line says that it has a value of a kind: there even short ones are replaced.
pub(super) fn is_led(line: &str, kind: Of) -> bool {
    led(line).any(|(of, _)| of == kind) || (kind == Of::Host && prompt(line).is_some())
}

/// The values of a line that stand behind one of the [`LEADS`].
fn led(line: &str) -> impl Iterator<Item = (Of, &str)> {
    let lower = line.to_ascii_lowercase();
    let found: Vec<(Of, &str)> = LEADS
        .iter()
        .flat_map(|&(lead, of)| {
            let ends: Vec<usize> = lower
                .match_indices(lead)
                .map(|(at, _)| at + lead.len())
                .collect();
            ends.into_iter()
                .filter_map(move |end| Some((of, value(line.get(end..)?)?)))
        })
        .collect();
    found.into_iter()
}

/// The value behind a lead, as in ` No : X`, `(0): X`, ` #   X` and `="X"`.
fn value(rest: &str) -> Option<&str> {
    let is_filler = |c: char| c.is_ascii_digit() || "().\" \t_".contains(c);
    let rest = rest.trim_start_matches(is_filler);
    let rest = rest.strip_prefix([':', '=', '#'])?;
    let rest = rest.trim_start_matches([' ', '\t', '"', ':', '=']);
    let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '"' || c == ',');
    let value = end.map_or(Some(rest), |end| rest.get(..end))?;
    (!value.is_empty()).then_some(value)
}

/// The host of a shell's prompt: `[root@web01 ~]# `.
fn prompt(line: &str) -> Option<&str> {
    let line = line.trim();
    if !line.contains('@') || !Prompt::read(line)?.is_telling {
        return None;
    }
    let (_, behind) = line.split_once('@')?;
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
    let host = end.map_or(Some(behind), |end| behind.get(..end))?;
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut found = Found::default();
        found.look_at(text);
        found.all().cloned().collect()
    }

    #[test]
    fn values_are_found_behind_the_words_for_them() {
        for (line, expected) in [
            ("Serial No       : SV31012345", "sv31012345"),
            (
                "Port Count:   8     Serial #            SV31012345",
                "sv31012345",
            ),
            ("  Serial Number: 3157", "3157"),
            ("    ESM Serial Number    : ABC-12", "abc12"),
            ("serial=\"SV31012345\"", "sv31012345"),
            ("SAS Address      : 500605b005a1b2c0", "500605b005a1b2c0"),
            ("SAS Address(0): 0x4433221100000000", "4433221100000000"),
            ("Host Name: web01", "web01"),
        ] {
            assert_eq!(found(line), [expected], "{line}");
        }
    }

    #[test]
    fn what_identifies_nothing_is_left() {
        for line in [
            "Serial Debugger  : Present",
            "    Enclosure Serial Number       : N/A ",
            "SAS Address(1): 0x0",
            "SAS Address(0): 0xXXXXXXXXXXXX1f1",
            "WWN: ",
            "Failed to get the Key ID on Device (Encl-252 Slot-0)",
            "Raw Size: 279.396 GB [0x22ecb25c Sectors]",
            "localhost:~ # megacli -v",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn addresses_are_found_by_their_form_wherever_they_stand() {
        for text in [
            "Inserted: PD 08(e0xfc/s0) Info: sasAddr=5000c50000001a35,0000000000000000",
            "wwn-0x5000c50000001a35",
            "naa.5000C50000001A35",
            "scsi-35000c50000001a35",
        ] {
            assert_eq!(found(text), ["5000c50000001a35"], "{text}");
        }
        let uuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
        assert_eq!(found(uuid), ["a1b2c3d4e5f60718293a4b5c6d7e8f9"]);
    }

    #[test]
    fn a_host_is_known_with_and_without_its_domain() {
        let found = found("[root@web-01.acme.example ~]# megacli -PDList -aALL");
        assert_eq!(found, ["acmeexample", "web01", "web01acmeexample"]);
    }
}
