//! What a stream is, told by its first bytes. The name of the file only helps where they leave it open.

use std::io::Read;
use std::sync::Arc;

use super::csv::frame::RowScanner;
use super::csv::{DELIMITERS, Header, known_names};
use super::decode::{Decoded, Encoding, NotUtf8, Undecodable, check_utf8, guess, looks_like_utf8};
use super::frame::{Framer, Limits, Scanner};
use super::json::frame::{LineScanner, SequenceScanner, is_value, shape, shape_by_lines};
use super::place::Place;
use super::profile::{EncodingChoice, Profile};
use super::xml::strict::Attributes;
use super::{Carrier, FileFailure, Format, JsonShape, ReadError, xlsx};

/// A stream whose format is known.
pub struct Opened<R> {
    /// The format.
    pub format: Format,
    /// The encoding.
    pub encoding: Encoding,
    /// The header of a CSV file.
    pub header: Option<Arc<Header>>,
    /// The records.
    pub framer: Framer<R>,
}

/// How much text is looked at, in bytes.
const HEAD_BYTES: usize = 64 * 1024;

/// How much text is looked at for its first letter beyond ASCII, where that decides, in bytes.
const LETTERS_BYTES_MAX: usize = 1024 * 1024;

/// Looks at a stream and says what it is.
///
/// # Errors
///
/// When the disk fails, or no format that is known begins like this.
pub fn open<R: Read>(
    mut source: R,
    name: Option<&str>,
    limits: Limits,
    profile: &Profile,
) -> Result<Opened<R>, ReadError> {
    let raw = read_head(&mut source, profile.encoding)?;
    if xlsx::is_archive(&raw) {
        return workbook(&raw, source, limits, profile);
    }
    if xlsx::is_compound(&raw) {
        return Err(xlsx::encrypted().into());
    }
    let Told { encoding, mark, doubted } = encoding(&raw, profile.encoding)?;
    let start = Place { byte_offset: mark as u64, ..Place::START };
    let mut input = Decoded::new(source, raw, mark, encoding);
    if doubted {
        input = input.doubted();
    }
    let mut head = Vec::new();
    let mut ended = false;
    fill(&mut input, &mut head, &mut ended, HEAD_BYTES)?;
    while !ended && head.trim_ascii_start().is_empty() && head.len() <= limits.record_bytes_max {
        let wanted = head.len() * 2;
        fill(&mut input, &mut head, &mut ended, wanted)?;
    }

    let extension =
        name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    let (format, scanner) = match head.trim_ascii_start().first() {
        None if ended => {
            return Err(FileFailure::no_records("The file is empty; drop one with records.").into());
        }
        Some(b'{' | b'[') => json(&mut input, &mut head, &mut ended, (extension, limits))?,
        Some(b'<') if !matches!(extension, "ndjson" | "jsonl") => (Format::Xml, Scanner::Xml(Box::default())),
        _ if matches!(extension, "ndjson" | "jsonl") => {
            json(&mut input, &mut head, &mut ended, (extension, limits))?
        }
        _ if extension == "json" && ended && is_value(&head) => {
            return Err(FileFailure::no_records(Format::Json(JsonShape::Single).without_customer()).into());
        }
        _ if matches!(extension, "json" | "xml" | "xlsx") => return Err(not_as_named(extension)),
        _ => return csv(input, head, ended, (encoding, start), limits, profile),
    };
    let mut framer = Framer::new(input, scanner, limits, encoding, start);
    framer.preload(head, ended);
    Ok(Opened { format, encoding, header: None, framer })
}

fn read_head(source: &mut impl Read, choice: EncodingChoice) -> Result<Vec<u8>, ReadError> {
    let mut head = Vec::new();
    source.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    if choice != EncodingChoice::Strict {
        let mut checked = 0;
        while head.len() < LETTERS_BYTES_MAX && head[checked..].is_ascii() {
            checked = head.len();
            if source.take(HEAD_BYTES as u64).read_to_end(&mut head)? == 0 {
                break;
            }
        }
    }
    Ok(head)
}

/// Reads until `head` holds this much, or the stream ends.
pub(super) fn fill<R: Read>(
    input: &mut Decoded<R>,
    head: &mut Vec<u8>,
    ended: &mut bool,
    wanted: usize,
) -> Result<(), ReadError> {
    while !*ended && head.len() < wanted {
        let filled = head.len();
        head.resize(wanted.max(filled + 4096), 0);
        let read = input.read(&mut head[filled..]);
        head.truncate(filled + read.as_ref().copied().unwrap_or(0));
        match read {
            Ok(read) => *ended = read == 0,
            Err(error) => {
                let mut places = super::PlaceFinder::new(head, Place::START, Encoding::UTF_8);
                return Err(unread(error, |_| places.place(head.len())));
            }
        }
    }
    Ok(())
}

/// A failure of the disk, or of the encoding; `place` finds the line and row of an offset in the file.
#[cold]
pub(super) fn unread(error: std::io::Error, place: impl FnOnce(u64) -> Place) -> ReadError {
    let Some(undecodable) = Undecodable::of(&error) else { return error.into() };
    let at = undecodable.at();
    let place = Place { byte_offset: at, ..place(at) };
    FileFailure::unreadable("text", undecodable, undecodable.hint()).at(place).into()
}

/// What the first bytes and the settings tell of the encoding.
pub(super) struct Told {
    pub encoding: Encoding,
    /// The length of the byte order mark, in bytes.
    pub mark: usize,
    /// Whether only the settings told it, and no letter beyond ASCII has come yet.
    doubted: bool,
}

/// The encoding by a byte order mark, an XML declaration or the settings.
pub(super) fn encoding(raw: &[u8], choice: EncodingChoice) -> Result<Told, FileFailure> {
    let told = |encoding, mark| Ok(Told { encoding, mark, doubted: false });
    if let Some((encoding, length)) = Encoding::of_mark(raw) {
        return told(encoding, length);
    }
    // UTF-16 without a mark shows zeros in every second byte of its ASCII characters.
    let utf16 = match raw {
        [0, second, ..] if *second != 0 => Some("utf-16be"),
        [first, 0, ..] if *first != 0 => Some("utf-16le"),
        _ => None,
    };
    match (utf16, choice) {
        (Some(name), EncodingChoice::Guessed) => {
            return told(Encoding::parse(name).unwrap_or(Encoding::UTF_8), 0);
        }
        (Some(name), EncodingChoice::Strict) => return Err(utf16_without_mark(name)),
        _ => {}
    }
    let declaration = raw.trim_ascii_start().strip_prefix(b"<?xml");
    let declared = declaration.and_then(|rest| {
        let end = memchr::memmem::find(rest, b"?>")?;
        Attributes::of(&rest[..end]).value(b"encoding")
    });
    match (declared, choice) {
        // The bytes cannot be UTF-16: the declaration could be read.
        (Some(name), _) if name.to_ascii_lowercase().starts_with(b"utf-16") => told(Encoding::UTF_8, 0),
        (Some(name), _) => match Encoding::parse(&String::from_utf8_lossy(name)) {
            Some(encoding) => told(encoding, 0),
            None => Err(unknown_declaration()),
        },
        (None, EncodingChoice::Strict) => told(Encoding::UTF_8, 0),
        // Letters that are valid UTF-8 are hardly ever anything else.
        (None, EncodingChoice::Named(encoding)) if encoding.holds_ascii() && !raw.is_ascii() => {
            told(if looks_like_utf8(raw) { Encoding::UTF_8 } else { encoding }, 0)
        }
        (None, EncodingChoice::Named(encoding)) => Ok(Told { encoding, mark: 0, doubted: true }),
        (None, EncodingChoice::Guessed) => {
            told(if looks_like_utf8(raw) { Encoding::UTF_8 } else { guess(raw) }, 0)
        }
    }
}

#[cold]
fn utf16_without_mark(name: &str) -> FileFailure {
    let hint = format!(
        "It looks like {name} without a byte order mark. Save it as UTF-8 and drop it again, or add encoding = \"{name}\" {WHERE_TO_ADD} {name}."
    );
    FileFailure::unreadable("text", "the file holds NUL bytes", hint).at(Place::START)
}

#[cold]
fn unknown_declaration() -> FileFailure {
    let hint = "Save the file as UTF-8, with encoding=\"UTF-8\" in its first line, and drop it again.";
    FileFailure::unreadable("XML", "the encoding named in its first line is not known", hint).at(Place::START)
}

/// Reads on until the shape is clear, but not further than one record may reach.
fn json<R: Read>(
    input: &mut Decoded<R>,
    head: &mut Vec<u8>,
    ended: &mut bool,
    (extension, limits): (&str, Limits),
) -> Result<(Format, Scanner), ReadError> {
    let lines_by_name = matches!(extension, "ndjson" | "jsonl");
    let shape = loop {
        match shape(head, *ended, lines_by_name) {
            Some(shape) => break shape,
            None if head.len() > limits.record_bytes_max => break shape_by_lines(head, lines_by_name),
            None => {
                let wanted = head.len() * 2;
                fill(input, head, ended, wanted)?;
            }
        }
    };
    let scanner = match shape {
        JsonShape::Lines => Scanner::Lines(LineScanner),
        shape => Scanner::Sequence(SequenceScanner::new(shape)),
    };
    Ok((Format::Json(shape), scanner))
}

#[cold]
fn not_as_named(extension: &str) -> ReadError {
    let format = extension.to_ascii_uppercase();
    let hint = format!("Drop a {format} file, or give the file the ending of what it is.");
    FileFailure::unreadable(&format, "its content does not begin like it", hint).at(Place::START).into()
}

/// The sheet of a workbook is read as if it had been saved as CSV.
fn workbook<R: Read>(
    raw: &[u8],
    mut source: R,
    limits: Limits,
    profile: &Profile,
) -> Result<Opened<R>, ReadError> {
    let sheet = xlsx::read(raw, &mut source)?;
    let start = Place { row: sheet.header_row, line: sheet.header_row, ..Place::START };
    let mut input = Decoded::new(source, sheet.text, 0, Encoding::UTF_8);
    let (mut head, mut ended) = (Vec::new(), false);
    fill(&mut input, &mut head, &mut ended, HEAD_BYTES)?;
    let format = Format::Csv { delimiter: xlsx::DELIMITER, carrier: Carrier::Workbook };
    let profile = Profile { delimiter: Some(xlsx::DELIMITER), ..profile.clone() };
    match csv(input, head, ended, (Encoding::UTF_8, start), limits, &profile) {
        Ok(opened) => Ok(Opened { format, ..opened }),
        Err(ReadError::File(mut failure)) => {
            failure.message = failure.message.replacen("as CSV", "as XLSX", 1);
            Err(ReadError::File(failure))
        }
        Err(error) => Err(error),
    }
}

fn csv<R: Read>(
    mut input: Decoded<R>,
    mut head: Vec<u8>,
    mut ended: bool,
    (encoding, mut start): (Encoding, Place),
    limits: Limits,
    profile: &Profile,
) -> Result<Opened<R>, ReadError> {
    let named = separator_line(&head);
    if let Some((_, end)) = named {
        start.byte_offset += encoding.source_len(&head[..end]);
        start.line += 1;
        head.drain(..end);
    }
    loop {
        let blank = blank_lines(&head, ended);
        start.byte_offset += encoding.source_len(&head[..blank.end]);
        start.line += blank.lines;
        start.row += blank.lines;
        head.drain(..blank.end);
        if ended || head.len() > 1 {
            break;
        }
        fill(&mut input, &mut head, &mut ended, HEAD_BYTES)?;
    }
    if head.is_empty() {
        return Err(FileFailure::no_records("The file is empty; drop one with records.").into());
    }
    let header_end = loop {
        match header_end(&head) {
            Some(end) => break end,
            None if ended => break head.len(),
            None if head.len() > limits.record_bytes_max => {
                let hint = "The first row must hold the field names, as `kyc-import template` prints them.";
                return Err(FileFailure::unreadable("CSV", "the first row does not end", hint)
                    .at(start)
                    .into());
            }
            None => {
                let wanted = head.len() * 2;
                fill(&mut input, &mut head, &mut ended, wanted)?;
            }
        }
    };
    let text = check_utf8(&head[..header_end]).map_err(|at| {
        let place = super::PlaceFinder::new(&head, start, encoding).place(at);
        // The rows behind the header help to tell what it is.
        not_utf8("CSV", NotUtf8::of(&head, at, 0)).at(place)
    })?;
    if memchr::memchr(0, text.as_bytes()).is_some() {
        let hint = "The file was not written to its end, or is no text; have it written again.";
        return Err(FileFailure::unreadable("CSV", "the file holds NUL bytes", hint).at(start).into());
    }
    let set = profile.delimiter.filter(|delimiter| text.as_bytes().contains(delimiter));
    let delimiter = named.map(|(delimiter, _)| delimiter).or(set).unwrap_or_else(|| delimiter(text, profile));
    let (header, end) = Header::read(text, delimiter, profile).map_err(|failure| failure.at(start))?;
    let mut framer = Framer::new(input, Scanner::Csv(RowScanner::new(delimiter)), limits, encoding, start);
    framer.preload(head, ended);
    framer.pass_header(end);
    let format = Format::Csv { delimiter, carrier: Carrier::Text };
    Ok(Opened { format, encoding, header: Some(Arc::new(header)), framer })
}

/// Where an encoding is set.
const WHERE_TO_ADD: &str =
    "under [input] (or in the [[source]] of this file) in kyc-import.toml, or run with --encoding";

/// The failure of a file that is not UTF-8.
#[cold]
#[must_use]
pub fn not_utf8(format: &str, instead: NotUtf8) -> FileFailure {
    let Some(likely) = &instead.likely else {
        let hint = "Have the file written again, or open it as UTF-8, correct the letter, and drop it again.";
        return FileFailure::unreadable(format, "the file is UTF-8, but a letter in it is broken", hint);
    };
    let hint = format!(
        "It is likely {likely}. Save the file as UTF-8 and drop it again; or add encoding = \"{likely}\" {WHERE_TO_ADD} \
         {likely}. \"auto\" in its place accepts the guess."
    );
    FileFailure {
        proof: instead.proof,
        ..FileFailure::unreadable(format, "the file is not valid UTF-8", hint)
    }
}

/// A first line `sep=;`, as spreadsheets write and hide it: the delimiter and the offset behind it.
pub(super) fn separator_line(head: &[u8]) -> Option<(u8, usize)> {
    let line_end = memchr::memchr(b'\n', head)?;
    let line = head[..line_end].trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, delimiter) = line.split_at_checked(4)?;
    let known =
        name.eq_ignore_ascii_case(b"sep=") && delimiter.len() == 1 && DELIMITERS.contains(&delimiter[0]);
    // A tab behind `sep=` has been trimmed away.
    let tab = line.eq_ignore_ascii_case(b"sep=") && head[..line_end].contains(&b'\t');
    if known { Some((delimiter[0], line_end + 1)) } else { tab.then_some((b'\t', line_end + 1)) }
}

/// The empty lines in front of a header.
#[derive(Default)]
struct BlankLines {
    lines: u64,
    /// The offset behind them.
    end: usize,
}

/// A return at the end may be half a line end, as long as more is to come.
fn blank_lines(head: &[u8], ended: bool) -> BlankLines {
    let mut blank = BlankLines::default();
    loop {
        blank.end += match &head[blank.end..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r'] if !ended => return blank,
            [b'\n' | b'\r', ..] => 1,
            _ => return blank,
        };
        blank.lines += 1;
    }
}

/// The end of the first row, line end included; quotes may hold line ends.
fn header_end(head: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut at = 0;
    loop {
        let found = at + memchr::memchr3(b'"', b'\n', b'\r', &head[at..])?;
        at = found + 1;
        match head[found] {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return Some(at),
            b'\r' if !quoted && head.get(at).is_some_and(|next| *next != b'\n') => return Some(at),
            _ => {}
        }
    }
}

/// The delimiter with which most names of the header are known.
fn delimiter(header: &str, profile: &Profile) -> u8 {
    let quality = |delimiter: &u8| {
        (known_names(header, *delimiter, profile), header.bytes().filter(|byte| byte == delimiter).count())
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| quality(delimiter)).unwrap_or(b',')
}
