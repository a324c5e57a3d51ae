//! Every code of the contract fires, with its path, code, message and place in the order of reporting,
//! in every format that can carry its cause. The cases are data: `cases.jsonl` holds single records,
//! `files.jsonl` whole files.

pub mod convert;

use std::collections::{BTreeMap, BTreeSet};

use bumpalo::Bump;
use kyc_import::contract::{CUSTOMER, Classifiers, List, Record, Severity};
use kyc_import::format::{Format, FrameReader, JsonShape, Limits};
use kyc_import::pipeline::Settings;
use kyc_import::rules::{Identity, Kind, Mode, Options, Past, Verdict, add_findings, validate};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{self, judge_with, patched, project};
use crate::tables::{CodeRow, codes};
use convert::FORMATS;

/// A code, the path of the field, the message.
pub type Finding = (String, String, String);

/// One record, what is known before it, and everything that is reported on it, in order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case is called.
    pub name: String,
    /// `individual`, `organization` or `lead`.
    base: String,
    /// The merge patch that makes the record of the base.
    #[serde(default = "no_patch")]
    patch: Value,
    /// The settings, in words.
    #[serde(default)]
    pub set: Vec<String>,
    /// Earlier records of the same file: base and patch.
    #[serde(default)]
    pub before: Vec<(String, Value)>,
    /// The formats it holds for, where others can write it but mean something else by it.
    only: Option<Vec<String>>,
    /// What rejects the record.
    pub errors: Vec<Finding>,
    /// What does not.
    #[serde(default)]
    pub warnings: Vec<Finding>,
}

/// A whole file, and what comes of it. Messages may have names in braces for what differs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCase {
    name: String,
    file: String,
    text: String,
    #[serde(default)]
    set: Vec<String>,
    /// The code and message of the failure of the file.
    failure: Option<(String, String)>,
    /// What is reported on every record.
    #[serde(default)]
    records: Vec<Findings>,
    /// The warnings that hold for the whole file.
    #[serde(default)]
    warnings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Findings {
    #[serde(default)]
    errors: Vec<Finding>,
    #[serde(default)]
    warnings: Vec<Finding>,
}

fn no_patch() -> Value {
    json!({})
}

/// The lines of a fixture.
pub fn lines<T: for<'de> Deserialize<'de>>(name: &str) -> Vec<T> {
    let path = project().join("tests/fixtures/contract").join(name);
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}")))
        .collect()
}

/// A base record.
pub fn base(name: &str) -> Value {
    match name {
        "individual" => support::individual(),
        "organization" => support::organization(),
        "lead" => support::lead(),
        other => panic!("{other} is no base record"),
    }
}

/// What words ask for: `mode:batch`, `known:lead:X-1`, `list:legalForm:LTD,UAB`. Where anything is known
/// or used there is a register.
pub fn conditions<'w>(words: impl IntoIterator<Item = &'w str>) -> (Settings, Past) {
    let mut options = Options::default();
    let mut lists = Classifiers::default();
    // The files are small; buffers for large ones would cost most of the time.
    let mut limits = Limits { chunk_bytes: 1 << 14, ..Limits::default() };
    let (mut known, mut used) = (Vec::new(), Vec::new());
    for word in words {
        let parts: Vec<&str> = word.splitn(3, [':', '=']).collect();
        match *parts.as_slice() {
            ["mode", "single"] => options.mode = Mode::Single,
            ["mode", "batch"] => options.mode = Mode::Batch,
            ["mode", "file"] => options.mode = Mode::File,
            ["strict_entity_fields"] => options.strict_entity_fields = true,
            ["multi_organization"] => options.multi_organization = true,
            ["import_requires_risk_fields", "warning"] => {
                options.import_requires_risk_fields = Severity::Warning;
            }
            ["extra_mandatory_fields", names] => {
                let index = |name| CUSTOMER.fields.iter().position(|field| field.name == name);
                options.extra_mandatory_fields =
                    names.split(',').map(|name| index(name).expect("a field")).collect();
            }
            ["extra_mandatory_severity", "error"] => options.extra_mandatory_severity = Severity::Error,
            ["record_bytes_max", bytes] => limits.record_bytes_max = bytes.parse().expect("a number"),
            ["known", "customer", id] => known.push((id, Kind::Customer)),
            ["known", "lead", id] => known.push((id, Kind::Lead)),
            ["used", number] => used.push(number),
            ["list", name, codes] => lists.replace(List::parse(name).expect("a list"), codes.split(',')),
            _ => panic!("{word} is no setting"),
        }
    }
    let mut past = if known.is_empty() && used.is_empty() { Past::unknown() } else { Past::register() };
    known.iter().for_each(|(id, kind)| past.add_customer(id, *kind));
    used.iter().for_each(|number| past.add_number(number));
    (Settings { limits, ..support::settings(options, lists) }, past)
}

impl Case {
    /// Every case.
    pub fn all() -> Vec<Self> {
        lines("cases.jsonl")
    }

    /// The records of the file; the last one is judged.
    pub fn records(&self) -> Vec<Value> {
        let this = (self.base.clone(), self.patch.clone());
        let both = self.before.iter().chain([&this]);
        both.map(|(name, patch)| patched(base(name), &repeated(patch))).collect()
    }

    /// The settings and the past that the words ask for.
    pub fn conditions(&self) -> (Settings, Past) {
        conditions(self.set.iter().map(String::as_str))
    }

    /// The text of a format, where the case holds for it.
    fn text(&self, format: &str) -> Option<String> {
        let wanted = self.only.as_ref().is_none_or(|only| only.iter().any(|only| only == format));
        wanted.then(|| convert::text(format, &self.records())).flatten()
    }
}

/// Writes out `{"repeat": "x", "times": 257}`.
pub fn repeated(value: &Value) -> Value {
    match value {
        Value::Object(members) => match (members.get("repeat"), members.get("times")) {
            (Some(Value::String(text)), Some(times)) => {
                json!(text.repeat(times.as_u64().expect("a number") as usize))
            }
            _ => members.iter().map(|(name, value)| (name.clone(), repeated(value))).collect(),
        },
        Value::Array(items) => items.iter().map(repeated).collect(),
        scalar => scalar.clone(),
    }
}

/// The violations of a report.
pub fn findings(violations: &Value) -> Vec<Finding> {
    let text = |violation: &Value, key: &str| violation[key].as_str().expect("a text").to_owned();
    let all = violations.as_array().expect("a list");
    all.iter()
        .map(|violation| (text(violation, "code"), text(violation, "field"), text(violation, "message")))
        .collect()
}

/// Whether a text is what a template says, with anything for the names in braces.
fn fits(template: &str, text: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else { return template == text };
    let Some((_, after)) = rest.split_once('}') else { return template == text };
    let Some(text) = text.strip_prefix(before) else { return false };
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.into_iter().any(|at| fits(after, &text[at..]))
}

fn all_fit(expected: &[Finding], found: &[Finding]) -> bool {
    let one = |(expected, found): (&Finding, &Finding)| {
        expected.0 == found.0 && expected.1 == found.1 && fits(&expected.2, &found.2)
    };
    expected.len() == found.len() && expected.iter().zip(found).all(one)
}

/// The row of the contract that an expectation stands for.
fn row((code, path, message): &Finding) -> Option<&'static CodeRow> {
    let shape = shape(path);
    // With strict_entity_fields the rows of W012 are reported as C014 and C015.
    let strict = matches!(code.as_str(), "C014" | "C015");
    let own = |row: &&CodeRow| {
        let here = row.path.split('|').any(|path| path == shape || path == "any");
        (row.code == *code || strict && row.code == "W012")
            && (here || row.path.starts_with('(') && shape.is_empty())
            && fits(&row.message, message)
    };
    // A code of values carries the scopes of its item, and its message their sentences.
    let of_value = |row: &&CodeRow| {
        row.code.starts_with('V')
            && code
                .strip_suffix(row.code.as_str())
                .is_some_and(|scopes| scopes.is_empty() || scopes.ends_with('.'))
            && fits(&format!("{{sentences}}{}", row.message), message)
    };
    codes().iter().find(own).or_else(|| codes().iter().find(of_value))
}

/// A path with `i` and `j` for its indices.
fn shape(path: &str) -> String {
    let mut names = ["i", "j"].into_iter();
    let mut parts = path.split('[');
    let mut shape = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(']').expect("a bracket that closes");
        shape.push_str(&format!("[{}]{rest}", names.next().expect("two indices at most")));
    }
    shape
}

#[test]
fn every_case_holds_in_every_format_that_can_carry_it() {
    let mut wrong = Vec::new();
    for case in Case::all() {
        for format in FORMATS {
            let Some(text) = case.text(format) else { continue };
            let (settings, past) = case.conditions();
            let judged = judge_with(&text, &format!("case.{format}"), &settings, past);
            let Some(report) = judged.reports.last() else {
                wrong.push(format!("{} in {format}: {:?}", case.name, judged.finished.failure));
                continue;
            };
            let (errors, warnings) = (findings(&report["errors"]), findings(&report["warnings"]));
            if errors != case.errors || warnings != case.warnings {
                wrong.push(format!("{} in {format}: {errors:#?} {warnings:#?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_expectation_is_a_row_of_the_contract_and_stands_in_its_order() {
    for case in Case::all() {
        for list in [&case.errors, &case.warnings] {
            let orders: Vec<u16> = list
                .iter()
                .map(|finding| row(finding).unwrap_or_else(|| panic!("{}: {finding:?}", case.name)).order)
                .collect();
            assert!(orders.is_sorted(), "{}: {orders:?}", case.name);
        }
    }
}

#[test]
fn every_violation_has_its_place_in_the_order_of_reporting() {
    for case in Case::all() {
        let verdict = verdict(&case);
        for (expected, found) in [(&case.errors, &verdict.errors), (&case.warnings, &verdict.warnings)] {
            let orders: Vec<Option<u16>> =
                expected.iter().map(|finding| row(finding).map(|row| row.order)).collect();
            let own: Vec<Option<u16>> = found.iter().map(|violation| Some(violation.order)).collect();
            assert_eq!(own, orders, "{}", case.name);
        }
    }
}

/// The verdict on the last record of a case, by the rules alone.
fn verdict(case: &Case) -> Verdict {
    let (settings, mut past) = case.conditions();
    let mut last = Verdict::default();
    for value in case.records() {
        let text = value.to_string();
        let bump = Bump::new();
        let mut record = Record::new();
        let mut reader = FrameReader::new(Format::Json(JsonShape::Single), None);
        reader.read(&text, 1, &bump, &mut record).expect("the record is well-formed");
        last = validate(&record, &settings.context);
        let findings = past.admit(&Identity::of(&record, past.keys()), last.is_accepted());
        add_findings(&mut last, &record, &settings.context, findings);
    }
    last
}

#[test]
fn every_file_comes_to_what_it_should() {
    let mut wrong = Vec::new();
    for case in lines::<FileCase>("files.jsonl") {
        let (settings, past) = conditions(case.set.iter().map(String::as_str));
        let judged = judge_with(&case.text, &case.file, &settings, past);
        let failure = judged.finished.failure.as_ref();
        let fails_rightly = match (&case.failure, failure) {
            (Some((code, message)), Some(own)) => {
                own.part.segment == code && fits(message, &own.message) && !own.hint.is_empty()
            }
            (None, None) => true,
            _ => false,
        };
        let reports = if case.failure.is_some() { &[] } else { judged.reports.as_slice() };
        let records_right = reports.len() == case.records.len()
            && reports.iter().zip(&case.records).all(|(report, expected)| {
                all_fit(&expected.errors, &findings(&report["errors"]))
                    && all_fit(&expected.warnings, &findings(&report["warnings"]))
            });
        let own: Vec<Finding> = judged
            .finished
            .warnings
            .iter()
            .map(|warning| (warning.code.to_string(), warning.field.to_string(), warning.message.to_string()))
            .collect();
        if !fails_rightly || !records_right || !all_fit(&case.warnings, &own) {
            wrong.push(format!("{}: {failure:?} {own:?} {:#?}", case.name, judged.reports));
        }
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_expectation_of_a_file_is_a_row_of_the_contract() {
    for case in lines::<FileCase>("files.jsonl") {
        let failure = case.failure.map(|(code, message)| (code, String::new(), message));
        let of_records = case.records.iter().flat_map(|record| record.errors.iter().chain(&record.warnings));
        for finding in of_records.chain(&case.warnings).chain(&failure) {
            assert!(row(finding).is_some(), "{}: {finding:?}", case.name);
        }
    }
}

/// Codes that no input provokes: an alias that is never reported, and two faults of the program.
const NEVER_FIRED: [&str; 3] = ["500", "O005", "R003"];

#[test]
fn every_code_fires_in_every_format_that_can_carry_it() {
    let mut fired: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for case in Case::all() {
        for format in FORMATS.into_iter().filter(|format| case.text(format).is_some()) {
            let codes = case.errors.iter().chain(&case.warnings).map(|(code, ..)| code.clone());
            fired.entry(format).or_default().extend(codes);
        }
    }
    for case in lines::<FileCase>("files.jsonl") {
        let ending = case.file.rsplit_once('.').map(|(_, ending)| ending);
        let format = FORMATS.into_iter().find(|format| Some(*format) == ending).expect("a format");
        let of_records = case.records.iter().flat_map(|record| record.errors.iter().chain(&record.warnings));
        let codes = of_records.chain(&case.warnings).map(|(code, ..)| code.clone());
        fired.entry(format).or_default().extend(codes.chain(case.failure.map(|(code, _)| code)));
    }
    let all: BTreeSet<String> = codes().iter().map(|row| row.code.clone()).collect();
    let anywhere: BTreeSet<String> = fired.values().flatten().cloned().collect();
    assert_eq!(all.difference(&anywhere).collect::<Vec<_>>(), NEVER_FIRED);
    // Rows and columns are of CSV, elements and namespaces of XML; only a line or a row can be broken
    // alone; a name twice is an element in XML, and in CSV it stands in a cell that holds JSON.
    for (format, impossible) in [
        ("json", ["F003", "F004", "R001", "W009", "W010"].as_slice()),
        ("ndjson", &["F001", "F003", "F004", "W009", "W010"]),
        ("xml", &["F003", "F004", "R001", "W014"]),
        ("csv", &["W009", "W010"]),
    ] {
        let not_fired: BTreeSet<&str> = all.difference(&fired[format]).map(String::as_str).collect();
        let expected: BTreeSet<&str> = impossible.iter().chain(&NEVER_FIRED).copied().collect();
        assert_eq!(not_fired, expected, "{format}");
    }
}
