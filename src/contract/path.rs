//! Paths of fields without indices: `listAddress.country` means the country of every address.

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
    parents: Vec<usize>,
    /// The field, in the object that the last parent leads to.
    index: usize,
}

/// A path that no table lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPath {
    /// The path that may have been meant.
    pub near: Option<String>,
}

impl FieldPath {
    /// Reads a path of JSON names, joined by points. A list of scalars stands for its items.
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
            let position = object.fields.iter().position(|field| field.name == name.trim());
            let index = position.ok_or_else(unknown)?;
            match (object.fields[index].kind, names.peek()) {
                (Kind::Object(inner) | Kind::Objects(inner), Some(_)) => {
                    parents.push(index);
                    object = inner;
                }
                (Kind::Values(inner), None) => {
                    parents.push(index);
                    return Ok((Self { parents, index: 0 }, &inner.fields[0]));
                }
                (kind, None) if !kind.is_nested() => {
                    return Ok((Self { parents, index }, &object.fields[index]));
                }
                _ => return Err(unknown()),
            }
        }
        Err(unknown())
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

fn each<'a>(
    parents: &[usize],
    node: NodeId,
    record: &mut Record<'a>,
    change: &mut dyn FnMut(&mut Record<'a>, NodeId),
) {
    let Some((first, rest)) = parents.split_first() else { return change(record, node) };
    match record.get(node, *first) {
        Value::Node(child) => each(rest, child, record, change),
        Value::List(..) => {
            let items: Vec<NodeId> = record.items(node, *first).collect();
            for item in items {
                if !record.is_malformed(item) {
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
