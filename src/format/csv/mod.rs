//! CSV and TSV: one record a row, nested fields in columns named by their path.

mod cell;
pub(super) mod frame;
mod guard;
mod header;
pub(super) mod read;
pub(super) mod write;

pub(super) use header::{DELIMITERS, known_names, rows};
pub use header::{Header, UnknownColumn, is_column, nearest_column};
pub use write::cell as write_cell;
