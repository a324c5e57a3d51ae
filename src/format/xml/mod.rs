//! XML: the SOAP envelope with one record, or several records under any root.

pub(super) mod attribute;
pub(super) mod frame;
mod plain;
pub(super) mod read;
mod token;
pub(super) mod write;

pub use frame::Envelope;
