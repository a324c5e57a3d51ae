//! Composing a code, a message and a place in the order of reporting from where a node stands. Runs
//! only when something is wrong: an accepted record pays nothing for it.

use crate::contract::codes::scope::{C016, C017, RELATED};
use crate::contract::tables::related::RELATED_ENTITY;
use crate::contract::{Check, Code, EntityType, Field, NodeId, Object, Record};

/// Where a node stands: the scopes of its codes, the sentences that place it.
pub(super) struct Place {
    /// The scopes of its codes.
    pub code: Code,
    /// The sentences that place it, each with a blank at its end.
    pub sentences: String,
    /// The same without the sentence of the node's own item.
    pub outer_sentences: String,
    /// The first place of the block of related entities, for a node in one.
    related_from: Option<u16>,
}

/// The blocks of related entities in the order of reporting. Source: the contract's list of errors.
const RELATED_OF_ORGANIZATION: u16 = 566;
const RELATED_OF_INDIVIDUAL: u16 = 596;

/// One step on the way from a record to a node: a field and, for a list item, its table and index.
pub(super) type Step = (&'static Field, Option<(&'static Object, String)>);

impl Place {
    /// Finds where a node stands, in a record of a customer of this type.
    #[cold]
    pub fn of(record: &Record<'_>, node: NodeId, owner: Option<EntityType>) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        record.each_step(node, &mut |field, item| {
            steps.push((field, item.map(|(object, index)| (object, index.to_string()))));
        });
        Self::along(&steps, owner)
    }

    /// The same for a way that is given.
    pub fn along(steps: &[Step], owner: Option<EntityType>) -> Self {
        let mut place = Self {
            code: Code::NONE,
            sentences: String::new(),
            outer_sentences: String::new(),
            related_from: None,
        };
        for (field, item) in steps {
            let Some((object, index)) = item else { continue };
            place.outer_sentences.clone_from(&place.sentences);
            if object.is(&RELATED_ENTITY) {
                let (block, from) = match owner {
                    Some(EntityType::Organization) => (&C017, RELATED_OF_ORGANIZATION),
                    _ => (&C016, RELATED_OF_INDIVIDUAL),
                };
                place.code = Code::of(block).below(&RELATED);
                place.related_from = Some(from);
                let owner = owner.unwrap_or(EntityType::Individual).as_str();
                place.sentences = format!("Problem with field for {owner} type customer. ");
            } else if let Some(scope) = field.scope {
                place.code = place.code.join(scope);
            }
            let sentence =
                if place.related_from.is_some() { object.related_sentence } else { object.sentence };
            place.sentences.push_str(&sentence.replace("{i}", index));
        }
        place
    }

    /// The place of a check in the order of reporting.
    pub fn order(&self, check: &Check) -> u16 {
        match self.related_from {
            Some(from) => from + u16::from(check.related),
            None => check.order,
        }
    }
}

/// The codes that are printed in a public source, sorted; every other one is proposed.
/// Source: the contract's list of errors.
#[must_use]
pub const fn documented() -> &'static [&'static str] {
    &[
        "500",
        "AV07",
        "C002",
        "C004",
        "C007",
        "C008.I02",
        "C010",
        "C012",
        "C013",
        "C013a",
        "C014",
        "C015",
        "C016.I06",
        "C016.I08",
        "C017.C016.AV07",
        "C017.C016.RE01",
        "C017.C016.RE02",
        "C017.C016.RE03",
        "C017.C016.RE05",
        "C017.C016.RE06.ADR02",
        "C017.C016.RE06.Co1",
        "C017.C016.RE06.Co2",
        "C017.C016.RE08.DOC01",
        "C017.C016.RE08.DOC03",
        "C017.O01",
        "FOA01",
        "FOA02",
        "O001",
        "O005",
        "Q002.DOC06",
        "Q004.ADR02",
        "Q009.CA01",
        "Q014.RC01",
        "Q017.COTP01",
        "REG",
        "SCR01",
    ]
}

/// Whether a code is printed in a public source.
#[must_use]
pub fn is_documented(code: &str) -> bool {
    documented().binary_search(&code).is_ok()
}
