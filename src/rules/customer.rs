//! The rules over several fields of a customer: source of risk level, leads, closing date.
//! Source: the contract, sections 1 to 7.

use super::walk::{Report, Walk};
use super::{Context, Mode, value};
use crate::contract::codes::customer::{B001, C008_I02, C013A};
use crate::contract::codes::warning::{W002, W003, W007, W008, W015};
use crate::contract::tables::customer::{
    BIRTH_DATE, BUSINESS_UNIT, CLOSING_DATE, CUSTOMER_STATUS, ENTITY_TYPE, INITIALIZE_SCREENING_PROCESSES,
    RISK_LEVEL, RISK_MANAGEMENT_CATEGORY, SOURCE_OF_RISK_LEVEL,
};
use crate::contract::{CUSTOMER, EntityType, Field, NodeId, Record, Rule, Severity};

/// Where the risk level comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It is sent along.
    Import,
    /// An assessment finds it.
    Evaluate,
}

/// What several rules ask of a customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// The entity type; `None` when it is missing or wrong.
    pub entity_type: Option<EntityType>,
    /// The source that is sent, or IMPORT by default; `None` when it is wrong.
    pub source: Option<Source>,
    /// Whether the category marks a lead.
    pub lead: bool,
    /// Whether the status is CLOSED.
    pub closed: bool,
}

impl Facts {
    #[inline]
    pub fn of(record: &Record<'_>, context: &Context) -> Self {
        let text = |field| record.text(NodeId::ROOT, field);
        let source = match text(SOURCE_OF_RISK_LEVEL) {
            Some("IMPORT") => Some(Source::Import),
            Some("EVALUATE") => Some(Source::Evaluate),
            None if context.options.mode != Mode::Single
                && !record.has(NodeId::ROOT, SOURCE_OF_RISK_LEVEL) =>
            {
                Some(Source::Import)
            }
            _ => None,
        };
        Self {
            entity_type: text(ENTITY_TYPE).and_then(EntityType::parse),
            source,
            lead: text(RISK_MANAGEMENT_CATEGORY).is_some_and(is_lead),
            closed: text(CUSTOMER_STATUS) == Some("CLOSED"),
        }
    }

    /// The fields that are mandatory for this customer, and those that it must not have.
    pub fn sets(&self, context: &Context) -> (u128, u128) {
        let sets = &CUSTOMER.sets;
        let mut mandatory = sets.always;
        let mut foreign = 0;
        match self.entity_type {
            Some(EntityType::Individual) => {
                mandatory |= sets.for_individual;
                foreign = sets.of_organization;
                if self.lead {
                    mandatory |= 1 << BIRTH_DATE;
                }
            }
            Some(EntityType::Organization) => {
                mandatory |= sets.for_organization;
                foreign = sets.of_individual;
            }
            None => {}
        }
        if context.options.mode == Mode::Single {
            mandatory |= 1 << SOURCE_OF_RISK_LEVEL;
        }
        if self.source == Some(Source::Import) && !self.lead {
            mandatory |= context.under_import;
        }
        if context.options.multi_organization {
            mandatory |= 1 << BUSINESS_UNIT;
        }
        if self.closed {
            mandatory |= 1 << CLOSING_DATE;
        }
        (mandatory, foreign)
    }
}

/// Whether a category carries the marker LEAD as its first or last part: `^LEAD(_|$)` or `(^|_)LEAD_?$`.
#[must_use]
pub fn is_lead(category: &str) -> bool {
    let starts = category.strip_prefix("LEAD").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    let ends = category
        .strip_suffix('_')
        .unwrap_or(category)
        .strip_suffix("LEAD")
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
    starts || ends
}

/// The rules that look at more than one field.
pub(super) fn several_fields(walk: &mut Walk<'_, '_>) {
    let facts = walk.facts;
    let has = |field| walk.record.has(NodeId::ROOT, field);
    let closing_unexpected = has(CLOSING_DATE) && !facts.closed;
    let (risk_level, status, screening) =
        (has(RISK_LEVEL), has(CUSTOMER_STATUS), has(INITIALIZE_SCREENING_PROCESSES));

    if facts.lead && facts.source == Some(Source::Import) {
        let message = "When source of risk level IMPORT. 'Lead' risk management category is forbidden";
        error(walk, RISK_MANAGEMENT_CATEGORY, Rule::LeadImport, &C008_I02, 200, message);
    }
    if closing_unexpected {
        let message = "ClosingDate can not exist for not CLOSED CustomerStatus";
        error(walk, CLOSING_DATE, Rule::ClosingDateUnexpected, &C013A, 260, message);
    }
    if facts.source == Some(Source::Evaluate) {
        if walk.context.options.mode == Mode::Batch {
            let message = "Customer evaluation is not available in the batch service";
            error(walk, SOURCE_OF_RISK_LEVEL, Rule::BatchEvaluation, &B001, 160, message);
        }
        let text = "Field not used when source of risk level EVALUATE. Field: ";
        if risk_level {
            warn_named(walk, RISK_LEVEL, Rule::UnusedUnderEvaluate, &W002, 645, text);
        }
        if status {
            warn_named(walk, CUSTOMER_STATUS, Rule::UnusedUnderEvaluate, &W002, 645, text);
        }
    }
    if walk.context.options.mode == Mode::Batch {
        let text = "Field not used in batch request. Field: ";
        if walk.record.text(NodeId::ROOT, SOURCE_OF_RISK_LEVEL) == Some("IMPORT") {
            warn_named(walk, SOURCE_OF_RISK_LEVEL, Rule::UnusedInBatch, &W003, 655, text);
        }
        if screening {
            warn_named(walk, INITIALIZE_SCREENING_PROCESSES, Rule::UnusedInBatch, &W003, 655, text);
        }
    }
    if let Some(status) = walk.record.text(NodeId::ROOT, CUSTOMER_STATUS)
        && facts.lead
        && status != "PENDING"
    {
        lead_status(walk, status);
    }
}

/// Fields that newer documents no longer list.
#[inline]
pub(super) fn legacy_fields(walk: &mut Walk<'_, '_>) {
    let mut fields = walk.record.present(NodeId::ROOT) & walk.context.legacy;
    while fields != 0 {
        let field = fields.trailing_zeros() as usize;
        fields &= fields - 1;
        warn_named(walk, field, Rule::OldName, &W007, 695, "Old spelling or legacy field: ");
    }
}

#[cold]
fn lead_status(walk: &mut Walk<'_, '_>, status: &str) {
    let message = format!("A lead stays PENDING, CustomerStatus {} is ignored", value::excerpt(status));
    let report = Report {
        rule: Rule::LeadStatus,
        severity: Severity::Warning,
        part: &W008,
        order: 705,
        message: message.into(),
    };
    walk.report_field(NodeId::ROOT, &CUSTOMER.fields[CUSTOMER_STATUS], report);
}

/// The fields that this institution asks for, beyond the contract.
pub(super) fn extra_mandatory(walk: &mut Walk<'_, '_>, mandatory: u128, foreign: u128) {
    // What is missing by the contract too is an error already, or a warning where the settings say so.
    let only_expected = match walk.context.options.import_requires_risk_fields {
        Severity::Warning => walk.context.under_import,
        Severity::Error => 0,
    };
    let errors = mandatory & !only_expected;
    let mut missing = walk.context.extra & !walk.record.present(NodeId::ROOT) & !errors & !foreign;
    while missing != 0 {
        let field: &'static Field = &CUSTOMER.fields[missing.trailing_zeros() as usize];
        missing &= missing - 1;
        let message = format!("Field required by this institution is missing: {}", field.message_name());
        let severity = walk.context.options.extra_mandatory_severity;
        let report =
            Report { rule: Rule::ExtraMandatory, severity, part: &W015, order: 745, message: message.into() };
        walk.report_field(NodeId::ROOT, field, report);
    }
}

#[cold]
fn error(
    walk: &mut Walk<'_, '_>,
    field: usize,
    rule: Rule,
    part: &'static crate::contract::Part,
    order: u16,
    message: &'static str,
) {
    let report = Report { rule, severity: Severity::Error, part, order, message: message.into() };
    walk.report_field(NodeId::ROOT, &CUSTOMER.fields[field], report);
}

/// Warns of a field whose name ends the message.
#[cold]
fn warn_named(
    walk: &mut Walk<'_, '_>,
    field: usize,
    rule: Rule,
    part: &'static crate::contract::Part,
    order: u16,
    text: &str,
) {
    let field = &CUSTOMER.fields[field];
    let message = format!("{text}{}", field.message_name());
    let report = Report { rule, severity: Severity::Warning, part, order, message: message.into() };
    walk.report_field(NodeId::ROOT, field, report);
}

#[cfg(test)]
mod tests {
    use super::is_lead;

    #[test]
    fn the_lead_marker_is_the_first_or_last_part() {
        for lead in ["LEAD", "LEAD_IND", "LEAD_", "IND_LEAD", "IND_LEAD_", "LEAD_AMLYZE"] {
            assert!(is_lead(lead), "{lead}");
        }
        for customer in
            ["IND", "MISLEADING", "LEADER", "LEADING_IND", "IND_LEADS", "MYLEAD", "lead_IND", "A_LEAD_B"]
        {
            assert!(!is_lead(customer), "{customer}");
        }
    }
}
