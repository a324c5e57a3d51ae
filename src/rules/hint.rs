//! What to do about a violation, in one line that operations staff understand.

use std::borrow::Cow;

use super::spreadsheet::Damage;
use super::{Context, meant};
use crate::contract::near::nearest_field;
use crate::contract::{Field, Kind, List, Object, Rule};

/// What to do about a violation of this rule in this field, which has this text.
#[cold]
pub(super) fn hint(
    rule: Rule,
    field: Option<&'static Field>,
    text: Option<&str>,
    context: &Context,
) -> Cow<'static, str> {
    let name = field.map(Field::message_name).unwrap_or_default();
    if let Some(damage) = text.and_then(|text| damage(rule, text)) {
        // What a date looks like says more, and it may come from another system.
        let meant = text.filter(|_| damage == Damage::LocalDate).and_then(meant::date);
        return match meant {
            Some(meant) => joined([
                &meant,
                " If a spreadsheet has written it so: format the cell as text. ",
                &expected(Kind::Date, context),
            ]),
            None => damage.hint().into(),
        };
    }
    match rule {
        Rule::Mandatory | Rule::ExtraMandatory | Rule::ImportExpected => match field {
            Some(field) => followed(["Fill in ", &name, "."], &expected(field.kind, context)),
            None => "Fill in the missing field.".into(),
        },
        Rule::EnumValue | Rule::ClassifierValue => match (field, text) {
            (Some(field), Some(text)) => known_value(field, text, context),
            _ => Cow::default(),
        },
        Rule::DateForm | Rule::BooleanForm | Rule::IntegerForm | Rule::DecimalForm => {
            field.map(|field| well_formed(field.kind, text, context)).unwrap_or_default()
        }
        Rule::AdditionalValueForm => {
            "Make the value fit the Datatype beside it, or correct the Datatype.".into()
        }
        Rule::TextLength => match field.and_then(|field| field.chars_max) {
            Some(chars_max) => format!("Shorten {name} to {chars_max} characters.").into(),
            None => format!("Shorten {name}.").into(),
        },
        Rule::Structure => structured(field.map(|field| field.kind), &name),
        Rule::OneOf => "Fill in From, To or both.".into(),
        Rule::ForeignField => {
            let instead = field.and_then(meant::counterpart).unwrap_or_default();
            followed(["Leave ", &name, " empty, or correct EntityType."], &instead)
        }
        Rule::LeadImport => {
            "Set SourceOfRiskLevel to EVALUATE for a lead, or choose a category without the marker LEAD."
                .into()
        }
        Rule::BatchEvaluation => {
            "Send this record to the single endpoint, or set the source to IMPORT.".into()
        }
        Rule::ClosingDateMissing => "Fill in ClosingDate, or correct CustomerStatus.".into(),
        Rule::ClosingDateUnexpected => "Leave ClosingDate empty, or set CustomerStatus to CLOSED.".into(),
        Rule::CommunicationNumberOnce => {
            "Leave the record out if it was imported before; if not, give it a CommunicationNumber that was never used."
                .into()
        }
        Rule::CustomerUnknown => {
            "Leave the record out if it was imported before; if not, use Action UPDATE or correct CustomerExtId.".into()
        }
        Rule::CustomerKnown => "Use Action CREATE for a new customer, or correct CustomerExtId.".into(),
        Rule::UnusedUnderEvaluate | Rule::UnusedInBatch | Rule::UnusedForRelated | Rule::LeadStatus => {
            format!("Nothing has to be done; {name} is ignored and may be left out.").into()
        }
        Rule::LeadApproval => "Add ApprovalDate, or expect that the approval comes later.".into(),
        Rule::CommunicationNumberLength => "Use at most 255 characters to be safe.".into(),
        Rule::OldName => match field.and_then(|field| field.alias) {
            Some(_) => format!("Spell it {}.", field.map(|field| field.name).unwrap_or_default()).into(),
            None => "Nothing has to be done; newer documents no longer list this field.".into(),
        },
        Rule::RelatedRegistration => "Add RegistrationCountry of the related organization.".into(),
        Rule::CustomerToLead => {
            "Check that the category is right: a customer is rarely turned into a lead.".into()
        }
        // Who finds what is left says what to do; damage is spoken of above.
        _ => Cow::default(),
    }
}

/// How a value has to be given.
fn structured(kind: Option<Kind>, name: &str) -> Cow<'static, str> {
    match kind {
        Some(Kind::Object(_)) => format!("Give {name} as an object with named fields.").into(),
        Some(Kind::Objects(_) | Kind::Values(_)) => format!("Give {name} as a list of items.").into(),
        Some(_) => format!("Give {name} as a single value, not as an object or list.").into(),
        None => "Give every item of the list in its full form, or leave the item out.".into(),
    }
}

/// Several texts as one. A file may have millions of hints, and to format them takes longer.
fn joined<const N: usize>(parts: [&str; N]) -> Cow<'static, str> {
    parts.concat().into()
}

/// A sentence and what follows it, if something does.
fn followed([before, name, behind]: [&str; 3], by: &str) -> Cow<'static, str> {
    joined([before, name, behind, if by.is_empty() { "" } else { " " }, by])
}

/// What a spreadsheet has done to a value that breaks this rule.
fn damage(rule: Rule, text: &str) -> Option<Damage> {
    match rule {
        Rule::DateForm | Rule::AdditionalValueForm => Damage::of_date(text),
        Rule::EnumValue
        | Rule::ClassifierValue
        | Rule::BooleanForm
        | Rule::IntegerForm
        | Rule::DecimalForm
        | Rule::SpreadsheetDamage => Damage::of(text),
        _ => None,
    }
}

/// What to do about a name that a reader noticed.
#[cold]
pub(super) fn name_hint(rule: Rule, name: &str, object: &'static Object) -> Cow<'static, str> {
    match rule {
        Rule::KnownName => match nearest_field(name, object) {
            Some(near) => format!("Did you mean {}?", as_spelled(near, name, object)).into(),
            None => "Leave it out, or check how it is spelled.".into(),
        },
        Rule::OldName => match object.field(name) {
            Some(field) => format!("Spell it {}.", field.name).into(),
            None => Cow::default(),
        },
        Rule::NameOnce => "Leave one of the two out.".into(),
        _ => "Nothing has to be done; put all items into one list element to avoid the warning.".into(),
    }
}

/// A known name in the spelling of the format: XML names begin with a capital. One that is not known although it is
/// spelled right is in the spelling of the other format.
fn as_spelled(near: &'static str, name: &str, object: &'static Object) -> &'static str {
    let capital = name.chars().next().is_some_and(char::is_uppercase);
    match object.field(near) {
        Some(field) if field.xml_name() == name => near,
        Some(field) if capital || near == name => field.xml_name(),
        _ => near,
    }
}

/// What a value of this kind looks like.
fn expected(kind: Kind, context: &Context) -> Cow<'static, str> {
    match kind {
        Kind::Text | Kind::AdditionalValue | Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) => {
            Cow::default()
        }
        Kind::Date => "Write the date as yyyy-MM-dd, for example 2026-01-21.".into(),
        Kind::Boolean => "Write true or false.".into(),
        Kind::Integer => {
            "Write a whole number between -2147483648 and 2147483647, without blanks or points.".into()
        }
        Kind::BigInteger => "Write a whole number, without blanks, points or commas.".into(),
        Kind::Decimal => {
            "Write the number with a decimal point and no thousands separator, for example 1500.50.".into()
        }
        Kind::Enum(values) => format!("Allowed: {}.", values.join(", ")).into(),
        Kind::Classifier(List::Country) => {
            "Use a two-letter country code of ISO 3166-1, for example LT.".into()
        }
        Kind::Classifier(List::Currency) => {
            "Use a three-letter currency code of ISO 4217, for example EUR.".into()
        }
        Kind::Classifier(list) if (1..=CODES_LISTED_MAX).contains(&context.classifiers.count(list)) => {
            format!("Allowed: {}.", context.classifiers.codes(list).join(", ")).into()
        }
        Kind::Classifier(list) => format!("Use a code of the institution's list {}.", list.name()).into(),
    }
}

/// The most codes that a hint lists.
const CODES_LISTED_MAX: usize = 12;

/// What is said of blanks in front of a value or behind it.
const NO_BLANKS: &str = "Take the blanks around the value out.";

/// Which known value may have been meant, and what is allowed.
fn known_value(field: &'static Field, text: &str, context: &Context) -> Cow<'static, str> {
    let allowed = expected(field.kind, context);
    if text != text.trim() {
        return joined([NO_BLANKS, " ", &allowed]);
    }
    if let Some(near) = meant::code(field.kind, text, context) {
        return joined(["Did you mean ", &near, "? ", &allowed]);
    }
    match meant::other_field(field, text) {
        Some(other) => joined([&allowed, " This is a value of ", &other, ": are columns shifted?"]),
        None => allowed,
    }
}

/// How a date, boolean or number has to be written, and what the given one looks like.
fn well_formed(kind: Kind, text: Option<&str>, context: &Context) -> Cow<'static, str> {
    let expected = expected(kind, context);
    let Some(text) = text else { return expected };
    let looks = match kind {
        _ if text != text.trim() => Some(NO_BLANKS.into()),
        Kind::Date => meant::date(text),
        Kind::Boolean => meant::boolean(text).map(|meant| joined(["Did you mean ", meant, "?"])),
        _ => meant::number(kind, text).map(Cow::from),
    };
    match looks {
        Some(looks) => joined([&looks, " ", &expected]),
        None => expected,
    }
}
