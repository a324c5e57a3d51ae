//! The sheet that explains the codes.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::look::Look;
use crate::contract::codes::explanation;
use crate::format::CODES_SHEET;

/// How wide the columns are, in characters.
const WIDTHS: [f64; 4] = [22.0, 10.0, 52.0, 70.0];

const HEADER: [&str; 4] = ["Code", "Times", "What it checks", "How to fix it"];

const LEAD: &str = "Correct the red cells on the first sheet, save the workbook and drop it into the inbox. \
    The grey columns may stay: they are not read, nor is this sheet.";

/// The row of the header, below the lead and an empty row.
const HEADER_ROW: u32 = 2;

/// Writes one row for every code that was used, with how often.
pub(super) fn write(
    sheet: &mut Worksheet,
    look: &Look,
    used: &BTreeMap<String, u64>,
) -> Result<(), XlsxError> {
    sheet.set_name(CODES_SHEET)?;
    for (column, (name, width)) in (0..).zip(HEADER.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(HEADER_ROW, column, *name, &look.mandatory)?;
    }
    sheet.merge_range(0, 0, 0, HEADER.len() as u16 - 1, LEAD, &look.lead)?;
    for (row, (code, count)) in (HEADER_ROW + 1..).zip(used) {
        let explained = explanation(code);
        let (checks, fix) =
            explained.as_ref().map_or(("", ""), |text| (text.checks.as_str(), text.fix.as_str()));
        sheet.set_row_height(row, height(checks, 2).max(height(fix, 3)))?;
        sheet.write_string_with_format(row, 0, code, &look.code)?;
        sheet.write_number_with_format(row, 1, *count as f64, &look.wrapped)?;
        sheet.write_string_with_format(row, 2, checks, &look.wrapped)?;
        sheet.write_string_with_format(row, 3, fix, &look.wrapped)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    sheet.set_paper_size(PAPER_A4).set_footer("&L&A&R&P / &N");
    Ok(())
}

/// The height of a line, in points.
const LINE_POINTS: f64 = 13.5;

/// The height of a text in a column, in points: not every spreadsheet finds it by itself.
fn height(text: &str, column: usize) -> f64 {
    let lines = text.chars().count() as f64 / WIDTHS[column];
    (lines.ceil().max(1.0) * LINE_POINTS).min(HEIGHT_MAX)
}

/// The highest row of a sheet, in points.
const HEIGHT_MAX: f64 = 400.0;

/// The number of A4 among the sizes of paper.
pub(super) const PAPER_A4: u8 = 9;
