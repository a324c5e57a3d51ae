//! Encodings: everything inside is UTF-8. A byte order mark or an XML declaration decides; anything
//! else must be valid UTF-8 and is never guessed.

use std::io::{self, Read};

use encoding_rs::Decoder;

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// The encoding with this name, if it is known.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(name.trim().as_bytes()).map(Self)
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

    /// How many bytes of the file a piece of decoded text took.
    #[must_use]
    pub fn source_len(self, text: &[u8]) -> u64 {
        if self.is_utf8() {
            return text.len() as u64;
        }
        let text = String::from_utf8_lossy(text);
        if self.0 == encoding_rs::UTF_16LE || self.0 == encoding_rs::UTF_16BE {
            return 2 * text.encode_utf16().count() as u64;
        }
        self.0.encode(&text).0.len() as u64
    }
}

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
    encoding: Encoding,
}

const RAW_BYTES: usize = 64 * 1024;

impl<R: Read> Decoded<R> {
    /// A stream whose first bytes, without a byte order mark, have been read already.
    pub fn new(source: R, head: Vec<u8>, encoding: Encoding) -> Self {
        let decoder = (!encoding.is_utf8()).then(|| encoding.0.new_decoder_without_bom_handling());
        Self {
            source,
            head,
            head_used: 0,
            decoder,
            raw: Vec::new(),
            raw_range: (0, 0),
            raw_ended: false,
            encoding,
        }
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
            if self.raw_range.0 == self.raw_range.1 && !self.raw_ended {
                let mut raw = std::mem::take(&mut self.raw);
                raw.resize(RAW_BYTES, 0);
                let read = self.read_source(&mut raw);
                self.raw = raw;
                self.raw_range = (0, read?);
                self.raw_ended = self.raw_range.1 == 0;
            }
            let raw = &self.raw[self.raw_range.0..self.raw_range.1];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(raw, buffer, self.raw_ended);
            self.raw_range.0 += read;
            if let encoding_rs::DecoderResult::Malformed(..) = result {
                let message = format!("the bytes are not valid {}", self.encoding.name());
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            if written > 0 || result == encoding_rs::DecoderResult::InputEmpty && self.raw_ended {
                return Ok(written);
            }
        }
    }
}

/// Where text stops being UTF-8, and what it may be instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utf8Failure {
    /// The offset of the first wrong byte.
    pub at: usize,
    /// The name of the likely encoding.
    pub likely: String,
}

/// Checks that a chunk is UTF-8.
///
/// # Errors
///
/// Where it is not, with the likely encoding.
pub fn check_utf8(text: &[u8]) -> Result<&str, Utf8Failure> {
    simdutf8::compat::from_utf8(text)
        .map_err(|error| Utf8Failure { at: error.valid_up_to(), likely: likely(text) })
}

/// Checks that a piece of a longer text is UTF-8 and returns it from the first to the last whole
/// character: its ends may be cut within one.
///
/// # Errors
///
/// Where it is not, with the likely encoding.
pub fn check_utf8_piece(text: &[u8]) -> Result<&str, Utf8Failure> {
    let continued = text.iter().take(3).take_while(|byte| (**byte as i8) < -0x40).count();
    let rest = &text[continued..];
    match simdutf8::compat::from_utf8(rest) {
        Ok(text) => Ok(text),
        Err(error) if error.error_len().is_none() => check_utf8(&rest[..error.valid_up_to()]),
        Err(error) => Err(Utf8Failure { at: continued + error.valid_up_to(), likely: likely(text) }),
    }
}

/// The encoding that a text which is not UTF-8 is likely to have.
#[must_use]
pub fn likely(text: &[u8]) -> String {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(text, true);
    Encoding(detector.guess(None, chardetng::Utf8Detection::Deny)).name()
}
