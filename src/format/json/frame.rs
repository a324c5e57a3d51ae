//! Records cut out of JSON: lines, and the elements of an array.

use memchr::{memchr, memchr2};

use super::super::block::{WINDOW_BYTES, window_bits, window_has};
use super::super::frame::{Frame, ScanFailure, Scanned, Skipped, Window};
use super::super::{DEPTH_MAX, FileFailure, JsonShape};
use super::cursor::too_deep;

/// Finds one record a line. Blank lines are none.
#[derive(Debug, Default)]
pub(in crate::format) struct LineScanner;

impl LineScanner {
    pub fn scan(&mut self, window: Window<'_>, frames: &mut Vec<Frame>) -> Scanned {
        let text = window.text;
        let mut at = 0;
        while at < text.len() {
            let (end, next) = match memchr(b'\n', &text[at..]) {
                Some(length) => (at + length, at + length + 1),
                None if window.ended => (text.len(), text.len()),
                None => break,
            };
            let line = trimmed(&text[at..end]);
            if !line.is_empty() {
                let start = at + offset_in(&text[at..end], line);
                frames.push(Frame::new(start, start + line.len(), 0, window.record_bytes_max));
            }
            at = next;
        }
        Scanned { consumed: at, rows: 0, unfinished: Some(at) }
    }
}

fn offset_in(text: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// Passes over the rest of a line that is over the limit.
pub(in crate::format) fn skip_line(window: Window<'_>) -> Skipped {
    match memchr(b'\n', window.text) {
        Some(end) => {
            let record = window.text[..end].strip_suffix(b"\r").map_or(end, <[u8]>::len);
            Skipped { record, consumed: end + 1, last: true }
        }
        None => Skipped { record: window.text.len(), consumed: window.text.len(), last: window.ended },
    }
}

/// Where the scanner of a sequence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the bracket that opens the array, or before the only object.
    Prologue,
    /// Behind the bracket: an element or the end may follow.
    First,
    /// Behind a comma: an element must follow.
    Element,
    /// Behind an element: a comma or the end must follow.
    Between,
    /// Behind the array of a wrapper: further members may follow.
    Epilogue,
    /// Behind the end: nothing may follow.
    End,
}

/// Finds the elements of an array, alone or in a wrapper object, or a single object.
#[derive(Debug)]
pub(in crate::format) struct SequenceScanner {
    shape: JsonShape,
    state: State,
    nesting: Nesting,
}

impl SequenceScanner {
    pub fn new(shape: JsonShape) -> Self {
        Self { shape, state: State::Prologue, nesting: Nesting::default() }
    }

    pub fn scan(&mut self, window: Window<'_>, frames: &mut Vec<Frame>) -> Result<Scanned, ScanFailure> {
        let text = window.text;
        let mut done = 0;
        loop {
            let at = done + text[done..].iter().take_while(|byte| is_blank(**byte)).count();
            let Some(byte) = text.get(at) else {
                if window.ended && self.state != State::End {
                    return fail(at, "the file ends before all brackets are closed");
                }
                return Ok(Scanned { consumed: at, rows: 0, unfinished: None });
            };
            match (self.state, byte) {
                (State::Prologue, _) => match self.prologue(text, at, window.ended)? {
                    Some(next) => done = next,
                    None => return Ok(Scanned { consumed: done, rows: 0, unfinished: Some(at) }),
                },
                (State::First | State::Between, b']') => {
                    self.state = if self.shape == JsonShape::Wrapper { State::Epilogue } else { State::End };
                    done = at + 1;
                }
                (State::Between, b',') => {
                    self.state = State::Element;
                    done = at + 1;
                }
                (State::Between, _) => return fail(at, "a comma or ] was expected between two records"),
                (State::First | State::Element, _) => {
                    let end = value_end(text, at, window.ended)?;
                    let Some(end) = end else {
                        return Ok(Scanned { consumed: done, rows: 0, unfinished: Some(at) });
                    };
                    frames.push(Frame::new(at, end, 0, window.record_bytes_max));
                    self.state = if self.shape == JsonShape::Single { State::End } else { State::Between };
                    done = end;
                }
                (State::Epilogue, _) => match epilogue_end(text, at, window.ended)? {
                    Some(end) => {
                        self.state = State::End;
                        done = end;
                    }
                    None => return Ok(Scanned { consumed: done, rows: 0, unfinished: Some(at) }),
                },
                (State::End, _) => return fail(at, "something follows the end of the document"),
            }
        }
    }

    /// Passes over what stands before the first record.
    fn prologue(&mut self, text: &[u8], at: usize, ended: bool) -> Result<Option<usize>, ScanFailure> {
        match self.shape {
            JsonShape::Wrapper => {
                let Some(list) = members_until(text, at + 1, ended, Some(CUSTOMERS))? else {
                    return Ok(None);
                };
                if text[list] == b'[' {
                    self.state = State::First;
                    return Ok(Some(list + 1));
                }
                // Well-formed perhaps, but no list: then the file holds no record.
                let end = other_value_end(text, list, ended)?;
                if end.is_some() {
                    self.state = State::Epilogue;
                }
                Ok(end)
            }
            JsonShape::Array => {
                self.state = State::First;
                Ok(Some(at + 1))
            }
            JsonShape::Single | JsonShape::Lines => {
                self.state = State::Element;
                Ok(Some(at))
            }
        }
    }

    /// Passes over the rest of an element that is over the limit.
    pub fn skip(&mut self, window: Window<'_>, started: bool) -> Result<Skipped, ScanFailure> {
        if !matches!(self.state, State::First | State::Element) {
            return fail(0, "what stands around the records is larger than a record may be");
        }
        if started {
            self.nesting = Nesting::default();
        }
        match self.nesting.pass(window.text)? {
            Some(end) => {
                self.state = if self.shape == JsonShape::Single { State::End } else { State::Between };
                Ok(Skipped { record: end, consumed: end, last: true })
            }
            None if window.ended => fail(window.text.len(), "the file ends before all brackets are closed"),
            None => Ok(Skipped { record: window.text.len(), consumed: window.text.len(), last: false }),
        }
    }
}

fn fail<T>(at: usize, detail: &str) -> Result<T, ScanFailure> {
    let hint = "Have the file written again by a program that writes JSON, and drop it again.";
    Err(ScanFailure { at, failure: FileFailure::unreadable("JSON", detail, hint) })
}

/// There is a bit for every level.
const _: () = assert!(DEPTH_MAX <= u128::BITS);

/// How deep a place of a JSON text is nested.
#[derive(Debug, Clone, Copy, Default)]
struct Nesting {
    depth: u32,
    /// One bit for every open bracket, the innermost lowest: whether it is that of a list.
    lists: u128,
    in_string: bool,
    escaped: bool,
    begun: bool,
}

impl Nesting {
    /// Passes over one value; `None` when the text ends within it. A scalar ends before the byte that
    /// cannot belong to it.
    fn pass(&mut self, text: &[u8]) -> Result<Option<usize>, ScanFailure> {
        let mut at = 0;
        // Nearly every value is an object: its windows begin at once.
        if !self.begun
            && let Some(bracket @ (b'{' | b'[')) = text.first()
        {
            self.begun = true;
            self.bracket(*bracket, 0)?;
            at = 1;
        }
        while at < text.len() {
            if self.depth > 0 && !self.escaped {
                let (passed, brackets) = self.next_brackets(&text[at..]);
                at += passed;
                if let Some((window, brackets)) = brackets {
                    if let Some(end) = self.pass_brackets(window, brackets).map_err(behind(at))? {
                        return Ok(Some(at + end));
                    }
                    at += WINDOW_BYTES;
                    continue;
                }
            }
            let (end, ended) = self.pass_bytes(text, at)?;
            if ended {
                return Ok(Some(end));
            }
            at = end;
        }
        Ok(None)
    }

    /// Passes over windows without brackets outside of strings: how many bytes that were, and the window behind them
    /// with its brackets. That one is missing where it has escapes, or the text ends before it does.
    #[inline]
    fn next_brackets<'t>(&mut self, text: &'t [u8]) -> (usize, Option<(&'t [u8; WINDOW_BYTES], u64)>) {
        // All bits are set within a string.
        let mut before = if self.in_string { u64::MAX } else { 0 };
        let mut passed = 0;
        let mut found = None;
        for window in text.as_chunks().0 {
            if window_has(window, |block| block.are(b'\\')) {
                break;
            }
            let quotes = window_bits(window, |block| block.are(b'"'));
            // [ and ] differ from { and } in one bit.
            let brackets = window_bits(window, |block| {
                let curly = block.with(0x20);
                curly.are(b'{') | curly.are(b'}')
            });
            let strings = before ^ parities(quotes, brackets != 0);
            before = if strings >> 63 != 0 { u64::MAX } else { 0 };
            if brackets & !strings != 0 {
                found = Some((window, brackets & !strings));
                break;
            }
            passed += WINDOW_BYTES;
        }
        self.in_string = before != 0;
        (passed, found)
    }

    /// Takes the brackets of a window; where the value ends, if it does.
    fn pass_brackets(
        &mut self,
        window: &[u8; WINDOW_BYTES],
        mut brackets: u64,
    ) -> Result<Option<usize>, ScanFailure> {
        while brackets != 0 {
            let at = brackets.trailing_zeros() as usize;
            brackets &= brackets - 1;
            if self.bracket(window[at], at)? {
                self.in_string = false;
                return Ok(Some(at + 1));
            }
        }
        Ok(None)
    }

    /// Takes a bracket within the value; says whether it ends it.
    #[inline]
    fn bracket(&mut self, byte: u8, at: usize) -> Result<bool, ScanFailure> {
        if matches!(byte, b'{' | b'[') {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return fail(at, &too_deep());
            }
            self.lists = self.lists << 1 | u128::from(byte == b'[');
            return Ok(false);
        }
        if (self.lists & 1 != 0) != (byte == b']') {
            return fail(at, "a bracket closes that was not opened");
        }
        self.depth -= 1;
        self.lists >>= 1;
        Ok(self.depth == 0)
    }

    /// Takes some bytes one by one: where it came to, and whether the value ends there.
    fn pass_bytes(&mut self, text: &[u8], mut at: usize) -> Result<(usize, bool), ScanFailure> {
        let enough = text.len().min(at + WINDOW_BYTES);
        while at < enough {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            if self.in_string {
                let Some(length) = memchr2(b'"', b'\\', &text[at..]) else { return Ok((text.len(), false)) };
                at += length + 1;
                if text[at - 1] == b'"' {
                    self.in_string = false;
                    if self.depth == 0 {
                        return Ok((at, true));
                    }
                } else {
                    self.escaped = true;
                }
                continue;
            }
            match text[at] {
                b'"' => self.in_string = true,
                b'}' | b']' if self.depth == 0 => return Ok((at, true)),
                bracket @ (b'{' | b'[' | b'}' | b']') => {
                    let ended = self.bracket(bracket, at)?;
                    if ended {
                        return Ok((at + 1, true));
                    }
                }
                b',' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 && self.begun => {
                    return Ok((at, true));
                }
                _ => {}
            }
            self.begun = true;
            at += 1;
        }
        Ok((at, false))
    }
}

/// Every bit becomes the parity of the bits up to it; the last one alone where it is not `each` that counts.
#[inline(always)]
fn parities(mut bits: u64, each: bool) -> u64 {
    if !each {
        return u64::from(bits.count_ones()) << 63;
    }
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// A failure in a part of a text as one in the whole.
fn behind(at: usize) -> impl Fn(ScanFailure) -> ScanFailure {
    move |failure| ScanFailure { at: at + failure.at, ..failure }
}

/// The end of the value at this offset; `None` when more text is needed.
fn value_end(text: &[u8], at: usize, ended: bool) -> Result<Option<usize>, ScanFailure> {
    let mut nesting = Nesting::default();
    match nesting.pass(&text[at..]).map_err(behind(at))? {
        Some(0) => fail(at, "a record was expected"),
        Some(length) => Ok(Some(at + length)),
        None if ended => fail(at, "the file ends within this record"),
        None => Ok(None),
    }
}

/// The same of a value that is no record: nobody else will see that it is not well-formed.
fn other_value_end(text: &[u8], at: usize, ended: bool) -> Result<Option<usize>, ScanFailure> {
    let Some(end) = value_end(text, at, ended)? else { return Ok(None) };
    if let Ok(value) = std::str::from_utf8(&text[at..end])
        && let Err(malformed) = super::cursor::Cursor::new(value).skip_value(1)
    {
        return fail(at + malformed.at, &malformed.detail);
    }
    Ok(Some(end))
}

/// Whether a text is one well-formed value.
pub(in crate::format) fn is_value(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        let mut cursor = super::cursor::Cursor::new(text);
        cursor.skip_value(0).is_ok() && cursor.is_at_end()
    })
}

/// The name of the list in a wrapper object.
const CUSTOMERS: &[u8] = b"customers";

/// Passes over the members of an object up to the value of `wanted`; or, without `wanted`, behind the
/// end of the object. `None` when more text is needed.
fn members_until(
    text: &[u8],
    mut at: usize,
    ended: bool,
    wanted: Option<&[u8]>,
) -> Result<Option<usize>, ScanFailure> {
    let blanks = |at: usize| at + text[at..].iter().take_while(|byte| is_blank(**byte)).count();
    let more =
        |at: usize| if ended { fail(at, "the file ends before all brackets are closed") } else { Ok(None) };
    loop {
        at = blanks(at);
        match text.get(at) {
            None => return more(at),
            Some(b'"') => {}
            Some(b'}') if wanted.is_none() => return Ok(Some(at + 1)),
            Some(_) => return fail(at, "a field name in quotes was expected"),
        }
        let Some(end) = value_end(text, at, ended)? else { return Ok(None) };
        let name = &text[at + 1..end - 1];
        at = blanks(end);
        match text.get(at) {
            None => return more(at),
            Some(b':') => at = blanks(at + 1),
            Some(_) => return fail(at, "a colon was expected after a field name"),
        }
        if at == text.len() {
            return more(at);
        }
        if Some(name) == wanted {
            return Ok(Some(at));
        }
        if name == CUSTOMERS {
            return fail(at, "customers is given twice");
        }
        let Some(end) = other_value_end(text, at, ended)? else { return Ok(None) };
        at = blanks(end);
        match text.get(at) {
            None => return more(at),
            Some(b',') => {
                at = blanks(at + 1);
                if text.get(at) == Some(&b'}') {
                    return fail(at, "a field name in quotes was expected");
                }
            }
            Some(b'}') if wanted.is_none() => {}
            Some(_) => return fail(at, "a comma or } was expected"),
        }
    }
}

/// Passes over what follows the array of a wrapper, to the end of the object.
fn epilogue_end(text: &[u8], at: usize, ended: bool) -> Result<Option<usize>, ScanFailure> {
    match text[at] {
        b'}' => Ok(Some(at + 1)),
        b',' => {
            let next = at + 1 + text[at + 1..].iter().take_while(|byte| is_blank(**byte)).count();
            if text.get(next) == Some(&b'}') {
                return fail(next, "a field name in quotes was expected");
            }
            members_until(text, at + 1, ended, None)
        }
        _ => fail(at, "a comma or } was expected behind the list of customers"),
    }
}

/// The shape of a JSON document that begins with this text; `None` when more of it is needed.
/// `lines_by_name` may help where the content leaves it open.
pub(in crate::format) fn shape(head: &[u8], whole: bool, lines_by_name: bool) -> Option<JsonShape> {
    let text = head.trim_ascii_start();
    match text.first() {
        // The name says lines: one that is no object is a bad record, not another kind of file.
        Some(b'[') if lines_by_name => return Some(JsonShape::Lines),
        Some(b'[') => return Some(JsonShape::Array),
        Some(b'{') => {}
        _ => return Some(if lines_by_name { JsonShape::Lines } else { JsonShape::Single }),
    }
    // A record may have a name of ours too: where the name says lines, further ones show that it is one.
    let is_wrapper = is_wrapper(text);
    if is_wrapper && !lines_by_name {
        return Some(JsonShape::Wrapper);
    }
    match value_end(text, 0, false) {
        Ok(Some(end)) => {
            let line_end = memchr(b'\n', &text[end..]).map_or(text.len(), |length| end + length);
            let alone_in_line = !text[..end].contains(&b'\n') && text[end..line_end].trim_ascii().is_empty();
            match text[end..].trim_ascii().is_empty() {
                true if !whole => return None,
                true if is_wrapper => return Some(JsonShape::Wrapper),
                true if !lines_by_name || !alone_in_line => return Some(JsonShape::Single),
                _ if alone_in_line => return Some(JsonShape::Lines),
                _ => {}
            }
        }
        Ok(None) if !(whole || is_wrapper && text.contains(&b'\n')) => return None,
        _ => {}
    }
    Some(shape_by_lines(text, lines_by_name))
}

/// Whether a text begins as an object with a list of customers.
fn is_wrapper(text: &[u8]) -> bool {
    text.first() == Some(&b'{') && matches!(members_until(text, 1, false, Some(CUSTOMERS)), Ok(Some(_)))
}

/// The shape of a document whose first value is broken or does not end: lines, where several of them
/// are objects by themselves.
pub(in crate::format) fn shape_by_lines(text: &[u8], lines_by_name: bool) -> JsonShape {
    if is_wrapper(text.trim_ascii_start()) {
        return JsonShape::Wrapper;
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| is_object(line)).count();
    if lines_by_name || lines >= 2 { JsonShape::Lines } else { JsonShape::Single }
}

/// Whether a line is one object, as far as brackets and quotes tell.
fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.first() == Some(&b'{') && matches!(value_end(line, 0, true), Ok(Some(end)) if end == line.len())
}

/// A line without the blanks of JSON around it; other white space belongs to the record. A byte order mark
/// in front stands where files were joined.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(MARK).unwrap_or(line);
    let start = line.iter().position(|byte| !is_blank(*byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_blank(*byte)).map_or(start, |last| last + 1);
    &line[start..end]
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
