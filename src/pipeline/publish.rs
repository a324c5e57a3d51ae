//! The steps of a file behind its commit: each may be done again.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::importer::{ImportError, Importer, Installation};
use super::steps::rfc3339;
use crate::store::fault::failpoint;
use crate::store::ledger::{BatchRow, Origin, State};
use crate::store::{self, Folders, Ledger};

impl Importer<'_> {
    /// Publishes and archives a committed batch. Done again after a crash, it does what is left. On several threads the
    /// index of the register is written meanwhile.
    pub(super) fn finish(&mut self, row: &BatchRow) -> Result<Vec<PathBuf>, ImportError> {
        let Self { installation, ledger, register, clock, .. } = self;
        let finish = |ledger: &mut Ledger| Publishing { installation, ledger, clock: *clock }.finish(row);
        match installation.settings.threads {
            ..=1 => finish(ledger),
            _ => register.save_beside(ledger, finish),
        }
    }
}

/// What publishes a batch.
struct Publishing<'p> {
    installation: &'p Installation,
    ledger: &'p mut Ledger,
    clock: &'p dyn Fn() -> DateTime<Utc>,
}

impl Publishing<'_> {
    fn finish(&mut self, row: &BatchRow) -> Result<Vec<PathBuf>, ImportError> {
        let Folders { inbox, outbox, state, modes, .. } = &self.installation.folders;
        let name = row.batch.as_deref().unwrap_or_default();
        let files = self.ledger.files(row.id)?;
        if row.state == State::Committed {
            store::publish(outbox, &row.claim, name, row.manifest.as_deref().unwrap_or_default())?;
            for replaced in self.ledger.replaced_by(row.id)? {
                self.take_off(&replaced, row.sha256.as_deref())?;
            }
            if row.open {
                store::offer(outbox, name, &files, *modes)?;
            }
            let now = rfc3339((self.clock)());
            self.ledger.set_state(row.id, State::Published, &now, None)?;
            failpoint("state-published");
        }
        if row.origin == Origin::Inbox {
            let claimed = store::claimed_path(inbox, &row.claim, &row.path);
            if let Some(target) = &row.original(&self.installation.folders) {
                match store::spooled(state, &row.claim) {
                    Some(spooled) => self.archive_spooled(row, &spooled, target, &claimed)?,
                    None => store::archive(&claimed, target, *modes)?,
                }
            }
            if let Some(target) = &row.original(&self.installation.folders) {
                store::archive_markers(inbox, &row.claim, &row.path, target, *modes)?;
            }
            store::remove_claim(inbox, &row.claim)?;
        }
        let now = rfc3339((self.clock)());
        self.ledger.set_state(row.id, State::Done, &now, None)?;
        tracing::info!(
            batch = name,
            status = row.status,
            read = row.read,
            accepted = row.accepted,
            rejected = row.rejected,
            withdrawn = row.withdrawn,
            "batch done"
        );
        let offered = files.iter().filter(|file| row.open && store::is_rejected_file(&file.name));
        Ok(offered.map(|file| store::copy_path(outbox, name, &file.name)).collect())
    }

    fn take_off(&self, replaced: &BatchRow, imported: Option<&str>) -> Result<(), ImportError> {
        let name = replaced.batch.as_deref().unwrap_or_default();
        let files = self.ledger.files(replaced.id)?;
        for stays in store::take_off(&self.installation.folders.outbox, name, &files, imported)? {
            tracing::warn!(batch = name, file = %store::shown(&stays), "a copy that was changed stays in to-correct");
        }
        Ok(())
    }

    /// Archives the bytes that were read; the claimed file goes back where it has changed since.
    fn archive_spooled(
        &self,
        row: &BatchRow,
        spooled: &Path,
        target: &Path,
        claimed: &Path,
    ) -> Result<(), ImportError> {
        let Folders { inbox, modes, .. } = &self.installation.folders;
        if store::hash(claimed)?.is_some_and(|hash| Some(&hash) != row.sha256.as_ref()) {
            store::give_back(inbox, &row.claim, &row.path)?;
        }
        store::archive(spooled, target, *modes)?;
        Ok(store::drop_claimed(inbox, &row.claim, &row.path)?)
    }
}
