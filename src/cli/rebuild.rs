//! `rebuild-ledger`: the ledger and the register from what was published and archived.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use chrono::Utc;
use serde_json::Value;

use super::session::lock;
use super::words::counted;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::contract::CUSTOMER;
use crate::contract::tables::customer::{
    COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, RISK_MANAGEMENT_CATEGORY,
};
use crate::pipeline::ACCEPTED;
use crate::rules::is_lead;
use crate::store::ledger::{Commit, Entry, KnownRecord, NewRecord, Rebuilt, Register, Snapshot, Taking};
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
    summary: Value,
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
        let superseded: Vec<String> =
            found.iter().filter_map(|found| text(&found.summary["origin"]["supersedes"])).collect();
        let mut ids = HashMap::new();
        let mut records = 0;
        for found in &found {
            let name = &found.manifest.batch;
            let is_void = superseded.contains(name);
            let (id, count) = one(found, &ids, is_void, &mut ledger, &mut register)?;
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

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
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
        let path = folder.join("summary.json");
        let summary = File::open(&path)
            .map_err(|error| format!("cannot read {}: {error}", shown(&path)))
            .and_then(|file| {
                serde_json::from_reader(BufReader::new(file))
                    .map_err(|_| format!("{} is no summary", shown(&path)))
            })
            .map_err(|fault| {
                CommandError::Usage(format!("{fault}; restore it from a backup, or move the folder away"))
            })?;
        found.push(Found { folder, manifest, manifest_hash, summary });
    }
    found.sort_by_key(|found| text(&found.summary["times"]["finished"]));
    Ok(found)
}

/// Writes one batch with its records.
fn one(
    found: &Found,
    ids: &HashMap<String, i64>,
    is_void: bool,
    ledger: &mut Ledger,
    register: &mut Register,
) -> Result<(i64, u64), CommandError> {
    let summary = &found.summary;
    let (file, origin, records) = (&summary["file"], &summary["origin"], &summary["records"]);
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let status = text(&summary["status"]).unwrap_or_default();
    let imported = matches!(status.as_str(), "ACCEPTED" | "PARTIALLY_ACCEPTED" | "REJECTED");
    let reprocess_of = text(&origin["reprocessOf"]).and_then(|batch| ids.get(&batch).copied());
    let supersedes = text(&origin["supersedes"]).and_then(|batch| ids.get(&batch).copied());
    let sha256 = text(&file["sha256"]).unwrap_or_default();
    let rebuilt = Rebuilt {
        path: text(&origin["path"]).unwrap_or_default().into(),
        bytes: number(&file["bytes"]),
        sha256: sha256.clone(),
        claimed_at: text(&summary["times"]["started"]).unwrap_or_default(),
    };
    let id = ledger.begin_rebuilt(&rebuilt)?;
    let folder = rebuilt.path.parent().and_then(Path::file_name).map(OsStr::to_string_lossy);
    let is_of_batch = folder.is_some_and(|folder| text(&origin["reprocessOf"]).as_deref() == Some(&*folder));
    // The same bytes may have been imported twice while a ledger was lost: only the first stand for them.
    let counts = imported && !is_void && !is_of_batch && ledger.effective(&sha256)?.is_none();
    let commit = Commit {
        batch: found.manifest.batch.clone(),
        status,
        counts: ["read", "accepted", "rejected", "withWarnings"].map(|name| number(&records[name])),
        sha256: None,
        effective: counts.then_some(sha256),
        parent: reprocess_of,
        takes_over: imported && origin["withdrawn"].is_u64(),
        supersedes,
        withdrawn: number(&origin["withdrawn"]),
        open: imported && !is_void && number(&records["rejected"]) > 0,
        manifest: found.manifest_hash.clone(),
        files: found.manifest.files.clone(),
        archived: text(&origin["archived"]).map(|path| store::below_archive(Path::new(&path))),
        findings: Vec::new(),
        note: Some("rebuilt from its folder".to_owned()),
        at: text(&summary["times"]["finished"]).unwrap_or_default(),
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
    let file = BufReader::new(File::open(path)?);
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
        one(&serde_json::from_str(&text?).map_err(|_| failed())?)?;
    }
    Ok(count)
}
