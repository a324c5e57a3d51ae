//! What a record may contain: fields, nested objects, codes with their pages, classifiers, paths.
//!
//! One table per object feeds the readers of all formats, the rules, the CSV headers, the templates,
//! the JSON Schema, `explain` and the codes document. Nothing here does I/O, reads a clock or keeps
//! mutable state.

pub mod closed_set;
pub mod code;
pub mod codes;
pub mod field;
pub mod list;
pub mod names;
pub mod near;
pub mod object;
pub mod order;
pub mod padded;
pub mod path;
pub mod record;
pub mod rule;
pub mod schema;
pub mod synonyms;
pub mod tables;

pub use closed_set::ClosedSet;
pub use code::{Code, Part};
pub use field::{Check, EntityType, Field, Foreign, Kind, Need};
pub use list::{Classifiers, List};
pub use object::{Members, Object, Spelling};
pub use order::{Came, FieldOrders};
pub use path::{FieldPath, UnknownPath};
pub use record::{NodeId, Note, NoteKind, Record, Value};
pub use rule::{Rule, Severity};
pub use tables::customer::CUSTOMER;
