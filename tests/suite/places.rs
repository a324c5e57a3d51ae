//! Places: the bytes at a reported offset are the value, its opening quote or its tag; row, line and
//! column are those that a person counts.

use encoding_rs::{UTF_16LE, WINDOWS_1257};
use kyc_import::contract::{CUSTOMER, Field, Kind};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::generate::{Dice, any_record, csv, json, records, xml};
use super::laws::cases;
use super::support::{Judged, individual, judge, patched};

/// A reported place.
#[derive(Debug, PartialEq)]
struct Place {
    row: u64,
    line: u64,
    column: u64,
    byte_offset: usize,
}

fn place(report: &Json) -> Place {
    let number = |name: &str| report[name].as_u64().unwrap_or_else(|| panic!("{name} in {report}"));
    Place {
        row: number("row"),
        line: number("line"),
        column: report["column"].as_u64().unwrap_or(0),
        byte_offset: number("byteOffset") as usize,
    }
}

/// All violations of a record.
fn violations(report: &Json) -> impl Iterator<Item = &Json> {
    ["errors", "warnings"].into_iter().flat_map(|list| report[list].as_array().expect("a list"))
}

/// Line and column of an offset, counted as an editor does: LF, CRLF and CR end a line, a byte order
/// mark is no character.
fn counted(text: &str, byte_offset: usize) -> (u64, u64) {
    let before = text[..byte_offset].trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let half = text[..byte_offset].ends_with('\r') && text[byte_offset..].starts_with('\n');
    let before = if half { before.trim_end_matches('\r') } else { &before }.replace('\r', "\n");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line as u64, column as u64)
}

/// Every place of the reports is the one that a person counts.
fn lines_and_columns_are_right(text: &str, judged: &Judged) -> Result<(), TestCaseError> {
    for report in &judged.reports {
        let record = place(report);
        prop_assert_eq!(record.line, counted(text, record.byte_offset).0);
        for violation in violations(report) {
            let Place { line, column, byte_offset, .. } = place(violation);
            prop_assert!(text.is_char_boundary(byte_offset), "{violation} {text}");
            prop_assert_eq!((line, column), counted(text, byte_offset), "{} {}", violation, text);
            prop_assert!(byte_offset >= record.byte_offset);
        }
    }
    Ok(())
}

/// The value that begins at an offset of a JSON text.
fn value_at(text: &str, byte_offset: usize) -> Option<Json> {
    serde_json::Deserializer::from_str(&text[byte_offset..]).into_iter::<Json>().next()?.ok()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn in_json_the_value_stands_at_the_offset(
        records in records(any_record(), 3), seed in any::<u64>(), shape in 0..4_usize, mark in any::<bool>(),
    ) {
        let dice = &mut Dice::seeded(seed);
        let (name, text) = match shape {
            0 => ("x.ndjson", json::lines(&records, dice)),
            1 => ("x.json", json::array(&records, dice)),
            2 => ("x.json", json::wrapper(&records, dice)),
            _ => ("x.json", json::record(&records[0], dice, true)),
        };
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let judged = judge(&text, name);
        prop_assert_eq!(&judged.finished.failure, &None);
        lines_and_columns_are_right(&text, &judged)?;
        for (number, report) in (1..).zip(&judged.reports) {
            prop_assert_eq!(&report["record"], &json!(number));
            let record = value_at(&text, place(report).byte_offset).expect("a record begins here");
            for violation in violations(report) {
                let found = value_at(&text, place(violation).byte_offset);
                let pointer = violation["pointer"].as_str().expect("a text");
                let (owner, _) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
                let value = record.pointer(pointer).filter(|value| !is_blank(value));
                prop_assert_eq!(found.as_ref(), value.or(record.pointer(owner)), "{} {}", violation, text);
            }
        }
    }

    #[test]
    fn in_csv_the_cell_stands_at_the_offset(records in records(any_record(), 4), seed in any::<u64>()) {
        let written = csv::document(&records, &mut Dice::seeded(seed));
        let judged = judge(&written.text, "x.csv");
        prop_assert_eq!(&judged.finished.failure, &None);
        lines_and_columns_are_right(&written.text, &judged)?;
        for (index, report) in judged.reports.iter().enumerate() {
            prop_assert_eq!(place(report).row, written.rows[index], "{}", written.text);
            for violation in violations(report) {
                let found = place(violation);
                prop_assert_eq!(found.row, written.rows[index]);
                let field = violation["field"].as_str().expect("a text");
                let own = |cell: &&csv::Cell| cell.record == index && field == cell.path;
                if let Some(cell) = written.cells.iter().find(own) {
                    prop_assert_eq!(found.byte_offset, cell.byte_offset, "{} {}", violation, written.text);
                }
                // A value in the JSON text of a cell: there, or where the cell begins.
                let holds = |cell: &&csv::Cell| {
                    let rest = field.strip_prefix(&cell.path);
                    cell.record == index && rest.is_some_and(|rest| rest.starts_with(['[', '.']))
                };
                if let Some(cell) = written.cells.iter().find(holds) {
                    let rest = &written.text[found.byte_offset..];
                    let begins = rest.starts_with(['"', '{', '[', '-', 't', 'f', '0', '1', '5']);
                    let fine = found.byte_offset == cell.byte_offset || begins;
                    prop_assert!(fine, "{violation} {}", written.text);
                }
            }
        }
    }

    #[test]
    fn in_xml_the_text_or_the_tag_stands_at_the_offset(
        records in records(any_record(), 3), seed in any::<u64>(),
    ) {
        let text = xml::document(&records, &mut Dice::seeded(seed));
        let judged = judge(&text, "x.xml");
        prop_assert_eq!(&judged.finished.failure, &None);
        lines_and_columns_are_right(&text, &judged)?;
        for report in &judged.reports {
            let start = place(report).byte_offset;
            prop_assert_eq!(tag_name(&text[start..]), Some("AMLYZE_CUSTOMER"));
            for violation in violations(report) {
                let byte_offset = place(violation).byte_offset;
                let names = element_names(violation["field"].as_str().expect("a text"));
                let at_text = text[..byte_offset].rfind('<').and_then(|tag| tag_name(&text[tag..]));
                let at_tag = tag_name(&text[byte_offset..]);
                let is_own = |found: Option<&str>| names.iter().any(|name| found == Some(name));
                prop_assert!(is_own(at_text) || is_own(at_tag), "{violation} {at_text:?} {at_tag:?} {text}");
            }
        }
    }

    #[test]
    fn both_reports_say_the_same(records in records(any_record(), 3), seed in any::<u64>()) {
        let judged = judge(csv::document(&records, &mut Dice::seeded(seed)).text, "x.csv");
        let text = judged.reports_csv.trim_start_matches('\u{feff}');
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let names = reader.headers().expect("a header").clone();
        let mut rows = reader.records().map(|row| row.expect("it is well-formed"));
        for report in &judged.reports {
            for violation in violations(report) {
                let row = rows.next().expect("a line for every violation");
                for (name, cell) in names.iter().zip(&row) {
                    let value = violation.get(name).or_else(|| report.get(name));
                    let plain = match value {
                        Some(Json::String(text)) => text.clone(),
                        Some(Json::Null) => String::new(),
                        Some(value) => value.to_string(),
                        None if name == "severity" => {
                            let error = report["errors"].as_array().expect("a list").contains(violation);
                            String::from(if error { "error" } else { "warning" })
                        }
                        None => String::new(),
                    };
                    let unguarded = cell.strip_prefix('\'').unwrap_or(cell);
                    prop_assert!(cell == plain || unguarded == plain, "{name}: {cell:?} {plain:?}");
                }
            }
        }
        prop_assert_eq!(rows.next(), None);
    }
}

fn is_blank(value: &Json) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// The name of the element whose start tag begins here, without its prefix.
fn tag_name(text: &str) -> Option<&str> {
    let name =
        text.strip_prefix('<')?.split(|char: char| char.is_whitespace() || "/>".contains(char)).next()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

/// The names that the element of a field or of the object around it may have.
fn element_names(path: &str) -> Vec<String> {
    let mut object = &CUSTOMER;
    let mut names = vec!["AMLYZE_CUSTOMER".to_owned()];
    for segment in path.split('.') {
        let (name, index) = segment.split_once('[').unwrap_or((segment, ""));
        let field: &Field = object.field(name).expect("a field of the tables");
        names.push(field.xml_name().to_owned());
        match field.kind {
            Kind::Object(inner) => object = inner,
            Kind::Objects(inner) | Kind::Values(inner) if !index.is_empty() => {
                names.push(inner.item.to_owned());
                object = inner;
            }
            _ => {}
        }
    }
    // The field itself, or the object that lacks it.
    names.split_off(names.len().saturating_sub(2))
}

/// A valid individual with a wrong country, as one line.
fn wrong() -> String {
    let changes =
        json!({"communicationNumber": "N-9", "customerExtId": "X-9", "citizenshipCountry": "Lietuva"});
    patched(individual(), &changes).to_string()
}

/// The place of the only error of a record, by its number from 0.
fn only_error(judged: &Judged, record: usize) -> Place {
    let errors = judged.reports[record]["errors"].as_array().expect("a list");
    assert_eq!(errors.len(), 1, "{errors:?}");
    place(&errors[0])
}

const COLUMNS: &str = "communicationNumber;requester;riskLevel;customerStatus;riskManagementCategory;\
                       entityType;customerExtId;applicationDate;firstName;lastName;citizenshipCountry";

/// A row that is valid but for its country, with this first name.
fn row(number: u32, first_name: &str) -> String {
    format!("N-{number};r;LOW;ACTIVE;IND;INDIVIDUAL;X-{number};2026-01-21;{first_name};Example;Lietuva")
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    for end in ["\n", "\r\n", "\r"] {
        let two_lines = format!("\"Ona{end}{end}Ona\"");
        let rows = [COLUMNS, &row(1, "Ona"), "", &row(2, &two_lines), ";;;;;;;;;;", &row(3, "Žąsė")];
        let text = rows.join(end);
        let judged = judge(&text, "x.csv");
        let country = |record: usize| only_error(&judged, record);
        let at = |nth: usize| text.match_indices("Lietuva").nth(nth).expect("three countries").0;
        assert_eq!(country(0), Place { row: 2, line: 2, column: 60, byte_offset: at(0) }, "{end:?}");
        assert_eq!(country(1), Place { row: 4, line: 6, column: 14, byte_offset: at(1) }, "{end:?}");
        assert_eq!(country(2), Place { row: 6, line: 8, column: 61, byte_offset: at(2) }, "{end:?}");
        assert_eq!(judged.reports[2]["record"], 3);
    }
}

#[test]
fn a_mark_and_a_separator_line_are_not_counted_as_rows() {
    let text = format!("\u{feff}sep=;\r\n{COLUMNS}\r\n{}\r\n", row(1, "Ona"));
    let judged = judge(&text, "x.csv");
    let byte_offset = text.find("Lietuva").expect("a country");
    // A spreadsheet hides the separator line; an editor shows it.
    assert_eq!(only_error(&judged, 0), Place { row: 2, line: 3, column: 60, byte_offset });
}

#[test]
fn empty_lines_in_front_of_a_header_are_counted_and_passed_over() {
    // Many fill what is looked at of a file, and end within a line end or between two.
    let many = ["\n".repeat(3_000_000), format!("\n{}", "\r\n".repeat(100_000)), "\r\n".repeat(100_000)];
    let few = ["\n", "\r\n\n", "\r\r"].map(str::to_owned);
    for empty in few.into_iter().chain(many) {
        let lines = empty.replace("\r\n", "\n").len();
        let text = format!("\u{feff}{empty}{COLUMNS}\n{}\n", row(1, "Ona"));
        let judged = judge(&text, "x.csv");
        let byte_offset = text.find("Lietuva").expect("a country");
        let line = lines as u64 + 2;
        assert_eq!(only_error(&judged, 0), Place { row: line, line, column: 60, byte_offset });
    }
    for empty in ["\n".repeat(3_000_000), "\r\n".repeat(100_000)] {
        let judged = judge(&empty, "x.csv");
        let failure = judged.finished.failure.expect("no file of records");
        assert_eq!(failure.part.segment, "F002");
    }
}

#[test]
fn a_row_of_another_width_is_named() {
    let text = format!("{COLUMNS}\r\n{}\r\n\r\n{};x\r\n", row(1, "Ona"), row(2, "Ona"));
    let judged = judge(&text, "x.csv");
    assert_eq!(judged.codes(1), ["F004"]);
    assert_eq!(judged.reports[1]["errorDescription"], "Row 4 has 12 cells, header has 11");
    assert_eq!(only_error(&judged, 1).row, 4);
}

#[test]
fn a_value_in_the_json_of_a_cell_stands_at_the_offset() {
    let cell = "\"[{\"\"country\"\":\"\"LT\"\",\"\"city\"\":\"\"Žąsė\"\"},{\"\"country\"\":\"\"??\"\"}]\"";
    let good = row(1, "Ona").replace("Lietuva", "LT");
    let text = format!("{COLUMNS};listAddress\r\n{good};{cell}\r\n");
    let judged = judge(&text, "x.csv");
    let found = only_error(&judged, 0).byte_offset;
    // The value itself, or the cell that holds it.
    let wanted = ["\"\"??", cell].map(|value| text.find(value).expect("it is there"));
    assert!(wanted.contains(&found), "{found} is none of {wanted:?}: {:?}", &text[found..]);
}

#[test]
fn lines_of_json_are_counted_with_blank_ones() {
    let text = format!("\u{feff}{}\r\n\r\n  {}\n\n\n{}", individual(), wrong(), "{\"a\": nonsense}");
    let judged = judge(&text, "x.ndjson");
    let byte_offset = text.find("\"Lietuva\"").expect("a country");
    let column = counted(&text, byte_offset).1;
    assert_eq!(only_error(&judged, 1), Place { row: 3, line: 3, column, byte_offset });
    let byte_offset = text.find("nonsense").expect("it is there");
    assert_eq!(judged.codes(2), ["R001"]);
    let found = only_error(&judged, 2);
    assert_eq!((found.row, found.line, found.column), (6, 6, 7));
    assert_eq!(found.byte_offset, byte_offset);
}

#[test]
fn pretty_arrays_are_counted_line_by_line() {
    let records = vec![
        individual(),
        patched(
            individual(),
            &json!({
                "communicationNumber": "Ž", "customerExtId": "日",
                "listAddress": [{"country": "LT"}, {"country": "??"}],
            }),
        ),
    ];
    let text = serde_json::to_string_pretty(&json!({"customers": records})).expect("it is JSON");
    let judged = judge(&text, "x.json");
    let error = &judged.reports[1]["errors"][0];
    assert_eq!(error["field"], "listAddress[1].country");
    assert_eq!(error["pointer"], "/listAddress/1/country");
    let byte_offset = text.find("\"??\"").expect("it is there");
    let (line, column) = counted(&text, byte_offset);
    assert_eq!(place(error), Place { row: line, line, column, byte_offset });
    let start = place(&judged.reports[1]);
    assert!(text[start.byte_offset..].starts_with('{'));
    assert_eq!(judged.reports[1]["record"], 2);
}

#[test]
fn names_with_slashes_are_escaped_in_pointers() {
    let text = patched(individual(), &json!({"a/b~c": 1})).to_string();
    let judged = judge(&text, "x.json");
    let warning = &judged.reports[0]["warnings"][0];
    assert_eq!((warning["code"].as_str(), warning["field"].as_str()), (Some("W001"), Some("a/b~c")));
    assert_eq!(warning["pointer"], "/a~1b~0c");
    assert_eq!(value_at(&text, place(warning).byte_offset), Some(json!("a/b~c")));
}

#[test]
fn offsets_are_those_of_the_original_encoding() {
    let text = "<?xml version=\"1.0\" encoding=\"windows-1257\"?>\n<AMLYZE_CUSTOMER xmlns=\"\
                urn:amlyze-services:EvaluateCustomerService_v2r0\"><FirstName>Žąsė</FirstName><EntityType>\
                ŽMOGUS\
                </EntityType></AMLYZE_CUSTOMER>";
    let (bytes, _, lossy) = WINDOWS_1257.encode(text);
    assert!(!lossy);
    let judged = judge(&bytes, "x.xml");
    let (wanted, _, _) = WINDOWS_1257.encode("ŽMOGUS");
    assert!(bytes[entity_type(&judged).byte_offset..].starts_with(&wanted));

    let json = "{\"firstName\":\"Žąsė 😀\",\r\n\"entityType\":\"ŽMOGUS\"}";
    let bytes: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(json.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let judged = judge(&bytes, "x.json");
    assert_eq!(judged.finished.encoding.map(|encoding| encoding.name()), Some("utf-16le".to_owned()));
    let found = entity_type(&judged);
    let (rest, _, _) = UTF_16LE.decode(&bytes[found.byte_offset..]);
    assert!(rest.starts_with("\"ŽMOGUS\""), "{rest}");
    assert_eq!((found.line, found.column), (2, 14));
}

/// The place of the wrong entity type.
fn entity_type(judged: &Judged) -> Place {
    let errors = judged.reports[0]["errors"].as_array().expect("a list");
    place(errors.iter().find(|error| error["field"] == "entityType").expect("it is wrong"))
}

#[test]
fn a_failure_of_the_file_names_its_place() {
    let cases: [(&str, String, &str); 5] = [
        ("x.json", format!("[\n {},\n {{\"a\" 1}}]", individual()), "1}]"),
        ("x.json", format!("{{\"customers\": [{}\n{{\"x\": 1}}]}}", individual()), "{\"x\""),
        (
            "x.xml",
            "<a>\r\n<AMLYZE_CUSTOMER><EntityType>ž</Entity></AMLYZE_CUSTOMER></a>".to_owned(),
            "</Entity>",
        ),
        ("x.xml", "<a>\n <b></c></a>".to_owned(), "</c>"),
        ("x.csv", format!("{COLUMNS}\r\n{}\r\n\r\n{}\r\nmore;\r\n", row(1, "Ona"), row(2, "\"Ona")), "\"Ona"),
    ];
    for (name, text, wanted) in cases {
        let judged = judge(&text, name);
        let failure = judged.failure();
        let place = failure.place.expect("a place");
        let byte_offset = usize::try_from(place.byte_offset).expect("a small file");
        assert_eq!((place.line, place.column), counted(&text, byte_offset), "{name}: {failure}");
        assert!(text[byte_offset..].starts_with(wanted), "{name}: {failure}");
        let row = if name == "x.csv" { 4 } else { place.line };
        assert_eq!(place.row, row, "{name}: {failure}");
    }
}
