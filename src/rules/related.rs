//! The rule over several fields of a related entity. Source: the contract, section 11, contradiction X7.

use super::walk::{Report, Walk};
use crate::contract::codes::warning::W011;
use crate::contract::tables::related::{ENTITY_TYPE, REGISTRATION_COUNTRY, RELATED_ENTITY};
use crate::contract::{EntityType, NodeId, Rule, Severity};

/// Warns of a related organization of an organization that has no registration country.
pub(super) fn several_fields(walk: &mut Walk<'_, '_>, node: NodeId) {
    let organization = Some(EntityType::Organization);
    if walk.facts.entity_type == organization
        && walk.record.text(node, ENTITY_TYPE).and_then(EntityType::parse) == organization
        && !walk.record.has(node, REGISTRATION_COUNTRY)
    {
        let message = "Related ORGANIZATION without RegistrationCountry";
        let report = Report {
            rule: Rule::RelatedRegistration,
            severity: Severity::Warning,
            part: &W011,
            order: 725,
            message: message.into(),
        };
        walk.report_field(node, &RELATED_ENTITY.fields[REGISTRATION_COUNTRY], report);
    }
}
