//! A cursor over the text of one JSON value: strict (RFC 8259), borrowing, with the place of every
//! token.
//!
//! serde_json reads values into types and stops at the first that does not fit; it keeps neither the
//! text of a number nor the place of a value. A report has to name every violation with its place, so
//! the walk over a record is done here. A test holds it to serde_json's judgement on generated and
//! mutated texts.

use bumpalo::Bump;

use super::super::{DEPTH_MAX, Malformed};
use super::plain::plain_len;

/// What is wrong with a text that is nested deeper than [`DEPTH_MAX`].
pub(super) fn too_deep() -> String {
    format!("objects and lists are nested deeper than {DEPTH_MAX}")
}

/// What a value begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    String,
    Number,
    Boolean,
    Null,
    Object,
    Array,
}

/// A position in the text of one JSON value.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Where half of a surrogate pair stood alone first: RFC 8259 allows it, and it is no letter.
    half: Option<usize>,
}

/// The failure is boxed so that the good result fits two registers.
type Result<T> = std::result::Result<T, Box<Malformed>>;

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, half: None }
    }

    /// The offset of the next byte.
    #[inline]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The whole text.
    #[inline]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Goes to an offset.
    #[inline]
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The text between two offsets.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        &self.text[start..end]
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub fn skip_blanks(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_several_blanks();
        }
    }

    #[inline(never)]
    fn skip_several_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[cold]
    pub fn fail<T>(&self, detail: &str) -> Result<T> {
        Err(Box::new(Malformed::new(self.at, detail)))
    }

    /// Takes a text if it comes next.
    #[inline]
    pub fn take_text(&mut self, text: &str) -> bool {
        let taken = self.text.as_bytes()[self.at..].starts_with(text.as_bytes());
        self.at += if taken { text.len() } else { 0 };
        taken
    }

    /// Takes one byte that must come next, after blanks.
    #[inline]
    pub fn expect(&mut self, byte: u8, detail: &str) -> Result<()> {
        self.skip_blanks();
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        self.fail(detail)
    }

    /// Takes one byte if it comes next, after blanks.
    #[inline]
    pub fn take(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    /// Whether nothing but blanks is left.
    pub fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    /// What the next value begins as.
    #[inline]
    pub fn shape(&mut self) -> Result<Shape> {
        self.skip_blanks();
        match self.peek() {
            Some(b'"') => Ok(Shape::String),
            Some(b'-' | b'0'..=b'9') => Ok(Shape::Number),
            Some(b't' | b'f') => Ok(Shape::Boolean),
            Some(b'n') => Ok(Shape::Null),
            Some(b'{') => Ok(Shape::Object),
            Some(b'[') => Ok(Shape::Array),
            Some(_) => self.fail("a value was expected"),
            None => self.fail("the text ends where a value was expected"),
        }
    }

    /// Reads a string, decoded. Borrowed unless it holds escapes.
    #[inline]
    pub fn string(&mut self, bump: &'a Bump) -> Result<&'a str> {
        let start = self.at + 1;
        match self.plain_string()? {
            Some(text) => Ok(text),
            None => Ok(bump.alloc_str(&self.escaped_string(start)?)),
        }
    }

    /// Passes over a string.
    fn skip_string(&mut self) -> Result<()> {
        let start = self.at + 1;
        match self.plain_string()? {
            Some(_) => Ok(()),
            None => self.escaped_string(start).map(drop),
        }
    }

    /// Reads a string if one comes next and holds no escapes.
    #[inline(always)]
    pub fn take_plain_string(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = self.plain_run(start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        Some(&self.text[start..end])
    }

    /// Reads a string that holds no escapes; `None` when it does, with the cursor at the first.
    #[inline]
    fn plain_string(&mut self) -> Result<Option<&'a str>> {
        if self.peek() != Some(b'"') {
            return self.fail("a field name in quotes was expected");
        }
        let start = self.at + 1;
        let end = self.plain_run(start);
        self.at = end;
        if self.peek() != Some(b'"') {
            return Ok(None);
        }
        self.at = end + 1;
        Ok(Some(&self.text[start..end]))
    }

    /// The offset of the next quote, backslash or control character.
    #[inline]
    fn plain_run(&self, from: usize) -> usize {
        from + plain_len(&self.text.as_bytes()[from..])
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<String> {
        let mut text = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return self.fail("a control character stands in a text; it must be escaped"),
                None => return self.fail("the text ends within quotes"),
            }
            let end = self.plain_run(self.at);
            text.push_str(&self.text[self.at..end]);
            self.at = end;
        }
    }

    fn escape(&mut self) -> Result<char> {
        let Some(byte) = self.peek() else { return self.fail("the text ends within quotes") };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => {
                self.at -= 1;
                return self.fail("a backslash stands before a character that cannot be escaped");
            }
        })
    }

    /// Half of a surrogate pair that stands alone is kept in mind and read on behind, so that the rest is checked too.
    fn unicode_escape(&mut self) -> Result<char> {
        let at = self.at - "\\u".len();
        let first = self.hex_digits()?;
        let behind = self.at;
        if (0xd800..0xdc00).contains(&first) && self.take_text("\\u") {
            let second = self.hex_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = behind;
        }
        Ok(char::from_u32(first).unwrap_or_else(|| {
            self.half.get_or_insert(at);
            char::REPLACEMENT_CHARACTER
        }))
    }

    /// Fails where what was read holds half of a surrogate pair. Everything around it is well-formed.
    pub fn check_letters(&self) -> Result<()> {
        let Some(at) = self.half else { return Ok(()) };
        let malformed = Malformed::new(at, "half of a surrogate pair stands alone");
        Err(Box::new(Malformed { document_survives: true, ..malformed }))
    }

    fn hex_digits(&mut self) -> Result<u32> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        match digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            Some(digits) => {
                self.at += 4;
                let value = |digit: &u8| char::from(*digit).to_digit(16).unwrap_or_default();
                Ok(digits.iter().fold(0, |code, digit| code << 4 | value(digit)))
            }
            None => self.fail("\\u needs four hexadecimal digits"),
        }
    }

    /// Reads a number or a literal and returns its text.
    #[inline]
    pub fn token(&mut self, shape: Shape) -> Result<&'a str> {
        let start = self.at;
        match shape {
            Shape::Number => self.number()?,
            _ => self.literal()?,
        }
        Ok(&self.text[start..self.at])
    }

    fn literal(&mut self) -> Result<()> {
        for literal in ["true", "false", "null"] {
            if self.text.as_bytes()[self.at..].starts_with(literal.as_bytes()) {
                self.at += literal.len();
                return Ok(());
            }
        }
        self.fail("a value was expected")
    }

    fn number(&mut self) -> Result<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.fail("a digit was expected"),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek() {
            Some(b'0'..=b'9') => self.fail("a number must not begin with a zero"),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { self.fail("a digit was expected") } else { Ok(()) }
    }

    /// Passes over one value of any shape, checking that it is well-formed, and returns its text.
    pub fn skip_value(&mut self, depth: u32) -> Result<&'a str> {
        let shape = self.shape()?;
        let start = self.at;
        match shape {
            Shape::String => self.skip_string()?,
            Shape::Object => {
                self.enter(depth)?;
                if !self.take(b'}') {
                    loop {
                        self.skip_blanks();
                        self.skip_string()?;
                        self.expect(b':', "a colon was expected after a field name")?;
                        self.skip_value(depth + 1)?;
                        if !self.next_member(b'}')? {
                            break;
                        }
                    }
                }
            }
            Shape::Array => {
                self.enter(depth)?;
                if !self.take(b']') {
                    loop {
                        self.skip_value(depth + 1)?;
                        if !self.next_member(b']')? {
                            break;
                        }
                    }
                }
            }
            Shape::Number | Shape::Boolean | Shape::Null => drop(self.token(shape)?),
        }
        Ok(&self.text[start..self.at])
    }

    /// Takes the bracket that opens an object or array at this depth (the outermost is 0).
    #[inline]
    pub fn enter(&mut self, depth: u32) -> Result<()> {
        if depth >= DEPTH_MAX {
            return self.fail(&too_deep());
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a comma, or the bracket that closes; says whether another member follows.
    #[inline]
    pub fn next_member(&mut self, close: u8) -> Result<bool> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if close == b'}' => self.fail("a comma or } was expected"),
            Some(_) => self.fail("a comma or ] was expected"),
            None => self.fail("the text ends before all brackets are closed"),
        }
    }
}
