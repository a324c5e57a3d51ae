//! Framing: chunks of whole records cut out of a stream, without reading them. Exact for every legal
//! input; memory is bounded by the chunk and the largest record.

use std::io::Read;
use std::sync::Arc;

use super::decode::{Decoded, Encoding};
use super::detect::unread;
use super::place::{Place, count_chars, count_lines};
use super::text::Text;
use super::xml::{Envelope, Scope};
use super::{FileFailure, ReadError, csv, json, xml};

/// The limits of framing.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How much text is read before it is cut, in bytes.
    pub chunk_bytes: usize,
    /// The largest record, in bytes (R002).
    pub record_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A chunk and all that is made of it stay in the cache of one processor.
        Self { chunk_bytes: 128 << 10, record_bytes_max: 1 << 20 }
    }
}

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// One whole record.
    Record,
    /// A record over the limit, or a piece of one.
    Oversize {
        /// Whether the record begins here.
        first: bool,
        /// Whether it ends here.
        last: bool,
    },
}

/// The place of one record in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The offset of its first byte.
    pub start: u32,
    /// The offset behind its last byte.
    pub end: u32,
    /// How many rows lie between the chunk's first row and this one.
    pub row: u32,
    /// What it holds.
    pub kind: FrameKind,
    /// The number of its scope in the chunk, from 1; 0 when it needs nothing but the envelope.
    pub scope: u16,
}

/// A piece of decoded text with whole records in it.
#[derive(Debug)]
pub struct Chunk {
    /// The text. UTF-8 is checked by whoever reads the records.
    pub text: Text,
    /// The records, in order.
    pub frames: Vec<Frame>,
    /// The place of the first byte in the file.
    pub start: Place,
    /// The number of the first record, from 1.
    pub first_record: u64,
    /// What stands around the records of an XML file.
    pub envelope: Option<Arc<Envelope>>,
    /// What is otherwise for records of an XML file that stand elsewhere.
    pub scopes: Vec<Arc<Scope>>,
}

impl Chunk {
    /// A chunk at the same place, without text and records.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            text: Text::default(),
            frames: Vec::new(),
            start: self.start,
            first_record: self.first_record,
            envelope: None,
            scopes: Vec::new(),
        }
    }

    /// What is otherwise for a record, if anything is.
    #[must_use]
    pub fn scope(&self, frame: &Frame) -> Option<&Scope> {
        let index = usize::from(frame.scope).checked_sub(1)?;
        self.scopes.get(index).map(|scope| &**scope)
    }
}

/// A failure at an offset of the text that is being cut.
#[derive(Debug)]
pub(super) struct ScanFailure {
    pub at: usize,
    pub failure: FileFailure,
}

/// What a scanner made of a text.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// How much of the text is done with, in bytes.
    pub consumed: usize,
    /// The rows that are done with.
    pub rows: u64,
    /// The offset at which an unfinished record begins, if the text ends within one.
    pub unfinished: Option<usize>,
}

/// The text that a scanner looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'t> {
    pub text: &'t [u8],
    /// Whether the file ends with this text.
    pub ended: bool,
    pub record_bytes_max: usize,
}

/// Finds records in a text that grows. One for every format.
#[derive(Debug)]
pub(super) enum Scanner {
    Lines(json::frame::LineScanner),
    Sequence(json::frame::SequenceScanner),
    Xml(Box<xml::frame::XmlScanner>),
    Csv(csv::frame::RowScanner),
}

impl Scanner {
    /// The scopes of the records that were found since they were taken last.
    fn take_scopes(&mut self) -> Vec<Arc<Scope>> {
        match self {
            Self::Xml(scanner) => scanner.take_scopes(),
            Self::Lines(_) | Self::Sequence(_) | Self::Csv(_) => Vec::new(),
        }
    }

    fn scan(&mut self, window: Window<'_>, frames: &mut Vec<Frame>) -> Result<Scanned, ScanFailure> {
        match self {
            Self::Lines(scanner) => Ok(scanner.scan(window, frames)),
            Self::Sequence(scanner) => scanner.scan(window, frames),
            Self::Xml(scanner) => scanner.scan(window, frames),
            Self::Csv(scanner) => scanner.scan(window, frames),
        }
    }

    /// Goes on in the middle of a record that is over the limit.
    fn skip(&mut self, window: Window<'_>, started: bool) -> Result<Skipped, ScanFailure> {
        match self {
            Self::Lines(_) => Ok(json::frame::skip_line(window)),
            Self::Sequence(scanner) => scanner.skip(window, started),
            Self::Xml(scanner) => scanner.skip(window, started),
            Self::Csv(scanner) => scanner.skip(window, started),
        }
    }
}

/// How far a record over the limit was passed over.
#[derive(Debug)]
pub(super) struct Skipped {
    /// How much of the text belongs to the record, in bytes.
    pub record: usize,
    /// How much of the text is done with, in bytes.
    pub consumed: usize,
    /// Whether the record ends here.
    pub last: bool,
}

/// Cuts a stream into chunks of whole records.
pub struct Framer<R> {
    input: Decoded<R>,
    scanner: Scanner,
    limits: Limits,
    encoding: Encoding,
    buffer: Text,
    ended: bool,
    start: Place,
    next_record: u64,
    skipping: bool,
    done: bool,
    /// What was cut already and is not given out yet.
    ahead: Option<Cut>,
    /// What ends the file, behind the chunk that was given out last.
    failure: Option<ReadError>,
}

/// Records that were found at the beginning of the buffer.
struct Cut {
    frames: Vec<Frame>,
    scopes: Vec<Arc<Scope>>,
    /// How much of the buffer is done with behind them, in bytes.
    consumed: usize,
    /// The rows that are done with.
    rows: u64,
}

/// A chunk holds no more records than fill it when each has so many bytes: what is made of a record that is wrong is
/// larger than the record, and the smaller it is, the more of them there would be.
const RECORD_BYTES: usize = 64;

impl<R: Read> Framer<R> {
    pub(super) fn new(
        input: Decoded<R>,
        scanner: Scanner,
        limits: Limits,
        encoding: Encoding,
        start: Place,
    ) -> Self {
        Self {
            input,
            scanner,
            limits,
            encoding,
            buffer: Text::default(),
            ended: false,
            start,
            next_record: 1,
            skipping: false,
            done: false,
            ahead: None,
            failure: None,
        }
    }

    /// Takes text that was read already to find out what the stream is.
    pub(super) fn preload(&mut self, head: Vec<u8>, ended: bool) {
        self.buffer = head.into();
        self.ended = ended;
    }

    /// Passes over the header of a CSV file.
    pub(super) fn pass_header(&mut self, end: usize) {
        self.advance(end, 1);
        let mut rest = Text::default();
        self.buffer.cut_off(end, &mut rest);
        self.buffer = rest;
    }

    /// How many records were cut so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.next_record - 1
    }

    /// The next chunk. `spare` is a buffer to be reused.
    ///
    /// # Errors
    ///
    /// When the disk fails, or the file turns out not to be what it should be. No further chunk can be
    /// asked for then.
    pub fn next_chunk(&mut self, spare: Text) -> Result<Option<Chunk>, ReadError> {
        if let Some(cut) = self.ahead.take() {
            return Ok(Some(self.give_out(cut, spare)));
        }
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let mut frames = Vec::new();
        let mut wanted = self.limits.chunk_bytes;
        while !self.done {
            self.fill(wanted)?;
            let window = Window {
                text: &self.buffer,
                ended: self.ended,
                record_bytes_max: self.limits.record_bytes_max,
            };
            if self.skipping {
                let skipped = match self.scanner.skip(window, false) {
                    Ok(skipped) => skipped,
                    Err(failure) => return Err(self.located(failure)),
                };
                if skipped.consumed == 0 && !skipped.last {
                    wanted = self.buffer.len() * 2;
                    continue;
                }
                return Ok(self.emit_skipped(&skipped, None, spare));
            }
            let scanned = match self.scanner.scan(window, &mut frames) {
                Ok(scanned) => scanned,
                Err(failure) => {
                    let failure = self.located(failure);
                    let Some(last) = frames.last() else { return Err(failure) };
                    // The records in front may fail by themselves, and then that comes first.
                    let (consumed, rows) = (last.end as usize, u64::from(last.row) + 1);
                    self.failure = Some(failure);
                    let scopes = self.scanner.take_scopes();
                    return Ok(Some(self.give_out(Cut { frames, scopes, consumed, rows }, spare)));
                }
            };
            let consumed = self.before_split_line_end(scanned.consumed);
            self.done = self.ended && frames.is_empty();
            // What holds no record is given out too: it has to be valid text.
            if !frames.is_empty() || consumed > 0 {
                let scopes = self.scanner.take_scopes();
                return Ok(Some(self.give_out(Cut { frames, scopes, consumed, rows: scanned.rows }, spare)));
            }
            if self.done {
                break;
            }
            match scanned.unfinished {
                Some(at) if self.buffer.len() - at > self.limits.record_bytes_max => {
                    let text = &self.buffer[at..];
                    let window =
                        Window { text, ended: self.ended, record_bytes_max: self.limits.record_bytes_max };
                    let mut skipped = match self.scanner.skip(window, true) {
                        Ok(skipped) => skipped,
                        Err(failure) => {
                            return Err(self.located(ScanFailure { at: at + failure.at, ..failure }));
                        }
                    };
                    skipped.record += at;
                    skipped.consumed += at;
                    return Ok(self.emit_skipped(&skipped, Some(at), spare));
                }
                _ => wanted = self.buffer.len() * 2,
            }
        }
        Ok(None)
    }

    /// Reads until the buffer holds this much, or the stream ends.
    fn fill(&mut self, wanted: usize) -> Result<(), ReadError> {
        while !self.ended && self.buffer.len() < wanted.max(1) {
            let room = (wanted - self.buffer.len()).max(4096);
            match self.input.read(self.buffer.room(room)) {
                Ok(read) => {
                    self.buffer.add(read);
                    self.ended = read == 0;
                }
                Err(error) => return Err(unread(error, |_| self.place(self.buffer.len()))),
            }
        }
        Ok(())
    }

    /// The same offset, or one less where it would cut a CRLF in two.
    fn before_split_line_end(&self, consumed: usize) -> usize {
        let split = consumed > 0 && self.buffer[consumed - 1] == b'\r';
        let whole = self.buffer.get(consumed).map_or(self.ended, |next| *next != b'\n');
        consumed - usize::from(split && !whole)
    }

    /// Takes what was cut out of the buffer; of many records only the first.
    fn give_out(&mut self, cut: Cut, spare: Text) -> Chunk {
        let Cut { mut frames, scopes, mut consumed, mut rows } = cut;
        let records_max = (self.limits.chunk_bytes / RECORD_BYTES).max(1);
        if let Some(Frame { start, row, .. }) = frames.get(records_max).copied() {
            let behind = |frame: Frame| Frame {
                start: frame.start - start,
                end: frame.end - start,
                row: frame.row - row,
                ..frame
            };
            self.ahead = Some(Cut {
                frames: frames.drain(records_max..).map(behind).collect(),
                scopes: scopes.clone(),
                consumed: consumed - start as usize,
                rows: rows - u64::from(row),
            });
            (consumed, rows) = (start as usize, row.into());
        }
        self.emit(consumed, rows, (frames, scopes), spare)
    }

    /// Takes what is done with out of the buffer.
    fn emit(
        &mut self,
        consumed: usize,
        rows: u64,
        (frames, scopes): (Vec<Frame>, Vec<Arc<Scope>>),
        spare: Text,
    ) -> Chunk {
        let start = self.start;
        self.advance(consumed, rows);
        let mut text = std::mem::replace(&mut self.buffer, spare);
        text.cut_off(consumed, &mut self.buffer);
        let first_record = self.next_record;
        self.next_record += frames.len() as u64;
        let envelope = match &self.scanner {
            Scanner::Xml(scanner) => scanner.envelope(),
            _ => None,
        };
        Chunk { text, frames, start, first_record, envelope, scopes }
    }

    /// Gives out a piece of a record that is over the limit; `begins` is where its first one does.
    fn emit_skipped(&mut self, skipped: &Skipped, begins: Option<usize>, spare: Text) -> Option<Chunk> {
        self.skipping = !skipped.last;
        let consumed = self.before_split_line_end(skipped.consumed);
        let kind = FrameKind::Oversize { first: begins.is_some(), last: skipped.last };
        let (start, end) = (begins.unwrap_or(0) as u32, skipped.record.min(consumed) as u32);
        let before = self.next_record;
        let rows = u64::from(skipped.last);
        let scopes = self.scanner.take_scopes();
        let frame = Frame { start, end, row: 0, kind, scope: scopes.len() as u16 };
        let mut chunk = self.emit(consumed, rows, (vec![frame], scopes), spare);
        if begins.is_none() {
            chunk.first_record = before - 1;
            self.next_record = before;
        }
        Some(chunk)
    }

    fn advance(&mut self, consumed: usize, rows: u64) {
        let text = &self.buffer[..consumed];
        self.start.byte_offset += self.encoding.source_len(text);
        self.start.line += count_lines(text);
        self.start.row =
            if matches!(self.scanner, Scanner::Csv(_)) { self.start.row + rows } else { self.start.line };
        let (last_line, before) = match memchr::memrchr2(b'\n', b'\r', text) {
            Some(end) => (&text[end + 1..], 1),
            None => (text, self.start.column),
        };
        self.start.column = before + count_chars(last_line);
    }

    fn place(&self, at: usize) -> Place {
        super::PlaceFinder::new(&self.buffer, self.start, self.encoding).place(at)
    }

    #[cold]
    fn located(&self, failure: ScanFailure) -> ReadError {
        let mut place = self.place(failure.at);
        if let Scanner::Csv(scanner) = &self.scanner {
            place.row = self.start.row + scanner.rows_before_failure();
        }
        failure.failure.at(place).into()
    }
}

impl Frame {
    /// A whole record, or one over the limit.
    pub(super) fn new(start: usize, end: usize, row: u64, record_bytes_max: usize) -> Self {
        let oversize = end - start > record_bytes_max;
        let kind = if oversize { FrameKind::Oversize { first: true, last: true } } else { FrameKind::Record };
        Self { start: start as u32, end: end as u32, row: row as u32, kind, scope: 0 }
    }
}
