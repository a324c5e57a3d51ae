//! `purge`: removes what has been kept long enough. Without `--yes` it only shows what it would remove.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use super::session::lock;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::config::RetentionConfig;
use crate::store::ledger::{BatchRow, Origin, State};
use crate::store::{self, Folders, Ledger};

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

/// What is to be removed.
#[derive(Debug, Default)]
struct Plan {
    originals: Vec<(i64, PathBuf)>,
    batches: Vec<(i64, String)>,
    rows: Vec<BatchRow>,
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
        if yes {
            remove(&plan, folders, &mut ledger)?;
        }
        let verb = if yes { "removed" } else { "would remove" };
        let removed = plan.originals.iter().map(|(_, path)| path.clone());
        for path in removed.chain(plan.batches.iter().map(|(_, batch)| folders.outbox.join(batch))) {
            writeln!(out, "{verb}  {}", shown(&path))?;
        }
        for row in &plan.rows {
            writeln!(out, "{verb}  the ledger's row of {}", row.batch.as_deref().unwrap_or_default())?;
        }
        let count = plan.originals.len() + plan.batches.len() + plan.rows.len();
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
) -> Result<Plan, CommandError> {
    let mut plan = Plan::default();
    let rows = ledger.all_batches()?;
    let needed = still_needed(&rows);
    for row in rows {
        if row.open || row.state != State::Done {
            continue;
        }
        let committed = row.committed_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let Some(age) = committed.map(|at| now - at.to_utc()) else { continue };
        let is_over = |days: Option<u32>| days.is_some_and(|days| age > TimeDelta::days(i64::from(days)));
        let original = row.original(folders).filter(|path| path.exists() && !needed.contains(&row.id));
        let batch = row.batch.clone().filter(|batch| folders.outbox.join(batch).exists());
        let (drop_original, drop_folder) = (is_over(retention.archive_days), is_over(retention.batches_days));
        let keeps = original.is_some() && !drop_original || batch.is_some() && !drop_folder;
        plan.originals.extend(original.filter(|_| drop_original).map(|path| (row.id, path)));
        plan.batches.extend(batch.filter(|_| drop_folder).map(|batch| (row.id, batch)));
        if is_over(retention.ledger_days) && !keeps && !needed.contains(&row.id) {
            plan.rows.push(row);
        }
    }
    Ok(plan)
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

/// The ledger first learns that they are gone on purpose: killed in between, `purge` removes the rest.
fn remove(plan: &Plan, folders: &Folders, ledger: &mut Ledger) -> Result<(), CommandError> {
    let ids = plan.originals.iter().map(|(id, _)| *id).chain(plan.batches.iter().map(|(id, _)| *id));
    for id in ids {
        ledger.mark_purged(id)?;
    }
    for (_, path) in &plan.originals {
        store::purge_file(path)?;
    }
    for (_, batch) in &plan.batches {
        store::purge_batch(&folders.outbox, batch, folders.modes)?;
    }
    for row in &plan.rows {
        ledger.forget(row.id)?;
    }
    Ok(())
}
