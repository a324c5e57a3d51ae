//! Workbooks made to harm: each is a clear failure of the file.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::dropped::{column, record, workbook};
use crate::support::judge;

/// The sentence of the failure of a file.
fn failure(bytes: &[u8]) -> String {
    let judged = judge(bytes, "x.xlsx");
    let failure = judged.failure();
    assert!(["F001", "F002"].contains(&failure.part.segment), "{failure}");
    assert!(!failure.hint.is_empty());
    failure.message.clone()
}

/// A good workbook with one part replaced.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let good = workbook(|sheet| record(sheet, 1, 1));
    let mut archive = ZipArchive::new(Cursor::new(good)).expect("an archive");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut text = Vec::new();
        part.read_to_end(&mut text).expect("it can be read");
        let own = part.name().expect("a name").into_owned();
        found |= own == name;
        out.start_file(own.as_str(), SimpleFileOptions::default()).expect("a part");
        out.write_all(if own == name { content } else { &text }).expect("memory does not fail");
    }
    assert!(found, "{name} is no part");
    out.finish().expect("memory does not fail").into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn with_cells(cells: &str) -> Vec<u8> {
    let sheet = format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{cells}</sheetData></worksheet>"
    );
    with_part(SHEET, sheet.as_bytes())
}

#[test]
fn what_is_no_workbook_is_said() {
    let empty = ZipWriter::new(Cursor::new(Vec::new())).finish().expect("memory").into_inner();
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    let other = other.finish().expect("memory").into_inner();
    for archive in [empty, other] {
        assert!(failure(&archive).contains("no .xlsx workbook"), "{}", failure(&archive));
    }
    assert!(failure(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more").contains("encrypted"));
    assert!(failure(b"Name,Surname\r\nOna,Example\r\n").contains("does not begin like it"));
    assert!(failure(b"PK\x03\x04 and nothing").contains("damaged"));
}

#[test]
fn a_workbook_without_records_is_said() {
    assert!(failure(&with_cells("")).contains("No customer records"));
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Codes").expect("a name");
    let bytes = book.save_to_buffer().expect("memory");
    assert!(failure(&bytes).contains("no visible sheet"));
    assert!(failure(&workbook(|_| Ok(()))).contains("No customer records"));
}

#[test]
fn a_bomb_does_not_go_off() {
    // A part of 4 MiB that is packed once and stands in the archive 65 times.
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("part", SimpleFileOptions::default()).expect("a part");
    out.write_all(&vec![b'x'; 4 << 20]).expect("memory does not fail");
    let mut one = out.finish_into_readable().expect("memory does not fail");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..65 {
        let part = one.by_index_raw(0).expect("a part");
        out.raw_copy_file_rename(part, format!("part{number}").as_str()).expect("memory does not fail");
    }
    let bytes = out.finish().expect("memory does not fail").into_inner();
    assert!(failure(&bytes).contains("unpacks to more than 256 MiB"));
    // A text of a megabyte in every cell: small in the file, large as a sheet.
    let long = "y".repeat(1 << 20);
    let strings = format!("<sst uniqueCount=\"1\"><si><t>{long}</t></si></sst>");
    let cells: String =
        (1..140).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let good = with_cells(&cells);
    let mut archive = ZipArchive::new(Cursor::new(good)).expect("an archive");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = Vec::new();
        part.read_to_end(&mut text).expect("it can be read");
        out.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        out.write_all(if name.ends_with("sharedStrings.xml") { strings.as_bytes() } else { &text })
            .expect("memory");
    }
    let bytes = out.finish().expect("memory").into_inner();
    assert!(failure(&bytes).contains("cells hold more than 128 MiB"), "{}", failure(&bytes));
}

#[test]
fn announced_sizes_are_not_believed() {
    for count in ["99999999999999", "18446744073709551615", "18446744073709551616"] {
        for text in [
            format!("<sst uniqueCount=\"{count}\"><si><t>x</t></si></sst>"),
            format!("<sst  count='1' uniqueCount = '{count}'/>"),
        ] {
            assert!(
                failure(&with_part("xl/sharedStrings.xml", text.as_bytes())).contains("damaged"),
                "{text}"
            );
        }
    }
    let utf16: Vec<u8> =
        "\u{feff}<sst uniqueCount=\"99999999999999\"/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(failure(&with_part("xl/sharedStrings.xml", &utf16)).contains("damaged"));
    // A sheet that says it is as large as one can be, with two cells at its corners.
    let far = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>firstName</v></c></row>\
        <row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>x</v></c></row>";
    let judged = judge(with_cells(far), "x.xlsx");
    assert_eq!(judged.codes(0), ["F004"]);
    assert_eq!(judged.reports[0]["row"], 1_048_576);
    let beyond = far.replace("XFD1048576", "ZZZ9999999");
    assert!(failure(&with_cells(&beyond)).contains("damaged"));
}

#[test]
fn rows_in_any_order_but_theirs_are_damage() {
    let cell = |name: &str| format!("<c r=\"{name}\" t=\"str\"><v>firstName</v></c>");
    for cells in [
        format!("<row r=\"2\">{}</row><row r=\"1\">{}</row>", cell("A2"), cell("A1")),
        format!("<row r=\"1\">{}{}</row>", cell("B1"), cell("A1")),
        format!("<row r=\"1\">{}{}</row>", cell("A1"), cell("A1")),
    ] {
        assert!(failure(&with_cells(&cells)).contains("damaged"), "{cells}");
    }
}

#[test]
fn a_formula_without_a_result_names_its_cell() {
    let bytes = workbook(|sheet| {
        record(sheet, 1, 1)?;
        sheet.write_formula(1, column("firstName"), Formula::new("A1"))?;
        Ok(())
    });
    // The writer gives every formula a result; a program that does not leaves none.
    let sheet = super::part(&bytes, SHEET).replace("<f>A1</f><v>0</v>", "<f>A1</f>");
    assert!(sheet.contains("<f>A1</f></c>"), "{sheet}");
    let message = failure(&with_part(SHEET, sheet.as_bytes()));
    assert!(message.contains("the formula in cell I2 has no result"), "{message}");
}

#[test]
fn long_lists_of_sheets_and_styles_are_not_read() {
    let sheets =
        format!("<workbook>{}</workbook>", "<definedName name=\"a\">A</definedName>".repeat(500_000));
    assert!(failure(&with_part("xl/workbook.xml", sheets.as_bytes())).contains("list of sheets or parts"));
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(1_000_001));
    assert!(
        failure(&with_part("xl/styles.xml", styles.as_bytes()))
            .contains("too many different texts or styles")
    );
}

#[test]
fn too_many_parts_are_not_opened() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..1_100 {
        out.start_file(format!("part{number}"), SimpleFileOptions::default()).expect("a part");
    }
    let bytes = out.finish().expect("memory").into_inner();
    assert!(failure(&bytes).contains("more than 1000 parts"));
}

#[test]
fn no_damage_makes_it_panic() {
    let good = workbook(|sheet| record(sheet, 1, 1));
    for length in (4..good.len()).step_by(61) {
        failure(&good[..length]);
    }
    for at in (4..good.len()).step_by(17) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x5a;
        let judged = judge(&bytes, "x.xlsx");
        let counts = judged.finished.tally.counts;
        assert!(judged.finished.failure.is_some() || counts.read == counts.accepted + counts.rejected);
    }
}

#[test]
fn nothing_of_a_cell_is_repeated_when_a_workbook_is_damaged() {
    for cells in [
        "<row r=\"1\"><c r=\"A1\" t=\"b\"><v>Geheimnis</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"e\"><v>Geheimnis</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"n\"><v>Geheimnis</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"Geheimnis\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>&Geheimnis;</v></c></row>",
    ] {
        let message = failure(&with_cells(cells));
        assert!(!message.contains("Geheimnis"), "{message}");
    }
}
