//! Recovery: what was begun is brought to its end, at every start and without an operator.

use super::importer::{ImportError, Importer, Taken, UNMARKED};
use crate::store::ledger::{BatchRow, Origin, State};
use crate::store::{self, Folders};

impl Importer<'_> {
    /// Brings everything that was begun to its end: decided batches are published, undecided files are read
    /// again, and what belongs to nobody is given back or removed. Returns the batches that came of it.
    ///
    /// # Errors
    ///
    /// A failure of the ledger, or the first other one, after everything else was tried.
    pub fn recover(&mut self) -> Result<Vec<Taken>, ImportError> {
        let mut taken = Vec::new();
        let mut failure = None;
        let pending = self.ledger.pending()?;
        let (decided, undecided): (Vec<_>, Vec<_>) =
            pending.into_iter().partition(|row| matches!(row.state, State::Committed | State::Published));
        for row in decided.iter().chain(&undecided) {
            if (self.hooks.interrupted)() {
                break;
            }
            tracing::info!(claim = row.claim, batch = row.batch, state = row.state.word(), "taken up again");
            match self.take_up(row) {
                Ok(ended) => taken.extend(ended),
                // Without the ledger nothing can be decided.
                Err(error) if error.is_of_ledger() => return Err(error),
                Err(error) => {
                    tracing::error!(claim = row.claim, %error, "it could not be brought to its end");
                    failure.get_or_insert(error);
                }
            }
        }
        self.tidy()?;
        match failure {
            Some(error) => Err(error),
            None => Ok(taken),
        }
    }

    fn take_up(&mut self, row: &BatchRow) -> Result<Option<Taken>, ImportError> {
        let Folders { inbox, outbox, .. } = &self.installation.folders;
        match (row.state, row.origin) {
            (State::Committed | State::Published, _) => {
                self.finish(row)?;
                Ok(None)
            }
            (State::Claiming | State::Staged, Origin::Named | Origin::Reprocess) => {
                store::discard_staging(outbox, &row.claim)?;
                self.withdraw(row, "the run was ended before it was read; run it again").map(Some)
            }
            (State::Claiming | State::Staged, Origin::Inbox) => {
                let claimed = store::claimed_path(inbox, &row.claim, &row.path);
                if store::open_print(&claimed).is_err_and(|error| error.is_missing_input()) {
                    store::discard_staging(outbox, &row.claim)?;
                    store::give_back(inbox, &row.claim, &row.path)?;
                    return self
                        .withdraw(
                            row,
                            "the file is not in its claim; if it is in the inbox, it is taken anew",
                        )
                        .map(Some);
                }
                store::settle_claim(inbox, &row.claim, &row.path)?;
                if let Some(marker) = self.installation.marker(&row.path)
                    && !store::is_marked(inbox, &row.claim, &row.path, marker)
                {
                    // Killed before it was claimed too. The one in the inbox may belong to a file that came since.
                    return self.give_back(row, UNMARKED).map(Some);
                }
                self.work(row).map(Some)
            }
            (State::Done | State::Withdrawn, _) => Ok(None),
        }
    }

    /// Removes what belongs to no file at hand, gives files back whose claim nobody knows, and completes the
    /// work list.
    fn tidy(&self) -> Result<(), ImportError> {
        let Folders { inbox, outbox, state, modes, .. } = &self.installation.folders;
        store::sweep_probes(&self.installation.folders)?;
        let pending = self.ledger.pending()?;
        let is_pending = |claim: &str| pending.iter().any(|row| row.claim == claim);
        if let Err(error) = store::clean_staging(outbox, is_pending) {
            // It is in nobody's way there.
            tracing::warn!(%error, "something is left in staging");
        }
        for (claim, file) in store::claims(inbox)?.iter().filter(|(claim, _)| !is_pending(claim)) {
            match file {
                Some(file) => {
                    store::give_back(inbox, claim, file)?;
                    tracing::warn!(claim, file = %store::shown(file), "a claimed file that the ledger does not know is back in the inbox");
                }
                None => store::remove_claim(inbox, claim)?,
            }
        }
        store::clean_spool(state, &is_pending)?;
        for row in self.ledger.open_batches()? {
            let name = row.batch.as_deref().unwrap_or_default();
            if row.state == State::Done && !store::is_free(outbox, name) {
                store::offer(outbox, name, &self.ledger.files(row.id)?, *modes)?;
            }
        }
        Ok(())
    }
}
