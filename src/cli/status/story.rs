//! The story of one batch: everything the ledger knows of it.

use std::io::Write;

use serde::Serialize;

use super::super::words::{counted, hanging};
use super::super::{CommandError, shown, style};
use super::{Line, words};
use crate::pipeline::SUMMARY;
use crate::store::ledger::{Attempt, BatchRow, Origin, State};
use crate::store::{Folders, Ledger};

/// Everything the ledger knows of one batch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Story {
    #[serde(flatten)]
    line: Line,
    file: String,
    origin: Origin,
    bytes: Option<u64>,
    sha256: Option<String>,
    committed: Option<String>,
    done: Option<String>,
    archived: Option<String>,
    folder: String,
    corrects: Option<String>,
    withdrawn: u64,
    supersedes: Option<String>,
    replaced_by: Option<String>,
    waits_for_correction: bool,
    /// From the first batch to the last one that corrected, reprocessed or superseded it.
    chain: Vec<Line>,
    attempts: Vec<AttemptLine>,
    outputs: Vec<String>,
    note: Option<String>,
    /// What `summary.json` says, where the folder is still there.
    summary: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct AttemptLine {
    number: u32,
    started: String,
    ended: Option<String>,
    outcome: Option<String>,
}

impl From<Attempt> for AttemptLine {
    fn from(attempt: Attempt) -> Self {
        let Attempt { number, started_at, ended_at, outcome } = attempt;
        Self { number, started: started_at, ended: ended_at, outcome }
    }
}

impl Story {
    /// Gathers it.
    pub fn of(ledger: &Ledger, folders: &Folders, row: &BatchRow) -> Result<Self, CommandError> {
        let name = |id: Option<i64>| -> Result<Option<String>, CommandError> {
            Ok(id.map(|id| ledger.batch_by_id(id)).transpose()?.flatten().and_then(|row| row.batch))
        };
        let folder = folders.outbox.join(row.batch.as_deref().unwrap_or_default());
        let summary = std::fs::read(folder.join(SUMMARY)).ok();
        Ok(Self {
            file: shown(&row.path),
            origin: row.origin,
            bytes: row.bytes,
            sha256: row.sha256.clone(),
            committed: row.committed_at.clone(),
            done: row.done_at.clone(),
            archived: row.original(folders).as_deref().map(shown),
            folder: shown(&folder),
            corrects: name(row.parent)?,
            withdrawn: row.withdrawn,
            supersedes: name(row.supersedes)?,
            replaced_by: name(row.replaced_by)?,
            waits_for_correction: row.open,
            chain: ledger.chain(row)?.into_iter().map(Line::of).collect(),
            attempts: ledger.attempts(row.id)?.into_iter().map(AttemptLine::from).collect(),
            outputs: ledger.files(row.id)?.into_iter().map(|file| file.name).collect(),
            note: row.note.clone(),
            summary: summary.and_then(|text| serde_json::from_slice(&text).ok()),
            line: Line::of(row.clone()),
        })
    }

    /// Prints it for people.
    pub fn print(&self, out: &mut dyn Write) -> Result<(), CommandError> {
        let (strong, reset) = (style::STRONG, style::RESET);
        let Line { batch, status, read, accepted, rejected, with_warnings, state, .. } = &self.line;
        writeln!(out, "{strong}{batch}{reset}  {}", words(status))?;
        writeln!(
            out,
            "  records   read {read}, accepted {accepted}, rejected {rejected}, with warnings {with_warnings}"
        )?;
        let mut line = |name: &str, value: Option<&str>| match value {
            Some(value) => writeln!(out, "  {name:9} {value}"),
            None => Ok(()),
        };
        line("file", Some(&self.file))?;
        line("origin", Some(origin_words(self.origin)))?;
        line("sha256", self.sha256.as_deref())?;
        line("folder", Some(&self.folder))?;
        line("original", self.archived.as_deref())?;
        line("claimed", Some(&self.line.claimed))?;
        line("decided", self.committed.as_deref())?;
        line("done", self.done.as_deref())?;
        line("state", (*state != State::Done).then_some(state.word()))?;
        line("corrects", self.corrects.as_deref())?;
        line(
            "withdrew",
            (self.withdrawn > 0)
                .then(|| {
                    format!(
                        "{} not come back",
                        counted(self.withdrawn, "record that did", "records that did")
                    )
                })
                .as_deref(),
        )?;
        line("replaces", self.supersedes.as_deref())?;
        line("replaced", self.replaced_by.as_deref())?;
        line("waits", self.waits_for_correction.then_some("for the correction of its rejected records"))?;
        line("note", self.note.as_deref())?;
        if self.chain.len() > 1 {
            writeln!(out, "\n  chain")?;
            let width = self.chain.iter().map(|line| line.batch.chars().count()).max().unwrap_or(0);
            for Line { batch, status, accepted, rejected, .. } in &self.chain {
                let status = words(status);
                writeln!(out, "    {batch:width$}  {status:18}  accepted {accepted}  rejected {rejected}")?;
            }
        }
        writeln!(out, "\n  attempts")?;
        for AttemptLine { number, started, ended, outcome } in &self.attempts {
            let end = ended.as_deref().unwrap_or("no end: it was killed, or goes on");
            writeln!(
                out,
                "    {number}  {started}  {end}  {}",
                words(outcome.as_deref().unwrap_or_default())
            )?;
        }
        self.print_findings(out)?;
        writeln!(out, "\n  files\n    {}", hanging(&self.outputs.join(" "), 4))?;
        Ok(())
    }

    fn print_findings(&self, out: &mut dyn Write) -> Result<(), CommandError> {
        let Some(summary) = &self.summary else { return Ok(()) };
        let errors = summary["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !errors.is_empty() {
            writeln!(out, "\n  errors")?;
        }
        for error in errors {
            let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
            let (count, code) = (error["count"].as_u64().unwrap_or(0), text("code"));
            writeln!(out, "{}", format!("    {count:>7}  {code}  {}", text("field")).trim_end())?;
            writeln!(out, "             {}", hanging(&text("problem"), 13))?;
        }
        Ok(())
    }
}

/// Where a file came from, as people read it.
fn origin_words(origin: Origin) -> &'static str {
    match origin {
        Origin::Inbox => "dropped into the inbox",
        Origin::Named => "named on the command line, read in place",
        Origin::Reprocess => "read again by `reprocess`",
    }
}
