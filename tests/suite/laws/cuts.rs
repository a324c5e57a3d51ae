//! No cutting of the text and no number of threads changes what comes out.

use std::io::Read;

use kyc_import::contract::CUSTOMER;
use kyc_import::format::Limits;
use kyc_import::pipeline::{Finished, Hooks, Outputs, Settings, Sink, run};
use kyc_import::rules::Past;
use proptest::prelude::*;
use serde_json::json;

use super::super::generate::{self, Dice, Members, Value, any_record, records};
use super::super::support::{defaults, individual, judge_with, patched};
use super::{cases, documents};

/// Gives out a text in pieces of any size.
struct Trickle<'t> {
    text: &'t [u8],
    dice: Dice,
    bytes_max: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = (1 + self.dice.below(self.bytes_max)).min(buffer.len()).min(self.text.len());
        let (now, later) = self.text.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.text = later;
        Ok(count)
    }
}

/// All outputs of a file, byte for byte.
fn outputs(source: impl Read + Send, name: &str, settings: &Settings) -> ([Vec<u8>; 4], Finished) {
    let mut bytes: [Vec<u8>; 4] = Default::default();
    let [accepted, rejected, reports, reports_csv] = &mut bytes;
    let mut outputs = Outputs {
        accepted: Some(Sink::new(accepted)),
        rejected: Some(Sink::new(rejected)),
        reports: Some(Sink::new(reports)),
        reports_csv: Some(Sink::new(reports_csv)),
        report_all: true,
    };
    let finished = run(source, name, settings, &mut Past::unknown(), &mut outputs, &Hooks::NONE);
    drop(outputs);
    (bytes, finished.expect("memory does not fail"))
}

/// A first record that fills what is looked at before records are cut, so that the others come in pieces.
fn with_filler(mut records: Vec<Members>, bytes: usize) -> Vec<Members> {
    let filler = CUSTOMER.field("initialDepositBank").expect("a field of the customer");
    let member = (generate::Name::Known(filler), Value::Text("y".repeat(bytes)));
    match records[0].iter_mut().find(|(name, _)| name.is(filler.name)) {
        Some(found) => *found = member,
        None => records[0].push(member),
    }
    records
}

fn compare_cuts(
    text: &[u8],
    name: &str,
    limits: Limits,
    threads: usize,
    dice: &Dice,
) -> Result<(), TestCaseError> {
    let whole = Limits { chunk_bytes: 1 << 17, ..limits };
    let (base, finished) = outputs(text, name, &Settings { limits: whole, ..defaults() });
    let source = Trickle { text, dice: dice.clone(), bytes_max: 1 + limits.chunk_bytes * 3 };
    let (cut, cut_finished) = outputs(source, name, &Settings { limits, threads, ..defaults() });
    prop_assert_eq!(&cut_finished.failure, &finished.failure, "{} of {} bytes", name, text.len());
    prop_assert_eq!(cut_finished.digest, finished.digest);
    if finished.failure.is_none() {
        prop_assert_eq!(&cut_finished.tally, &finished.tally);
        for (cut, base) in cut.iter().zip(&base) {
            prop_assert!(cut == base, "{name}: {}", first_difference(cut, base));
        }
    }
    Ok(())
}

/// What stands around the first byte in which two outputs differ.
fn first_difference(cut: &[u8], base: &[u8]) -> String {
    let at = cut.iter().zip(base).take_while(|(one, other)| one == other).count();
    let around = |text: &[u8]| {
        let (from, to) = (at.saturating_sub(60).min(text.len()), (at + 100).min(text.len()));
        String::from_utf8_lossy(&text[from..to]).into_owned()
    };
    format!("cut {:?}\nwhole {:?}", around(cut), around(base))
}

/// What a file is cut by.
#[derive(Debug, Clone)]
struct Knife {
    filler: usize,
    chunk_bytes: usize,
    record_bytes_max: usize,
    seed: u64,
}

fn knife() -> impl Strategy<Value = Knife> {
    (63_000_usize..66_000, 1_usize..700, 150_usize..900, any::<u64>()).prop_map(
        |(filler, chunk_bytes, record_bytes_max, seed)| Knife { filler, chunk_bytes, record_bytes_max, seed },
    )
}

/// Cuts one format of these records with records over the limit.
fn compare_over_limit(records: Vec<Members>, knife: &Knife, formats: &[usize]) -> Result<(), TestCaseError> {
    let dice = &mut Dice::seeded(knife.seed);
    let documents = documents(&with_filler(records, knife.filler), dice);
    let limits = Limits { chunk_bytes: knife.chunk_bytes, record_bytes_max: knife.record_bytes_max };
    for format in formats {
        let (name, document) = &documents[*format];
        compare_cuts(document.as_bytes(), name, limits, dice.one(&[1, 2, 8]), dice)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 48, ..cases(10) })]

    #[test]
    fn no_cutting_and_no_number_of_threads_changes_a_byte(
        mut records in records(any_record(), 6), knife in knife(), again in any::<prop::sample::Index>(),
    ) {
        let dice = &mut Dice::seeded(knife.seed);
        // What a record finds in the past depends on those before it: O001, C004.
        let repeated = records[again.index(records.len())].clone();
        records.extend([repeated.clone(), repeated]);
        let limits = Limits { chunk_bytes: knife.chunk_bytes, ..Limits::default() };
        let documents = documents(&with_filler(records, knife.filler), dice);
        for ((name, document), threads) in documents.into_iter().zip([1, 2, 8, 1, 8]) {
            compare_cuts(document.as_bytes(), name, limits, threads, dice)?;
        }
    }

    #[test]
    fn no_cutting_changes_what_becomes_of_json_records_over_the_limit(
        records in records(any_record(), 6), knife in knife(),
    ) {
        compare_over_limit(records, &knife, &[0, 1, 2])?;
    }

    #[test]
    fn no_cutting_changes_what_becomes_of_xml_records_over_the_limit(
        records in records(any_record(), 6), knife in knife(),
    ) {
        compare_over_limit(records, &knife, &[3])?;
    }

    #[test]
    fn no_cutting_changes_what_becomes_of_csv_records_over_the_limit(
        records in records(any_record(), 6), knife in knife(),
    ) {
        compare_over_limit(records, &knife, &[4])?;
    }

    #[test]
    fn no_cutting_changes_what_becomes_of_a_damaged_file(
        records in records(any_record(), 5), knife in knife(), format in 0..5_usize,
        at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let dice = &mut Dice::seeded(knife.seed);
        let limits = Limits { chunk_bytes: knife.chunk_bytes, ..Limits::default() };
        let (name, document) = &documents(&with_filler(records, knife.filler), dice)[format];
        let mut text = document.clone().into_bytes();
        let place = text.len() - 1 - at.index(text.len().min(3_000));
        text[place] = byte;
        compare_cuts(&text, name, limits, 1, dice)?;
    }
}

/// What stands around records is looked at as strictly, wherever it is cut.
#[test]
fn names_beyond_those_that_are_counted_for_themselves_do_not_depend_on_the_cut() {
    // Every third record is known already, and counted again with what the past says of it; one has very many.
    let record = |number: u32| {
        let names = if number == 500 { 0..1_500 } else { 0..3 };
        let mut record = patched(individual(), &json!({"customerExtId": format!("X-{}", number / 3)}));
        record["communicationNumber"] = json!(format!("N-{number}"));
        for name in names {
            record[format!("n{}", u64::from(number * 7 + name) * 7_919 % 6_007)] = json!("x");
        }
        record.to_string()
    };
    let text: Vec<String> = (0..900).map(record).collect();
    let findings = |chunk_bytes, threads| {
        let limits = Limits { chunk_bytes, ..Limits::default() };
        let settings = Settings { limits, threads, ..defaults() };
        judge_with(text.join("\n"), "x.ndjson", &settings, Past::register()).finished.tally
    };
    let whole = findings(1 << 24, 1);
    let unknown = |field: &str| {
        let all = whole.findings.iter().filter(|(finding, _)| finding.code == "W001");
        all.filter(|(finding, _)| (finding.field == "*") == (field == "*"))
            .map(|(_, count)| *count)
            .collect::<Vec<_>>()
    };
    assert_eq!((unknown("").len(), unknown("*").len()), (1_000, 1));
    let given = 899 * 3 + 1_500;
    assert_eq!(unknown("").iter().sum::<u64>() + unknown("*")[0], given);
    for (chunk_bytes, threads) in [(1, 1), (2_000, 2), (50_000, 2), (300_000, 1)] {
        assert!(findings(chunk_bytes, threads) == whole, "{chunk_bytes} {threads}");
    }
}

#[test]
fn no_cutting_changes_what_stands_around_records() {
    let record = |number: u32, filler: &str| {
        format!(
            "<AMLYZE_CUSTOMER><CommunicationNumber>{number}{filler}</CommunicationNumber></AMLYZE_CUSTOMER>"
        )
    };
    let around = "a &amp; b &#x4f;&lt; ] ]] > ]]&gt; ąę \u{1f600}\n<!-- c - d --><?p x?><b c='&gt;' d=\"]]>\"/>\
                  <![CDATA[ ]] ]]>]]<c>&quot;</c>&apos;";
    let broken = [
        "&",
        "&am",
        "&x;",
        "]]>",
        "& b;",
        "&#0;",
        "\u{ffff}",
        "<!-- -- -->",
        "&amp;]]>",
        "&x;]]>\u{1}",
        "]]>&x;",
        "\u{c}",
        "&#xx",
        "&amp",
        "<b c=1/>",
        "</b>",
        "<p:b/>",
        "<1/>",
    ];
    for middle in [""].into_iter().chain(broken) {
        // What comes first is looked at whole; the middle stands behind it.
        let front = |filler: usize| format!("<r>{}{around}{}", record(1, &"y".repeat(filler)), record(2, ""));
        let head = front(65_600 - front(0).len());
        let text = format!("{head}{around}{middle}{around}{}{around}</r>", record(3, ""));
        let failure = super::super::support::judge(&text, "x.xml").finished.failure;
        assert_eq!(failure.is_none(), middle.is_empty(), "{middle}: {failure:?}");
        for chunk_bytes in [1, 3, 19] {
            let limits = Limits { chunk_bytes, ..Limits::default() };
            let same = compare_cuts(text.as_bytes(), "x.xml", limits, 1, &Dice::seeded(chunk_bytes as u64));
            same.unwrap_or_else(|error| panic!("{middle:?}, {chunk_bytes}: {error}"));
        }
        // The end may come at any place, too.
        let end = text.len() - 4 - around.len() + around.find('\u{1f600}').expect("it is there") + 2;
        for end in (end - 24..end).filter(|_| middle.is_empty()) {
            let limits = Limits { chunk_bytes: 2, ..Limits::default() };
            let same = compare_cuts(&text.as_bytes()[..end], "x.xml", limits, 1, &Dice::seeded(end as u64));
            same.unwrap_or_else(|error| panic!("{end}: {error}"));
        }
    }
}

#[test]
fn what_a_file_in_another_encoding_is_taken_for_does_not_hang_on_how_it_is_cut() {
    let line = |number: usize, name: &str| {
        let own = json!({ "communicationNumber": format!("N-{number}"), "firstName": name });
        patched(individual(), &own).to_string() + "\n"
    };
    let text = |lines: std::ops::Range<usize>, name: &str| -> String {
        lines.map(|number| line(number, name)).collect()
    };
    // The first look sees ASCII alone, so that the records tell.
    let ascii = text(0..300, "Ona");
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|char| char as u8).collect() };
    let cases = [
        ("in Latin 1", latin(&(ascii.clone() + &text(300..900, "Jos\u{e9}"))), false),
        ("in Latin 1, one name", latin(&(ascii.clone() + &line(300, "Jos\u{e9}") + &ascii)), false),
        (
            "broken at first",
            {
                let broken = line(300, "@").replace('@', "\u{160}@\u{117}");
                let mut text = (ascii.clone() + &broken + &text(301..900, "\u{17d}ydr\u{117}")).into_bytes();
                let at = text.iter().position(|byte| *byte == b'@').expect("it is there");
                text[at] = 0xC5;
                text
            },
            true,
        ),
        (
            "broken at last",
            {
                let broken = line(700, "@");
                let text = ascii.clone() + &text(300..700, "\u{17d}ydr\u{117}") + &broken + &ascii;
                text.bytes().map(|byte| if byte == b'@' { 0xFF } else { byte }).collect()
            },
            true,
        ),
    ];
    for (what, text, is_utf8) in cases {
        let judge = |chunk_bytes: usize, threads: usize| {
            let limits = Limits { chunk_bytes, ..Limits::default() };
            let settings = Settings { limits, threads, ..defaults() };
            outputs(text.as_slice(), "x.ndjson", &settings).1.failure.expect("it cannot be read")
        };
        let whole = judge(1 << 17, 1);
        assert_eq!(whole.message.contains("a letter in it is broken"), is_utf8, "{what}: {}", whole.message);
        assert_eq!(whole.proof.0.is_empty(), is_utf8, "{what}");
        assert!(whole.proof.0.iter().all(|line| line.contains("Jos\u{e9}")), "{what}");
        for (chunk_bytes, threads) in [(1, 1), (1, 8), (700, 2), (9_000, 8), (1 << 20, 2)] {
            assert!(judge(chunk_bytes, threads) == whole, "{what}, {chunk_bytes} bytes, {threads} threads");
        }
    }
}
