//! `security`: the key that locks self-encrypting drives.

mod passphrase;

use std::path::PathBuf;

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use self::passphrase::Source;
use super::parts::{self, OfController};
use super::{Provenance, Run, verbs, whole};
use crate::act::ConsentArgs;
use crate::change::SecurityChange;
use crate::change::security::SecurityAction;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::output::{self, Align, CONTROLLER, Column, Envelope, Tabular};
use crate::reading::{Controller, Part};

/// Show and manage the key that locks self-encrypting drives
///
/// A passphrase is read from a file, a file descriptor or the terminal, never from the command line.
/// But MegaCLI takes it as an argument only: while it runs, every user of the host can see it in the
/// list of processes. So commands with a passphrase are refused until somebody who knows that insists:
/// `--override passphrase_visible`
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Show(Show),
    Create(Create),
    Change(Change),
    Verify(Verify),
    SetId(SetId),
    Destroy(Destroy),
}

/// Show whether the controllers can lock drives, and whether they have a key
#[derive(Debug, clap::Args)]
struct Show {}

/// Create the first key of a controller
///
/// Drives are locked with it by making a virtual drive secure. Whoever loses the passphrase loses the
/// data when the controller is replaced. 8 to 32 characters, with a digit, a lower and an upper case
/// letter and a sign.
/// Example: `ironkeep security create --passphrase-file FILE --override passphrase_visible`
#[derive(Debug, clap::Args)]
struct Create {
    #[command(flatten)]
    passphrase: New,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Put another key in the place of the key
///
/// The drives stay readable: they are locked anew.
/// Whoever loses the new passphrase loses the data when the controller is replaced. Example:
/// ironkeep security change --old-passphrase-file OLD --passphrase-file NEW --dry-run
#[derive(Debug, clap::Args)]
struct Change {
    /// Read the passphrase until now from this file descriptor
    #[arg(long, value_name = "NUMBER", conflicts_with = "old_passphrase_file")]
    old_passphrase_fd: Option<u32>,
    /// Read the passphrase until now from this file, which nobody else may read
    #[arg(long, value_name = "FILE")]
    old_passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    passphrase: New,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Compare a passphrase with the key
///
/// Changes nothing. After some wrong ones the controller takes no more until it is restarted.
/// Example: `ironkeep security verify --passphrase-file FILE --override passphrase_visible`
#[derive(Debug, clap::Args)]
struct Verify {
    #[command(flatten)]
    passphrase: Given,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Give the key another name
///
/// The key stays as it is, and so do the drives. Example: ironkeep security set-id rack7
#[derive(Debug, clap::Args)]
struct SetId {
    /// The name by which people know the key
    #[arg(value_parser = id)]
    id: String,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Destroy the key of a controller
///
/// Refused while a drive is locked with it: nobody could read it any more, for ever.
/// Example: ironkeep security destroy --yes=controller0
#[derive(Debug, clap::Args)]
struct Destroy {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Where a passphrase comes from. Without a flag, from the terminal.
#[derive(Debug, clap::Args)]
struct Given {
    /// Read the passphrase from this file descriptor
    #[arg(long, value_name = "NUMBER", conflicts_with = "passphrase_file")]
    passphrase_fd: Option<u32>,
    /// Read the passphrase from this file, which nobody else may read
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// A new key.
#[derive(Debug, clap::Args)]
struct New {
    #[command(flatten)]
    given: Given,
    /// Ask for another passphrase at each boot; read it from this file descriptor
    #[arg(long, value_name = "NUMBER", conflicts_with = "boot_passphrase_file")]
    boot_passphrase_fd: Option<u32>,
    /// Ask for another passphrase at each boot; read it from this file
    #[arg(long, value_name = "FILE")]
    boot_passphrase_file: Option<PathBuf>,
    /// A name by which people know the key
    #[arg(long, value_parser = id)]
    key_id: Option<String>,
}

/// The name of a key: less than 256 characters, without blanks.
fn id(typed: &str) -> Result<String, String> {
    let is_plain = typed
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let starts = typed.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_plain && starts && typed.len() < 256 {
        Ok(typed.to_owned())
    } else {
        Err("expected letters, digits and . _ -, less than 256 of them".to_owned())
    }
}

impl Given {
    fn source(&self) -> Source {
        Source::of(self.passphrase_fd, self.passphrase_file.as_deref())
    }
}

impl New {
    /// The source of the passphrase that is asked for at boot; `None` where none is.
    fn at_boot(&self) -> Option<Source> {
        let file = self.boot_passphrase_file.as_deref();
        let source = Source::of(self.boot_passphrase_fd, file);
        (source != Source::Terminal).then_some(source)
    }
}

fn act(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    action: SecurityAction,
) -> Result<Code, Failure> {
    whole::carry_out(context, command, consent, |controller| {
        vec![SecurityChange { controller, action }.into()]
    })
}

impl Run for Create {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let passphrase = self
            .passphrase
            .given
            .source()
            .new_one(context, "passphrase")?;
        let at_boot = self.passphrase.at_boot();
        let at_boot = at_boot
            .map(|it| it.new_one(context, "passphrase at boot"))
            .transpose()?;
        let action = SecurityAction::Create {
            passphrase,
            at_boot,
            id: self.passphrase.key_id,
        };
        act(context, "security create", &self.consent, action)
    }
}

impl Run for Change {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let old = Source::of(self.old_passphrase_fd, self.old_passphrase_file.as_deref());
        let old = old.old_one(context, "passphrase until now")?;
        let passphrase = self
            .passphrase
            .given
            .source()
            .new_one(context, "new passphrase")?;
        let at_boot = self.passphrase.at_boot();
        let at_boot = at_boot
            .map(|it| it.new_one(context, "passphrase at boot"))
            .transpose()?;
        let action = SecurityAction::Change {
            old,
            passphrase,
            at_boot,
            id: self.passphrase.key_id,
        };
        act(context, "security change", &self.consent, action)
    }
}

impl Run for Verify {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let passphrase = self.passphrase.source().old_one(context, "passphrase")?;
        let action = SecurityAction::Verify { passphrase };
        act(context, "security verify", &self.consent, action)
    }
}

impl Run for SetId {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = SecurityAction::SetId(self.id);
        act(context, "security set-id", &self.consent, action)
    }
}

impl Run for Destroy {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        act(
            context,
            "security destroy",
            &self.consent,
            SecurityAction::Destroy,
        )
    }
}

/// What a controller says of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Key {
    /// Whether it can lock drives; absent where it does not tell.
    supported: Option<bool>,
    /// Whether it has a key.
    assigned: Option<bool>,
    /// Whether the key could not be used.
    failed: Option<bool>,
    /// Whether the key is not backed up.
    not_backed_up: Option<bool>,
    /// How many drives are locked with it; absent where the drives were not read.
    secured_drives: Option<usize>,
}

impl Run for Show {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let reading = context.read(&[Part::Controllers, Part::PhysicalDrives])?;
        let rows: Vec<Row> = parts::of(context, &reading, Part::Controllers, key)?
            .into_iter()
            .map(|(controller, value)| OfController {
                controller: controller.id,
                value,
            })
            .collect();
        let envelope = Envelope::new("security show", &rows).with(Provenance::of(&reading));
        output::print_list_as(context, &envelope, &rows, "No controllers.")?;
        Ok(Code::Done)
    }
}

fn key(controller: &Controller) -> Option<Key> {
    let info = controller.info.as_ref()?;
    let settings = &info.settings;
    let drives = controller.physical_drives.as_ref();
    Some(Key {
        supported: info.controller_operations.security,
        assigned: settings.security_key_assigned,
        failed: settings.security_key_failed,
        not_backed_up: settings.security_key_not_backed_up,
        secured_drives: drives.map(|all| all.iter().filter(|it| it.secured == Some(true)).count()),
    })
}

type Row = OfController<Key>;

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id: ControllerId| id.0).into()
        }),
        Column::new("supported", "SUPPORTED", Align::Left, |row| {
            row.value.supported.into()
        }),
        Column::new("assigned", "KEY ASSIGNED", Align::Left, |row| {
            row.value.assigned.into()
        }),
        Column::new("failed", "KEY FAILED", Align::Left, |row| {
            row.value.failed.into()
        }),
        Column::new("not_backed_up", "NOT BACKED UP", Align::Left, |row| {
            row.value.not_backed_up.into()
        }),
        Column::new("secured_drives", "LOCKED DRIVES", Align::Right, |row| {
            let count = row.value.secured_drives;
            count.and_then(|it| u32::try_from(it).ok()).into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<Row>();
    }

    #[test]
    fn a_name_of_a_key_is_one_plain_word() {
        assert!(id("night-2026").is_ok());
        for odd in ["", "two words", "-dash", "a0 -aALL", "ü"] {
            assert!(id(odd).is_err(), "{odd}");
        }
    }
}
