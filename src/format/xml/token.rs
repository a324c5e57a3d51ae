//! The markup of an XML text, as far as framing needs it: where each tag, comment, section and
//! instruction ends.

use memchr::memchr;
use memchr::{memmem, memrchr};

use super::strict::{LESS_IN_TAG, NO_TAG, is_name};

/// A piece of XML at some offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Character data up to the next markup.
    Text(&'t [u8]),
    /// A start tag with its name and what follows it.
    Start { name: &'t [u8], attributes: &'t [u8] },
    /// A tag that starts and ends an element.
    Empty { name: &'t [u8], attributes: &'t [u8] },
    /// An end tag with its name.
    End { name: &'t [u8] },
    /// A comment with what it says.
    Comment(&'t [u8]),
    /// A processing instruction with what it says.
    Instruction(&'t [u8]),
    /// A CDATA section.
    Section,
    /// The XML declaration with what follows its name.
    Declaration(&'t [u8]),
    /// A document type declaration.
    DocType,
}

/// What stands at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next<'t> {
    /// A token, and the offset behind it.
    Token(Token<'t>, usize),
    /// The text ends before the token does.
    Incomplete,
    /// No XML markup begins like this.
    Broken(&'static str),
}

/// Reads the token at an offset.
pub(super) fn next(text: &[u8], at: usize) -> Next<'_> {
    let rest = &text[at..];
    if rest.first() != Some(&b'<') {
        // Text is complete only once it is known what follows; a piece of it will do at the end.
        let end = memchr(b'<', rest).unwrap_or_else(|| len_of_piece(rest));
        return match end {
            0 => Next::Incomplete,
            _ => Next::Token(Token::Text(&rest[..end]), at + end),
        };
    }
    match rest.get(1) {
        None => Next::Incomplete,
        Some(b'!') => declaration(rest, at),
        Some(b'?') => match memmem::find(&rest[2..], b"?>") {
            Some(length) => {
                let inner = &rest[2..2 + length];
                let declares = |rest: &&[u8]| rest.first().is_none_or(u8::is_ascii_whitespace);
                let token = match inner.strip_prefix(b"xml").filter(declares) {
                    Some(rest) => Token::Declaration(rest),
                    None => Token::Instruction(inner),
                };
                Next::Token(token, at + 2 + length + 2)
            }
            None => Next::Incomplete,
        },
        Some(b'/') => match memchr(b'>', rest) {
            Some(end) => Next::Token(Token::End { name: rest[2..end].trim_ascii_end() }, at + end + 1),
            None => Next::Incomplete,
        },
        Some(_) => start_tag(rest, at),
    }
}

/// How much of a text may be looked at before it is known what follows: no reference, no end of a section and no
/// character may be cut.
fn len_of_piece(text: &[u8]) -> usize {
    let in_reference = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    match memrchr(b'&', text) {
        Some(begin) if text[begin + 1..].iter().all(in_reference) => begin,
        _ => {
            let brackets = text.iter().rev().take(2).take_while(|byte| **byte == b']').count();
            text.len() - brackets.max(len_of_cut_character(text))
        }
    }
}

/// The length of a character at the end of a text that is not there whole.
fn len_of_cut_character(text: &[u8]) -> usize {
    let begin = text.iter().rev().take(4).position(|byte| byte & 0xC0 != 0x80);
    let Some(behind) = begin.map(|begin| begin + 1) else { return 0 };
    let whole = match text[text.len() - behind] {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    };
    if behind < whole { behind } else { 0 }
}

fn declaration(rest: &[u8], at: usize) -> Next<'_> {
    fn until<'t>(
        (rest, at): (&'t [u8], usize),
        open: &[u8],
        close: &[u8],
        token: impl Fn(&'t [u8]) -> Token<'t>,
    ) -> Next<'t> {
        match memmem::find(&rest[open.len()..], close) {
            Some(length) => {
                let end = open.len() + length;
                Next::Token(token(&rest[open.len()..end]), at + end + close.len())
            }
            None => Next::Incomplete,
        }
    }
    if rest.starts_with(b"<!--") {
        until((rest, at), b"<!--", b"-->", Token::Comment)
    } else if rest.starts_with(b"<![CDATA[") {
        until((rest, at), b"<![CDATA[", b"]]>", |_| Token::Section)
    } else if rest.len() >= 9 && rest[..9].eq_ignore_ascii_case(b"<!DOCTYPE") {
        Next::Token(Token::DocType, at + 9)
    } else if b"<!--".starts_with(rest) || b"<![CDATA[".starts_with(rest) || b"<!DOCTYPE".starts_with(rest) {
        Next::Incomplete
    } else {
        Next::Broken("<! begins neither a comment nor a CDATA section")
    }
}

fn start_tag(rest: &[u8], at: usize) -> Next<'_> {
    let end = match tag_end(rest) {
        TagEnd::At(end) => end,
        TagEnd::Incomplete => return Next::Incomplete,
        TagEnd::Never => return Next::Broken(LESS_IN_TAG),
    };
    let inner = &rest[1..end];
    let empty = inner.ends_with(b"/");
    let inner = inner.strip_suffix(b"/").unwrap_or(inner);
    let name_len = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(name_len);
    if !is_name(name) {
        return Next::Broken(NO_TAG);
    }
    let token = if empty { Token::Empty { name, attributes } } else { Token::Start { name, attributes } };
    Next::Token(token, at + end + 1)
}

/// How a start tag ends.
enum TagEnd {
    /// With the `>` at this offset.
    At(usize),
    /// With one that is not there yet.
    Incomplete,
    /// With none: another tag begins within it.
    Never,
}

/// The `>` that ends a start tag; quotes may hold others.
fn tag_end(rest: &[u8]) -> TagEnd {
    let (mut at, mut quote) = (1, None);
    loop {
        let found = match quote {
            None => rest[at..].iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\'')),
            Some(quote) => memchr::memchr2(quote, b'<', &rest[at..]),
        };
        let Some(length) = found else { return TagEnd::Incomplete };
        at += length + 1;
        match rest[at - 1] {
            b'<' => return TagEnd::Never,
            b'>' if quote.is_none() => return TagEnd::At(at - 1),
            sign => quote = if quote.is_none() { Some(sign) } else { None },
        }
    }
}

/// The name without its prefix.
pub(super) fn local(name: &[u8]) -> &[u8] {
    match memchr(b':', name) {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}
