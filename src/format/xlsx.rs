//! Workbooks: the sheet with the records as the rows of a CSV file, which the CSV reader then reads.
//!
//! A workbook comes from outside, so nothing in it is trusted: what it unpacks to is counted before it is
//! read, cells are taken one after the other and never as a whole sheet, and a fault of the library that
//! reads them is a failure of the file.

use std::fmt::Display;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::{FileFailure, ReadError};

/// The sheet of our own workbooks that explains the codes. It holds no records.
pub const CODES_SHEET: &str = "Codes";

/// The largest workbook, in bytes.
const WORKBOOK_BYTES_MAX: usize = 64 << 20;

/// What all parts of a workbook may unpack to, in bytes.
const UNPACKED_BYTES_MAX: u64 = 256 << 20;

/// What the cells of the sheet may come to as text, in bytes.
const TEXT_BYTES_MAX: usize = 128 << 20;

/// The most parts of a workbook: sheets, styles, pictures.
const PARTS_MAX: usize = 1_000;

/// The most tags in the table of texts, and in the table of styles: each becomes an object in memory.
const TEXT_TAGS_MAX: usize = 8_000_000;
const STYLE_TAGS_MAX: usize = 1_000_000;

/// The lists of sheets and of what belongs to what: a few kilobytes in any workbook that people make.
const LIST_BYTES_MAX: u64 = 16 << 20;

/// The rows and columns that a sheet has.
const ROWS_MAX: u32 = 1_048_576;
const COLUMNS_MAX: u32 = 16_384;

/// The delimiter between the cells: a decimal comma that a person typed is read with it.
pub(super) const DELIMITER: u8 = b';';

/// The sheet with the records, as CSV.
#[derive(Debug)]
pub(super) struct Sheet {
    /// A line that names the delimiter, the header row, and one row for every row of the sheet.
    pub text: Vec<u8>,
    /// The row of the sheet that the header is in, from 1.
    pub header_row: u64,
}

/// Whether a file begins like a workbook: like any ZIP archive.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether a file begins like a workbook that is encrypted, or of the kind before `.xlsx`.
pub(super) fn is_compound(head: &[u8]) -> bool {
    head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// The failure of such a file.
#[cold]
pub(super) fn encrypted() -> FileFailure {
    let hint = "Open it in a spreadsheet program, save it as .xlsx without a password, and drop it again.";
    unreadable("it is encrypted, or in the old form .xls", hint)
}

/// Reads a workbook to its end, of which `head` has been read already.
pub(super) fn read(head: &[u8], source: &mut impl Read) -> Result<Sheet, ReadError> {
    let mut bytes = head.to_vec();
    source
        .take((WORKBOOK_BYTES_MAX + 1 - bytes.len().min(WORKBOOK_BYTES_MAX)) as u64)
        .read_to_end(&mut bytes)?;
    if bytes.len() > WORKBOOK_BYTES_MAX {
        return Err(too_large(format_args!("it is larger than {} MiB", WORKBOOK_BYTES_MAX >> 20)).into());
    }
    let read = catch_unwind(AssertUnwindSafe(|| {
        check_parts(&bytes)?;
        sheet(&bytes)
    }));
    Ok(read.unwrap_or_else(|_| Err(damaged()))?)
}

#[cold]
fn unreadable(detail: impl Display, hint: &str) -> FileFailure {
    FileFailure::unreadable("XLSX", detail, hint)
}

#[cold]
fn damaged() -> FileFailure {
    unreadable(
        "the workbook is damaged",
        "Open it in a spreadsheet program, save it as a new .xlsx file, and drop that.",
    )
}

#[cold]
fn no_workbook() -> FileFailure {
    unreadable(
        "it is an archive, but no .xlsx workbook",
        "Drop an .xlsx workbook, or the records as CSV, JSON or XML.",
    )
}

#[cold]
fn too_large(detail: impl Display) -> FileFailure {
    unreadable(detail, "Save the sheet as CSV (UTF-8) and drop that, or split the workbook.")
}

/// Unpacks every part once without keeping it, and counts.
fn check_parts(bytes: &[u8]) -> Result<(), FileFailure> {
    // Counted before the archive is opened: opening makes an object of each.
    if memmem::find_iter(bytes, b"PK\x01\x02").nth(PARTS_MAX).is_some() {
        return Err(too_large(format_args!("it has more than {PARTS_MAX} parts")));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => encrypted(),
            _ => damaged(),
        })?;
        let name = part.name().map_err(|_| damaged())?.to_ascii_lowercase();
        let unpacked = if name.ends_with("sharedstrings.xml") {
            check_table(part.take(left + 1), TEXT_TAGS_MAX)?
        } else if name.ends_with("styles.xml") {
            check_table(part.take(left + 1), STYLE_TAGS_MAX)?
        } else {
            let is_list = name.ends_with(".rels") || name.ends_with("workbook.xml");
            let most = if is_list { left.min(LIST_BYTES_MAX) } else { left };
            let unpacked =
                std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(|_| damaged())?;
            if is_list && unpacked > LIST_BYTES_MAX {
                return Err(too_large("its list of sheets or parts is too long"));
            }
            unpacked
        };
        left = left.checked_sub(unpacked).ok_or_else(|| {
            too_large(format_args!("it unpacks to more than {} MiB", UNPACKED_BYTES_MAX >> 20))
        })?;
    }
    Ok(())
}

/// Checks a table that the library holds in memory: how many tags it has, and that it does not announce
/// more entries than it can hold, because room is made for them at once.
fn check_table(mut part: impl Read, tags_max: usize) -> Result<u64, FileFailure> {
    let mut text = Vec::new();
    part.read_to_end(&mut text).map_err(|_| damaged())?;
    // Neither sign is XML. With them another encoding could hide what is looked for.
    if memchr::memchr2(0, 0x1b, &text).is_some() {
        return Err(damaged());
    }
    if memchr::memchr_iter(b'<', &text).nth(tags_max).is_some() {
        return Err(too_large("it holds too many different texts or styles"));
    }
    const COUNT: &[u8] = b"uniqueCount";
    for at in memmem::find_iter(&text, COUNT) {
        let behind = &text[at + COUNT.len()..];
        let number = behind.iter().skip_while(|byte| !byte.is_ascii_digit()).take(20);
        let announced = number
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        let is_attribute = behind.trim_ascii_start().starts_with(b"=");
        if is_attribute && announced > text.len() as u64 {
            return Err(damaged());
        }
    }
    Ok(text.len() as u64)
}

fn of_library(error: &XlsxError) -> FileFailure {
    // What the library says may hold the text of a cell.
    match error {
        XlsxError::Password => encrypted(),
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => no_workbook(),
        _ => damaged(),
    }
}

/// The first visible sheet that is not ours to explain codes, cell by cell.
fn sheet(bytes: &[u8]) -> Result<Sheet, FileFailure> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| of_library(&error))?;
    let is_data = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet
            && sheet.visible == SheetVisible::Visible
            && sheet.name != CODES_SHEET
    };
    let Some(name) = book.sheets_metadata().iter().find(is_data).map(|sheet| sheet.name.clone()) else {
        let hint = "Put the records into the first sheet of the workbook and drop it again.";
        return Err(unreadable("it has no visible sheet with records", hint));
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| of_library(&error))?;
    let mut rows = Rows::default();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| of_library(&error))? {
        let (row, column) = cell.pos;
        if row >= ROWS_MAX || column >= COLUMNS_MAX {
            return Err(damaged());
        }
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            return Err(no_result(row, column));
        }
        rows.take(row, column, &text(&cell.value))?;
    }
    rows.finish()
}

#[cold]
fn no_result(row: u32, column: u32) -> FileFailure {
    let detail = format!("the formula in cell {} has no result", cell_name(row, column));
    let hint = "Open the workbook in a spreadsheet program, put values in place of formulas, save it, and drop it again.";
    let place = super::Place {
        row: u64::from(row) + 1,
        line: u64::from(row) + 1,
        column: u64::from(column) + 1,
        byte_offset: 0,
    };
    unreadable(detail, hint).at(place)
}

/// `C5`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.into_iter().collect::<String>() + &(row + 1).to_string()
}

/// Cells to rows of CSV.
#[derive(Debug, Default)]
struct Rows {
    text: Vec<u8>,
    /// The row of the header from 1, and how many columns it has, once it is known.
    header: Option<(u32, usize)>,
    /// The row that the cells at hand belong to, from 0.
    row: u32,
    cells: Vec<String>,
    /// What the cells at hand hold, in bytes.
    held: usize,
}

impl Rows {
    fn take(&mut self, row: u32, column: u32, text: &str) -> Result<(), FileFailure> {
        if row < self.row || row == self.row && (column as usize) < self.cells.len() {
            return Err(damaged());
        }
        if row > self.row {
            self.end_row();
            if self.header.is_some() {
                // Rows that the file leaves out are empty, but they count.
                self.text.extend(b"\r\n".repeat((row - self.row - 1) as usize));
            }
            self.row = row;
        }
        self.held += text.len();
        if self.text.len() + self.held > TEXT_BYTES_MAX {
            return Err(too_large(format_args!("its cells hold more than {} MiB", TEXT_BYTES_MAX >> 20)));
        }
        if !text.is_empty() {
            self.cells.resize(column as usize, String::new());
            self.cells.push(text.to_owned());
        }
        Ok(())
    }

    /// Writes the row at hand, as wide as the header or wider: a cell too many is noticed by the reader.
    fn end_row(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        let width = match self.header {
            Some((_, width)) => width,
            None if cells.is_empty() => return,
            None => {
                self.header = Some((self.row + 1, cells.len()));
                self.text.extend_from_slice(&[b"sep=", &[DELIMITER][..], b"\r\n"].concat());
                cells.len()
            }
        };
        if !cells.is_empty() {
            cells.resize(cells.len().max(width), String::new());
        }
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                self.text.push(DELIMITER);
            }
            self.cell(cell);
        }
        self.text.extend_from_slice(b"\r\n");
        self.held = 0;
        cells.clear();
        self.cells = cells;
    }

    /// A cell as it is: a guard that it has is taken off by the CSV reader.
    fn cell(&mut self, cell: &str) {
        let plain = memchr::memchr3(b'"', b'\r', b'\n', cell.as_bytes()).is_none()
            && memchr::memchr(DELIMITER, cell.as_bytes()).is_none();
        if plain {
            self.text.extend_from_slice(cell.as_bytes());
        } else {
            self.text.push(b'"');
            self.text.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            self.text.push(b'"');
        }
    }

    fn finish(mut self) -> Result<Sheet, FileFailure> {
        self.end_row();
        match self.header {
            Some((row, _)) => Ok(Sheet { text: self.text, header_row: u64::from(row) }),
            None => Err(FileFailure::no_records(
                "The first sheet of the workbook is empty; drop one with records.",
            )),
        }
    }
}

/// The text of a cell as the contract wants it: a date cell as `yyyy-MM-dd`, `5.0` as `5`, `TRUE` as
/// `true`, an error by its name.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) => date_text(date),
        DataRef::DateTimeIso(text) => {
            let midnight =
                text.split_once("T00:00:00").filter(|(_, rest)| rest.trim_matches(['.', '0']).is_empty());
            midnight.map_or_else(|| text.clone(), |(day, _)| day.to_owned())
        }
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// From here on a number cell has lost digits: spreadsheets keep 15.
const EXACT_MAX: f64 = 1e15;

/// A number with the 15 digits that a spreadsheet shows, whole ones without a point. One that has lost
/// digits is written as `1.23E+17`, so that nobody takes it for what was meant.
fn number_text(number: f64) -> String {
    if number.abs() >= EXACT_MAX {
        return format!("{number:.14E}").replacen('E', "E+", 1);
    }
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if shown == 0.0 { "0".to_owned() } else { shown.to_string() }
}

/// The first day that the calendar of spreadsheets has right: before it they count a day that never was.
const FIRST_DAY: f64 = 61.0;

fn date_text(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let midnight = (hour, minute, second, milli) == (0, 0, 0, 0);
    if date.is_duration() || date.as_f64() < 1.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if date.as_f64() < FIRST_DAY && year < 1901 {
        number_text(date.as_f64())
    } else if midnight {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::{cell_name, number_text};

    #[test]
    fn numbers_are_written_as_people_typed_them() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (1500.5, "1500.5"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e-7, "0.0000001"),
            (1.234_567_890_123_456_7e19, "1.23456789012346E+19"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn cells_have_the_names_that_a_spreadsheet_shows() {
        assert_eq!(cell_name(0, 0), "A1");
        assert_eq!(cell_name(4, 27), "AB5");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
    }
}
