//! A rejected record in XML: the record as it stood, below a comment with the reasons.

use super::super::rejected::{Reason, Told};
use super::scope::Envelope;

/// Writes what stands in front of the first record.
pub(in crate::format) fn opening(envelope: Option<&Envelope>) -> Vec<u8> {
    let mut out = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    match envelope {
        Some(envelope) if !envelope.tags.is_empty() => {
            for tag in &envelope.tags {
                out.extend_from_slice(tag.as_bytes());
                out.push(b'\n');
            }
        }
        // A record that was the root itself gets one, so that several can stand side by side.
        _ => out.extend_from_slice(b"<Customers>\n"),
    }
    out
}

/// Writes what stands behind the last record.
pub(in crate::format) fn closing(envelope: Option<&Envelope>) -> Vec<u8> {
    match envelope {
        Some(envelope) if !envelope.names.is_empty() => {
            envelope.names.iter().rev().flat_map(|name| format!("</{name}>\n").into_bytes()).collect()
        }
        _ => b"</Customers>\n".to_vec(),
    }
}

/// Writes one record below its reasons.
pub(in crate::format) fn record(out: &mut Vec<u8>, text: &str, told: Told<'_>) {
    beginning(out, text.as_bytes(), told);
    out.push(b'\n');
}

/// Writes a record, or its first piece, below its reasons. Its tag declares what the envelope does not.
pub(in crate::format) fn beginning(out: &mut Vec<u8>, text: &[u8], told: Told<'_>) {
    reasons(out, told.row, told.reasons);
    let declarations = told.scope.map_or("", |scope| &scope.declarations);
    let ends_name = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let name_end = text.iter().position(ends_name).unwrap_or(text.len());
    out.extend_from_slice(&text[..name_end]);
    out.extend_from_slice(declarations.as_bytes());
    out.extend_from_slice(&text[name_end..]);
}

/// Writes what stands above a record.
fn reasons(out: &mut Vec<u8>, row: u64, reasons: &[Reason<'_>]) {
    out.extend_from_slice(format!("<!-- line {row}\n").as_bytes());
    for reason in reasons {
        let blank = if reason.field.is_empty() { "" } else { " " };
        let line = format!("  {}{blank}{}: {}\n", reason.code, reason.field, reason.message);
        out.extend_from_slice(in_comment(&line).as_bytes());
    }
    out.extend_from_slice(b"-->\n");
}

/// A text that cannot end a comment.
fn in_comment(text: &str) -> String {
    text.replace("--", "- -").replace("--", "- -")
}
