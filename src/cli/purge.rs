//! `purge`: removes what has been kept long enough. Without `--yes` it only shows what it would remove.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use super::session::lock;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::config::RetentionConfig;
use crate::store::ledger::{BatchRow, Origin, State};
use crate::store::{self, Folders, Ledger, StoreError};

/// The arguments of `purge`.
#[derive(Debug, clap::Args)]
pub struct Purge {
    /// Remove it; otherwise it is only shown
    #[arg(long)]
    yes: bool,
    /// How long originals are kept in the archive [default: retention.archive_days; without it, forever]
    #[arg(long, value_name = "DAYS")]
    archive_days: Option<u32>,
    /// How long folders of batches are kept [default: retention.batches_days; without it, forever]
    #[arg(long, value_name = "DAYS")]
    batches_days: Option<u32>,
    /// How long rows of the ledger are kept whose folder and original are gone [default: retention.ledger_days;
    /// without it, forever]. The register keeps its customers and numbers
    #[arg(long, value_name = "DAYS")]
    ledger_days: Option<u32>,
}

/// What is to be removed of a batch.
#[derive(Debug)]
struct Thing {
    id: i64,
    batch: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Original(PathBuf),
    Folder,
    Row,
}

impl Purge {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let Self { yes, archive_days, batches_days, ledger_days } = self;
        let prepared = Judging::default().prepare(common)?;
        let configured = &prepared.config.retention;
        let retention = RetentionConfig {
            archive_days: archive_days.or(configured.archive_days),
            batches_days: batches_days.or(configured.batches_days),
            ledger_days: ledger_days.or(configured.ledger_days),
        };
        let folders = &prepared.installation.folders;
        let _lock = lock(&prepared.installation)?;
        let mut ledger = Ledger::open(&folders.state, folders.modes)?;
        let plan = plan(&ledger, folders, &retention, Utc::now())?;
        let mut out = anstream::AutoStream::auto(std::io::stdout());
        let mut failed = None;
        if yes {
            // What a killed purge had taken out of the outbox.
            let pending = ledger.pending()?;
            let is_at_hand = |claim: &str| pending.iter().any(|row| row.claim == claim);
            failed = store::clean_staging(&folders.outbox, is_at_hand).err();
        }
        let verb = if yes { "removed" } else { "would remove" };
        let count = plan.len();
        let mut kept = HashSet::new();
        for thing in plan {
            if kept.contains(&thing.id) {
                continue;
            }
            let text = thing.text(folders);
            match if yes { thing.remove(folders, &mut ledger) } else { Ok(()) } {
                Ok(()) => writeln!(out, "{verb}  {text}")?,
                // It does not keep the others from being removed.
                Err(error) => {
                    writeln!(out, "cannot remove  {text}: {error}")?;
                    kept.insert(thing.id);
                    failed.get_or_insert(error);
                }
            }
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
        if !yes && count > 0 {
            let these = if count == 1 { "it".to_owned() } else { format!("these {count}") };
            writeln!(out, "nothing was removed; the same command with --yes removes {these}")?;
        }
        if count == 0 {
            writeln!(out, "nothing to remove")?;
        }
        Ok(Exit::Success)
    }
}

/// What has been kept long enough. What waits for a correction is kept whatever its age.
fn plan(
    ledger: &Ledger,
    folders: &Folders,
    retention: &RetentionConfig,
    now: DateTime<Utc>,
) -> Result<Vec<Thing>, CommandError> {
    let (mut originals, mut batches, mut forgotten) = (Vec::new(), Vec::new(), Vec::new());
    let rows = ledger.all_batches()?;
    let needed = still_needed(&rows);
    for row in rows {
        if row.open || row.state != State::Done {
            continue;
        }
        let committed = row.committed_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let Some(age) = committed.map(|at| now - at.to_utc()) else { continue };
        let is_over = |days: Option<u32>| days.is_some_and(|days| age > TimeDelta::days(i64::from(days)));
        let (id, batch) = (row.id, row.batch.clone().unwrap_or_default());
        let thing = |kind| Thing { id, batch: batch.clone(), kind };
        let original = row.original(folders).filter(|path| path.exists() && !needed.contains(&id));
        let has_folder = row.batch.is_some() && folders.outbox.join(&batch).exists();
        let (drop_original, drop_folder) = (is_over(retention.archive_days), is_over(retention.batches_days));
        let keeps = original.is_some() && !drop_original || has_folder && !drop_folder;
        originals.extend(original.filter(|_| drop_original).map(|path| thing(Kind::Original(path))));
        if has_folder && drop_folder {
            batches.push(thing(Kind::Folder));
        }
        if is_over(retention.ledger_days) && !keeps && !needed.contains(&id) {
            forgotten.push(thing(Kind::Row));
        }
    }
    Ok(originals.into_iter().chain(batches).chain(forgotten).collect())
}

/// The batches whose originals a later batch was made of that still counts: it has no other.
fn still_needed(rows: &[BatchRow]) -> HashSet<i64> {
    let by_id: HashMap<i64, &BatchRow> = rows.iter().map(|row| (row.id, row)).collect();
    let mut needed = HashSet::new();
    for row in rows.iter().filter(|row| row.origin == Origin::Reprocess && row.replaced_by.is_none()) {
        let mut before = row.supersedes;
        while let Some(id) = before.filter(|id| needed.insert(*id)) {
            before = by_id.get(&id).and_then(|row| row.supersedes);
        }
    }
    needed
}

impl Thing {
    /// What is removed, as people read it.
    fn text(&self, folders: &Folders) -> String {
        match &self.kind {
            Kind::Original(path) => shown(path),
            Kind::Folder => shown(&folders.outbox.join(&self.batch)),
            Kind::Row => format!("the ledger's row of {}", self.batch),
        }
    }

    /// Removes it. The ledger first learns that it is gone on purpose: killed in between, `purge` removes the rest.
    fn remove(&self, folders: &Folders, ledger: &mut Ledger) -> Result<(), StoreError> {
        match &self.kind {
            Kind::Row => ledger.forget(self.id),
            Kind::Original(path) => {
                ledger.mark_purged(self.id)?;
                store::purge_original(path)
            }
            Kind::Folder => {
                ledger.mark_purged(self.id)?;
                store::purge_batch(&folders.outbox, &self.batch, folders.modes)
            }
        }
    }
}
