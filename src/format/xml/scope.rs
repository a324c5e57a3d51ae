//! What stands around records: the elements they are in, and the namespaces that hold there.

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem;

use super::frame::NAMESPACE;
use super::strict::Attributes;
use super::token::local;

/// What stands around the records of a file: the tags of the elements they are in.
#[derive(Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The start tags around the first record, outermost first.
    pub tags: Vec<String>,
    /// The names of these elements, outermost first.
    pub names: Vec<String>,
    /// The namespace of the first record, if it is not the documented one (W010).
    pub foreign_namespace: Option<String>,
}

/// What is otherwise where a record stands than in the envelope.
#[derive(Debug, PartialEq, Eq)]
pub struct Scope {
    /// The declarations of namespaces that the record needs in the envelope, each with a blank in front.
    pub declarations: String,
    /// Its namespace, if it is not the documented one and that of the first record is.
    pub foreign_namespace: Option<String>,
}

/// The most bytes of the declarations that are added to a record; its own prefix is among the first.
const DECLARATIONS_BYTES_MAX: usize = 4096;

/// Declarations of namespaces: names of attributes, in their order, and values.
type Namespaces = Vec<(Vec<u8>, Vec<u8>)>;

/// An element that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub name: Vec<u8>,
    tag: Vec<u8>,
    namespaces: Namespaces,
}

/// The elements that are open around records.
#[derive(Debug, Default)]
pub(super) struct Around {
    open: Vec<Open>,
    envelope: Option<Arc<Envelope>>,
    /// The namespaces that hold within the envelope.
    given: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How often a declaration began or ceased to hold.
    changes: u64,
    last: Option<Last>,
    /// The scopes of records since they were taken last.
    scopes: Vec<Arc<Scope>>,
}

/// The record before: most are in the same scope.
#[derive(Debug)]
struct Last {
    changes: u64,
    name: Vec<u8>,
    attributes: Vec<u8>,
    scope: Option<Arc<Scope>>,
    /// The number of the scope, if it was given out since they were taken.
    number: Option<u16>,
}

impl Around {
    pub fn envelope(&self) -> Option<Arc<Envelope>> {
        self.envelope.clone()
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Opens an element.
    pub fn push(&mut self, name: &[u8], attributes: &[u8], tag: &[u8]) {
        let namespaces = namespaces(attributes);
        self.changes += u64::from(!namespaces.is_empty());
        self.open.push(Open { name: name.to_vec(), tag: tag.to_vec(), namespaces });
    }

    /// Closes the innermost element.
    pub fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.changes += u64::from(!open.namespaces.is_empty());
        Some(open)
    }

    /// The value of a declaration, by these attributes or those of the elements around.
    pub fn declared<'t>(&'t self, declaration: &[u8], attributes: &'t [u8]) -> Option<&'t [u8]> {
        let around = || self.open.iter().rev().find_map(|open| value(&open.namespaces, declaration));
        Attributes::of(attributes).value(declaration).or_else(around)
    }

    /// Enters a record, and returns the number of its scope among those since they were taken, from 1; 0 when it needs
    /// nothing but the envelope, which is that of the first record.
    pub fn enter_record(&mut self, name: &[u8], attributes: &[u8]) -> u16 {
        // Others are as they may be.
        let attributes = memmem::find(attributes, b"xmlns").map_or(&b""[..], |_| attributes);
        let is_same =
            |last: &Last| last.changes == self.changes && last.name == name && last.attributes == attributes;
        if !self.last.as_ref().is_some_and(is_same) {
            let scope = match self.envelope {
                Some(_) => self.scope(name, attributes).map(Arc::new),
                None => {
                    self.begin(name, attributes);
                    None
                }
            };
            let (name, attributes) = (name.to_vec(), attributes.to_vec());
            self.last = Some(Last { changes: self.changes, name, attributes, scope, number: None });
        }
        let Some(Last { scope: Some(scope), number, .. }) = &mut self.last else { return 0 };
        *number.get_or_insert_with(|| {
            self.scopes.push(scope.clone());
            self.scopes.len() as u16
        })
    }

    /// Whether no further scope has a number.
    pub fn is_full(&self) -> bool {
        self.scopes.len() >= usize::from(u16::MAX)
    }

    /// The scopes of the records that were entered since they were taken last.
    pub fn take_scopes(&mut self) -> Vec<Arc<Scope>> {
        if let Some(last) = &mut self.last {
            last.number = None;
        }
        std::mem::take(&mut self.scopes)
    }

    /// Takes what is around the first record.
    fn begin(&mut self, name: &[u8], attributes: &[u8]) {
        self.given = self.holds().into_iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
        self.envelope = Some(Arc::new(Envelope {
            tags: self.open.iter().map(|open| text(&open.tag)).collect(),
            names: self.open.iter().map(|open| text(&open.name)).collect(),
            foreign_namespace: self.foreign_namespace(name, attributes),
        }));
    }

    /// What is otherwise where a record stands, if anything is.
    fn scope(&self, name: &[u8], attributes: &[u8]) -> Option<Scope> {
        let is_known = self.envelope.as_ref().is_some_and(|envelope| envelope.foreign_namespace.is_some());
        let foreign_namespace = self.foreign_namespace(name, attributes).filter(|_| !is_known);
        let own = namespaces(attributes);
        let mut holds = self.holds();
        if self.given.contains_key(DEFAULT) {
            holds.entry(DEFAULT).or_default();
        }
        let is_missing = |(name, value): &(&[u8], &[u8])| {
            self.given.get(*name).map_or(&b""[..], Vec::as_slice) != *value
                && self::value(&own, name).is_none()
        };
        let mut missing: Vec<(&[u8], &[u8])> = holds.into_iter().filter(is_missing).collect();
        // What the record cannot be without comes first.
        missing.sort_by_key(|(declaration, _)| *declaration != declaration_of(name));
        let mut declarations = String::new();
        for (name, value) in missing {
            let quote = if value.contains(&b'"') { '\'' } else { '"' };
            let declaration = format!(" {}={quote}{}{quote}", text(name), text(value));
            if declarations.len() + declaration.len() <= DECLARATIONS_BYTES_MAX {
                declarations.push_str(&declaration);
            }
        }
        let is_other = !declarations.is_empty() || foreign_namespace.is_some();
        is_other.then_some(Scope { declarations, foreign_namespace })
    }

    /// The declarations that hold, the innermost of each name.
    fn holds(&self) -> BTreeMap<&[u8], &[u8]> {
        let all = self.open.iter().flat_map(|open| &open.namespaces);
        all.map(|(name, value)| (name.as_slice(), value.as_slice())).collect()
    }

    /// The namespace of a record, by the nearest declaration of its prefix, if it is not the documented one.
    fn foreign_namespace(&self, name: &[u8], attributes: &[u8]) -> Option<String> {
        let found = text(self.declared(&declaration_of(name), attributes).unwrap_or_default());
        (found != NAMESPACE).then_some(found)
    }
}

/// The declaration of the namespace that holds where no prefix stands.
const DEFAULT: &[u8] = b"xmlns";

/// What declares the prefix of an element.
pub(super) fn declaration_of(name: &[u8]) -> Vec<u8> {
    match name.len() - local(name).len() {
        0 => DEFAULT.to_vec(),
        prefix => [DEFAULT, b":", &name[..prefix - 1]].concat(),
    }
}

/// The namespaces that a tag declares.
fn namespaces(attributes: &[u8]) -> Namespaces {
    let declares =
        |name: &[u8]| name.strip_prefix(DEFAULT).is_some_and(|rest| matches!(rest, [] | [b':', ..]));
    let declared = Attributes::of(attributes).flatten().filter(|(name, _)| declares(name));
    let mut namespaces: Vec<_> = declared.map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
    namespaces.sort_unstable();
    namespaces
}

/// The value of a declaration.
fn value<'n>(namespaces: &'n Namespaces, declaration: &[u8]) -> Option<&'n [u8]> {
    let found = namespaces.binary_search_by(|(name, _)| name.as_slice().cmp(declaration));
    found.ok().map(|at| namespaces[at].1.as_slice())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
