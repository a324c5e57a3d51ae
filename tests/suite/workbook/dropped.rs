//! Workbooks that are dropped: what people type becomes what the contract wants.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::{HEADER, file, row};
use crate::commands::{folder, put, stderr, stdout};
use crate::outbox::{archived, assert_sound, batch8, batches, run, summary};
use crate::support::{Judged, judge};

/// A workbook with one sheet, the header in its first row.
pub fn workbook(fill: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER.split(';')) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    fill(sheet).expect("cells");
    book.save_to_buffer().expect("memory does not fail")
}

/// Writes a valid record into a row, as text.
pub fn record(sheet: &mut Worksheet, at: u32, number: usize) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(row(number, &[]).trim_end().split(';')) {
        sheet.write_string(at, column, cell)?;
    }
    Ok(())
}

pub fn column(name: &str) -> u16 {
    HEADER.split(';').position(|other| other == name).expect("a column") as u16
}

fn accepted(judged: &Judged, record: usize) -> Value {
    let line = judged.accepted.lines().nth(record).unwrap_or_else(|| panic!("{:?}", judged.reports));
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn cells_of_all_kinds_become_what_the_contract_wants() {
    let bytes = workbook(|sheet| {
        record(sheet, 1, 1)?;
        let date = Format::new().set_num_format("d.m.yyyy");
        let day = ExcelDateTime::from_ymd(2026, 1, 21)?;
        sheet.write_datetime_with_format(1, column("applicationDate"), &day, &date)?;
        sheet.write_boolean(1, column("isPEP"), true)?;
        sheet.write_number(1, column("nationalCode"), 5.0)?;
        let ours = HEADER.split(';').count() as u16;
        sheet.write_string(0, ours, "initialDepositAmount")?.write_number(1, ours, 1500.5)?;
        sheet.write_string(0, ours + 1, "_ours")?.write_string(1, ours + 1, "anything")?;
        sheet.write_string(0, ours + 2, "businessUnit")?;
        sheet.write_formula(1, ours + 2, Formula::new("\"A\"&\"B\"").set_result("AB"))?;
        Ok(())
    });
    let judged = judge(&bytes, "x.xlsx");
    let record = accepted(&judged, 0);
    assert_eq!(record["applicationDate"], "2026-01-21");
    assert_eq!(record["isPEP"], true);
    assert_eq!(record["nationalCode"], "5");
    assert_eq!(record["initialDepositAmount"].to_string(), "1500.5");
    assert_eq!(record["businessUnit"], "AB");
    assert_eq!(judged.finished.format.expect("known").name(), "xlsx");
    assert!(judged.finished.warnings.is_empty(), "{:?}", judged.finished.warnings);
}

#[test]
fn rows_and_columns_are_those_that_the_spreadsheet_shows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, name) in (1..).zip(HEADER.split(';')) {
        sheet.write_string(4, at, name).expect("a cell");
    }
    for (at, cell) in (1..).zip(row(1, &[("isPEP", "two\nlines")]).trim_end().split(';')) {
        sheet.write_string(9, at, cell).expect("a cell");
    }
    let judged = judge(book.save_to_buffer().expect("memory does not fail"), "x.xlsx");
    let error = &judged.reports[0]["errors"][0];
    assert_eq!((&error["code"], &error["row"], &error["line"]), (&"V003".into(), &10.into(), &10.into()));
    assert_eq!(error["column"], u64::from(column("isPEP")) + 2, "column N of the sheet: {error}");
    assert_eq!(error["byteOffset"], 0);
}

#[test]
fn a_corrected_workbook_comes_back() {
    let root = folder();
    let content = file(&[row(1, &[]), row(2, &[("firstName", "")]), row(3, &[("isPEP", "x")])]);
    put(root.path(), "inbox/x.csv", &content);
    run(root.path(), &["run"]);
    let batch = format!("x.{}", batch8(content.as_bytes()));
    let bytes =
        std::fs::read(root.path().join("outbox").join(&batch).join("rejected.xlsx")).expect("a workbook");
    // Without a correction, everything is rejected for the same reasons.
    let dropped = format!("{batch}.rejected.xlsx");
    put(root.path(), &format!("inbox/{dropped}"), &bytes);
    let output = run(root.path(), &["run"]);
    assert_eq!(stderr(&output), "", "{}", stdout(&output));
    assert_sound(root.path());
    let again = format!("x.{}", batch8(&bytes));
    assert!(batches(root.path()).contains(&again), "{:?}", batches(root.path()));
    let summary = summary(root.path(), &again);
    assert_eq!(summary["file"]["format"], "xlsx");
    assert_eq!(summary["file"]["bytes"], bytes.len());
    assert_eq!(summary["records"]["rejected"], 2);
    assert_eq!(archived(root.path())[&format!("{again}.xlsx")], bytes);
    let first =
        std::fs::read_to_string(root.path().join("outbox").join(&batch).join("rejected.csv")).expect("text");
    let second =
        std::fs::read_to_string(root.path().join("outbox").join(&again).join("rejected.csv")).expect("text");
    let data = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.splitn(5, ';').last().expect("cells").to_owned()).collect()
    };
    assert_eq!(data(&first), data(&second));
    assert!(root.path().join("outbox").join(&again).join("rejected.xlsx").exists());
}

#[test]
fn what_a_spreadsheet_has_damaged_is_recognised() {
    let hint = |name: &str, cell: &str| {
        let judged = judge(file(&[row(1, &[(name, cell)])]), "x.csv");
        let errors = judged.reports[0]["errors"].as_array().expect("a list").clone();
        let warnings = judged.reports[0]["warnings"].as_array().expect("a list").clone();
        let all: Vec<Value> = errors.into_iter().chain(warnings).collect();
        assert_eq!(all.len(), 1, "{name} {cell}: {all:?}");
        (
            all[0]["code"].as_str().expect("a code").to_owned(),
            all[0]["hint"].as_str().expect("a hint").to_owned(),
        )
    };
    for (name, cell, code) in [
        ("applicationDate", "21.01.2026", "V001"),
        ("applicationDate", "1/21/2026", "V001"),
        ("applicationDate", "46043", "V001"),
        ("applicationDate", "########", "V001"),
        ("riskLevel", "#N/A", "V006"),
        ("isPEP", "#REF!", "V003"),
        ("citizenshipCountry", "#NAME?", "C016.I06"),
        ("nationalCode", "1.23E+17", "W017"),
        ("nationalCode", "Err:509", "W017"),
        ("lastName", "#DIV/0!", "W017"),
        ("lastName", "#VALUE!", "W017"),
        ("lastName", "########", "W017"),
    ] {
        let (found, hint) = hint(name, cell);
        assert_eq!(found, code, "{name} {cell}");
        assert!(hint.contains("spreadsheet"), "{name} {cell}: {hint}");
    }
}

#[test]
fn errors_and_rounded_numbers_in_cells_are_recognised() {
    let bytes = workbook(|sheet| {
        record(sheet, 1, 1)?;
        sheet.write_number(1, column("nationalCode"), 12_345_678_901_234_567_890.0)?;
        sheet.write_formula(1, column("lastName"), Formula::new("1/0").set_result("#DIV/0!"))?;
        Ok(())
    });
    let judged = judge(&bytes, "x.xlsx");
    assert_eq!(judged.warnings(0), ["W017", "W017"]);
}

#[test]
fn the_codes_sheet_and_hidden_sheets_hold_no_records() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Codes").expect("a name").write_string(0, 0, "Code").expect("a cell");
    book.add_worksheet().set_hidden(true).write_string(0, 0, "x").expect("a cell");
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER.split(';')) {
        sheet.write_string(0, column, name).expect("a cell");
    }
    record(sheet, 1, 1).expect("cells");
    // A workbook must have a first sheet that can be seen.
    sheet.set_active(true).set_first_tab(true);
    let judged = judge(book.save_to_buffer().expect("memory does not fail"), "x.xlsx");
    assert_eq!(judged.finished.tally.counts.accepted, 1, "{:?}", judged.finished.failure);
}

/// Texts with what a spreadsheet, XML and CSV may trip over.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'"),
        Just("''"),
        Just("=1"),
        Just("+370"),
        Just("007"),
        Just(";"),
        Just("\""),
        Just("\n"),
        Just("a"),
        Just("_x0041_"),
        Just("_x005F_"),
        Just("<b>&amp;"),
        Just("ž"),
        Just("😀"),
        Just("\t"),
        Just("1.5"),
        Just(" "),
        Just("\r\n"),
        Just("\u{1}"),
        Just("1e5"),
        Just("\u{a0}"),
    ];
    proptest::collection::vec(piece, 1..6)
        .prop_map(|pieces| format!("x{}", pieces.concat()).split_off(usize::from(pieces.len() % 2 == 0)))
        .prop_filter("an absent value says nothing", |text| !text.trim().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_rejected_workbook_holds_the_texts_of_the_file(texts in proptest::collection::vec(text(), 1..4)) {
        // The texts are guarded and quoted, as the file of a careful sender would hold them.
        let rows: Vec<String> = texts.iter().enumerate().map(|(number, text)| {
            let cell = format!("\"'{}\"", text.replace('"', "\"\""));
            row(number, &[("firstName", ""), ("nationalCode", &cell)])
        }).collect();
        let content = file(&rows);
        let before = judge(content.replace(";;Example", ";Ona;Example"), "x.csv");
        let root = folder();
        put(root.path(), "inbox/x.csv", &content);
        run(root.path(), &["run"]);
        let batch = format!("x.{}", batch8(content.as_bytes()));
        let bytes = std::fs::read(root.path().join("outbox").join(batch).join("rejected.xlsx")).expect("a workbook");
        let after = judge(super::with_first_names(&bytes), "x.xlsx");
        prop_assert_eq!(before.accepted, after.accepted);
    }
}
