//! Carrying out a replacement: a fresh look, the next step, somebody's consent, the step, and again, until
//! nothing is left to do. What comes next is `crate::replace`'s to say.
//!
//! Nobody else can run the tool between a look and its step; while something is waited for, everybody
//! can. The process may die anywhere: what it does next time follows from what it sees then.

mod report;
mod run;
pub mod store;

use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, DriveAddress};
use jiff::Timestamp;

pub use report::{Line, Told};
pub use store::{Slot, Store};

use super::parts;
use crate::change::{Scene, in_use};
use crate::cli::consent::ConsentArgs;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::join::Join;
use crate::host::Target;
use crate::reading::{Controller, Reading};
use crate::replace::{
    Beginning, Duty, Fact, Memory, PARTS, PlanStep, Policy, Question, Refusal, Step, Verdict,
    begin, next_step, plan, verdict,
};
use report::Teller;
use run::Runner;

/// How a replacement is carried out.
#[derive(Debug, Clone)]
pub struct Options {
    /// Somebody's consent given beforehand.
    pub consent: ConsentArgs,
    /// Whether lines of JSON are printed and nobody is asked.
    pub unattended: bool,
    /// Whether it ends where it would have to wait for people or for something that runs.
    pub no_wait: bool,
    /// The pause between two looks.
    pub interval: Duration,
}

/// Which drive: its controller and its bay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The controller.
    pub controller: ControllerId,
    /// The bay.
    pub bay: DriveAddress,
    /// Whether the very drive was named, by its serial number for instance, and not its bay.
    pub by_identity: bool,
}

/// The plan of a replacement, for people and scripts.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub struct Planned {
    /// The controller.
    pub controller: ControllerId,
    /// The bay.
    pub bay: String,
    /// What is remembered, or would be.
    pub memory: Memory,
    /// Whether the drive may be pulled as things are.
    pub verdict: Verdict,
    /// Why the first step would be refused as things are; absent where it would not.
    pub refusal: Option<Refusal>,
    /// The steps.
    pub steps: Vec<PlanStep>,
}

impl Planned {
    /// The refusal of the first step as a failure.
    pub fn failure(&self) -> Option<Failure> {
        let refusal = self.refusal.as_ref()?;
        let lead = format!("the first step for drive {} would be refused", self.bay);
        Some(run::failure(&lead, refusal))
    }
}

/// What is looked at before each step.
///
/// # Errors
/// If nothing can be read.
pub fn look(context: &mut Context<'_>) -> Result<Reading, Failure> {
    context.read(&parts(PARTS))
}

/// Replaces the drive, or goes on with it, as far as it goes.
///
/// # Errors
/// If it is refused, or fails.
pub fn replace(
    context: &mut Context<'_>,
    reading: &Reading,
    chosen: Chosen,
    policy: Policy,
    options: Options,
) -> Result<Code, Failure> {
    let at = super::of(reading, chosen.controller)?;
    let slot = slot(context, at, chosen)?;
    let mut teller = Teller::new(options.unattended);
    let known = slot.load()?;
    if let Some(memory) = &known
        && is_done_here(at, memory, chosen)
    {
        let facts = vec![already(memory)];
        let told = Told::Done {
            aborted: false,
            good: true,
            facts,
        };
        teller.tell(context, memory, told)?;
        return Ok(Code::Done);
    }
    let (memory, resumed) = match known {
        Some(memory) if memory.ended.is_none() => (memory, true),
        past => {
            if let Some(past) = past {
                slot.set_aside(&past)?;
            }
            let memory = first_look(context, at, chosen, &policy, &options)?;
            slot.save(&memory)?;
            (memory, false)
        }
    };
    let verdict = verdict(at, &memory, &policy, Timestamp::now());
    let told = Told::Begins {
        resumed,
        old: memory.old.clone(),
        verdict,
    };
    teller.tell(context, &memory, told)?;
    Runner::new(memory, slot, policy, options, teller).replace(context, reading)
}

/// Gives a replacement up: undoes what can be undone.
///
/// # Errors
/// If there is none, or it fails.
pub fn abort(
    context: &mut Context<'_>,
    reading: &Reading,
    chosen: Chosen,
    policy: Policy,
    options: Options,
) -> Result<Code, Failure> {
    let at = super::of(reading, chosen.controller)?;
    let slot = slot(context, at, chosen)?;
    let Some(memory) = slot.load()?.filter(|it| it.ended.is_none()) else {
        let words = format!("no replacement of drive {} is under way", chosen.bay);
        return Err(
            Failure::new(Kind::Usage, words).hint("which are: ironkeep pd replace --status")
        );
    };
    let teller = Teller::new(options.unattended);
    Runner::new(memory, slot, policy, options, teller).abort(context)
}

/// What would be done.
///
/// # Errors
/// If it is refused from the first.
pub fn planned(
    context: &mut Context<'_>,
    reading: &Reading,
    chosen: Chosen,
    policy: &Policy,
    options: &Options,
) -> Result<Planned, Failure> {
    let at = super::of(reading, chosen.controller)?;
    let known = Store::new(context.session.replacements()).all()?;
    let serial = serial(at);
    let known = known.into_iter().find(|it| {
        it.ended.is_none() && it.bay == chosen.bay && it.controller_serial.as_deref() == serial
    });
    let memory = match known {
        Some(memory) => memory,
        None => first_look(context, at, chosen, policy, options)?,
    };
    let now = Timestamp::now();
    let refusal = match next_step(at, &memory, policy, now) {
        Step::Refuse(refusal) => Some(refusal),
        Step::Act { request, .. } => {
            let (checks, _) = super::judge(context, reading, &request)?;
            let mut against = checks.iter();
            let first = against.find(|check| check.stands_against(&policy.overrides));
            first.and_then(Refusal::of)
        }
        Step::Wait(_) | Step::Ask(_) | Step::Done(_) => None,
    };
    Ok(Planned {
        controller: chosen.controller,
        bay: chosen.bay.to_string(),
        verdict: verdict(at, &memory, policy, now),
        refusal,
        steps: plan(at, &memory, policy, now),
        memory,
    })
}

fn serial(at: &Controller) -> Option<&str> {
    at.info.as_ref()?.serial.as_deref()
}

fn slot(context: &Context<'_>, at: &Controller, chosen: Chosen) -> Result<Slot, Failure> {
    let key = store::key(chosen.controller, serial(at), chosen.bay);
    Store::new(context.session.replacements()).take(&key)
}

/// Whether the bay was named, and what is in it is the new drive of a replacement that is done.
fn is_done_here(at: &Controller, memory: &Memory, chosen: Chosen) -> bool {
    let is_done = memory.ended.as_ref().is_some_and(|it| !it.aborted);
    let mut drives = at.physical_drives.iter().flatten();
    let there = drives.find(|drive| drive.address() == Some(memory.new_bay));
    let is_new = |new: &crate::replace::Identity| there.is_some_and(|drive| new.is(drive));
    is_done && !chosen.by_identity && memory.new.as_ref().is_some_and(is_new)
}

fn already(memory: &Memory) -> Fact {
    let new = memory.new.as_ref().map_or("unknown", |it| it.name());
    Fact {
        code: "already_done",
        good: true,
        observed: format!(
            "the drive in bay {} was replaced already, by the one with the serial number {new}; to replace that one too: ironkeep pd replace sn={new}",
            memory.bay
        ),
    }
}

/// What has to be remembered from now on.
fn first_look(
    context: &mut Context<'_>,
    at: &Controller,
    chosen: Chosen,
    policy: &Policy,
    options: &Options,
) -> Result<Memory, Failure> {
    let who = context.session.who().clone();
    let mut policy = policy.clone();
    loop {
        match begin(at, chosen.bay, &policy, &who, Timestamp::now()) {
            Beginning::Memory(memory) => {
                if memory.duty == Duty::Jbod
                    && let Some(refusal) = used_by_host(context, at, chosen.bay, &policy)?
                {
                    return Err(refused(context, chosen, &refusal, options.unattended)?);
                }
                return Ok(*memory);
            }
            Beginning::Refuse(refusal) => {
                return Err(refused(context, chosen, &refusal, options.unattended)?);
            }
            Beginning::Ask(Question::Inserted { observed })
                if context.is_interactive && !options.unattended =>
            {
                context.say("", &observed)?;
                if !run::agrees(context, "is it the new drive already? [y/N] ")? {
                    return Err(
                        Failure::new(Kind::Refused, "not agreed: nothing was changed")
                            .hint("where every drive is: ironkeep pd list"),
                    );
                }
                policy.inserted = true;
            }
            Beginning::Ask(question) => {
                let refusal = run::unasked(&question);
                return Err(refused(context, chosen, &refusal, options.unattended)?);
            }
        }
    }
}

/// What the host does with a drive that it has as it is.
fn used_by_host(
    context: &mut Context<'_>,
    at: &Controller,
    bay: DriveAddress,
    policy: &Policy,
) -> Result<Option<Refusal>, Failure> {
    let mut reading = look(context)?;
    let join = Join::read(context, &mut reading, |_| true)?;
    let mut drives = at.physical_drives.iter().flatten();
    let there = drives.find(|drive| drive.address() == Some(bay));
    let Some(id) = there.and_then(|drive| drive.device_id) else {
        return Ok(None);
    };
    let usage = |target| super::usage::of(&join, at, target);
    let scene = Scene {
        reading: &reading,
        controller: at,
        usage: &usage,
    };
    let why = "what uses it loses its data when it is pulled";
    let check = in_use::check(
        &scene,
        Target::PhysicalDrive(id),
        &format!("drive {bay}"),
        why,
    );
    let stands = check.stands_against(&policy.overrides);
    Ok(stands.then(|| Refusal::of(&check)).flatten())
}

/// Tells a refusal before there is anything to remember.
fn refused(
    context: &mut Context<'_>,
    chosen: Chosen,
    refusal: &Refusal,
    json: bool,
) -> Result<Failure, Failure> {
    if json {
        let line = Line::new(
            chosen.controller,
            chosen.bay,
            Told::Refused(refusal.clone()),
        );
        crate::output::write_json_line(context, &line)?;
    }
    Ok(run::stopped(chosen.bay, refusal))
}
