//! `check`: validates files and writes nothing; the sender's pre-flight, and a stable machine
//! interface with `--format json`.

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Deserialize;

use super::interrupt::{interrupted, listen};
use super::progress::Bar;
use super::register;
use super::session::{named, not_taken};
use super::{
    CommandError, Common, Exit, Judging, OutputFormat, Prepared, Results, go_on, shown, style, summary,
};
use crate::pipeline::{BatchError, Finished, Hooks, ImportError, Outputs, Sink, file_summary, run};
use crate::report::FileReport;
use crate::rules::Past;
use crate::store;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The files, and folders whose files are validated; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// The known customers and communication numbers: lines of JSON with any of customerExtId, kind
    /// (customer or lead), communicationNumber
    #[arg(long, value_name = "FILE")]
    register: Option<PathBuf>,
    #[command(flatten)]
    results: Results,
    #[command(flatten)]
    judging: Judging,
}

impl Check {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = self.judging.prepare(common)?;
        let past = self.register.as_deref().map(register::load).transpose()?;
        check(&self.paths, &prepared, self.results.format, past)
            .map(|exit| exit.zero_for_rejected(self.results.exit_zero))
    }
}

/// Checks files and those of folders one after the other; each sees the same past.
pub(super) fn check(
    paths: &[PathBuf],
    prepared: &Prepared,
    format: OutputFormat,
    past: Option<Past>,
) -> Result<Exit, CommandError> {
    listen();
    let (files, left) = named(paths)?;
    let mut exit = Exit::Success;
    for path in &files {
        let past = past.clone().unwrap_or_else(Past::unknown);
        let ended = match format {
            OutputFormat::Json => json(path, prepared, past),
            OutputFormat::Text => text(path, prepared, past),
        };
        let ended = go_on(ended)?;
        exit = exit.max(ended);
    }
    let mut out = anstream::AutoStream::auto(io::stdout());
    not_taken(&left, format, &mut out)?;
    if files.is_empty() && format == OutputFormat::Text {
        writeln!(out, "nothing to do")?;
    }
    Ok(exit)
}

fn open(path: &Path) -> Result<Box<dyn Read + Send>, CommandError> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    // A link is followed here: nothing is taken away, and the person named it.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    Ok(Box::new(store::open(&path)?))
}

fn judge(
    path: &Path,
    prepared: &Prepared,
    mut past: Past,
    outputs: &mut Outputs<'_>,
) -> Result<Finished, CommandError> {
    let source = open(path)?;
    let name = path.to_string_lossy();
    let bar = Bar::of(path);
    let hooks = Hooks { interrupted: &interrupted, progress: &|progress| bar.show(progress) };
    run(source, &name, &prepared.installation.settings, &mut past, outputs, &hooks).map_err(|error| {
        match error {
            BatchError::Interrupted => CommandError::Interrupted,
            BatchError::Write(error) => CommandError::Output(error),
            source => ImportError::Batch { path: path.to_owned(), source }.into(),
        }
    })
}

/// One line for every record, then one for the file.
fn json(path: &Path, prepared: &Prepared, past: Past) -> Result<Exit, CommandError> {
    let mut out = BufWriter::new(io::stdout());
    let mut outputs = Outputs { reports: Some(Sink::new(&mut out)), report_all: true, ..Outputs::default() };
    let finished = judge(path, prepared, past, &mut outputs)?;
    drop(outputs);
    let name = path.to_string_lossy();
    let file = file_summary(&name, &finished);
    let ended = (finished.failure.as_ref(), finished.aborted.as_ref());
    let (tally, warnings) = (&finished.tally, &finished.warnings);
    let report = FileReport::new(&name, &file, finished.status(), tally, warnings, ended, None);
    serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Exit::of_status(finished.status()))
}

/// The most records whose violations are printed to people.
const RECORDS_SHOWN_MAX: usize = 20;

/// A summary for people, and the first records that have something wrong.
fn text(path: &Path, prepared: &Prepared, past: Past) -> Result<Exit, CommandError> {
    let begun = Instant::now();
    let mut first = FirstLines::default();
    let mut outputs = Outputs { reports: Some(Sink::new(&mut first)), ..Outputs::default() };
    let finished = judge(path, prepared, past, &mut outputs)?;
    drop(outputs);
    let name = path.to_string_lossy();
    let file = file_summary(&name, &finished);
    let mut out = anstream::AutoStream::auto(io::stdout());
    let shown = shown(path);
    let text = summary::FileText {
        name: &shown,
        file: &file,
        status: finished.status(),
        tally: &finished.tally,
        warnings: &finished.warnings,
        failure: finished.failure.as_ref(),
        aborted: finished.aborted.as_ref(),
        seconds: begun.elapsed().as_secs_f64(),
    };
    summary::write(&mut out, &text)?;
    if finished.failure.is_none() {
        first.print(&mut out)?;
    }
    writeln!(out)?;
    Ok(Exit::of_status(finished.status()))
}

/// Keeps the first lines that are written, and counts the others.
#[derive(Debug, Default)]
struct FirstLines {
    lines: Vec<u8>,
    kept: usize,
    passed: usize,
}

impl Write for FirstLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.kept < RECORDS_SHOWN_MAX {
                self.lines.extend_from_slice(line);
                self.kept += 1;
            } else {
                self.passed += 1;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is printed of a report.
#[derive(Deserialize)]
struct Report {
    record: u64,
    row: u64,
    errors: Vec<Violation>,
    warnings: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    code: String,
    field: String,
    message: String,
    hint: String,
    line: u64,
    column: u64,
}

impl FirstLines {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in self.lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let report: Report = serde_json::from_slice(line)?;
            let (bold, reset) = (style::STRONG, style::RESET);
            writeln!(out, "\n  {bold}row {}{reset} (record {})", report.row, report.record)?;
            let errors = report.errors.iter().map(|violation| (style::BAD, violation));
            let warnings = report.warnings.iter().map(|violation| (style::MIXED, violation));
            for (colour, violation) in errors.chain(warnings) {
                let Violation { code, field, message, hint, line, column } = violation;
                writeln!(out, "    {colour}{code}{reset}  {field}  line {line}, column {column}")?;
                writeln!(out, "      {message}")?;
                if !hint.is_empty() {
                    writeln!(out, "      {hint}")?;
                }
            }
        }
        if self.passed > 0 {
            writeln!(out, "\n  and {} more records; --format json prints all of them", self.passed)?;
        }
        Ok(())
    }
}
