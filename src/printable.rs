//! Text of others as people are shown it: it can do nothing but be read.

use std::borrow::Cow;

/// Whether a character could do more than be read: it controls a terminal, turns the direction of writing, or hides.
#[must_use]
#[inline]
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The same text with U+FFFD in place of every hidden character.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    excerpt(text, usize::MAX)
}

/// The first characters of a text, printable, with `…` behind them where there are more.
#[must_use]
pub fn excerpt(text: &str, chars_max: usize) -> Cow<'_, str> {
    if text.len() <= chars_max && !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let visible = |char: char| if is_hidden(char) { char::REPLACEMENT_CHARACTER } else { char };
    let mut chars = text.chars();
    let mut excerpt: String = chars.by_ref().take(chars_max).map(visible).collect();
    if chars.next().is_some() {
        excerpt.push('…');
    }
    Cow::Owned(excerpt)
}

#[cfg(test)]
mod tests {
    use super::{excerpt, printable};

    #[test]
    fn what_could_do_more_than_be_read_is_made_visible() {
        let sequence = "\u{1b}[2Jname\r\nnext\u{7f}\u{9b}1m";
        assert_eq!(printable(sequence), "\u{fffd}[2Jname\u{fffd}\u{fffd}next\u{fffd}\u{fffd}1m");
        assert_eq!(printable("gpj.\u{202e}vsc\u{2066}\u{200b}"), "gpj.\u{fffd}vsc\u{fffd}\u{fffd}");
        for text in ["", "Ąžuolas & \"sons\"", "a\u{a0}b", "日本 €"] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn letters_are_counted_and_not_bytes() {
        assert_eq!(excerpt("ąčę", 3), "ąčę");
        assert_eq!(excerpt("ąčęė", 3), "ąčę…");
        assert_eq!(excerpt("\u{0}bcd", 2), "\u{fffd}b…");
        assert_eq!(excerpt("abc", 0), "…");
    }
}
