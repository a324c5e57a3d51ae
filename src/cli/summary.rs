//! What a run looks like on a terminal: one paragraph per file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{shown, style};
use crate::contract::Severity;
use crate::format::FileFailure;
use crate::pipeline::Workbook;
use crate::report::{Aborted, BatchStatus, FileSummary, FindingSummary, Tally};
use crate::rules::Violation;

/// The most lines of findings that are printed; `errors.csv` holds all.
const FINDINGS_MAX: usize = 20;

/// What is printed about a file.
pub struct FileText<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is known of it.
    pub file: &'a FileSummary,
    /// What became of it.
    pub status: BatchStatus,
    /// What was counted.
    pub tally: &'a Tally,
    /// Warnings that hold for the whole file.
    pub warnings: &'a [Violation],
    /// Why it could not be read.
    pub failure: Option<&'a FileFailure>,
    /// Why nothing is imported, although it could be read.
    pub aborted: Option<&'a Aborted>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Prints the first lines: file, format, counts, what was found.
pub fn write(out: &mut dyn Write, text: &FileText<'_>) -> io::Result<()> {
    let FileText { name, file, status, tally, failure, seconds, .. } = text;
    let colour = style::of_status(*status);
    let mut facts: Vec<String> = Vec::new();
    facts.extend(file.format.map(str::to_owned));
    if let Some(delimiter) = file.delimiter.filter(|delimiter| *delimiter != '\t') {
        facts.push(format!("'{delimiter}'"));
    }
    facts.extend(file.encoding.clone());
    facts.extend(file.source.as_ref().map(|source| format!("source {}", clean(source))));
    let records = match (failure, tally.counts.read) {
        (Some(_), _) | (None, 0) => String::new(),
        (None, 1) => "1 record   ".to_owned(),
        (None, read) => format!("{read} records   "),
    };
    let (bold, reset) = (style::STRONG, style::RESET);
    writeln!(
        out,
        "{bold}{name}{reset}   {}   {records}{seconds:.2} s   {colour}{}{reset}",
        facts.join(" "),
        status.words()
    )?;
    if let Some(failure) = failure {
        writeln!(out, "  {failure}")?;
        writeln!(out, "\n  fix   {}", failure.hint)?;
        writeln!(out, "  why   kyc-import explain {}", failure.part.segment)?;
        return Ok(());
    }
    if !status.is_imported() && text.aborted.is_none() {
        return Ok(());
    }
    if let Some(aborted) = text.aborted {
        writeln!(out, "  {} ({})", aborted.message, aborted.setting)?;
        writeln!(out, "  nothing is imported\n\n  fix   {}", aborted.hint)?;
    }
    let counts = &tally.counts;
    write!(out, "  accepted {}   rejected {}", counts.accepted, counts.rejected)?;
    if counts.with_warnings > 0 {
        write!(out, "   with warnings {}", counts.with_warnings)?;
    }
    writeln!(out)?;
    for warning in text.warnings {
        writeln!(out, "  {}  {}  {}", warning.code, warning.message, warning.hint)?;
    }
    findings(out, tally)
}

/// A text of the settings as the terminal shows it.
fn clean(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}

fn findings(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    let errors = FindingSummary::list(tally, Severity::Error);
    let warnings = FindingSummary::list(tally, Severity::Warning);
    let all: Vec<&FindingSummary> = errors.iter().chain(&warnings).collect();
    if all.is_empty() {
        return Ok(());
    }
    let width = |text: fn(&FindingSummary) -> &str, head: &str| {
        all.iter()
            .take(FINDINGS_MAX)
            .map(|finding| text(finding).chars().count())
            .chain([head.len()])
            .max()
            .unwrap_or(0)
    };
    let code = width(|finding| &finding.code, "code");
    let field = width(|finding| &finding.field, "field");
    let (faint, reset) = (style::FAINT, style::RESET);
    writeln!(out, "\n  {faint}{:>7}  {:code$}  {:field$}  problem{reset}", "records", "code", "field")?;
    for finding in all.iter().take(FINDINGS_MAX) {
        let FindingSummary { count, problem, .. } = finding;
        writeln!(out, "  {count:>7}  {:code$}  {:field$}  {problem}", finding.code, finding.field)?;
    }
    if all.len() > FINDINGS_MAX {
        writeln!(out, "  {faint}and {} more kinds{reset}", all.len() - FINDINGS_MAX)?;
    }
    Ok(())
}

/// Prints what a person does next.
pub fn write_next_steps(
    out: &mut dyn Write,
    tally: &Tally,
    (to_correct, workbook): (&[PathBuf], Workbook),
    folder: &Path,
    inbox: &Path,
) -> io::Result<()> {
    writeln!(out)?;
    if let Some((first, others)) = to_correct.split_first() {
        let others: String = others
            .iter()
            .filter_map(|other| other.extension())
            .map(|extension| format!(" (or .{})", extension.to_string_lossy()))
            .collect();
        writeln!(out, "  fix   {}{others}, then drop it into {}/", shown(first), shown(inbox))?;
        if let Some(omission) = workbook.omitted() {
            writeln!(out, "        (no workbook: {omission})")?;
        }
    }
    let first = tally.findings.keys().find(|finding| finding.severity == Severity::Error);
    if let Some(first) = first {
        writeln!(out, "  why   kyc-import explain {}", first.code)?;
    }
    writeln!(out, "  all   {}/", shown(folder))
}
