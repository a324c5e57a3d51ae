//! XML: the SOAP envelope with one record, or several records under any root.

pub(super) mod frame;
mod plain;
pub(super) mod read;
pub(super) mod strict;
mod token;
pub(super) mod write;

pub use frame::{Envelope, NAMESPACE, RECORD_NAME};
