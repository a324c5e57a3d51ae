//! Signals: the first asks the work to stop, the second ends the program at once.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen to SIGINT and SIGTERM, once.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(begin);
}

fn begin() {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(super::Exit::Interrupted.code()));
        }
    };
    // Without a handler a signal ends the program at once, which is safe too.
    if let Err(error) = ctrlc::set_handler(handler) {
        tracing::warn!(%error, "signals end the program at once");
    }
}

/// Whether a signal has come.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
