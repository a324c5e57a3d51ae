//! Records to text: one writer for every format.

use std::fmt::Write;

use super::record::{FLAT, Fields, Value};
use super::{Format, Random, Shape};

/// Writes the records of one file.
pub struct Writer {
    format: Format,
    pretty: bool,
    /// The columns of a CSV file in their order.
    columns: Vec<&'static str>,
}

impl Writer {
    pub fn new(shape: &Shape) -> Self {
        let mut columns = FLAT.to_vec();
        if shape.shuffled {
            Random::new(shape.seed, u64::MAX).shuffle(&mut columns);
        }
        Self { format: shape.format, pretty: shape.pretty, columns }
    }

    /// What stands before the first record.
    pub fn start(&self, out: &mut String) {
        match self.format {
            Format::Csv => {
                out.push_str(&self.columns.join(","));
                out.push('\n');
            }
            Format::Ndjson => {}
            Format::Array => out.push_str("[\n"),
            Format::Wrapper if self.pretty => out.push_str("{\n  \"customers\": [\n"),
            Format::Wrapper => out.push_str("{\"customers\":[\n"),
            Format::Xml => out.push_str(concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" ",
                "xmlns=\"urn:amlyze-services:EvaluateCustomerService_v2r0\">\n<soap:Body>\n",
            )),
        }
    }

    /// One record, with what separates it from the one before.
    pub fn record(&self, out: &mut String, number: u64, fields: &Fields) {
        match self.format {
            Format::Csv => csv(out, &self.columns, fields),
            Format::Ndjson => {
                let gap = if self.pretty { Gap::Blank } else { Gap::None };
                json(out, fields, gap);
                out.push('\n');
            }
            Format::Array | Format::Wrapper => {
                if number > 0 {
                    out.push_str(",\n");
                }
                let gap = if self.pretty { Gap::Line(4) } else { Gap::None };
                if self.pretty {
                    out.push_str("    ");
                }
                json(out, fields, gap);
            }
            Format::Xml => {
                let depth = if self.pretty { Some(1) } else { None };
                element(out, "AMLYZE_CUSTOMER", depth, |out| xml(out, fields, depth.map(|depth| depth + 1)));
                if !self.pretty {
                    out.push('\n');
                }
            }
        }
    }

    /// What stands after the last record.
    pub fn end(&self, out: &mut String) {
        match self.format {
            Format::Csv | Format::Ndjson => {}
            Format::Array => out.push_str("\n]\n"),
            Format::Wrapper => out.push_str("\n]}\n"),
            Format::Xml => out.push_str("</soap:Body>\n</soap:Envelope>\n"),
        }
    }
}

fn csv(out: &mut String, columns: &[&str], fields: &Fields) {
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        match fields.iter().find(|field| field.0 == *column) {
            Some((_, Value::Text(text))) if text.contains([',', '"', '\n', '\r']) => {
                out.push('"');
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            }
            Some((_, Value::Text(text))) => out.push_str(text),
            Some((_, Value::Bool(value))) => out.push_str(bool_text(*value)),
            Some((_, Value::List(_))) | None => {}
        }
    }
    out.push('\n');
}

/// The white space between the names and values of JSON.
#[derive(Clone, Copy)]
enum Gap {
    None,
    /// Blanks only, so that a record stays on its line.
    Blank,
    /// A line for every name, indented by this many blanks.
    Line(usize),
}

impl Gap {
    fn write(self, out: &mut String) {
        match self {
            Self::None => {}
            Self::Blank => out.push(' '),
            Self::Line(blanks) => line(out, blanks),
        }
    }

    fn deeper(self) -> Self {
        match self {
            Self::Line(blanks) => Self::Line(blanks + 2),
            Self::None | Self::Blank => self,
        }
    }
}

fn json(out: &mut String, fields: &Fields, gap: Gap) {
    let inner = gap.deeper();
    out.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        inner.write(out);
        json_text(out, name);
        out.push(':');
        if !matches!(gap, Gap::None) {
            out.push(' ');
        }
        match value {
            Value::Text(text) => json_text(out, text),
            Value::Bool(value) => out.push_str(bool_text(*value)),
            Value::List(items) => json_list(out, items, inner),
        }
    }
    gap.write(out);
    out.push('}');
}

fn json_list(out: &mut String, items: &[Fields], gap: Gap) {
    let inner = gap.deeper();
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        inner.write(out);
        json(out, item, inner);
    }
    gap.write(out);
    out.push(']');
}

fn json_text(out: &mut String, text: &str) {
    out.push('"');
    for part in text.split_inclusive(['"', '\\', '\n', '\t', '<']) {
        let escape = match part.as_bytes().last() {
            Some(b'"') => "\\\"",
            Some(b'\\') => "\\\\",
            Some(b'\n') => "\\n",
            Some(b'\t') => "\\t",
            // As writers do whose text goes into web pages.
            Some(b'<') => "\\u003c",
            _ => {
                out.push_str(part);
                continue;
            }
        };
        out.push_str(&part[..part.len() - 1]);
        out.push_str(escape);
    }
    out.push('"');
}

fn xml(out: &mut String, fields: &Fields, depth: Option<usize>) {
    for (name, value) in fields {
        let content = |out: &mut String| match value {
            Value::Text(text) => xml_text(out, text),
            Value::Bool(value) => out.push_str(bool_text(*value)),
            Value::List(items) => {
                let item_name = name.trim_start_matches("list");
                let inner = depth.map(|depth| depth + 1);
                for item in items {
                    element(out, item_name, inner, |out| xml(out, item, inner.map(|depth| depth + 1)));
                }
            }
        };
        let (first, rest) = name.split_at(1);
        let name = first.to_ascii_uppercase() + rest;
        match (value, depth) {
            // White space inside a text would be a part of it.
            (Value::Text(_) | Value::Bool(_), Some(depth)) => {
                out.extend(std::iter::repeat_n(' ', depth * 2));
                element(out, &name, None, content);
                out.push('\n');
            }
            (_, depth) => element(out, &name, depth, content),
        }
    }
}

/// An element; with a depth, its tags stand on lines of their own.
fn element(out: &mut String, name: &str, depth: Option<usize>, content: impl FnOnce(&mut String)) {
    let blanks = depth.unwrap_or(0) * 2;
    out.extend(std::iter::repeat_n(' ', blanks));
    write!(out, "<{name}>").expect("a string takes everything");
    if depth.is_some() {
        out.push('\n');
    }
    content(out);
    out.extend(std::iter::repeat_n(' ', blanks));
    write!(out, "</{name}>").expect("a string takes everything");
    if depth.is_some() {
        out.push('\n');
    }
}

fn xml_text(out: &mut String, text: &str) {
    for part in text.split_inclusive(['&', '<', '>', '\'']) {
        let escape = match part.as_bytes().last() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            // Not needed in content, but written by some.
            Some(b'\'') => "&#39;",
            _ => {
                out.push_str(part);
                continue;
            }
        };
        out.push_str(&part[..part.len() - 1]);
        out.push_str(escape);
    }
}

fn line(out: &mut String, blanks: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', blanks));
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
