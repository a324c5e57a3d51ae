//! A rejected record in JSON: the record as it stood, with the reasons in front.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::super::rejected::Reason;
use super::cursor::Cursor;
use super::plain::write_string;

/// The key that holds the reasons.
const ERRORS_KEY: &str = "\"_errors\":";

/// Finds the beginning of a name of ours.
static OUR_NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"_"));

/// Writes one record with its reasons. Keys that begin with `_` are left out: they are ours.
pub(in crate::format) fn record(out: &mut Vec<u8>, text: &str, reasons: &[Reason<'_>]) {
    out.extend_from_slice(b"{");
    out.extend_from_slice(ERRORS_KEY.as_bytes());
    out.push(b'[');
    for (i, reason) in reasons.iter().enumerate() {
        out.extend_from_slice(if i == 0 { b"{\"code\":" } else { b",{\"code\":" });
        write_string(out, reason.code);
        out.extend_from_slice(b",\"field\":");
        write_string(out, reason.field);
        out.extend_from_slice(b",\"message\":");
        write_string(out, reason.message);
        out.push(b'}');
    }
    out.push(b']');
    if OUR_NAME.find(text.as_bytes()).is_none() {
        return members(out, text.trim_start().strip_prefix('{').unwrap_or_default());
    }
    let found = Members::of(text);
    let (ours, kept): (Vec<&Member<'_>>, Vec<&Member<'_>>) =
        found.list.iter().partition(|member| member.is_ours());
    let in_front = found.list.iter().take_while(|member| member.is_ours()).count();
    if in_front == ours.len() {
        // Without the reasons of last time the record is what it was, blanks included.
        return members(
            out,
            &text[found.list.get(in_front).map_or(found.end, |member| member.behind_comma)..],
        );
    }
    for member in kept {
        out.push(b',');
        out.extend_from_slice(member.text.as_bytes());
    }
    out.push(b'}');
}

/// Writes the rest of an object, from its first member on, behind the reasons.
fn members(out: &mut Vec<u8>, rest: &str) {
    if !rest.trim_start().starts_with('}') {
        out.push(b',');
    }
    out.extend_from_slice(rest.as_bytes());
}

/// A member of an object, as it stands.
struct Member<'t> {
    text: &'t str,
    /// The offset behind the comma or bracket in front of it.
    behind_comma: usize,
}

impl Member<'_> {
    fn is_ours(&self) -> bool {
        self.text.starts_with("\"_")
    }
}

/// The members of an object, and the offset of the bracket that closes it.
struct Members<'t> {
    list: Vec<Member<'t>>,
    end: usize,
}

impl<'t> Members<'t> {
    /// The object has been read before, so nothing here can fail.
    fn of(text: &'t str) -> Self {
        let mut cursor = Cursor::new(text);
        let mut found = Self { list: Vec::new(), end: text.len() };
        if cursor.shape().is_err() || cursor.enter(0).is_err() {
            return found;
        }
        let mut behind_comma = cursor.at();
        if cursor.take(b'}') {
            found.end = cursor.at() - 1;
            return found;
        }
        loop {
            cursor.skip_blanks();
            let start = cursor.at();
            if cursor.skip_value(1).is_err()
                || cursor.expect(b':', "").is_err()
                || cursor.skip_value(1).is_err()
            {
                return found;
            }
            found.list.push(Member { text: cursor.slice(start, cursor.at()), behind_comma });
            let more = cursor.next_member(b'}').unwrap_or(false);
            behind_comma = cursor.at();
            if !more {
                found.end = cursor.at() - 1;
                return found;
            }
        }
    }
}
