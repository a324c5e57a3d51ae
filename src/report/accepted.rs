//! Accepted records: one JSON object a line, in the shape of the REST API, typed by the contract,
//! whatever the input format was.

use crate::contract::tables::customer::SOURCE_OF_RISK_LEVEL;
use crate::contract::tables::item::screening::SCREENING;
use crate::contract::{Kind, Members, NodeId, Record, Value};
use crate::format::json::plain::is_plain;

/// Writes a record and a line end. Absent and unknown fields are left out; the source of risk level is
/// always there: an absent one was judged as IMPORT.
///
/// A JSON record that already is what it would be written as is copied as it stands; fields of any
/// other record stand in the order of the tables.
pub fn write(record: &Record<'_>, out: &mut Vec<u8>) {
    match record.text_as_accepted() {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => object(record, NodeId::ROOT, out),
    }
    out.push(b'\n');
}

fn object(record: &Record<'_>, node: NodeId, out: &mut Vec<u8>) {
    let object = record.object(node);
    let mut fields = record.present(node);
    let source_is_implied = node == NodeId::ROOT && !record.has(node, SOURCE_OF_RISK_LEVEL);
    if source_is_implied {
        fields |= 1 << SOURCE_OF_RISK_LEVEL;
    }
    if fields == 0 {
        return out.extend_from_slice(b"{}");
    }
    let start = out.len();
    let slots = record.slots(node);
    let plain = record.is_plain();
    Members::of(fields).for_each(|index| {
        let field = &object.fields[index];
        match slots[index].value {
            _ if source_is_implied && index == SOURCE_OF_RISK_LEVEL => {
                out.extend_from_slice(field.member.key().as_bytes());
                out.extend_from_slice(b"\"IMPORT\"");
            }
            Value::Text(text) if field.kind.is_written_as_string() => {
                field.member.write(out);
                if plain || is_plain(text.as_bytes()) {
                    out.extend_from_slice(text.as_bytes());
                } else {
                    escaped(text, out);
                }
                out.push(b'"');
            }
            value => {
                out.extend_from_slice(field.member.key().as_bytes());
                other(record, node, index, field.kind, value, out);
            }
        }
    });
    // Every key has a comma in front; the first stands where the object opens.
    out[start] = b'{';
    out.push(b'}');
}

fn other(record: &Record<'_>, node: NodeId, index: usize, kind: Kind, value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => scalar(text, false, kind, out),
        Value::Token(text) => scalar(text, true, kind, out),
        Value::Node(child) => object(record, child, out),
        Value::List(..) => {
            let start = out.len();
            for item in record.items(node, index) {
                out.push(b',');
                if record.object(item).is(&SCREENING) {
                    other(record, item, 0, SCREENING.fields[0].kind, record.get(item, 0), out);
                } else {
                    object(record, item, out);
                }
            }
            out[start] = b'[';
            out.push(b']');
        }
        // Nested values where none belong stand only in fields that were not judged (W012, W004).
        Value::NestedJson(text) => out.extend_from_slice(text.as_bytes()),
        Value::NestedXml(text) => string(text, out),
        Value::Absent => out.extend_from_slice(b"null"),
    }
}

/// Writes a scalar with the type of its field. A value that was not judged and does not fit its type
/// stays the text it was.
fn scalar(text: &str, token: bool, kind: Kind, out: &mut Vec<u8>) {
    match kind {
        Kind::Boolean if matches!(text, "true" | "false") => out.extend_from_slice(text.as_bytes()),
        Kind::Integer | Kind::BigInteger | Kind::Decimal if token => out.extend_from_slice(text.as_bytes()),
        Kind::Integer | Kind::BigInteger | Kind::Decimal if crate::rules::lexical::is_decimal(text) => {
            number(text, out)
        }
        Kind::AdditionalValue if token => out.extend_from_slice(text.as_bytes()),
        _ => string(text, out),
    }
}

/// Writes a number that was text: JSON allows no zeros in front.
fn number(text: &str, out: &mut Vec<u8>) {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let zeros = digits.bytes().take_while(|byte| *byte == b'0').count();
    let significant = &digits[zeros..];
    let lead = if significant.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) { "" } else { "0" };
    out.extend_from_slice(sign.as_bytes());
    out.extend_from_slice(lead.as_bytes());
    out.extend_from_slice(significant.as_bytes());
}

/// Writes a JSON string.
fn string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        escaped(text, out);
    }
    out.push(b'"');
}

#[cold]
fn escaped(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
}
