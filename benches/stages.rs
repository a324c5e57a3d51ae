//! The stages of the work one by one, for every format: framing, reading, rules, writing accepted records.
//! Every stage needs those before it, so its own cost is what it takes longer than they do.
//!
//! ```text
//! cargo bench --bench stages
//! cargo bench --bench stages -- ndjson
//! ```

mod generator;

use bumpalo::Bump;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use generator::{Format, Shape};
use kyc_import::contract::Record;
use kyc_import::format::json::lines::Lines;
use kyc_import::format::{Chunk, FrameReader, Limits, Opened, Profile, Text, open};
use kyc_import::report::accepted;
use kyc_import::rules::{Context, validate};

const RECORDS: u64 = 20_000;

const FORMATS: [&str; 5] = ["csv", "ndjson", "array", "wrapper", "xml"];

fn main() {
    divan::main();
}

/// A file of valid records, in memory.
fn file(format: &str) -> Vec<u8> {
    let format = match format {
        "csv" => Format::Csv,
        "ndjson" => Format::Ndjson,
        "array" => Format::Array,
        "wrapper" => Format::Wrapper,
        _ => Format::Xml,
    };
    let mut file = Vec::new();
    let written = Shape { invalid: 0.0, ..Shape::new(format, RECORDS) }.write(&mut file);
    assert!(written.is_ok_and(|invalid| invalid == 0));
    file
}

fn opened(file: &[u8]) -> Opened<&[u8]> {
    open(file, None, Limits::default(), &Profile::default()).expect("a generated file can be opened")
}

fn each_chunk(opened: &mut Opened<&[u8]>, mut each: impl FnMut(&Chunk)) {
    let mut spare = Text::default();
    while let Some(chunk) = opened.framer.next_chunk(spare).expect("a generated file can be cut") {
        each(&chunk);
        spare = chunk.text;
    }
}

fn each_record(file: &[u8], mut each: impl FnMut(&Record<'_>)) {
    let mut opened = opened(file);
    let mut reader = FrameReader::new(opened.format, opened.header.clone());
    each_chunk(&mut opened, |chunk| {
        let text = std::str::from_utf8(&chunk.text).expect("a generated file is UTF-8");
        let bump = Bump::new();
        let mut record = Record::within(text);
        for frame in &chunk.frames {
            let text = &text[frame.start as usize..frame.end as usize];
            assert!(reader.read(text, 1, &bump, &mut record).is_ok());
            each(&record);
        }
    });
}

/// Runs a stage over a whole file again and again.
fn measure(bencher: Bencher<'_, '_>, format: &str, stage: impl Fn(&[u8]) -> u64 + Sync) {
    let file = file(format);
    bencher
        .counter(BytesCount::of_slice(&file[..]))
        .counter(ItemsCount::new(RECORDS))
        .bench(|| assert_eq!(stage(&file), RECORDS));
}

#[divan::bench(args = FORMATS)]
fn framing(bencher: Bencher<'_, '_>, format: &str) {
    measure(bencher, format, |file| {
        let mut records = 0;
        each_chunk(&mut opened(file), |chunk| records += chunk.frames.len() as u64);
        records
    });
}

#[divan::bench(args = FORMATS)]
fn reading(bencher: Bencher<'_, '_>, format: &str) {
    measure(bencher, format, |file| {
        let mut records = 0;
        each_record(file, |_| records += 1);
        records
    });
}

#[divan::bench(args = FORMATS)]
fn rules(bencher: Bencher<'_, '_>, format: &str) {
    let context = Context::default();
    measure(bencher, format, |file| {
        let mut accepted = 0;
        each_record(file, |record| accepted += u64::from(validate(record, &context).is_accepted()));
        accepted
    });
}

#[divan::bench(args = FORMATS)]
fn writing(bencher: Bencher<'_, '_>, format: &str) {
    let context = Context::default();
    measure(bencher, format, |file| {
        let mut accepted = 0;
        let mut out = Lines::default();
        each_record(file, |record| {
            if validate(record, &context).is_accepted() {
                accepted += 1;
                accepted::write(record, &mut out);
            }
            if out.len() > 1 << 20 {
                out.clear();
            }
        });
        accepted
    });
}
