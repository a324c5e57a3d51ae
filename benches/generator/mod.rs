//! Makes customer files of any size: the same seed gives the same records in every format.
//!
//! Needs the standard library only, so that a benchmark and a program can both include it. Memory does
//! not grow with the number of records.

mod random;
mod record;
mod words;
mod writer;

use std::io::{self, Write};
use std::ops::RangeInclusive;

use random::Random;
use record::Maker;
use writer::Writer;

/// How many bytes are gathered before they are written.
const WRITE_BYTES: usize = 256 * 1024;

/// The shapes that an import file can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One record a row, flat fields only, with a header row.
    Csv,
    /// One object a line.
    Ndjson,
    /// One JSON array.
    Array,
    /// One JSON object with the array `customers`.
    Wrapper,
    /// One SOAP envelope with many records in its body.
    Xml,
}

/// What a file is to hold. Shares go from 0.0 to 1.0.
///
/// Without changes it is the file of the comparison: 16 to 18 flat fields, 30 % with two contacts and one
/// address, 5 % invalid, nothing that needs an escape.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The format of the file.
    pub format: Format,
    /// How many records.
    pub records: u64,
    /// Where the random numbers start.
    pub seed: u64,
    /// The share of records with one or two violations.
    pub invalid: f64,
    /// The share of records with two contacts and one address; not in CSV.
    pub nested: f64,
    /// The share of records with two related entities, each with contacts of their own; not in CSV.
    pub related: f64,
    /// The share of records whose free texts need escapes or quotes.
    pub escaped: f64,
    /// The share of records whose free texts are not ASCII.
    pub non_ascii: f64,
    /// How many characters a free text has; its natural length where absent.
    pub text_chars: Option<RangeInclusive<usize>>,
    /// Whether every record has an order of fields of its own (in CSV: the header).
    pub shuffled: bool,
    /// Whether there is white space between names and values; not in CSV.
    pub pretty: bool,
}

impl Shape {
    /// The file of the comparison.
    pub fn new(format: Format, records: u64) -> Self {
        Self {
            format,
            records,
            seed: 1,
            invalid: 0.05,
            nested: 0.3,
            related: 0.0,
            escaped: 0.0,
            non_ascii: 0.0,
            text_chars: None,
            shuffled: false,
            pretty: false,
        }
    }

    /// Writes the file, and returns how many of its records are invalid.
    pub fn write(&self, to: &mut impl Write) -> io::Result<u64> {
        let maker = Maker::new(self);
        let writer = Writer::new(self);
        let mut out = String::with_capacity(WRITE_BYTES + WRITE_BYTES / 4);
        let mut invalid = 0;
        writer.start(&mut out);
        for number in 0..self.records {
            let record = maker.record(number);
            invalid += u64::from(record.invalid);
            writer.record(&mut out, number, &record.fields);
            if out.len() >= WRITE_BYTES {
                to.write_all(out.as_bytes())?;
                out.clear();
            }
        }
        writer.end(&mut out);
        to.write_all(out.as_bytes())?;
        to.flush()?;
        Ok(invalid)
    }
}
