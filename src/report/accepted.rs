//! Accepted records: one JSON object a line, in the shape of the REST API, typed by the contract,
//! whatever the input format was.

use crate::contract::tables::customer::SOURCE_OF_RISK_LEVEL;
use crate::contract::tables::item::screening::SCREENING;
use crate::contract::{Kind, Members, NodeId, Record, Value};
use crate::format::json::lines::Lines;

/// Writes a record. Absent and unknown fields are left out; the source of risk level is always there: an absent one was
/// judged as IMPORT.
///
/// A JSON record that already is what it would be written as is copied as it stands; fields of any other record stand in
/// the order of the tables.
pub fn write(record: &Record<'_>, out: &mut Lines) {
    let start = out.len();
    let end = match record.text_as_accepted() {
        Some(text) => out.put(start, text.as_bytes()),
        None => Json { record, out }.object(NodeId::ROOT, start),
    };
    out.end(end);
}

/// A record as it becomes a line. Every method takes the place where it writes, and returns the one behind.
struct Json<'w, 'a> {
    record: &'w Record<'a>,
    out: &'w mut Lines,
}

impl<'a> Json<'_, 'a> {
    fn object(&mut self, node: NodeId, start: usize) -> usize {
        let record = self.record;
        let object = record.object(node);
        let mut fields = record.present(node);
        let source_is_implied = node == NodeId::ROOT && !record.has(node, SOURCE_OF_RISK_LEVEL);
        if source_is_implied {
            fields |= 1 << SOURCE_OF_RISK_LEVEL;
        }
        if fields == 0 {
            return self.out.put(start, b"{}");
        }
        let slots = record.slots(node);
        let end = Members::of(fields).fold(start, |at, index| {
            let field = &object.fields[index];
            match slots[index].value {
                _ if source_is_implied && index == SOURCE_OF_RISK_LEVEL => {
                    let at = self.out.put(at, field.member.key().as_bytes());
                    self.out.put(at, b"\"IMPORT\"")
                }
                Value::Text(text) if field.is_string => self.out.member(at, &field.member, record, text),
                // Booleans of rows and elements; those of JSON are tokens.
                Value::Text("true") if matches!(field.kind, Kind::Boolean) => {
                    self.out.bare_member(at, &field.member, b"true")
                }
                Value::Text("false") if matches!(field.kind, Kind::Boolean) => {
                    self.out.bare_member(at, &field.member, b"false")
                }
                value => {
                    let at = self.out.put(at, field.member.key().as_bytes());
                    self.value(field.kind, value, at)
                }
            }
        });
        // Every key has a comma in front; the first stands where the object opens.
        self.out.replace(start, b'{');
        self.out.put(end, b"}")
    }

    fn value(&mut self, kind: Kind, value: Value<'a>, start: usize) -> usize {
        match value {
            Value::Text(text) => self.scalar(text, false, kind, start),
            Value::Token(text) => self.scalar(text, true, kind, start),
            Value::Node(child) => self.object(child, start),
            Value::List(first, _) => {
                let end = self.record.items_from(Some(first)).fold(start, |at, item| {
                    let at = self.out.put(at, b",");
                    if self.record.object(item).is(&SCREENING) {
                        self.value(SCREENING.fields[0].kind, self.record.get(item, 0), at)
                    } else {
                        self.object(item, at)
                    }
                });
                self.out.replace(start, b'[');
                self.out.put(end, b"]")
            }
            // Nested values where none belong stand only in fields that were not judged (W012, W004).
            Value::NestedJson(text) => self.out.put(start, text.as_bytes()),
            Value::NestedXml(text) => self.out.string(start, text),
            Value::Absent => self.out.put(start, b"null"),
        }
    }

    /// Writes a scalar with the type of its field. A value that was not judged and does not fit its type
    /// stays the text it was.
    fn scalar(&mut self, text: &str, token: bool, kind: Kind, at: usize) -> usize {
        match kind {
            Kind::Boolean if matches!(text, "true" | "false") => self.out.put(at, text.as_bytes()),
            Kind::Integer | Kind::BigInteger | Kind::Decimal if token => self.out.put(at, text.as_bytes()),
            Kind::Integer | Kind::BigInteger | Kind::Decimal if crate::rules::lexical::is_decimal(text) => {
                self.number(text, at)
            }
            Kind::AdditionalValue if token => self.out.put(at, text.as_bytes()),
            _ => self.out.string(at, text),
        }
    }

    /// Writes a number that was text: JSON allows no zeros in front.
    fn number(&mut self, text: &str, at: usize) -> usize {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text),
        };
        let zeros = digits.bytes().take_while(|byte| *byte == b'0').count();
        let significant = &digits[zeros..];
        let lead =
            if significant.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) { "" } else { "0" };
        [sign, lead, significant].iter().fold(at, |at, part| self.out.put(at, part.as_bytes()))
    }
}
