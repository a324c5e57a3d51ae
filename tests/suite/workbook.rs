//! Workbooks: what a rejected one holds, and what becomes of one that is dropped, also of hostile ones.

mod dropped;
mod hostile;

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use zip::ZipArchive;

use crate::commands::{code, folder, put, stderr, stdout};
use crate::outbox::{assert_sound, batch8, run, summary};
use crate::support::judge;

const HEADER: &str = "communicationNumber;requester;riskLevel;customerStatus;riskManagementCategory;entityType;\
    customerExtId;applicationDate;firstName;lastName;citizenshipCountry;isPEP;nationalCode";

/// A row of a valid individual with this number, with other cells in some columns.
pub fn row(number: usize, changes: &[(&str, &str)]) -> String {
    let cells =
        format!("N-{number};b;LOW;ACTIVE;IND;INDIVIDUAL;X-{number};2026-01-21;Ona;Example;LT;true;007");
    let names = HEADER.split(';');
    let cells: Vec<&str> = names
        .zip(cells.split(';'))
        .map(|(name, cell)| changes.iter().find(|(other, _)| *other == name).map_or(cell, |change| change.1))
        .collect();
    cells.join(";") + "\r\n"
}

/// A CSV file with these rows.
pub fn file(rows: &[String]) -> String {
    format!("{HEADER}\r\n{}", rows.concat())
}

/// The folder of the only batch after a run over one file.
fn batch(root: &Path, content: &str) -> std::path::PathBuf {
    put(root, "inbox/x.csv", content);
    let output = run(root, &["run"]);
    assert_eq!(stderr(&output), "", "{}", stdout(&output));
    assert_sound(root);
    root.join("outbox").join(format!("x.{}", batch8(content.as_bytes())))
}

fn read(batch: &Path, name: &str) -> Vec<u8> {
    std::fs::read(batch.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A part of a workbook as text.
pub fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("XML is text");
    text
}

fn cells(workbook: &[u8], sheet: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook.to_vec())).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("a sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

const RECORDS: &str = "Rejected records";

#[test]
fn a_workbook_holds_the_rejected_rows_as_text() {
    let root = folder();
    let content = file(&[
        row(1, &[]),
        row(2, &[("firstName", ""), ("nationalCode", "'0012"), ("lastName", "=1+1")]),
        row(3, &[("isPEP", "perhaps"), ("applicationDate", "21.01.2026")]),
    ]);
    let batch = batch(root.path(), &content);
    let workbook = read(&batch, "rejected.xlsx");
    let rows = cells(&workbook, RECORDS);
    let text = |row: usize, column: usize| match &rows[row][column] {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("{other:?} is no text"),
    };
    let names: Vec<String> = (0..rows[0].len()).map(|column| text(0, column)).collect();
    let expected: Vec<&str> =
        ["_row", "_codes", "_fields", "_errors"].into_iter().chain(HEADER.split(';')).collect();
    assert_eq!(names, expected);
    assert_eq!(rows.len(), 3);
    let column = |name: &str| names.iter().position(|other| other == name).expect("a column");
    assert_eq!((text(1, 0).as_str(), text(2, 0).as_str()), ("3", "4"));
    assert_eq!(text(1, column("_codes")), "C016.I01");
    assert_eq!(text(1, column("nationalCode")), "0012", "the guard is taken off");
    assert_eq!(text(2, column("nationalCode")), "007");
    assert_eq!(text(1, column("lastName")), "=1+1", "it is text, no formula");
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "nothing is run");
}

#[test]
fn bad_cells_are_red_and_say_why() {
    let root = folder();
    let content = file(&[row(1, &[("firstName", ""), ("isPEP", "perhaps"), ("nationalCode", "1.23E+17")])]);
    let workbook = read(&batch(root.path(), &content), "rejected.xlsx");
    let notes = part(&workbook, "xl/comments1.xml");
    for note in [
        "FirstName is mandatory",
        "Bad value for BOOLEAN",
        "Warning W017",
        "Mandatory.",
        "Allowed: true, false",
    ] {
        assert!(notes.contains(note), "{note} is missing in {notes}");
    }
    let styles = part(&workbook, "xl/styles.xml");
    assert!(styles.contains("FFFFC7CE") && styles.contains("FFFFEB9C"), "{styles}");
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<pane xSplit=\"4\" ySplit=\"1\""), "{sheet}");
    for list in ["\"true,false\"", "\"NONE,LOW,MEDIUM,HIGH,EXTREME\""] {
        assert!(sheet.contains(&list.replace('"', "&quot;")) || sheet.contains(list), "{list}: {sheet}");
    }
    // In the row of the record, the blank name and the bad boolean have one format of their own.
    let style = |cell: &str| {
        let rest =
            sheet.split_once(&format!("<c r=\"{cell}\" s=\"")).unwrap_or_else(|| panic!("{cell}: {sheet}")).1;
        rest.split('"').next().expect("a number").to_owned()
    };
    assert_eq!(style("M2"), style("P2"));
    assert_ne!(style("M2"), style("N2"));
    assert_ne!(style("Q2"), style("P2"), "a warning is not red");
}

#[test]
fn the_codes_are_explained_on_a_sheet_of_their_own() {
    let root = folder();
    let content = file(&[row(1, &[("firstName", "")]), row(2, &[("firstName", ""), ("isPEP", "x")])]);
    let rows = cells(&read(&batch(root.path(), &content), "rejected.xlsx"), "Codes");
    let line = |code: &str| {
        rows.iter()
            .find(|row| row[0] == Data::String(code.to_owned()))
            .unwrap_or_else(|| panic!("{code}: {rows:?}"))
    };
    assert_eq!(line("C016.I01")[1], Data::Float(2.0));
    assert_eq!(line("V003")[1], Data::Float(1.0));
    for row in [line("C016.I01"), line("V003")] {
        for cell in &row[2..4] {
            assert!(matches!(cell, Data::String(text) if text.len() > 20), "{row:?}");
        }
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let content = file(&[row(1, &[("firstName", "")]), row(2, &[("isPEP", "x")])]);
    let (one, two) = (folder(), folder());
    let bytes = |root: &Path| read(&batch(root, &content), "rejected.xlsx");
    assert_eq!(bytes(one.path()), bytes(two.path()));
}

#[test]
fn rows_that_could_not_be_read_are_there_and_are_never_accepted_by_mistake() {
    let root = folder();
    let content = file(&[
        row(1, &[]),
        format!("{};one;more\r\n", row(2, &[]).trim_end()),
        "N-3;b;LOW\r\n".to_owned(),
        row(4, &[("firstName", "\"A\"b")]),
    ]);
    let batch = batch(root.path(), &content);
    let workbook = read(&batch, "rejected.xlsx");
    let rows = cells(&workbook, RECORDS);
    assert_eq!(rows.len(), 4);
    let text = |row: usize, column: usize| rows[row][column].to_string();
    assert_eq!((text(1, 0), text(1, 1)), ("3".to_owned(), "F004".to_owned()));
    assert_eq!((text(2, 0), text(2, 1)), ("4".to_owned(), "F004".to_owned()));
    assert_eq!((text(3, 0), text(3, 1)), ("5".to_owned(), "R001".to_owned()));
    assert_eq!((text(1, 4), text(1, 17), text(1, 18)), ("N-2".into(), "one".into(), "more".into()));
    assert_eq!(text(2, 4), "N-3;b;LOW");
    assert!(text(3, 4).contains("\"A\"b"));
    let again = judge(&workbook, "x.xlsx");
    assert_eq!(again.finished.tally.counts.accepted, 0, "{:?}", again.reports);
    assert_eq!(again.finished.tally.counts.rejected, 3);
    assert_eq!(again.codes(0), ["F004"]);
}

#[test]
fn a_row_with_as_many_cells_too_many_as_we_put_in_front_shows_its_own() {
    let root = folder();
    let content = file(&[row(1, &[]), format!("{};p;q;r;s\r\n", row(2, &[]).trim_end())]);
    let mut workbook = read(&batch(root.path(), &content), "rejected.xlsx");
    for round in 0..3 {
        let rows = cells(&workbook, RECORDS);
        let text = |column: usize| rows[1][column].to_string();
        assert_eq!((text(1), text(4), text(20)), ("F004".into(), "N-2".into(), "s".into()), "round {round}");
        assert_eq!(rows[1].len(), 21, "round {round}: {:?}", rows[1]);
        // Dropped back as it is, it does not grow.
        let root = folder();
        put(root.path(), "inbox/x.xlsx", &workbook);
        assert_eq!(code(&run(root.path(), &["run"])), 1);
        workbook =
            read(&root.path().join("outbox").join(format!("x.{}", batch8(&workbook))), "rejected.xlsx");
    }
}

#[test]
fn more_rows_than_a_workbook_takes_are_said() {
    let root = folder();
    let rows: Vec<String> = (0..10_001).map(|number| row(number, &[("firstName", "")])).collect();
    let content = file(&rows);
    put(root.path(), "inbox/x.csv", &content);
    let output = run(root.path(), &["run"]);
    assert!(stdout(&output).contains("no workbook: more than 10000 records"), "{}", stdout(&output));
    let name = format!("x.{}", batch8(content.as_bytes()));
    let steps: Value = summary(root.path(), &name)["nextSteps"].clone();
    assert!(steps.to_string().contains("There is no rejected.xlsx: more than 10000"), "{steps}");
    assert!(!root.path().join("outbox").join(&name).join("rejected.xlsx").exists());
}

#[test]
fn a_cell_that_is_too_long_for_a_spreadsheet_leaves_the_csv_alone() {
    let root = folder();
    let content = file(&[row(1, &[("firstName", ""), ("nationalCode", &"ž".repeat(32_768))])]);
    let name = format!("x.{}", batch8(content.as_bytes()));
    batch(root.path(), &content);
    let steps = summary(root.path(), &name)["nextSteps"].to_string();
    assert!(steps.contains("a cell holds more than 32767 characters"), "{steps}");
}

/// What a person does to a rejected workbook: writes a first name wherever it is missing. All other cells
/// are copied as a spreadsheet would, text as text.
pub fn with_first_names(workbook: &[u8]) -> Vec<u8> {
    let rows = cells(workbook, RECORDS);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let name = rows[0].iter().position(|cell| *cell == Data::String("firstName".into())).expect("a column");
    for (at, row) in (0..).zip(&rows) {
        for (column, cell) in (0..).zip(row) {
            let text = if usize::from(column) == name && *cell == Data::Empty {
                "Ona".into()
            } else {
                cell.to_string()
            };
            sheet.write_string(at, column, text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("memory does not fail")
}
