//! Other people's readers as judges: serde_json, the csv crate, quick-xml, roxmltree.

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

    /// Namespaces are left out: what a prefix stands for is asked around the records only. Within an instruction the
    /// other reader is not strict.
    #[test]
    fn xml_is_readable_exactly_when_a_strict_reader_reads_it(document in xml_like()) {
        use roxmltree::Error;
        let Ok(text) = String::from_utf8(document) else { return Ok(()) };
        let failure = judge(&text, "x.xml").finished.failure;
        let readable = failure.as_ref().is_none_or(|failure| failure.part.segment != "F001");
        let read = match roxmltree::Document::parse(&text) {
            Err(Error::UnknownNamespace(..) | Error::InvalidElementNamePrefix(_)) => return Ok(()),
            Err(Error::InvalidXmlPrefixUri(_) | Error::UnexpectedXmlUri(_)) => return Ok(()),
            Err(Error::UnexpectedXmlnsUri(_) | Error::DuplicatedNamespace(..)) => return Ok(()),
            Ok(_) if text.contains("<?") => return Ok(()),
            read => read,
        };
        prop_assert_eq!(readable, read.is_ok(), "{} {:?} {:?}", text, failure, read.err());
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
    let damaged = damaged(whole(), b"{}[]:,\"\\0-.e");
    prop_oneof![
        2 => soup.clone().prop_map(String::into_bytes),
        2 => soup.prop_map(|soup| format!("{{\"firstName\":{soup}}}").into_bytes()),
        1 => whole().prop_map(String::into_bytes),
        4 => damaged,
    ]
}

/// Texts in which a byte or two are changed, come in or go away; most of the new ones are these signs.
fn damaged(text: impl Strategy<Value = String>, signs: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(signs)];
    let damage = (any::<prop::sample::Index>(), byte, 0..3_u8);
    (text, proptest::collection::vec(damage, 1..3)).prop_map(|(text, damages)| {
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
    })
}

/// Pieces that XML is made of, and some that it is not.
const MARKUP: &str = "<a>¦</a>¦<b c=\"1\"/>¦<b c='&lt;' d = \"x\"/>¦<b c=1/>¦<b c=''d=''/>¦<b c='' c=''/>¦<!-- c -->¦<!-- -- -->\
                      ¦<!---->¦<![CDATA[ x ]]>¦]]>¦<?p x?>¦<? x?>¦<?xml version='1.0'?>¦&amp;¦&#65;¦&#0;¦&x;¦&¦<¦>¦ ¦\n¦\u{1}\
                      ¦\u{ffff}¦é¦<é/>¦<1/>¦</a >¦<!x>";

/// XML documents with records, whole and damaged, and what looks like them.
fn xml_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&str> = MARKUP.split('¦').collect();
    let soup = || {
        let pieces = proptest::collection::vec(proptest::sample::select(pieces.clone()), 0..4);
        pieces.prop_map(|pieces| pieces.concat())
    };
    let record = || {
        (generate::record(Taste { wrong_every: 4, json_only: false }), any::<u64>())
            .prop_map(|(record, seed)| xml::record(&record, &mut Dice::seeded(seed)))
    };
    let document = || {
        (soup(), soup(), soup(), record()).prop_map(|(front, inner, field, record)| {
            let field = format!("<AMLYZE_CUSTOMER><FirstName>{field}</FirstName></AMLYZE_CUSTOMER>");
            format!("{front}<r k=\"v\">{inner}{record}{field}</r>{front}")
        })
    };
    let plain = "<!-- c --><r k=\"v\" j='&gt;'>x<AMLYZE_CUSTOMER a=\"1\" b='2'><Requester>A &amp; \
                 <![CDATA[b]]></Requester><?p x?><LastName l='a'>B</LastName></AMLYZE_CUSTOMER></r>";
    let signs = b"<>&;\"'=/!?-[] \t1a";
    prop_oneof![
        2 => document().prop_map(String::into_bytes),
        1 => damaged(document(), signs),
        3 => damaged(Just(plain.to_owned()), signs),
    ]
}
