//! Colours of the terminal. They vanish in a pipe and with `NO_COLOR`.

use crate::report::BatchStatus;
use anstyle::{AnsiColor, Reset, Style};

pub const GOOD: Style = AnsiColor::Green.on_default().bold();
pub const BAD: Style = AnsiColor::Red.on_default().bold();
pub const MIXED: Style = AnsiColor::Yellow.on_default().bold();
pub const ERROR: Style = BAD;
pub const STRONG: Style = Style::new().bold();
pub const FAINT: Style = Style::new().dimmed();
pub const RESET: Reset = Reset;

/// The colour of what became of a batch.
pub const fn of_status(status: BatchStatus) -> Style {
    match status {
        BatchStatus::Accepted => GOOD,
        BatchStatus::PartiallyAccepted | BatchStatus::DuplicateFile => MIXED,
        BatchStatus::Rejected | BatchStatus::Unreadable | BatchStatus::Aborted | BatchStatus::Quarantined => {
            BAD
        }
    }
}
