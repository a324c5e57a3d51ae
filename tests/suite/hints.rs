//! Hints: what people write, and what they are told to write.

use std::fs;

use kyc_import::contract::Classifiers;
use kyc_import::rules::Options;
use serde_json::{Value, json};

use crate::support::{individual, judge, judge_with, organization, patched, project, settings};

/// The hints on a changed individual, errors first.
fn hints(patch: &Value) -> Vec<String> {
    hints_of(&patched(individual(), patch))
}

fn hints_of(record: &Value) -> Vec<String> {
    let judged = judge(record.to_string(), "a.ndjson");
    let list = |kind: &str| judged.reports[0][kind].as_array().expect("a list").clone();
    [list("errors"), list("warnings")]
        .concat()
        .iter()
        .map(|violation| violation["hint"].as_str().expect("a hint").to_owned())
        .collect()
}

#[test]
fn what_people_write_is_recognised() {
    for (field, value, says) in [
        ("citizenshipCountry", "Lietuva", "Did you mean LT?"),
        ("citizenshipCountry", "LIETUVA", "Did you mean LT?"),
        ("citizenshipCountry", "LTU", "Did you mean LT?"),
        ("citizenshipCountry", "lt", "Did you mean LT?"),
        ("citizenshipCountry", "Republic of Lithuania", "Did you mean LT?"),
        ("citizenshipCountry", "Deutschland", "Did you mean DE?"),
        ("citizenshipCountry", "Vokietija", "Did you mean DE?"),
        ("citizenshipCountry", "Polska", "Did you mean PL?"),
        ("citizenshipCountry", "UK", "Did you mean GB?"),
        ("citizenshipCountry", "EL", "Did you mean GR?"),
        ("citizenshipCountry", "Atlantis", "two-letter country code"),
        ("initialDepositCurrency", "EURO", "Did you mean EUR?"),
        ("initialDepositCurrency", "€", "Did you mean EUR?"),
        ("initialDepositCurrency", "eur", "Did you mean EUR?"),
        ("initialDepositCurrency", "978", "Did you mean EUR?"),
        ("initialDepositCurrency", "zł", "Did you mean PLN?"),
        ("riskLevel", "low", "Did you mean LOW? Allowed: NONE, LOW"),
        ("riskLevel", "MEDUIM", "Did you mean MEDIUM?"),
        ("riskLevel", "ACTIVE", "This is a value of CustomerStatus: are columns shifted?"),
        ("isPEP", "taip", "Did you mean true?"),
        ("isPEP", "0", "Did you mean false?"),
        ("birthDate", "31.02.1990", "There is no such day in the calendar."),
        ("CommunicationNumber", "x", "Did you mean communicationNumber?"),
        ("birthDate", "21.01.1990", "It looks like dd.MM.yyyy; date_formats = [\"%d.%m.%Y\"]"),
        ("birthDate", "01/21/1990", "date_formats = [\"%m/%d/%Y\"]"),
        ("birthDate", "01/02/1990", "Whether day or month comes first cannot be told"),
        ("birthDate", "1990.01.21", "date_formats = [\"%Y.%m.%d\"]"),
        ("birthDate", "1990-21-01", "Day and month look swapped."),
        ("birthDate", "1990-02-30", "There is no such day in the calendar."),
        ("birthDate", "22023-01-20", "The year has too many digits."),
        ("birthDate", "1990-1-2", "two digits each"),
        ("birthDate", "21.01.90", "four digits"),
        ("birthDate", "32894", "the number by which a spreadsheet counts days"),
        ("birthDate", "19900121", "date_formats = [\"%Y%m%d\"]"),
        ("birthDate", "1990-01-21 00:00:00", "Leave the time of day out"),
        ("initialDepositAmount", "1 500,75", "between the thousands"),
        ("initialDepositAmount", "1500,75", "point in place of the comma"),
        ("initialDepositAmount", "1500 EUR", "currency signs"),
        ("title", "UAB", "INDIVIDUAL has FirstName and LastName instead."),
        ("fristName", "x", "Did you mean firstName?"),
    ] {
        let hints = hints(&json!({ field: value }));
        assert!(hints.iter().any(|hint| hint.contains(says)), "{field} = {value}: {hints:?}");
        assert!(
            hints.iter().all(|hint| !hint.contains(value) || value.len() < 4),
            "{value} is repeated: {hints:?}"
        );
    }
    let employees = hints_of(&patched(organization(), &json!({"numberOfEmployees": "12,5"})));
    assert!(employees.iter().any(|hint| hint.contains("whole number")), "{employees:?}");
    let person = hints_of(&patched(organization(), &json!({"firstName": "Ona"})));
    assert!(person.iter().any(|hint| hint.contains("ORGANIZATION has Title instead.")), "{person:?}");
}

#[test]
fn blanks_around_values_are_named() {
    for (field, value) in
        [("riskLevel", " LOW "), ("citizenshipCountry", "LT\u{a0}"), ("birthDate", "\t1990-01-21")]
    {
        let hints = hints(&json!({ field: value }));
        assert!(hints.iter().any(|hint| hint.contains("blanks around the value")), "{field}: {hints:?}");
        // In a cell they do not count.
        let csv = format!("{field};firstName\r\n{value};Ona\r\n");
        let judged = judge(csv, "a.csv");
        let errors = judged.reports[0]["errors"].as_array().expect("a list");
        assert!(errors.iter().all(|error| error["field"] != field), "{field}");
    }
}

#[test]
fn a_suggestion_is_always_allowed() {
    let mut classifiers = Classifiers::default();
    classifiers.replace(kyc_import::contract::List::Country, ["LV", "EE"].into_iter());
    let settings = settings(Options::default(), classifiers);
    let record = patched(individual(), &json!({"citizenshipCountry": "Lietuva"})).to_string();
    let judged = judge_with(record, "a.ndjson", &settings, kyc_import::rules::Past::unknown());
    assert!(!judged.reports[0]["errors"][0]["hint"].as_str().expect("a hint").contains("LT?"));
}

#[test]
fn the_table_of_countries_holds_every_code_once() {
    let table = fs::read_to_string(project().join("src/contract/countries.tsv")).expect("the table");
    let codes: Vec<&str> = table.lines().filter_map(|line| line.split('\t').next()).collect();
    let built_in = kyc_import::contract::List::Country.built_in();
    assert_eq!(codes, built_in);
    let mut names: Vec<String> = table
        .lines()
        .flat_map(|line| line.split('\t').nth(2).expect("names").split('|'))
        .map(str::to_lowercase)
        .collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "a name stands for two countries");
}

#[test]
fn every_violation_of_the_cases_says_what_to_do() {
    let cases = fs::read_to_string(project().join("tests/fixtures/contract/cases.jsonl")).expect("the cases");
    let mut silent = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let Some(patch) = case.get("patch") else { continue };
        let base = if case["base"] == "organization" { organization() } else { individual() };
        let judged = judge(patched(base, patch).to_string(), "a.ndjson");
        for violation in
            ["errors", "warnings"].iter().filter_map(|kind| judged.reports[0][kind].as_array()).flatten()
        {
            if violation["hint"] == "" {
                silent.push(violation["code"].to_string());
            }
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn a_damaged_text_is_warned_of_once_beside_a_value_of_the_wrong_structure() {
    let record = patched(organization(), &json!({ "title": "#N/A", "riskLevel": { "level": "LOW" } }));
    let judged = judge(record.to_string(), "x.ndjson");
    assert_eq!(judged.codes(0), ["V008"]);
    assert_eq!(judged.warnings(0), ["W017"]);
}
