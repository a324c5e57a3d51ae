//! The spreadsheet guard: one apostrophe in front of cells that a spreadsheet would run or change.
//! Reversible: what is guarded on the way out is taken off on the way in.

/// Digits from which on a spreadsheet rounds.
const DIGITS_MAX: usize = 11;

/// Whether a spreadsheet would run or change this text: a formula, a sign in front, a leading zero, a
/// long number, and whatever it takes for a number, a date, a time, a share or money: `1e5`, `1-2`,
/// `1500.50`, `5%`, `$5`, `May 5`, `2026-01-21` (which comes back as `1/21/2026` in some countries).
#[must_use]
#[inline]
pub(crate) fn needs_guard(text: &[u8]) -> bool {
    text.first().is_some_and(|first| !BEGINS_PLAIN[usize::from(*first)]) && is_changed(text)
}

/// The first bytes of texts that no spreadsheet changes, whatever follows: most texts are told by them.
const BEGINS_PLAIN: [bool; 256] = {
    let (mut plain, mut byte) = ([false; 256], 0);
    while byte < plain.len() {
        let first = byte as u8;
        plain[byte] = first.is_ascii_alphabetic()
            && !first.eq_ignore_ascii_case(&b'e')
            && BEGINNINGS[letter(first)] == 0;
        byte += 1;
    }
    plain
};

/// Whether a spreadsheet would run or change a text that is not empty.
fn is_changed(text: &[u8]) -> bool {
    match text {
        [b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'', ..] => true,
        [b'0', b'0'..=b'9', ..] => true,
        [b'0'..=b'9', ..] => {
            let is_long = text.len() > DIGITS_MAX && digits(text) > DIGITS_MAX;
            let number = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
            is_long || number < text.len() && looks_calculated(&text[number..])
        }
        // So do most that begin with another letter.
        [first, second, ..] if first.is_ascii_alphabetic() && !begins_word(*first, *second) => false,
        _ => digits(text) > 0 && looks_calculated(text),
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
fn looks_calculated(text: &[u8]) -> bool {
    let mut any_word = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            digit if digit.is_ascii_digit() => at += 1,
            sign if SIGNS[usize::from(*sign)] => at += 1,
            b'a'..=b'z' | b'A'..=b'Z' => match calculated_word(&text[at..]) {
                Some(length) if !any_word => {
                    any_word = true;
                    at += length;
                }
                _ => return false,
            },
            _ => match MONEY.iter().find(|money| text[at..].starts_with(money.as_bytes())) {
                Some(money) => at += money.len(),
                None => return false,
            },
        }
    }
    true
}

/// Signs of money beyond ASCII.
const MONEY: [&str; 3] = ["€", "£", "¥"];

/// For every letter the letters that follow it in words that are calculated with, a bit each.
const BEGINNINGS: [u32; 32] = {
    let words = [b"am", b"ap", b"au", b"de", b"fe", b"se", b"ja", b"ju", b"ma", b"no", b"oc", b"pm"];
    let (mut beginnings, mut at) = ([0; 32], 0);
    while at < words.len() {
        beginnings[letter(words[at][0])] |= 1 << letter(words[at][1]);
        at += 1;
    }
    beginnings
};

/// The number of a letter, large or small.
const fn letter(byte: u8) -> usize {
    (byte & 31) as usize
}

/// Whether a word that is calculated with can begin with a letter that this byte follows.
fn begins_word(first: u8, next: u8) -> bool {
    match next.is_ascii_alphabetic() {
        true => BEGINNINGS[letter(first)] >> letter(next) & 1 != 0,
        false => first.eq_ignore_ascii_case(&b'e'),
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
        Some(rest) if needs_guard(rest.as_bytes()) => rest,
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
            assert!(needs_guard(text.as_bytes()), "{text}");
            assert_eq!(unguarded(&format!("'{text}")), text);
        }
    }

    #[test]
    fn what_comes_back_as_it_is_stands_as_it_is() {
        for text in
            ["", "LT", "0", "7", "12345678901", "12 rue", "Example UAB", "true", "May", "1 Maple", "."]
        {
            assert!(!needs_guard(text.as_bytes()), "{text}");
            let quoted = format!("'{text}");
            assert_eq!(unguarded(&quoted), quoted);
        }
    }
}
