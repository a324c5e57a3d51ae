//! Markers: second files that a sender writes when the first is complete, and what they say of it.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::correct::hash;
use super::inbox::{Waiting, open};

/// The endings of markers.
pub const MARKERS: [&str; 3] = [".done", ".sha256", ".ctl"];

/// The marker that may hold anything.
const MARKS_BY_NAME: &str = MARKERS[0];

/// The marker that must hold the hash of its file; a control file may.
const MARKS_BY_HASH: &str = MARKERS[1];

/// The marker that may say how many records its file holds.
pub(super) const CONTROL_FILE: &str = MARKERS[2];

/// The most bytes of a marker that are read.
const MARKER_BYTES_MAX: u64 = 64 * 1024;

/// The marker of a file, if it is there: `customers.csv.done` or `customers.done`.
#[must_use]
pub fn marker_path(path: &Path, ending: &str) -> Option<PathBuf> {
    let mut whole = path.as_os_str().to_owned();
    whole.push(ending);
    let candidates = [PathBuf::from(whole), path.with_extension(&ending[1..])];
    candidates.into_iter().find(|marker| fs::symlink_metadata(marker).is_ok_and(|found| found.is_file()))
}

/// Why a file waits for its marker.
pub(super) fn unmarked(path: &Path, ending: &str) -> Option<Waiting> {
    let Some(marker) = marker_path(path, ending) else { return Some(Waiting::NoMarker) };
    if ending == MARKS_BY_NAME {
        return None;
    }
    let text = read(&marker).unwrap_or_default();
    if ending == CONTROL_FILE && told_in(&text) == Told::Unclear {
        return Some(Waiting::WrongMarker);
    }
    match hash_in(&text) {
        None if ending == MARKS_BY_HASH => Some(Waiting::WrongMarker),
        None => None,
        Some(wanted) => match hash(path) {
            Ok(Some(found)) if found == wanted => None,
            _ => Some(Waiting::WrongMarker),
        },
    }
}

/// What a control file says of the number of records of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// This many.
    Records(u64),
    /// A number, but not clearly which.
    Unclear,
}

/// What a control file says of the number of records of its file.
pub(super) fn told_by(control_file: &Path) -> Result<Told, StoreError> {
    read(control_file).map(|text| told_in(&text))
}

fn read(marker: &Path) -> Result<String, StoreError> {
    let mut text = Vec::new();
    let read = open(marker)?.take(MARKER_BYTES_MAX).read_to_end(&mut text);
    read.map_err(StoreError::of("read the file", marker))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The hash that a marker holds, in lower case.
fn hash_in(text: &str) -> Option<String> {
    let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(|char: char| !char.is_ascii_alphanumeric()).find(is_hash).map(str::to_ascii_lowercase)
}

/// The names under which control files tell the number of records; blanks, `_` and `-` within them do not count.
const NAMES: [&str; 7] =
    ["records", "recordcount", "totalrecords", "numberofrecords", "rows", "rowcount", "count"];

/// The number of records that a text tells: `records=1200`, `"recordCount": 1200`, `<rows>1200</rows>`.
fn told_in(text: &str) -> Told {
    let mut told = Told::Nothing;
    for (at, sign) in text.match_indices(['=', ':', '>']) {
        let name = name_before(&text[..at]);
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        let value = text[at + sign.len()..]
            .trim_start_matches(|char: char| char.is_whitespace() || "\"'".contains(char));
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let number = value[..digits].parse().map_or(Told::Unclear, Told::Records);
        // `1,200` and `1.5` are no numbers that everybody reads alike.
        let mut behind = value[digits..].chars();
        let goes_on = match behind.next() {
            Some(',' | '.' | '\'') => behind.next().is_some_and(|char| char.is_ascii_digit()),
            Some(char) => char.is_alphanumeric() || char == '_',
            None => false,
        };
        told = match told {
            _ if goes_on => Told::Unclear,
            Told::Nothing => number,
            told if told == number => told,
            _ => Told::Unclear,
        };
    }
    told
}

/// The name that a text ends with, in lower case: without quotes around it, and without signs in it.
fn name_before(text: &str) -> String {
    let text = text.trim_end_matches(|char: char| "\"' \t".contains(char));
    let is_part = |char: &char| char.is_alphanumeric() || "_- ".contains(*char);
    let name: String = text.chars().rev().take_while(is_part).collect();
    // A closing tag says it again.
    if text[..text.len() - name.len()].ends_with('/') {
        return String::new();
    }
    name.chars().rev().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Told, told_in};

    #[test]
    fn a_control_file_tells_the_number_of_records() {
        for text in [
            "records=1200",
            "hash=ab\nRECORDS: 1200\n",
            "{\"file\": \"a.csv\", \"recordCount\": 1200, \"sha256\": \"00\"}",
            "<control><rows>1200</rows><size>7</size></control>",
            "date=2026-11-22;record_count=1200;size=4096",
            "Row count : '1200'\r\nNumber of records=1200",
            "count=1200, size=3",
        ] {
            assert_eq!(told_in(text), Told::Records(1200), "{text}");
        }
        for text in ["", "0a1b2c  a.csv", "1200 records", "records", "account=7", "discount: 5", "size=1200"]
        {
            assert_eq!(told_in(text), Told::Nothing, "{text}");
        }
        for text in [
            "records=",
            "records=many",
            "records=1,200",
            "records=1.5",
            "rows=12a",
            "count=-3",
            "records=1\nrows=2",
            "records=99999999999999999999",
        ] {
            assert_eq!(told_in(text), Told::Unclear, "{text}");
        }
    }
}
