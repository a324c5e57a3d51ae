//! A record as the readers leave it and the rules find it: borrowed values in the slots of the tables.

use std::fmt::{self, Write};

use super::field::Field;
use super::object::Object;

/// Room for a usual path, in bytes.
const PATH_BYTES: usize = 64;

/// One value of a record. Text is decoded: no quotes, escapes or entities.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Absent, null or blank.
    Absent,
    /// Text: a JSON string, the content of an XML element, a CSV cell.
    Text(&'a str),
    /// A JSON number, `true` or `false`.
    Token(&'a str),
    /// A nested object.
    Node(NodeId),
    /// The items of a list: the first and the last.
    List(NodeId, NodeId),
    /// An object or list where none belongs, as it stood in JSON.
    NestedJson(&'a str),
    /// Elements where none belong, as they stood in XML.
    NestedXml(&'a str),
}

impl<'a> Value<'a> {
    /// The text of a scalar.
    #[must_use]
    #[inline]
    pub const fn scalar(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) | Self::Token(text) => Some(text),
            _ => None,
        }
    }
}

/// Prints the kind and length of a value, never its text: it may be personal data.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Token(text) => write!(f, "Token({} bytes)", text.len()),
            Self::Node(node) => write!(f, "Node({})", node.0),
            Self::List(first, last) => write!(f, "List({}..={})", first.0, last.0),
            Self::NestedJson(text) => write!(f, "NestedJson({} bytes)", text.len()),
            Self::NestedXml(text) => write!(f, "NestedXml({} bytes)", text.len()),
        }
    }
}

/// An object within a record. The order is that in which objects were begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The record's own object.
    pub const ROOT: Self = Self(0);
}

/// Something a reader noticed that is no value: a warning of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A name that no table lists (W001).
    Unknown,
    /// A name given twice in one object (W014).
    Repeated,
    /// A list element given twice, its items joined (W009).
    Joined,
    /// An old spelling (W007).
    OldSpelling,
}

/// A note of a reader, with its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Note<'a> {
    /// What was noticed.
    pub kind: NoteKind,
    /// The object it stands in.
    pub node: NodeId,
    /// The name as it was given.
    pub name: &'a str,
    /// The known field it concerns.
    pub field: Option<usize>,
    /// The offset of the name within the record's text, in bytes.
    pub at: u32,
}

impl fmt::Debug for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.kind, self.at)
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(crate) struct Slot<'a> {
    pub value: Value<'a>,
    at: u32,
}

impl<'a> Slot<'a> {
    /// A value with its place.
    #[inline]
    pub const fn new(value: Value<'a>, at: u32) -> Self {
        Self { value, at }
    }

    /// A text with its place.
    #[inline]
    pub const fn of_text(text: &'a str, at: u32) -> Self {
        Self::new(Value::Text(text), at)
    }
}

struct Node {
    object: &'static Object,
    present: u128,
    first_slot: u32,
    at: u32,
    parent: NodeId,
    parent_field: u8,
    malformed: bool,
    /// Whether nested values stand where scalars belong.
    irregular: bool,
    index: u32,
    next: Option<NodeId>,
}

/// A record: the tree of objects of one customer, with the place of every value.
///
/// Values borrow from the text that was read. A record is reused for the next one by [`Record::start`],
/// so reading allocates nothing once its buffers have grown.
#[derive(Default)]
pub struct Record<'a> {
    nodes: Vec<Node>,
    slots: Vec<Slot<'a>>,
    slots_used: usize,
    notes: Vec<Note<'a>>,
    text: Option<&'a str>,
    /// The text in which values stand, with what comes before and behind the record.
    source: &'a str,
    /// Whether no text holds what JSON has to escape.
    plain: bool,
}

/// Prints the shape of the record, never its values.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} objects, {} notes)", self.nodes.len(), self.notes.len())
    }
}

impl<'a> Record<'a> {
    /// A record without an object yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A record whose values stand in this text, as far as they did not have to be decoded.
    #[must_use]
    pub fn within(source: &'a str) -> Self {
        Self { source, ..Self::default() }
    }

    /// A part of the text in which values stand, with all that comes behind it: for who looks at whole blocks. `None`
    /// for a text from elsewhere.
    #[must_use]
    #[inline]
    pub(crate) fn and_behind(&self, part: &str) -> Option<&'a [u8]> {
        let at = (part.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        self.source.as_bytes().get(at..)
    }

    /// Empties the record and gives it its own object, which begins at this offset of its text.
    pub fn start(&mut self, object: &'static Object, at: u32) {
        self.nodes.clear();
        self.notes.clear();
        self.slots_used = 0;
        self.text = None;
        self.plain = false;
        self.add_node(object, at, NodeId::ROOT, 0, 0);
    }

    fn add_node(
        &mut self,
        object: &'static Object,
        at: u32,
        parent: NodeId,
        field: usize,
        index: u32,
    ) -> NodeId {
        let first_slot = self.slots_used;
        self.slots_used += object.fields.len();
        if self.slots.len() < self.slots_used {
            self.slots.resize(self.slots_used, Slot { value: Value::Absent, at: 0 });
        }
        let node = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            object,
            present: 0,
            first_slot: first_slot as u32,
            at,
            parent,
            parent_field: field as u8,
            malformed: false,
            irregular: false,
            index,
            next: None,
        });
        node
    }

    #[inline]
    fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.0 as usize]
    }

    /// The table of an object.
    #[must_use]
    #[inline]
    pub fn object(&self, node: NodeId) -> &'static Object {
        self.node(node).object
    }

    /// The fields that are present, one bit each.
    #[must_use]
    #[inline]
    pub fn present(&self, node: NodeId) -> u128 {
        self.node(node).present
    }

    /// The fields that are present and not merely free text, which any scalar satisfies.
    #[must_use]
    #[inline]
    pub fn to_be_judged(&self, node: NodeId) -> u128 {
        let own = self.node(node);
        if own.irregular { own.present } else { own.present & !own.object.sets.free_text }
    }

    /// Whether a field is present.
    #[must_use]
    #[inline]
    pub fn has(&self, node: NodeId, field: usize) -> bool {
        self.node(node).present >> field & 1 != 0
    }

    /// Whether a list item is no object (or no scalar, in a list of scalars).
    #[must_use]
    pub fn is_malformed(&self, node: NodeId) -> bool {
        self.node(node).malformed
    }

    /// Marks a list item as being of the wrong structure.
    pub fn mark_malformed(&mut self, node: NodeId) {
        self.nodes[node.0 as usize].malformed = true;
    }

    /// Gives a field its value.
    #[inline]
    pub fn set(&mut self, node: NodeId, field: usize, value: Value<'a>, at: u32) {
        let own = &mut self.nodes[node.0 as usize];
        own.present |= 1 << field;
        own.irregular |= matches!(value, Value::NestedJson(_) | Value::NestedXml(_));
        self.slots[own.first_slot as usize + field] = Slot { value, at };
    }

    /// The values of an object by the index of their field, and the set of those that are present.
    #[inline]
    pub(crate) fn slots_mut(&mut self, node: NodeId) -> (&mut [Slot<'a>], &mut u128) {
        let own = &mut self.nodes[node.0 as usize];
        let slots = &mut self.slots[own.first_slot as usize..][..own.object.fields.len()];
        (slots, &mut own.present)
    }

    /// Takes the value of a field away again.
    pub fn clear(&mut self, node: NodeId, field: usize) {
        self.nodes[node.0 as usize].present &= !(1 << field);
    }

    /// Gives a field another value than the one that stands in the file; its place stays. The record is
    /// no longer as it will be accepted.
    pub fn replace(&mut self, node: NodeId, field: usize, value: Value<'a>) {
        let at = self.place(node, Some(field));
        self.text = None;
        // What was looked through was another text.
        self.plain = false;
        self.set(node, field, value, at);
    }

    /// Takes the value of a field away that stands in the file.
    pub fn withdraw(&mut self, node: NodeId, field: usize) {
        self.text = None;
        self.clear(node, field);
    }

    /// All objects of the record, in the order in which they were begun.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Says that this JSON text is the record as it will be accepted: one line with known names, each
    /// once, values present and of the type of their field.
    pub fn set_text(&mut self, text: &'a str) {
        self.text = Some(text);
    }

    /// The JSON text of the record, where it is as it will be accepted.
    #[must_use]
    pub fn text_as_accepted(&self) -> Option<&'a str> {
        self.text
    }

    /// Says that no text holds a quote, a backslash or a control character.
    pub fn set_plain(&mut self) {
        self.plain = true;
    }

    /// Whether it is known that no text needs escapes in JSON.
    #[must_use]
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    /// The values of an object by the index of their field. That of a field which is not present may be
    /// any.
    #[must_use]
    #[inline]
    pub(crate) fn slots(&self, node: NodeId) -> &[Slot<'a>] {
        let own = self.node(node);
        &self.slots[own.first_slot as usize..][..own.object.fields.len()]
    }

    /// The value of a field.
    #[must_use]
    #[inline]
    pub fn get(&self, node: NodeId, field: usize) -> Value<'a> {
        if self.has(node, field) {
            self.slots[self.node(node).first_slot as usize + field].value
        } else {
            Value::Absent
        }
    }

    /// The text of a scalar field.
    #[must_use]
    #[inline]
    pub fn text(&self, node: NodeId, field: usize) -> Option<&'a str> {
        self.get(node, field).scalar()
    }

    /// Puts a nested object into a field.
    pub fn add_object(&mut self, node: NodeId, field: usize, object: &'static Object, at: u32) -> NodeId {
        let child = self.add_node(object, at, node, field, 0);
        self.set(node, field, Value::Node(child), at);
        child
    }

    /// Appends an item to a list field. `index` is the one that paths print.
    pub fn add_item(
        &mut self,
        node: NodeId,
        field: usize,
        object: &'static Object,
        index: u32,
        at: u32,
    ) -> NodeId {
        let item = self.add_node(object, at, node, field, index);
        match self.get(node, field) {
            Value::List(first, last) => {
                self.nodes[last.0 as usize].next = Some(item);
                let list_at = self.place(node, Some(field));
                self.set(node, field, Value::List(first, item), list_at);
            }
            _ => self.set(node, field, Value::List(item, item), at),
        }
        item
    }

    /// The items of a list field, in order.
    pub fn items(&self, node: NodeId, field: usize) -> impl Iterator<Item = NodeId> + '_ {
        let first = match self.get(node, field) {
            Value::List(first, _) => Some(first),
            _ => None,
        };
        self.items_from(first)
    }

    /// The items of a list, in order, from this one on; none where there is no first.
    pub(crate) fn items_from(&self, first: Option<NodeId>) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(first, |item| self.node(*item).next)
    }

    /// Whether an object still belongs to the record: of a field that was given twice, the first value does not.
    #[must_use]
    pub fn is_attached(&self, mut node: NodeId) -> bool {
        while node != NodeId::ROOT {
            let Node { parent, parent_field, .. } = *self.node(node);
            let is_there = match self.get(parent, usize::from(parent_field)) {
                Value::Node(child) => child == node,
                // The items of a list that was dropped were begun before those of the one that counts.
                Value::List(first, _) => node >= first,
                _ => false,
            };
            if !is_there {
                return false;
            }
            node = parent;
        }
        true
    }

    /// Where an object stands in a walk of the tables: the fields that lead to it, each with the index of its item.
    #[must_use]
    pub fn position(&self, mut node: NodeId) -> Vec<(u8, u32)> {
        let mut steps = Vec::new();
        while node != NodeId::ROOT {
            let own = self.node(node);
            steps.push((own.parent_field, own.index));
            node = own.parent;
        }
        steps.reverse();
        steps
    }

    /// The index of a list item, as paths print it.
    #[must_use]
    pub fn index(&self, node: NodeId) -> u32 {
        self.node(node).index
    }

    /// The last item of a list field.
    #[must_use]
    pub fn last_item(&self, node: NodeId, field: usize) -> Option<NodeId> {
        match self.get(node, field) {
            Value::List(_, last) => Some(last),
            _ => None,
        }
    }

    /// Adds a note of the reader.
    pub fn note(&mut self, note: Note<'a>) {
        self.notes.push(note);
    }

    /// The notes of the reader, in input order.
    #[must_use]
    pub fn notes(&self) -> &[Note<'a>] {
        &self.notes
    }

    /// The offset of a value within the record's text, in bytes; of its object where it is absent.
    #[must_use]
    pub fn place(&self, node: NodeId, field: Option<usize>) -> u32 {
        match field {
            Some(field) if self.has(node, field) => {
                self.slots[self.node(node).first_slot as usize + field].at
            }
            _ => self.node(node).at,
        }
    }

    /// The path of a field or object, as people read it: `listAddress[0].country`.
    #[must_use]
    pub fn path(&self, node: NodeId, name: Option<&str>) -> String {
        let mut path = String::with_capacity(PATH_BYTES);
        self.each_step(node, &mut |field, item| {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(field.name);
            if let Some((_, index)) = item {
                // A text takes everything.
                let _ = write!(path, "[{index}]");
            }
        });
        if let Some(name) = name {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
        }
        path
    }

    /// The same as a JSON pointer (RFC 6901): `/listAddress/0/country`.
    #[must_use]
    pub fn pointer(&self, node: NodeId, name: Option<&str>) -> String {
        let mut pointer = String::with_capacity(PATH_BYTES);
        self.each_step(node, &mut |field, item| {
            pointer.push('/');
            pointer.push_str(field.name);
            if let Some((_, index)) = item {
                let _ = write!(pointer, "/{index}");
            }
        });
        if let Some(name) = name {
            pointer.push('/');
            if name.contains(['~', '/']) {
                pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            } else {
                pointer.push_str(name);
            }
        }
        pointer
    }

    /// Calls `step` for every field on the way from the record to this object, with the table and the
    /// index of a list item.
    pub fn each_step(
        &self,
        node: NodeId,
        step: &mut dyn FnMut(&'static Field, Option<(&'static Object, u32)>),
    ) {
        if node == NodeId::ROOT {
            return;
        }
        let own = self.node(node);
        self.each_step(own.parent, step);
        let field = &self.object(own.parent).fields[usize::from(own.parent_field)];
        step(field, field.kind.items().map(|object| (object, own.index)));
    }
}
