//! The worked examples of the contract, in every format that can carry their records.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::conformance::convert::{FORMATS, text};
use crate::conformance::{base, conditions, findings, lines, repeated};
use crate::support::judge_with;

/// A record with the mode, the past and the lists it is judged by, and what is reported on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the example is called.
    pub name: String,
    /// `individual` or `organization`.
    base: String,
    /// The settings, in words.
    pub set: Vec<String>,
    /// The fields of the base that the record has not.
    #[serde(default)]
    without: Vec<String>,
    /// The fields that it has besides, or instead.
    #[serde(default)]
    with: Map<String, Value>,
    /// Code and path of every error, in order.
    #[serde(default)]
    pub errors: Vec<(String, String)>,
    /// The codes of the warnings, in any order.
    #[serde(default)]
    pub warnings: BTreeSet<String>,
}

impl Example {
    /// Every example.
    pub fn all() -> Vec<Self> {
        lines("examples.jsonl")
    }

    /// The record.
    pub fn record(&self) -> Value {
        let mut record = base(&self.base);
        let members = record.as_object_mut().expect("a record is an object");
        members.retain(|name, _| !self.without.contains(name));
        members.extend(self.with.iter().map(|(name, value)| (name.clone(), repeated(value))));
        record
    }
}

#[test]
fn every_example_is_judged_as_the_contract_says() {
    let mut carried: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for example in Example::all() {
        let record = example.record();
        for format in FORMATS {
            let Some(text) = text(format, std::slice::from_ref(&record)) else { continue };
            *carried.entry(format).or_default() += 1;
            let (settings, past) = conditions(example.set.iter().map(String::as_str));
            let judged = judge_with(&text, &format!("example.{format}"), &settings, past);
            let report = judged.reports.first().unwrap_or_else(|| panic!("{} in {format}", example.name));
            let errors: Vec<(String, String)> =
                findings(&report["errors"]).into_iter().map(|(code, path, _)| (code, path)).collect();
            let warnings: BTreeSet<String> =
                findings(&report["warnings"]).into_iter().map(|(code, ..)| code).collect();
            if errors != example.errors || warnings != example.warnings {
                wrong.push(format!("{} in {format}: {errors:?} {warnings:?}", example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // CSV cannot say that there is an item without any value.
    assert_eq!(carried, [("csv", 64), ("json", 68), ("ndjson", 68), ("xml", 68)].into());
}
