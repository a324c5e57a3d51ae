//! XML: the SOAP envelope with one record, or several records under any root.

pub(super) mod frame;
mod plain;
pub(super) mod read;
pub(super) mod scope;
pub(super) mod strict;
mod token;
pub(super) mod write;

pub use frame::{NAMESPACE, RECORD_NAME};
pub use scope::{Envelope, Scope};
