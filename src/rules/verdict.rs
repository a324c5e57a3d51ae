//! The verdict on a record: all its violations, never only the first.

use std::borrow::Cow;

use memchr::{memchr_iter, memrchr_iter};

use crate::contract::{Code, Part, Rule, Severity};

/// One broken rule, with everything a report says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// The code it is reported as.
    pub code: Code,
    /// Whether it rejects the record.
    pub severity: Severity,
    /// Its place in the order of reporting.
    pub order: u16,
    /// The path of the field, as people read it; empty for the whole record.
    pub field: Cow<'static, str>,
    /// The same as a JSON pointer.
    pub pointer: Cow<'static, str>,
    /// What is wrong, in the words of the API.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub hint: Cow<'static, str>,
    /// The value, masked where it may be personal data; `None` where there is none.
    pub value: Option<String>,
    /// The offset of the place within the record's text, in bytes.
    pub at: u32,
}

impl Violation {
    /// Whether another one says the same, wherever it stands.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let Self { rule, code, severity, order, field, pointer, message, hint, value, at: _ } = self;
        (*rule, *severity, *order) == (other.rule, other.severity, other.order)
            && *value == other.value
            && *field == other.field
            && *message == other.message
            && *hint == other.hint
            && *pointer == other.pointer
            && *code == other.code
    }
}

/// Accepted or rejected, with every violation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The violations that reject the record, in the order of reporting.
    pub errors: Vec<Violation>,
    /// The violations that do not.
    pub warnings: Vec<Violation>,
}

impl Verdict {
    /// Whether the record goes through.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether there is nothing to report.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.errors.clear();
        self.warnings.clear();
    }

    pub(super) fn push(&mut self, violation: Violation) {
        match violation.severity {
            Severity::Error => self.errors.push(violation),
            Severity::Warning => self.warnings.push(violation),
        }
    }

    /// Sorts by the order of reporting; ties stay in the order of the walk.
    pub(super) fn sort(&mut self) {
        self.errors.sort_by_key(|violation| violation.order);
        self.warnings.sort_by_key(|violation| violation.order);
    }
}

/// A violation of the record as a whole, which could not be read: R001, R002, R003, F004.
#[must_use]
pub fn record_violation(
    rule: Rule,
    part: &'static Part,
    message: impl Into<Cow<'static, str>>,
    hint: impl Into<Cow<'static, str>>,
    at: u32,
) -> Violation {
    Violation {
        rule,
        code: part.code(),
        severity: Severity::Error,
        order: file_order(part),
        field: Cow::Borrowed(""),
        pointer: Cow::Borrowed(""),
        message: message.into(),
        hint: hint.into(),
        value: None,
        at,
    }
}

/// A warning that concerns the whole file: an unknown column, a namespace.
#[must_use]
pub fn file_violation(
    rule: Rule,
    part: &'static Part,
    field: String,
    message: String,
    hint: impl Into<Cow<'static, str>>,
) -> Violation {
    let order = if rule == Rule::Namespace { 720 } else { 635 };
    Violation {
        severity: Severity::Warning,
        order,
        field: field.into(),
        ..record_violation(rule, part, message, hint, 0)
    }
}

fn file_order(part: &'static Part) -> u16 {
    match part.segment {
        "F004" => 40,
        "R001" => 42,
        "R002" => 44,
        _ => 46,
    }
}

/// The message of a violation as counts print it: without the sentences that place it and without
/// what differs from record to record.
#[must_use]
pub fn problem(violation: &Violation) -> &str {
    let message = match violation.rule {
        Rule::KnownName => "Unknown field ignored",
        Rule::NameOnce => "Field given twice, the last one counts",
        Rule::RowWidth => "Row has another number of cells than the header",
        Rule::AdditionalValueForm => "Value does not fit its datatype",
        Rule::LeadStatus => "A lead stays PENDING, CustomerStatus is ignored",
        Rule::EnumValue if violation.message.starts_with("Screening process") => {
            "Screening process is undefined"
        }
        _ => behind_places(&violation.message),
    };
    let message = split_at(message, memchr_iter(b':', message.as_bytes()), ". Field", " ")
        .map_or(message, |(sentence, _)| sentence);
    if memchr::memchr(b'=', message.as_bytes()).is_none() {
        return message;
    }
    message
        .rsplit_once("index = ")
        .and_then(|(_, rest)| rest.split_once(" . "))
        .map_or(message, |(_, rest)| rest)
}

/// A message without the sentences that place it.
fn behind_places(message: &str) -> &str {
    split_at(message, memrchr_iter(b')', message.as_bytes()), " ", ". ")
        .or_else(|| split_at(message, memrchr_iter(b'}', message.as_bytes()), "", " . "))
        .map_or(message, |(_, sentence)| sentence)
}

/// Splits a text at the first of these ASCII signs that stands between two texts, and leaves all three out. A
/// search for a single byte begins at once; one for several takes long to prepare.
fn split_at<'t>(
    text: &'t str,
    mut signs: impl Iterator<Item = usize>,
    before: &str,
    behind: &str,
) -> Option<(&'t str, &'t str)> {
    signs.find_map(|at| Some((text[..at].strip_suffix(before)?, text[at + 1..].strip_prefix(behind)?)))
}
