//! The sheet with the records: one row for each, in the order of the rejected file.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, IgnoreError, Worksheet};

use super::codes::PAPER_A4;
use super::look::{Look, note};
use super::{CELLS_MAX, Omission, ROWS_MAX, Stop, TEXT_BYTES_MAX};
use crate::contract::codes::file::{F004, R001, R003};
use crate::contract::{Classifiers, Field, Kind, Need, Severity};
use crate::format::csv::{KeptColumn, REASON_COLUMNS, Row, stays_without_guard};
use crate::report::FindingLine;
use crate::report::record::Column;

const SHEET: &str = "Rejected records";

/// How wide our own columns are, in characters: together they leave most of a screen to the record.
const OWN_WIDTHS: [f64; REASON_COLUMNS.len()] = [6.0, 12.0, 16.0, 26.0];

/// The columns of [`REASON_COLUMNS`].
const ROW: u16 = 0;
const CODES: u16 = 1;
const FIELDS: u16 = 2;
const ERRORS: u16 = 3;

/// The narrowest and the widest column of a record, in characters.
const CHARS_MIN: usize = 10;
const CHARS_MAX: usize = 38;

/// What the button of the filter in the header takes, in characters.
const BUTTON_CHARS: f64 = 4.0;

/// The most notes on bad cells. Spreadsheets draw each of them, and open files with more slowly; what is
/// wrong also stands in `_errors`.
const NOTES_MAX: usize = 4_000;

/// The longest note, in characters.
const NOTE_CHARS_MAX: usize = 1_500;

/// The longest list of a dropdown that is kept in the cell itself, commas included.
const LIST_UNITS_MAX: usize = 255;

/// The sheet while it is being written.
pub(super) struct Records<'w> {
    sheet: &'w mut Worksheet,
    look: &'w Look,
    columns: Vec<KeptColumn>,
    /// The column that holds a path.
    by_path: HashMap<String, usize>,
    /// The longest cell of every column so far, in characters.
    chars: Vec<usize>,
    /// The row that was written last.
    row: u32,
    bytes: usize,
    cells: usize,
    notes: usize,
    used: BTreeMap<String, u64>,
}

impl<'w> Records<'w> {
    pub fn new(sheet: &'w mut Worksheet, look: &'w Look, columns: Vec<KeptColumn>) -> Result<Self, Stop> {
        let paths = columns
            .iter()
            .enumerate()
            .filter_map(|(column, kept)| kept.field.as_ref().map(|(_, path)| (path.clone(), column)));
        let by_path = paths.collect();
        let chars = columns.iter().map(|column| column.name.chars().count()).collect();
        let used = BTreeMap::new();
        let mut records =
            Self { sheet, look, columns, by_path, chars, row: 0, bytes: 0, cells: 0, notes: 0, used };
        records.header()?;
        Ok(records)
    }

    fn header(&mut self) -> Result<(), Stop> {
        let Self { sheet, look, columns, .. } = self;
        sheet.set_name(SHEET)?;
        for (column, name) in (0..).zip(REASON_COLUMNS) {
            sheet.write_string_with_format(0, column, name, &look.own_header)?;
        }
        for (column, kept) in (REASON_COLUMNS.len() as u16..).zip(columns) {
            let field = kept.field.as_ref().map(|(field, _)| *field);
            let mandatory = field.is_some_and(|field| field.need == Need::Always);
            let format = if mandatory { &look.mandatory } else { &look.header };
            sheet.write_string_with_format(0, column, guarded(&kept.name).as_ref(), format)?;
            sheet.set_column_format(column, &look.text)?;
            sheet.insert_note(0, column, &note(field.map_or_else(unknown_column, about)))?;
        }
        Ok(())
    }

    /// Adds a row of the rejected file; `findings` is what is wrong with it.
    pub fn add(&mut self, row: Row, findings: &[FindingLine]) -> Result<(), Stop> {
        self.row += 1;
        if self.row as usize > ROWS_MAX {
            return Err(Omission::Rows.into());
        }
        self.bytes += row.text.len();
        if self.bytes > TEXT_BYTES_MAX {
            return Err(Omission::Text.into());
        }
        self.cells += row.cells.iter().filter(|cell| !cell.is_empty()).count();
        if self.cells > CELLS_MAX {
            return Err(Omission::Cells.into());
        }
        for finding in findings {
            *self.used.entry(finding.get(Column::Code).to_owned()).or_default() += 1;
        }
        let unread = findings.iter().find(|finding| {
            [&F004, &R001, &R003].iter().any(|part| part.segment == finding.get(Column::Code))
        });
        match unread {
            Some(finding) => self.unread(row, finding),
            None => self.record(&row.cells, findings),
        }
    }

    fn record(&mut self, cells: &[String], findings: &[FindingLine]) -> Result<(), Stop> {
        let (own, cells) = cells.split_at(cells.len().min(REASON_COLUMNS.len()));
        let mut marks: BTreeMap<u16, Mark> = BTreeMap::new();
        for finding in findings {
            let field = finding.get(Column::Field);
            let column = match self.column(field) {
                Some(column) => (column + REASON_COLUMNS.len()) as u16,
                None => FIELDS,
            };
            let mark = marks.entry(column).or_default();
            if column == FIELDS {
                let _ = writeln!(mark.text, "There is no column {field}: add one at the end.");
            }
            mark.add(finding);
        }
        for (column, text) in (0..).zip(own) {
            let format = match marks.get(&column) {
                Some(mark) => mark.format(self.look),
                None => &self.look.own,
            };
            self.sheet.write_string_with_format(self.row, column, text, format)?;
        }
        for (index, text) in cells.iter().enumerate() {
            let column = (REASON_COLUMNS.len() + index) as u16;
            self.cell(index, column, text, marks.get(&column))?;
        }
        for (column, mark) in marks {
            self.note(column, mark.text)?;
        }
        Ok(())
    }

    fn cell(&mut self, index: usize, column: u16, text: &str, mark: Option<&Mark>) -> Result<(), Stop> {
        if let Some(chars) = self.chars.get_mut(index) {
            *chars = (*chars).max(text.chars().count());
        }
        let (sheet, row) = (&mut self.sheet, self.row);
        match mark {
            Some(mark) if text.is_empty() => {
                sheet.write_blank(row, column, mark.format(self.look))?;
            }
            Some(mark) => {
                sheet.write_string_with_format(
                    row,
                    column,
                    guarded(text).as_ref(),
                    mark.format(self.look),
                )?;
            }
            // The format of the column holds for empty cells too.
            None if text.is_empty() => {}
            None => {
                sheet.write_string_with_format(row, column, guarded(text).as_ref(), &self.look.text)?;
            }
        }
        Ok(())
    }

    /// A row that could not be read. One with too many cells stands cell by cell: what is too much is seen,
    /// and it is refused again until it is gone. Any other stands as a whole in the first cell, where no
    /// record can be accepted by mistake.
    fn unread(&mut self, row: Row, finding: &FindingLine) -> Result<(), Stop> {
        let number = finding.get(Column::Row);
        let width = self.columns.len();
        // One that is by chance as wide as the rejected file has its reasons in front of all its cells.
        let annotated = row.cells.len() == 2 * REASON_COLUMNS.len() + width && row.cells[0] == number;
        let is_wide = finding.get(Column::Code) == F004.segment && (annotated || row.cells.len() > width);
        let first = if annotated { REASON_COLUMNS.len() } else { 0 };
        let own = [number, finding.get(Column::Code), "", finding.get(Column::Message)];
        for (column, text) in [ROW, CODES, FIELDS, ERRORS].into_iter().zip(own) {
            self.sheet.write_string_with_format(self.row, column, text, &self.look.own)?;
        }
        let mut mark = Mark::default();
        mark.add(finding);
        let mut text = mark.text.clone();
        if is_wide {
            for (index, cell) in row.cells[first..].iter().enumerate() {
                let column = REASON_COLUMNS.len() + index;
                let Ok(column) = u16::try_from(column) else { return Err(Omission::Columns.into()) };
                self.cell(index, column, cell, Some(&mark))?;
            }
        } else {
            let _ = write!(text, "The row stands here as it was. Put its cells into the right columns.");
            let column = REASON_COLUMNS.len() as u16;
            self.sheet.write_string_with_format(
                self.row,
                column,
                guarded(&row.text).as_ref(),
                mark.format(self.look),
            )?;
        }
        self.note(REASON_COLUMNS.len() as u16, text)
    }

    fn note(&mut self, column: u16, text: String) -> Result<(), Stop> {
        self.notes += 1;
        if self.notes <= NOTES_MAX {
            let text: String = text.trim_end().chars().take(NOTE_CHARS_MAX).collect();
            self.sheet.insert_note(self.row, column, &note(text))?;
        }
        Ok(())
    }

    /// The column in which a field is corrected: its own, that of the list it is in, or the first within.
    fn column(&self, field: &str) -> Option<usize> {
        let mut path = field;
        loop {
            if let Some(column) = self.by_path.get(path) {
                return Some(*column);
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => break,
            }
        }
        let is_within = |path: &str| {
            path.strip_prefix(field).is_some_and(|rest| !field.is_empty() && rest.starts_with(['.', '[']))
        };
        self.columns.iter().position(|column| column.field.as_ref().is_some_and(|(_, path)| is_within(path)))
    }

    /// Dropdowns, widths, panes; returns how often every code was used.
    pub fn finish(self, classifiers: &Classifiers) -> Result<BTreeMap<String, u64>, Stop> {
        let Self { sheet, columns, chars, row, .. } = self;
        for (column, width) in (0..).zip(OWN_WIDTHS) {
            sheet.set_column_width(column, width)?;
        }
        for ((column, kept), chars) in (REASON_COLUMNS.len() as u16..).zip(&columns).zip(chars) {
            sheet.set_column_width(column, chars.clamp(CHARS_MIN, CHARS_MAX) as f64 + BUTTON_CHARS)?;
            let field = kept.field.as_ref().map(|(field, _)| *field);
            if let Some(list) = field.and_then(|field| dropdown(field, classifiers)) {
                sheet.add_data_validation(1, column, row, column, &list)?;
            }
        }
        let last = (REASON_COLUMNS.len() + columns.len() - 1) as u16;
        sheet.ignore_error_range(0, 0, row, last, IgnoreError::NumberStoredAsText)?;
        sheet.autofilter(0, 0, row, last)?;
        sheet.set_freeze_panes(1, REASON_COLUMNS.len() as u16)?;
        sheet.set_row_height(0, HEADER_POINTS)?;
        sheet.set_landscape().set_paper_size(PAPER_A4).set_repeat_rows(0, 0)?;
        sheet.set_footer("&L&A&R&P / &N");
        Ok(self.used)
    }
}

/// How high the header is, in points.
const HEADER_POINTS: f64 = 21.0;

/// What is wrong with one cell.
#[derive(Debug, Default)]
struct Mark {
    is_error: bool,
    text: String,
}

impl Mark {
    fn add(&mut self, finding: &FindingLine) {
        self.is_error |= finding.severity() == Severity::Error;
        let kind = if finding.severity() == Severity::Error { "" } else { "Warning " };
        let _ = writeln!(self.text, "{kind}{}: {}", finding.get(Column::Code), finding.get(Column::Message));
        let hint = finding.get(Column::Hint);
        if !hint.is_empty() {
            let _ = writeln!(self.text, "{hint}");
        }
    }

    fn format<'l>(&self, look: &'l Look) -> &'l rust_xlsxwriter::Format {
        if self.is_error { &look.bad } else { &look.warned }
    }
}

/// A text as it stands in a cell: one that would lose an apostrophe when it is read gets one more.
fn guarded(text: &str) -> std::borrow::Cow<'_, str> {
    if stays_without_guard(text) { text.into() } else { format!("'{text}").into() }
}

fn unknown_column() -> String {
    "No field has this name. The column is not read.".to_owned()
}

/// What a column holds.
fn about(field: &'static Field) -> String {
    let mut text = match field.need {
        Need::Always => "Mandatory.\n".to_owned(),
        Need::Never => String::new(),
        need => format!("Mandatory: {}.\n", need.words()),
    };
    text.push_str(field.note);
    let form = match field.kind {
        Kind::Date => "\nForm: yyyy-MM-dd, for example 2026-01-21.".to_owned(),
        Kind::Boolean => "\nAllowed: true, false.".to_owned(),
        Kind::Enum(values) => format!("\nAllowed: {}.", values.join(", ")),
        Kind::Decimal => "\nForm: a number with a decimal point, for example 1500.50.".to_owned(),
        Kind::Integer | Kind::BigInteger => "\nForm: a whole number.".to_owned(),
        _ => String::new(),
    };
    text + &form
}

/// The dropdown of a column with a short list.
fn dropdown(field: &'static Field, classifiers: &Classifiers) -> Option<DataValidation> {
    let values: Vec<String> = match field.kind {
        Kind::Boolean => vec!["true".to_owned(), "false".to_owned()],
        Kind::Enum(values) => values.iter().map(|value| (*value).to_owned()).collect(),
        Kind::Classifier(list) if classifiers.count(list) > 0 => {
            classifiers.codes(list).iter().map(|code| code.to_string()).collect()
        }
        _ => return None,
    };
    let units: usize = values.iter().map(|value| value.encode_utf16().count() + 1).sum();
    // A comma within a code would make two codes of it, and a quote would end the list.
    if units > LIST_UNITS_MAX || values.iter().any(|value| value.contains([',', '"'])) {
        return None;
    }
    let list = DataValidation::new().allow_list_strings(&values).ok()?;
    let list = list.set_error_style(DataValidationErrorStyle::Stop);
    list.set_error_title("Not in the list")
        .ok()?
        .set_error_message("Choose one of the values of the list.")
        .ok()
}
