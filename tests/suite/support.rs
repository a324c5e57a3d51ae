//! What several tests need: judging text in this process, running the program, base records.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kyc_import::contract::Classifiers;
use kyc_import::format::{FileFailure, Limits, Sources};
use kyc_import::pipeline::{Finished, Hooks, Outputs, Settings, Sink, run};
use kyc_import::rules::{Context, Options, Past};
use serde_json::{Value, json};

/// Everything that came of a text.
pub struct Judged {
    /// The accepted records, one a line.
    pub accepted: String,
    /// The rejected file.
    pub rejected: String,
    /// A report for every record.
    pub reports: Vec<Value>,
    /// The reports as CSV.
    pub reports_csv: String,
    /// Counts, format, failure.
    pub finished: Finished,
}

impl Judged {
    /// The codes of the errors of a record, by its number from 0.
    pub fn codes(&self, record: usize) -> Vec<String> {
        codes(&self.reports[record]["errors"])
    }

    /// The codes of the warnings of a record, by its number from 0.
    pub fn warnings(&self, record: usize) -> Vec<String> {
        codes(&self.reports[record]["warnings"])
    }

    /// The failure of the file.
    pub fn failure(&self) -> &FileFailure {
        self.finished.failure.as_ref().expect("the file should fail")
    }
}

pub fn codes(violations: &Value) -> Vec<String> {
    let list = violations.as_array().expect("a list of violations");
    list.iter().map(|violation| violation["code"].as_str().expect("a code").to_owned()).collect()
}

/// Settings with these options, one thread.
pub fn settings(options: Options, classifiers: Classifiers) -> Settings {
    Settings {
        context: Context::new(options, classifiers),
        limits: Limits::default(),
        threads: 1,
        sources: Sources::default(),
    }
}

/// The default settings.
pub fn defaults() -> Settings {
    settings(Options::default(), Classifiers::default())
}

/// Judges the text of a file with this name.
pub fn judge(text: impl AsRef<[u8]>, name: &str) -> Judged {
    judge_with(text, name, &defaults(), Past::unknown())
}

/// Judges the text of a file by these settings, with this past.
pub fn judge_with(text: impl AsRef<[u8]>, name: &str, settings: &Settings, mut past: Past) -> Judged {
    let (mut accepted, mut rejected, mut reports, mut reports_csv) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut outputs = Outputs {
        accepted: Some(Sink::new(&mut accepted)),
        rejected: Some(Sink::new(&mut rejected)),
        reports: Some(Sink::new(&mut reports)),
        reports_csv: Some(Sink::new(&mut reports_csv)),
        report_all: true,
    };
    let finished = run(text.as_ref(), name, settings, &mut past, &mut outputs, &Hooks::NONE)
        .expect("memory does not fail");
    drop(outputs);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("outputs are UTF-8");
    let reports =
        text(reports).lines().map(|line| serde_json::from_str(line).expect("a report is JSON")).collect();
    Judged {
        accepted: text(accepted),
        rejected: text(rejected),
        reports,
        reports_csv: text(reports_csv),
        finished,
    }
}

/// A valid individual.
pub fn individual() -> Value {
    json!({
        "communicationNumber": "N-1", "requester": "branch-7", "sourceOfRiskLevel": "IMPORT", "riskLevel": "LOW",
        "customerStatus": "ACTIVE", "riskManagementCategory": "IND", "entityType": "INDIVIDUAL",
        "customerExtId": "X-1", "applicationDate": "2026-01-21", "firstName": "Ona", "lastName": "Example",
        "citizenshipCountry": "LT",
    })
}

/// A valid organization.
pub fn organization() -> Value {
    json!({
        "communicationNumber": "N-2", "requester": "branch-7", "sourceOfRiskLevel": "IMPORT", "riskLevel": "LOW",
        "customerStatus": "ACTIVE", "riskManagementCategory": "ORG", "entityType": "ORGANIZATION",
        "customerExtId": "X-2", "applicationDate": "2026-01-21", "title": "Example UAB",
        "registrationCountry": "LT", "legalForm": "LTD",
    })
}

/// A valid lead.
pub fn lead() -> Value {
    json!({
        "communicationNumber": "N-3", "requester": "branch-7", "sourceOfRiskLevel": "EVALUATE",
        "riskManagementCategory": "LEAD_IND", "entityType": "INDIVIDUAL", "customerExtId": "X-3",
        "applicationDate": "2026-01-21", "firstName": "Ona", "lastName": "Example", "citizenshipCountry": "LT",
        "birthDate": "1990-02-03",
    })
}

/// A record changed by a JSON merge patch (RFC 7386).
pub fn patched(mut base: Value, patch: &Value) -> Value {
    merge(&mut base, patch);
    base
}

fn merge(base: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *base = patch.clone();
        return;
    };
    if !base.is_object() {
        *base = json!({});
    }
    for (name, change) in changes {
        let members = base.as_object_mut().expect("it was made an object");
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.as_str()).or_insert(Value::Null), change);
        }
    }
}

/// The root of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in a folder.
pub fn program(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .output()
        .expect("the program starts")
}
