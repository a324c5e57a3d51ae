//! The changes of batches and attempts, each a step that is durable when it returns.

use rusqlite::params;

use super::Ledger;
use super::rows::{Claim, Commit, Repeat, State, bytes_of};
use crate::store::StoreError;

impl Ledger {
    /// Writes down that a file is about to be taken, and returns the number of its row.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin_claim(&mut self, claim: &Claim) -> Result<i64, StoreError> {
        let name = claim.path.file_name().unwrap_or_default().to_string_lossy();
        self.change(
            "INSERT INTO batches (claim, state, origin, path, name, device, inode, parent, supersedes, claimed_at, force) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                claim.claim,
                State::Claiming,
                claim.origin,
                bytes_of(&claim.path),
                name,
                // The numbers of devices and files are 64 bits without a sign, and only compared.
                claim.print.device as i64,
                claim.print.inode as i64,
                claim.parent,
                claim.supersedes,
                claim.at,
                claim.repeat == Repeat::Supersede
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Writes down the size of a file, and its hash where it is known already.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn stage(
        &mut self,
        id: i64,
        bytes: u64,
        sha256: Option<&str>,
        supersedes: Option<i64>,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE batches SET state = ?2, bytes = ?3, sha256 = ?4, supersedes = ?5 WHERE id = ?1",
            params![id, State::Staged, bytes, sha256, supersedes],
        )
        .map(drop)
    }

    /// Writes down a step that needs nothing else.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn set_state(
        &mut self,
        id: i64,
        state: State,
        at: &str,
        note: Option<&str>,
    ) -> Result<(), StoreError> {
        self.change(
            "UPDATE batches SET state = ?2, done_at = ?3, note = coalesce(?4, note) WHERE id = ?1",
            params![id, state, state.is_final().then_some(at), note],
        )
        .map(drop)
    }

    /// Counts an attempt before it begins, so that it is known of even if it is killed.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin_attempt(&mut self, id: i64, at: &str) -> Result<u32, StoreError> {
        self.change(
            "INSERT INTO attempts (batch, number, started_at) \
             SELECT ?1, 1 + coalesce(max(number), 0), ?2 FROM attempts WHERE batch = ?1",
            params![id, at],
        )?;
        let number = self.ask("SELECT max(number) FROM attempts WHERE batch = ?1", [id], |row| row.get(0))?;
        Ok(number.unwrap_or(1))
    }

    /// Writes down how an attempt ended that was not killed.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn end_attempt(&mut self, id: i64, number: u32, at: &str, outcome: &str) -> Result<(), StoreError> {
        self.change(
            "UPDATE attempts SET ended_at = ?3, outcome = ?4 WHERE batch = ?1 AND number = ?2",
            params![id, number, at, outcome],
        )
        .map(drop)
    }

    /// Writes down what is decided of a batch. Part of the decision that `Taking` opens.
    pub(super) fn write_commit(
        &mut self,
        id: i64,
        attempt: Option<u32>,
        commit: &Commit,
    ) -> Result<(), StoreError> {
        if let Some(superseded) = commit.supersedes {
            // What corrected it waits no longer: its records come again. What superseded a batch above it holds others.
            self.change(
                "WITH RECURSIVE later(id) AS (SELECT id FROM batches WHERE parent = ?1 \
                 UNION SELECT batches.id FROM batches JOIN later ON batches.parent = later.id) \
                 UPDATE batches SET open = 0, replaced_by = ?2 WHERE open = 1 AND id IN (SELECT id FROM later)",
                params![superseded, id],
            )?;
            self.change(
                "UPDATE batches SET effective = NULL, open = 0, replaced_by = ?2 WHERE id = ?1",
                params![superseded, id],
            )?;
        }
        if let Some(parent) = commit.parent.filter(|_| commit.takes_over) {
            self.change("UPDATE batches SET open = 0, replaced_by = ?2 WHERE id = ?1", params![parent, id])?;
        }
        let [read, accepted, rejected, with_warnings] = commit.counts;
        self.change(
            "UPDATE batches SET batch = ?2, status = ?3, read = ?4, accepted = ?5, \
             rejected = ?6, with_warnings = ?7, effective = ?8, parent = ?9, supersedes = ?10, withdrawn = ?11, \
             open = ?12, manifest = ?13, archived = ?14, note = ?15, committed_at = ?16, \
             sha256 = coalesce(?17, sha256), state = ?18 WHERE id = ?1",
            params![
                id,
                commit.batch,
                commit.status,
                read,
                accepted,
                rejected,
                with_warnings,
                commit.effective,
                commit.parent,
                commit.supersedes,
                commit.withdrawn,
                commit.open,
                commit.manifest,
                commit.archived.as_deref().map(bytes_of),
                commit.note,
                commit.at,
                commit.sha256,
                State::Committed
            ],
        )?;
        for file in &commit.files {
            self.change(
                "INSERT INTO files (batch, name, bytes, sha256) VALUES (?1, ?2, ?3, ?4)",
                params![id, file.name, file.bytes, file.sha256],
            )?;
        }
        for (code, count) in &commit.findings {
            self.change(
                "INSERT INTO findings (batch, code, count) VALUES (?1, ?2, ?3)",
                params![id, code, count],
            )?;
        }
        if let Some(number) = attempt {
            self.end_attempt(id, number, &commit.at, &commit.status)?;
        }
        Ok(())
    }
}
