//! `watch`: the service. Picks up files as they arrive, until a signal ends it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::interrupt::{interrupted, listen};
use super::session::with_importer;
use super::{CommandError, Common, Exit, Judging, Prepared, shown};
use crate::config::Events;
use crate::pipeline::{BatchError, ImportError, Importer, Taken, look_at};
use crate::store::ledger::Repeat;
use crate::store::{self, Candidate, Folders, Inbox, Readiness, Waiting, fs_kind};
use crate::watch::Watch as Hints;

/// The arguments of `watch`.
#[derive(Debug, clap::Args)]
pub struct Watch {
    #[command(flatten)]
    judging: Judging,
}

/// The longest wait without a look at whether a signal has come.
const WAIT_MAX: Duration = Duration::from_millis(500);

/// How often measures are written where nothing happens.
const MEASURE_EVERY: Duration = Duration::from_secs(60);

/// How long a file that could not be brought to its end rests before it is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(60);

impl Watch {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = self.judging.prepare(common)?;
        let config = &prepared.config.inbox;
        let scan_every = config.scan_every()?;
        let folder = prepared.inbox()?;
        let file_system = fs_kind(folder)?;
        let readiness = config.readiness(file_system)?;
        let hints = match (config.events, file_system.network()) {
            (Events::Auto, None) => Hints::with_events(folder).unwrap_or_else(|error| {
                tracing::warn!(%error, "no events for the inbox; it is read at intervals");
                Hints::without_events()
            }),
            (_, network) => {
                tracing::info!(
                    file_system = network.unwrap_or("local"),
                    "the inbox is read at intervals, without events"
                );
                Hints::without_events()
            }
        };
        listen();
        with_importer(&prepared, |importer, _| {
            probe(&prepared.installation.folders)?;
            tracing::info!(
                inbox = %shown(folder),
                quiet_seconds = readiness.quiet.as_secs_f64(),
                scan_seconds = scan_every.as_secs_f64(),
                "watching"
            );
            // Without a service manager there is nobody to tell.
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
            let ended = Service {
                prepared: &prepared,
                readiness,
                scan_every,
                hints,
                resting: HashMap::new(),
                has_taken: true,
                importer,
            }
            .serve();
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
            ended.map(|()| Exit::Success)
        })
    }
}

/// Refuses to begin where the protocol could not work; `doctor` says more.
fn probe(folders: &Folders) -> Result<(), CommandError> {
    store::probe_writing(&folders.state, folders.modes)?;
    store::probe_claim(&folders.inbox, folders.modes)?;
    Ok(store::probe_publish(&folders.outbox, folders.modes)?)
}

struct Service<'s, 'i> {
    prepared: &'s Prepared,
    readiness: Readiness,
    scan_every: Duration,
    hints: Hints,
    /// Files that could not be taken, and until when they rest.
    resting: HashMap<PathBuf, Instant>,
    /// Whether a file was taken since the measures were written.
    has_taken: bool,
    importer: &'s mut Importer<'i>,
}

impl Service<'_, '_> {
    fn serve(&mut self) -> Result<(), CommandError> {
        let mut inbox = Inbox::new(&self.prepared.installation.folders.inbox, self.readiness);
        let mut told: Vec<Candidate> = Vec::new();
        let mut try_again = Some(Instant::now());
        let mut measured = Instant::now();
        while !interrupted() {
            if try_again.is_some_and(|at| Instant::now() >= at) {
                let recovered = self.importer.recover().map(drop);
                try_again = self.passed(recovered)?.then(|| Instant::now() + TRY_AGAIN);
            }
            let left = match self.look(&mut inbox, &mut try_again) {
                Ok(left) => left,
                Err(CommandError::Store(error)) => {
                    // A share that is gone for a while comes back.
                    tracing::error!(%error, "the inbox cannot be read");
                    self.pause(self.scan_every);
                    continue;
                }
                Err(error) => return Err(error),
            };
            for Candidate { path, waiting } in left.iter().filter(|candidate| !told.contains(candidate)) {
                if let Some(waiting) = waiting.filter(|waiting| waiting.is_news()) {
                    tracing::info!(file = %shown(path), reason = waiting.reason(), "file waits");
                }
            }
            let is_soon = |candidate: &Candidate| {
                matches!(candidate.waiting, Some(Waiting::Settling | Waiting::BeingWritten))
            };
            let settling = left.iter().any(is_soon);
            told = left;
            let wait = match settling {
                true => self.scan_every.min(self.readiness.quiet / 4 + Duration::from_millis(10)),
                false => self.scan_every,
            };
            if !settling {
                self.importer.rest()?;
            }
            if measured.elapsed() >= MEASURE_EVERY || std::mem::take(&mut self.has_taken) {
                self.prepared.write_metrics(self.importer.ledger());
                measured = Instant::now();
            }
            self.pause(wait);
        }
        Ok(())
    }

    /// Takes what is ready and returns what is left.
    fn look(
        &mut self,
        inbox: &mut Inbox,
        try_again: &mut Option<Instant>,
    ) -> Result<Vec<Candidate>, CommandError> {
        let seen = look_at(&self.prepared.installation.settings.sources, |questions| {
            inbox.look(Instant::now(), questions)
        })?;
        let (ready, left): (Vec<_>, Vec<_>) =
            seen.into_iter().partition(|candidate| candidate.waiting.is_none());
        for Candidate { path, .. } in &ready {
            if interrupted() {
                break;
            }
            if self.resting.get(path).is_some_and(|until| Instant::now() < *until) {
                continue;
            }
            self.resting.remove(path);
            self.has_taken = true;
            let taken = self.importer.take(path, Repeat::Refuse);
            let rests = Instant::now() + TRY_AGAIN;
            if let Ok(Taken::Left(reason)) = &taken {
                tracing::info!(file = %shown(path), reason, "file is left alone");
            }
            if self.passed(taken.map(drop))? {
                self.resting.insert(path.clone(), rests);
                *try_again = Some(rests);
            }
        }
        Ok(left)
    }

    /// Whether something failed that may work later. A ledger that fails ends the service: nothing can be
    /// decided without it.
    fn passed(&self, ended: Result<(), ImportError>) -> Result<bool, CommandError> {
        match ended {
            Ok(()) => Ok(false),
            Err(ImportError::Batch { source: BatchError::Interrupted, .. }) => Ok(false),
            Err(error) if error.is_of_ledger() => Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "a file could not be brought to its end; it is kept and tried again");
                Ok(true)
            }
        }
    }

    /// Waits for a hint, with a look at signals now and then.
    fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || interrupted() || self.hints.wait(left.min(WAIT_MAX)) {
                return;
            }
        }
    }
}
