//! Markers: second files that a sender writes when the first is complete, and what they say of it.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::correct::hash;
use super::files::with_ending;
use super::inbox::{Waiting, open};

/// The endings of markers.
pub const MARKERS: [&str; 3] = [".done", ".sha256", ".ctl"];

/// The marker that may hold anything.
const MARKS_BY_NAME: &str = MARKERS[0];

/// The marker that must hold the hash of its file. The third, a control file, may, and the number of its records.
const MARKS_BY_HASH: &str = MARKERS[1];

/// The most bytes of a marker that are read.
const MARKER_BYTES_MAX: u64 = 64 * 1024;

/// The marker of a file, if it is there: `customers.csv.done` or `customers.done`.
#[must_use]
pub fn marker_path(path: &Path, ending: &str) -> Option<PathBuf> {
    let candidates = [with_ending(path, ending), path.with_extension(&ending[1..])];
    candidates.into_iter().find(|marker| fs::symlink_metadata(marker).is_ok_and(|found| found.is_file()))
}

/// The longest name of a file that file systems take, in bytes.
const NAME_BYTES_MAX: usize = 255;

/// Whether the name of a file leaves room for the ending of its marker: in its claim and in the archive the marker is
/// named after the file in full.
#[must_use]
pub fn leaves_room(path: &Path, ending: &str) -> bool {
    path.file_name().unwrap_or_default().len() + ending.len() <= NAME_BYTES_MAX
}

/// What a marker says of its file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Says {
    /// The SHA-256, in lower case.
    pub sha256: Option<String>,
    /// The number of records.
    pub records: Option<u64>,
}

/// Why a file waits for its marker.
///
/// # Errors
///
/// When one of them cannot be read now.
pub(super) fn unmarked(path: &Path, marker: &Path, ending: &str) -> Result<Option<Waiting>, StoreError> {
    let Some(says) = said_by(marker, ending)? else { return Ok(Some(Waiting::UnclearMarker)) };
    let Some(wanted) = says.sha256 else { return Ok(None) };
    Ok((hash(path)? != Some(wanted)).then_some(Waiting::WrongMarker))
}

/// What a marker with this ending says; `None` when it says something that is not clear.
pub(super) fn said_by(marker: &Path, ending: &str) -> Result<Option<Says>, StoreError> {
    if ending == MARKS_BY_NAME {
        return Ok(Some(Says::default()));
    }
    let mut bytes = Vec::new();
    let read = open(marker)?.take(MARKER_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(StoreError::of("read the file", marker))?;
    let is_whole = bytes.len() as u64 <= MARKER_BYTES_MAX && !bytes.contains(&0);
    if !is_whole {
        return Ok(None);
    }
    let text = &String::from_utf8_lossy(&bytes);
    let sha256 = hash_in(text);
    if ending == MARKS_BY_HASH {
        return Ok(sha256.map(|sha256| Says { sha256: Some(sha256), records: None }));
    }
    let names_hash = text.to_ascii_lowercase().contains("sha256");
    Ok(match told_in(text) {
        Told::Unclear => None,
        _ if names_hash && sha256.is_none() => None,
        Told::Nothing => Some(Says { sha256, records: None }),
        Told::Records(records) => Some(Says { sha256, records: Some(records) }),
    })
}

/// The hash that a marker holds, in lower case.
fn hash_in(text: &str) -> Option<String> {
    let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(|char: char| !char.is_ascii_alphanumeric()).find(is_hash).map(str::to_ascii_lowercase)
}

/// What a text says of a number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Nothing.
    Nothing,
    /// This many.
    Records(u64),
    /// A number, but not clearly which.
    Unclear,
}

/// The names under which control files tell the number of records, in small letters; `_` and `-` within them do not
/// count.
const NAMES: [&str; 17] = [
    "records",
    "recordcount",
    "recordcnt",
    "recordscount",
    "recordstotal",
    "totalrecords",
    "totalrecordcount",
    "numberofrecords",
    "numrecords",
    "nrecords",
    "rows",
    "rowcount",
    "rowstotal",
    "totalrows",
    "numberofrows",
    "numrows",
    "nrows",
];

/// The name that tells of records only where nothing else stands before it that is counted.
const COUNT: &str = "count";

/// Whether a text ends where a member or a line begins, or with the name of records.
fn counts_records(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '"', '\'']);
    let last = before.rsplit(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    match last {
        "" => before.is_empty() || before.ends_with(['\n', '\r', '{', ',', ';', '|', '&', '<', '\u{feff}']),
        _ => ["record", "records", "row", "rows"].iter().any(|known| known.eq_ignore_ascii_case(last)),
    }
}

/// The number of records that a text tells: `records=1200`, `"recordCount": 1200`, `<rows>1200</rows>`. One that only
/// speaks of records, such as `1200 records`, is not clear. A number alone may be anything, a date or a version.
fn told_in(text: &str) -> Told {
    let is_part = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
    let (mut told, mut mentioned) = (Told::Nothing, false);
    for word in text.split(|char| !is_part(char)) {
        let name: String =
            word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let is_count = name == COUNT;
        if !is_count && !NAMES.contains(&name.as_str()) {
            continue;
        }
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        if text[..start].ends_with(['/', '\\', '.']) {
            // A closing tag, or a part of a path.
            continue;
        }
        if is_count && !counts_records(&text[..start]) {
            continue;
        }
        let behind = text[start + word.len()..].trim_start_matches([' ', '\t', '"', '\'']);
        match behind.strip_prefix(['=', ':', '>']) {
            Some(value) => {
                let found = number_at(value);
                told = if told == Told::Nothing || told == found { found } else { Told::Unclear };
            }
            None => mentioned |= !behind.starts_with('.'),
        }
    }
    if mentioned && told == Told::Nothing { Told::Unclear } else { told }
}

/// The number that a value is. `1,200`, `1 200` and `1.5` are no numbers that everybody reads alike.
fn number_at(value: &str) -> Told {
    let value = value.trim_start_matches([' ', '\t', '"', '\'']);
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let Ok(number) = value[..digits].parse() else { return Told::Unclear };
    let rest = &value[digits..];
    let is_clear = match rest.chars().next() {
        None | Some('\n' | '\r') => true,
        Some('<') => rest.starts_with("</"),
        Some(',' | ';' | '.' | '|' | '&' | '}' | ']' | ')' | '"' | '\'' | '/') => {
            !rest[1..].starts_with(char::is_numeric)
        }
        Some(char) if char.is_whitespace() => {
            let line = rest.lines().next().unwrap_or_default();
            !line.trim_start().starts_with(char::is_numeric)
        }
        _ => false,
    };
    if is_clear { Told::Records(number) } else { Told::Unclear }
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
            "<file name=\"a.csv\" rows=\"1200\"/>",
            "<records count=\"1200\">",
            "{\"count of records\": 1200}",
            "date=2026-11-22;record_count=1200;size=4096",
            "2026-11-22 10:00:00 records=1200 size=7",
            "0a1b  records.csv records=1200.",
            "Row count : '1200'\r\nNumber of records=1200",
            "Total rows: 1200\n\n17",
            "count=1200, size=3",
            "{\"file\": \"a.csv\", \"count\": 1200}",
            "Record count: 1200\nFile count: 1\nError count: 0\n<columns count=\"40\"/>",
            "Institution=\u{fffd}algiris records=1200",
        ] {
            assert_eq!(told_in(text), Told::Records(1200), "{text}");
        }
        for text in [
            "",
            "0a1b2c  a.csv",
            "0a1b  out/records.csv",
            "account=7",
            "discount: 5",
            "size=1200",
            "File count: 1",
            "2026-11-22",
            "2026-11-22 10:00:00",
            "1200",
            "20261122",
        ] {
            assert_eq!(told_in(text), Told::Nothing, "{text}");
        }
        for text in [
            "records=",
            "records\n=4",
            "1200 records",
            "1200 records\nfile count: 1",
            "<rows unit=\"x\">4</rows>",
            "<rows>3<!-- -->9</rows>",
            "records=many",
            "records=1,200",
            "records=1 200",
            "records=1\u{a0}200",
            "records=3-4",
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
