//! Carrying out changes: a fresh reading, its checks, somebody's consent, the run, and a reading that
//! shows what became of it. All of a change happens under the host's lock, and is recorded.

pub mod audit;
pub mod raw;
pub mod replace;
mod report;
mod usage;

use std::collections::BTreeSet;
use std::time::Duration;

use ironkeep_parsers::model::{ControllerId, Verdict};
use jiff::Timestamp;

pub use report::{Act as ActRow, Outcome, Planned};

use crate::backend::applied::Applied;
use crate::change::{Check, Request, Risk, Ruling, Scene, Seen, lacking};
use crate::cli::Pause;
use crate::cli::consent::Question;
pub use crate::cli::consent::{Consent, ConsentArgs};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::join::Join;
use crate::reading::{Controller, Part, Reading, Unread};
use crate::runner::Invocation;
use audit::{Entry, Phase};

/// How often a state is read that is not as it should be although the tool says so: the firmware may
/// need a moment.
const LOOKS: usize = 4;
/// The pause between two such looks.
const MOMENT: Duration = Duration::from_millis(500);

/// Carries out `requests`, which were made of `reading`, one after the other, and prints what became of
/// them. `command` is the command's name, for JSON.
///
/// # Errors
/// If a check refuses, nobody agrees, the tool cannot be run, or a change did not take place. What was
/// done before stays done, and is printed.
pub fn carry_out(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    reading: &Reading,
    requests: &[Request],
) -> Result<Code, Failure> {
    type Nothing = fn(&Reading) -> Vec<Request>;
    carry_out_then::<Nothing>(context, command, consent, reading, requests, None)
}

/// [`carry_out`], and then what `then` makes of the reading that shows what became of `requests`: what
/// can be named only once they are done. The checks of `requests` have to announce it.
///
/// # Errors
/// As [`carry_out`].
pub fn carry_out_then<T: FnOnce(&Reading) -> Vec<Request>>(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    reading: &Reading,
    requests: &[Request],
    then: Option<T>,
) -> Result<Code, Failure> {
    let mut questions = Vec::new();
    let mut planned = Vec::new();
    let mut refusal = None;
    for request in requests {
        let (checks, question) = judge(context, reading, request)?;
        refusal = refusal.or_else(|| refused(request, &checks, consent));
        planned.push(Planned {
            controller: request.controller,
            change: request.change.act().name(),
            object: request.change.act().object(),
            risk: question.risk,
            command: context.session.translate(request)?.shown(),
            checks,
        });
        questions.push(question);
    }
    let refusal = refusal.or_else(|| too_broad(&planned, &consent.overrides));
    if consent.dry_run {
        report::planned(context, command, &planned)?;
        return match refusal {
            Some(failure) => Err(failure),
            None => Ok(Code::Done),
        };
    }
    if let Some(failure) = refusal {
        return Err(failure);
    }
    let is_open = questions.iter().any(|question| !consent.agree(question));
    if is_open && context.is_interactive {
        announce(context, &planned, &questions)?;
    } else {
        warn(context, &planned)?;
    }
    let agreed = consent.obtain(context, &questions)?;
    let mut done = Vec::new();
    let result = held(context, |context| {
        let overrides = &consent.overrides;
        let are_good = each(context, requests, overrides, &agreed, &mut done)?;
        let Some(then) = then.filter(|_| are_good) else {
            return Ok(());
        };
        let all = requests.iter().flat_map(|it| it.change.act().parts());
        let all: BTreeSet<_> = all.copied().collect();
        let after = context.read(&parts(&Vec::from_iter(all)))?;
        each(context, &then(&after), overrides, &agreed, &mut done)?;
        Ok(())
    });
    report::done(context, command, &done)?;
    result?;
    match done.iter().find(|act| !act.is_good()) {
        Some(act) => Err(act.failure()),
        None => Ok(Code::Done),
    }
}

/// Carries out `requests` up to the first that does not take place; whether all did.
fn each(
    context: &mut Context<'_>,
    requests: &[Request],
    overrides: &[String],
    agreed: &Consent,
    done: &mut Vec<ActRow>,
) -> Result<bool, Failure> {
    for request in requests {
        let act = one(context, request, overrides, agreed)?;
        let is_good = act.is_good();
        done.push(act);
        if !is_good {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Does `work` while nobody else can run the tool. Signals do not end the program meanwhile.
///
/// # Errors
/// If somebody else runs the tool for longer than one waits, or `work` fails.
pub fn held<T>(
    context: &mut Context<'_>,
    work: impl FnOnce(&mut Context<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let _attention = context.session.attend()?;
    context.session.hold()?;
    let result = work(context);
    context.session.release();
    result
}

/// Carries out one request, to be called while the host is held: reads afresh, checks again, runs, and
/// judges by a reading. A refusal is a failure; a change that did not take place is told in the result.
///
/// # Errors
/// If a check refuses, or the tool cannot be run.
pub fn one(
    context: &mut Context<'_>,
    request: &Request,
    overrides: &[String],
    agreed: &Consent,
) -> Result<ActRow, Failure> {
    let act = request.change.act();
    let reading = context.read(&parts(act.parts()))?;
    let (checks, _) = judge(context, &reading, request)?;
    let insisted = ConsentArgs {
        overrides: overrides.to_vec(),
        ..ConsentArgs::default()
    };
    if let Some(failure) = refused(request, &checks, &insisted) {
        return Err(failure);
    }
    let before = of(&reading, request.controller)?;
    let entry = entry(context, before, request, &checks, overrides)?;
    record(context, &entry)?;
    let applied = context.session.apply(request, agreed);
    let (row, failure) = match applied {
        Ok(applied) => (settle(context, before, request, applied), None),
        // It ran, and not to its end. What became of it shows in a reading, too.
        Err(failure) if failure.kind() == Kind::Hardware => {
            let cut_off = Applied::cut_off(&entry.command, &failure);
            (settle(context, before, request, cut_off), None)
        }
        Err(failure) => (
            ActRow::unfinished(request, act.state(before), &failure),
            Some(failure),
        ),
    };
    let end = Entry {
        time: Timestamp::now(),
        phase: Phase::End,
        after: row.after.clone(),
        exit_code: row.exit_code,
        tool: row.verdict.map(|it| audit::verdict(it).to_owned()),
        outcome: Some(row.outcome.token().to_owned()),
        ..entry
    };
    record(context, &end)?;
    match failure {
        Some(failure) => Err(failure),
        None => Ok(row),
    }
}

/// What became of a change.
fn settle(
    context: &mut Context<'_>,
    before: &Controller,
    request: &Request,
    applied: Applied,
) -> ActRow {
    let state = request.change.act().state(before);
    match look_first(context, before, request, &applied) {
        Ok((after, seen)) => ActRow::judged(request, (state, after), applied, seen),
        Err(failure) => ActRow::unread(request, state, applied, &failure),
    }
}

/// Looks before anything is stopped: also who interrupted a change is told what became of it.
fn look_first(
    context: &mut Context<'_>,
    before: &Controller,
    request: &Request,
    applied: &Applied,
) -> Result<(Option<String>, Seen), Failure> {
    let is_asked = context.session.heed()?;
    let looked = look(context, before, request, applied);
    if is_asked {
        context.session.ask_again()?;
    }
    looked
}

/// Looks what became of a change, again and again for a moment where the tool says that it is done: real
/// firmware may need one, a simulated one does not. The state, and what is seen.
fn look(
    context: &mut Context<'_>,
    before: &Controller,
    request: &Request,
    applied: &Applied,
) -> Result<(Option<String>, Seen), Failure> {
    let act = request.change.act();
    let claims = applied.verdict == Verdict::Claimed;
    let mut looks = 1;
    loop {
        let after = context.read(act.parts())?;
        let (live, gap) = (after.live, gap(&after, act.parts()));
        let after = of(&after, request.controller)?;
        // What was not read is not gone.
        let lacks = |part: &&Part| is_whole(before, **part) && !is_whole(after, **part);
        if let Some(part) = act.parts().iter().find(lacks) {
            return Err(Failure::new(Kind::Hardware, lacking(after, *part)));
        }
        let seen = act.seen(before, after);
        let again = claims && live && looks < LOOKS && matches!(seen, Seen::Otherwise(_));
        if again && context.session.pause(MOMENT)? == Pause::Over {
            looks += 1;
            continue;
        }
        if let (Seen::Otherwise(_), Some(gap)) = (&seen, gap) {
            return Err(Failure::new(Kind::Hardware, gap));
        }
        return Ok((act.state(after), seen));
    }
}

/// Whether all of `part` was read.
fn is_whole(at: &Controller, part: Part) -> bool {
    at.has(part) && !matches!(at.unread.get(&part), Some(Unread::Partial(_)))
}

/// The checks of a request, and what somebody has to agree to.
fn judge(
    context: &mut Context<'_>,
    reading: &Reading,
    request: &Request,
) -> Result<(Vec<Check>, Question), Failure> {
    let act = request.change.act();
    let mut reading = reading.clone();
    let join = Join::read(context, &mut reading, |_| true)?;
    let controller = of(&reading, request.controller)?;
    let usage = |target| usage::of(&join, controller, target);
    let scene = Scene {
        reading: &reading,
        controller,
        usage: &usage,
    };
    let question = Question {
        risk: act.risk(&scene),
        words: act.words(),
        object: unambiguous(&reading, request),
    };
    let mut checks = act.checks(&scene);
    if question.risk > Risk::None {
        checks.extend(broken_off(&reading, controller, act.parts()));
    }
    Ok((checks, question))
}

/// What was read in part only: what is not in a list that breaks off may be on the controller all the same.
fn broken_off(reading: &Reading, at: &Controller, parts: &[Part]) -> Option<Check> {
    const CODE: &str = "partly_read";
    let is_partial = |part: &&Part| matches!(at.unread.get(part), Some(Unread::Partial(_)));
    if let Some(&part) = parts.iter().find(is_partial) {
        return Some(Check::unread(CODE, at, part));
    }
    let observed = gap(reading, parts)?;
    let why = "what is missing there may be just what makes this unsafe";
    Some(Check::refuses(CODE, observed, why).possible("see what can be read: ironkeep health"))
}

/// What is missing in the answers about `parts`, in words.
fn gap(reading: &Reading, parts: &[Part]) -> Option<String> {
    let mut asked = reading.asked.iter().filter(|it| parts.contains(&it.part));
    asked.find_map(|it| {
        let gap = it.gaps.first()?;
        Some(format!(
            "not all of {} could be read: {gap}",
            it.part.words()
        ))
    })
}

/// What a request is done to, as a person types it to agree. Controllers call their drives alike: where
/// there are several, `vd0` of one is not `vd0` of another.
fn unambiguous(reading: &Reading, request: &Request) -> String {
    let (object, id) = (request.change.act().object(), request.controller);
    if reading.controllers.len() < 2 || object == format!("controller{id}") {
        object
    } else {
        format!("c{id}/{object}")
    }
}

/// The refusal to pass over checks of several things with one word: somebody looked at one of them.
fn too_broad(planned: &[Planned], overrides: &[String]) -> Option<Failure> {
    overrides.iter().find_map(|code| {
        let passes = |check: &Check| {
            check.code == code && check.stands_against(&[]) && !check.stands_against(overrides)
        };
        let passed = planned.iter().filter(|it| it.checks.iter().any(passes));
        let objects: BTreeSet<_> = passed.map(|it| (it.controller, &it.object)).collect();
        let names: Vec<&str> = objects.iter().map(|(_, it)| it.as_str()).collect();
        (names.len() > 1).then(|| {
            let words = format!(
                "--override {code} would pass over what stands against {}",
                names.join(" and ")
            );
            let why = "each of them has its own reason, which somebody has to look at";
            Failure::because(Kind::Refused, words, why).hint("insist on one at a time")
        })
    })
}

/// The controller of a request in a reading.
fn of(reading: &Reading, id: ControllerId) -> Result<&Controller, Failure> {
    let mut all = reading.controllers.iter();
    all.find(|it| it.id == Some(id)).ok_or_else(|| {
        Failure::new(
            Kind::Hardware,
            format!("controller {id} does not answer any more"),
        )
        .hint("look at them: ironkeep controller list")
    })
}

/// The refusal by the first check that stands in the way.
fn refused(request: &Request, checks: &[Check], consent: &ConsentArgs) -> Option<Failure> {
    let check = checks
        .iter()
        .find(|it| it.stands_against(&consent.overrides))?;
    let Ruling::Refuses {
        why,
        possible,
        overridable,
    } = &check.ruling
    else {
        return None;
    };
    let message = format!(
        "will not {}: {}",
        request.change.act().words(),
        check.observed
    );
    let mut failure = Failure::because(Kind::Refused, message, why.clone());
    for how in possible.iter().take(if *overridable { 1 } else { 2 }) {
        failure = failure.hint(how.clone());
    }
    if *overridable {
        failure = failure.hint(format!(
            "to do it all the same, whatever it costs: add --override {}",
            check.code
        ));
    }
    Some(failure)
}

/// Says what will be done, before somebody is asked.
fn announce(
    context: &mut Context<'_>,
    planned: &[Planned],
    questions: &[Question],
) -> Result<(), Failure> {
    for (plan, question) in planned.iter().zip(questions) {
        let what = match plan.risk {
            Risk::Destroy => "this destroys data: ",
            Risk::None | Risk::Change => "about to ",
        };
        let words = match plan.risk {
            Risk::Destroy => format!("it will {}", question.words),
            Risk::None | Risk::Change => question.words.clone(),
        };
        context.say(what, &words)?;
        for check in &plan.checks {
            context.say("  seen: ", &check.observed)?;
        }
    }
    warn(context, planned)
}

/// Says what a person should know.
fn warn(context: &mut Context<'_>, planned: &[Planned]) -> Result<(), Failure> {
    for check in planned.iter().flat_map(|plan| &plan.checks) {
        match &check.ruling {
            Ruling::Holds => {}
            Ruling::Warns { why } => {
                context.say("warning: ", &format!("{}: {why}", check.observed))?;
            }
            Ruling::Refuses { why, .. } => {
                let words = format!(
                    "{}: {why} (passed over: --override {})",
                    check.observed, check.code
                );
                context.say("warning: ", &words)?;
            }
        }
    }
    Ok(())
}

fn entry(
    context: &mut Context<'_>,
    before: &Controller,
    request: &Request,
    checks: &[Check],
    overrides: &[String],
) -> Result<Entry, Failure> {
    let act = request.change.act();
    let used = checks.iter().filter(|it| it.stands_against(&[]));
    let used = used.filter(|it| !it.stands_against(overrides));
    let info = before.info.as_ref();
    let invocation = context.session.translate(request)?;
    let controller = Some(request.controller);
    Ok(Entry {
        controller_serial: info.and_then(|info| info.serial.clone()),
        drive_serial: act.serial(),
        overrides: used.map(|it| it.code.to_owned()).collect(),
        before: act.state(before),
        ..entry_of(context, act.name(), &act.object(), &invocation, controller)
    })
}

/// The line before a run.
pub fn entry_of(
    context: &mut Context<'_>,
    change: &str,
    object: &str,
    invocation: &Invocation,
    controller: Option<ControllerId>,
) -> Entry {
    Entry {
        time: Timestamp::now(),
        id: context.session.change_id(),
        phase: Phase::Begin,
        who: context.session.who().clone(),
        host: context.session.host_name(),
        controller,
        controller_serial: None,
        drive_serial: None,
        change: change.to_owned(),
        object: object.to_owned(),
        command: invocation.shown(),
        overrides: Vec::new(),
        before: None,
        after: None,
        exit_code: None,
        tool: None,
        outcome: None,
    }
}

/// Appends to the record of changes. One that cannot be written stops nothing unless the configuration
/// says so: with a failing root drive there may be no place to write to, and just then one has to act.
///
/// # Errors
/// If it cannot be written, and must be.
pub fn record(context: &mut Context<'_>, entry: &Entry) -> Result<(), Failure> {
    let Some(log) = context.session.audit_log() else {
        return Ok(());
    };
    let Err(why) = log.append(entry) else {
        return Ok(());
    };
    let words = format!("cannot record the change in {}", log.path().display());
    if context.session.config().audit.required && entry.phase == Phase::Begin {
        return Err(Failure::because(Kind::Environment, words, why)
            .hint("nothing was changed; audit.required in the configuration asks for a record"));
    }
    context.say("warning: ", &format!("{words}: {why}"))
}

/// What a command that changes something has to read first: its own parts and the controllers.
pub fn parts(requested: &[Part]) -> Vec<Part> {
    let mut parts = vec![Part::Controllers];
    parts.extend(requested.iter().filter(|&&part| part != Part::Controllers));
    parts
}
