//! Batches and attempts: the rows of the ledger.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql};
use serde::{Serialize, Serializer};

use crate::store::{Entry, Folders, Print};

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was dropped into the inbox.
    Inbox,
    /// It was named, is read in place and stays where it is.
    Named,
    /// It is the rejected or original file of an earlier batch.
    Reprocess,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is about to be taken.
    Claiming,
    /// Its bytes are known.
    Staged,
    /// It is decided what becomes of it.
    Committed,
    /// Its folder can be seen.
    Published,
    /// Everything is done.
    Done,
    /// It was not taken: it went away, was given back, or the run was ended.
    Withdrawn,
}

/// Gives every value of a closed set its word in the ledger and in what is printed for programs.
macro_rules! words {
    ($set:ident { $($value:ident = $word:literal,)+ }) => {
        impl $set {
            const ALL: &[Self] = &[$(Self::$value),+];

            /// The word in the ledger.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }

        impl ToSql for $set {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl FromSql for $set {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                named(Self::ALL, Self::word, value)
            }
        }

        impl Serialize for $set {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
    };
}

words!(Origin {
    Inbox = "INBOX",
    Named = "NAMED",
    Reprocess = "REPROCESS",
});

words!(State {
    Claiming = "CLAIMING",
    Staged = "STAGED",
    Committed = "COMMITTED",
    Published = "PUBLISHED",
    Done = "DONE",
    Withdrawn = "WITHDRAWN",
});

impl State {
    /// Whether nothing is left to do.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Withdrawn)
    }
}

/// The one whose word this is. A word that we never wrote is damage.
fn named<T: Copy>(all: &[T], word: fn(T) -> &'static str, value: ValueRef<'_>) -> FromSqlResult<T> {
    let found = value.as_str()?;
    let known = all.iter().copied().find(|one| word(*one) == found);
    known.ok_or_else(|| FromSqlError::Other("a word in it is none of ours".into()))
}

/// The intent to take a file.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The random name of the claim.
    pub claim: String,
    /// Where the file comes from.
    pub origin: Origin,
    /// Where it lies.
    pub path: PathBuf,
    /// What it was when it was seen.
    pub print: Print,
    /// The batch whose file it is, when that is known already.
    pub parent: Option<i64>,
    /// The batch that it takes the place of.
    pub supersedes: Option<i64>,
    /// What is done when its bytes were imported before.
    pub repeat: Repeat,
    /// The time, in RFC 3339.
    pub at: String,
}

/// What is done with bytes that were imported before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// They are not imported again.
    Refuse,
    /// They are, and supersede what they were.
    Supersede,
}

/// What is decided of a batch.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The name of its folder.
    pub batch: String,
    /// What became of it.
    pub status: String,
    /// How many records: read, accepted, rejected, with warnings.
    pub counts: [u64; 4],
    /// The hash of the file, where it was not known when it was staged.
    pub sha256: Option<String>,
    /// The hash of the dropped file, where the same bytes may not be imported again.
    pub effective: Option<String>,
    /// The batch whose rejected records these were.
    pub parent: Option<i64>,
    /// The batch that counts no longer.
    pub supersedes: Option<i64>,
    /// How many records of the parent did not come back.
    pub withdrawn: u64,
    /// Whether the work list holds these records now instead of those of the parent.
    pub takes_over: bool,
    /// Whether its rejected records wait for a correction.
    pub open: bool,
    /// The SHA-256 of its manifest.
    pub manifest: String,
    /// Its files.
    pub files: Vec<Entry>,
    /// Where the original will be kept, below the archive.
    pub archived: Option<PathBuf>,
    /// How often each code was reported.
    pub findings: Vec<(String, u64)>,
    /// What a person should know.
    pub note: Option<String>,
    /// The time, in RFC 3339.
    pub at: String,
}

/// One time a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: String,
    /// When it ended; `None` when it was killed, or goes on.
    pub ended_at: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// A row of the ledger: one file that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Its number.
    pub id: i64,
    /// The random name of its claim.
    pub claim: String,
    /// How far it has come.
    pub state: State,
    /// Where it came from.
    pub origin: Origin,
    /// Where the file lay.
    pub path: PathBuf,
    /// The size of the file.
    pub bytes: Option<u64>,
    /// Its SHA-256.
    pub sha256: Option<String>,
    /// The name of its folder.
    pub batch: Option<String>,
    /// What became of it.
    pub status: Option<String>,
    /// How many records were read.
    pub read: u64,
    /// How many were accepted.
    pub accepted: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// How many had warnings.
    pub with_warnings: u64,
    /// How many records of the parent did not come back.
    pub withdrawn: u64,
    /// The batch whose rejected records these were.
    pub parent: Option<i64>,
    /// The batch that this one supersedes.
    pub supersedes: Option<i64>,
    /// What is done when its bytes were imported before.
    pub repeat: Repeat,
    /// Whether its rejected records wait for a correction.
    pub open: bool,
    /// Whether its folder or original was removed on purpose.
    pub purged: bool,
    /// The batch that took its place.
    pub replaced_by: Option<i64>,
    /// The SHA-256 of its manifest.
    pub manifest: Option<String>,
    /// Where the original is kept, below the archive.
    pub archived: Option<PathBuf>,
    /// When the file was claimed.
    pub claimed_at: String,
    /// When its fate was decided.
    pub committed_at: Option<String>,
    /// When everything was done.
    pub done_at: Option<String>,
    /// What a person should know.
    pub note: Option<String>,
}

/// The columns that [`BatchRow::read`] asks for.
pub(super) const COLUMNS: &str = "id, claim, state, origin, path, bytes, sha256, batch, status, read, accepted, \
     rejected, with_warnings, withdrawn, parent, supersedes, force, open, purged, replaced_by, manifest, archived, \
     claimed_at, committed_at, done_at, note";

impl BatchRow {
    /// Where the original is kept, if it was archived.
    #[must_use]
    pub fn original(&self, folders: &Folders) -> Option<PathBuf> {
        self.archived.as_ref().map(|below| folders.archive.join(below))
    }

    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let path = |column| -> rusqlite::Result<Option<PathBuf>> {
            Ok(row.get::<_, Option<Vec<u8>>>(column)?.map(|bytes| OsString::from_vec(bytes).into()))
        };
        Ok(Self {
            id: row.get("id")?,
            claim: row.get("claim")?,
            state: row.get("state")?,
            origin: row.get("origin")?,
            path: path("path")?.unwrap_or_default(),
            bytes: row.get("bytes")?,
            sha256: row.get("sha256")?,
            batch: row.get("batch")?,
            status: row.get("status")?,
            read: row.get("read")?,
            accepted: row.get("accepted")?,
            rejected: row.get("rejected")?,
            with_warnings: row.get("with_warnings")?,
            withdrawn: row.get("withdrawn")?,
            parent: row.get("parent")?,
            supersedes: row.get("supersedes")?,
            repeat: if row.get("force")? { Repeat::Supersede } else { Repeat::Refuse },
            open: row.get("open")?,
            purged: row.get("purged")?,
            replaced_by: row.get("replaced_by")?,
            manifest: row.get("manifest")?,
            archived: path("archived")?,
            claimed_at: row.get("claimed_at")?,
            committed_at: row.get("committed_at")?,
            done_at: row.get("done_at")?,
            note: row.get("note")?,
        })
    }
}

/// A path as the ledger keeps it.
pub(super) fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}
