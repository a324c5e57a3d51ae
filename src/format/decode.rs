//! Encodings: everything inside is UTF-8. A byte order mark or an XML declaration decides, then the
//! settings; anything else must be valid UTF-8 and is never guessed without having been told to.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::Decoder;

use crate::printable::printable;

/// The names of ASCII.
const ASCII: [&str; 7] = ["us-ascii", "ascii", "ansi_x3.4-1968", "iso-ir-6", "iso646-us", "us", "cp367"];

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// The encoding with this name, if it is known.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        // The library takes ASCII for windows-1252, which has a letter for nearly every other byte. As UTF-8 it is
        // the same text, and of other bytes no letter is guessed.
        if ASCII.iter().any(|ascii| ascii.eq_ignore_ascii_case(name)) {
            return Some(Self::UTF_8);
        }
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).map(Self)
    }

    /// The encoding that a byte order mark tells, and the length of the mark.
    #[must_use]
    pub fn of_mark(start: &[u8]) -> Option<(Self, usize)> {
        encoding_rs::Encoding::for_bom(start).map(|(encoding, length)| (Self(encoding), length))
    }

    /// The name that summaries print.
    #[must_use]
    pub fn name(self) -> String {
        self.0.name().to_ascii_lowercase()
    }

    /// Whether the bytes are taken as they are.
    #[must_use]
    pub fn is_utf8(self) -> bool {
        self.0 == encoding_rs::UTF_8
    }

    /// Whether text in ASCII is the same bytes as in UTF-8.
    pub(super) fn holds_ascii(self) -> bool {
        self.0.is_ascii_compatible()
    }

    /// How many bytes of the file a piece of decoded text took.
    #[must_use]
    pub fn source_len(self, text: &[u8]) -> u64 {
        if self.is_utf8() {
            return text.len() as u64;
        }
        if self.0.is_single_byte() {
            return super::place::count_chars(text);
        }
        let text = String::from_utf8_lossy(text);
        if self.0 == encoding_rs::UTF_16LE || self.0 == encoding_rs::UTF_16BE {
            return 2 * text.encode_utf16().count() as u64;
        }
        self.0.encode(&text).0.len() as u64
    }
}

/// Bytes that cannot be read as text; travels within an [`io::Error`] of the kind `InvalidData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undecodable {
    /// The byte at this offset of the file has no meaning in the encoding.
    Meaningless { at: u64, encoding: Encoding },
    /// The letters from this offset on are UTF-8, not what the settings say.
    IsUtf8 { at: u64, encoding: Encoding },
}

impl Undecodable {
    /// What an error of a [`Decoded`] stream says, if it is one of these.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).copied()
    }

    /// The offset in the file.
    pub fn at(self) -> u64 {
        match self {
            Self::Meaningless { at, .. } | Self::IsUtf8 { at, .. } => at,
        }
    }

    /// What to do about it.
    pub fn hint(self) -> String {
        match self {
            Self::Meaningless { .. } => {
                "Correct the encoding that the settings or the first line of the file name, or save the file \
                 in UTF-8 and drop it again."
                    .to_owned()
            }
            Self::IsUtf8 { .. } => {
                "Save the file as UTF-8 with a byte order mark, or take the encoding out of the settings, and \
                 drop it again."
                    .to_owned()
            }
        }
    }

    fn error(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, self)
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Meaningless { encoding, .. } => write!(f, "the bytes are not valid {}", encoding.name()),
            Self::IsUtf8 { encoding, .. } => {
                write!(f, "the file is UTF-8, but the settings say {}", encoding.name())
            }
        }
    }
}

impl std::error::Error for Undecodable {}

/// A stream of UTF-8, decoded where it has to be.
pub(super) struct Decoded<R> {
    source: R,
    /// Bytes that were read before the encoding was known.
    head: Vec<u8>,
    head_used: usize,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_range: (usize, usize),
    raw_ended: bool,
    /// The offset in the file of what was decoded last.
    raw_offset: u64,
    encoding: Encoding,
    /// Whether only ASCII came so far, which cannot show that the settings name a wrong encoding.
    unproven: bool,
    failure: Option<Undecodable>,
}

/// How much is decoded at once, in bytes.
const RAW_BYTES: usize = 64 * 1024;

impl<R: Read> Decoded<R> {
    /// A stream whose first bytes have been read already; the first `mark` of them are a byte order mark.
    pub fn new(source: R, mut head: Vec<u8>, mark: usize, encoding: Encoding) -> Self {
        head.drain(..mark);
        let decoder = (!encoding.is_utf8()).then(|| encoding.0.new_decoder_without_bom_handling());
        Self {
            source,
            head,
            head_used: 0,
            decoder,
            raw: Vec::new(),
            raw_range: (0, 0),
            raw_ended: false,
            raw_offset: mark as u64,
            encoding,
            unproven: false,
            failure: None,
        }
    }

    /// The same stream; the settings named its encoding, so the first letters beyond ASCII are looked at.
    pub fn doubted(mut self) -> Self {
        self.unproven = self.decoder.is_some() && self.encoding.holds_ascii();
        self
    }

    fn read_source(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.head_used < self.head.len() {
            let read = (&self.head[self.head_used..]).read(buffer)?;
            self.head_used += read;
            return Ok(read);
        }
        loop {
            match self.source.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mut decoder) = self.decoder.take() else { return self.read_source(buffer) };
        let result = self.decode(&mut decoder, buffer);
        self.decoder = Some(decoder);
        result
    }
}

impl<R: Read> Decoded<R> {
    fn decode(&mut self, decoder: &mut Decoder, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(failure) = self.failure {
                return Err(failure.error());
            }
            if self.raw_range.0 == self.raw_range.1 && !self.raw_ended {
                self.refill()?;
            }
            let raw = &self.raw[self.raw_range.0..self.raw_range.1];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(raw, buffer, self.raw_ended);
            self.raw_range.0 += read;
            self.raw_offset += read as u64;
            if let encoding_rs::DecoderResult::Malformed(length, behind) = result {
                let at = self.raw_offset.saturating_sub(u64::from(length) + u64::from(behind));
                // What stands in front of it is given out first: its lines have to be counted.
                self.failure = Some(Undecodable::Meaningless { at, encoding: self.encoding });
            }
            if result == encoding_rs::DecoderResult::OutputFull && written == 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "no room for one character"));
            }
            if written > 0 || result == encoding_rs::DecoderResult::InputEmpty && self.raw_ended {
                return Ok(written);
            }
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = std::mem::take(&mut self.raw);
        raw.resize(RAW_BYTES, 0);
        let read = self.read_source(&mut raw);
        self.raw = raw;
        self.raw_range = (0, read?);
        self.raw_ended = self.raw_range.1 == 0;
        let raw = &self.raw[..self.raw_range.1];
        if self.unproven && !raw.is_ascii() {
            self.unproven = false;
            if looks_like_utf8(raw) {
                let first = raw.iter().take_while(|byte| byte.is_ascii()).count() as u64;
                let at = self.raw_offset + first;
                return Err(Undecodable::IsUtf8 { at, encoding: self.encoding }.error());
            }
        }
        Ok(())
    }
}

/// Whether text is UTF-8 as far as it goes; its end may be cut within a character.
pub(super) fn begins_as_utf8(text: &[u8]) -> bool {
    match simdutf8::compat::from_utf8(text) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Whether text is UTF-8, though some of its letters may be broken.
pub(super) fn looks_like_utf8(text: &[u8]) -> bool {
    is_mostly_utf8(text, 0)
}

/// Whether nearly all letters beyond ASCII are whole, with those that came before the text. In other encodings few would
/// be.
fn is_mostly_utf8(text: &[u8], letters_before: usize) -> bool {
    let (mut whole, mut broken) = (letters_before, 0_usize);
    for chunk in text.utf8_chunks() {
        whole += letters(chunk.valid().as_bytes(), usize::MAX);
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > broken * WHOLE_FOR_BROKEN || begins_as_utf8(text)
}

/// How many whole letters speak for UTF-8 against one that is broken.
const WHOLE_FOR_BROKEN: usize = 4;

/// The number of letters beyond ASCII in UTF-8, up to a limit.
#[must_use]
pub fn letters(text: &[u8], max: usize) -> usize {
    // The first byte of every such letter, and no other, is in this range.
    text.iter().filter(|byte| **byte >= 0xC0).take(max).count()
}

/// What text that is not UTF-8 may be instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The name of the likely encoding; `None` where most letters are those of UTF-8.
    pub likely: Option<String>,
    /// Some lines of the text in the likely encoding.
    pub proof: Proof,
}

impl NotUtf8 {
    /// Judges by a text with a wrong byte at an offset, and by the number of whole letters in front of the text.
    #[cold]
    #[must_use]
    pub fn of(text: &[u8], at: usize, letters_before: usize) -> Self {
        if is_mostly_utf8(text, letters_before) {
            return Self { likely: None, proof: Proof::default() };
        }
        let likely = guess(text);
        Self { likely: Some(likely.name()), proof: Proof::of(text, at, likely) }
    }
}

/// Lines of a file, decoded by a guess, by which a person can see whether the guess is right. They are
/// personal data: `Debug` prints only how many there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proof(pub Box<[String]>);

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proof({} lines)", self.0.len())
    }
}

/// How many lines prove a guess.
const PROOF_LINES: usize = 2;

/// How many characters of a line are shown around its first letter beyond ASCII, each way.
const PROOF_CHARS: usize = 60;

impl Proof {
    /// The first lines that hold letters beyond ASCII, from the one with this offset on.
    fn of(text: &[u8], at: usize, encoding: Encoding) -> Self {
        let begins = memchr::memrchr2(b'\n', b'\r', &text[..at.min(text.len())]).map_or(0, |end| end + 1);
        let lines = text[begins..].split(|byte| matches!(byte, b'\n' | b'\r'));
        let telling = lines.filter(|line| !line.is_ascii()).take(PROOF_LINES);
        Self(telling.map(|line| excerpt(&encoding.0.decode_without_bom_handling(line).0)).collect())
    }
}

fn excerpt(line: &str) -> String {
    let first = line.chars().take_while(char::is_ascii).count();
    let skipped = first.saturating_sub(PROOF_CHARS);
    let part: String = line.chars().skip(skipped).take(2 * PROOF_CHARS).collect();
    printable(&part.replace('\t', " ")).into_owned()
}

/// Checks that a chunk is UTF-8.
///
/// # Errors
///
/// Where it is not: the offset of the first wrong byte.
pub fn check_utf8(text: &[u8]) -> Result<&str, usize> {
    simdutf8::compat::from_utf8(text).map_err(|error| error.valid_up_to())
}

/// Checks that a piece of a longer text is UTF-8 and returns it from the first to the last whole
/// character: its ends may be cut within one.
///
/// # Errors
///
/// Where it is not: the offset of the first wrong byte.
pub fn check_utf8_piece(text: &[u8]) -> Result<&str, usize> {
    let continued = text.iter().take(3).take_while(|byte| (**byte as i8) < -0x40).count();
    let rest = &text[continued..];
    match simdutf8::compat::from_utf8(rest) {
        Ok(text) => Ok(text),
        Err(error) if error.error_len().is_none() => check_utf8(&rest[..error.valid_up_to()]),
        Err(error) => Err(continued + error.valid_up_to()),
    }
}

/// The encoding that a text which is not UTF-8 is likely to have.
pub(super) fn guess(text: &[u8]) -> Encoding {
    Encoding(super::guess::guess(text))
}
