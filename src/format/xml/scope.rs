//! What stands around records: the elements they are in, and the namespaces that hold there.

use std::collections::{BTreeMap, BTreeSet};
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
    /// Its namespace, if it is the first one that is not the documented one.
    pub foreign_namespace: Option<String>,
}

/// The most bytes of the declarations that are added to a record; its own prefix is among the first.
const DECLARATIONS_BYTES_MAX: usize = 4096;

/// Declarations of namespaces: names of attributes, in their order, and values.
type Namespaces = Vec<(Vec<u8>, Vec<u8>)>;

/// The most bytes of a foreign namespace that are told.
const NAMESPACE_BYTES_MAX: usize = 1024;

/// An element that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub name: Vec<u8>,
    tag: Vec<u8>,
    /// What it declares.
    declared: Vec<Vec<u8>>,
}

/// The elements that are open around records.
#[derive(Debug, Default)]
pub(super) struct Around {
    open: Vec<Open>,
    envelope: Option<Arc<Envelope>>,
    /// The values of declarations, the innermost last.
    holds: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    /// Those that hold within the envelope.
    given: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The declarations that hold and are not given.
    missing: BTreeSet<Vec<u8>>,
    /// Whether a record with a foreign namespace was told of.
    foreign_told: bool,
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
        let declared = namespaces.iter().map(|(declaration, _)| declaration.clone()).collect();
        self.open.push(Open { name: name.to_vec(), tag: tag.to_vec(), declared });
        for (declaration, value) in namespaces {
            self.holds.entry(declaration.clone()).or_default().push(value);
            self.compare(declaration);
        }
    }

    /// Closes the innermost element.
    pub fn pop(&mut self) -> Option<Open> {
        let mut open = self.open.pop()?;
        for declaration in std::mem::take(&mut open.declared) {
            if let Some(values) = self.holds.get_mut(&declaration) {
                values.pop();
                if values.is_empty() {
                    self.holds.remove(&declaration);
                }
            }
            self.compare(declaration);
        }
        Some(open)
    }

    /// Notes whether a declaration that began or ceased to hold is missing in the envelope.
    fn compare(&mut self, declaration: Vec<u8>) {
        self.changes += 1;
        let given = self.given.get(&declaration).map_or(&b""[..], Vec::as_slice);
        // No prefix can be made to stand for nothing again.
        let is_missing = match self.held(&declaration) {
            Some(value) => value != given,
            None => declaration == DEFAULT && !given.is_empty(),
        };
        if is_missing {
            self.missing.insert(declaration);
        } else {
            self.missing.remove(&declaration);
        }
    }

    /// The value of a declaration by the elements around.
    fn held(&self, declaration: &[u8]) -> Option<&[u8]> {
        self.holds.get(declaration).and_then(|values| values.last()).map(Vec::as_slice)
    }

    /// The value of a declaration, by these attributes or those of the elements around.
    pub fn declared<'t>(&'t self, declaration: &[u8], attributes: &'t [u8]) -> Option<&'t [u8]> {
        Attributes::of(attributes).value(declaration).or_else(|| self.held(declaration))
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
        let innermost = |(declaration, values): (&Vec<u8>, &Vec<Vec<u8>>)| {
            values.last().map(|value| (declaration.clone(), value.clone()))
        };
        self.given = self.holds.iter().filter_map(innermost).collect();
        self.missing.clear();
        self.envelope = Some(Arc::new(Envelope {
            tags: self.open.iter().map(|open| text(&open.tag)).collect(),
            names: self.open.iter().map(|open| text(&open.name)).collect(),
            foreign_namespace: self.foreign_namespace(name, attributes),
        }));
    }

    /// What is otherwise where a record stands, if anything is. It takes no longer the more is declared.
    fn scope(&mut self, name: &[u8], attributes: &[u8]) -> Option<Scope> {
        let foreign_namespace = self.foreign_namespace(name, attributes);
        let own = namespaces(attributes);
        let is_own =
            |declaration: &[u8]| own.binary_search_by(|(name, _)| name.as_slice().cmp(declaration)).is_ok();
        // What the record cannot be without comes first.
        let needed = declaration_of(name);
        let first = self.missing.get(&needed);
        let others = self.missing.iter().filter(|declaration| **declaration != needed);
        let mut declarations = String::new();
        for declaration in first.into_iter().chain(others).filter(|declaration| !is_own(declaration)) {
            let value = self.held(declaration).unwrap_or_default();
            if declarations.len() + declaration.len() + value.len() > DECLARATIONS_BYTES_MAX {
                break;
            }
            let quote = if value.contains(&b'"') { '\'' } else { '"' };
            declarations.push_str(&format!(" {}={quote}{}{quote}", text(declaration), text(value)));
        }
        let is_other = !declarations.is_empty() || foreign_namespace.is_some();
        is_other.then_some(Scope { declarations, foreign_namespace })
    }

    /// The namespace of a record, by the nearest declaration of its prefix, if it is the first that is not the documented
    /// one.
    fn foreign_namespace(&mut self, name: &[u8], attributes: &[u8]) -> Option<String> {
        let found = self.declared(&declaration_of(name), attributes).unwrap_or_default();
        if self.foreign_told || found == NAMESPACE.as_bytes() {
            return None;
        }
        let told = text(&found[..found.len().min(NAMESPACE_BYTES_MAX)]);
        self.foreign_told = true;
        Some(told)
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

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
