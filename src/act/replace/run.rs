//! The loop of a replacement.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, DriveAddress};
use jiff::Timestamp;

use super::report::{Teller, Told};
use super::store::Slot;
use super::{Options, look};
use crate::act::{self, ActRow, Outcome};
use crate::change::physical_drive::PhysicalDriveAction as Action;
use crate::change::{Change, Request, Risk};
use crate::cli::Pause;
use crate::cli::consent::{self, ConsentArgs, Question as Agreement};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::reading::{Controller, Reading};
use crate::replace::{
    Copied, Ended, Fact, ForeignPolicy, Given, Identity, Light, Memory, Policy, Question, Refusal,
    Step, Wait, Waiting, next_step, undo_step,
};
use crate::runner::Invocation;

/// How often the same thing is done before it counts as undone by somebody.
const MOST_OF_THE_SAME: usize = 3;

/// The controller's own copy of its configuration, among the evidence.
const CONFIGURATION: &str = "configuration";

/// What decides the next step.
type Decide = fn(&Controller, &Memory, &Policy, Timestamp) -> Step;

/// A replacement that is being carried out.
#[derive(Debug)]
pub(super) struct Runner {
    memory: Memory,
    slot: Slot,
    policy: Policy,
    options: Options,
    teller: Teller,
    /// How often each change was made by this process.
    done: BTreeMap<(&'static str, String), usize>,
    /// Whether a person confirmed which drive it is.
    confirmed: bool,
    /// What was done last and did not show afterwards. What comes next tells whether that matters.
    failed: Option<(Request, Failure)>,
}

/// What a look came to.
enum Turn {
    /// A step was done: look again.
    Again,
    /// Somebody has to agree first.
    Agree(Agreement),
    /// No change comes next.
    Pause(Box<Step>),
}

impl Runner {
    pub(super) fn new(
        memory: Memory,
        slot: Slot,
        policy: Policy,
        options: Options,
        teller: Teller,
    ) -> Self {
        Self {
            memory,
            slot,
            policy,
            options,
            teller,
            done: BTreeMap::new(),
            confirmed: false,
            failed: None,
        }
    }

    /// Replaces, after having kept how things were at the `first` look.
    pub(super) fn replace(
        mut self,
        context: &mut Context<'_>,
        first: &Reading,
    ) -> Result<Code, Failure> {
        self.keep_evidence(context, first)?;
        self.run(context, next_step, false)
    }

    /// Undoes. A person at a terminal who gives up means what there is to undo; a script agrees to it as
    /// to every other change.
    pub(super) fn abort(mut self, context: &mut Context<'_>) -> Result<Code, Failure> {
        self.confirmed = context.is_interactive && !self.options.unattended;
        self.run(context, undo_step, true)
    }

    fn run(
        &mut self,
        context: &mut Context<'_>,
        decide: Decide,
        aborts: bool,
    ) -> Result<Code, Failure> {
        loop {
            let step = match self.turn(context, decide)? {
                Turn::Again => continue,
                Turn::Agree(question) => {
                    self.agree(context, &question)?;
                    continue;
                }
                Turn::Pause(step) => *step,
            };
            match step {
                // A change is made where it is decided.
                Step::Act { .. } => {}
                Step::Wait(wait) => {
                    if let Some(code) = self.wait(context, &wait)? {
                        return Ok(code);
                    }
                }
                Step::Ask(question) => self.ask(context, &question)?,
                Step::Refuse(refusal) => {
                    let told = Told::Refused(refusal.clone());
                    self.teller.tell(context, &self.memory, told)?;
                    return Err(stopped(self.memory.bay, &refusal));
                }
                Step::Done(facts) => return self.end(context, facts, aborts),
            }
        }
    }

    /// Looks, and does what comes next if it is agreed to. Nobody else runs the tool meanwhile.
    fn turn(&mut self, context: &mut Context<'_>, decide: Decide) -> Result<Turn, Failure> {
        act::held(context, |context| {
            let reading = look(context)?;
            let at = self.controller(&reading)?;
            let step = decide(at, &self.memory, &self.policy, Timestamp::now());
            let Step::Act {
                request,
                why,
                chosen,
            } = step
            else {
                if matches!(step, Step::Done(_)) {
                    self.memory.new = new_drive(at, &self.memory);
                }
                return Ok(Turn::Pause(Box::new(step)));
            };
            if let Some((failed, failure)) = self.failed.take()
                && failed == request
            {
                return Err(failure);
            }
            let (_, question) = act::judge(context, &reading, &request)?;
            if !self.is_agreed(&question, chosen) {
                return Ok(Turn::Agree(question));
            }
            self.act(context, at, &request, &question, why)?;
            Ok(Turn::Again)
        })
    }

    /// The controller of the replacement, also where it is counted otherwise since.
    fn controller<'a>(&mut self, reading: &'a Reading) -> Result<&'a Controller, Failure> {
        let wanted = self.memory.controller_serial.as_deref();
        let same = |it: &&Controller| match wanted {
            Some(serial) => super::serial(it) == Some(serial),
            None => it.id == Some(self.memory.controller),
        };
        let found = reading.controllers.iter().find(same);
        let found = found.ok_or_else(|| {
            let name = wanted.unwrap_or("unknown");
            let words =
                format!("the controller with the serial number {name} does not answer any more");
            Failure::new(Kind::Hardware, words).hint("look at them: ironkeep controller list")
        })?;
        if let Some(id) = found.id {
            self.memory.controller = id;
        }
        Ok(found)
    }

    fn is_agreed(&self, question: &Agreement, chosen: bool) -> bool {
        match question.risk {
            Risk::None => true,
            Risk::Change => self.confirmed || self.options.consent.agree(question),
            Risk::Destroy => chosen || self.options.consent.agree(question),
        }
    }

    /// A person confirms which drive it is, or agrees to what destroys.
    fn agree(&mut self, context: &mut Context<'_>, question: &Agreement) -> Result<(), Failure> {
        if question.risk == Risk::Destroy || !context.is_interactive || self.options.unattended {
            let consent = &mut self.options.consent;
            consent.obtain(context, std::slice::from_ref(question))?;
            consent.yes.push(question.object.clone());
            return Ok(());
        }
        let serial = self.memory.old.as_ref().and_then(|old| old.serial.clone());
        let agreed = match serial {
            Some(serial) => {
                let prompt = format!(
                    "to {}, type the serial number of the drive in bay {}, or its last 4 characters: ",
                    question.words, self.memory.bay
                );
                let typed = consent::ask(context, &mut io::stdin().lock(), &prompt)?;
                confirms(&typed, &serial)
            }
            None => agrees(context, &format!("{}? [y/N] ", question.words))?,
        };
        if !agreed {
            let words = "not the serial number of that drive: nothing was changed since";
            return Err(Failure::new(Kind::Refused, words)
                .hint("see which drive it is: ironkeep map")
                .hint("the light goes off with: ironkeep pd replace --abort DRIVE"));
        }
        self.confirmed = true;
        Ok(())
    }

    /// Does one step and remembers what no reading shows of it.
    fn act(
        &mut self,
        context: &mut Context<'_>,
        at: &Controller,
        request: &Request,
        question: &Agreement,
        why: String,
    ) -> Result<(), Failure> {
        let change = request.change.act();
        let times = self
            .done
            .entry((change.name(), change.object()))
            .or_default();
        *times += 1;
        if *times > MOST_OF_THE_SAME {
            let words = format!(
                "{} was done {MOST_OF_THE_SAME} times, and is undone again: somebody, or the controller, works against it",
                change.words()
            );
            return Err(Failure::new(Kind::Hardware, words)
                .hint("what happens there: ironkeep event list")
                .hint("how things are now: ironkeep health"));
        }
        let told = Told::Acts {
            change: change.name(),
            object: change.object(),
            words: question.words.clone(),
            why,
        };
        self.teller.tell(context, &self.memory, told)?;
        let agreed = ConsentArgs {
            yes: vec![String::new(), question.object.clone()],
            ..self.options.consent.clone()
        };
        let agreed = agreed.obtain(context, std::slice::from_ref(question))?;
        let copy = Copied::by(&request.change, at);
        let begins = copy.is_some();
        if begins {
            // Before it runs: if this process is killed meanwhile, the next one must know it again.
            self.memory.copy = copy;
            self.slot.save(&self.memory)?;
        }
        let row = act::one(context, request, &self.policy.overrides, &agreed)?;
        if begins && row.outcome == Outcome::Failed {
            self.memory.copy = None;
            self.slot.save(&self.memory)?;
        }
        self.teller.tell(
            context,
            &self.memory,
            Told::Acted {
                act: Box::new(row.clone()),
            },
        )?;
        self.learn(context, request, &row)
    }

    /// Remembers what no reading shows of a step. Some may fail: a dead drive has no light, and does not
    /// spin down.
    fn learn(
        &mut self,
        context: &mut Context<'_>,
        request: &Request,
        row: &ActRow,
    ) -> Result<(), Failure> {
        let Change::PhysicalDrive(change) = &request.change else {
            self.judge(request, row);
            return Ok(());
        };
        let lit = |on| if on { Light::On } else { Light::Off };
        if let Action::Locate { on } = &change.action {
            self.memory.light = if row.is_good() {
                lit(*on)
            } else {
                Light::Unable
            };
        } else if change.action == Action::PrepareRemoval && row.outcome != Outcome::Done {
            self.memory.asked_to_stop = true;
        } else {
            self.judge(request, row);
            return Ok(());
        }
        if !row.is_good() {
            let words = format!("going on without it: {}", row.what_the_tool_said());
            self.teller
                .tell(context, &self.memory, Told::Note { words })?;
        }
        self.slot.save(&self.memory)
    }

    /// Keeps a failure until the next look: the controller may have gone further than it was asked to, as
    /// when a spare steps in at once.
    fn judge(&mut self, request: &Request, row: &ActRow) {
        if !row.is_good() {
            self.failed = Some((request.clone(), row.failure()));
        }
    }

    /// Waits until the next look. Gives an exit code where it is not worth waiting any longer.
    fn wait(&mut self, context: &mut Context<'_>, wait: &Wait) -> Result<Option<Code>, Failure> {
        let now = Timestamp::now();
        if self
            .memory
            .waiting
            .as_ref()
            .is_none_or(|it| it.what != wait.what)
        {
            self.memory.waiting = Some(Waiting {
                what: wait.what,
                since: now,
            });
            self.slot.save(&self.memory)?;
        }
        self.teller.wait(context, &self.memory, wait)?;
        let left = wait.until.map(|until| {
            let left = until.duration_since(now);
            Duration::try_from(left).unwrap_or_default()
        });
        let is_over = left.is_some_and(|left| left.is_zero());
        // What the controller may begin by itself has its own, short limit.
        let is_long = wait.what.is_for_people() || wait.until.is_none();
        if is_over || (self.options.no_wait && is_long) {
            let told = Told::TimedOut {
                what: wait.what,
                words: wait.words.clone(),
            };
            self.teller.tell(context, &self.memory, told)?;
            return Ok(Some(Code::TimedOut));
        }
        let pause = left
            .unwrap_or(self.options.interval)
            .min(self.options.interval);
        let _attention = context.session.attend()?;
        match context.session.pause(pause)? {
            Pause::Over => Ok(None),
            Pause::Interrupted => {
                let words = "interrupted; go on with the same command".to_owned();
                self.teller
                    .tell(context, &self.memory, Told::Note { words })?;
                Ok(Some(Code::Interrupted))
            }
            Pause::Closed => Ok(Some(Code::Interrupted)),
        }
    }

    /// Asks what was not chosen beforehand.
    fn ask(&mut self, context: &mut Context<'_>, question: &Question) -> Result<(), Failure> {
        if !context.is_interactive || self.options.unattended {
            let refusal = unasked(question);
            let told = Told::Refused(refusal.clone());
            self.teller.tell(context, &self.memory, told)?;
            return Err(stopped(self.memory.bay, &refusal));
        }
        match question {
            Question::Foreign { observed } => {
                context.say("", observed)?;
                let clear = agrees(context, "what it held is lost then; clear it? [y/N] ")?;
                let policy = if clear {
                    ForeignPolicy::Clear
                } else {
                    ForeignPolicy::Refuse
                };
                self.policy.foreign = Given::Chosen(policy);
            }
            Question::Jbod { observed } => {
                context.say("", observed)?;
                let take = agrees(
                    context,
                    "what the host has on it is lost then; take it? [y/N] ",
                )?;
                self.policy.jbod = Given::Chosen(take);
            }
            Question::Inserted { .. } => self.policy.inserted = true,
        }
        Ok(())
    }

    /// Tells what was verified, and remembers that it is done.
    fn end(
        &mut self,
        context: &mut Context<'_>,
        facts: Vec<Fact>,
        aborted: bool,
    ) -> Result<Code, Failure> {
        let good = facts.iter().all(|fact| fact.good);
        self.memory.ended = Some(Ended {
            time: Timestamp::now(),
            aborted,
        });
        self.memory.waiting = None;
        self.slot.save(&self.memory)?;
        let told = Told::Done {
            aborted,
            good,
            facts,
        };
        self.teller.tell(context, &self.memory, told)?;
        Ok(if good { Code::Done } else { Code::Unhealthy })
    }

    /// Keeps what was read first, and the controller's own copy of its configuration, as evidence.
    fn keep_evidence(&mut self, context: &mut Context<'_>, first: &Reading) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(first)
            .map_err(|error| Failure::new(Kind::Internal, error))?;
        self.slot.keep(&self.memory, "reading.json", &text)?;
        if self.slot.keeps(&self.memory, CONFIGURATION) {
            return Ok(());
        }
        let saved = saved_configuration(context, self.memory.controller);
        match saved {
            Ok(bytes) if !bytes.is_empty() => self.slot.keep(&self.memory, CONFIGURATION, &bytes),
            Ok(_) => Ok(()),
            Err(failure) if failure.kind() == Kind::Interrupted => Err(failure),
            Err(failure) => {
                let words = format!(
                    "no copy of the configuration: {}",
                    failure.chain().join(": ")
                );
                self.teller
                    .tell(context, &self.memory, Told::Note { words })
            }
        }
    }
}

/// The controller's configuration as it saves it. This changes nothing there.
fn saved_configuration(
    context: &mut Context<'_>,
    controller: ControllerId,
) -> Result<Vec<u8>, Failure> {
    let line = ["-CfgSave", "-f", CONFIGURATION, &format!("-a{controller}")].map(str::to_owned);
    let invocation = Invocation {
        arguments: line.to_vec(),
        file: Some(CONFIGURATION.to_owned()),
        ..Invocation::default()
    };
    let agreed = ConsentArgs::default().obtain(context, &[])?;
    Ok(context.session.pass(&invocation, &agreed)?.file)
}

/// The new drive, once all is done.
fn new_drive(at: &Controller, memory: &Memory) -> Option<Identity> {
    let mut drives = at.physical_drives.iter().flatten();
    let there = drives.find(|drive| drive.address() == Some(memory.new_bay))?;
    let is_old = memory.old.as_ref().is_some_and(|old| old.is(there));
    if is_old { None } else { Identity::of(there) }
}

/// Whether what somebody typed is the serial number, or its last characters, four at least.
fn confirms(typed: &str, serial: &str) -> bool {
    let (typed, serial) = (typed.trim().to_lowercase(), serial.trim().to_lowercase());
    let enough = typed.chars().count() >= 4.min(serial.chars().count());
    enough && !typed.is_empty() && serial.ends_with(&typed)
}

/// Whether a person says yes.
pub(super) fn agrees(context: &mut Context<'_>, prompt: &str) -> Result<bool, Failure> {
    let answer = consent::ask(context, &mut io::stdin().lock(), prompt)?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// Nobody is there to choose.
pub(super) fn unasked(question: &Question) -> Refusal {
    match question {
        Question::Foreign { observed } => Refusal::new(
            "foreign",
            observed.clone(),
            "it was a member elsewhere: what it held is lost when it is cleared",
        )
        .possible("agree to lose it: add --foreign clear")
        .possible("see what it is: ironkeep foreign show"),
        Question::Jbod { observed } => Refusal::new(
            "jbod",
            observed.clone(),
            "what the host has on it is lost when the drive group takes it",
        )
        .possible("agree to that: add --jbod take"),
        Question::Inserted { observed } => Refusal::new(
            "inserted",
            observed.clone(),
            "it could be the new drive, put in already, or the one that is to be replaced",
        )
        .possible("say that it is the new one: add --inserted"),
    }
}

/// The refusal of the replacement of the drive in `bay`.
pub(super) fn stopped(bay: DriveAddress, refusal: &Refusal) -> Failure {
    let lead = format!("the replacement of drive {bay} does not go on");
    failure(&lead, refusal)
}

/// A refusal as a failure, which begins with `lead`.
pub(super) fn failure(lead: &str, refusal: &Refusal) -> Failure {
    let message = format!("{lead}: {}", refusal.observed);
    let mut failure = Failure::because(Kind::Refused, message, refusal.why.clone());
    let most = if refusal.overridable { 1 } else { 2 };
    for how in refusal.possible.iter().take(most) {
        failure = failure.hint(how.clone());
    }
    if refusal.overridable {
        failure = failure.hint(format!(
            "to go on all the same, whatever it costs: add --override {}",
            refusal.code
        ));
    }
    failure
}
