//! Every code that the tables can report, with its path and message: for `explain`, the codes document
//! and the tests that hold the tables to the contract.

use super::compose::{Place, Step};
use crate::contract::codes::customer::{C014, C015};
use crate::contract::codes::warning::{W004, W012};
use crate::contract::tables::customer::LIST_RELATED_ENTITY;
use crate::contract::{CUSTOMER, Check, Code, EntityType, Field, Foreign, Kind, Object};

/// A code in a place of the tables.
#[derive(Debug, Clone)]
pub struct Reportable {
    /// The code.
    pub code: Code,
    /// The place in the order of reporting.
    pub order: u16,
    /// The path of the field, with `i` and `j` for indices.
    pub path: String,
    /// The message, with `{i}` and `{j}` for indices.
    pub message: String,
}

/// Every code that a check of the tables reports, in the order of reporting.
#[must_use]
pub fn reportable() -> Vec<Reportable> {
    let mut all = Vec::new();
    for (index, field) in CUSTOMER.fields.iter().enumerate() {
        if index == LIST_RELATED_ENTITY {
            for owner in [EntityType::Organization, EntityType::Individual] {
                below(&mut all, field, &[], owner);
            }
        } else {
            own(&mut all, field);
            below(&mut all, field, &[], EntityType::Organization);
        }
    }
    all.sort_by_key(|reportable| reportable.order);
    all
}

/// The checks on a field of the customer itself.
fn own(all: &mut Vec<Reportable>, field: &'static Field) {
    checks(all, field, &[], EntityType::Organization);
    if let Some(only) = field.only {
        let (stranger, part) = match only.owner {
            EntityType::Organization => (EntityType::Individual, &C014),
            EntityType::Individual => (EntityType::Organization, &C015),
        };
        let (part, order) = match only.foreign {
            Foreign::Documented(order) => (part, order),
            Foreign::Implied(order) => (&W012, order),
            Foreign::Unused => (&W004, 665),
        };
        let message = format!("Field not allowed for {}. Field: {}", stranger.as_str(), field.message_name());
        all.push(Reportable { code: part.code(), order, path: field.name.to_owned(), message });
    }
}

/// The checks on the fields of a nested object or list.
fn below(all: &mut Vec<Reportable>, field: &'static Field, steps: &[Step], owner: EntityType) {
    let index = if steps.iter().any(|(_, item)| item.is_some()) { "{j}" } else { "{i}" };
    let (object, item): (&'static Object, _) = match field.kind {
        Kind::Object(object) => (object, None),
        Kind::Objects(object) | Kind::Values(object) => (object, Some((object, index.to_owned()))),
        _ => return,
    };
    let steps: Vec<Step> = steps.iter().cloned().chain([(field, item)]).collect();
    for inner in object.fields {
        // Address details of a related entity are mandatory for an organization's only.
        checks(all, inner, &steps, owner);
        below(all, inner, &steps, owner);
    }
}

fn checks(all: &mut Vec<Reportable>, field: &'static Field, steps: &[Step], owner: EntityType) {
    let same =
        |a: &Check, b: &Check| a.order == b.order && a.related == b.related && a.sentence == b.sentence;
    let missing = field.missing.filter(|_| {
        owner == EntityType::Organization || field.need != crate::contract::Need::OwnerOrganization
    });
    let invalid = field.invalid.filter(|invalid| !missing.is_some_and(|missing| same(&missing, invalid)));
    for check in missing.iter().chain(&invalid) {
        let place = Place::along(steps, Some(owner));
        let one_of = matches!(field.need, crate::contract::Need::OneOf(_));
        let scalar_item = matches!(steps.last(), Some((list, _)) if matches!(list.kind, Kind::Values(_)));
        let whole = one_of || scalar_item;
        let reportable = Reportable {
            code: place.code.join(check.part),
            order: place.order(check),
            path: path(steps, if whole { None } else { Some(field.name) }),
            message: format!("{}{}", place.sentences, check.sentence),
        };
        if !all.iter().any(|other| {
            other.order == reportable.order
                && other.path == reportable.path
                && other.message == reportable.message
        }) {
            all.push(reportable);
        }
    }
}

fn path(steps: &[Step], name: Option<&str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (field, item) in steps {
        match item {
            Some((_, index)) => parts.push(format!("{}[{}]", field.name, index.trim_matches(['{', '}']))),
            None => parts.push(field.name.to_owned()),
        }
    }
    parts.extend(name.map(str::to_owned));
    parts.join(".")
}
