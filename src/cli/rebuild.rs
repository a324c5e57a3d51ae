//! `rebuild-ledger`: the ledger and the register from what was published and archived.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use serde::Deserialize;
use serde_json::Value;

use super::session::lock;
use super::words::counted;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::contract::CUSTOMER;
use crate::contract::tables::customer::{
    COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY,
};
use crate::digest::Digest;
use crate::pipeline::{ACCEPTED, SUMMARY};
use crate::report::{BatchStatus, Counts};
use crate::rules::is_lead;
use crate::store::ledger::{
    Commit, Entry, KnownRecord, NewRecord, Origin, Rebuilt, Register, Snapshot, Taking,
};
use crate::store::{self, Folders, Ledger, Manifest};

/// The arguments of `rebuild-ledger`.
#[derive(Debug, clap::Args)]
pub struct RebuildLedger {
    /// Do it although there is a ledger; it is kept beside the new one
    #[arg(long)]
    replace: bool,
}

/// A published batch, as its files tell of it.
struct Found {
    folder: PathBuf,
    manifest: Manifest,
    manifest_hash: String,
    summary: Summary,
}

/// What the ledger knows of a batch, as its summary tells it.
#[derive(Deserialize)]
struct Summary {
    status: BatchStatus,
    file: SummaryFile,
    origin: SummaryOrigin,
    times: SummaryTimes,
    records: Counts,
}

#[derive(Deserialize)]
struct SummaryFile {
    bytes: u64,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SummaryOrigin {
    path: PathBuf,
    archived: Option<PathBuf>,
    reprocess_of: Option<String>,
    withdrawn: Option<u64>,
    supersedes: Option<String>,
}

#[derive(Deserialize)]
struct SummaryTimes {
    started: String,
    finished: String,
}

impl SummaryOrigin {
    /// Whether the file was the rejected file in the folder of the batch that it corrects.
    fn is_of_batch(&self) -> bool {
        let folder = self.path.parent().and_then(Path::file_name).map(OsStr::to_string_lossy);
        folder.is_some_and(|folder| self.reprocess_of.as_deref() == Some(&*folder))
    }

    fn of_row(&self, archive: &Path) -> Origin {
        match self.archived {
            Some(_) => Origin::Inbox,
            None if self.is_of_batch() || self.path.starts_with(archive) => Origin::Reprocess,
            None => Origin::Named,
        }
    }
}

impl RebuildLedger {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = Judging::default().prepare(common)?;
        let folders = &prepared.installation.folders;
        let _lock = lock(&prepared.installation)?;
        if Ledger::exists(&folders.state) && !self.replace {
            return Err(CommandError::Usage(format!(
                "{} holds a ledger; `kyc-import status` says whether it is sound. With --replace a new one is made, and the old one is kept beside it",
                shown(&folders.state)
            )));
        }
        if Ledger::finish_rebuilding(&folders.state)? {
            writeln!(std::io::stdout(), "a ledger that was rebuilt before has taken its place\n{LEFT_OUT}")?;
            return Ok(Exit::Success);
        }
        // It is made beside the old one, and takes its place when it is complete.
        let aside = Ledger::begin_rebuilding(&folders.state)?;
        let mut ledger = Ledger::open(&aside, folders.modes)?;
        let mut register = Register::load(&ledger, prepared.installation.identifiers_bytes_max)?;
        let found = found(folders)?;
        let superseded: Vec<&String> =
            found.iter().filter_map(|found| found.summary.origin.supersedes.as_ref()).collect();
        let mut ids = HashMap::new();
        let mut records = 0;
        for found in &found {
            let name = &found.manifest.batch;
            let is_void = superseded.contains(&name);
            let (id, count) = one(found, (&ids, &folders.archive), is_void, &mut ledger, &mut register)?;
            records += count;
            ids.insert(name.clone(), id);
        }
        let carried = carry_over(folders, &mut ledger, &mut register)?;
        drop(register);
        let mark = Utc::now().format("%Y%m%dT%H%M%S%.3f").to_string();
        if let Some(kept) = ledger.end_rebuilding(&folders.state, &mark)? {
            writeln!(std::io::stdout(), "the old ledger is kept: {}", shown(&kept))?;
        }
        let mut out = std::io::stdout();
        if carried.records > 0 {
            let records = counted(carried.records, "record was", "records were");
            writeln!(out, "{records} known to the old ledger alone")?;
        }
        let (batches, records) =
            (counted(found.len() as u64, "batch", "batches"), counted(records, "record", "records"));
        writeln!(out, "found {batches} and {records} of the register")?;
        if !carried.is_all {
            writeln!(out, "{LEFT_OUT}")?;
        }
        Ok(Exit::Success)
    }
}

/// What a rebuilt ledger does not know.
const LEFT_OUT: &str = "what the old ledger alone knew and could not be read has to be imported again: records of \
                        `kyc-import register import`, and those of batches that were purged";

/// How many records are taken from the old ledger at a time.
const CARRIED_AT_ONCE: usize = 50_000;

/// What was taken from the old ledger.
#[derive(Debug, Default)]
struct Carried {
    records: u64,
    /// Whether the old ledger could be read as a whole.
    is_all: bool,
}

/// Takes what only the old ledger knows, if it can still be read: records of folders that were purged or
/// taken away, and those that `register import` brought.
fn carry_over(
    folders: &Folders,
    ledger: &mut Ledger,
    register: &mut Register,
) -> Result<Carried, CommandError> {
    if !Ledger::exists(&folders.state) {
        return Ok(Carried::default());
    }
    let read = match Ledger::open_to_read(&folders.state) {
        // An empty file, which tells nothing of what was there.
        Ok(None) => return Ok(Carried::default()),
        Ok(Some(old)) => Snapshot::take_sound(&old),
        Err(error) => Err(error),
    };
    let (known, fault) = match read {
        // It never knew a record.
        Ok(None) => return Ok(Carried { records: 0, is_all: true }),
        Ok(Some((known, fault))) => (Some(known), fault),
        Err(error) => (None, Some(error)),
    };
    let is_all = fault.is_none();
    if let Some(fault) = fault {
        writeln!(
            std::io::stderr(),
            "not all that the old ledger alone knows could be read, such as records of batches that were purged: {fault}"
        )?;
    }
    let Some(known) = known else { return Ok(Carried::default()) };
    let mut records = 0;
    let mut some: Vec<KnownRecord> = Vec::new();
    known.export(|record| -> Result<(), CommandError> {
        some.push(record);
        if some.len() == CARRIED_AT_ONCE {
            records += register.import(ledger, some.drain(..).map(Ok::<_, CommandError>))?;
        }
        Ok(())
    })?;
    records += register.import(ledger, some.into_iter().map(Ok::<_, CommandError>))?;
    Ok(Carried { records, is_all })
}

/// Every published batch, in the order in which they were decided.
fn found(folders: &Folders) -> Result<Vec<Found>, CommandError> {
    let mut found = Vec::new();
    for folder in store::published(&folders.outbox)? {
        let (manifest, manifest_hash) = store::read_manifest(&folder)?;
        if folder.file_name() != Some(OsStr::new(&manifest.batch)) {
            let (folder, batch) = (shown(&folder), shown(Path::new(&manifest.batch)));
            return Err(CommandError::Usage(format!("{folder} holds the batch {batch}: move it away")));
        }
        let summary = summary(&folder.join(SUMMARY), &manifest).map_err(|fault| {
            CommandError::Usage(format!("{fault}; restore it from a backup, or move the folder away"))
        })?;
        found.push(Found { folder, manifest, manifest_hash, summary });
    }
    found.sort_by(|one, other| one.summary.times.finished.cmp(&other.summary.times.finished));
    Ok(found)
}

/// The summary of a batch, if it is the one that its manifest lists.
fn summary(path: &Path, manifest: &Manifest) -> Result<Summary, String> {
    let mut text = Vec::new();
    store::open(path)
        .map_err(|error| error.to_string())?
        .read_to_end(&mut text)
        .map_err(|error| format!("cannot read {}: {error}", shown(path)))?;
    let hash = Digest::of(&text).hex();
    if !manifest.files.iter().any(|file| file.name == SUMMARY && file.sha256 == hash) {
        return Err(format!("{} was changed", shown(path)));
    }
    serde_json::from_slice(&text)
        .map_err(|_| format!("{} is not a summary that this version can read", shown(path)))
}

/// Writes one batch with its records.
fn one(
    found: &Found,
    (ids, archive): (&HashMap<String, i64>, &Path),
    is_void: bool,
    ledger: &mut Ledger,
    register: &mut Register,
) -> Result<(i64, u64), CommandError> {
    let Summary { status, file, origin, times, records } = &found.summary;
    let imported = status.is_imported();
    let id_of = |batch: &Option<String>| batch.as_ref().and_then(|batch| ids.get(batch).copied());
    let rebuilt = Rebuilt {
        origin: origin.of_row(archive),
        path: origin.path.clone(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        claimed_at: times.started.clone(),
    };
    let id = ledger.begin_rebuilt(&rebuilt)?;
    // The same bytes may have been imported twice while a ledger was lost: only the first stand for them.
    let counts = imported
        && records.read > 0
        && !is_void
        && !origin.is_of_batch()
        && ledger.effective(&file.sha256)?.is_none();
    let commit = Commit {
        batch: found.manifest.batch.clone(),
        status: status.word().to_owned(),
        counts: [records.read, records.accepted, records.rejected, records.with_warnings],
        sha256: None,
        effective: counts.then(|| file.sha256.clone()),
        parent: id_of(&origin.reprocess_of),
        takes_over: imported && origin.withdrawn.is_some(),
        supersedes: id_of(&origin.supersedes),
        withdrawn: origin.withdrawn.unwrap_or_default(),
        open: imported && !is_void && records.rejected > 0,
        manifest: found.manifest_hash.clone(),
        files: found.manifest.files.clone(),
        archived: origin.archived.as_deref().map(store::below_archive),
        findings: Vec::new(),
        note: Some("rebuilt from its folder".to_owned()),
        at: times.finished.clone(),
    };
    let mut taking = Taking::begin(ledger, register, id, None)?;
    let mut count = 0;
    let accepted = found.manifest.files.iter().filter(|file| file.name == ACCEPTED);
    for file in accepted.filter(|_| imported && !is_void) {
        let path = found.folder.join(&file.name);
        if store::hash(&path)?.as_ref() != Some(&file.sha256) {
            let path = shown(&path);
            return Err(CommandError::Usage(format!("{path} was changed; restore it from a backup")));
        }
        count += take(&found.folder.join(&file.name), &mut taking)?;
    }
    taking.commit(None, &commit)?;
    ledger.end_rebuilt(id, &commit.at)?;
    Ok((id, count))
}

/// Takes the accepted records of a file, one a line.
fn take(path: &Path, taking: &mut Taking<'_>) -> Result<u64, CommandError> {
    let failed =
        || CommandError::Usage(format!("{} is not what was accepted; restore it from a backup", shown(path)));
    let file = BufReader::new(store::open(path)?);
    let (mut count, mut line) = (0, Vec::new());
    let keys = taking.keys().clone();
    let mut one = |record: &Value| -> Result<(), CommandError> {
        let text = |field: usize| record[CUSTOMER.fields[field].name].as_str();
        let category = text(RISK_MANAGEMENT_CATEGORY);
        count += 1;
        let record = NewRecord(
            text(CUSTOMER_EXT_ID),
            text(COMMUNICATION_NUMBER),
            category.is_some_and(is_lead),
            text(ENTITY_TYPE),
            category,
            text(CUSTOMER_STATUS),
        );
        let entry = Entry::of(&record, &keys, &mut line);
        let known = taking.known(&entry)?;
        Ok(taking.take(&entry, &known)?)
    };
    for text in file.lines() {
        let text = text.map_err(|_| failed())?;
        one(&serde_json::from_str(&text).map_err(|_| failed())?)?;
    }
    Ok(count)
}
