//! `run`: one shot over the inbox, or over named files and folders.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::Utc;

use super::interrupt::{interrupted, listen};
use super::progress::Bar;
use super::{
    CommandError, Common, Exit, Judging, OutputFormat, Prepared, check, go_on, rules_summary, shown, summary,
};
use crate::pipeline::{Batch, Dropped, Hooks, import};
use crate::report::{BatchStatus, FileReport, RulesSummary};
use crate::store;

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// Files and folders that are read in place and stay where they are [default: the inbox]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Validate only: nothing is written or moved
    #[arg(long)]
    dry_run: bool,
    /// End with 0 where records were rejected
    #[arg(long)]
    exit_zero: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value = "text", env = "KYC_IMPORT_FORMAT")]
    format: OutputFormat,
    #[command(flatten)]
    judging: Judging,
}

impl Run {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let Self { paths, dry_run, exit_zero, format, judging } = self;
        let prepared = judging.prepare(common)?;
        let files = files(&paths, &prepared.folders.inbox)?;
        if dry_run {
            let paths: Vec<PathBuf> = files.into_iter().map(|file| file.path).collect();
            return check::check(&paths, &prepared, format, None)
                .map(|exit| exit.zero_for_rejected(exit_zero));
        }
        listen();
        let mut out = anstream::AutoStream::auto(std::io::stdout());
        if files.is_empty() && format == OutputFormat::Text {
            writeln!(out, "{}: nothing to do", prepared.folders.inbox.display())?;
        }
        let rules = rules_summary(&prepared.settings.context);
        let mut exit = Exit::Success;
        for file in &files {
            let ended = go_on(one(file, &prepared, &rules, format, &mut out))?;
            exit = exit.max(ended);
        }
        Ok(exit.zero_for_rejected(exit_zero))
    }
}

/// The files to be imported. Those of the inbox move to the archive; others stay where they are.
fn files(paths: &[PathBuf], inbox: &Path) -> Result<Vec<Dropped>, CommandError> {
    if paths.is_empty() {
        return Ok(in_folder(inbox)?.into_iter().map(|path| Dropped { path, archived: true }).collect());
    }
    let mut files = Vec::new();
    for path in paths {
        let found = if path.is_dir() { in_folder(path)? } else { vec![path.clone()] };
        for path in found {
            let archived = is_in(&path, inbox);
            files.push(Dropped { path, archived });
        }
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut paths = Vec::new();
    for candidate in store::scan(folder)? {
        match candidate.waiting {
            None => paths.push(candidate.path),
            Some(waiting) => {
                tracing::info!(file = %shown(&candidate.path), reason = waiting.reason(), "file is not taken");
            }
        }
    }
    Ok(paths)
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

fn one(
    file: &Dropped,
    prepared: &Prepared,
    rules: &RulesSummary,
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<Exit, CommandError> {
    let begun = Instant::now();
    let bar = Bar::of(&file.path);
    let hooks = Hooks { interrupted: &interrupted, progress: &|progress| bar.show(progress) };
    let batch = import(file, &prepared.folders, &prepared.settings, rules, &Utc::now, &hooks)?;
    drop(bar);
    let counts = batch.summary.records;
    tracing::info!(
        batch = batch.summary.batch,
        status = batch.summary.status.words(),
        read = counts.read,
        accepted = counts.accepted,
        rejected = counts.rejected,
        "batch is published"
    );
    let status = batch.summary.status;
    match format {
        OutputFormat::Json => json(&file.path, &batch, out)?,
        OutputFormat::Text => text(&batch, prepared, begun.elapsed().as_secs_f64(), out)?,
    }
    Ok(Exit::of_status(status))
}

fn json(path: &Path, batch: &Batch, out: &mut dyn Write) -> Result<(), CommandError> {
    let (summary, finished) = (&batch.summary, &batch.finished);
    let shown = path.to_string_lossy();
    let failure = finished.failure.as_ref();
    let report = FileReport::new(
        &shown,
        &summary.file,
        &finished.tally,
        &finished.warnings,
        failure,
        Some(&summary.batch),
    );
    serde_json::to_writer(&mut *out, &report).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

fn text(batch: &Batch, prepared: &Prepared, seconds: f64, out: &mut dyn Write) -> Result<(), CommandError> {
    let name = shown(Path::new(&batch.summary.file.name));
    let text = summary::FileText {
        name: &name,
        file: &batch.summary.file,
        tally: &batch.finished.tally,
        warnings: &batch.finished.warnings,
        failure: batch.finished.failure.as_ref(),
        seconds,
    };
    let status = summary::write(out, &text)?;
    if status == BatchStatus::Unreadable {
        writeln!(out, "  all   {}/", batch.folder.display())?;
    } else {
        let rejected = batch.rejected.as_deref().map(|path| (path, batch.workbook));
        summary::write_next_steps(
            out,
            &batch.finished.tally,
            rejected,
            &batch.folder,
            &prepared.folders.inbox,
        )?;
    }
    Ok(writeln!(out)?)
}
