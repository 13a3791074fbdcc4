//! New firmware for a controller.

use std::cmp::Ordering;

use ironkeep_parsers::model::{ControllerId, ControllerInfo, FlashImage};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::reading::{Controller, Part};

/// A controller gets new firmware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmwareChange {
    /// The controller.
    pub controller: ControllerId,
    /// The image.
    pub image: Image,
    /// Let the controller take an older version (`-NoVerChk`).
    pub no_version_check: bool,
    /// Let the controller take an image without the maker's signature (`-NoSigChk`).
    pub no_signature_check: bool,
}

/// A file with firmware.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    /// Its name, for people.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

/// The smallest firmware that was published has some hundred KiB.
const SMALLEST: usize = 256 << 10;
/// The largest file that is read as firmware.
pub const LARGEST: u64 = 64 << 20;
/// How an image of the simulated board begins.
const SIMULATED: &[u8] = b"ironkeep simulated firmware";

/// How files begin that people take for firmware: what they are, by their first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "a ZIP archive: unpack it, the image is the .rom file in it",
    ),
    (b"\x1f\x8b", "a gzip archive: unpack it"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program for Windows or EFI"),
    (b"%PDF", "a PDF document"),
    (b"<", "a web page"),
    (b"#!", "a script"),
    (b"\xed\xab\xee\xdb", "an RPM package: unpack it"),
    (b"!<arch>", "a Debian package: unpack it"),
];

impl Image {
    fn is_simulated(&self) -> bool {
        self.bytes.starts_with(SIMULATED)
    }

    /// The package version that the image tells of itself, of the form `23.34.0-0019`.
    fn version(&self) -> Option<Version> {
        let mut words = self
            .bytes
            .split(|byte| !(byte.is_ascii_digit() || matches!(byte, b'.' | b'-')));
        words.find_map(|word| Version::read(std::str::from_utf8(word).ok()?))
    }

    /// Whether it can be firmware at all.
    fn check(&self, is_live: bool) -> Check {
        const CODE: &str = "image";
        let Self { name, bytes } = self;
        let why = "what is no firmware can leave the controller dead";
        if self.is_simulated() {
            let observed = format!("{name} is firmware of a simulated controller");
            return if is_live {
                Check::forbids(CODE, observed, why)
            } else {
                Check::holds(CODE, observed)
            };
        }
        let known = OTHERS.iter().find(|(begin, _)| bytes.starts_with(begin));
        if let Some((_, what)) = known {
            return Check::forbids(CODE, format!("{name} is {what}"), why);
        }
        if bytes
            .iter()
            .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
        {
            return Check::forbids(CODE, format!("{name} is a text"), why);
        }
        let kibibytes = bytes.len() >> 10;
        if bytes.len() < SMALLEST {
            let observed = format!("{name} has {kibibytes} KiB only");
            return Check::refuses(
                CODE,
                observed,
                "an image that is cut off leaves the controller dead",
            )
            .possible("fetch it again from the maker of the server or the controller");
        }
        Check::holds(
            CODE,
            format!("{name} has {kibibytes} KiB, and is no archive, program or text"),
        )
    }
}

/// A package version: `23.34.0-0019`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Version([u32; 4]);

impl Version {
    fn read(text: &str) -> Option<Self> {
        let (dotted, build) = text.trim().split_once('-')?;
        let mut parts = dotted.split('.');
        let mut part = || parts.next()?.parse::<u32>().ok().filter(|it| *it < 1000);
        let version = [part()?, part()?, part()?, build.parse().ok()?];
        // Dates and addresses look alike; builds have four digits.
        (build.len() == 4 && parts.next().is_none() && version.first().is_some_and(|&it| it >= 5))
            .then_some(Self(version))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch, build] = self.0;
        write!(f, "{major}.{minor}.{patch}-{build:04}")
    }
}

impl Act for FirmwareChange {
    fn name(&self) -> &'static str {
        "controller.firmware_flash"
    }

    fn words(&self) -> String {
        format!(
            "write the firmware in {} to controller {}",
            self.image.name, self.controller
        )
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Destroy
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::Controllers,
            Part::VirtualDrives,
            Part::PhysicalDrives,
            Part::DriveOperations,
            Part::PatrolRead,
            Part::PreservedCache,
            Part::CacheProtection,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![
            self.image.check(scene.reading.live),
            whole::is_there(at),
            self.version(at),
            whole::no_preserved_cache(at, "what waits is lost at the restart that is needed"),
            whole::idle(
                at,
                "a controller that restarts its firmware breaks off what runs",
            ),
            whole::optimal(at, "the risk of a flash adds to that of a degraded array"),
            whole::battery(at, "what is in the write cache may be lost at the restart"),
        ];
        checks.extend(pending(at));
        checks.extend(self.insists());
        checks.push(Check::warns(
            "effect",
            "while it is written, a power failure can leave the controller dead",
            "back up first, do not interrupt it, and plan a restart of the host: until then the old \
             firmware runs",
        ));
        checks
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        let (Some(was), Some(is)) = (&before.info, &after.info) else {
            return Seen::Invisible("the controller's versions could not be read");
        };
        let package = is
            .firmware_package
            .as_deref()
            .unwrap_or("of unknown version");
        if !is.pending_images.is_empty() && is.pending_images != was.pending_images {
            return Seen::Done(format!(
                "new images wait for the next start: {}",
                images(&is.pending_images)
            ));
        }
        if is.firmware_package != was.firmware_package || is.images != was.images {
            return Seen::Done(format!("the firmware is {package}"));
        }
        Seen::Invisible("the new firmware runs, and shows, after a restart of the host")
    }

    fn state(&self, at: &Controller) -> Option<String> {
        let info = at.info.as_ref()?;
        let package = info.firmware_package.as_deref()?;
        Some(format!("firmware {package}"))
    }
}

fn images(images: &[FlashImage]) -> String {
    let one = |it: &FlashImage| format!("{} {}", it.name, it.version);
    let all: Vec<String> = images.iter().map(one).collect();
    all.join(", ")
}

/// What waits for a restart already.
fn pending(at: &Controller) -> Option<Check> {
    let waiting = &at.info.as_ref()?.pending_images;
    (!waiting.is_empty()).then(|| {
        Check::refuses(
            "pending",
            format!("other images wait for a restart: {}", images(waiting)),
            "which of them runs then nobody can say",
        )
        .possible("restart the host first")
    })
}

impl FirmwareChange {
    /// The version in the image against the one that runs.
    fn version(&self, at: &Controller) -> Check {
        const CODE: &str = "version";
        let runs = |it: &ControllerInfo| Version::read(it.firmware_package.as_deref()?);
        match (self.image.version(), at.info.as_ref().and_then(runs)) {
            (Some(new), Some(old)) => {
                let observed = format!("{} is {new}, {old} runs", self.image.name);
                match new.cmp(&old) {
                    Ordering::Greater => Check::holds(CODE, observed),
                    Ordering::Equal => {
                        let why = "it would change nothing, at some risk";
                        Check::refuses(CODE, observed, why)
                    }
                    Ordering::Less => {
                        let why =
                            "an older firmware may not know the drives' format, or may not start";
                        Check::refuses(CODE, observed, why)
                            .possible("read in the maker's notes whether it may be put back")
                    }
                }
            }
            (None, _) => Check::warns(
                CODE,
                format!("{} does not tell its version", self.image.name),
                "whether it is of this controller and newer only the controller can say",
            ),
            (Some(new), None) => Check::warns(
                CODE,
                format!(
                    "{} is {new}; which version runs is not told",
                    self.image.name
                ),
                "whether it is newer only the controller can say",
            ),
        }
    }

    /// What of the controller's own checks somebody wants to pass over.
    fn insists(&self) -> Vec<Check> {
        let refuse = |code, what: &str| {
            let why =
                "the controller's own checks are what keeps it from firmware of another board";
            Check::refuses(
                code,
                format!("{what} by the controller is to be passed over"),
                why,
            )
            .possible("leave out the flag")
        };
        let version = self
            .no_version_check
            .then(|| refuse("no_version_check", "the check of the version"));
        let signature = self
            .no_signature_check
            .then(|| refuse("no_signature_check", "the check of the signature"));
        version.into_iter().chain(signature).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(bytes: &[u8]) -> Image {
        Image {
            name: "fw.rom".to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    fn binary(version: &str) -> Image {
        let mut bytes = vec![0xa5; SMALLEST];
        bytes.extend_from_slice(version.as_bytes());
        bytes.push(0);
        image(&bytes)
    }

    #[test]
    fn what_cannot_be_firmware_is_refused() {
        let all = ["image".to_owned()];
        for other in [
            &b"PK\x03\x04abc"[..],
            b"<html>",
            b"",
            b"hello world",
            b"\x7fELF\x02",
        ] {
            assert!(image(other).check(true).stands_against(&all), "{other:?}");
        }
        let short = image(&[0xa5; 100]).check(true);
        assert!(short.stands_against(&[]) && !short.stands_against(&all));
        assert!(!binary("").check(true).stands_against(&[]));
    }

    #[test]
    fn an_image_of_a_simulated_board_is_for_simulated_boards() {
        let it = image(b"ironkeep simulated firmware\npackage 23.34.0-0020\n");
        assert!(it.check(true).stands_against(&["image".to_owned()]));
        assert!(!it.check(false).stands_against(&[]));
    }

    #[test]
    fn versions_are_compared_where_they_can_be_read() {
        let at = Controller {
            info: Some(ControllerInfo {
                firmware_package: Some("23.34.0-0019".to_owned()),
                ..ControllerInfo::default()
            }),
            ..Controller::default()
        };
        let stands = |version: &str| {
            let change = FirmwareChange {
                controller: ControllerId(0),
                image: binary(version),
                no_version_check: false,
                no_signature_check: false,
            };
            change.version(&at).stands_against(&[])
        };
        assert!(!stands("23.34.0-0020"));
        assert!(stands("23.34.0-0019"));
        assert!(stands("12.15.0-0239"));
        assert!(!stands("no version"));
    }
}
