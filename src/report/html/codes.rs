//! The parts of the page about codes: how often, where, and how to fix them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::text::{escaped, grouped};
use crate::contract::codes::explanation;
use crate::report::{FindingSummary, Summary};

/// How often a code was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeCount {
    pub code: String,
    pub class: &'static str,
    pub count: u64,
}

/// The most bars of the chart, and the most kinds and codes that are listed.
const BARS_MAX: usize = 15;
const KINDS_MAX: usize = 100;
const CODES_MAX: usize = 100;

/// The codes by how often they were reported, errors first.
pub(super) fn by_code(summary: &Summary) -> Vec<CodeCount> {
    let mut codes: Vec<CodeCount> = Vec::new();
    for (class, findings) in [("bad", &summary.errors), ("warn", &summary.warnings)] {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for finding in findings {
            *counts.entry(&finding.code).or_default() += finding.count;
        }
        let mut of_class: Vec<CodeCount> = counts
            .into_iter()
            .map(|(code, count)| CodeCount { code: code.to_owned(), class, count })
            .collect();
        of_class.sort_by_key(|code| std::cmp::Reverse(code.count));
        codes.extend(of_class);
    }
    codes
}

fn word(class: &str) -> &'static str {
    if class == "bad" { "error" } else { "warning" }
}

/// Where the page explains a code.
fn anchor(code: &str) -> String {
    format!("code-{}", escaped(code))
}

/// One bar for each of the most frequent codes.
pub(super) fn chart(codes: &[CodeCount], out: &mut impl Write) -> io::Result<()> {
    let Some(most) = codes.iter().map(|code| code.count).max() else { return Ok(()) };
    writeln!(
        out,
        "<section aria-labelledby=\"codes\">\n<h2 id=\"codes\">Errors and warnings by code</h2>\n<table class=\"chart\">\n\
         <thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Kind</th><th scope=\"col\">What it checks</th>\
         <th scope=\"col\">How often</th><th scope=\"col\" class=\"number\">Times</th></tr></thead>\n<tbody>"
    )?;
    for CodeCount { code, class, count } in codes.iter().take(BARS_MAX) {
        let width = (*count as f64 * 1000.0 / most as f64).max(4.0);
        let checks = explanation(code).map(|text| text.checks).unwrap_or_default();
        writeln!(
            out,
            "<tr><th scope=\"row\" class=\"code\"><a href=\"#{}\">{}</a></th><td class=\"kind {class}\">{}</td><td>{}</td>\
             <td class=\"bar\"><svg aria-hidden=\"true\" viewBox=\"0 0 1000 12\" height=\"12\" preserveAspectRatio=\"none\">\
             <rect class=\"track\" width=\"1000\" height=\"12\"/><rect class=\"{class}\" width=\"{width:.1}\" height=\"12\"/></svg></td>\
             <td class=\"number\">{}</td></tr>",
            anchor(code),
            escaped(code),
            word(class),
            escaped(&checks),
            grouped(*count)
        )?;
    }
    writeln!(out, "</tbody></table>")?;
    if codes.len() > BARS_MAX {
        writeln!(
            out,
            "<p class=\"soft\">And {} more codes; summary.json holds all.</p>",
            codes.len() - BARS_MAX
        )?;
    }
    writeln!(out, "</section>")
}

/// What was found in which field.
pub(super) fn kinds(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let errors = summary.errors.iter().map(|finding| ("bad", finding));
    let warnings = summary.warnings.iter().map(|finding| ("warn", finding));
    let all = summary.errors.len() + summary.warnings.len();
    if all == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "<section aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">By field</h2>\n<div class=\"scroll\"><table class=\"lines\">\n\
         <thead><tr><th scope=\"col\" class=\"number\">Times</th><th scope=\"col\">Kind</th><th scope=\"col\">Code</th>\
         <th scope=\"col\">Field</th><th scope=\"col\">Problem</th></tr></thead>\n<tbody>"
    )?;
    for (class, FindingSummary { count, code, field, problem, .. }) in errors.chain(warnings).take(KINDS_MAX)
    {
        writeln!(
            out,
            "<tr><td class=\"number\">{}</td><td class=\"kind {class}\">{}</td><td class=\"code\"><a href=\"#{}\">{}</a></td>\
             <td class=\"field code\">{}</td><td>{}</td></tr>",
            grouped(*count),
            word(class),
            anchor(code),
            escaped(code),
            escaped(field),
            escaped(problem)
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if all > KINDS_MAX {
        writeln!(out, "<p class=\"soft\">And {} more kinds; summary.json holds all.</p>", all - KINDS_MAX)?;
    }
    writeln!(out, "</section>")
}

/// How to fix every code that was reported.
pub(super) fn explained(summary: &Summary, codes: &[CodeCount], out: &mut impl Write) -> io::Result<()> {
    let of_file = summary.failure.iter().map(|failure| failure.code);
    let all: Vec<&str> = of_file.chain(codes.iter().map(|code| code.code.as_str())).collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section class=\"codes\" aria-labelledby=\"fixes\">\n<h2 id=\"fixes\">How to fix each code</h2>"
    )?;
    for code in all.iter().take(CODES_MAX) {
        let Some(text) = explanation(code) else { continue };
        writeln!(
            out,
            "<article id=\"{}\">\n<h3 class=\"code\">{}</h3>\n<p>{}</p>\n<p><strong>Fix:</strong> {}</p>\n</article>",
            anchor(code),
            escaped(code),
            escaped(&text.checks),
            escaped(&text.fix)
        )?;
    }
    if all.len() > CODES_MAX {
        writeln!(
            out,
            "<p class=\"soft\">And {} more; <code>kyc-import explain CODE</code> knows all.</p>",
            all.len() - CODES_MAX
        )?;
    }
    writeln!(out, "</section>")
}
