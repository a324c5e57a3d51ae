//! Paths of fields: `listAddress.country` means the country of every address, `listAddress[0].country` that of the
//! first one.

use std::fmt::Write as _;

use super::field::{Field, Kind};
use super::near::nearest_field;
use super::object::Object;
use super::record::{NodeId, Record, Value};
use super::tables::customer::CUSTOMER;

/// A field wherever it stands in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    /// The fields above it, outermost first: objects and lists.
    parents: Vec<Parent>,
    /// The field, in the object that the last parent leads to.
    index: usize,
}

/// A field that leads to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parent {
    field: usize,
    /// The index of the item of a list; `None` means every item.
    item: Option<u32>,
}

/// A path that no table lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPath {
    /// The path that may have been meant.
    pub near: Option<String>,
}

impl FieldPath {
    /// Reads a path of JSON names, joined by points; a list may have the index of an item. A list of scalars stands for
    /// its items.
    ///
    /// # Errors
    ///
    /// When no table lists it, or it leads to an object or a list of objects.
    pub fn parse(path: &str) -> Result<(Self, &'static Field), UnknownPath> {
        let unknown = || UnknownPath { near: suggestion(path) };
        let mut object: &'static Object = &CUSTOMER;
        let mut parents = Vec::new();
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let (name, item) = indexed(name.trim()).ok_or_else(unknown)?;
            let position = object.fields.iter().position(|field| field.name == name);
            let index = position.ok_or_else(unknown)?;
            let parent = Parent { field: index, item };
            match (object.fields[index].kind, names.peek()) {
                (Kind::Objects(inner), Some(_)) => {
                    parents.push(parent);
                    object = inner;
                }
                (Kind::Object(inner), Some(_)) if item.is_none() => {
                    parents.push(parent);
                    object = inner;
                }
                (Kind::Values(inner), None) => {
                    parents.push(parent);
                    return Ok((Self { parents, index: 0 }, &inner.fields[0]));
                }
                (kind, None) if !kind.is_nested() && item.is_none() => {
                    return Ok((Self { parents, index }, &object.fields[index]));
                }
                _ => return Err(unknown()),
            }
        }
        Err(unknown())
    }

    /// Whether it means single items of lists.
    #[must_use]
    pub fn is_of_items(&self) -> bool {
        self.parents.iter().any(|parent| parent.item.is_some())
    }

    /// The number of the field within its object.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Calls `change` for every object of a record that has this field in its table.
    pub fn each<'a>(&self, record: &mut Record<'a>, change: &mut dyn FnMut(&mut Record<'a>, NodeId)) {
        each(&self.parents, NodeId::ROOT, record, change);
    }
}

/// A name and the index behind it: `listAddress[0]`.
fn indexed(name: &str) -> Option<(&str, Option<u32>)> {
    match name.split_once('[') {
        None => Some((name, None)),
        Some((name, index)) => {
            let digits = index.strip_suffix(']')?;
            let index: u32 = digits.parse().ok()?;
            // `[+1]` and `[01]` are other texts for the same item.
            (index.to_string() == digits).then_some((name, Some(index)))
        }
    }
}

fn each<'a>(
    parents: &[Parent],
    node: NodeId,
    record: &mut Record<'a>,
    change: &mut dyn FnMut(&mut Record<'a>, NodeId),
) {
    let Some((first, rest)) = parents.split_first() else { return change(record, node) };
    match record.get(node, first.field) {
        Value::Node(child) => each(rest, child, record, change),
        Value::List(..) => {
            let items: Vec<NodeId> = record.items(node, first.field).collect();
            for item in items {
                let is_meant = first.item.is_none_or(|index| index == record.index(item));
                if is_meant && !record.is_malformed(item) {
                    each(rest, item, record, change);
                }
            }
        }
        _ => {}
    }
}

/// The path that may have been meant: every name replaced by the nearest one.
fn suggestion(path: &str) -> Option<String> {
    let mut object: &'static Object = &CUSTOMER;
    let mut near = String::new();
    for name in path.split('.') {
        let own = name.split_once('[').map_or(name, |(own, _)| own);
        let field = object.field(nearest_field(own, object)?)?;
        let dot = if near.is_empty() { "" } else { "." };
        // Writing into a string cannot fail.
        let _ = write!(near, "{dot}{}", field.name);
        if let Kind::Object(inner) | Kind::Objects(inner) = field.kind {
            object = inner;
        }
    }
    (near != path).then_some(near)
}
