//! What a run looks like on a terminal: one paragraph per file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::words::{counted, hanging, width, wrapped, wrapped_path};
use super::{shown, style};
use crate::contract::Severity;
use crate::format::FileFailure;
use crate::pipeline::Workbook;
use crate::printable::printable;
use crate::report::{Aborted, BatchStatus, FileSummary, FindingSummary, Tally};
use crate::rules::Violation;

/// The most lines of findings that are printed; `errors.csv` holds all.
const FINDINGS_MAX: usize = 20;

/// The fewest columns that a column of problems is worth having; otherwise they stand below their fields.
const PROBLEM_COLUMNS_MIN: usize = 30;

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
    facts.extend(file.source.as_ref().map(|source| format!("source {}", printable(source))));
    let records = match (failure, tally.counts.read) {
        (Some(_), _) | (None, 0) => String::new(),
        (None, read) => counted(read, "record", "records"),
    };
    let parts = [facts.join(" "), records, format!("{seconds:.2} s")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let (bold, reset) = (style::STRONG, style::RESET);
    writeln!(out, "{bold}{name}{reset}   {}   {colour}{}{reset}", parts.join("   "), status.words())?;
    if let Some(failure) = failure {
        writeln!(out, "  {}", hanging(&failure.to_string(), 2))?;
        writeln!(out, "\n  fix   {}", hanging(&failure.hint, 8))?;
        writeln!(out, "  why   kyc-import explain {}", failure.part.segment)?;
        return Ok(());
    }
    if !status.is_imported() && text.aborted.is_none() {
        return Ok(());
    }
    if let Some(aborted) = text.aborted {
        writeln!(out, "  {}", hanging(&format!("{} ({})", aborted.message, aborted.setting), 2))?;
        writeln!(out, "  nothing is imported")?;
    }
    let counts = &tally.counts;
    write!(out, "  accepted {}   rejected {}", counts.accepted, counts.rejected)?;
    if counts.with_warnings > 0 {
        write!(out, "   with warnings {}", counts.with_warnings)?;
    }
    writeln!(out)?;
    for warning in text.warnings.iter().take(FINDINGS_MAX) {
        let text = format!("{}. {}", warning.message, warning.hint);
        writeln!(out, "  {}  {}", warning.code, hanging(&text, warning.code.to_string().len() + 4))?;
    }
    if text.warnings.len() > FINDINGS_MAX {
        let more = text.warnings.len() - FINDINGS_MAX;
        writeln!(out, "  {}and {more} more warnings of the file{}", style::FAINT, style::RESET)?;
    }
    findings(out, tally)?;
    if let Some(aborted) = text.aborted {
        writeln!(out, "\n  fix   {}", hanging(aborted.hint, 8))?;
    }
    Ok(())
}

fn findings(out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
    let errors = FindingSummary::list(tally, Severity::Error);
    let warnings = FindingSummary::list(tally, Severity::Warning);
    let all: Vec<&FindingSummary> = errors.iter().chain(&warnings).collect();
    if all.is_empty() {
        return Ok(());
    }
    let shown = &all[..all.len().min(FINDINGS_MAX)];
    let longest = |text: fn(&FindingSummary) -> &str, head: &str| {
        shown.iter().map(|finding| text(finding).chars().count()).chain([head.len()]).max().unwrap_or(0)
    };
    let code = longest(|finding| &finding.code, "code");
    let field = longest(|finding| &finding.field, "field");
    // Behind two blanks, the number, and two blanks; the code; two blanks.
    let at_field = 2 + 7 + 2 + code + 2;
    let at_problem = at_field + field + 2;
    let (faint, reset) = (style::FAINT, style::RESET);
    let head = |rest: &str| format!("{faint}{:>7}  {:code$}  {rest}{reset}", "records", "code");
    let is_narrow = at_problem + PROBLEM_COLUMNS_MIN > width();
    match is_narrow {
        true => writeln!(out, "\n  {}", head("field, and problem"))?,
        false => writeln!(out, "\n  {}", head(&format!("{:field$}  problem", "field")))?,
    }
    for FindingSummary { count, problem, code: found, field: path, .. } in shown {
        let start = format!("  {count:>7}  {found:code$}");
        if is_narrow {
            // What has no field has its problem in its place.
            let left = width().saturating_sub(at_field).max(1);
            let path = wrapped_path(path, left).into_iter().filter(|line| !line.is_empty());
            let lines: Vec<String> = path.chain(wrapped(problem, left)).collect();
            writeln!(out, "{start}  {}", lines.join(&format!("\n{:at_field$}", "")))?;
        } else {
            writeln!(out, "{start}  {path:field$}  {}", hanging(problem, at_problem))?;
        }
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
        let fix = format!("{}{others}, then drop it into {}/", shown(first), shown(inbox));
        writeln!(out, "  fix   {}", hanging(&fix, 8))?;
        if let Some(omission) = workbook.omitted() {
            writeln!(out, "        {}", hanging(&format!("(no workbook: {omission})"), 8))?;
        }
    }
    let first = tally.findings.keys().find(|finding| finding.severity == Severity::Error);
    if let Some(first) = first {
        writeln!(out, "  why   kyc-import explain {}", first.code)?;
    }
    writeln!(out, "  all   {}/", shown(folder))
}
