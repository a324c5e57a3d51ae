//! The beginning of a CSV file whose columns nobody knows yet.

use std::io::Read;

use super::csv::{DELIMITERS, header_rows};
use super::decode::{Decoded, Encoding};
use super::detect::{encoding, fill, separator_line};
use super::profile::EncodingChoice;
use super::{FileFailure, ReadError};

/// What a first look at a CSV file shows. It holds customers' data: `Debug` is left out.
pub struct Sample {
    /// The encoding; a guess, where it is neither UTF-8 nor told by a mark.
    pub encoding: Encoding,
    /// The delimiter.
    pub delimiter: u8,
    /// The names of the columns.
    pub names: Vec<String>,
    /// The first rows, each as wide as the header.
    pub rows: Vec<Vec<String>>,
}

/// How much of the file is looked at, in bytes.
const SAMPLE_BYTES_MAX: u64 = 1024 * 1024;

/// How much decoded text that may be, in bytes.
const TEXT_BYTES_MAX: usize = 4 * SAMPLE_BYTES_MAX as usize;

/// How many rows are looked at.
const ROWS_MAX: usize = 1000;

/// Looks at the beginning of a CSV file.
///
/// # Errors
///
/// When the disk fails, or the file holds no columns.
pub fn sample(source: impl Read) -> Result<Sample, ReadError> {
    let mut raw = Vec::new();
    source.take(SAMPLE_BYTES_MAX).read_to_end(&mut raw)?;
    let whole = (raw.len() as u64) < SAMPLE_BYTES_MAX;
    if !whole {
        // The last line is cut, perhaps within a character.
        let end = memchr::memrchr(b'\n', &raw).map_or(raw.len(), |end| end + 1);
        raw.truncate(end);
    }
    let told = encoding(&raw, EncodingChoice::Guessed)?;
    let mut input = Decoded::new(std::io::empty(), raw, told.mark, told.encoding);
    let (mut text, mut ended) = (Vec::new(), false);
    fill(&mut input, &mut text, &mut ended, TEXT_BYTES_MAX)?;
    let text = String::from_utf8_lossy(&text);
    if text.trim_start().starts_with(['{', '[', '<']) {
        let hint = "Only CSV files need a profile with columns; JSON and XML carry the names of the fields.";
        return Err(FileFailure::unreadable("CSV", "it looks like JSON or XML", hint).into());
    }
    let separator = separator_line(text.as_bytes());
    let text = separator.map_or(&*text, |(_, end)| &text[end..]);
    let delimiter = separator.map_or_else(|| delimiter(text), |(delimiter, _)| delimiter);
    let mut rows = header_rows(text, delimiter, ROWS_MAX + 1).into_iter();
    let names = rows.next().unwrap_or_default();
    if names.len() < 2 {
        let hint = "Name a CSV file with a header and several columns.";
        return Err(FileFailure::unreadable("CSV", "there is only one column", hint).into());
    }
    let rows = rows.filter(|row| row.len() == names.len()).collect();
    Ok(Sample { encoding: told.encoding, delimiter, names, rows })
}

/// The delimiter with which most rows are as wide as the header.
fn delimiter(text: &str) -> u8 {
    let quality = |delimiter: &u8| {
        let rows = header_rows(text, *delimiter, 50);
        let width = rows.first().map_or(0, Vec::len);
        let fitting = rows.iter().filter(|row| row.len() == width).count();
        if width < 2 { (0, 0) } else { (fitting * 100 / rows.len().max(1), width) }
    };
    DELIMITERS.into_iter().rev().max_by_key(quality).unwrap_or(b',')
}
