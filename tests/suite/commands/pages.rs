//! The commands that print pages: `explain`, `template`, `schema`, `completions`, `man`.

use std::collections::BTreeSet;

use kyc_import::contract::CUSTOMER;
use serde_json::{Map, Value};

use super::{code, folder, put, stderr, stdout};
use crate::support::{Judged, individual, judge, lead, organization, program};

fn page(arguments: &[&str]) -> String {
    let folder = folder();
    let output = program(folder.path(), arguments);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{arguments:?}");
    stdout(&output)
}

#[test]
fn explain_knows_codes_composed_codes_and_fields() {
    let text = page(&["explain", "C014"]);
    assert!(text.starts_with("C014\n") && text.contains("INDIVIDUAL"), "{text}");
    let text = page(&["explain", "C017.C016.RE06.ADR02"]);
    for part in ["C017", "C016", "RE06", "ADR02", "listRelatedEntity", "listAddress"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    for field in ["listAddress[0].country", "listAddress.country", "listAddress[*].country"] {
        let text = page(&["explain", field]);
        assert!(text.contains("Q004.ADR02"), "{field}: {text}");
    }
    let text = page(&["explain", "citizenshipCountry"]);
    assert!(text.contains("C016.I05") && text.contains("C016.I06"), "{text}");
    assert!(page(&["explain", "c014"]).contains("C014"));
}

#[test]
fn explain_has_a_page_for_every_code_it_can_print() {
    let all = page(&["explain", "--all", "--format", "markdown"]);
    let codes: Vec<&str> = all.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert!(codes.len() > 100, "{} codes", codes.len());
    // One of every family: the pages themselves are tested elsewhere.
    for wanted in ["C001", "C014", "V001", "W001", "F001", "R001", "Q004", "ADR02", "B001", "O001"] {
        assert!(codes.contains(&wanted), "{wanted} is missing");
    }
    assert!(!page(&["explain", "C014"]).contains("**"));
}

#[test]
fn explain_asks_back_about_what_it_does_not_know() {
    let cases = [
        ("citizenshipCuntry", "did you mean citizenshipCountry?"),
        ("C14", "did you mean C0"),
        ("C999.ADR02x", "did you mean ADR02?"),
        ("zzzzzzzzzzzz", "is neither a code nor a field"),
        ("", "is neither a code nor a field"),
    ];
    let folder = folder();
    for (subject, expected) in cases {
        let output = program(folder.path(), &["explain", subject]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{subject}");
        assert!(stderr(&output).contains(expected), "{subject}: {}", stderr(&output));
    }
}

const SUBJECTS: [&str; 3] = ["individual", "organization", "lead"];

fn base(subject: &str) -> Map<String, Value> {
    let record = match subject {
        "individual" => individual(),
        "organization" => organization(),
        _ => lead(),
    };
    record.as_object().expect("an object").clone()
}

/// Asserts that a file was read, every name known, and nothing worse than missing values found.
fn assert_known(judged: &Judged, what: &str) {
    assert_eq!(judged.finished.failure, None, "{what}");
    assert_eq!(judged.finished.unknown_columns, [""; 0], "{what}");
    assert_eq!(judged.finished.warnings.len(), 0, "{what}");
    assert_eq!(judged.reports.len(), 1, "{what}");
    assert_eq!(judged.warnings(0), [""; 0], "{what}");
    let errors = judged.reports[0]["errors"].as_array().expect("a list");
    assert!(!errors.is_empty(), "{what}");
    for error in errors {
        assert!(error.get("value").is_none(), "{what}: {error}");
    }
}

#[test]
fn a_csv_template_filled_in_is_accepted() {
    for subject in SUBJECTS {
        let text = page(&["template", subject]);
        assert_eq!(text, page(&["template", subject, "--format", "csv"]));
        let header = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let names: Vec<&str> = header.trim_end().split(';').collect();
        let empty = format!("{text}{}\r\n", ";".repeat(names.len() - 1));
        // A row of empty cells alone may be passed over as blank.
        let only_number = empty.replacen("\r\n;", "\r\nN-1;", 1);
        assert_known(&judge(&only_number, "template.csv"), subject);

        let base = base(subject);
        let cells: Vec<&str> = names
            .iter()
            .map(|name| base.get(*name).map_or("", |value| value.as_str().expect("a text")))
            .collect();
        let judged = judge(format!("{text}{}\r\n", cells.join(";")), "template.csv");
        assert_eq!(judged.finished.tally.counts.accepted, 1, "{subject}: {:?}", judged.reports);
        assert_eq!(judged.warnings(0), [""; 0], "{subject}");
        let last = cells.iter().rposition(|cell| !cell.is_empty()).expect("cells are filled in");
        assert_eq!(last + 1, base.len(), "{subject}: mandatory names do not come first");
    }
}

#[test]
fn json_and_xml_templates_are_known_when_read_again() {
    for subject in SUBJECTS {
        for format in ["json", "xml"] {
            let text = page(&["template", subject, "--format", format]);
            assert_known(&judge(&text, &format!("template.{format}")), &format!("{subject} {format}"));
        }
    }
}

#[test]
fn templates_list_the_same_names_in_every_format() {
    for subject in SUBJECTS {
        let csv = page(&["template", subject]);
        let header = csv.trim_start_matches('\u{feff}').trim_end();
        let columns: BTreeSet<&str> =
            header.split(';').map(|column| column.split(['.', '[']).next().unwrap_or_default()).collect();
        let json = page(&["template", subject, "--format", "json"]);
        let json: Value = serde_json::from_str(&json).expect("the template is JSON");
        let members = json["customers"][0].as_object().expect("an object");
        assert_eq!(members.keys().map(String::as_str).collect::<BTreeSet<_>>(), columns, "{subject}");
        let xml = page(&["template", subject, "--format", "xml"]);
        for column in &columns {
            let name = CUSTOMER.field(column).expect("a field").xml_name();
            assert!(xml.contains(&format!("<{name}>")), "{subject}: {name} is missing in XML");
        }
        let foreign = if subject == "organization" { "firstName" } else { "legalForm" };
        assert!(!columns.contains(foreign), "{subject} has {foreign}");
    }
}

#[test]
fn a_schema_holds_the_lists_that_are_given() {
    let folder = folder();
    put(folder.path(), "lists/legalForm.txt", "UAB\nAB\n");
    let open = program(folder.path(), &["schema"]);
    let given = program(folder.path(), &["schema", "--classifiers", "lists"]);
    assert_eq!((code(&open), code(&given)), (0, 0));
    let schema: Value = serde_json::from_slice(&given.stdout).expect("a schema is JSON");
    assert_ne!(open.stdout, given.stdout);
    assert!(schema.to_string().contains("\"UAB\""));
}

#[test]
fn shells_get_completions_and_readers_a_manual() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = page(&["completions", shell]);
        for word in ["kyc-import", "explain", "template"] {
            assert!(text.contains(word), "{shell} lacks {word}");
        }
    }
    let manual = page(&["man"]);
    assert!(manual.contains(".TH kyc-import"), "{manual}");
    for word in ["check", "run", "explain", "Exit codes", "130"] {
        assert!(manual.contains(word), "the manual lacks {word}");
    }
    assert_eq!(code(&program(folder().path(), &["completions", "tcsh"])), 2);
}
