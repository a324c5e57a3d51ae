//! Progress on a terminal: bytes, records, records per second, time left, accepted and rejected so far.
//! Nothing when standard error is no terminal.

use std::io::IsTerminal;
use std::path::Path;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::pipeline::Progress;

/// The progress of one file.
pub struct Bar {
    bar: ProgressBar,
    begun: Instant,
}

impl Bar {
    /// A bar for a file; hidden where nobody sees it or its size is not known.
    pub fn of(path: &Path) -> Self {
        let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let seen = std::io::stderr().is_terminal() && bytes > 0;
        let bar = if seen { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
        let template = "{bar:24} {percent:>3}%  {bytes} of {total_bytes}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now() }
    }

    /// Shows how far the work has come.
    pub fn show(&self, progress: Progress) {
        if self.bar.is_hidden() {
            return;
        }
        let counts = progress.counts;
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = counts.read as f64 / seconds;
        self.bar.set_position(progress.bytes);
        self.bar.set_message(format!(
            "{} records ({rate:.0}/s)  accepted {}  rejected {}",
            counts.read, counts.accepted, counts.rejected
        ));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
