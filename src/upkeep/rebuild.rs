//! The ledger and the register made anew, from what was published and archived.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::contract::CUSTOMER;
use crate::contract::tables::customer::{
    COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY,
};
use crate::digest::Digest;
use crate::pipeline::{ACCEPTED, SUMMARY};
use crate::report::{RecordedOrigin, RecordedSummary};
use crate::rules::is_lead;
use crate::store::ledger::{
    Commit, Entry, KnownRecord, NewRecord, Origin, Rebuilt, Register, Snapshot, Taking,
};
use crate::store::{self, Folders, Ledger, Manifest, StoreError, shown};

/// Why no ledger was made. The old one, if there was one, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// A file operation or a ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A folder of the outbox holds another batch than its name says.
    #[error("{} holds the batch {}: move it away", shown(folder), shown(Path::new(batch)))]
    Misplaced {
        /// The folder.
        folder: PathBuf,
        /// The batch.
        batch: String,
    },
    /// The summary of a batch is not what was published.
    #[error("{0}; restore it from a backup, or move the folder away")]
    Summary(String),
    /// The accepted records of a batch are not what was published.
    #[error("{} {what}; restore it from a backup", shown(path))]
    Accepted {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// How a ledger came to be.
#[derive(Debug)]
pub enum Outcome {
    /// One that was complete before, and killed then, has taken its place. What it holds was told before.
    Finished,
    /// It was made now.
    Made(Made),
}

/// What a ledger was made of.
#[derive(Debug)]
pub struct Made {
    /// The batches of the outbox.
    pub batches: u64,
    /// Their records in the register.
    pub records: u64,
    /// What was taken from the old ledger.
    pub carried: Carried,
    /// Where the old ledger is kept.
    pub kept: Option<PathBuf>,
}

/// What only the old ledger knew: records of folders that were purged or taken away, and those that were imported into
/// the register.
#[derive(Debug, Default)]
pub struct Carried {
    /// How many records were taken.
    pub records: u64,
    /// Whether the old ledger could be read as a whole.
    pub is_all: bool,
    /// What was wrong with it.
    pub fault: Option<StoreError>,
}

/// A published batch, as its files tell of it.
struct Found {
    folder: PathBuf,
    manifest: Manifest,
    manifest_hash: String,
    summary: RecordedSummary,
}

/// Makes the ledger beside the old one, and puts it into its place when it is complete; the old one is kept with the time
/// in its name. The register takes so much memory for its identifiers, in bytes. Only the holder of the lock may.
///
/// # Errors
///
/// When a published batch is not what was published, or a file operation fails.
pub fn rebuild(
    folders: &Folders,
    identifiers_bytes_max: usize,
    now: DateTime<Utc>,
) -> Result<Outcome, RebuildError> {
    if Ledger::finish_rebuilding(&folders.state)? {
        return Ok(Outcome::Finished);
    }
    let aside = Ledger::begin_rebuilding(&folders.state)?;
    let mut ledger = Ledger::open(&aside, folders.modes)?;
    let mut register = Register::load(&ledger, identifiers_bytes_max)?;
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
    let mark = now.format("%Y%m%dT%H%M%S%.3f").to_string();
    let kept = ledger.end_rebuilding(&folders.state, &mark)?;
    Ok(Outcome::Made(Made { batches: found.len() as u64, records, carried, kept }))
}

/// Every published batch, in the order in which they were decided.
fn found(folders: &Folders) -> Result<Vec<Found>, RebuildError> {
    let mut found = Vec::new();
    for folder in store::published(&folders.outbox)? {
        let (manifest, manifest_hash) = store::read_manifest(&folder)?;
        if folder.file_name() != Some(OsStr::new(&manifest.batch)) {
            return Err(RebuildError::Misplaced { folder, batch: manifest.batch });
        }
        let summary = summary(&folder.join(SUMMARY), &manifest).map_err(RebuildError::Summary)?;
        found.push(Found { folder, manifest, manifest_hash, summary });
    }
    found.sort_by(|one, other| one.summary.times.finished.cmp(&other.summary.times.finished));
    Ok(found)
}

/// The summary of a batch, if it is the one that its manifest lists.
fn summary(path: &Path, manifest: &Manifest) -> Result<RecordedSummary, String> {
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
) -> Result<(i64, u64), RebuildError> {
    let RecordedSummary { status, file, origin, times, records } = &found.summary;
    let imported = status.is_imported();
    let id_of = |batch: &Option<String>| batch.as_ref().and_then(|batch| ids.get(batch).copied());
    let rebuilt = Rebuilt {
        origin: origin_of(origin, archive),
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
        && !is_of_batch(origin)
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
            return Err(RebuildError::Accepted { path, what: "was changed" });
        }
        count += take(&path, &mut taking)?;
    }
    taking.commit(None, &commit)?;
    ledger.end_rebuilt(id, &commit.at)?;
    Ok((id, count))
}

/// Whether a file was the rejected file in the folder of the batch that it corrects.
fn is_of_batch(origin: &RecordedOrigin) -> bool {
    let folder = origin.path.parent().and_then(Path::file_name).map(OsStr::to_string_lossy);
    folder.is_some_and(|folder| origin.reprocess_of.as_deref() == Some(&*folder))
}

fn origin_of(origin: &RecordedOrigin, archive: &Path) -> Origin {
    match origin.archived {
        Some(_) => Origin::Inbox,
        None if is_of_batch(origin) || origin.path.starts_with(archive) => Origin::Reprocess,
        None => Origin::Named,
    }
}

/// Takes the accepted records of a file, one a line.
fn take(path: &Path, taking: &mut Taking<'_>) -> Result<u64, RebuildError> {
    let failed = || RebuildError::Accepted { path: path.to_owned(), what: "is not what was accepted" };
    let file = BufReader::new(store::open(path)?);
    let (mut count, mut line) = (0, Vec::new());
    let keys = taking.keys().clone();
    let mut one = |record: &Value| -> Result<(), RebuildError> {
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

/// How many records are taken from the old ledger at a time.
const CARRIED_AT_ONCE: usize = 50_000;

/// Takes what only the old ledger knows, if it can still be read.
fn carry_over(
    folders: &Folders,
    ledger: &mut Ledger,
    register: &mut Register,
) -> Result<Carried, StoreError> {
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
        Ok(None) => return Ok(Carried { is_all: true, ..Carried::default() }),
        Ok(Some((known, fault))) => (known, fault),
        Err(error) => return Ok(Carried { fault: Some(error), ..Carried::default() }),
    };
    let mut records = 0;
    let mut some: Vec<KnownRecord> = Vec::new();
    known.export(|record| -> Result<(), StoreError> {
        some.push(record);
        if some.len() == CARRIED_AT_ONCE {
            records += register.import(ledger, some.drain(..).map(Ok::<_, StoreError>))?;
        }
        Ok(())
    })?;
    records += register.import(ledger, some.into_iter().map(Ok::<_, StoreError>))?;
    Ok(Carried { records, is_all: fault.is_none(), fault })
}
