//! `health`: what is wrong, why, and what to type next.

use ironkeep_parsers::model::{DriveState, VirtualDriveState};
use serde::Serialize;

use super::{Provenance, Run, attention};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, at_source};
use crate::dimm;
use crate::health::{self, Finding, Severity, Verdict};
use crate::output::{self, Align, Column, Envelope, Format, Tabular};
use crate::reading::{Controller, Reading};

/// Judge controllers, drives, battery, enclosures, memory; say what to do
///
/// Prints a verdict and every finding, the worst first, each with the reason and the command to type
/// next. What could not be read is a finding, never health. Limits stand in the configuration file.
///
/// Exit status: 0 healthy, 4 something needs attention or could not be read, 1 nothing could be read
/// at all.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print one line with performance data and exit 0, 1, 2 or 3, as monitoring plugins do
    #[arg(long)]
    nagios: bool,
}

/// The JSON form.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Health {
    /// The verdict over all findings.
    verdict: Verdict,
    /// Every finding, the worst first.
    findings: Vec<Finding>,
    /// What was judged.
    controllers: Vec<Summary>,
}

/// What was judged of one controller.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Summary {
    /// The controller's number.
    controller: Option<u32>,
    /// Product name.
    product_name: Option<String>,
    /// Serial number.
    serial: Option<String>,
    /// Firmware package.
    firmware_package: Option<String>,
    /// Virtual drives.
    virtual_drives: Option<usize>,
    /// Physical drives.
    physical_drives: Option<usize>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Finding>(&context.output)?;
        let mut parts = health::NEEDED.to_vec();
        if context.session.replays() || context.session.is_demo() {
            parts.extend(health::HELPFUL);
        }
        let reading = match context.read(&parts) {
            Ok(reading) => reading,
            Err(failure) if self.nagios => return unreadable(context, &failure),
            Err(failure) => return Err(failure),
        };
        let mut findings = health::judge(&reading, &context.session.config().health);
        findings.extend(of_memory(context));
        health::order(&mut findings);
        let verdict = Verdict::over(&findings);
        if self.nagios {
            return nagios(context, &reading, &findings, verdict);
        }
        let health = Health {
            verdict,
            controllers: reading.controllers.iter().map(summary).collect(),
            findings,
        };
        if context.output.format == Format::Table {
            for controller in &reading.controllers {
                let line = title(controller);
                let line = output::escape::terminal(&line, context.output.unicode);
                let line = output::fold(&line, 0, 2, context.output.width);
                writeln!(context.stdout, "{line}")?;
            }
            writeln!(context.stdout, "{}", counts(verdict, &health.findings))?;
        }
        let envelope = Envelope::new("health", &health).with(Provenance::of(&reading));
        if context.output.format != Format::Table || !health.findings.is_empty() {
            output::print_list_as(context, &envelope, &health.findings, "")?;
        }
        if context.output.format == Format::Table && context.output.columns.is_none() {
            next(context, &health.findings)?;
        }
        Ok(if verdict == Verdict::Healthy {
            Code::Done
        } else {
            Code::Unhealthy
        })
    }
}

/// What is found about the memory modules of the host, where there is one to look at.
fn of_memory(context: &Context<'_>) -> Vec<Finding> {
    let since = context.now.checked_sub(health::memory::WINDOW).ok();
    let limits = &context.session.config().health;
    let sources = context.session.modules(since, context.now);
    sources.map_or_else(Vec::new, |sources| {
        health::memory::judge(&dimm::read(&sources), limits, context.now)
    })
}

fn summary(controller: &Controller) -> Summary {
    let info = controller.info.as_ref();
    Summary {
        controller: controller.id.map(|id| id.0),
        product_name: info.and_then(|info| info.product_name.clone()),
        serial: info.and_then(|info| info.serial.clone()),
        firmware_package: info.and_then(|info| info.firmware_package.clone()),
        virtual_drives: controller.virtual_drives.as_ref().map(Vec::len),
        physical_drives: controller.physical_drives.as_ref().map(Vec::len),
    }
}

/// `controller 0: LSI MegaRAID SAS 9271-8i, serial SV31012345: 1 virtual drive, 8 physical drives`.
pub(super) fn title(controller: &Controller) -> String {
    let summary = summary(controller);
    let mut line = match controller.id {
        Some(id) => format!("controller {id}"),
        None => "controller".to_owned(),
    };
    if let Some(product) = &summary.product_name {
        line.push_str(": ");
        line.push_str(product);
    }
    if let Some(serial) = &summary.serial {
        line.push_str(", serial ");
        line.push_str(serial);
    }
    let count = |number: Option<usize>, one: &str, many: &str| match number {
        Some(number) => output::human::count(u64::try_from(number).unwrap_or(u64::MAX), one, many),
        None => format!("{many} not read"),
    };
    format!(
        "{line}: {}, {}",
        count(summary.virtual_drives, "virtual drive", "virtual drives"),
        count(summary.physical_drives, "physical drive", "physical drives"),
    )
}

/// The commands to type next, each once, the most urgent first. They read the same source again.
fn next(context: &mut Context<'_>, findings: &[Finding]) -> Result<(), Failure> {
    let mut commands: Vec<&str> = Vec::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
    {
        if !commands.contains(&finding.next.as_str()) {
            commands.push(&finding.next);
        }
    }
    if commands.is_empty() {
        return Ok(());
    }
    writeln!(context.stdout, "next:")?;
    let source = context.session.source_flags();
    for command in commands {
        let command = at_source(command, &source);
        writeln!(
            context.stdout,
            "  {}",
            output::escape::terminal(&command, context.output.unicode)
        )?;
    }
    Ok(())
}

/// `CRITICAL: 2 critical, 1 warning`.
pub(super) fn counts(verdict: Verdict, findings: &[Finding]) -> String {
    counted(verdict, &by_severity(findings))
}

/// The same, of as many findings of each severity, the worst first.
pub(super) fn counted(verdict: Verdict, findings: &[usize; 4]) -> String {
    let numbers = enumerated(findings);
    if numbers.is_empty() {
        verdict.word().to_owned()
    } else {
        format!("{}: {numbers}", verdict.word())
    }
}

/// `2 critical, 1 warning`; blank where there are no findings.
pub(crate) fn numbers(findings: &[Finding]) -> String {
    enumerated(&by_severity(findings))
}

fn by_severity(findings: &[Finding]) -> [usize; 4] {
    Severity::ALL.map(|severity| {
        let found = findings.iter();
        found.filter(|it| it.severity == severity).count()
    })
}

fn enumerated(findings: &[usize; 4]) -> String {
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .zip(findings)
        .filter(|(_, count)| **count > 0)
        .map(|(severity, count)| format!("{count} {}", severity.token()))
        .collect();
    parts.join(", ")
}

/// One line, as a plugin prints it. A bar separates the performance data, so it is taken out of words.
fn nagios(
    context: &mut Context<'_>,
    reading: &Reading,
    findings: &[Finding],
    verdict: Verdict,
) -> Result<Code, Failure> {
    let shown: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
        .map(|finding| {
            let controller = finding
                .controller
                .map_or_else(String::new, |id| format!("c{id} "));
            format!("{controller}{}: {}", finding.object, finding.reason)
        })
        .collect();
    let (word, status) = match verdict {
        Verdict::Healthy => ("OK", 0),
        Verdict::Warning => ("WARNING", 1),
        Verdict::Critical => ("CRITICAL", 2),
        Verdict::Unknown => ("UNKNOWN", 3),
    };
    let words = if shown.is_empty() {
        counts(verdict, findings)
    } else {
        shown.join("; ")
    };
    let words = output::escape::terminal(&words, false).replace('|', "/");
    writeln!(
        context.stdout,
        "{word}: {words} | {}",
        performance(reading, findings)
    )?;
    Ok(Code::Plugin(status))
}

fn unreadable(context: &mut Context<'_>, failure: &Failure) -> Result<Code, Failure> {
    let words = output::escape::terminal(&failure.chain().join(": "), false).replace('|', "/");
    writeln!(context.stdout, "UNKNOWN: {words}")?;
    Ok(Code::Plugin(3))
}

/// Performance data: counts that are worth a graph. What was not read is left out, never 0.
fn performance(reading: &Reading, findings: &[Finding]) -> String {
    let mut data = vec![
        format!(
            "critical={}",
            findings
                .iter()
                .filter(|finding| finding.severity == Severity::Critical)
                .count()
        ),
        format!(
            "warning={}",
            findings
                .iter()
                .filter(|finding| finding.severity == Severity::Warning)
                .count()
        ),
    ];
    for controller in &reading.controllers {
        let prefix = controller
            .id
            .map_or_else(String::new, |id| format!("c{id}_"));
        if let Some(drives) = &controller.virtual_drives {
            let optimal = drives
                .iter()
                .filter(|drive| drive.state == Some(VirtualDriveState::Optimal))
                .count();
            data.push(format!("{prefix}virtual_drives={}", drives.len()));
            data.push(format!("{prefix}virtual_drives_optimal={optimal}"));
        }
        if let Some(drives) = &controller.physical_drives {
            let failed = drives
                .iter()
                .filter(|drive| drive.state == Some(DriveState::Failed))
                .count();
            let media: u64 = drives.iter().filter_map(|drive| drive.media_errors).sum();
            let hottest = drives.iter().filter_map(|drive| drive.temperature).max();
            data.push(format!("{prefix}physical_drives={}", drives.len()));
            data.push(format!("{prefix}physical_drives_failed={failed}"));
            data.push(format!("{prefix}media_errors={media}c"));
            data.extend(
                hottest.map(|hottest| format!("{prefix}hottest_drive_celsius={}", hottest.0)),
            );
        }
    }
    data.join(" ")
}

impl Tabular for Finding {
    const COLUMNS: &'static [Column<Self>] = &[
        Column {
            key: "severity",
            header: "SEVERITY",
            align: Align::Left,
            default: true,
            cell: |finding| attention::severity(finding.severity),
        },
        Column {
            key: "object",
            header: "OBJECT",
            align: Align::Left,
            default: true,
            cell: |finding| attention::object(finding.controller, &finding.object.to_string()),
        },
        Column {
            key: "reason",
            header: "REASON",
            align: Align::Prose,
            default: true,
            cell: |finding| finding.reason.clone().into(),
        },
        Column {
            key: "next",
            header: "NEXT",
            align: Align::Prose,
            default: false,
            cell: |finding| finding.next.clone().into(),
        },
        Column {
            key: "code",
            header: "CODE",
            align: Align::Left,
            default: false,
            cell: |finding| finding.code.name().into(),
        },
        Column {
            key: "controller",
            header: "CONTROLLER",
            align: Align::Right,
            default: false,
            cell: |finding| finding.controller.map(|id| id.0).into(),
        },
    ];
}
