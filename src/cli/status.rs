//! `status`: the last batches, what waits for a correction, what waits in the inbox; or the story of one batch.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::words::{counted, hanging};
use super::{CommandError, Common, Exit, OutputFormat, shown, style};
use crate::config::Config;
use crate::contract::near::nearest;
use crate::pipeline::{SUMMARY, look_at};
use crate::store::ledger::{Attempt, BatchRow, State};
use crate::store::{self, Copied, Folders, Inbox, Ledger, Readiness, Waiting};

/// The arguments of `status`.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// The batch whose story is told: its name, or a part of it that no other has
    #[arg(value_name = "BATCH")]
    batch: Option<String>,
    /// How many of the last batches are shown
    #[arg(long, default_value = "10", value_name = "N")]
    last: u32,
    /// How results are printed
    #[arg(long, value_enum, default_value = "text", env = "KYC_IMPORT_FORMAT")]
    format: OutputFormat,
}

/// A batch in one line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    batch: String,
    status: String,
    state: &'static str,
    claimed: String,
    read: u64,
    accepted: u64,
    rejected: u64,
    with_warnings: u64,
}

/// An open correction.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Open {
    batch: String,
    rejected: u64,
    since: String,
    age_seconds: i64,
    copies: Vec<Copy>,
}

#[derive(Serialize)]
struct Copy {
    path: String,
    state: &'static str,
}

/// A file of the inbox that is not taken yet.
#[derive(Serialize)]
struct Waits {
    file: String,
    reason: &'static str,
}

/// The health of the ledger.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    path: String,
    sound: bool,
    fault: Option<String>,
    batches: u64,
    records: u64,
    /// Files that were begun and are not done: a running or a killed instance has them.
    unfinished: Vec<Unfinished>,
}

#[derive(Serialize)]
struct Unfinished {
    file: String,
    state: &'static str,
    since: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Overview {
    batches: Vec<Line>,
    to_correct: Vec<Open>,
    /// Changed copies of batches that wait no longer: they are a person's, and stay.
    left_copies: Vec<String>,
    inbox: Vec<Waits>,
    ledger: Option<Health>,
}

impl Status {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let config = common.load()?;
        let folders = config.folders(&common.root)?;
        let ledger = Ledger::open_to_read(&folders.state)?;
        let mut out = anstream::AutoStream::auto(io::stdout());
        if let Some(name) = &self.batch {
            let Some(ledger) = ledger else {
                return Err(CommandError::Usage(format!(
                    "{}: there is no ledger yet",
                    shown(&folders.state)
                )));
            };
            let row = find(&ledger, name)?;
            let story = Story::of(&ledger, &folders, &row)?;
            match self.format {
                OutputFormat::Json => print_json(&mut out, &story)?,
                OutputFormat::Text => story.print(&mut out)?,
            }
            return Ok(Exit::Success);
        }
        let overview = Overview::of(ledger.as_ref(), &config, &folders, self.last)?;
        match self.format {
            OutputFormat::Json => print_json(&mut out, &overview)?,
            OutputFormat::Text => overview.print(&mut out)?,
        }
        Ok(Exit::Success)
    }
}

fn print_json(out: &mut dyn Write, value: &impl Serialize) -> Result<(), CommandError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// A batch by its name, or by a part of it that no other has.
pub(super) fn find(ledger: &Ledger, name: &str) -> Result<BatchRow, CommandError> {
    if let Some(row) = ledger.batch(name)? {
        return Ok(row);
    }
    let mut like = ledger.batches_like(name)?;
    match like.len() {
        1 => Ok(like.remove(0)),
        0 => {
            let known = ledger.all_batches()?;
            let names: Vec<&str> = known.iter().filter_map(|row| row.batch.as_deref()).collect();
            // Who misspells a name often has other digits behind it, or none.
            let stem = |name: &'_ str| name.split('.').next().unwrap_or_default().to_owned();
            let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
            let near = nearest(name, names.iter().copied()).or_else(|| {
                let near = nearest(&stem(name), stems.iter().map(String::as_str))?;
                names.iter().zip(&stems).find(|(_, stem)| *stem == near).map(|(name, _)| *name)
            });
            let meant = near.map_or_else(|| ";".to_owned(), |near| format!("; did you mean {near}?"));
            let name = shown(Path::new(name));
            Err(CommandError::Usage(format!(
                "the ledger knows no batch {name}{meant} `kyc-import status` lists the last ones"
            )))
        }
        _ => {
            let names: Vec<String> = like.into_iter().filter_map(|row| row.batch).collect();
            Err(CommandError::Usage(format!(
                "several batches have {name} in their name: {}",
                names.join(", ")
            )))
        }
    }
}

impl Line {
    fn of(row: BatchRow) -> Self {
        Self {
            batch: row.batch.unwrap_or_default(),
            status: row.status.unwrap_or_default(),
            state: row.state.word(),
            claimed: row.claimed_at,
            read: row.read,
            accepted: row.accepted,
            rejected: row.rejected,
            with_warnings: row.with_warnings,
        }
    }
}

impl Overview {
    fn of(
        ledger: Option<&Ledger>,
        config: &Config,
        folders: &Folders,
        last: u32,
    ) -> Result<Self, CommandError> {
        let mut to_correct = Vec::new();
        let mut offered: Vec<PathBuf> = Vec::new();
        for row in ledger.map(Ledger::open_batches).transpose()?.unwrap_or_default() {
            let Some((ledger, batch)) = ledger.zip(row.batch.clone()) else { continue };
            let mut copies = Vec::new();
            for file in ledger.files(row.id)?.iter().filter(|file| store::is_rejected_file(&file.name)) {
                let path = store::copy_path(&folders.outbox, &batch, &file.name);
                let state = match store::look_at_copy(&folders.outbox, &batch, file) {
                    Copied::AsMade => AS_MADE,
                    Copied::Changed => "changed",
                    Copied::Gone => "moved away",
                };
                copies.push(Copy { path: shown(&path), state });
                offered.push(path);
            }
            let since = row.committed_at.clone().unwrap_or_default();
            let age =
                DateTime::parse_from_rfc3339(&since).map(|since| (Utc::now() - since.to_utc()).num_seconds());
            to_correct.push(Open {
                batch,
                rejected: row.rejected,
                since,
                age_seconds: age.unwrap_or(0),
                copies,
            });
        }
        let copies = store::copies(&folders.outbox)?;
        Ok(Self {
            batches: ledger
                .map(|ledger| ledger.last_batches(last))
                .transpose()?
                .unwrap_or_default()
                .into_iter()
                .map(Line::of)
                .collect(),
            to_correct,
            left_copies: copies
                .iter()
                .filter(|path| !offered.contains(path))
                .map(|path| shown(path))
                .collect(),
            inbox: waiting(config, folders)?,
            ledger: ledger.map(health).transpose()?,
        })
    }

    fn print(&self, out: &mut dyn Write) -> Result<(), CommandError> {
        let (strong, faint, reset) = (style::STRONG, style::FAINT, style::RESET);
        writeln!(out, "{strong}last batches{reset}")?;
        if !self.batches.is_empty() {
            writeln!(
                out,
                "  {faint}{:16}  {:18}  {:>7}  {:>8}  {:>8}  batch{reset}",
                "time (UTC)", "status", "read", "accepted", "rejected"
            )?;
        }
        for line in &self.batches {
            let Line { batch, status, read, accepted, rejected, .. } = line;
            let at = line.claimed.get(..16).unwrap_or_default().replace('T', " ");
            writeln!(
                out,
                "  {faint}{at}{reset}  {:18}  {read:>7}  {accepted:>8}  {rejected:>8}  {batch}",
                words(status)
            )?;
            if line.state != State::Done.word() {
                writeln!(out, "      {} is not done yet: {}", batch, line.state)?;
            }
        }
        if self.batches.is_empty() {
            writeln!(out, "  none yet")?;
        }
        writeln!(out, "\n{strong}to correct{reset}")?;
        for open in &self.to_correct {
            writeln!(out, "  {}  {} rejected, {}", open.batch, open.rejected, age(open.age_seconds))?;
            for copy in &open.copies {
                let state = copy_words(copy.state);
                writeln!(out, "{}", format!("      {}  {state}", copy.path).trim_end())?;
            }
        }
        if self.to_correct.is_empty() && self.left_copies.is_empty() {
            writeln!(out, "  nothing")?;
        }
        if !self.to_correct.is_empty() {
            let what = "correct the records in one file of each batch and drop it into the inbox";
            writeln!(out, "  {faint}{}{reset}", hanging(what, 2))?;
        }
        for left in &self.left_copies {
            writeln!(
                out,
                "  {left}\n      was changed and belongs to no open batch: yours to keep or remove"
            )?;
        }
        writeln!(out, "\n{strong}inbox{reset}")?;
        for Waits { file, reason } in &self.inbox {
            writeln!(out, "  {file}  {reason}")?;
        }
        if self.inbox.is_empty() {
            writeln!(out, "  empty")?;
        }
        match &self.ledger {
            None => writeln!(out, "\n{strong}ledger{reset}\n  none yet")?,
            Some(health) => health.print(out)?,
        }
        Ok(())
    }
}

impl Health {
    fn print(&self, out: &mut dyn Write) -> Result<(), CommandError> {
        let (strong, reset) = (style::STRONG, style::RESET);
        let soundness = match &self.fault {
            None => "sound".to_owned(),
            Some(fault) => format!("{}damaged{reset}: {fault}; see `kyc-import rebuild-ledger`", style::BAD),
        };
        writeln!(
            out,
            "\n{strong}ledger{reset}\n  {}  {soundness}  {}  {} in the register",
            self.path,
            counted(self.batches, "batch", "batches"),
            counted(self.records, "record", "records")
        )?;
        for Unfinished { file, state, since } in &self.unfinished {
            writeln!(
                out,
                "  {file}  {state} since {since}: the running instance has it, or the next start takes it up"
            )?;
        }
        Ok(())
    }
}

/// A copy in the work list that nobody has touched.
const AS_MADE: &str = "as made";

/// What a person should know of a copy.
fn copy_words(state: &str) -> String {
    if state == AS_MADE { String::new() } else { format!("{state}, not dropped yet") }
}

/// Where a file came from, as people read it.
fn origin_words(origin: &'static str) -> &'static str {
    match origin {
        "INBOX" => "dropped into the inbox",
        "NAMED" => "named on the command line, read in place",
        "REPROCESS" => "read again by `reprocess`",
        other => other,
    }
}

/// A status as people read it.
fn words(status: &str) -> String {
    status.replace('_', " ")
}

/// How long ago, in days, hours or minutes, whichever says enough.
fn age(seconds: i64) -> String {
    match seconds {
        ..120 => "just now".to_owned(),
        120..7_200 => format!("{} minutes ago", seconds / 60),
        7_200..172_800 => format!("{} hours ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// The files of the inbox, each with the reason why it waits.
fn waiting(config: &Config, folders: &Folders) -> Result<Vec<Waits>, CommandError> {
    if !folders.inbox.is_dir() {
        return Ok(Vec::new());
    }
    let file_system = store::fs_kind(&folders.inbox)?;
    let readiness = config.inbox.readiness(file_system)?;
    // One look cannot tell for how long a file has held still, so it is not asked.
    let readiness = Readiness {
        quiet: Duration::ZERO,
        patience: readiness.patience.max(Duration::from_secs(1)),
        ..readiness
    };
    let mut inbox = Inbox::new(&folders.inbox, readiness);
    let seen = look_at(&config.sources()?, |questions| inbox.look(Instant::now(), questions))?;
    let news = seen.into_iter().filter(|candidate| candidate.waiting.is_none_or(Waiting::is_news));
    let waits = news.map(|candidate| Waits {
        file: shown(&candidate.path),
        reason: candidate.waiting.map_or(
            "is taken by the next run, or by the running service when it has held still",
            Waiting::reason,
        ),
    });
    Ok(waits.collect())
}

fn health(ledger: &Ledger) -> Result<Health, CommandError> {
    let fault = ledger.fault()?;
    let (batches, records) = ledger.sizes()?;
    let unfinished = ledger.pending()?.into_iter().map(|row| Unfinished {
        file: shown(&row.path),
        state: row.state.word(),
        since: row.claimed_at,
    });
    Ok(Health {
        path: shown(ledger.path()),
        sound: fault.is_none(),
        fault,
        batches,
        records,
        unfinished: unfinished.collect(),
    })
}

/// Everything the ledger knows of one batch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Story {
    #[serde(flatten)]
    line: Line,
    file: String,
    origin: &'static str,
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

/// The most links of a chain that are followed.
const CHAIN_MAX: usize = 1000;

impl Story {
    fn of(ledger: &Ledger, folders: &Folders, row: &BatchRow) -> Result<Self, CommandError> {
        let name = |id: Option<i64>| -> Result<Option<String>, CommandError> {
            Ok(id.map(|id| ledger.batch_by_id(id)).transpose()?.flatten().and_then(|row| row.batch))
        };
        let folder = folders.outbox.join(row.batch.as_deref().unwrap_or_default());
        let summary = std::fs::read(folder.join(SUMMARY)).ok();
        Ok(Self {
            file: shown(&row.path),
            origin: row.origin.word(),
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
            chain: chain(ledger, row)?.into_iter().map(Line::of).collect(),
            attempts: ledger.attempts(row.id)?.into_iter().map(AttemptLine::from).collect(),
            outputs: ledger.files(row.id)?.into_iter().map(|file| file.name).collect(),
            note: row.note.clone(),
            summary: summary.and_then(|text| serde_json::from_slice(&text).ok()),
            line: Line::of(row.clone()),
        })
    }

    fn print(&self, out: &mut dyn Write) -> Result<(), CommandError> {
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
        line("state", (*state != State::Done.word()).then_some(*state))?;
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

/// The batches before and after one, by correction and supersession.
fn chain(ledger: &Ledger, row: &BatchRow) -> Result<Vec<BatchRow>, CommandError> {
    let mut first = row.clone();
    for _ in 0..CHAIN_MAX {
        let Some(before) = first.parent.or(first.supersedes) else { break };
        let Some(before) = ledger.batch_by_id(before)? else { break };
        first = before;
    }
    let mut chain = vec![first];
    let mut at = 0;
    while at < chain.len() && chain.len() < CHAIN_MAX {
        for child in ledger.children(chain[at].id)? {
            if !chain.iter().any(|known| known.id == child.id) {
                chain.push(child);
            }
        }
        at += 1;
    }
    Ok(chain)
}
