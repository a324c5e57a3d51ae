//! How texts for people are set: numbers with their word, lines that fit the terminal.

use std::io::IsTerminal as _;

/// How wide texts are where nobody knows the width: in a pipe, in a mail of cron.
const WIDTH: usize = 80;

/// The widths of terminals that are used as they are: narrower ones break the lines themselves, and wider texts
/// are hard to read.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=140;

/// How many columns standard output has.
pub fn width() -> usize {
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return WIDTH;
    }
    let size = rustix::termios::tcgetwinsize(&stdout);
    size.map_or(WIDTH, |size| usize::from(size.ws_col).clamp(*WIDTHS.start(), *WIDTHS.end()))
}

/// A number with its word: `1 batch`, `2 batches`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A text in lines of at most so many characters, broken at blanks; a longer word stays whole.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    lines(text.split_whitespace(), " ", width)
}

/// A path of fields in lines of at most so many characters, broken behind dots.
pub fn wrapped_path(path: &str, width: usize) -> Vec<String> {
    lines(path.split_inclusive('.'), "", width)
}

fn lines<'t>(parts: impl Iterator<Item = &'t str>, between: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for part in parts {
        let at = lines.len() - 1;
        let line = &mut lines[at];
        let needed = line.chars().count() + between.len() + part.chars().count();
        if line.is_empty() {
            line.push_str(part);
        } else if needed <= width {
            line.push_str(between);
            line.push_str(part);
        } else {
            lines.push(part.to_owned());
        }
    }
    lines
}

/// A text behind something of `indent` columns, its further lines below its first.
pub fn hanging(text: &str, indent: usize) -> String {
    let lines = wrapped(text, width().saturating_sub(indent).max(1));
    lines.join(&format!("\n{:indent$}", ""))
}
