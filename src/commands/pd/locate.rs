//! `pd locate`: the lights of bays.

use std::time::Duration;

use jiff::SignedDuration;

use super::act::{read, request};
use crate::act::{self, ConsentArgs};
use crate::change::Request;
use crate::change::physical_drive::PhysicalDriveAction as Action;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::join::Join;
use crate::commands::resolve::{Found, Resolver};
use crate::commands::{Run, verbs};
use crate::reading::{Part, Reading};
use crate::selector::{DriveSelector, VirtualDriveName, VirtualDriveSelector};

/// Switch the lights of drives' bays on or off
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! { On(On), Off(Off) }

/// The bays.
#[derive(Debug, clap::Args)]
struct Bays {
    /// The drives: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX
    #[arg(value_name = "DRIVE", required_unless_present = "vd")]
    drives: Vec<DriveSelector>,
    /// All drives of this virtual drive: 0, /dev/sdX, name=NAME
    #[arg(long, value_name = "VD", conflicts_with = "drives")]
    vd: Option<VirtualDriveSelector>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Switch on the lights of drives' bays
///
/// It changes nothing but the light, and asks nobody. With --for it waits and switches them off again,
/// also when it is interrupted.
///
/// Example: ironkeep pd locate on /dev/sdb --for 10m
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct On {
    #[command(flatten)]
    bays: Bays,
    /// Wait for so long, and switch them off again: 90s, 10m, 1h
    #[arg(long = "for", value_name = "TIME")]
    time: Option<SignedDuration>,
}

/// Switch off the lights of drives' bays
///
/// Example: ironkeep pd locate off 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Off {
    #[command(flatten)]
    bays: Bays,
}

impl Run for On {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let limit = self.time.map(positive).transpose()?;
        let (reading, join) = self.bays.read(context)?;
        let resolver = Resolver::new(&reading, &join);
        let on = self.bays.requests(&resolver, true)?;
        let off = self.bays.requests(&resolver, false)?;
        let consent = &self.bays.consent;
        // From the first light on, an interrupt ends the wait and not the program.
        let _attention = context.session.attend()?;
        let command = "pd locate on";
        let lit = act::carry_out(context, command, consent, &reading, &on);
        let Some(limit) = limit.filter(|_| !consent.dry_run) else {
            return lit;
        };
        if lit.is_ok() {
            context.stdout.flush()?;
            context.say("", "waiting; interrupt (Ctrl-C) to switch off at once")?;
            context.session.pause(limit)?;
        }
        context.session.heed()?;
        let out = darken(context, &off);
        lit.and_then(|code| out.map(|()| code))
    }
}

impl Run for Off {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let (reading, join) = self.bays.read(context)?;
        let requests = self.bays.requests(&Resolver::new(&reading, &join), false)?;
        let consent = &self.bays.consent;
        act::carry_out(context, "pd locate off", consent, &reading, &requests)
    }
}

impl Bays {
    /// Reads what the names need.
    fn read(&self, context: &mut Context<'_>) -> Result<(Reading, Join), Failure> {
        let Some(vd) = &self.vd else {
            return read(context, &self.drives, &[]);
        };
        let mut reading =
            context.read(&act::parts(&[Part::PhysicalDrives, Part::VirtualDrives]))?;
        let by_node = matches!(vd.name, VirtualDriveName::BlockDevice(_));
        let join = Join::read(context, &mut reading, |_| by_node)?;
        Ok((reading, join))
    }

    /// One request for each bay.
    fn requests(&self, resolver: &Resolver<'_>, on: bool) -> Result<Vec<Request>, Failure> {
        let mut found = Vec::new();
        for selector in &self.drives {
            found.push(resolver.drive(selector)?);
        }
        if let Some(selector) = &self.vd {
            let vd = resolver.virtual_drive(selector)?;
            let members = vd.value.spans.iter().flat_map(|span| &span.members);
            let drives = members.filter_map(|member| member.drive.as_ref());
            found.extend(drives.map(|value| Found {
                controller: vd.controller,
                value,
            }));
            if found.is_empty() {
                let words = format!("which drives virtual drive {selector} has is not known");
                return Err(Failure::new(Kind::Hardware, words)
                    .hint("what is known of it: ironkeep vd show"));
            }
        }
        let mut requests = Vec::new();
        for drive in found {
            let request = request(drive, Action::Locate { on })?;
            if !requests.contains(&request) {
                requests.push(request);
            }
        }
        Ok(requests)
    }
}

fn positive(time: SignedDuration) -> Result<Duration, Failure> {
    Duration::try_from(time).map_err(|_| Failure::new(Kind::Usage, "--for takes no negative time"))
}

/// Switches all of the lights off, also if one of them resists.
fn darken(context: &mut Context<'_>, requests: &[Request]) -> Result<(), Failure> {
    let agreed = ConsentArgs::default().obtain(context, &[])?;
    act::held(context, |context| {
        let mut first = Ok(());
        for request in requests {
            let done = act::one(context, request, &[], &agreed);
            let done = done.and_then(|row| {
                if row.is_good() {
                    Ok(())
                } else {
                    Err(row.failure())
                }
            });
            first = first.and(done);
        }
        first
    })
}
