//! What every command that imports shares: the lock, the importer, how batches are printed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::Utc;

use super::interrupt::interrupted;
use super::progress::Bar;
use super::words::hanging;
use super::{CommandError, Exit, OutputFormat, Prepared, go_on, shown, style, summary};
use crate::pipeline::{Batch, Hooks, ImportError, Importer, Installation, Taken};
use crate::report::{BatchStatus, FileReport, Tally};
use crate::store::{self, Candidate, Lock, LockError, Waiting};

/// The bar of the file at hand.
#[derive(Default)]
pub(super) struct Bars {
    bar: Mutex<Option<Bar>>,
}

impl Bars {
    fn show(&self, progress: crate::pipeline::Progress) {
        if let Some(bar) = &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.show(progress);
        }
    }

    fn set(&self, bar: Option<Bar>) {
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = bar;
    }
}

/// The named files and those of the named folders, and what else the folders hold.
pub(super) fn named(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Candidate>), CommandError> {
    let (mut files, mut left) = (Vec::new(), Vec::new());
    for path in paths {
        if path.is_dir() {
            let (taken, others): (Vec<_>, Vec<_>) =
                store::scan(path)?.into_iter().partition(|candidate| candidate.waiting.is_none());
            files.extend(taken.into_iter().map(|candidate| candidate.path));
            left.extend(others);
        } else {
            files.push(path.clone());
        }
    }
    Ok((files, left))
}

/// Takes the lock of an installation.
pub(super) fn lock(installation: &Installation) -> Result<Lock, LockError> {
    let folders = &installation.folders;
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let holder = format!(
        "process {} on {host} since {}",
        std::process::id(),
        Utc::now().format("%Y-%m-%d %H:%M:%S UTC")
    );
    Lock::take(&folders.state, folders.modes, &holder)
}

/// Does something with an importer, under the lock.
pub(super) fn with_importer<T>(
    prepared: &Prepared,
    work: impl FnOnce(&mut Importer<'_>, &Bars) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let installation = &prepared.installation;
    let _lock = lock(installation)?;
    let bars = Bars::default();
    let show = |progress| bars.show(progress);
    let hooks = Hooks { interrupted: &interrupted, progress: &show };
    let mut importer = Importer::open(installation, &Utc::now, hooks)?;
    let done = work(&mut importer, &bars)?;
    importer.rest()?;
    prepared.write_metrics(importer.ledger());
    Ok(done)
}

/// Prints why files are not taken.
pub(super) fn not_taken(
    left: &[Candidate],
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    for Candidate { path, waiting } in left {
        let reason = waiting.map(Waiting::reason).unwrap_or_default();
        tracing::info!(file = %shown(path), reason, "file is not taken");
        if format == OutputFormat::Text && waiting.is_some_and(Waiting::is_news) {
            writeln!(out, "{}: not taken: {reason}", shown(path))?;
        }
    }
    Ok(())
}

/// Prints batches and remembers the gravest end.
pub(super) struct Printer<'o> {
    pub installation: &'o Installation,
    pub format: OutputFormat,
    pub out: &'o mut dyn Write,
    pub exit: Exit,
}

impl Printer<'_> {
    /// Takes one file, prints what became of it and returns how it ended.
    pub fn take(
        &mut self,
        path: &Path,
        bars: &Bars,
        take: impl FnOnce() -> Result<Taken, ImportError>,
    ) -> Result<Exit, CommandError> {
        let begun = Instant::now();
        bars.set(Some(Bar::of(path)));
        let taken = take().map_err(CommandError::from);
        bars.set(None);
        let ended = taken.and_then(|taken| self.print(path, &taken, begun.elapsed().as_secs_f64()));
        let exit = go_on(ended)?;
        self.exit = self.exit.max(exit);
        Ok(exit)
    }

    /// Prints what became of a file.
    pub fn print(&mut self, path: &Path, taken: &Taken, seconds: f64) -> Result<Exit, CommandError> {
        let batch = match taken {
            Taken::Batch(batch) => batch,
            Taken::Left(why) => {
                if self.format == OutputFormat::Text {
                    writeln!(self.out, "{}: left alone: {why}\n", shown(path))?;
                }
                return Ok(Exit::Success);
            }
        };
        match self.format {
            OutputFormat::Json => self.json(path, batch)?,
            OutputFormat::Text => self.text(batch, seconds)?,
        }
        Ok(Exit::of_status(batch.summary.status))
    }

    fn json(&mut self, path: &Path, batch: &Batch) -> Result<(), CommandError> {
        let summary = &batch.summary;
        let path = path.to_string_lossy();
        let nothing = Tally::default();
        let finished = batch.finished.as_ref();
        let report = FileReport::new(
            &path,
            &summary.file,
            summary.status,
            finished.map_or(&nothing, |finished| &finished.tally),
            finished.map_or(&[], |finished| finished.warnings.as_slice()),
            (
                finished.and_then(|finished| finished.failure.as_ref()),
                finished.and_then(|finished| finished.aborted.as_ref()),
            ),
            Some(&summary.batch),
        );
        serde_json::to_writer(&mut *self.out, &report).map_err(std::io::Error::from)?;
        Ok(writeln!(self.out)?)
    }

    fn text(&mut self, batch: &Batch, seconds: f64) -> Result<(), CommandError> {
        let summary = &batch.summary;
        let nothing = Tally::default();
        let finished = batch.finished.as_ref();
        let tally = finished.map_or(&nothing, |finished| &finished.tally);
        let text = summary::FileText {
            name: &shown(Path::new(&summary.file.name)),
            file: &summary.file,
            status: summary.status,
            tally,
            warnings: finished.map_or(&[], |finished| finished.warnings.as_slice()),
            failure: finished.and_then(|finished| finished.failure.as_ref()),
            aborted: finished.and_then(|finished| finished.aborted.as_ref()),
            seconds,
        };
        summary::write(self.out, &text)?;
        if summary.status.is_imported() {
            let inbox = &self.installation.folders.inbox;
            let to_correct = (batch.to_correct.as_slice(), batch.workbook);
            summary::write_next_steps(self.out, tally, to_correct, &batch.folder, inbox)?;
            if let Some(advice) = summary.origin.advice(&summary.errors) {
                writeln!(self.out, "  note  {}", hanging(&advice, 8))?;
            }
        } else {
            if let Some(first) = &summary.origin.duplicate_of {
                writeln!(self.out, "  the same bytes as {first}: nothing was imported again")?;
            }
            if matches!(summary.status, BatchStatus::DuplicateFile | BatchStatus::Quarantined) {
                for step in &summary.next_steps {
                    writeln!(self.out, "\n  next  {}", hanging(step, 8))?;
                }
            }
            writeln!(self.out, "  {}all   {}/{}", style::RESET, shown(&batch.folder), style::RESET)?;
        }
        Ok(writeln!(self.out)?)
    }
}
