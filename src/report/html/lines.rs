//! The first violations of the batch, one line each.

use std::io::{self, Read, Write};

use super::text::{escaped, grouped};
use crate::contract::Severity;
use crate::format::ReadError;
use crate::report::record::{CSV_NAME, Column};
use crate::report::{FindingLine, FindingLines};

/// The most violations that the page shows.
const LINES_MAX: u64 = 200;

/// Writes the table of violations; `all` is how many there are.
pub(super) fn write<R: Read>(mut lines: FindingLines<R>, all: u64, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<section aria-labelledby=\"lines\">\n<h2 id=\"lines\">What is wrong, record by record</h2>\n\
         <div class=\"scroll\"><table class=\"lines\">"
    )?;
    let shown = LINES_MAX.min(all);
    if all > LINES_MAX {
        writeln!(
            out,
            "<caption>The first {} of {} errors and warnings; <a href=\"{CSV_NAME}\">{CSV_NAME}</a> holds all.</caption>",
            grouped(shown),
            grouped(all)
        )?;
    } else {
        writeln!(out, "<caption>All errors and warnings, in the order of the file.</caption>")?;
    }
    write!(out, "<thead><tr>")?;
    for name in ["Row", "Customer", "Number", "Kind", "Code", "Field", "Value", "Message and hint"] {
        write!(out, "<th scope=\"col\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for _ in 0..LINES_MAX {
        match lines.next_line() {
            Ok(Some(found)) => line(&found, out)?,
            Ok(None) => break,
            Err(ReadError::Io(error)) => return Err(error),
            Err(ReadError::File(failure)) => return Err(io::Error::other(failure)),
        }
    }
    writeln!(out, "</tbody></table></div>")?;
    if all > shown {
        writeln!(
            out,
            "<p><strong>{} more</strong> errors and warnings stand in <a href=\"{CSV_NAME}\">{CSV_NAME}</a>.</p>",
            grouped(all - shown)
        )?;
    }
    writeln!(out, "</section>")
}

fn line(found: &FindingLine, out: &mut impl Write) -> io::Result<()> {
    let (class, kind) = match found.severity() {
        Severity::Error => ("bad", "error"),
        Severity::Warning => ("warn", "warning"),
    };
    let text = |column| escaped(found.get(column));
    let code = text(Column::Code);
    write!(
        out,
        "<tr><th scope=\"row\" class=\"number\">{}</th><td class=\"id\">{}</td><td class=\"id\">{}</td><td class=\"kind {class}\">{kind}</td>\
         <td class=\"code\"><a href=\"#code-{code}\">{code}</a></td><td class=\"field code\">{}</td><td class=\"code\">{}</td>\
         <td class=\"message\">{}",
        text(Column::Row),
        text(Column::CustomerExtId),
        text(Column::CommunicationNumber),
        text(Column::Field),
        text(Column::Value),
        text(Column::Message),
    )?;
    let hint = text(Column::Hint);
    if hint.is_empty() {
        writeln!(out, "</td></tr>")
    } else {
        writeln!(out, "<br><span class=\"soft\">{hint}</span></td></tr>")
    }
}
