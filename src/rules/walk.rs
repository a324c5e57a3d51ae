//! The walk: every object of a record against its table, depth first, in table order.

use std::borrow::Cow;

use super::admission::Findings;
use super::compose::Place;
use super::customer::Facts;
use super::hints::Hints;
use super::verdict::{Verdict, Violation};
use super::{Context, customer, hint, related, value};
use crate::contract::codes::customer::{C014, C015};
use crate::contract::codes::value::V008;
use crate::contract::codes::warning::{W001, W004, W007, W009, W012, W014, W016};
use crate::contract::tables::customer::LIST_RELATED_ENTITY;
use crate::contract::tables::item::{
    additional_value::ADDITIONAL_VALUE, declared_turnover::DECLARED_TURNOVER,
};
use crate::contract::tables::related::{self as related_table, RELATED_ENTITY};
use crate::contract::{
    CUSTOMER, Check, EntityType, Field, Foreign, Kind, Members, Need, NodeId, Note, NoteKind, Object, Part,
    Record, Rule, Severity, Value,
};

/// Judges a record by all rules that need neither the past nor the neighbours.
///
/// Every violation is in the verdict, in the order of reporting. Nothing is allocated for a record
/// without violations.
#[must_use]
pub fn validate(record: &Record<'_>, context: &Context) -> Verdict {
    let mut verdict = Verdict::default();
    validate_into(record, context, &mut Hints::default(), &mut verdict);
    verdict
}

/// The same into a verdict that has served, whose room is used again, with the hints that were found for other records in
/// this context.
pub fn validate_into(record: &Record<'_>, context: &Context, hints: &mut Hints, verdict: &mut Verdict) {
    verdict.clear();
    Walk::new(record, context, hints, verdict).record();
    verdict.sort();
}

/// Adds what the past says of a record to its verdict.
pub fn add_findings(verdict: &mut Verdict, record: &Record<'_>, context: &Context, findings: Findings) {
    super::admission::report(&mut Walk::new(record, context, &mut Hints::default(), verdict), findings);
    verdict.sort();
}

/// A report on a field or object, before its place is known.
pub(super) struct Report {
    pub rule: Rule,
    pub severity: Severity,
    pub part: &'static Part,
    /// The place in the order of reporting outside related entities.
    pub order: u16,
    pub message: Cow<'static, str>,
}

/// The walk over one record.
pub(super) struct Walk<'r, 'a> {
    pub record: &'r Record<'a>,
    pub context: &'r Context,
    pub facts: Facts,
    hints: &'r mut Hints,
    pub verdict: &'r mut Verdict,
}

impl<'r, 'a> Walk<'r, 'a> {
    fn new(
        record: &'r Record<'a>,
        context: &'r Context,
        hints: &'r mut Hints,
        verdict: &'r mut Verdict,
    ) -> Self {
        Self { record, context, facts: Facts::of(record, context), hints, verdict }
    }

    fn record(&mut self) {
        let (mandatory, foreign) = self.facts.sets(self.context);
        self.fields(NodeId::ROOT, &CUSTOMER, mandatory, foreign);
        customer::several_fields(self);
        customer::extra_mandatory(self, mandatory, foreign);
        if !self.record.notes().is_empty() {
            self.notes();
        }
        // Behind the old spellings: their fields come first in the table.
        customer::legacy_fields(self);
    }

    /// One object against its table.
    fn object(&mut self, node: NodeId) {
        let object = self.record.object(node);
        let mut mandatory = object.sets.always;
        let mut foreign = 0;
        if self.facts.entity_type == Some(EntityType::Organization) {
            mandatory |= object.sets.for_owner_organization;
        }
        if object.is(&RELATED_ENTITY) {
            match self.record.text(node, related_table::ENTITY_TYPE).and_then(EntityType::parse) {
                Some(EntityType::Individual) => {
                    mandatory |= object.sets.for_individual;
                    foreign = object.sets.of_organization;
                }
                Some(EntityType::Organization) => {
                    mandatory |= object.sets.for_organization;
                    foreign = object.sets.of_individual;
                }
                None => {}
            }
        }
        self.fields(node, object, mandatory, foreign);
        if object.is(&RELATED_ENTITY) {
            related::several_fields(self, node);
        } else if object.is(&ADDITIONAL_VALUE) {
            value::additional_value(self, node);
        } else if object.is(&DECLARED_TURNOVER) {
            value::declared_turnover(self, node);
        }
    }

    /// The fields of one object that are present or mandatory, in table order.
    fn fields(&mut self, node: NodeId, object: &'static Object, mandatory: u128, foreign: u128) {
        let record = self.record;
        let present = record.present(node);
        let slots = record.slots(node);
        let todo = self.record.to_be_judged(node) | present & foreign | mandatory & !present;
        // A good record has nothing missing and nothing foreign.
        let fine = (mandatory & !present | present & foreign) == 0;
        Members::of(todo).for_each(|index| {
            let (field, slot) = (&object.fields[index], &slots[index]);
            if fine {
                if !value::is_fine(field, &slot.value, &self.context.classifiers) {
                    self.value(node, index, field, slot.value);
                }
            } else if present >> index & 1 == 0 {
                self.missing(node, field);
            } else if foreign >> index & 1 != 0 {
                self.foreign(node, index, field);
            } else {
                self.value(node, index, field, slot.value);
            }
        });
        Members::of(present & object.sets.free_text & !todo).for_each(|index| {
            if let Some(text) = slots[index].value.scalar() {
                value::free_text(self, node, &object.fields[index], text);
            }
        });
    }

    /// Everything there is to say of a value.
    fn value(&mut self, node: NodeId, index: usize, field: &'static Field, value: Value<'a>) {
        match (field.kind, value) {
            (Kind::Object(_), Value::Node(child)) => self.object(child),
            (Kind::Objects(_) | Kind::Values(_), Value::List(..)) => {
                if index == LIST_RELATED_ENTITY && node == NodeId::ROOT && self.facts.entity_type.is_none() {
                    return;
                }
                self.items(node, index, field);
            }
            (kind, Value::Text(_) | Value::Token(_)) if !kind.is_nested() => {
                value::scalar(self, node, index, field, value)
            }
            _ => self.structure(node, Some(index), field, field.kind.structure()),
        }
    }

    fn items(&mut self, node: NodeId, index: usize, field: &'static Field) {
        let record = self.record;
        for item in record.items(node, index) {
            if record.is_malformed(item) {
                let expected = if matches!(field.kind, Kind::Values(_)) { "scalar" } else { "object" };
                self.structure(item, None, field, expected);
            } else {
                self.object(item);
            }
        }
    }

    #[cold]
    fn missing(&mut self, node: NodeId, field: &'static Field) {
        let Some(check) = &field.missing else { return };
        if field.need == Need::Import && self.context.options.import_requires_risk_fields == Severity::Warning
        {
            let message = format!(
                "Field expected when source of risk level IMPORT is missing: {}",
                field.message_name()
            );
            let report = Report {
                rule: Rule::ImportExpected,
                severity: Severity::Warning,
                part: &W016,
                order: 750,
                message: message.into(),
            };
            return self.report_field(node, field, report);
        }
        let rule = if field.need == Need::Closed { Rule::ClosingDateMissing } else { Rule::Mandatory };
        self.check(node, field, rule, check, check.sentence);
    }

    #[cold]
    fn foreign(&mut self, node: NodeId, index: usize, field: &'static Field) {
        let Some(only) = field.only else { return };
        let stranger = if only.owner == EntityType::Individual {
            EntityType::Organization
        } else {
            EntityType::Individual
        };
        let name = field.message_name();
        let of_family = if only.owner == EntityType::Organization { &C014 } else { &C015 };
        let (rule, severity, part, order, message) = match only.foreign {
            Foreign::Unused => {
                let message = ["Field not used for related ", stranger.as_str(), ". Field: ", &name].concat();
                (Rule::UnusedForRelated, Severity::Warning, &W004, 665, message)
            }
            Foreign::Implied(order) if !self.context.options.strict_entity_fields => {
                let message = ["Field not allowed for ", stranger.as_str(), ". Field: ", &name].concat();
                (Rule::ForeignField, Severity::Warning, &W012, order, message)
            }
            Foreign::Implied(order) | Foreign::Documented(order) => {
                let message = ["Field not allowed for ", stranger.as_str(), ". Field: ", &name].concat();
                (Rule::ForeignField, Severity::Error, of_family, order, message)
            }
        };
        let report = Report { rule, severity, part, order, message: message.into() };
        let value = self.record.get(node, index);
        self.push(node, Some(field), Some((index, value)), report, false);
    }

    #[cold]
    fn structure(&mut self, node: NodeId, index: Option<usize>, field: &'static Field, expected: &str) {
        let message = format!("Wrong structure. Field: {}, expected {expected}", field.message_name());
        let report = Report {
            rule: Rule::Structure,
            severity: Severity::Error,
            part: &V008,
            order: 529,
            message: message.into(),
        };
        match index {
            Some(index) => self.push(node, Some(field), Some((index, Value::Absent)), report, false),
            None => self.push(node, None, None, report, false),
        }
    }

    /// Reports a check of a table on a field.
    #[cold]
    pub(super) fn check(
        &mut self,
        node: NodeId,
        field: &'static Field,
        rule: Rule,
        check: &Check,
        sentence: impl Into<Cow<'static, str>>,
    ) {
        let place = Place::of(self.record, node, self.facts.entity_type);
        let alone = rule == Rule::AdditionalValueForm;
        let sentences = if alone { &place.outer_sentences } else { &place.sentences };
        let report = Report {
            rule,
            severity: Severity::Error,
            part: check.part,
            order: place.order(check),
            message: behind(sentences, sentence.into()),
        };
        let value = self.slot(node, field);
        self.finish(node, Some(field), value, report, place.code.join(check.part));
    }

    /// Reports on a field, which may be absent.
    #[cold]
    pub(super) fn report_field(&mut self, node: NodeId, field: &'static Field, report: Report) {
        let value = self.slot(node, field);
        self.push(node, Some(field), value, report, false);
    }

    /// Reports on an object as a whole, with a check of its table.
    #[cold]
    pub(super) fn check_object(&mut self, node: NodeId, rule: Rule, check: &Check) {
        let report = Report {
            rule,
            severity: Severity::Error,
            part: check.part,
            order: check.order,
            message: check.sentence.into(),
        };
        self.push(node, None, None, report, true);
    }

    fn slot(&self, node: NodeId, field: &'static Field) -> Option<(usize, Value<'a>)> {
        let index = self.record.object(node).fields.iter().position(|other| std::ptr::eq(other, field))?;
        self.record.has(node, index).then(|| (index, self.record.get(node, index)))
    }

    /// Gives a report its place. Codes of values and of checks carry the scopes of their node; warnings
    /// stand alone.
    fn push(
        &mut self,
        node: NodeId,
        field: Option<&'static Field>,
        value: Option<(usize, Value<'a>)>,
        mut report: Report,
        sentences: bool,
    ) {
        if report.severity == Severity::Warning {
            let code = report.part.code();
            return self.finish(node, field, value, report, code);
        }
        let place = Place::of(self.record, node, self.facts.entity_type);
        if sentences || node != NodeId::ROOT {
            report.message = behind(&place.sentences, report.message);
        }
        let code = place.code.join(report.part);
        self.finish(node, field, value, report, code);
    }

    fn finish(
        &mut self,
        node: NodeId,
        field: Option<&'static Field>,
        value: Option<(usize, Value<'a>)>,
        report: Report,
        code: crate::contract::Code,
    ) {
        let record = self.record;
        // The items of a list of scalars are printed by their index alone.
        let scalar_item = record.object(node).is(&crate::contract::tables::item::screening::SCREENING);
        let named = field.filter(|_| !scalar_item);
        let (path, pointer) = match named {
            Some(field) if node == NodeId::ROOT => (field.name.into(), field.pointer.into()),
            _ => {
                let name = named.map(|field| field.name);
                (record.path(node, name).into(), record.pointer(node, name).into())
            }
        };
        self.verdict.push(Violation {
            rule: report.rule,
            code,
            severity: report.severity,
            order: report.order,
            field: path,
            pointer,
            message: report.message,
            hint: self.hints.of(report.rule, field, value.map(|(_, value)| value), self.context),
            value: field.zip(value).and_then(|(field, (_, value))| value::shown(field, value)),
            at: record.place(node, value.map(|(index, _)| index)),
        });
    }

    /// What the reader noticed: names that no table lists, repeated names, old spellings.
    #[cold]
    fn notes(&mut self) {
        let record = self.record;
        let counts = |note: &&Note<'a>| {
            // An old spelling of nothing is none, and so is what stood in a value that does not count.
            let is_given = |field| note.kind != NoteKind::OldSpelling || record.has(note.node, field);
            record.is_attached(note.node) && note.field.is_none_or(is_given)
        };
        let mut notes: Vec<&Note<'a>> = record.notes().iter().filter(counts).collect();
        // Names that no table lists stay in the order of the file.
        notes.sort_by_cached_key(|note| {
            note.field.map(|field| (record.position(note.node), field, note.kind))
        });
        notes.dedup_by(|note, before| {
            note.kind == NoteKind::OldSpelling
                && (note.kind, note.node, note.field) == (before.kind, before.node, before.field)
        });
        for note in notes {
            let name = value::excerpt(note.name);
            let (rule, part, order, message) = match note.kind {
                NoteKind::Unknown => (Rule::KnownName, &W001, 635, format!("Unknown field ignored: {name}")),
                NoteKind::OldSpelling => {
                    (Rule::OldName, &W007, 695, format!("Old spelling or legacy field: {name}"))
                }
                NoteKind::Joined => {
                    (Rule::ListOnce, &W009, 715, format!("Repeated XML element {name}, items joined"))
                }
                NoteKind::Repeated => {
                    (Rule::NameOnce, &W014, 740, format!("Field given twice, the last one counts: {name}"))
                }
            };
            let object = record.object(note.node);
            let own = note.field.map_or(name.as_ref(), |field| object.fields[field].name);
            self.verdict.push(Violation {
                rule,
                code: part.code(),
                severity: Severity::Warning,
                order,
                field: record.path(note.node, Some(own)).into(),
                pointer: record.pointer(note.node, Some(own)).into(),
                message: message.into(),
                hint: hint::name_hint(rule, note.name, object),
                value: None,
                at: note.at,
            });
        }
    }
}

/// A sentence behind those that place it.
fn behind(sentences: &str, sentence: Cow<'static, str>) -> Cow<'static, str> {
    if sentences.is_empty() { sentence } else { format!("{sentences}{sentence}").into() }
}
