//! Says when to look at the inbox: events of the system as hints, a clock as the truth. It never touches a
//! file.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long events are collected before a look: a copy of a thousand files is one.
const COLLECT: Duration = Duration::from_millis(50);

/// What tells of new files.
#[derive(Debug)]
pub struct Watch {
    hints: Receiver<()>,
    /// Kept as long as events are wanted.
    watcher: Option<RecommendedWatcher>,
}

impl Watch {
    /// Listens to the events of a folder.
    ///
    /// # Errors
    ///
    /// When the system gives no events for it; [`Watch::without_events`] still works then.
    pub fn with_events(folder: &Path) -> Result<Self, notify::Error> {
        // One hint waiting is enough: whoever takes it looks at everything.
        let (sender, hints) = sync_channel(1);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if is_news(&event) {
                // A full channel holds a hint already.
                let _ = sender.try_send(());
            }
        })?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        Ok(Self { hints, watcher: Some(watcher) })
    }

    /// Listens to nothing: every wait lasts its whole time.
    #[must_use]
    pub fn without_events() -> Self {
        let (_, hints) = sync_channel(1);
        Self { hints, watcher: None }
    }

    /// Waits for a hint, at most as long as given. Returns whether one came.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> bool {
        if self.watcher.is_none() {
            std::thread::sleep(at_most);
            return false;
        }
        match self.hints.recv_timeout(at_most) {
            Err(RecvTimeoutError::Timeout) => return false,
            Ok(()) | Err(RecvTimeoutError::Disconnected) => std::thread::sleep(COLLECT.min(at_most)),
        }
        while self.hints.try_recv().is_ok() {}
        true
    }
}

/// Whether an event may mean a file to be taken. Mere reading does not; closing after writing does.
fn is_news(event: &notify::Result<notify::Event>) -> bool {
    let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    event.as_ref().map_or(true, |event| !event.kind.is_access() || event.kind == written)
}
