//! What a value that breaks a rule was probably meant to be. Nothing here repeats a value: a date or a
//! name is personal, a suggested code is not.

use std::borrow::Cow;

use super::Context;
use super::lexical::{fits_32_bits, is_date, is_decimal, is_integer};
use crate::contract::near::nearest;
use crate::contract::tables::customer::{
    BIRTH_DATE, CITIZENSHIP_COUNTRY, ESTABLISHMENT_DATE, FIRST_NAME, LAST_NAME, REGISTRATION_COUNTRY, TITLE,
};
use crate::contract::{CUSTOMER, EntityType, Field, Kind, List, names};

/// The most codes among which the nearest is looked for.
const CODES_COMPARED_MAX: usize = 500;

/// The value of a closed set, a list or a boolean that may have been meant; `None` too where the text is
/// right as it stands.
#[must_use]
pub fn suggested(kind: Kind, text: &str, context: &Context) -> Option<String> {
    match kind {
        Kind::Boolean => boolean(text).map(str::to_owned),
        kind => code(kind, text, context),
    }
    .filter(|meant| meant != text)
}

/// The known value that may have been meant.
pub(super) fn code(kind: Kind, text: &str, context: &Context) -> Option<String> {
    match kind {
        Kind::Enum(values) => nearest(text, values.iter().copied()).map(str::to_owned),
        Kind::Classifier(list) => of_list(list, text, context),
        _ => None,
    }
}

fn of_list(list: List, text: &str, context: &Context) -> Option<String> {
    let allowed = |code: &&str| context.classifiers.allows(list, code);
    let capitals = text.trim().to_ascii_uppercase();
    if capitals != text && allowed(&capitals.as_str()) {
        return Some(capitals);
    }
    match list {
        List::Country => names::country(text).filter(allowed).map(str::to_owned),
        List::Currency => names::currency(text).filter(allowed).map(str::to_owned),
        // Codes of two or three letters are all near each other: only another spelling is a hint.
        _ if context.classifiers.count(list) > CODES_COMPARED_MAX => None,
        _ => {
            let codes = context.classifiers.codes(list);
            nearest(text, codes.iter().map(AsRef::as_ref)).map(str::to_owned)
        }
    }
}

/// Another field whose closed set holds the value: columns may be shifted.
pub(super) fn other_field(field: &Field, text: &str) -> Option<Cow<'static, str>> {
    let holds = |other: &&Field| match other.kind {
        Kind::Enum(values) => other.name != field.name && values.has(text),
        _ => false,
    };
    CUSTOMER.fields.iter().find(holds).map(Field::message_name)
}

/// What is written for yes and no in files of Europe.
const YES: [&str; 13] = ["1", "yes", "y", "taip", "t", "ja", "jah", "jā", "tak", "oui", "si", "on", "x"];
const NO: [&str; 12] = ["0", "no", "n", "ne", "nein", "ei", "nē", "nie", "non", "off", "f", "-"];

/// The boolean that may have been meant.
pub(super) fn boolean(text: &str) -> Option<&'static str> {
    let plain = text.trim().to_lowercase();
    match plain.as_str() {
        "true" => Some("true"),
        "false" => Some("false"),
        plain if YES.contains(&plain) => Some("true"),
        plain if NO.contains(&plain) => Some("false"),
        _ => None,
    }
}

/// What is wrong with the form of a date, and the format to configure where that would help.
pub(super) fn date(text: &str) -> Option<Cow<'static, str>> {
    let text = text.trim();
    let sizes: Vec<usize> = text.split(['-', '.', '/']).map(str::len).collect();
    let signs: Vec<char> = text.chars().filter(|char| !char.is_ascii_digit()).collect();
    let digits = |size: usize| text.len() == size && signs.is_empty();
    if digits(8) {
        return Some(configured("yyyyMMdd", "%Y%m%d"));
    }
    let (&[first, second], &[a, b, c]) = (signs.as_slice(), sizes.as_slice()) else { return time(text) };
    if first != second {
        return None;
    }
    match (a, b, c) {
        (4, 2, 2) if first == '-' => Some(impossible(text)),
        (4, 2, 2) => Some(configured(&format!("yyyy{first}MM{first}dd"), &format!("%Y{first}%m{first}%d"))),
        (4, 1 | 2, 1 | 2) => Some("Write month and day with two digits each.".into()),
        (1 | 2, 1 | 2, 4) => Some(day_first(text, first)),
        (1 | 2, 1 | 2, 2) => Some("Write the year with four digits.".into()),
        (5.., 1 | 2, 1 | 2) | (1 | 2, 1 | 2, 5..) => Some("The year has too many digits.".into()),
        _ => None,
    }
}

fn configured(form: &str, format: &str) -> Cow<'static, str> {
    let what = "] in the [[source]] of the file reads such dates.";
    ["It looks like ", form, "; date_formats = [\"", format, "\"", what].concat().into()
}

/// A date that has the right form and is not in the calendar.
fn impossible(text: &str) -> Cow<'static, str> {
    let swapped: String = match text.get(..4).zip(text.get(5..7)).zip(text.get(8..10)) {
        Some(((year, month), day)) => format!("{year}-{day}-{month}"),
        None => String::new(),
    };
    if is_date(&swapped) {
        return "Day and month look swapped.".into();
    }
    "There is no such day in the calendar.".into()
}

/// Day and month in front of the year: which is which can be told only where one is over 12.
fn day_first(text: &str, sign: char) -> Cow<'static, str> {
    let mut parts = text.split(sign).map(|part| part.parse::<u32>().unwrap_or(0));
    let (first, second) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let year = parts.next().unwrap_or(0);
    let is_day = |day: u32, month: u32| is_date(&format!("{year:04}-{month:02}-{day:02}"));
    match (first, second) {
        (day @ 13..=31, month @ 1..=12) if is_day(day, month) => {
            configured(&format!("dd{sign}MM{sign}yyyy"), &format!("%d{sign}%m{sign}%Y"))
        }
        (month @ 1..=12, day @ 13..=31) if is_day(day, month) => {
            configured(&format!("MM{sign}dd{sign}yyyy"), &format!("%m{sign}%d{sign}%Y"))
        }
        (1..=12, 1..=12) if sign == '.' => configured("dd.MM.yyyy", "%d.%m.%Y"),
        (1..=12, 1..=12) => {
            let forms = (format!("%d{sign}%m{sign}%Y"), format!("%m{sign}%d{sign}%Y"));
            format!(
                "Whether day or month comes first cannot be told; date_formats = [\"{}\"] or [\"{}\"] in the [[source]] of the file says it.",
                forms.0, forms.1
            )
            .into()
        }
        _ => "There is no such day in the calendar.".into(),
    }
}

/// A date with a time of day.
fn time(text: &str) -> Option<Cow<'static, str>> {
    let (day, rest) = text.split_once(['T', ' '])?;
    if !rest.starts_with(|char: char| char.is_ascii_digit()) {
        return None;
    }
    if is_date(day) {
        return Some("Leave the time of day out, or write it like 2026-01-21T09:45:00+02:00.".into());
    }
    date(day).map(|hint| format!("Leave the time of day out. {hint}").into())
}

/// What is wrong with the form of a number.
pub(super) fn number(kind: Kind, text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.contains('%') {
        return Some("Leave the percent sign out.");
    }
    if text.chars().any(|char| "€$£".contains(char) || char.is_alphabetic()) {
        return Some("Leave letters and currency signs out.");
    }
    if text.contains([' ', '\u{a0}', '\u{202f}', '\'']) {
        return Some("Take the signs between the thousands out.");
    }
    let whole = !matches!(kind, Kind::Decimal);
    if is_integer(text) && whole && !fits_32_bits(text) {
        return Some("The number is too large.");
    }
    let with_point = text.replace(',', ".");
    if whole && is_decimal(&with_point) {
        return Some("Round it to a whole number.");
    }
    (!whole && is_decimal(&with_point)).then_some("Write a point in place of the comma.")
}

/// The fields in which the other entity type holds what stands in this one.
pub(super) fn counterpart(field: &Field) -> Option<String> {
    let pairs: [(&[usize], &[usize]); 3] = [
        (&[FIRST_NAME, LAST_NAME], &[TITLE]),
        (&[CITIZENSHIP_COUNTRY], &[REGISTRATION_COUNTRY]),
        (&[BIRTH_DATE], &[ESTABLISHMENT_DATE]),
    ];
    let is_one = |indices: &[usize]| indices.iter().any(|index| CUSTOMER.fields[*index].name == field.name);
    let names = |indices: &[usize]| {
        indices.iter().map(|index| CUSTOMER.fields[*index].message_name()).collect::<Vec<_>>().join(" and ")
    };
    pairs.iter().find_map(|(person, organization)| {
        if is_one(person) {
            Some(format!("{} has {} instead.", EntityType::Organization.as_str(), names(organization)))
        } else if is_one(organization) {
            Some(format!("{} has {} instead.", EntityType::Individual.as_str(), names(person)))
        } else {
            None
        }
    })
}
