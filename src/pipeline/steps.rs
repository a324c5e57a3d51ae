//! The steps of a file from its claim to its commit.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};

use super::batch::{Batch, Files, Story, WriteError, write_summary};
use super::importer::{ImportError, Importer, Installation, Taken};
use super::lineage::{Lineage, is_emptied, still_open};
use super::{BatchError, Finished, Hooks, Memory, companions, run_digesting};
use crate::digest::{Digest, Digesting, Hasher};
use crate::report::{BatchStatus, Counts, Origin as Source, Summary, Times};
use crate::store::fault::failpoint;
use crate::store::ledger::{BatchRow, Commit, Origin, Repeat, Taking};
use crate::store::{self, Folders, Ledger, Print, Says, Sealed, Spool, Staging, Writers, stem};

/// From which crash on the same file on it is quarantined.
const CRASHES_MAX: u32 = 3;

/// The file of a row, ready to be read.
struct Readable {
    file: File,
    print: Print,
    /// Its digest, where it had to be known before anything else.
    digest: Option<Digest>,
}

/// What is done with a file.
enum Course {
    /// It is read.
    Read,
    /// It was imported before, as this batch.
    Duplicate(Box<BatchRow>),
    /// The process died on it this often.
    Quarantine(u32),
}

impl Importer<'_> {
    /// Brings a file from its claim to its end.
    pub(super) fn work(&mut self, row: &BatchRow) -> Result<Taken, ImportError> {
        let source = match self.source(row)? {
            Ok(source) => source,
            Err(why) => return self.give_back(row, why),
        };
        let Some(mut readable) = self.readable(row, &source)? else {
            return self.give_back(row, "it changed while it was read");
        };
        let found = readable.digest.as_ref().map(Digest::hex);
        if row.sha256.is_some() && row.sha256 != found {
            tracing::error!(claim = row.claim, "the claimed file is not the one that was staged");
            return self.give_back(row, "it changed after it was claimed");
        }
        if row.origin == Origin::Reprocess
            && let Some(superseded) = row.supersedes
            && self.row(superseded)?.sha256 != found
        {
            let path = store::shown(&row.path);
            return Err(ImportError::Refused(format!(
                "{path} is no longer the file that was imported; drop it into the inbox to import it as a new one"
            )));
        }
        let (course, supersedes) = self.course(row, found.as_deref())?;
        self.ledger.stage(row.id, readable.print.bytes, found.as_deref(), supersedes)?;
        failpoint("staged");
        let attempt = match course {
            Course::Read => {
                let now = self.now();
                let attempt = self.ledger.begin_attempt(row.id, &now)?;
                failpoint("attempt-counted");
                Some(attempt)
            }
            _ => None,
        };
        let staged = self.row(row.id)?;
        let ended = self.decide(&staged, &mut readable, &course, attempt);
        match ended {
            Ok(Some(mut batch)) => {
                drop(readable);
                let committed = self.row(row.id)?;
                batch.to_correct = self.finish(&committed)?;
                Ok(Taken::Batch(Box::new(batch)))
            }
            Ok(None) => {
                self.end_attempt(row, attempt, "the file changed")?;
                self.give_back(row, "it changed while it was read")
            }
            Err(error) => {
                // A ledger that cannot be written says so by itself, and first.
                self.end_attempt(row, attempt, &format!("failed: {error}"))?;
                Err(error)
            }
        }
    }

    fn end_attempt(
        &mut self,
        row: &BatchRow,
        attempt: Option<u32>,
        outcome: &str,
    ) -> Result<(), ImportError> {
        let now = self.now();
        match attempt {
            Some(number) => Ok(self.ledger.end_attempt(row.id, number, &now, outcome)?),
            None => Ok(()),
        }
    }

    /// Where the bytes of a file are read from; `Err` says why it is left alone.
    fn source(&self, row: &BatchRow) -> Result<Result<PathBuf, &'static str>, ImportError> {
        if row.origin != Origin::Inbox {
            return Ok(Ok(row.path.clone()));
        }
        let Folders { inbox, state, modes, .. } = &self.installation.folders;
        let claimed = store::claimed_path(inbox, &row.claim, &row.path);
        let (file, _) = store::open_print(&claimed)?;
        let writers = if self.installation.lease { store::writers(&file) } else { Writers::Unknown };
        let spool = match (self.installation.spool, writers) {
            (_, Writers::Some) => return Ok(Err("a program has it open for writing")),
            (Spool::Always, _) | (Spool::Auto, Writers::Unknown) => true,
            (Spool::Auto, Writers::None) | (Spool::Never, _) => false,
        };
        if !spool {
            return Ok(Ok(claimed));
        }
        if let Some(spooled) = store::spooled(state, &row.claim) {
            return Ok(Ok(spooled));
        }
        Ok(store::spool(state, &row.claim, &claimed, *modes)?.ok_or("it changed while it was copied"))
    }

    /// Opens a file, and takes its digest where it has to be known first; `None` when it changed meanwhile.
    fn readable(&self, row: &BatchRow, path: &Path) -> Result<Option<Readable>, ImportError> {
        let failed = |source| ImportError::Batch { path: row.path.clone(), source };
        let (mut file, print) = store::open_print(path)?;
        if !self.is_hashed_first(row, &print)? {
            return Ok(Some(Readable { file, print, digest: None }));
        }
        let digest = Some(digest(&mut file, &self.hooks).map_err(failed)?);
        let after = Print::of_file(&file, path)?;
        file.seek(SeekFrom::Start(0)).map_err(|error| failed(BatchError::Read(error)))?;
        Ok((after == print).then_some(Readable { file, print, digest }))
    }

    /// Whether the digest of a file may change what is done with it: what it holds may have been imported, or
    /// it is to be what it was before. The digest of any other file is taken while it is read.
    fn is_hashed_first(&self, row: &BatchRow, print: &Print) -> Result<bool, ImportError> {
        Ok(row.sha256.is_some()
            || row.origin == Origin::Reprocess
            || self.ledger.crashes(row.id)? > 0
            || self.ledger.has_effective_of_size(print.bytes)?)
    }

    /// What is done with a file, and which batch it supersedes.
    fn course(&self, row: &BatchRow, sha256: Option<&str>) -> Result<(Course, Option<i64>), ImportError> {
        let crashes = self.ledger.crashes(row.id)?;
        if crashes >= CRASHES_MAX {
            return Ok((Course::Quarantine(crashes), None));
        }
        let before = match (row.origin, sha256) {
            (Origin::Reprocess, _) | (_, None) => None,
            (_, Some(sha256)) => self.ledger.effective(sha256)?.filter(|before| before.id != row.id),
        };
        Ok(match (before, row.repeat) {
            (None, _) => (Course::Read, row.supersedes),
            (Some(before), Repeat::Supersede) => (Course::Read, Some(before.id)),
            (Some(before), Repeat::Refuse) => (Course::Duplicate(Box::new(before)), None),
        })
    }

    /// The name a file is judged and remembered by. That of a batch's own file tells nothing, so it gets the
    /// name that it would have in the work list, or had in the inbox.
    fn name(&self, row: &BatchRow) -> Result<String, ImportError> {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if row.origin != Origin::Reprocess {
            return Ok(name(&row.path));
        }
        let parent = row.parent.map(|id| self.row(id)).transpose()?.and_then(|parent| parent.batch);
        let folder = row.path.parent().and_then(Path::file_name);
        if let Some(parent) = parent.filter(|parent| folder == Some(OsStr::new(parent))) {
            return Ok(format!("{parent}.{}", name(&row.path)));
        }
        match row.supersedes {
            // That one may have been an original that was run again itself.
            Some(id) => self.name(&self.row(id)?),
            None => Ok(name(&row.path)),
        }
    }

    /// Writes the outputs of a file into staging and commits them; `None` when it changed while it was read.
    fn decide(
        &mut self,
        row: &BatchRow,
        readable: &mut Readable,
        course: &Course,
        attempt: Option<u32>,
    ) -> Result<Option<Batch>, ImportError> {
        let Folders { inbox, outbox, archive, modes, .. } = &self.installation.folders;
        let name = self.name(row)?;
        let lineage = Lineage::of(&self.ledger, row)?;
        let mut staging = Staging::create(outbox, &row.claim, *modes)?;
        let mut taking = Taking::begin(&mut self.ledger, &mut self.register, row.id, row.supersedes)?;
        let mut finished = None;
        if let Course::Read = course {
            let marker = match row.origin {
                Origin::Inbox => store::claimed_marker(inbox, &row.claim, &row.path)?,
                _ => Some(Says::default()),
            };
            let work = Reading {
                installation: self.installation,
                hooks: &self.hooks,
                name: &name,
                marker,
                corrects: lineage.parent.as_ref(),
            };
            finished = Some(work.read(readable, &mut staging, &mut taking).map_err(|error| error.of(row))?);
            if Print::of_file(&readable.file, &row.path)? != readable.print {
                return Ok(None);
            }
        }
        let lineage = lineage.settled(taking.ledger(), row, &name, finished.as_ref())?;
        let digest =
            readable.digest.or(finished.as_ref().map(|finished| finished.digest)).unwrap_or_default();
        let batch = free_name(outbox, taking.ledger(), &stem(&name), &digest.batch8())?;
        let now = (self.clock)();
        let status = course.status(finished.as_ref());
        if !status.is_imported() {
            // Nothing is imported: what its first records made known is forgotten, what was written is dropped.
            drop(taking);
            if status != BatchStatus::Aborted {
                drop(staging);
                staging = Staging::create(outbox, &row.claim, *modes)?;
            }
            taking = Taking::begin(&mut self.ledger, &mut self.register, row.id, None)?;
        }
        let archived = (row.origin == Origin::Inbox)
            .then(|| store::archived_path(archive, &now.format("%Y-%m").to_string(), &batch, &row.path));
        if let Some(target) = &archived {
            store::prepare_archive(target, *modes)?;
        }
        let fate = Fate { row, course, attempt, status, lineage, archived, now: rfc3339(now) };
        let counts = finished.as_ref().map(|finished| finished.tally.counts).unwrap_or_default();
        let waits = course.duplicate().map(|first| still_open(taking.ledger(), first)).transpose()?.flatten();
        let story = Story {
            batch,
            status,
            name: &name,
            digest,
            origin: fate.origin(&counts),
            duplicate: course.duplicate(),
            waits: waits.as_ref(),
            times: Times { started: row.claimed_at.clone(), finished: fate.now.clone() },
            rules: &self.installation.rules,
            classifiers: &self.installation.settings.context.classifiers,
        };
        let (summary, workbook) =
            write_summary(&mut staging, story, finished.as_ref()).map_err(|error| error.of(row))?;
        let sealed = staging.seal(&summary.batch)?;
        taking.commit(attempt, &fate.commit(&summary, &digest, sealed))?;
        let folder = outbox.join(&summary.batch);
        Ok(Some(Batch { summary, folder, finished, to_correct: Vec::new(), workbook }))
    }
}

/// A time as the ledger and summaries print it.
pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Course {
    /// The batch that imported the same bytes before.
    fn duplicate(&self) -> Option<&BatchRow> {
        match self {
            Self::Duplicate(first) => Some(first),
            _ => None,
        }
    }

    /// What became of a file.
    fn status(&self, finished: Option<&Finished>) -> BatchStatus {
        match (self, finished) {
            (Self::Duplicate(_), _) => BatchStatus::DuplicateFile,
            (Self::Quarantine(_), _) => BatchStatus::Quarantined,
            (Self::Read, finished) => finished.map_or(BatchStatus::Unreadable, Finished::status),
        }
    }
}

/// What is decided of a file.
struct Fate<'f> {
    row: &'f BatchRow,
    course: &'f Course,
    attempt: Option<u32>,
    status: BatchStatus,
    lineage: Lineage,
    archived: Option<PathBuf>,
    now: String,
}

impl Fate<'_> {
    fn origin(&self, counts: &Counts) -> Source {
        let (batch, lineage) = (|row: &BatchRow| row.batch.clone(), &self.lineage);
        Source {
            path: store::shown(&self.row.path),
            archived: self.archived.as_deref().map(store::shown),
            reprocess_of: lineage.parent.as_ref().and_then(batch),
            withdrawn: lineage.takes_over(self.status).then(|| lineage.withdrawn(self.status, counts)),
            replaced_before_by: lineage.replaced_before_by.clone(),
            supersedes: lineage.superseded.as_ref().filter(|_| self.status.is_imported()).and_then(batch),
            duplicate_of: self.course.duplicate().and_then(batch),
            attempt: match self.course {
                Course::Quarantine(crashes) => *crashes,
                _ => self.attempt.unwrap_or(0),
            },
        }
    }

    fn commit(self, summary: &Summary, digest: &Digest, sealed: Sealed) -> Commit {
        let counts = &summary.records;
        let mut findings = BTreeMap::<String, u64>::new();
        for finding in summary.errors.iter().chain(&summary.warnings) {
            *findings.entry(finding.code.clone()).or_default() += finding.count;
        }
        let findings = findings.into_iter().collect();
        let imported = self.status.is_imported();
        // The rejected file of a batch may be run as often as a person likes.
        let is_dropped = self.row.origin != Origin::Reprocess || self.row.supersedes.is_some();
        Commit {
            batch: summary.batch.clone(),
            status: self.status.word().to_owned(),
            counts: [counts.read, counts.accepted, counts.rejected, counts.with_warnings],
            sha256: Some(digest.hex()),
            // Nobody imports what is empty, and it may come back for any batch.
            effective: (imported && is_dropped && counts.read > 0).then(|| digest.hex()),
            parent: self.lineage.parent.as_ref().map(|parent| parent.id),
            supersedes: self.row.supersedes.filter(|_| imported),
            takes_over: self.lineage.takes_over(self.status),
            withdrawn: self.lineage.withdrawn(self.status, counts),
            open: imported && counts.rejected > 0,
            manifest: sealed.manifest,
            files: sealed.files,
            archived: self.archived.as_deref().map(store::below_archive),
            findings,
            note: None,
            at: self.now,
        }
    }
}

/// The reading of one file.
struct Reading<'r> {
    installation: &'r Installation,
    hooks: &'r Hooks<'r>,
    name: &'r str,
    /// What its marker says of it; `None` when that is not clear.
    marker: Option<Says>,
    /// The batch that it corrects, by its name.
    corrects: Option<&'r BatchRow>,
}

impl Reading<'_> {
    /// Reads a file into staging. What its records make known is part of the decision at hand.
    fn read(
        &self,
        readable: &Readable,
        staging: &mut Staging,
        taking: &mut Taking<'_>,
    ) -> Result<Finished, WriteError> {
        let mut files = Files::of(staging);
        let mut finished = {
            let source = Digesting::of_file(
                &readable.file,
                readable.print.bytes,
                readable.digest,
                files.beside.clone(),
            );
            let memory = Memory::Register(taking);
            let settings = &self.installation.settings;
            run_digesting(source, self.name, settings, memory, &mut files.outputs(), self.hooks)?
        };
        if finished.is_empty() && self.withdraws_all(&readable.file)? {
            finished.failure = None;
        }
        // What comes back is a part of what was delivered, and mostly what was wrong with it.
        if self.corrects.is_none() && !finished.has_reasons() {
            finished.check_expected();
        }
        finished.check_marker(self.marker.as_ref(), &readable.digest.unwrap_or(finished.digest));
        if finished.aborted.is_some() {
            files.discard_records()?;
        }
        if finished.failure.is_none() {
            files.close(staging, finished.format)?;
            if let Some(records) = self.installation.records_per_file {
                companions::batches(staging, records)?;
            }
        }
        Ok(finished)
    }
}

impl Reading<'_> {
    /// Whether a file without records takes those of a batch that waits off the list.
    fn withdraws_all(&self, file: &File) -> Result<bool, BatchError> {
        let Some(parent) = self.corrects.filter(|parent| parent.open) else { return Ok(false) };
        let folder = self.installation.folders.outbox.join(parent.batch.as_deref().unwrap_or_default());
        is_emptied(file, &folder.join(store::rejected_name("csv"))).map_err(BatchError::Read)
    }
}

/// How much is hashed at a time.
const PIECE_BYTES: usize = 1 << 20;

fn digest(file: &mut File, hooks: &Hooks<'_>) -> Result<Digest, BatchError> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        if (hooks.interrupted)() {
            return Err(BatchError::Interrupted);
        }
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(BatchError::Read(error)),
        }
    }
}

/// A name for a batch that no other has: `<stem>.<batch8>`, with `-2` and so on for the same bytes again.
fn free_name(outbox: &Path, ledger: &Ledger, stem: &str, batch8: &str) -> Result<String, ImportError> {
    let first = format!("{stem}.{batch8}");
    let mut name = first.clone();
    let mut number = 2_u64;
    while !store::is_free(outbox, &name) || ledger.batch(&name)?.is_some() {
        name = format!("{first}-{number}");
        number += 1;
    }
    Ok(name)
}
