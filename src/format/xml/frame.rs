//! Records cut out of XML: every `AMLYZE_CUSTOMER` under any root.

use std::sync::Arc;

use memchr::memmem;

use super::super::block::{BLOCK_BYTES, Block};
use super::super::frame::{Frame, ScanFailure, Scanned, Skipped, Window};
use super::super::{DEPTH_MAX, FileFailure};
use super::scope::{Around, Envelope, Scope, declaration_of};
use super::strict::{
    self, CHARACTER, NO_INSTRUCTION, REFERENCE, SECTION_END, control_character, is_instruction, noncharacter,
};
use super::token::{Next, Token, local, next};

/// The element that is a record. Source: the contract, section 14.
pub const RECORD_NAME: &str = "AMLYZE_CUSTOMER";

pub(super) const RECORD: &[u8] = RECORD_NAME.as_bytes();

/// The documented namespace of the record element.
pub const NAMESPACE: &str = "urn:amlyze-services:EvaluateCustomerService_v2r0";

/// What is wrong with elements that are nested deeper than [`DEPTH_MAX`].
pub(super) fn too_deep() -> String {
    format!("elements are nested deeper than {DEPTH_MAX}")
}

/// What is wrong with markup of any size.
const TOO_LARGE: &str = "a tag, comment or section is larger than a record may be";

/// Finds records in an XML text. Everything around them is checked to be well-formed too.
#[derive(Debug, Default)]
pub(in crate::format) struct XmlScanner {
    around: Around,
    rooted: bool,
    /// Whether anything but white space came before.
    begun: bool,
    /// The record that is passed over because it is too large: its name, and how many elements of that
    /// name are open.
    skipped: (Vec<u8>, usize),
    /// What ends the comment, section or instruction in the middle of which the last piece ended.
    skipped_until: Option<&'static [u8]>,
}

impl XmlScanner {
    pub fn envelope(&self) -> Option<Arc<Envelope>> {
        self.around.envelope()
    }

    /// The scopes of the records that were found since they were taken last.
    pub fn take_scopes(&mut self) -> Vec<Arc<Scope>> {
        self.around.take_scopes()
    }

    pub fn scan(&mut self, window: Window<'_>, frames: &mut Vec<Frame>) -> Result<Scanned, ScanFailure> {
        let text = window.text;
        let mut special = Special::default();
        let mut finder = memmem::Finder::new(RECORD).into_owned();
        let mut at = 0;
        loop {
            if at == text.len() {
                if window.ended {
                    self.check_end(at)?;
                }
                return Ok(Scanned { consumed: at, rows: 0, unfinished: None });
            }
            if self.around.is_full() {
                return Ok(Scanned { consumed: at, rows: 0, unfinished: None });
            }
            let (token, end) = match record_tag(text, at, finder.needle()).unwrap_or_else(|| next(text, at)) {
                Next::Token(token, end) => (token, end),
                Next::Broken(detail) => return fail(at, detail),
                Next::Incomplete if window.ended && text[at] != b'<' => {
                    (Token::Text(&text[at..]), text.len())
                }
                Next::Incomplete if window.ended => return fail(at, "the file ends within a tag"),
                Next::Incomplete => return Ok(Scanned { consumed: at, rows: 0, unfinished: Some(at) }),
            };
            if let Token::Start { name, attributes } | Token::Empty { name, attributes } = token
                && (name == finder.needle() || local(name) == RECORD)
            {
                let empty = matches!(token, Token::Empty { .. });
                if finder.needle() != name {
                    finder = memmem::Finder::new(name).into_owned();
                }
                let record_end =
                    if empty { Some(end) } else { record_end(text, name, end, &finder, &mut special)? };
                let Some(record_end) = record_end else {
                    if window.ended {
                        return fail(at, "the file ends within this record");
                    }
                    return Ok(Scanned { consumed: at, rows: 0, unfinished: Some(at) });
                };
                if record_end - at > window.record_bytes_max && !empty {
                    // Nothing but its markup is looked at, and that always.
                    record_end_by_tokens(text, name, end)?;
                }
                let scope = self.enter_record(at, name, attributes)?;
                frames.push(Frame { scope, ..Frame::new(at, record_end, 0, window.record_bytes_max) });
                at = record_end;
                continue;
            }
            if end - at > window.record_bytes_max && !matches!(token, Token::Text(_)) {
                return fail(at, TOO_LARGE);
            }
            self.outside(token, at, &text[at..end])?;
            at = end;
        }
    }

    /// Takes a token that is no record.
    fn outside(&mut self, token: Token<'_>, at: usize, raw: &[u8]) -> Result<(), ScanFailure> {
        if let Token::Text(text) = token {
            return self.text(text, at);
        }
        let begun = std::mem::replace(&mut self.begun, true);
        if let Some(place) = control_character(raw).or_else(|| noncharacter(raw)) {
            return fail(at + place, CHARACTER);
        }
        match token {
            Token::Start { name, attributes } => {
                self.enter_element(at, name, attributes)?;
                if self.around.depth() == DEPTH_MAX as usize {
                    return fail(at, &too_deep());
                }
                self.around.push(name, attributes, raw);
            }
            Token::Empty { name, attributes } => self.enter_element(at, name, attributes)?,
            Token::End { name } => match self.around.pop() {
                Some(open) if open.name == name => {}
                Some(_) => return fail(at, "an end tag does not match the element that is open"),
                None => return fail(at, "an end tag stands where no element is open"),
            },
            Token::Section if self.around.depth() == 0 => {
                return fail(at, "text stands outside of the document");
            }
            Token::Declaration(_) if begun => {
                return fail(at, "an XML declaration stands in the middle of the document");
            }
            Token::Declaration(rest) => {
                strict::check_declaration(rest).or_else(|detail| fail(at, detail))?;
            }
            Token::Comment(text) if text.ends_with(b"-") || memmem::find(text, b"--").is_some() => {
                return fail(at, "-- stands in a comment");
            }
            Token::Instruction(text) if !is_instruction(text) => {
                return fail(at, NO_INSTRUCTION);
            }
            Token::DocType => return fail_doctype(at),
            Token::Text(_) | Token::Section | Token::Comment(_) | Token::Instruction(_) => {}
        }
        Ok(())
    }

    /// Takes a text, or a piece of one, that stands around records.
    fn text(&mut self, text: &[u8], at: usize) -> Result<(), ScanFailure> {
        let Some(begin) = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) else {
            return Ok(());
        };
        self.begun = true;
        let stray = (self.around.depth() == 0).then_some(begin);
        let faults = [
            (stray.filter(|_| self.rooted), "text follows the end of the document"),
            (stray.filter(|_| !self.rooted), "text stands before the first tag"),
            (control_character(text), CHARACTER),
            (noncharacter(text), CHARACTER),
            (memmem::find(text, SECTION_END), "]]> stands in a text; it must be written ]]&gt;"),
            (strict::no_reference(text), REFERENCE),
        ];
        // The first one, however the text is cut.
        let fault = faults.into_iter().filter_map(|(place, detail)| Some((place?, detail)));
        fault.min_by_key(|(place, _)| *place).map_or(Ok(()), |(place, detail)| fail(at + place, detail))
    }

    fn enter_root(&mut self, at: usize) -> Result<(), ScanFailure> {
        if self.around.depth() == 0 && std::mem::replace(&mut self.rooted, true) {
            return fail(at, "a second document follows the first");
        }
        Ok(())
    }

    fn enter_element(&mut self, at: usize, name: &[u8], attributes: &[u8]) -> Result<(), ScanFailure> {
        self.enter_root(at)?;
        strict::check_attributes(attributes).or_else(|detail| fail(at, detail))?;
        self.check_prefix(at, name, attributes)
    }

    /// Refuses an element whose prefix no element around it declares.
    fn check_prefix(&self, at: usize, name: &[u8], attributes: &[u8]) -> Result<(), ScanFailure> {
        if name == RECORD {
            return Ok(());
        }
        let prefix = &name[..name.len() - local(name).len()];
        if prefix.is_empty() || prefix == b"xml:" {
            return Ok(());
        }
        if self.around.declared(&declaration_of(name), attributes).is_none() {
            strict::check_attributes(attributes).or_else(|detail| fail(at, detail))?;
            return fail(at, "the prefix of an element is not declared");
        }
        Ok(())
    }

    /// Takes the tag of a record, and returns the number of its scope.
    fn enter_record(&mut self, at: usize, name: &[u8], attributes: &[u8]) -> Result<u16, ScanFailure> {
        self.enter_root(at)?;
        self.check_prefix(at, name, attributes)?;
        self.begun = true;
        Ok(self.around.enter_record(name, attributes))
    }

    fn check_end(&self, at: usize) -> Result<(), ScanFailure> {
        match self.around.depth() {
            0 if self.rooted => Ok(()),
            0 => fail(at, "there is no element in the file"),
            _ => fail(at, "the file ends before its elements are closed; it was cut off"),
        }
    }

    /// Passes over the rest of a record that is over the limit.
    pub fn skip(&mut self, window: Window<'_>, started: bool) -> Result<Skipped, ScanFailure> {
        let text = window.text;
        let mut at = 0;
        if started {
            let Next::Token(Token::Start { name, attributes }, end) = next(text, 0) else {
                return fail(0, TOO_LARGE);
            };
            if local(name) != RECORD {
                return fail(0, "what stands around the records is larger than a record may be");
            }
            self.enter_record(0, name, attributes)?;
            self.skipped = (name.to_vec(), 1);
            at = end;
        }
        while at < text.len() {
            if let Some(end) = self.skipped_until {
                let Some(length) = memmem::find(&text[at..], end) else {
                    // The last bytes may be the beginning of what ends it.
                    at = text.len().saturating_sub(end.len() - 1).max(at);
                    break;
                };
                at += length + end.len();
                self.skipped_until = None;
                continue;
            }
            match next(text, at) {
                Next::Token(token, end) => {
                    match token {
                        Token::Start { name, .. } if name == self.skipped.0 => self.skipped.1 += 1,
                        Token::End { name } if name == self.skipped.0 => self.skipped.1 -= 1,
                        Token::DocType => return fail_doctype(at),
                        _ => {}
                    }
                    at = end;
                    if self.skipped.1 == 0 {
                        return Ok(Skipped { record: at, consumed: at, last: true });
                    }
                }
                Next::Broken(detail) => return fail(at, detail),
                Next::Incomplete => match open_section(&text[at..]) {
                    Some((open, end)) => {
                        at += open;
                        self.skipped_until = Some(end);
                    }
                    None if text.len() - at > window.record_bytes_max => {
                        return fail(at, "a tag is larger than a record may be");
                    }
                    None => break,
                },
            }
        }
        if window.ended {
            return fail(at, "the file ends within a record");
        }
        Ok(Skipped { record: at, consumed: at, last: false })
    }
}

/// The length of what opens a comment, section or instruction, and what ends it.
fn open_section(text: &[u8]) -> Option<(usize, &'static [u8])> {
    let kinds: [(&[u8], &'static [u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
    kinds.into_iter().find(|(open, _)| text.starts_with(open)).map(|(open, end)| (open.len(), end))
}

fn fail<T>(at: usize, detail: &str) -> Result<T, ScanFailure> {
    let hint = "Have the file written again by a program that writes XML, and drop it again.";
    Err(ScanFailure { at, failure: FileFailure::unreadable("XML", detail, hint) })
}

fn fail_doctype<T>(at: usize) -> Result<T, ScanFailure> {
    let hint = "Remove the DOCTYPE and write out what it defines.";
    let detail = "a DOCTYPE is not accepted: it could pull in other files";
    Err(ScanFailure { at, failure: FileFailure::unreadable("XML", detail, hint) })
}

/// Where the next comment, section or instruction of a text begins: before it, an end tag can be
/// searched for as plain text.
#[derive(Debug, Default)]
struct Special {
    searched: bool,
    next: Option<usize>,
}

impl Special {
    fn is_between(&mut self, text: &[u8], start: usize, end: usize) -> bool {
        if !self.searched || self.next.is_some_and(|at| at < start) {
            self.searched = true;
            self.next = next_special(text, start);
        }
        self.next.is_some_and(|at| at < end)
    }
}

/// The offset of the next `<!` or `<?`.
fn next_special(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr2(b'!', b'?', text.get(at..)?)?;
        // Where a text has one of the signs, more may follow: a block is passed at a time.
        at = from.max(at.saturating_sub(1));
        let block = Block::last(&text[at..text.len().min(at + BLOCK_BYTES)]);
        let signs = (block.are(b'!') | block.are(b'?')).bits();
        let found = block.are(b'<').bits() << 1 & signs;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize - 1);
        }
        // Its last byte may be the first of the two.
        at += BLOCK_BYTES - 1;
    }
}

/// The start tag of a record without attributes, if it stands at this offset.
fn record_tag<'t>(text: &'t [u8], at: usize, name: &[u8]) -> Option<Next<'t>> {
    let inner = text[at..].strip_prefix(b"<")?;
    let behind = inner.strip_prefix(name)?.strip_prefix(b">")?;
    let name = &inner[..name.len()];
    Some(Next::Token(Token::Start { name, attributes: b"" }, text.len() - behind.len()))
}

/// The offset behind the end tag of a record whose start tag ends at `from`; `None` when more text is
/// needed. `finder` looks for the name.
fn record_end(
    text: &[u8],
    name: &[u8],
    from: usize,
    finder: &memmem::Finder<'_>,
    special: &mut Special,
) -> Result<Option<usize>, ScanFailure> {
    let mut at = from;
    loop {
        let Some(length) = finder.find(&text[at..]) else { return Ok(None) };
        let found = at + length;
        let behind = found + name.len();
        let before = &text[from..found];
        if before.ends_with(b"</") {
            let blanks = text[behind..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let closes = text.get(behind + blanks) == Some(&b'>');
            if closes && !special.is_between(text, from, found) {
                return Ok(Some(behind + blanks + 1));
            }
            return record_end_by_tokens(text, name, from);
        }
        if before.ends_with(b"<") {
            return record_end_by_tokens(text, name, from);
        }
        at = behind;
    }
}

/// The same token by token: for comments, sections, instructions and nested elements of the same name.
fn record_end_by_tokens(text: &[u8], name: &[u8], from: usize) -> Result<Option<usize>, ScanFailure> {
    let mut open = 1;
    let mut at = from;
    while at < text.len() {
        match next(text, at) {
            Next::Token(token, end) => {
                match token {
                    Token::Start { name: other, .. } if other == name => open += 1,
                    Token::End { name: other } if other == name => open -= 1,
                    Token::DocType => return fail_doctype(at),
                    _ => {}
                }
                at = end;
                if open == 0 {
                    return Ok(Some(at));
                }
            }
            Next::Broken(detail) => return fail(at, detail),
            Next::Incomplete => return Ok(None),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use memchr::memmem;

    use super::next_special;

    #[test]
    fn the_next_comment_section_or_instruction_is_the_first_of_either_sign() {
        for length in 0..40 {
            for at in 0..length {
                for (fill, pair) in [(b'a', b"<!"), (b'?', b"<?"), (b'<', b"<!"), (b'!', b"<?")] {
                    let mut text = vec![fill; length];
                    text.splice(at..(at + 2).min(length), pair.iter().copied());
                    for from in 0..=text.len() {
                        let first = |sign: &[u8]| memmem::find(&text[from..], sign).map(|found| from + found);
                        let both = [first(b"<!"), first(b"<?")];
                        assert_eq!(next_special(&text, from), both.into_iter().flatten().min(), "{text:?}");
                    }
                }
            }
        }
    }
}
