//! CSV and TSV: one record a row, nested fields in columns named by their path.

mod cell;
pub(super) mod frame;
mod guard;
mod header;
mod plain;
pub(super) mod read;
mod rows;
pub(super) mod write;

pub use cell::cell_number;
pub use guard::stays_without_guard;
pub(super) use header::{DELIMITERS, known_names, rows as header_rows};
pub use header::{Header, KeptColumn, REASON_COLUMNS, UnknownColumn, is_column, nearest_column};
pub use rows::{Row, Rows};
pub use write::cell as write_cell;
