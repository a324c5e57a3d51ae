//! Codes of list items: the last segment of a code such as `Q004.ADR02`.

pub mod additional;
pub mod identity;
pub mod place;
pub mod profile;

pub use additional::{AV01, AV02, AV03, AV04, AV07};
pub use identity::{ADR01, ADR02, CO1, CO2, DOC01, DOC02, DOC03, DOC04, DOC06, DOC07};
pub use place::{ACT01, CA01, COTP01, RA01, RC01, RC02};
pub use profile::{AR01, DT01, DT02, DT03, INC01, INS01, OS01, PP01, PP02, SOW01};
