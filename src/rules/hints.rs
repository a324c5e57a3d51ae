//! Hints that were found before: the records of a file are often wrong in the same way.

use std::borrow::Cow;
use std::fmt;

use super::{Context, hint};
use crate::contract::{Field, Rule, Value};

/// The hints that were found last, of violations in one context. Found anew they would be the same.
#[derive(Default)]
pub struct Hints {
    /// Empty until the first is found.
    found: Vec<Option<Found>>,
}

struct Found {
    rule: Rule,
    field: Option<&'static Field>,
    text: Option<String>,
    hint: Cow<'static, str>,
}

/// How many hints are remembered.
const HINTS_MAX: usize = 128;

/// The longest value whose hint is remembered.
const TEXT_BYTES_MAX: usize = 64;

/// Prints how many hints there are, never the values they were found for.
impl fmt::Debug for Hints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hints({})", self.found.iter().flatten().count())
    }
}

impl Hints {
    /// What to do about a violation of this rule in this field.
    #[cold]
    pub(super) fn of(
        &mut self,
        rule: Rule,
        field: Option<&'static Field>,
        value: Option<Value<'_>>,
        context: &Context,
    ) -> Cow<'static, str> {
        let text = value.and_then(|value| value.scalar());
        if text.is_some_and(|text| text.len() > TEXT_BYTES_MAX) {
            return hint::hint(rule, field, text, context);
        }
        self.found.resize_with(HINTS_MAX, || None);
        let found = &mut self.found[place(rule, field, text)];
        if let Some(found) = found
            && found.rule == rule
            && found.field.map(std::ptr::from_ref) == field.map(std::ptr::from_ref)
            && found.text.as_deref() == text
        {
            return found.hint.clone();
        }
        let hint = hint::hint(rule, field, text, context);
        *found = Some(Found { rule, field, text: text.map(str::to_owned), hint: hint.clone() });
        hint
    }
}

/// Where a hint is remembered.
fn place(rule: Rule, field: Option<&'static Field>, text: Option<&str>) -> usize {
    let field = field.map_or(0, |field| std::ptr::from_ref(field).addr() / size_of::<Field>());
    let ends = text.and_then(|text| Some((text.as_bytes().first()?, text.as_bytes().last()?)));
    let (first, last) = ends.map_or((0, 0), |(first, last)| (usize::from(*first), usize::from(*last)));
    (rule as usize * 5 + field * 7 + first * 3 + last + text.map_or(0, str::len)) % HINTS_MAX
}

#[cfg(test)]
mod tests {
    use super::{HINTS_MAX, Hints, TEXT_BYTES_MAX, hint};
    use crate::contract::{CUSTOMER, Rule, Value};
    use crate::rules::Context;

    #[test]
    fn a_hint_is_the_same_whether_it_is_remembered_or_not() {
        let (mut hints, context) = (Hints::default(), Context::default());
        let long = "1".repeat(TEXT_BYTES_MAX + 1);
        let texts = [None, Some(""), Some("yes"), Some("ye"), Some("HIHG"), Some("1.1.2026"), Some(&*long)];
        for _ in 0..2 {
            for text in texts {
                for field in CUSTOMER.fields.iter().map(Some).chain([None]) {
                    for rule in [Rule::Mandatory, Rule::EnumValue, Rule::DateForm, Rule::ForeignField] {
                        let expected = hint::hint(rule, field, text, &context);
                        let value = text.map(Value::Text);
                        assert_eq!(hints.of(rule, field, value, &context), expected);
                        assert_eq!(hints.of(rule, field, value, &context), expected);
                    }
                }
            }
        }
        assert_eq!(hints.found.len(), HINTS_MAX);
        assert!(!format!("{hints:?}").contains("yes"));
    }
}
