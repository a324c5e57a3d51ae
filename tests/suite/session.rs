//! A person's session: a file with a mistake in every row is dropped, the marked cells of what comes back are
//! corrected, and in the end every record is accepted exactly once.
#![expect(clippy::disallowed_methods, reason = "people take and remove files, and lose them")]

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use kyc_import::contract::CUSTOMER;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::commands::put;
use crate::site::{SETTINGS, Site, record};
use crate::support::{individual, organization, patched};

/// One mistake: the kind of record, the field, what stands there, what should.
struct Mistake {
    base: fn() -> Value,
    field: &'static str,
    wrong: &'static str,
    right: Value,
    code: &'static str,
}

fn mistake(
    base: fn() -> Value,
    field: &'static str,
    wrong: &'static str,
    right: Value,
    code: &'static str,
) -> Mistake {
    Mistake { base, field, wrong, right, code }
}

fn closed() -> Value {
    patched(individual(), &json!({"customerStatus": "CLOSED"}))
}

/// The mistakes of the records from the third on; the first two are good.
fn mistakes() -> Vec<Mistake> {
    vec![
        mistake(individual, "customerExtId", "", json!("ext000002x"), "C002"),
        mistake(individual, "riskLevel", "Low", json!("LOW"), "V006"),
        mistake(individual, "citizenshipCountry", "XX", json!("LT"), "C016.I06"),
        mistake(individual, "birthDate", "21.01.1990", json!("1990-01-21"), "V001"),
        mistake(individual, "isPEP", "no", json!(false), "V003"),
        mistake(individual, "initialDepositAmount", "1 500,75", json!(1500.75), "V005"),
        mistake(individual, "firstName", "", json!("Ona"), "C016.I01"),
        mistake(individual, "communicationNumber", "num000001n", json!("num000009n"), "O001"),
        mistake(organization, "legalForm", "XYZ", json!("LTD"), "C017.O04"),
        mistake(organization, "title", "", json!("Example UAB"), "C017.O01"),
        mistake(organization, "registrationCountry", "Lietuva", json!("LT"), "REG"),
        mistake(closed, "closingDate", "", json!("2026-02-03"), "C013"),
        // Behind the empty title, so that its correction is not taken for that mistake.
        mistake(individual, "title", "Foreign UAB", Value::Null, "C014"),
    ]
}

/// The row of the first mistake, as a spreadsheet counts: behind the header and two good records.
const FIRST_WRONG_ROW: usize = 4;

fn ids(number: usize) -> Value {
    let number = u64::try_from(number).expect("a small number");
    let Value::Object(record) = record(number) else { panic!("a record is an object") };
    json!({"communicationNumber": record["communicationNumber"], "customerExtId": record["customerExtId"]})
}

/// The records as they are sent, and as they should be accepted in the end.
fn records() -> (Vec<Value>, Vec<Value>) {
    let good = [0, 1].map(|number| patched(individual(), &ids(number)));
    let (mut sent, mut right) = (good.to_vec(), good.to_vec());
    for (number, Mistake { base, field, wrong, right: value, .. }) in (2..).zip(mistakes()) {
        let base = patched(base(), &ids(number));
        sent.push(patched(base.clone(), &json!({ field: wrong })));
        right.push(patched(base, &json!({ field: value })));
    }
    (sent, right)
}

fn site() -> Site {
    let site = Site::with_settings(&format!("{SETTINGS}[classifiers]\ndirectory = \"lists\"\n"));
    put(site.path(), "lists/legalForm.txt", "LTD\nJSC\n");
    site
}

/// Drops a file, looks at what is rejected, corrects it, and drops it again under the name in the work list.
fn session(name: &str, content: &[u8], ending: &str, correct: impl Fn(&[u8]) -> Vec<u8>, also: &[Value]) {
    let mut site = site();
    site.drop_file(name, content);
    let text = site.run_well(&["run"]);
    let batch = site.batch("customers.");
    let copy = format!("outbox/to-correct/{batch}.rejected.{ending}");
    assert!(text.contains(&format!("fix   outbox/to-correct/{batch}.rejected.")), "{text}");
    let reported =
        fs::read_to_string(site.path().join(format!("outbox/{batch}/errors.ndjson"))).expect("reports");
    let reported: Vec<Value> =
        reported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (report, Mistake { field, code, .. }) in reported.iter().zip(mistakes()) {
        let found: Vec<_> = report["errors"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|error| (&error["code"], &error["field"]))
            .collect();
        assert_eq!(found, [(&json!(code), &json!(field))]);
    }
    let taken = fs::read(site.path().join(&copy)).expect("the copy is there");
    fs::remove_file(site.path().join(&copy)).expect("a person may take it");
    site.drop_file(&format!("{batch}.rejected.{ending}"), correct(&taken));
    let text = site.run_well(&["run"]);
    assert!(text.contains("rejected 0"), "{text}");
    assert_eq!(site.to_correct().len(), 0, "{text}");

    let right: Vec<Value> = records().1.into_iter().chain(also.iter().cloned()).collect();
    let mut wanted: Vec<String> = right.iter().map(Value::to_string).collect();
    let mut accepted = Vec::new();
    for batch in site.batches() {
        let lines = fs::read_to_string(site.path().join("outbox").join(batch).join("accepted.ndjson"));
        let lines = lines.expect("both batches accepted something");
        // Read and written again: the order of members does not matter.
        accepted
            .extend(lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON").to_string()));
    }
    accepted.sort();
    wanted.sort();
    assert_eq!(accepted, wanted);
    let (customers, numbers) = site.register();
    for record in &right {
        assert!(customers.contains(record["customerExtId"].as_str().expect("an id")));
        assert!(numbers.contains(record["communicationNumber"].as_str().expect("a number")));
    }
    assert_eq!((customers.len(), numbers.len()), (right.len(), right.len()));
    assert_story(&site, &batch);
}

/// The story of the first batch tells of the second, and the other way round.
fn assert_story(site: &Site, first: &str) {
    let second = site.batches().into_iter().find(|name| name != first).expect("two batches");
    for batch in [first, &second] {
        let chain: Vec<Value> = site.status(&[batch])["chain"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one["batch"].clone())
            .collect();
        assert_eq!(chain, [json!(first), json!(second)]);
        let text = site.run_well(&["status", batch]);
        assert!(text.contains("  chain\n") && text.contains(first) && text.contains(&second), "{text}");
    }
    assert_eq!(site.status(&[])["toCorrect"], json!([]));
    site.run_well(&["verify"]);
}

/// A value as a cell.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The columns of the table.
fn columns(records: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in records.iter().flat_map(|record| record.as_object().expect("an object").keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The row behind all records, which has a cell too many.
fn too_wide() -> (Value, String) {
    let record = patched(individual(), &ids(99));
    (record.clone(), cells(&record, &columns(&records().0)).join(";"))
}

fn cells(record: &Value, columns: &[String]) -> Vec<String> {
    columns.iter().map(|name| cell(record.get(name).unwrap_or(&Value::Null))).collect()
}

fn table() -> Vec<u8> {
    let (sent, _) = records();
    let columns = columns(&sent);
    let rows = sent.iter().map(|record| cells(record, &columns).join(";"));
    let rows: Vec<String> = [columns.join(";")].into_iter().chain(rows).collect();
    format!("{}\r\n{};one too many\r\n", rows.join("\r\n"), too_wide().1).into_bytes()
}

/// Corrects the cells that `_fields` names, and no others, by the table of right values.
fn correct_row(header: &[String], row: &mut [String]) {
    let column = |name: &str| header.iter().position(|header| header == name).expect("a column");
    let number: usize = row[column("_row")].parse().expect("a row number");
    let fields = row[column("_fields")].clone();
    let mistake = &mistakes()[number - FIRST_WRONG_ROW];
    assert_eq!(fields, mistake.field);
    assert_eq!(row[column("_codes")], mistake.code);
    row[column(mistake.field)] = cell(&mistake.right);
}

#[test]
fn a_csv_file_is_corrected_cell_by_cell() {
    let (wide, line) = too_wide();
    let correct = |taken: &[u8]| {
        let text = std::str::from_utf8(taken).expect("UTF-8");
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark, for spreadsheets");
        // The row that could not be read stands as it was, and is repaired by hand.
        let spoilt = format!("{line};one too many");
        let (known, rest) = text.split_once(&spoilt).expect("the row stands as it was");
        assert_eq!(rest, "\r\n");
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(known.as_bytes());
        let mut rows: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        let header = rows.remove(0);
        assert_eq!(rows.len(), mistakes().len());
        rows.iter_mut().for_each(|row| correct_row(&header, row));
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(&header).expect("memory");
        rows.iter().for_each(|row| writer.write_record(row).expect("memory"));
        // Repaired, it has no reasons in front of it; their cells stay empty.
        [writer.into_inner().expect("memory"), format!(";;;;{line}\n").into_bytes()].concat()
    };
    session("customers.csv", &table(), "csv", correct, &[wide]);
}

#[test]
fn a_workbook_is_corrected_cell_by_cell() {
    let (wide, line) = too_wide();
    let correct = |taken: &[u8]| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(taken)).expect("a workbook");
        let range = book.worksheet_range("Rejected records").expect("a sheet");
        let text = |data: &Data| match data {
            Data::String(text) => text.clone(),
            Data::Empty => String::new(),
            other => panic!("{other:?} is no text"),
        };
        let mut rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
        let header = rows.remove(0);
        let spoilt = rows.pop().expect("a row that could not be read");
        assert!(spoilt.join(";").contains("one too many"), "{spoilt:?}");
        rows.iter_mut().for_each(|row| correct_row(&header, row));
        let repaired = format!(";;;;{line}");
        rows.push(repaired.split(';').map(str::to_owned).collect());
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (number, row) in (0..).zip([vec![header], rows].concat()) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string(number, column, cell).expect("a cell");
            }
        }
        book.save_to_buffer().expect("a workbook")
    };
    session("customers.csv", &table(), "xlsx", correct, &[wide]);
}

/// Replaces what stands wrong, once for every mistake.
fn replace(taken: &[u8], written: impl Fn(&str, &Value) -> String) -> Vec<u8> {
    let mut text = String::from_utf8(taken.to_vec()).expect("UTF-8");
    for Mistake { field, wrong, right, .. } in mistakes() {
        let (wrong, right) = (written(field, &json!(wrong)), written(field, &right));
        assert_eq!(text.matches(&wrong).count(), 1, "{wrong} in {text}");
        text = text.replace(&wrong, &right);
    }
    text.into_bytes()
}

#[test]
fn json_is_corrected_as_text() {
    let content = json!({"customers": records().0}).to_string();
    let written = |field: &str, value: &Value| format!("\"{field}\":{value}");
    session("customers.json", content.as_bytes(), "json", |taken| replace(taken, written), &[]);
}

#[test]
fn xml_is_corrected_as_text() {
    let written = |field: &str, value: &Value| {
        let name = CUSTOMER.field(field).expect("a known field").xml_name();
        format!("<{name}>{}</{name}>", cell(value))
    };
    let one = |record: &Value| {
        let members = record.as_object().expect("an object").iter();
        let members: String = members.map(|(field, value)| written(field, value)).collect();
        format!("<AMLYZE_CUSTOMER>{members}</AMLYZE_CUSTOMER>\n")
    };
    let content = format!("<Customers>\n{}</Customers>\n", records().0.iter().map(one).collect::<String>());
    session("customers.xml", content.as_bytes(), "xml", |taken| replace(taken, written), &[]);
}
