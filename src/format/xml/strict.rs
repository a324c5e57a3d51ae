//! What XML 1.0 does not allow in names, attributes, texts and instructions: the library lets some pass that no other
//! reader takes.

use memchr::memchr;
use quick_xml::escape::unescape;

use super::super::block::len_before;

/// Attributes are names with values in quotes, each name once.
const FORM: &str = "an attribute is not written as name=\"value\", or stands twice";

/// A quote that is not closed would swallow the records behind it.
pub(super) const LESS_IN_TAG: &str = "a < stands within a tag; in an attribute it is written &lt;";

/// An ampersand begins a reference everywhere.
pub(super) const REFERENCE: &str = "an & begins no entity; in text it is written &amp;";

/// What is wrong with a `<` where no name follows.
pub(super) const NO_TAG: &str = "< begins no tag; in text it is written &lt;";

/// What is wrong with a character.
pub(super) const CHARACTER: &str = "a control character stands in the text; XML allows none";

/// What ends a section.
pub(super) const SECTION_END: &[u8] = b"]]>";

/// Whether a text is a name. Source: XML 1.0, fifth edition, production 5.
#[inline]
pub(super) fn is_name(text: &[u8]) -> bool {
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':');
    let continues = |byte: &u8| begins(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    match text.is_ascii() {
        true => text.first().is_some_and(begins) && text.iter().all(continues),
        // What is no text at all is told by whoever looks at the encoding.
        false => std::str::from_utf8(text).map_or(true, is_foreign_name),
    }
}

#[cold]
fn is_foreign_name(text: &str) -> bool {
    const fn begins(char: char) -> bool {
        matches!(char, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
            | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
            | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
    }
    const fn continues(char: char) -> bool {
        begins(char)
            || matches!(char, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
    }
    text.chars().next().is_some_and(begins) && text.chars().all(continues)
}

/// Whether XML allows a character.
pub(super) const fn is_xml_char(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The offset of the first control character that XML does not allow.
pub(super) fn control_character(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += len_before(&bytes[at..], |block| block.up_to(0x1f));
        match bytes.get(at)? {
            b'\t' | b'\n' | b'\r' => at += 1,
            _ => return Some(at),
        }
    }
}

/// The offset of the first U+FFFE or U+FFFF, which XML forbids too.
pub(super) fn noncharacter(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xEF, bytes).find(|at| matches!(bytes[*at..], [_, 0xBF, 0xBE | 0xBF, ..]))
}

/// What is wrong with a `<?`.
pub(super) const NO_INSTRUCTION: &str = "<? begins no processing instruction";

/// Whether a processing instruction begins with a name, which is none of XML's own.
pub(super) fn is_instruction(text: &[u8]) -> bool {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    is_name(&text[..end]) && !text[..end].eq_ignore_ascii_case(b"xml")
}

/// The names and values of the attributes of a tag, of which `rest` is what stands behind its name. Values are as they
/// are written, without their quotes. The first fault is the last item.
#[derive(Debug, Clone)]
pub(in crate::format) struct Attributes<'t> {
    rest: &'t [u8],
}

impl<'t> Attributes<'t> {
    pub(in crate::format) const fn of(rest: &'t [u8]) -> Self {
        Self { rest }
    }

    /// The value of an attribute.
    pub(in crate::format) fn value(mut self, name: &[u8]) -> Option<&'t [u8]> {
        self.find_map(|attribute| attribute.ok().filter(|found| found.0 == name).map(|(_, value)| value))
    }

    fn read(&mut self) -> Option<(&'t [u8], &'t [u8])> {
        let rest = self.rest.trim_ascii_start();
        let (name, rest) = rest.split_at(memchr(b'=', rest)?);
        let rest = rest[1..].trim_ascii_start();
        let (quote @ (b'"' | b'\''), rest) = rest.split_first()? else { return None };
        let (value, rest) = rest.split_at(memchr(*quote, rest)?);
        self.rest = &rest[1..];
        let name = name.trim_ascii_end();
        is_name(name).then_some((name, value))
    }
}

impl<'t> Iterator for Attributes<'t> {
    type Item = Result<(&'t [u8], &'t [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.trim_ascii_start().is_empty() {
            return None;
        }
        let separated = self.rest[0].is_ascii_whitespace();
        let attribute = self.read().filter(|_| separated).ok_or(FORM);
        if attribute.is_err() {
            self.rest = b"";
        }
        Some(attribute)
    }
}

/// The offset of the first `&` in a text or value that begins no reference.
pub(super) fn no_reference(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(begin) = memchr(b'&', &text[from..]).map(|begin| from + begin) {
        let Some(length) = memchr(b';', &text[begin..]) else { return Some(begin) };
        from = begin + length + 1;
        let reference = std::str::from_utf8(&text[begin..from]).ok().and_then(|text| unescape(text).ok());
        if !reference.is_some_and(|text| text.chars().all(is_xml_char)) {
            return Some(begin);
        }
    }
    None
}

/// Checks what stands behind the name of an XML declaration.
pub(super) fn check_declaration(rest: &[u8]) -> Result<(), &'static str> {
    let detail = "the XML declaration is not well-formed";
    check_attributes(rest).map_err(|_| detail)?;
    let mut attributes = Attributes::of(rest).flatten().peekable();
    let has_version = attributes.next_if(|(name, value)| *name == b"version" && is_version(value));
    attributes.next_if(|(name, _)| *name == b"encoding");
    attributes.next_if(|(name, value)| *name == b"standalone" && matches!(*value, b"yes" | b"no"));
    if has_version.is_some() && attributes.next().is_none() { Ok(()) } else { Err(detail) }
}

fn is_version(value: &[u8]) -> bool {
    let minor = value.strip_prefix(b"1.").unwrap_or_default();
    !minor.is_empty() && minor.iter().all(u8::is_ascii_digit)
}

/// Checks the attributes of a tag.
pub(super) fn check_attributes(rest: &[u8]) -> Result<(), &'static str> {
    if memchr(b'<', rest).is_some() {
        return Err(LESS_IN_TAG);
    }
    let mut names = Vec::new();
    for attribute in Attributes::of(rest) {
        let (name, value) = attribute?;
        names.push(name);
        if no_reference(value).is_some() {
            return Err(REFERENCE);
        }
    }
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) { Err(FORM) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{Attributes, check_attributes, check_declaration, is_name};

    #[test]
    fn attributes_are_read_as_xml_has_them() {
        let text = b" a=\"1\"\n b = '2>\"' xmlns:c=\"&amp;&#x4f;\" ";
        let wanted = [("a", "1"), ("b", "2>\""), ("xmlns:c", "&amp;&#x4f;")];
        let wanted = wanted.map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        assert_eq!(Attributes::of(text).collect::<Result<Vec<_>, _>>(), Ok(wanted.to_vec()));
        assert_eq!(Attributes::of(text).value(b"b"), Some(&b"2>\""[..]));
        assert_eq!(Attributes::of(b" a=' b=\"1\"'").value(b"b"), None);
        for good in ["", " ", " a=\"\"", " \u{e4}='1'", " a-1.b='1' a='1'", " a='\n'"] {
            assert_eq!(check_attributes(good.as_bytes()), Ok(()), "{good}");
        }
        let broken = "a=''| a| a=| a=1| a=\"1| a=''b=''| a='' a=\"\"| =''| 1=''| a'=''| a b=''| a=''/| a='<'| a='&'\
                      | a='&x;'| a='&lt'| a='&#1;'| a='&#xD800;'| a\"b='1'";
        for broken in broken.split('|') {
            assert!(check_attributes(broken.as_bytes()).is_err(), "{broken}");
        }
        for name in ["a", "_", "x:y", "\u{104}\u{17d}", "a\u{b7}"] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in ["", "1", "-", "\u{2010}", "a\u{d7}", "\u{300}", "a b"] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
        let declared = |text: &str| check_declaration(text.as_bytes()).is_ok();
        for good in [" version='1.0'", " version=\"1.0\" encoding='x' standalone=\"no\" "] {
            assert!(declared(good), "{good}");
        }
        for broken in ["", " encoding='x'", " version='1.0' x=''", " encoding='x' version='1.0'"] {
            assert!(!declared(broken), "{broken}");
        }
    }
}
