//! The rules on one value: type, list, length. Source: the contract, section 8.

use std::borrow::Cow;

use super::lexical::{
    fits_32_bits, is_boolean, is_date, is_decimal, is_integer, is_timestamp, is_whole_token,
};
use super::spreadsheet::Damage;
use super::walk::{Report, Walk};
use crate::contract::codes::item::{AV07, DT03};
use crate::contract::codes::value::{V001, V003, V004, V005, V006, V007};
use crate::contract::codes::warning::{W006, W017};
use crate::contract::tables::customer::COMMUNICATION_NUMBER;
use crate::contract::tables::item::additional_value::{ADDITIONAL_VALUE, CODE, DATATYPE, VALUE};
use crate::contract::tables::item::declared_turnover::{DECLARED_TURNOVER, FROM, TO};
use crate::contract::{Check, Classifiers, Field, Kind, NodeId, Part, Rule, Severity, Value};
use crate::printable;

/// Whether a value is an allowed scalar of which there is nothing to say. So is nearly every one.
#[inline(always)]
pub(super) fn is_fine(field: &Field, value: &Value<'_>, classifiers: &Classifiers) -> bool {
    value.scalar().is_some_and(|text| {
        fits(field.kind, value, text, classifiers)
            && !(matches!(field.kind, Kind::Text) && Damage::of(text).is_some())
            && field.chars_max.is_none_or(|chars_max| text.len() < chars_max as usize)
    })
}

/// Whether a scalar is of the type of its field.
#[inline(always)]
fn fits(kind: Kind, value: &Value<'_>, text: &str, classifiers: &Classifiers) -> bool {
    let is_whole = || if matches!(value, Value::Token(_)) { is_whole_token(text) } else { is_integer(text) };
    match kind {
        Kind::Text | Kind::AdditionalValue => true,
        Kind::Date => is_date(text),
        Kind::Boolean => is_boolean(text),
        Kind::Integer => is_whole() && fits_32_bits(text),
        Kind::BigInteger => is_whole(),
        Kind::Decimal => is_decimal(text),
        Kind::Enum(values) => values.has(text),
        Kind::Classifier(list) => classifiers.allows(list, text),
        Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) => false,
    }
}

/// Reports what there is to say of the scalar value of a field.
#[cold]
pub(super) fn scalar(
    walk: &mut Walk<'_, '_>,
    node: NodeId,
    index: usize,
    field: &'static Field,
    value: Value<'_>,
) {
    let text = value.scalar().unwrap_or_default();
    if !fits(field.kind, &value, text, &walk.context.classifiers) {
        wrong(walk, node, field, text);
    } else if matches!(field.kind, Kind::Text) {
        free_text(walk, node, field, text);
    }
    if let Some(chars_max) = field.chars_max
        && text.len() >= chars_max as usize
    {
        length(walk, node, index, field, text, chars_max as usize);
    }
}

/// Warns of a text that only a spreadsheet would write. It is a warning: the contract takes any text.
#[inline]
pub(super) fn free_text(walk: &mut Walk<'_, '_>, node: NodeId, field: &'static Field, text: &str) {
    if Damage::of(text).is_some() {
        damaged(walk, node, field);
    }
}

#[cold]
fn damaged(walk: &mut Walk<'_, '_>, node: NodeId, field: &'static Field) {
    let message = format!("Value looks changed by a spreadsheet. Field: {}", field.message_name());
    let rule = Rule::SpreadsheetDamage;
    let report =
        Report { rule, severity: Severity::Warning, part: &W017, order: 755, message: message.into() };
    walk.report_field(node, field, report);
}

#[cold]
fn wrong(walk: &mut Walk<'_, '_>, node: NodeId, field: &'static Field, text: &str) {
    let name = field.message_name();
    let rule = match field.kind {
        Kind::Enum(_) => Rule::EnumValue,
        Kind::Classifier(_) => Rule::ClassifierValue,
        Kind::Date => Rule::DateForm,
        Kind::Boolean => Rule::BooleanForm,
        Kind::Decimal => Rule::DecimalForm,
        _ => Rule::IntegerForm,
    };
    if let Some(check) = &field.invalid {
        if memchr::memchr(b'{', check.sentence.as_bytes()).is_none() {
            return walk.check(node, field, rule, check, check.sentence);
        }
        let sentence = check.sentence.replace("{value}", &excerpt(text));
        return walk.check(node, field, rule, check, sentence);
    }
    // A file may have millions of messages, and to format them takes longer.
    let bad = |form: &str| ["Bad value for ", form, " valueCode: ", &name].concat();
    let (part, order, message): (&'static Part, u16, String) = match field.kind {
        Kind::Date => (&V001, 479, bad("DATE (format: 'yyyy-MM-dd')")),
        Kind::Boolean => (&V003, 489, bad("BOOLEAN (values: true false)")),
        Kind::Decimal => (&V005, 509, bad("DECIMAL")),
        Kind::Enum(values) => (&V006, 140, bad(&["ENUM (values: ", &values.join(" "), ")"].concat())),
        _ => (&V004, 499, bad("INTEGER")),
    };
    let report = Report { rule, severity: Severity::Error, part, order, message: message.into() };
    walk.report_field(node, field, report);
}

/// Judges the length of a text, in Unicode characters.
#[cold]
fn length(
    walk: &mut Walk<'_, '_>,
    node: NodeId,
    index: usize,
    field: &'static Field,
    text: &str,
    chars_max: usize,
) {
    let chars = text.chars().count();
    if chars > chars_max {
        let message = format!("Value is longer than {chars_max} characters. Field: {}", field.message_name());
        let rule = Rule::TextLength;
        let report =
            Report { rule, severity: Severity::Error, part: &V007, order: 519, message: message.into() };
        walk.report_field(node, field, report);
    } else if chars == chars_max && node == NodeId::ROOT && index == COMMUNICATION_NUMBER {
        let message = "CommunicationNumber has 256 characters, the newest API description allows 255";
        let rule = Rule::CommunicationNumberLength;
        let report =
            Report { rule, severity: Severity::Warning, part: &W006, order: 685, message: message.into() };
        walk.report_field(node, field, report);
    }
}

/// Judges the value of an additional value by the datatype beside it.
pub(super) fn additional_value(walk: &mut Walk<'_, '_>, node: NodeId) {
    let (Some(datatype), Some(text)) = (walk.record.text(node, DATATYPE), walk.record.text(node, VALUE))
    else {
        return;
    };
    let (fine, order, form) = match datatype {
        "TIMESTAMP" => (is_timestamp(text), 557, "TIMESTAMP (format: 'yyyy-MM-dd HH:mm:ss.SSSZ')"),
        "BOOLEAN" => (is_boolean(text), 558, "BOOLEAN (values: true false')"),
        "INTEGER" => (is_integer(text), 559, "INTEGER"),
        "DECIMAL" => (is_decimal(text), 560, "DECIMAL"),
        "DATE" => (is_date(text), 561, "DATE (format: 'yyyy-MM-dd')"),
        _ => return free_text(walk, node, &ADDITIONAL_VALUE.fields[VALUE], text),
    };
    if !fine {
        bad_additional_value(walk, node, order, form);
    }
}

/// The place of AV07 in the block of a related entity.
const AV07_RELATED: u8 = 25;

#[cold]
fn bad_additional_value(walk: &mut Walk<'_, '_>, node: NodeId, order: u16, form: &str) {
    let code = excerpt(walk.record.text(node, CODE).unwrap_or_default());
    let related = !walk.record.path(node, None).starts_with("listAdditionalValues");
    let bad = if related { "bad" } else { "Bad" };
    let sentence = format!("{bad} value for {form} valueCode: {code}");
    let check = Check::item(&AV07, order, AV07_RELATED, "");
    walk.check(node, &ADDITIONAL_VALUE.fields[VALUE], Rule::AdditionalValueForm, &check, sentence);
}

/// A declared turnover needs one of its two limits.
pub(super) fn declared_turnover(walk: &mut Walk<'_, '_>, node: NodeId) {
    if walk.record.present(node) & (1 << FROM | 1 << TO) == 0
        && let Some(check) = &DECLARED_TURNOVER.fields[FROM].missing
    {
        debug_assert!(std::ptr::eq(check.part, &DT03));
        walk.check_object(node, Rule::OneOf, check);
    }
}

/// The most characters of a value that a message repeats.
const EXCERPT_CHARS_MAX: usize = 64;

/// A text as messages repeat it.
pub(super) fn excerpt(text: &str) -> Cow<'_, str> {
    printable::excerpt(text, EXCERPT_CHARS_MAX)
}

/// A value as reports show it: what looks like a code or a short number as it is, dates and other
/// numbers by their form, everything else masked: columns may be shifted, and then a name stands where
/// a code belongs.
pub(super) fn shown(field: &Field, value: Value<'_>) -> Option<String> {
    let text = value.scalar()?;
    Some(match field.kind {
        Kind::Date => form(text),
        Kind::Integer | Kind::BigInteger | Kind::Decimal if text.len() > NUMBER_BYTES_MAX => form(text),
        Kind::Integer | Kind::BigInteger | Kind::Decimal if text.bytes().all(is_numeric_sign) => {
            text.to_owned()
        }
        Kind::Integer | Kind::BigInteger | Kind::Decimal => form(text),
        Kind::Boolean | Kind::Enum(_) | Kind::Classifier(_) if looks_like_code(text) => match digits(text) {
            0..=CODE_DIGITS_MAX => text.to_owned(),
            _ => form(text),
        },
        _ => MASK.to_owned(),
    })
}

/// What stands for a value that is not shown.
const MASK: &str = "***";

/// The longest number that is shown: national codes and account numbers are longer.
const NUMBER_BYTES_MAX: usize = 10;

/// The longest text that may be a code.
const CODE_BYTES_MAX: usize = 40;

/// The most digits of a code that is shown: with more it may be the number of a person or a document.
const CODE_DIGITS_MAX: usize = 6;

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn looks_like_code(text: &str) -> bool {
    text.len() <= CODE_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn is_numeric_sign(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-., eE'".contains(&byte)
}

/// The form of a text: digits as 9, letters as a, signs as they are.
fn form(text: &str) -> String {
    let form: String = text
        .chars()
        .map(|char| match char {
            _ if char.is_numeric() => '9',
            _ if char.is_alphabetic() => 'a',
            _ => char,
        })
        .collect();
    excerpt(&form).into_owned()
}
