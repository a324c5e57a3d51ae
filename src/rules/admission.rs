//! The rules that need the past: known customers and used communication numbers. They run in input
//! order, after the parallel part. Source: the contract, sections 5 and 6.

use super::customer::is_lead;
use super::keys::KeySet;
use super::walk::{Report, Walk};
use crate::contract::codes::customer::{C004, O001};
use crate::contract::codes::warning::{W005, W013};
use crate::contract::tables::customer::{
    ACTION, APPROVAL_DATE, COMMUNICATION_NUMBER, CUSTOMER_EXT_ID, RISK_MANAGEMENT_CATEGORY,
};
use crate::contract::{CUSTOMER, NodeId, Record, Rule, Severity};
use crate::key::{Key, Keys};

/// What a known record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A customer.
    Customer,
    /// A lead.
    Lead,
}

/// What a record does to the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Makes a new one.
    Create,
    /// Replaces it as a whole.
    Update,
}

/// What the past needs to know of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The key of its `customerExtId`, if it has one.
    pub customer: Option<Key>,
    /// The key of its `communicationNumber`, if it has one.
    pub number: Option<Key>,
    /// What it does; `None` when its `action` is wrong.
    pub action: Option<Action>,
    /// What it is by its category; `None` without one.
    pub kind: Option<Kind>,
    /// Whether it has an `approvalDate`.
    pub approved: bool,
}

impl Identity {
    /// Reads the identity of a record.
    #[must_use]
    pub fn of(record: &Record<'_>, keys: &Keys) -> Self {
        let text = |field| record.text(NodeId::ROOT, field);
        let action = match text(ACTION) {
            Some("CREATE") => Some(Action::Create),
            Some("UPDATE") => Some(Action::Update),
            None if !record.has(NodeId::ROOT, ACTION) => Some(Action::Create),
            _ => None,
        };
        Self {
            customer: text(CUSTOMER_EXT_ID).map(|text| keys.key(text)),
            number: text(COMMUNICATION_NUMBER).map(|text| keys.key(text)),
            action,
            kind: text(RISK_MANAGEMENT_CATEGORY)
                .map(|text| if is_lead(text) { Kind::Lead } else { Kind::Customer }),
            approved: record.has(NodeId::ROOT, APPROVAL_DATE),
        }
    }
}

/// What the past says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Findings {
    /// The communication number was used (O001).
    pub number_used: bool,
    /// CREATE of a customer that exists (C004).
    pub exists: bool,
    /// UPDATE of a customer that does not (C004).
    pub unknown: bool,
    /// A lead becomes a customer without an approval date (W005).
    pub unapproved: bool,
    /// A customer would become a lead (W013).
    pub becomes_lead: bool,
}

impl Findings {
    /// What a complete past says of a record: of its customer, if it is known, and of its number.
    #[must_use]
    pub fn of(identity: &Identity, known: Option<Kind>, number_used: bool) -> Self {
        let mut findings = Self { number_used, ..Self::default() };
        match (identity.action, known) {
            (Some(Action::Create), Some(_)) => findings.exists = true,
            (Some(Action::Update), None) => findings.unknown = identity.customer.is_some(),
            (Some(Action::Update), Some(Kind::Lead)) => {
                findings.unapproved = identity.kind == Some(Kind::Customer) && !identity.approved;
            }
            (Some(Action::Update), Some(Kind::Customer)) => {
                findings.becomes_lead = identity.kind == Some(Kind::Lead)
            }
            _ => {}
        }
        findings
    }

    /// Whether there is nothing to report.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Whether the record is refused.
    #[must_use]
    pub fn refuses(self) -> bool {
        self.number_used || self.exists || self.unknown
    }
}

/// The known customers and used communication numbers, seen by the records of a file in input order.
#[derive(Debug, Clone, Default)]
pub struct Past {
    keys: Keys,
    /// The bit of a customer says that it is a lead.
    customers: KeySet,
    numbers: KeySet,
    complete: bool,
}

impl Past {
    /// A past of which nothing is known: UPDATE of an unknown customer is not judged.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// An empty register: what it does not hold does not exist.
    #[must_use]
    pub fn register() -> Self {
        Self { complete: true, ..Self::default() }
    }

    /// The maker of this past's keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Adds a known customer or lead.
    pub fn add_customer(&mut self, customer_ext_id: &str, kind: Kind) {
        self.customers.insert(self.keys.key(customer_ext_id), kind == Kind::Lead);
    }

    /// Adds a used communication number.
    pub fn add_number(&mut self, communication_number: &str) {
        self.numbers.insert(self.keys.key(communication_number), false);
    }

    /// Brings what is known of several identifiers near, so that judging their records waits for memory once.
    pub fn foresee(&self, customers: &[Key], numbers: &[Key]) {
        std::hint::black_box(self.customers.peek(customers) ^ self.numbers.peek(numbers));
    }

    /// Judges a record and, where it is accepted, takes it into the past: only accepted records use up
    /// their number and their customer. `fine` says that no other rule rejects it.
    pub fn admit(&mut self, identity: &Identity, fine: bool) -> Findings {
        let known = identity.customer.and_then(|key| self.customers.get(key));
        let known = known.map(|lead| if lead { Kind::Lead } else { Kind::Customer });
        let number_used = identity.number.is_some_and(|key| self.numbers.get(key).is_some());
        let mut findings = Findings::of(identity, known, number_used);
        findings.unknown &= self.complete;
        if fine && !findings.refuses() {
            if let Some(key) = identity.customer {
                self.customers.insert(key, identity.kind == Some(Kind::Lead));
            }
            if let Some(key) = identity.number {
                self.numbers.insert(key, false);
            }
        }
        findings
    }
}

/// Reports what the past says of a record.
pub(super) fn report(walk: &mut Walk<'_, '_>, findings: Findings) {
    let field = |index: usize| &CUSTOMER.fields[index];
    let mut push = |index: usize, rule, severity, part, order, message: &'static str| {
        walk.report_field(
            NodeId::ROOT,
            field(index),
            Report { rule, severity, part, order, message: message.into() },
        );
    };
    if findings.number_used {
        let message = "CommunicationNumber already used in amlyze";
        push(COMMUNICATION_NUMBER, Rule::CommunicationNumberOnce, Severity::Error, &O001, 90, message);
    }
    if findings.unknown {
        let message = "Cannot update not existing customer, use Action = CREATE";
        push(CUSTOMER_EXT_ID, Rule::CustomerKnown, Severity::Error, &C004, 110, message);
    }
    if findings.exists {
        let message = "Customer already exists";
        push(CUSTOMER_EXT_ID, Rule::CustomerUnknown, Severity::Error, &C004, 120, message);
    }
    if findings.unapproved {
        let message = "Lead becomes a customer without ApprovalDate";
        push(APPROVAL_DATE, Rule::LeadApproval, Severity::Warning, &W005, 675, message);
    }
    if findings.becomes_lead {
        let message = "Existing customer would become a lead";
        push(RISK_MANAGEMENT_CATEGORY, Rule::CustomerToLead, Severity::Warning, &W013, 735, message);
    }
}
