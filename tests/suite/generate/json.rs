//! Records as JSON, in any order, with any white space and escapes.

use std::fmt::Write as _;

use kyc_import::contract::Kind;

use super::{Dice, Members, Name, Value};

/// One record. `lines` says whether white space may hold line ends.
pub fn record(members: &Members, dice: &mut Dice, lines: bool) -> String {
    let mut text = String::new();
    Writer { dice, lines }.object(members, &mut text);
    text
}

/// One record a line.
pub fn lines(records: &[Members], dice: &mut Dice) -> String {
    let end = dice.one(&["\n", "\r\n"]);
    let mut text = String::new();
    for each in records {
        text.push_str(&record(each, dice, false));
        text.push_str(end);
        if dice.once_in(8) {
            text.push_str(end);
        }
    }
    text
}

/// An array of records.
pub fn array(records: &[Members], dice: &mut Dice) -> String {
    let mut text = "[".to_owned();
    elements(records, dice, &mut text);
    text + "]" + dice.one(&["\n", "", " \r\n\t"])
}

/// A wrapper object with the array `customers`, perhaps beside other members.
pub fn wrapper(records: &[Members], dice: &mut Dice) -> String {
    let mut text = dice
        .one(&["{\"customers\":[", "{ \"a\" : [ { } ] , \"customers\" : [", "\n{\"v\":\"]\",\"customers\":["])
        .to_owned();
    elements(records, dice, &mut text);
    text + dice.one(&["]}", "] , \"total\" : { \"customers\" : 5 } }\n", "],\"x\":\"}\"\r\n}"])
}

fn elements(records: &[Members], dice: &mut Dice, text: &mut String) {
    for (index, each) in records.iter().enumerate() {
        let mut writer = Writer { dice, lines: true };
        if index > 0 {
            writer.blanks(text);
            text.push(',');
        }
        writer.blanks(text);
        writer.object(each, text);
        writer.blanks(text);
    }
}

/// JSON text of one value, as it may stand in a cell of a CSV file.
pub fn value(value: &Value, name: Name, dice: &mut Dice) -> String {
    let mut text = String::new();
    Writer { dice, lines: false }.value(name, value, &mut text);
    text
}

struct Writer<'d> {
    dice: &'d mut Dice,
    lines: bool,
}

impl Writer<'_> {
    fn blanks(&mut self, text: &mut String) {
        let blanks =
            ["", " ", "\t", if self.lines { "\n  " } else { "  " }, if self.lines { "\r\n" } else { "" }];
        if self.dice.once_in(3) {
            text.push_str(self.dice.one(&blanks));
        }
    }

    fn object(&mut self, members: &Members, text: &mut String) {
        text.push('{');
        let members = self.dice.shuffled(members.iter().collect());
        for (index, (name, value)) in members.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            self.blanks(text);
            self.string(&name.json(), text);
            self.blanks(text);
            text.push(':');
            self.blanks(text);
            self.value(*name, value, text);
            self.blanks(text);
        }
        text.push('}');
    }

    fn value(&mut self, name: Name, value: &Value, text: &mut String) {
        match value {
            Value::Blank("null") => text.push_str("null"),
            Value::Blank(blank) => self.string(blank, text),
            Value::Wrong(json) => text.push_str(json),
            Value::Text(scalar) => self.scalar(name, scalar, text),
            Value::Object(members) => self.object(members, text),
            Value::Items(items) => self.list(items, text, Self::object),
            Value::Scalars(texts) => self.list(texts, text, |writer, each, text| writer.string(each, text)),
        }
    }

    fn list<T>(&mut self, items: &[T], text: &mut String, mut write: impl FnMut(&mut Self, &T, &mut String)) {
        text.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            self.blanks(text);
            write(self, item, text);
            self.blanks(text);
        }
        text.push(']');
    }

    /// A scalar as a string, or as the JSON value of its field's type where the text is one.
    fn scalar(&mut self, name: Name, scalar: &str, text: &mut String) {
        let Name::Known(field) = name else { return self.string(scalar, text) };
        let boolean = matches!(scalar, "true" | "false");
        let natural = match field.kind {
            Kind::Boolean => boolean,
            Kind::Integer | Kind::BigInteger => is_whole(scalar),
            Kind::Decimal => is_number(scalar),
            Kind::Text => boolean || is_number(scalar),
            _ => false,
        };
        if natural && self.dice.once_in(2) { text.push_str(scalar) } else { self.string(scalar, text) }
    }

    fn string(&mut self, content: &str, text: &mut String) {
        let escaping = self.dice.once_in(4);
        text.push('"');
        for char in content.chars() {
            match char {
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\t' if !escaping => text.push_str("\\t"),
                '/' if escaping => text.push_str("\\/"),
                '\0'..'\u{20}' => escape(char, text),
                _ if escaping && self.dice.once_in(3) => escape(char, text),
                _ => text.push(char),
            }
        }
        text.push('"');
    }
}

fn escape(char: char, text: &mut String) {
    for unit in char.encode_utf16(&mut [0; 2]) {
        write!(text, "\\u{unit:04X}").expect("a string takes all");
    }
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// Whether a text is a JSON number.
fn is_number(text: &str) -> bool {
    let begins = text.starts_with(|char: char| char == '-' || char.is_ascii_digit());
    begins
        && text.len() < 20
        && serde_json::from_str::<serde_json::Number>(text).is_ok()
        && text.trim() == text
}
