//! `run`: one shot over the inbox, or over named files and folders.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::check::check;
use super::interrupt::{interrupted, listen};
use super::session::{Bars, Printer, named, not_taken, with_importer};
use super::{CommandError, Common, Exit, Judging, OutputFormat, Prepared, Results, shown};
use crate::pipeline::{Importer, Taken, look_at};
use crate::store::ledger::Repeat;
use crate::store::{Candidate, Inbox, Readiness, Waiting, fs_kind};

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// Files and folders that are read in place and stay where they are [default: the inbox]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Validate only: nothing is written or moved
    #[arg(long)]
    dry_run: bool,
    /// Import files again that were imported before: the new batch supersedes the old one, whose records are
    /// forgotten
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    results: Results,
    #[command(flatten)]
    judging: Judging,
}

impl Run {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = self.judging.prepare(common)?;
        let repeat = if self.force { Repeat::Supersede } else { Repeat::Refuse };
        listen();
        let exit = match (self.dry_run, self.paths.as_slice()) {
            (true, []) => check(&[prepared.inbox()?.to_owned()], &prepared, self.results.format, None),
            (true, paths) => check(paths, &prepared, self.results.format, None),
            (false, []) => from_inbox(&prepared, repeat, self.results.format),
            (false, paths) => from_paths(paths, &prepared, repeat, self.results.format),
        }?;
        Ok(exit.zero_for_rejected(self.results.exit_zero))
    }
}

/// Imports named files, and those of named folders. Files of the inbox are taken from there; others stay
/// where they are.
fn from_paths(
    paths: &[PathBuf],
    prepared: &Prepared,
    repeat: Repeat,
    format: OutputFormat,
) -> Result<Exit, CommandError> {
    let (files, left) = named(paths)?;
    let mut out = anstream::AutoStream::auto(std::io::stdout());
    with_importer(prepared, |importer, bars| {
        let mut printer =
            Printer { installation: &prepared.installation, format, out: &mut out, exit: Exit::Success };
        recover(importer, &mut printer)?;
        for path in &files {
            if interrupted() {
                return Err(CommandError::Interrupted);
            }
            let from_inbox = is_in(path, &prepared.installation.folders.inbox);
            printer.take(path, bars, || match from_inbox {
                true => importer.take(path, repeat),
                false => importer.take_named(path, repeat),
            })?;
        }
        not_taken(&left, format, printer.out)?;
        if files.is_empty() && format == OutputFormat::Text {
            writeln!(printer.out, "nothing to do")?;
        }
        Ok(printer.exit)
    })
}

/// Brings to its end what an earlier run began, and prints the batches that came of it.
pub(super) fn recover(importer: &mut Importer<'_>, printer: &mut Printer<'_>) -> Result<(), CommandError> {
    let recovered = importer.recover().map_err(CommandError::from);
    let taken = match recovered {
        Ok(taken) => taken,
        Err(error) => {
            printer.exit = printer.exit.max(super::go_on(Err(error))?);
            return Ok(());
        }
    };
    for taken in taken.iter().filter(|taken| matches!(taken, Taken::Batch(_))) {
        let exit = printer.print(Path::new(""), taken, 0.0)?;
        printer.exit = printer.exit.max(exit);
    }
    Ok(())
}

/// Imports the files of the inbox until none is left that may be taken.
fn from_inbox(prepared: &Prepared, repeat: Repeat, format: OutputFormat) -> Result<Exit, CommandError> {
    let folder = prepared.inbox()?;
    let readiness = prepared.config.inbox.readiness(fs_kind(folder)?)?;
    // Who runs once has no time to wait for the end of a file: what holds still and nobody writes is taken.
    let readiness = Readiness { patience: readiness.quiet, ..readiness };
    let mut out = anstream::AutoStream::auto(std::io::stdout());
    with_importer(prepared, |importer, bars| {
        let mut printer =
            Printer { installation: &prepared.installation, format, out: &mut out, exit: Exit::Success };
        recover(importer, &mut printer)?;
        let mut inbox = Inbox::new(folder, readiness);
        let (taken, left) = drain(&mut inbox, readiness, importer, &mut printer, bars, repeat)?;
        not_taken(&left, format, printer.out)?;
        if taken == 0 && printer.exit == Exit::Success && format == OutputFormat::Text {
            writeln!(printer.out, "{}: nothing to do", shown(folder))?;
        }
        Ok(printer.exit)
    })
}

/// How often a file of the same name is taken in one run: one that is given back each time is left.
const TAKES_MAX: u32 = 5;

/// How often a file that has to hold still is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Takes files until only such are left that have to wait. Returns how many were taken, and what is left.
fn drain(
    inbox: &mut Inbox,
    readiness: Readiness,
    importer: &mut Importer<'_>,
    printer: &mut Printer<'_>,
    bars: &Bars,
    repeat: Repeat,
) -> Result<(usize, Vec<Candidate>), CommandError> {
    let mut count = 0;
    // What could not be taken is still there: the next run tries it again.
    let mut failed: Vec<PathBuf> = Vec::new();
    let mut times: HashMap<PathBuf, u32> = HashMap::new();
    // A file that changes all the time is left after two quiet times.
    let mut deadline = Instant::now() + readiness.quiet * 2 + LOOK_EVERY;
    loop {
        let seen = look_at(&printer.installation.settings.sources, |questions| {
            inbox.look(Instant::now(), questions)
        })?;
        let is_new = |candidate: &Candidate| !failed.contains(&candidate.path);
        let (ready, left): (Vec<_>, Vec<_>) =
            seen.into_iter().filter(is_new).partition(|candidate| candidate.waiting.is_none());
        for Candidate { path, .. } in &ready {
            if interrupted() {
                return Err(CommandError::Interrupted);
            }
            if printer.take(path, bars, || importer.take(path, repeat))? == Exit::Store {
                failed.push(path.clone());
            }
            let takes = times.entry(path.clone()).or_insert(0_u32);
            *takes += 1;
            if *takes >= TAKES_MAX {
                failed.push(path.clone());
            }
            count += 1;
            deadline = deadline.max(Instant::now() + readiness.quiet + LOOK_EVERY);
        }
        // A writer is given the same time to close its file.
        let may_settle =
            |waiting: Option<Waiting>| matches!(waiting, Some(Waiting::Settling | Waiting::BeingWritten));
        let settling = left.iter().any(|candidate| may_settle(candidate.waiting));
        if ready.is_empty() && (!settling || Instant::now() >= deadline) {
            return Ok((count, left));
        }
        if interrupted() {
            return Err(CommandError::Interrupted);
        }
        if ready.is_empty() {
            std::thread::sleep(LOOK_EVERY.min(readiness.quiet / 4 + Duration::from_millis(1)));
        }
    }
}

/// Whether a file lies in a folder, whatever way its path takes.
fn is_in(path: &Path, folder: &Path) -> bool {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent == folder,
        _ => false,
    }
}
