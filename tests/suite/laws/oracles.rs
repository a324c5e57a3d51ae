//! Other people's readers as judges: serde_json, the csv crate, quick-xml.

use kyc_import::contract::CUSTOMER;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::generate::{self, Dice, Taste, Value, is_filled, json, text, xml};
use super::super::support::judge;
use super::cases;

proptest! {
    #![proptest_config(cases(300))]

    /// Beyond serde_json, a number of any size is read: it is kept as text.
    #[test]
    fn a_line_is_a_record_exactly_when_serde_json_reads_an_object(line in json_like()) {
        let Ok(line) = String::from_utf8(line) else { return Ok(()) };
        let line = line.replace(['\n', '\r'], " ");
        prop_assume!(!line.trim_ascii().is_empty());
        let judged = judge(format!("{{}}\n{line}\n"), "x.ndjson");
        prop_assert_eq!(&judged.finished.failure, &None);
        let accepted = match serde_json::from_str::<Json>(&line) {
            Ok(value) => value.is_object(),
            Err(error) if error.to_string().starts_with("number out of range") => return Ok(()),
            Err(_) => false,
        };
        prop_assert_eq!(judged.codes(1) != ["R001"], accepted, "{}", line);
    }

    #[test]
    fn cells_are_those_that_the_csv_crate_reads(
        table in proptest::collection::vec(proptest::collection::vec(text(), 4), 1..5),
        delimiter in proptest::sample::select(&b";,\t|"[..]), quotes in 0..3_usize, crlf in any::<bool>(),
    ) {
        use ::csv::QuoteStyle::{Always, Necessary, NonNumeric};
        let style = [Necessary, Always, NonNumeric][quotes];
        let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let mut writer = ::csv::WriterBuilder::new()
            .delimiter(delimiter).quote_style(style).terminator(terminator).from_writer(Vec::new());
        let names = [
            "communicationNumber", "requester", "riskLevel", "customerStatus", "riskManagementCategory",
            "entityType", "customerExtId", "applicationDate", "firstName", "lastName", "citizenshipCountry",
        ];
        writer.write_record(names).expect("memory does not fail");
        for (index, row) in table.iter().enumerate() {
            let number = format!("{index}:{}", row[0]);
            let id = format!("{index}:{}", row[1]);
            let kind = ["r", "LOW", "ACTIVE", "IND", "INDIVIDUAL"];
            let name = ["2026-01-21", &row[2], &row[3], "LT"];
            let cells = [&[number.as_str()], &kind[..], &[&id], &name].concat();
            writer.write_record(cells).expect("memory does not fail");
        }
        let text = writer.into_inner().expect("memory does not fail");
        let judged = judge(&text, "x.csv");
        let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&text[..]);
        let rows: Vec<_> = reader.records().map(|row| row.expect("the crate wrote it")).collect();
        prop_assert_eq!(judged.finished.tally.counts.accepted as usize, rows.len(), "{}", judged.reports_csv);
        for (row, line) in rows.iter().zip(judged.accepted.lines()) {
            let accepted: Json = serde_json::from_str(line).expect("an accepted line is JSON");
            for (name, cell) in names.iter().zip(row) {
                // One apostrophe in front of what a spreadsheet would change is the guard.
                let guarded = ['\'', '=', '+', '-', '@', '\t', '\r'];
                let calculated = |text: &str| text.contains(|char: char| char.is_ascii_digit());
                let unguarded =
                    cell.strip_prefix('\'').filter(|rest| rest.starts_with(guarded) || calculated(rest));
                let found = accepted[name].as_str();
                let fine = found == Some(cell) || unguarded.is_some() && found == unguarded;
                prop_assert!(fine, "{cell:?} {found:?}");
            }
        }
    }

    #[test]
    fn text_of_an_element_is_what_quick_xml_reads(content in text(), seed in any::<u64>()) {
        let field = CUSTOMER.field("initialDepositBank").expect("a field of the customer");
        let members = vec![(generate::Name::Known(field), Value::Text(content.clone()))];
        prop_assert!(is_filled(&members));
        let document = xml::record(&members, &mut Dice::seeded(seed));
        prop_assert_eq!(read_with_quick_xml(&document), content, "{}", document);
    }
}

/// JSON knows four blanks. A line that begins or ends with any other is none, except for a byte order mark
/// in front, where files were joined.
#[test]
fn other_blanks_around_a_line_are_not_passed_over() {
    for blank in ["\u{c}", "\u{b}", "\u{85}", "\u{a0}", "\u{feff}", "\u{0}"] {
        for line in [format!("{blank}{{}}"), format!("{{}}{blank}"), blank.to_owned()] {
            if line.starts_with('\u{feff}') {
                continue;
            }
            assert!(serde_json::from_str::<Json>(&line).is_err());
            let judged = judge(format!("{{}}\n{line}\n{{}}\n"), "x.ndjson");
            assert_eq!(judged.reports.len(), 3, "{line:?} is passed over");
            assert_eq!(judged.codes(1), ["R001"], "{line:?}");
        }
    }
}

/// All character data of a document, with white space between elements.
fn read_with_quick_xml(document: &str) -> String {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let mut depth = 0;
    let mut text = String::new();
    loop {
        match reader.read_event().expect("it is well-formed") {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Text(piece) if depth == 2 => text.push_str(&piece.into_inner()),
            Event::CData(piece) if depth == 2 => text.push_str(&piece.into_inner()),
            Event::GeneralRef(reference) if depth == 2 => match reference.resolve_char_ref() {
                Ok(Some(char)) => text.push(char),
                _ => text.push_str(quick_xml::escape::resolve_xml_entity(&reference).expect("it is defined")),
            },
            Event::Eof => return text,
            _ => {}
        }
    }
}

/// Pieces that JSON is made of, and some that it is not.
const PIECES: &str = "{¦}¦[¦]¦:¦,¦\"¦\"a\"¦\\¦\\u¦\\uD83D¦\\uDE00¦\\n¦d83d¦0¦-¦1.5¦1e5¦E+¦.¦true¦false¦null¦tru¦ ¦\t¦a¦é\
                      ¦\u{1}¦\u{7f}¦\u{a0}¦//¦/**/¦'¦NaN¦{}¦[]¦{\"a\":{\"b\":[1,2]}}";

/// JSON objects, whole and damaged, and what looks like them.
fn json_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&str> = PIECES.split('¦').collect();
    let soup =
        proptest::collection::vec(proptest::sample::select(pieces), 0..8).prop_map(|pieces| pieces.concat());
    let whole = || {
        (generate::record(Taste { wrong_every: 4, json_only: true }), any::<u64>())
            .prop_map(|(record, seed)| json::record(&record, &mut Dice::seeded(seed), false))
    };
    let damage = (
        any::<prop::sample::Index>(),
        prop_oneof![any::<u8>(), proptest::sample::select(&b"{}[]:,\"\\0-.e"[..])],
        0..3_u8,
    );
    let damaged = (whole(), proptest::collection::vec(damage, 1..3)).prop_map(|(text, damages)| {
        let mut text = text.into_bytes();
        for (at, byte, how) in damages {
            let at = at.index(text.len());
            match how {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ if text.len() > 1 => drop(text.remove(at)),
                _ => {}
            }
        }
        text
    });
    prop_oneof![
        2 => soup.clone().prop_map(String::into_bytes),
        2 => soup.prop_map(|soup| format!("{{\"firstName\":{soup}}}").into_bytes()),
        1 => whole().prop_map(String::into_bytes),
        4 => damaged,
    ]
}
