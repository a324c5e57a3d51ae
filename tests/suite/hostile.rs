//! Hostile and broken files: every one fails as a whole or has rejected records; none is silently read
//! as less than it holds.

mod broken;
mod large;
mod mutated;
mod scopes;

use super::support::{Judged, individual, patched};
use kyc_import::format::Limits;
use kyc_import::pipeline::Settings;
use kyc_import::rules::Past;
use serde_json::json;

const NAMESPACE: &str = "urn:amlyze-services:EvaluateCustomerService_v2r0";

/// The header of the CSV files here.
const COLUMNS: &str = "communicationNumber;requester;riskLevel;customerStatus;riskManagementCategory;\
                       entityType;customerExtId;applicationDate;firstName;lastName;citizenshipCountry";

/// A valid row; its last cell is in quotes and mandatory.
fn row(number: usize, first_name: &str) -> String {
    format!("N-{number};r;LOW;ACTIVE;IND;INDIVIDUAL;X-{number};2026-01-21;{first_name};Example;\"LT\"")
}

/// A valid record as one line of JSON.
fn line(number: usize, first_name: &str) -> String {
    let own = json!({
        "communicationNumber": format!("N-{number}"),
        "customerExtId": format!("X-{number}"),
        "firstName": first_name,
    });
    patched(individual(), &own).to_string()
}

/// A valid record as XML; the first name stands as it is.
fn element(number: usize, first_name: &str) -> String {
    format!(
        "<AMLYZE_CUSTOMER xmlns=\"{NAMESPACE}\"><CommunicationNumber>N-{number}</CommunicationNumber>\
         <Requester>r</Requester><RiskLevel>LOW</RiskLevel><CustomerStatus>ACTIVE</CustomerStatus>\
         <RiskManagementCategory>IND</RiskManagementCategory><EntityType>INDIVIDUAL</EntityType>\
         <CustomerExtId>X-{number}</CustomerExtId><ApplicationDate>2026-01-21</ApplicationDate>\
         <FirstName>{first_name}</FirstName><LastName>Example</LastName>\
         <CitizenshipCountry>LT</CitizenshipCountry></AMLYZE_CUSTOMER>"
    )
}

/// Three valid records in every format; the first name of the second is this raw text.
fn documents(raw: &str) -> [(&'static str, String); 5] {
    let lines = [line(1, "Ona"), line(2, "@").replace("\"@\"", &format!("\"{raw}\"")), line(3, "Eva")];
    let rows = [row(1, "Ona"), row(2, raw), row(3, "Eva")];
    let elements = [element(1, "Ona"), element(2, raw), element(3, "Eva")].join("\n");
    [
        ("x.ndjson", lines.join("\n")),
        ("x.json", format!("[{}]", lines.join(",\n"))),
        ("x.json", format!("{{\"customers\":[{}]}}", lines.join(","))),
        ("x.xml", format!("<Customers>{elements}</Customers>")),
        ("x.csv", format!("{COLUMNS}\n{}\n", rows.join("\n"))),
    ]
}

fn judge(text: impl AsRef<[u8]>, name: &str) -> Judged {
    judge_within(text, name, Limits::default())
}

/// Judges a text within limits, and checks what holds for every file.
fn judge_within(text: impl AsRef<[u8]>, name: &str, limits: Limits) -> Judged {
    let settings = Settings { limits, ..super::support::defaults() };
    let judged = super::support::judge_with(text, name, &settings, Past::unknown());
    let counts = judged.finished.tally.counts;
    assert_eq!(counts.read, counts.accepted + counts.rejected);
    if judged.finished.failure.is_some() {
        assert_eq!(counts.read, 0, "nothing is imported of a file that fails");
    } else {
        assert!(counts.read > 0, "a file without records fails");
        assert_eq!(judged.reports.len() as u64, counts.read);
        assert_eq!(judged.accepted.lines().count() as u64, counts.accepted);
        assert_eq!(judged.rejected.is_empty(), counts.rejected == 0);
    }
    for report in &judged.reports {
        assert_ne!(report["errorCode"], "R003", "the program itself failed on a record");
    }
    judged
}

/// The message of a file that fails with this code.
#[track_caller]
fn failure(text: impl AsRef<[u8]>, name: &str, code: &str) -> String {
    let judged = judge(text, name);
    let Some(failure) = &judged.finished.failure else {
        panic!("{name} should fail; {:?}", judged.reports);
    };
    assert_eq!(failure.part.segment, code, "{failure}");
    assert!(!failure.hint.is_empty(), "{failure}");
    format!("{failure} {}", failure.hint)
}

#[test]
fn the_base_documents_are_valid() {
    for (name, text) in documents("Eva") {
        let judged = judge(&text, name);
        assert_eq!(judged.finished.tally.counts.accepted, 3, "{text}");
    }
}
