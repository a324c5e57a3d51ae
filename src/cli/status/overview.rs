//! The overview: the last batches, what waits for a correction, what waits in the inbox, and the ledger's health.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::words::{counted, hanging};
use super::super::{CommandError, shown, style};
use super::{Line, words};
use crate::config::Config;
use crate::pipeline::look_at;
use crate::store::ledger::State;
use crate::store::{self, Copied, Folders, Inbox, Ledger, Readiness, Waiting};

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
    state: State,
    since: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    batches: Vec<Line>,
    to_correct: Vec<Open>,
    /// Changed copies of batches that wait no longer: they are a person's, and stay.
    left_copies: Vec<String>,
    inbox: Vec<Waits>,
    ledger: Option<Health>,
}

impl Overview {
    /// Gathers it, with so many of the last batches.
    pub fn of(
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

    /// Prints it for people.
    pub fn print(&self, out: &mut dyn Write) -> Result<(), CommandError> {
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
            if line.state != State::Done {
                writeln!(out, "      {batch} is not done yet: {}", line.state.word())?;
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
                "  {file}  {} since {since}: the running instance has it, or the next start takes it up",
                state.word()
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
        state: row.state,
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
