//! The JSON Schema made from the tables: what is accepted validates, and what is wrong in a way that a
//! schema can see does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use jsonschema::Validator;
use kyc_import::contract::schema::{SCHEMA_SHA256, schema};
use kyc_import::contract::{Classifiers, EntityType};
use kyc_import::digest::Digest;
use serde_json::Value;

use crate::conformance::{Case, conditions};
use crate::examples::Example;
use crate::support::{individual, judge, lead, organization, program, project};

fn validator(classifiers: &Classifiers) -> Validator {
    jsonschema::validator_for(&schema(classifiers)).expect("the schema is one")
}

/// What a schema says against a record.
fn complaints(validator: &Validator, record: &Value) -> Vec<String> {
    validator.iter_errors(record).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_schema_is_a_schema() {
    let schema = schema(&Classifiers::default());
    assert!(jsonschema::meta::is_valid(&schema));
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["properties"]["entityType"]["enum"], serde_json::json!(**EntityType::VALUES));
}

#[test]
fn the_program_prints_it() {
    let output = program(&project(), &["schema"]);
    let printed: Value = serde_json::from_slice(&output.stdout).expect("a schema is JSON");
    assert_eq!(printed, schema(&Classifiers::default()));
}

#[test]
fn its_hash_is_the_one_that_summaries_name() {
    let text = schema(&Classifiers::default()).to_string();
    assert_eq!(
        SCHEMA_SHA256,
        Digest::of(text.as_bytes()).hex(),
        "the contract is another one: write its hash down"
    );
}

#[test]
fn base_records_validate() {
    let validator = validator(&Classifiers::default());
    for record in [individual(), organization(), lead()] {
        assert_eq!(complaints(&validator, &record), [""; 0]);
    }
}

/// A record with the words that it is judged by.
struct Judged {
    name: String,
    record: Value,
    set: Vec<String>,
    /// The codes of its errors and warnings.
    errors: Vec<String>,
    warnings: Vec<String>,
}

/// The cases and examples that are judged alone and by nothing but lists, or that are accepted by rules
/// that ask for no less.
fn all_judged() -> Vec<Judged> {
    let cases = Case::all().into_iter().filter(|case| case.before.is_empty()).map(|case| Judged {
        record: case.records().pop().expect("a record"),
        errors: case.errors.iter().map(|(code, ..)| code.clone()).collect(),
        warnings: case.warnings.iter().map(|(code, ..)| code.clone()).collect(),
        name: case.name,
        set: case.set,
    });
    let examples = Example::all().into_iter().map(|example| Judged {
        record: example.record(),
        errors: example.errors.iter().map(|(code, _)| code.clone()).collect(),
        warnings: example.warnings.iter().cloned().collect(),
        name: example.name,
        set: example.set,
    });
    let asks_less = |judged: &Judged| judged.set.iter().any(|word| word.ends_with(":warning"));
    cases.chain(examples).filter(|judged| !asks_less(judged)).collect()
}

/// Validators by the lists that words give.
#[derive(Default)]
struct Validators(BTreeMap<Vec<String>, Validator>);

impl Validators {
    fn complaints(&mut self, judged: &Judged) -> Vec<String> {
        let lists: Vec<String> =
            judged.set.iter().filter(|word| word.starts_with("list:")).cloned().collect();
        let made = self.0.entry(lists).or_insert_with_key(|lists| {
            validator(&conditions(lists.iter().map(String::as_str)).0.context.classifiers)
        });
        complaints(made, &judged.record)
    }
}

fn against(judged: impl Iterator<Item = Judged>) -> Vec<String> {
    let mut validators = Validators::default();
    let told = |judged: Judged| {
        let complaints = validators.complaints(&judged);
        (!complaints.is_empty()).then(|| format!("{}: {complaints:?}", judged.name))
    };
    judged.filter_map(told).collect()
}

/// Whether a record carries fields of the other entity type.
fn is_foreign(judged: &Judged) -> bool {
    judged.warnings.iter().any(|code| code == "W004" || code == "W012")
}

#[test]
fn records_without_errors_validate() {
    let fine = all_judged().into_iter().filter(|judged| judged.errors.is_empty() && !is_foreign(judged));
    assert_eq!(against(fine), [""; 0]);
}

#[test]
fn records_with_fields_of_the_other_entity_type_that_nobody_looks_at_validate() {
    let fine = all_judged().into_iter().filter(|judged| judged.errors.is_empty() && is_foreign(judged));
    assert_eq!(against(fine), [""; 0]);
}

/// Codes of errors that the schema leaves to the program: conditions between fields other than the
/// entity type, the source of risk level and the status of the customer.
const LEFT_TO_THE_PROGRAM: [&str; 13] = [
    "AV07",
    "C013a",
    "C016.C016.AV07",
    "C016.C016.RE04.I01",
    "C016.C016.RE04.I02",
    "C016.C016.RE04.O01",
    "C016.I03",
    "C017.C016.AV07",
    "C017.C016.RE04.I01",
    "C017.C016.RE04.I02",
    "C017.C016.RE04.O01",
    "C017.C016.RE06.ADR01",
    "Q004.ADR01",
];

/// Cases of other codes that it does not see: days that no calendar has, and blanks where a name alone
/// is asked for.
const NOT_SEEN: [&str; 4] = [
    "a day that is not in the calendar",
    "citizenshipCountry is blank",
    "firstName is blank",
    "lastName is blank",
];

#[test]
fn records_with_errors_that_a_schema_can_see_do_not_validate() {
    let mut validators = Validators::default();
    let only_lists = |judged: &Judged| judged.set.iter().all(|word| word.starts_with("list:"));
    let (mut left, mut not_seen) = (BTreeSet::new(), BTreeSet::new());
    let mut seen = 0;
    for judged in all_judged().into_iter().filter(only_lists) {
        let [code] = judged.errors.as_slice() else { continue };
        match validators.complaints(&judged).is_empty() {
            false => seen += 1,
            true if LEFT_TO_THE_PROGRAM.contains(&code.as_str()) => drop(left.insert(code.clone())),
            true => drop(not_seen.insert(judged.name)),
        }
    }
    assert_eq!(left, LEFT_TO_THE_PROGRAM.map(str::to_owned).into());
    assert_eq!(not_seen, NOT_SEEN.map(str::to_owned).into());
    assert!(seen > 200, "{seen} records with errors were seen");
}

#[test]
fn what_comes_out_of_the_samples_validates() {
    let validator = validator(&Classifiers::default());
    let mut accepted = 0;
    for entry in fs::read_dir(project().join("samples")).expect("the samples are there") {
        let path = entry.expect("a sample").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let judged = judge(fs::read(&path).expect("a sample can be read"), &name);
        if judged.finished.failure.is_some() {
            continue;
        }
        for line in judged.accepted.lines() {
            let record: Value = serde_json::from_str(line).expect("an accepted record is JSON");
            assert_eq!(complaints(&validator, &record), [""; 0], "{name}");
            accepted += 1;
        }
    }
    assert!(accepted > 0, "the samples hold accepted records");
}
