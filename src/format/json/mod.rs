//! JSON: a wrapper object, an array, lines, or a single object.

pub(crate) mod cursor;
pub(super) mod frame;
pub mod lines;
pub(crate) mod plain;
pub(super) mod read;
pub(super) mod write;
