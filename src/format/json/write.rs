//! A rejected record in JSON: the record as it stood, with the reasons in front.

use super::super::rejected::Reason;
use super::cursor::Cursor;

/// The key that holds the reasons.
const ERRORS_KEY: &str = "\"_errors\":";

/// Writes one record with its reasons. Keys that begin with `_` are left out: they are ours.
pub(in crate::format) fn record(out: &mut Vec<u8>, text: &str, reasons: &[Reason<'_>]) {
    out.extend_from_slice(b"{");
    out.extend_from_slice(ERRORS_KEY.as_bytes());
    // A vector of strings cannot fail to be written into memory.
    if serde_json::to_writer(&mut *out, reasons).is_err() {
        out.extend_from_slice(b"[]");
    }
    let members = text.trim_start().strip_prefix('{').unwrap_or_default();
    if memchr::memmem::find(text.as_bytes(), b"\"_").is_none() {
        if !members.trim_start().starts_with('}') {
            out.push(b',');
        }
        out.extend_from_slice(members.as_bytes());
        return;
    }
    for member in kept_members(text) {
        out.push(b',');
        out.extend_from_slice(member.as_bytes());
    }
    out.push(b'}');
}

/// The members of an object that do not begin with `_`, as they stand.
fn kept_members(text: &str) -> Vec<&str> {
    let mut cursor = Cursor::new(text);
    let mut members = Vec::new();
    // The object has been read before, so nothing here can fail.
    if cursor.shape().is_err() || cursor.enter(0).is_err() || cursor.take(b'}') {
        return members;
    }
    loop {
        cursor.skip_blanks();
        let start = cursor.at();
        let Ok(name) = cursor.skip_value(1) else { return members };
        if cursor.expect(b':', "").is_err() || cursor.skip_value(1).is_err() {
            return members;
        }
        if !name.starts_with("\"_") {
            members.push(cursor.slice(start, cursor.at()));
        }
        if !cursor.next_member(b'}').unwrap_or(false) {
            return members;
        }
    }
}
