//! The spreadsheet guard: one apostrophe in front of cells that a spreadsheet would run or change.
//! Reversible: what is guarded on the way out is taken off on the way in.

/// Digits from which on a spreadsheet rounds.
const DIGITS_MAX: usize = 11;

/// Whether a spreadsheet would run or change this text: a formula, a sign in front, a leading zero, a
/// long number, and whatever it takes for a number, a date, a time, a share or money: `1e5`, `1-2`,
/// `1500.50`, `5%`, `$5`, `May 5`, `2026-01-21` (which comes back as `1/21/2026` in some countries).
#[must_use]
pub(crate) fn needs_guard(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes {
        [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'', ..] => true,
        [b'0', b'0'..=b'9', ..] => true,
        [b'0'..=b'9', ..] => match bytes.iter().find(|byte| !byte.is_ascii_digit()) {
            None => bytes.len() > DIGITS_MAX,
            Some(_) => digits(bytes) > DIGITS_MAX || looks_calculated(text),
        },
        // Most texts begin with a word that is not calculated with.
        [first, second, ..] if first.is_ascii_alphabetic() && !begins_word(*first, *second) => false,
        _ => digits(bytes) > 0 && looks_calculated(text),
    }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| byte.is_ascii_digit()).count()
}

/// Signs that stand beside digits in what is calculated with.
const SIGNS: [bool; 256] = {
    let signs = b" .,:/-+%()$";
    let (mut is_sign, mut at) = ([false; 256], 0);
    while at < signs.len() {
        is_sign[signs[at] as usize] = true;
        at += 1;
    }
    is_sign
};

/// Whether a text is made of digits, signs of numbers, dates, times and money, and at most one name of a
/// month: all of that is calculated with, where there is a digit.
fn looks_calculated(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut any_word = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            digit if digit.is_ascii_digit() => at += 1,
            sign if SIGNS[usize::from(*sign)] => at += 1,
            b'a'..=b'z' | b'A'..=b'Z' => match calculated_word(&bytes[at..]) {
                Some(length) if !any_word => {
                    any_word = true;
                    at += length;
                }
                _ => return false,
            },
            _ => match text[at..].chars().next() {
                Some(money @ ('€' | '£' | '¥')) => at += money.len_utf8(),
                _ => return false,
            },
        }
    }
    true
}

/// Whether a word that is calculated with can begin with a letter that this byte follows.
fn begins_word(letter: u8, next: u8) -> bool {
    match (letter.to_ascii_lowercase(), next.to_ascii_lowercase()) {
        (b'e', next) => !next.is_ascii_alphabetic(),
        (b'a', next) => matches!(next, b'm' | b'p' | b'u'),
        (b'd' | b'f' | b's', next) => next == b'e',
        (b'j', next) => matches!(next, b'a' | b'u'),
        (b'm', next) => next == b'a',
        (b'n', next) => next == b'o',
        (b'o', next) => next == b'c',
        (b'p', next) => next == b'm',
        _ => false,
    }
}

/// The length of the word that a text begins with, if it is calculated with: the sign of an exponent, half of a
/// day, or the name of a month, whole or shortened.
fn calculated_word(text: &[u8]) -> Option<usize> {
    let is_start = |known: &str, length| {
        known.as_bytes().get(..length).is_some_and(|known| known.eq_ignore_ascii_case(&text[..length]))
    };
    let letters = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let start = text.first_chunk::<3>().unwrap_or(&[0; 3]).map(|byte| byte.to_ascii_lowercase());
    let month = match &start {
        b"jan" => "january",
        b"feb" => "february",
        b"mar" => "march",
        b"apr" => "april",
        b"may" => "may",
        b"jun" => "june",
        b"jul" => "july",
        b"aug" => "august",
        b"sep" => "september",
        b"oct" => "october",
        b"nov" => "november",
        b"dec" => "december",
        _ => {
            let length = letters(&text[..text.len().min(start.len())]);
            let is_word = |known: &&str| known.len() == length && is_start(known, length);
            return ["e", "am", "pm"].iter().any(is_word).then_some(length);
        }
    };
    let length = letters(text);
    is_start(month, length).then_some(length)
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

/// Whether a text comes back as it is when it stands in a cell without a guard.
#[must_use]
pub fn stays_without_guard(text: &str) -> bool {
    unguarded(text).len() == text.len()
}

#[cfg(test)]
mod tests {
    use super::{needs_guard, unguarded};

    #[test]
    fn what_a_spreadsheet_would_run_or_change_is_guarded() {
        let changed = [
            "=1+1",
            "+37061234567",
            "-1",
            "@x",
            "\tx",
            "'x",
            "007",
            "123456789012",
            "1e5",
            "1.23E+17",
            "1-2",
            "2026-01-21",
            "21.01.2026",
            "1500.50",
            "1,234",
            "12:30 PM",
            "10%",
            "$5",
            "5 €",
            "(5)",
            ".5",
            " 007",
            " -5",
            "May 5",
            "5-Jan",
            "SEPT2",
            "1E",
            "December 5",
            "11 PM",
        ];
        for text in changed {
            assert!(needs_guard(text), "{text}");
            assert_eq!(unguarded(&format!("'{text}")), text);
        }
    }

    #[test]
    fn what_comes_back_as_it_is_stands_as_it_is() {
        for text in
            ["", "LT", "0", "7", "12345678901", "12 rue", "Example UAB", "true", "May", "1 Maple", "."]
        {
            assert!(!needs_guard(text), "{text}");
            let quoted = format!("'{text}");
            assert_eq!(unguarded(&quoted), quoted);
        }
    }
}
