//! `report.html`: what happened to a file, for people with a browser: counts, a chart of codes, the first
//! violations with masked values, how to fix each code.
//!
//! One file without scripts and without anything from elsewhere; a policy in its head forbids both. What
//! comes from the file is escaped and shortened, and the number of lines is limited, so the page stays
//! small however large the batch is.

mod codes;
mod lines;
mod text;

use std::io::{self, Read, Write};

use super::{BatchStatus, Counts, FailureReport, FileSummary, FindingLines, Summary};
use text::{escaped, grouped, spelled};

/// Nothing but the style within the page is loaded or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");

/// Writes the page. `errors_csv` is the finished `errors.csv`, if there is one, and how many violations it
/// holds.
///
/// # Errors
///
/// When `errors_csv` cannot be read or `out` cannot be written.
pub fn write(
    summary: &Summary,
    errors_csv: Option<(impl Read, u64)>,
    out: &mut impl Write,
) -> io::Result<()> {
    head(summary, out)?;
    writeln!(out, "<main id=\"content\">")?;
    match &summary.failure {
        Some(failure) => failed(summary, failure, out)?,
        None => counts(&summary.records, out)?,
    }
    next_steps(summary, out)?;
    let by_code = codes::by_code(summary);
    codes::chart(&by_code, out)?;
    codes::kinds(summary, out)?;
    if let Some((errors_csv, violations)) = errors_csv {
        lines::write(FindingLines::new(errors_csv), violations, out)?;
    }
    codes::explained(summary, &by_code, out)?;
    facts(summary, out)?;
    files(summary, out)?;
    writeln!(out, "</main>")?;
    foot(summary, out)
}

fn head(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let name = escaped(&summary.file.name);
    let (class, words) = status(summary.status);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{name}: {words}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">To the content</a>\n\
         <header class=\"top\">\n<p>Import report</p>\n<h1>{name}</h1>\n\
         <p><strong class=\"status {class}\">{words}</strong></p>\n</header>"
    )
}

const fn status(status: BatchStatus) -> (&'static str, &'static str) {
    let class = match status {
        BatchStatus::Accepted => "good",
        BatchStatus::PartiallyAccepted | BatchStatus::DuplicateFile => "warn",
        BatchStatus::Rejected | BatchStatus::Unreadable | BatchStatus::Aborted | BatchStatus::Quarantined => {
            "bad"
        }
    };
    (class, status.words())
}

fn failed(summary: &Summary, failure: &FailureReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<section aria-labelledby=\"failure\">\n<h2 id=\"failure\">The file could not be read. Nothing of it was imported.</h2>\n\
         <table class=\"facts\"><tbody>"
    )?;
    fact(out, "What is wrong", &failure.message)?;
    if let (Some(row), Some(line), Some(column), Some(byte)) =
        (failure.row, failure.line, failure.column, failure.byte_offset)
    {
        fact(out, "Where", &format!("row {row}, line {line}, column {column}, byte {byte}"))?;
    }
    fact(out, "What to do", &failure.hint)?;
    fact(out, "Code", failure.code)?;
    let original = summary.origin.archived.as_deref().unwrap_or(&summary.origin.path);
    fact(out, "The original is kept", original)?;
    writeln!(out, "</tbody></table>\n</section>")
}

fn counts(counts: &Counts, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<section aria-labelledby=\"records\">\n<h2 id=\"records\">Records</h2>\n<dl class=\"counts\">"
    )?;
    let share = |count: u64| share(count, counts.read);
    let cards = [
        ("", "Read", counts.read, String::new()),
        ("good", "Accepted", counts.accepted, share(counts.accepted)),
        ("bad", "Rejected", counts.rejected, share(counts.rejected)),
        ("warn", "With warnings", counts.with_warnings, share(counts.with_warnings)),
    ];
    for (class, name, count, share) in cards {
        let count = grouped(count);
        writeln!(out, "<div class=\"{class}\"><dt>{name}</dt><dd>{count} <small>{share}</small></dd></div>")?;
    }
    writeln!(out, "</dl>")?;
    if counts.read > 0 {
        let accepted = counts.accepted as f64 * 1000.0 / counts.read as f64;
        let rejected = 1000.0 - accepted;
        writeln!(
            out,
            "<svg role=\"img\" aria-label=\"{} of {} records accepted, {} rejected\" viewBox=\"0 0 1000 14\" height=\"14\" preserveAspectRatio=\"none\">\
             <rect class=\"good\" width=\"{accepted:.1}\" height=\"14\"/><rect class=\"bad\" x=\"{accepted:.1}\" width=\"{rejected:.1}\" height=\"14\"/></svg>",
            counts.accepted, counts.read, counts.rejected
        )?;
    }
    writeln!(out, "</section>")
}

fn share(count: u64, all: u64) -> String {
    match all {
        0 => String::new(),
        _ if count > 0 && count * 1000 < all => "under 0.1 %".to_owned(),
        _ if count < all && count * 1000 > all * 999 => "over 99.9 %".to_owned(),
        _ => format!("{:.1} %", count as f64 * 100.0 / all as f64),
    }
}

fn next_steps(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    if summary.next_steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section aria-labelledby=\"next\">\n<h2 id=\"next\">What to do next</h2>\n<ol>")?;
    for step in &summary.next_steps {
        // What stands between backticks is to be typed.
        let parts: Vec<String> = step.split('`').map(|part| escaped(part).into_owned()).collect();
        let step = parts.iter().enumerate().map(|(index, part)| match index % 2 {
            0 => part.clone(),
            _ => format!("<code>{part}</code>"),
        });
        writeln!(out, "<li>{}</li>", step.collect::<String>())?;
    }
    writeln!(out, "</ol>\n</section>")
}

/// Where the figures come from, for an auditor.
fn facts(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let FileSummary { bytes, sha256, format, encoding, delimiter, unknown_columns, .. } = &summary.file;
    writeln!(
        out,
        "<section aria-labelledby=\"facts\">\n<h2 id=\"facts\">File and rules</h2>\n<table class=\"facts\"><tbody>"
    )?;
    fact(out, "Batch", &summary.batch)?;
    fact(out, "Size", &format!("{} bytes", grouped(*bytes)))?;
    fact(out, "SHA-256", sha256)?;
    fact(out, "Format", &spelled(*format, encoding.as_deref(), *delimiter))?;
    if !unknown_columns.is_empty() {
        fact(out, "Columns not read", &unknown_columns.join(", "))?;
    }
    fact(out, "Read from", &summary.origin.path)?;
    if let Some(archived) = &summary.origin.archived {
        fact(out, "Archived as", archived)?;
    }
    fact(out, "Started", &summary.times.started)?;
    fact(out, "Finished", &summary.times.finished)?;
    fact(out, "Rules", &format!("mode {}, contract {}", summary.rules.mode, summary.rules.contract))?;
    for list in &summary.rules.classifiers {
        fact(out, "List", &format!("{}, {} codes, SHA-256 {}", list.name, list.codes, list.sha256))?;
    }
    fact(out, "Program", &format!("{} {}", env!("CARGO_PKG_NAME"), summary.tool_version))?;
    writeln!(out, "</tbody></table>\n</section>")
}

fn fact(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "<tr><th scope=\"row\">{name}</th><td>{}</td></tr>", escaped(value))
}

/// The files beside the page.
fn files(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"files\">\n<h2 id=\"files\">Files of this batch</h2>\n<ul>")?;
    for name in summary.outputs.iter().filter(|name| !name.ends_with(".html")) {
        let name = escaped(name);
        writeln!(out, "<li><a href=\"{name}\">{name}</a></li>")?;
    }
    writeln!(out, "</ul>\n</section>")
}

fn foot(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<footer>\n<p>Batch {}. Names, contacts, addresses and documents are masked (***). This page loads nothing and runs nothing.</p>\n</footer>\n</body>\n</html>",
        escaped(&summary.batch)
    )
}
