//! `pd replace`: a drive is replaced, from the first look to the verified end.

use std::time::Duration;

use ironkeep_parsers::model::{DriveAddress, PhysicalDrive};
use serde::Serialize;

use crate::act::ConsentArgs;
use crate::act::replace::{self, Chosen, Options, Planned, Store};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::join::Join;
use crate::commands::map::bays;
use crate::commands::resolve::{Found, Resolver};
use crate::commands::{Provenance, Run};
use crate::health;
use crate::map::draw::{self, Canvas, Used};
use crate::map::layout::Wish;
use crate::output::{self, Align, Cell, Column, Envelope, Tabular};
use crate::reading::{Part, Reading};
use crate::replace::{ForeignPolicy, Given, Memory, PlanStep, Policy, SparePolicy, because};
use crate::selector::{DriveName, DriveSelector};

/// Replace a drive: take it out, take the new one in, rebuild, verify
///
/// Says first whether the drive is safe to pull, and why. Then it does whatever is not done yet: it
/// switches on the light of the bay, takes the drive out of its drive group (a copy to a hot spare comes
/// first where the drive still works), waits until it is pulled and a new one is there, checks that the
/// new one fits before anything is written to it, makes it usable, sees it rebuilt, and verifies. It
/// may be interrupted anywhere, and goes on with the same command. Precondition: no span loses data
/// without the drive. Risk: a drive group has less redundancy until the rebuild is done.
/// Example: ironkeep pd replace 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// The drive: 252:3, sn=SERIAL, wwn=WWN, /dev/sdX; its bay where it is gone already
    #[arg(value_name = "DRIVE", required_unless_present = "status")]
    drive: Option<DriveSelector>,

    /// Show what would be done, and change nothing
    #[arg(long, conflicts_with_all = ["status", "abort", "unattended"])]
    plan: bool,

    /// Show which replacements are under way
    #[arg(long, conflicts_with = "abort")]
    status: bool,

    /// Give a replacement up, and undo what can be undone
    #[arg(long)]
    abort: bool,

    /// Ask nobody, and print lines of JSON: for scripts
    #[arg(long)]
    unattended: bool,

    /// End with exit code 5 instead of waiting for people, or for something that runs
    #[arg(long)]
    no_wait: bool,

    /// What to do with a foreign configuration that the new drive brings
    #[arg(long, value_name = "WHAT")]
    foreign: Option<Foreign>,

    /// What to do with a new drive that the controller gave to the host (JBOD)
    #[arg(long, value_name = "WHAT")]
    jbod: Option<JbodPolicy>,

    /// Who is the hot spare afterwards, if one stepped in
    #[arg(long, value_name = "WHO", default_value = "return")]
    spare: Spare,

    /// Take a drive that still works off line without copying it to a hot spare first
    #[arg(long)]
    no_copy: bool,

    /// The new drive is in another bay than the old one
    #[arg(long, value_name = "BAY", value_parser = bay)]
    new_drive_in: Option<DriveAddress>,

    /// The drive that is in the bay now is the new one
    #[arg(long)]
    inserted: bool,

    /// How long people may take to pull a drive, and to insert another
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = time)]
    wait_for_drive: Duration,

    /// How long the controller may take to begin a rebuild by itself
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = time)]
    auto_rebuild_wait: Duration,

    /// How often to look
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time)]
    interval: Duration,

    #[command(flatten)]
    consent: ConsentArgs,
}

/// What to do with a foreign configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Foreign {
    /// Clear it, and only it: what the drive held before is lost
    Clear,
    /// Import it: only where the new drive belongs to this controller
    Import,
    /// Stop
    Refuse,
}

/// Who is the hot spare afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Spare {
    /// The data goes back to the bay, and the spare stands by again
    Return,
    /// The spare stays where it is, and the new drive stands by in its place
    Keep,
}

/// What to do with a new drive that the host has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum JbodPolicy {
    /// Take it: what the host has on it is lost
    Take,
    /// Stop
    Refuse,
}

/// Reads `90s`, `15m`, `2h`, `3d`.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "expected a time: 90s, 15m, 2h or 3d".to_owned();
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match text.strip_prefix(digits).unwrap_or_default() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let seconds = number.checked_mul(unit).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

fn bay(text: &str) -> Result<DriveAddress, String> {
    let wrong = || "expected a bay: 252:4, or :4 without an enclosure".to_owned();
    let selector: DriveSelector = text.parse().map_err(|_| wrong())?;
    match (selector.name, selector.controller) {
        (DriveName::Address(address), None) => Ok(address),
        _ => Err(wrong()),
    }
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let store = Store::new(context.session.replacements());
        let known = store.all()?;
        if self.status {
            return status(context, &known);
        }
        let Some(selector) = &self.drive else {
            return Err(Failure::new(Kind::Usage, "name the drive"));
        };
        if self.unattended {
            context.is_interactive = false;
        }
        let (reading, chosen) = choose(context, selector, &known)?;
        let (policy, options) = (self.policy(), self.options());
        if self.plan || self.consent.dry_run {
            let planned = replace::planned(context, &reading, chosen, &policy, &options)?;
            return show(context, &reading, &planned);
        }
        if self.abort {
            return replace::abort(context, &reading, chosen, policy, options);
        }
        if !self.unattended {
            draw_bay(context, chosen)?;
        }
        replace::replace(context, &reading, chosen, policy, options)
    }
}

impl Args {
    fn policy(&self) -> Policy {
        Policy {
            foreign: self.foreign.map_or(Given::Ask, |it| {
                Given::Chosen(match it {
                    Foreign::Clear => ForeignPolicy::Clear,
                    Foreign::Import => ForeignPolicy::Import,
                    Foreign::Refuse => ForeignPolicy::Refuse,
                })
            }),
            jbod: self
                .jbod
                .map_or(Given::Ask, |it| Given::Chosen(it == JbodPolicy::Take)),
            spare: match self.spare {
                Spare::Return => SparePolicy::Return,
                Spare::Keep => SparePolicy::Keep,
            },
            copy_first: !self.no_copy,
            auto_rebuild_wait: self.auto_rebuild_wait,
            wait_for_drive: self.wait_for_drive,
            new_bay: self.new_drive_in,
            inserted: self.inserted,
            overrides: self.consent.overrides.clone(),
        }
    }

    fn options(&self) -> Options {
        Options {
            consent: self.consent.clone(),
            unattended: self.unattended,
            no_wait: self.no_wait,
            interval: self.interval,
        }
    }
}

/// Which drive is meant: one that is there, one whose replacement is under way, or a bay that is empty.
fn choose(
    context: &mut Context<'_>,
    selector: &DriveSelector,
    known: &[Memory],
) -> Result<(Reading, Chosen), Failure> {
    let mut reading = replace::look(context)?;
    let by_node = matches!(selector.name, DriveName::BlockDevice(_));
    let join = Join::read(context, &mut reading, |_| by_node)?;
    let chosen = match Resolver::new(&reading, &join).drive(selector) {
        Ok(found) => there(found, selector)?,
        Err(failure) => {
            let remembered = remembered(selector, known);
            let gone = remembered.or_else(|| empty_bay(selector, &reading));
            gone.ok_or(failure)?
        }
    };
    Ok((reading, chosen))
}

fn there(found: Found<'_, PhysicalDrive>, selector: &DriveSelector) -> Result<Chosen, Failure> {
    let both = found.controller.id.zip(found.value.address());
    let (controller, bay) = both.ok_or_else(|| {
        let words = "the tool does not tell where this drive sits, so it cannot be replaced";
        Failure::new(Kind::Hardware, words).hint("what is known of it: ironkeep pd list")
    })?;
    Ok(Chosen {
        controller,
        bay,
        by_identity: !matches!(selector.name, DriveName::Address(_)),
    })
}

/// The replacement under way of the drive that was named.
fn remembered(selector: &DriveSelector, known: &[Memory]) -> Option<Chosen> {
    let is_meant = |it: &&Memory| {
        let old = it.old.as_ref();
        let same = match &selector.name {
            DriveName::Address(bay) => *bay == it.bay,
            DriveName::Serial(serial) => old
                .and_then(|old| old.serial.as_ref())
                .is_some_and(|known| known.eq_ignore_ascii_case(serial)),
            DriveName::Wwn(wwn) => {
                old.and_then(|old| old.wwn.as_ref())
                    == Some(&ironkeep_parsers::model::SasAddress(*wwn).to_string())
            }
            DriveName::DeviceId(_) | DriveName::BlockDevice(_) => false,
        };
        let on_it = selector.controller.is_none_or(|id| id == it.controller);
        it.ended.is_none() && same && on_it
    };
    let mut those = known.iter().filter(is_meant);
    let only = those.next().filter(|_| those.next().is_none())?;
    Some(Chosen {
        controller: only.controller,
        bay: only.bay,
        by_identity: !matches!(selector.name, DriveName::Address(_)),
    })
}

/// A bay without a drive, where it is certain which controller's.
fn empty_bay(selector: &DriveSelector, reading: &Reading) -> Option<Chosen> {
    let DriveName::Address(bay) = selector.name else {
        return None;
    };
    let is_it = |it: &&crate::reading::Controller| {
        let drives = it.physical_drives.as_deref().unwrap_or_default();
        let has_enclosure = drives.iter().any(|drive| drive.enclosure == bay.enclosure);
        has_enclosure && selector.controller.is_none_or(|id| it.id == Some(id))
    };
    let mut those = reading.controllers.iter().filter(is_it);
    let only = those.next().filter(|_| those.next().is_none())?;
    Some(Chosen {
        controller: only.id?,
        bay,
        by_identity: false,
    })
}

/// Draws the enclosure with the bay marked.
fn draw_bay(context: &mut Context<'_>, chosen: Chosen) -> Result<(), Failure> {
    let Some(width) = context.output.stderr_width else {
        return Ok(());
    };
    let shown = context.read(&[Part::PhysicalDrives, Part::Enclosures, Part::VirtualDrives])?;
    let mut controllers = shown.controllers.iter();
    let controller = controllers.find(|it| it.id == Some(chosen.controller));
    let Some(controller) = controller else {
        return Ok(());
    };
    let mut drives = controller.physical_drives.iter().flatten();
    let Some(value) = drives.find(|drive| drive.address() == Some(chosen.bay)) else {
        return Ok(());
    };
    let named = [Found { controller, value }];
    let config = context.session.config();
    let findings = health::judge(&shown, &config.health);
    let map = bays::of(&shown, &findings, &config.map, Wish::default(), &named);
    let canvas = Canvas {
        width: usize::from(width),
        unicode: context.output.unicode,
    };
    let mut used = Used::default();
    let marked = map.frames.iter().filter(|frame| {
        frame.controller == Some(chosen.controller) && frame.enclosure == chosen.bay.enclosure
    });
    for frame in marked {
        for line in draw::bays(frame, canvas, &mut used) {
            let line = line.render(&context.output);
            writeln!(context.stderr, "{line}")?;
        }
    }
    Ok(())
}

/// A step of a plan, for the table.
impl Tabular for PlanStep {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "STEP", Align::Right, |it| {
            Cell::Number(i128::try_from(it.number).unwrap_or_default())
        }),
        Column::new("who", "WHO", Align::Left, |it| it.who.into()),
        Column::new("what", "WHAT", Align::Prose, |it| it.what.as_str().into()),
        Column::new("only_if", "ONLY IF", Align::Prose, |it| {
            it.only_if.clone().into()
        }),
    ];
}

/// Prints a plan.
fn show(context: &mut Context<'_>, reading: &Reading, planned: &Planned) -> Result<Code, Failure> {
    let lead = if planned.verdict.safe_to_pull {
        "safe to pull: yes, because "
    } else {
        "safe to pull: NO, because "
    };
    context.say(lead, &because(&planned.verdict))?;
    for warning in crate::replace::warnings(&planned.verdict) {
        context.say("warning: ", &warning)?;
    }
    let envelope = Envelope::new("pd replace --plan", planned).with(Provenance::of(reading));
    output::print_list_as(context, &envelope, &planned.steps, "Nothing is left to do.")?;
    planned.failure().map_or(Ok(Code::Done), Err)
}

/// A replacement, for the table.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub(in crate::commands) struct Row(Memory);

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("bay", "BAY", Align::Left, |it| it.0.bay.to_string().into()),
        Column::new("old", "OLD DRIVE", Align::Left, |it| {
            it.0.old.as_ref().map(|old| old.name().to_owned()).into()
        }),
        Column::new("waiting", "WAITS FOR", Align::Left, |it| {
            it.0.waiting
                .as_ref()
                .map(|it| it.what.token().to_owned())
                .into()
        }),
        Column::new("started", "STARTED", Align::Left, |it| {
            it.0.started.to_string().into()
        }),
        Column::new("who", "WHO", Align::Left, |it| it.0.who.user.clone().into()),
        Column::new("ended", "ENDED", Align::Left, |it| {
            let ended = it.0.ended.as_ref();
            ended
                .map(|it| if it.aborted { "given up" } else { "done" }.to_owned())
                .into()
        }),
        Column::new("new", "NEW DRIVE", Align::Left, |it| {
            it.0.new.as_ref().map(|new| new.name().to_owned()).into()
        }),
        Column::new(output::CONTROLLER, "CONTROLLER", Align::Right, |it| {
            Cell::Number(it.0.controller.0.into())
        }),
    ];
}

fn status(context: &mut Context<'_>, known: &[Memory]) -> Result<Code, Failure> {
    let rows: Vec<Row> = known.iter().cloned().map(Row).collect();
    let nothing = "No drive of this host was replaced, or is being replaced, by ironkeep.";
    output::print_list(context, "pd replace --status", &rows, nothing)?;
    Ok(Code::Done)
}
