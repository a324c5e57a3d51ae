//! `rebuild-ledger`: the ledger and the register from what was published and archived.

use std::collections::HashMap;
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
use crate::store::ledger::{Commit, Identifier, NewRecord, Rebuilt, Register, Taking};
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
        if Ledger::exists(&folders.state) {
            if !self.replace {
                return Err(CommandError::Usage(format!(
                    "{} holds a ledger; `kyc-import status` says whether it is sound. With --replace a new one is made, and the old one is kept beside it",
                    shown(&folders.state)
                )));
            }
            let kept = Ledger::set_aside(&folders.state, &Utc::now().format("%Y%m%dT%H%M%S").to_string())?;
            writeln!(std::io::stdout(), "the old ledger is kept: {}", shown(&kept))?;
        }
        let mut ledger = Ledger::open(&folders.state, folders.modes)?;
        let mut register = Register::load(&ledger)?;
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
        register.save(&ledger)?;
        writeln!(
            std::io::stdout(),
            "found {} and {} of the register\nwhat `kyc-import register import` brought has to be imported again",
            counted(found.len() as u64, "batch", "batches"),
            counted(records, "record", "records")
        )?;
        Ok(Exit::Success)
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Every published batch, in the order in which they were decided.
fn found(folders: &Folders) -> Result<Vec<Found>, CommandError> {
    let mut found = Vec::new();
    for folder in store::published(&folders.outbox)? {
        let (manifest, manifest_hash) = store::read_manifest(&folder)?;
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
    let is_of_batch = rebuilt.path.parent().is_some_and(|folder| folder.join(store::MANIFEST).is_file());
    let commit = Commit {
        batch: found.manifest.batch.clone(),
        status,
        counts: ["read", "accepted", "rejected", "withWarnings"].map(|name| number(&records[name])),
        effective: (imported && !is_void && !is_of_batch).then_some(sha256),
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
    let mut count = 0;
    let mut one = |record: &Value| -> Result<(), CommandError> {
        let text = |field: usize| record[CUSTOMER.fields[field].name].as_str();
        let keys = taking.keys().clone();
        let identifier = |text| Identifier { key: keys.key(text), text };
        let category = text(RISK_MANAGEMENT_CATEGORY);
        count += 1;
        let record = NewRecord {
            customer: text(CUSTOMER_EXT_ID).map(identifier),
            number: text(COMMUNICATION_NUMBER).map(identifier),
            lead: category.is_some_and(is_lead),
            entity_type: text(ENTITY_TYPE),
            category,
            status: text(CUSTOMER_STATUS),
        };
        let known = taking.known(record.customer.as_ref(), record.number.as_ref())?;
        Ok(taking.take(&record, &known)?)
    };
    for line in file.lines() {
        one(&serde_json::from_str(&line?).map_err(|_| failed())?)?;
    }
    Ok(count)
}
