//! What is wrong with a record: pure functions over the tables of [`crate::contract`].
//!
//! [`validate`] walks a record once and names every violation. The rules that need the past, such as
//! C004 and O001, are in [`admission`]: they run in input order, after the parallel part.

pub mod admission;
mod compose;
mod customer;
mod hint;
mod hints;
mod keys;
pub mod lexical;
mod meant;
mod registry;
mod related;
mod spreadsheet;
mod value;
mod verdict;
mod walk;

pub use crate::key::{Key, Keys};
pub use admission::{Action, Findings, Identity, Kind, Past};
pub use compose::{documented, is_documented};
pub use customer::is_lead;
pub use hints::Hints;
pub use meant::suggested;
pub use registry::{Reportable, reportable};
pub use verdict::{Verdict, Violation, file_violation, problem, record_violation};
pub use walk::{add_findings, validate, validate_into};

use crate::contract::{CUSTOMER, Classifiers, Need, Severity};

/// The service whose rules apply. Source: the contract, section 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// `POST /amlyze-ws-rest/customer`.
    Single,
    /// `POST /batch-customers`.
    Batch,
    /// Import of a file: an absent source of risk level means IMPORT.
    #[default]
    File,
}

/// The options of the validator. Source: the contract, section 18.
#[derive(Debug, Clone)]
pub struct Options {
    /// The service whose rules apply.
    pub mode: Mode,
    /// Turns W012 into C014 / C015.
    pub strict_entity_fields: bool,
    /// Makes `businessUnit` mandatory.
    pub multi_organization: bool,
    /// What an absent risk level or status under IMPORT is: C008.I01 / C008.I03, or W016.
    pub import_requires_risk_fields: Severity,
    /// Indices of customer fields that this institution asks for.
    pub extra_mandatory_fields: Vec<usize>,
    /// What an absent one of them is.
    pub extra_mandatory_severity: Severity,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            strict_entity_fields: false,
            multi_organization: false,
            import_requires_risk_fields: Severity::Error,
            extra_mandatory_fields: Vec::new(),
            extra_mandatory_severity: Severity::Warning,
        }
    }
}

/// What the rules need to know besides the record: options, lists, and sets made from the tables.
#[derive(Debug, Clone)]
pub struct Context {
    /// The options.
    pub options: Options,
    /// The lists in force.
    pub classifiers: Classifiers,
    extra: u128,
    under_import: u128,
    legacy: u128,
}

impl Context {
    /// Prepares the rules for many records.
    #[must_use]
    pub fn new(options: Options, classifiers: Classifiers) -> Self {
        let extra = options.extra_mandatory_fields.iter().fold(0, |set, field| set | 1 << field);
        Self {
            options,
            classifiers,
            extra,
            under_import: CUSTOMER.set(|field| field.need == Need::Import),
            legacy: CUSTOMER.set(|field| field.legacy),
        }
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new(Options::default(), Classifiers::default())
    }
}
