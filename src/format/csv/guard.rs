//! The spreadsheet guard: one apostrophe in front of cells that a spreadsheet would run or change.
//! Reversible: what is guarded on the way out is taken off on the way in.

/// Digits from which on a spreadsheet rounds.
const DIGITS_MAX: usize = 11;

/// Whether a spreadsheet would run or change this text: a formula, a sign in front, a leading zero, a
/// long number, `1e5`, `1-2`.
#[must_use]
pub(crate) fn needs_guard(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'', ..] => true,
        [b'0', b'0'..=b'9', ..] => true,
        [b'0'..=b'9', ..] => {
            bytes.iter().filter(|byte| byte.is_ascii_digit()).count() > DIGITS_MAX || looks_calculated(bytes)
        }
        _ => false,
    }
}

/// `1e5` and `1-2`, `1/2`, `1:2`: numbers with an exponent and what looks like a date or a time. Dates
/// of the contract, such as `2026-01-21`, are left alone: they come back as they were.
fn looks_calculated(bytes: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = digits(bytes);
    match bytes.get(first) {
        Some(b'e' | b'E') => {
            let rest = &bytes[first + 1..];
            let rest = rest.strip_prefix(b"+").or_else(|| rest.strip_prefix(b"-")).unwrap_or(rest);
            !rest.is_empty() && digits(rest) == rest.len()
        }
        Some(b'-' | b'/' | b':') => {
            let rest = &bytes[first + 1..];
            first < 4 && digits(rest) > 0
        }
        _ => false,
    }
}

/// Takes the guard off a text that has one.
#[must_use]
#[inline]
pub(crate) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => text,
    }
}
