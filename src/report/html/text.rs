//! Text as the page shows it: escaped, shortened, grouped.

use std::borrow::Cow;

use crate::printable::is_hidden;

/// The most characters of one text.
const CHARS_MAX: usize = 400;

/// A text that can do nothing but be read: signs of HTML are escaped, hidden characters are made visible, and what is
/// very long is cut.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let special = |char: char| matches!(char, '&' | '<' | '>' | '"' | '\'') || is_hidden(char);
    if text.len() <= CHARS_MAX && !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(CHARS_MAX) + 16);
    for char in text.chars().take(CHARS_MAX) {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ if is_hidden(char) => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(char),
        }
    }
    if text.chars().nth(CHARS_MAX).is_some() {
        out.push('…');
    }
    Cow::Owned(out)
}

/// A number in groups of three: `1 234 567`, with blanks that do not break.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// What a file is, in words: `CSV, utf-8, delimiter ;`.
pub(super) fn spelled(format: Option<&str>, encoding: Option<&str>, delimiter: Option<char>) -> String {
    let mut words: Vec<String> = vec![format.unwrap_or("unknown").to_ascii_uppercase()];
    words.extend(encoding.map(str::to_owned));
    words.extend(delimiter.map(|delimiter| match delimiter {
        '\t' => "delimiter TAB".to_owned(),
        delimiter => format!("delimiter {delimiter}"),
    }));
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{escaped, grouped};

    #[test]
    fn what_a_file_holds_can_only_be_read() {
        assert_eq!(escaped("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assert_eq!(escaped("a\u{202e}b\0c\nd"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
        assert_eq!(escaped("Ąžuolas & \"sons\""), "Ąžuolas &amp; &quot;sons&quot;");
        assert!(escaped(&"x".repeat(10_000)).chars().count() == 401);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
    }
}
