//! `purge`: removes what has been kept long enough. Without `--yes` it only shows what it would remove.

use std::collections::HashSet;
use std::io::Write;

use chrono::Utc;

use super::session::lock;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::store::{self, Folders, Ledger};
use crate::upkeep::retention::{Part, Removal, Retention, plan};

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

impl Purge {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let Self { yes, archive_days, batches_days, ledger_days } = self;
        let prepared = Judging::default().prepare(common)?;
        let configured = &prepared.config.retention;
        let retention = Retention {
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
        for removal in plan {
            if kept.contains(&removal.id) {
                continue;
            }
            let text = text(&removal, folders);
            match if yes { removal.remove(folders, &mut ledger) } else { Ok(()) } {
                Ok(()) => writeln!(out, "{verb}  {text}")?,
                // It does not keep the others from being removed.
                Err(error) => {
                    writeln!(out, "cannot remove  {text}: {error}")?;
                    kept.insert(removal.id);
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

/// What is removed, as people read it.
fn text(removal: &Removal, folders: &Folders) -> String {
    match &removal.part {
        Part::Original(path) => shown(path),
        Part::Folder => shown(&folders.outbox.join(&removal.batch)),
        Part::Row => format!("the ledger's row of {}", removal.batch),
    }
}
