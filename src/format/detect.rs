//! What a stream is, told by its first bytes. The name of the file only helps where they leave it open.

use std::io::Read;
use std::sync::Arc;

use super::csv::frame::RowScanner;
use super::csv::{DELIMITERS, Header, known_names};
use super::decode::{Decoded, Encoding, check_utf8, likely};
use super::frame::{Framer, Limits, Scanner};
use super::json::frame::{LineScanner, SequenceScanner, shape, shape_by_lines};
use super::place::Place;
use super::xml::frame::{XmlScanner, attribute};
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

/// Looks at a stream and says what it is.
///
/// # Errors
///
/// When the disk fails, or no format that is known begins like this.
pub fn open<R: Read>(mut source: R, name: Option<&str>, limits: Limits) -> Result<Opened<R>, ReadError> {
    let raw = read_head(&mut source)?;
    if xlsx::is_archive(&raw) {
        return workbook(&raw, source, limits);
    }
    if xlsx::is_compound(&raw) {
        return Err(xlsx::encrypted().into());
    }
    let (encoding, mark) = encoding(&raw)?;
    let start = Place { byte_offset: mark as u64, ..Place::START };
    let mut input = Decoded::new(source, raw[mark..].to_vec(), encoding);
    let mut head = Vec::new();
    let mut ended = false;
    fill(&mut input, &mut head, &mut ended, HEAD_BYTES)?;

    let extension =
        name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    let (format, scanner) = match head.trim_ascii_start().first() {
        None if ended => {
            return Err(FileFailure::no_records("The file is empty; drop one with records.").into());
        }
        Some(b'{' | b'[') => json(&mut input, &mut head, &mut ended, (extension, limits))?,
        Some(b'<') => (Format::Xml, Scanner::Xml(XmlScanner::default())),
        _ if matches!(extension, "ndjson" | "jsonl") => {
            json(&mut input, &mut head, &mut ended, (extension, limits))?
        }
        _ if matches!(extension, "json" | "xml" | "xlsx") => return Err(not_as_named(extension)),
        _ => return csv(input, head, ended, (encoding, start), limits),
    };
    let mut framer = Framer::new(input, scanner, limits, encoding, start);
    framer.preload(head, ended);
    Ok(Opened { format, encoding, header: None, framer })
}

fn read_head(source: &mut impl Read) -> Result<Vec<u8>, ReadError> {
    let mut head = Vec::new();
    source.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Reads until `head` holds this much, or the stream ends.
fn fill<R: Read>(
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
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                let hint = "Save the file again in UTF-8 and drop it again.";
                return Err(FileFailure::unreadable("text", error, hint).into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The encoding by a byte order mark or an XML declaration, and the length of the mark.
fn encoding(raw: &[u8]) -> Result<(Encoding, usize), FileFailure> {
    if let Some((encoding, length)) = Encoding::of_mark(raw) {
        return Ok((encoding, length));
    }
    // UTF-16 without a mark shows zeros in every second byte of its ASCII characters.
    if let [first, second, ..] = raw
        && (*first == 0) != (*second == 0)
    {
        let name = if raw[0] == 0 { "utf-16be" } else { "utf-16le" };
        let hint =
            format!("It looks like {name} without a byte order mark. Save it as UTF-8 and drop it again.");
        return Err(FileFailure::unreadable("text", "the file holds NUL bytes", hint).at(Place::START));
    }
    let declaration = raw.trim_ascii_start().strip_prefix(b"<?xml");
    let declared = declaration.and_then(|rest| {
        let end = memchr::memmem::find(rest, b"?>")?;
        attribute(&rest[..end], b"encoding")
    });
    match declared {
        None => Ok((Encoding::UTF_8, 0)),
        // The bytes cannot be UTF-16: the declaration could be read.
        Some(name) if name.to_ascii_lowercase().starts_with("utf-16") => Ok((Encoding::UTF_8, 0)),
        Some(name) => match Encoding::parse(&name) {
            Some(encoding) => Ok((encoding, 0)),
            None => {
                let hint =
                    "Save the file as UTF-8, with encoding=\"UTF-8\" in its first line, and drop it again.";
                Err(FileFailure::unreadable("XML", "the encoding named in its first line is not known", hint)
                    .at(Place::START))
            }
        },
    }
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
fn workbook<R: Read>(raw: &[u8], mut source: R, limits: Limits) -> Result<Opened<R>, ReadError> {
    let sheet = xlsx::read(raw, &mut source)?;
    let start = Place { row: sheet.header_row, line: sheet.header_row, ..Place::START };
    let mut input = Decoded::new(source, sheet.text, Encoding::UTF_8);
    let (mut head, mut ended) = (Vec::new(), false);
    fill(&mut input, &mut head, &mut ended, HEAD_BYTES)?;
    let format = Format::Csv { delimiter: xlsx::DELIMITER, carrier: Carrier::Workbook };
    match csv(input, head, ended, (Encoding::UTF_8, start), limits) {
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
) -> Result<Opened<R>, ReadError> {
    let named = separator_line(&head);
    if let Some((_, end)) = named {
        start.byte_offset += encoding.source_len(&head[..end]);
        start.line += 1;
        head.drain(..end);
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
    let text = check_utf8(&head[..header_end]).map_err(|failure| {
        let place = super::PlaceFinder::new(&head, start, encoding).place(failure.at);
        not_utf8("CSV", &likely(&head)).at(place)
    })?;
    if memchr::memchr(0, text.as_bytes()).is_some() {
        let hint = "The file was not written to its end, or is no text; have it written again.";
        return Err(FileFailure::unreadable("CSV", "the file holds NUL bytes", hint).at(start).into());
    }
    let delimiter = named.map_or_else(|| delimiter(text), |(delimiter, _)| delimiter);
    let (header, end) = Header::read(text, delimiter).map_err(|failure| failure.at(start))?;
    let mut framer = Framer::new(input, Scanner::Csv(RowScanner::new(delimiter)), limits, encoding, start);
    framer.preload(head, ended);
    framer.pass_header(end);
    let format = Format::Csv { delimiter, carrier: Carrier::Text };
    Ok(Opened { format, encoding, header: Some(Arc::new(header)), framer })
}

/// The failure of a file that is not UTF-8.
#[cold]
#[must_use]
pub fn not_utf8(format: &str, likely: &str) -> FileFailure {
    let hint = format!("It is likely {likely}. Save the file as UTF-8 and drop it again.");
    FileFailure::unreadable(format, "the file is not valid UTF-8", hint)
}

/// A first line `sep=;`, as spreadsheets write and hide it: the delimiter and the offset behind it.
fn separator_line(head: &[u8]) -> Option<(u8, usize)> {
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
fn delimiter(header: &str) -> u8 {
    let quality = |delimiter: &u8| {
        (known_names(header, *delimiter), header.bytes().filter(|byte| byte == delimiter).count())
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| quality(delimiter)).unwrap_or(b',')
}
