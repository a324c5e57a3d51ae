//! What is kept of the ledger over the years: retention, rebuilding, measures.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::journal::is_journal;
use super::parts::JOURNAL;
use super::queries::UNFINISHED;
use super::rows::{Origin, State, bytes_of};
use super::{FILE, Ledger};
use crate::store::StoreError;
use crate::store::claim::new_claim;
use crate::store::files::{entries, remove_folder, rename_new, sync_folder};

/// A batch that is written into the ledger anew.
#[derive(Debug, Clone)]
pub struct Rebuilt {
    /// Where its file came from.
    pub origin: Origin,
    /// Where its file lay.
    pub path: PathBuf,
    /// The size of the file.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// When it was claimed.
    pub claimed_at: String,
}

/// What a monitoring system wants to know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measures {
    /// How many batches there are of each status.
    pub batches: Vec<(String, u64)>,
    /// How many records were read, accepted and rejected in all.
    pub records: [u64; 3],
    /// How often each code was reported.
    pub codes: Vec<(String, u64)>,
    /// When the last batch whose records count was done, in RFC 3339.
    pub last_success: Option<String>,
    /// When the oldest open correction was decided, in RFC 3339.
    pub oldest_open: Option<String>,
    /// How many corrections are open.
    pub open: u64,
    /// How many batches were done, and how long they took from claim to end, in seconds.
    pub spans: (u64, f64),
    /// How many files were begun and are not done.
    pub unfinished: u64,
}

/// The folder of the state in which a ledger is rebuilt, and its name when that is complete.
const REBUILDING: &str = "rebuilding";
const REBUILT: &str = "rebuilt";

impl Ledger {
    /// Whether a state folder holds a ledger.
    #[must_use]
    pub fn exists(state: &Path) -> bool {
        fs::symlink_metadata(state.join(FILE)).is_ok()
    }

    /// Puts a ledger that was rebuilt in its place, if a process was killed when it had moved the old one aside.
    /// Returns whether there was one.
    ///
    /// # Errors
    ///
    /// When one cannot be renamed.
    pub fn finish_rebuilding(state: &Path) -> Result<bool, StoreError> {
        let rebuilt = state.join(REBUILT);
        if Self::exists(state) || !Self::exists(&rebuilt) {
            return Ok(false);
        }
        // Its journal first: it has a name of its own, which the ledger knows.
        for path in entries(&rebuilt)?.iter().filter(|path| is_journal(path)) {
            let to = state.join(path.file_name().unwrap_or_default());
            rename_new(path, &to).map_err(StoreError::of("rename to", &to))?;
        }
        sync_folder(state)?;
        let to = state.join(FILE);
        rename_new(&rebuilt.join(FILE), &to).map_err(StoreError::of("rename to", &to))?;
        sync_folder(state)?;
        remove_folder(&rebuilt)?;
        Ok(true)
    }

    /// Makes an empty folder for a ledger that is to take the place of this one.
    ///
    /// # Errors
    ///
    /// When what an earlier attempt left cannot be removed.
    pub fn begin_rebuilding(state: &Path) -> Result<PathBuf, StoreError> {
        let aside = state.join(REBUILDING);
        remove_folder(&aside)?;
        // A complete one beside a ledger is older than that.
        remove_folder(&state.join(REBUILT))?;
        Ok(aside)
    }

    /// Puts this ledger, which was rebuilt, in the place of the old one. Returns where that is kept.
    ///
    /// # Errors
    ///
    /// When its log cannot be emptied, or a file cannot be renamed.
    pub fn end_rebuilding(self, state: &Path, mark: &str) -> Result<Option<PathBuf>, StoreError> {
        let log: Option<i64> = self.ask("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if log != Some(0) {
            let error =
                std::io::Error::other("another process reads it; run `kyc-import rebuild-ledger` again");
            return Err(StoreError::of_ledger("complete the ledger", &self.path)(error));
        }
        drop(self);
        let rebuilt = state.join(REBUILT);
        rename_new(&state.join(REBUILDING), &rebuilt).map_err(StoreError::of("rename to", &rebuilt))?;
        sync_folder(state)?;
        let kept = Self::exists(state).then(|| Self::set_aside(state, mark)).transpose()?;
        Self::finish_rebuilding(state)?;
        Ok(kept)
    }

    /// Refuses a state whose ledger was moved aside for one that has not taken its place yet, or has gone while
    /// its journal is still there: what it knew would be imported again.
    pub(super) fn refuse_lost(state: &Path) -> Result<(), StoreError> {
        if Self::exists(state) {
            return Ok(());
        }
        let begun = [REBUILDING, REBUILT].iter().any(|folder| Self::exists(&state.join(folder)));
        let told = if begun {
            "a rebuild was not finished; run `kyc-import rebuild-ledger` again"
        } else if entries(state)?.iter().any(|path| is_journal(path)) {
            "it is gone, and the journal of its register is still there; restore it from a backup, or run \
             `kyc-import rebuild-ledger`"
        } else {
            return Ok(());
        };
        Err(StoreError::of_ledger("open the ledger", &state.join(FILE))(std::io::Error::other(told)))
    }

    /// Moves a ledger aside, with what belongs to it. Its journal stays where it is: no other has its name. Returns
    /// where the ledger is kept.
    ///
    /// # Errors
    ///
    /// When it cannot be renamed.
    pub fn set_aside(state: &Path, mark: &str) -> Result<PathBuf, StoreError> {
        let kept = state.join(format!("{FILE}.{mark}"));
        for ending in ["-wal", "-shm", ""] {
            let from = state.join(format!("{FILE}{ending}"));
            if fs::symlink_metadata(&from).is_ok() {
                let to = state.join(format!("{FILE}.{mark}{ending}"));
                rename_new(&from, &to).map_err(StoreError::of("rename to", &to))?;
            }
        }
        sync_folder(state)?;
        Ok(kept)
    }

    /// What earlier ledgers have left in the state folder: they and their journals, which hold identifiers of
    /// customers. Nothing removes them but people.
    ///
    /// # Errors
    ///
    /// When the folder or the ledger cannot be read.
    pub fn left_behind(&self) -> Result<Vec<PathBuf>, StoreError> {
        let own = self.meta(JOURNAL)?;
        let is_left = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            is_journal(path) && own.as_deref() != Some(&*name) || name.starts_with(&format!("{FILE}."))
        };
        let mut paths = entries(self.folder())?;
        paths.retain(is_left);
        Ok(paths)
    }

    /// Begins a batch that was published before.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn begin_rebuilt(&mut self, rebuilt: &Rebuilt) -> Result<i64, StoreError> {
        let name = rebuilt.path.file_name().unwrap_or_default().to_string_lossy();
        self.change(
            "INSERT INTO batches (claim, state, origin, path, name, bytes, sha256, claimed_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new_claim(),
                State::Staged,
                rebuilt.origin,
                bytes_of(&rebuilt.path),
                name,
                rebuilt.bytes,
                rebuilt.sha256,
                rebuilt.claimed_at
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Ends a batch that was published before.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn end_rebuilt(&mut self, id: i64, at: &str) -> Result<(), StoreError> {
        self.change("UPDATE batches SET state = ?2, done_at = ?3 WHERE id = ?1", params![id, State::Done, at])
            .map(drop)
    }

    /// Writes down that the folder or the original of a batch is removed on purpose.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn mark_purged(&mut self, id: i64) -> Result<(), StoreError> {
        self.change("UPDATE batches SET purged = 1 WHERE id = ?1", [id]).map(drop)
    }

    /// Forgets a batch. What its records made known stays in the register.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be written.
    pub fn forget(&mut self, id: i64) -> Result<(), StoreError> {
        self.begin()?;
        let changes = [
            "UPDATE batches SET parent = NULL WHERE parent = ?1",
            "UPDATE batches SET supersedes = NULL WHERE supersedes = ?1",
            "UPDATE batches SET replaced_by = NULL WHERE replaced_by = ?1",
            "DELETE FROM attempts WHERE batch = ?1",
            "DELETE FROM files WHERE batch = ?1",
            "DELETE FROM findings WHERE batch = ?1",
            "DELETE FROM batches WHERE id = ?1",
        ];
        let done = changes.iter().try_for_each(|change| self.change(change, [id]).map(drop));
        match done {
            Ok(()) => self.commit(),
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }

    /// What a monitoring system wants to know.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn measures(&self) -> Result<Measures, StoreError> {
        let pairs = |sql: &str| self.list(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let one = |sql: &str| self.ask(sql, [], |row| row.get(0));
        let records = "SELECT coalesce(sum(read), 0), coalesce(sum(accepted), 0), coalesce(sum(rejected), 0) FROM batches";
        Ok(Measures {
            batches: pairs(
                "SELECT status, count(*) FROM batches WHERE status IS NOT NULL GROUP BY status ORDER BY status",
            )?,
            records: self
                .ask(records, [], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?
                .unwrap_or_default(),
            codes: pairs("SELECT code, sum(count) FROM findings GROUP BY code ORDER BY code")?,
            last_success: self
                .ask("SELECT max(done_at) FROM batches WHERE effective IS NOT NULL", [], |row| row.get(0))?
                .flatten(),
            oldest_open: self
                .ask("SELECT min(committed_at) FROM batches WHERE open = 1", [], |row| row.get(0))?
                .flatten(),
            open: one("SELECT count(*) FROM batches WHERE open = 1")?.unwrap_or(0),
            spans: self
                .ask(
                    "SELECT count(*), coalesce(sum(julianday(done_at) - julianday(claimed_at)), 0.0) * 86400.0 \
                     FROM batches WHERE state = 'DONE' AND batch IS NOT NULL",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?
                .unwrap_or_default(),
            unfinished: one(&format!("SELECT count(*) FROM batches WHERE {UNFINISHED}"))?
                .unwrap_or(0),
        })
    }
}
