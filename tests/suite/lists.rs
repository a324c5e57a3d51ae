//! The built-in lists against lists of the standards, and the lists that an institution gives as files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kyc_import::contract::{Classifiers, List};
use serde_json::{Value, json};

use crate::conformance::findings;
use crate::support::{individual, patched, program};

fn built_in(list: List) -> BTreeSet<String> {
    Classifiers::default().codes(list).iter().map(|code| code.to_string()).collect()
}

fn set(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[test]
fn countries_are_those_of_iso_3166() {
    let own = built_in(List::Country);
    assert_eq!(own.len(), 249);
    let standard: BTreeSet<String> =
        rust_iso3166::ALL.iter().map(|country| country.alpha2.to_owned()).collect();
    // The standard assigns 249 codes. XK is not one of them: users assigned it to Kosovo.
    assert_eq!(own.difference(&standard).count(), 0);
    assert_eq!(standard.difference(&own).count(), 0);
}

#[test]
fn currencies_are_those_of_iso_4217() {
    let own = built_in(List::Currency);
    assert_eq!(own.len(), 183);
    let letters = || 'A'..='Z';
    let standard: BTreeSet<String> = letters()
        .flat_map(|first| {
            letters().flat_map(move |second| letters().map(move |third| [first, second, third]))
        })
        .map(String::from_iter)
        .filter(|code| iso_currency::Currency::from_code(code).is_some())
        .collect();
    // The guilder of the Antilles gave way to XCG in 2025; records may still name it.
    assert_eq!(own.difference(&standard).cloned().collect::<BTreeSet<_>>(), set(&["ANG"]));
    // The Arab accounting dinar came into the standard after the contract's list was made.
    assert_eq!(standard.difference(&own).cloned().collect::<BTreeSet<_>>(), set(&["XAD"]));
}

#[test]
fn all_other_lists_are_open() {
    let classifiers = Classifiers::default();
    let open: Vec<&str> =
        List::ALL.iter().filter(|(list, _)| classifiers.is_open(*list)).map(|(_, name)| *name).collect();
    assert_eq!(open.len(), 14);
    assert!(!open.contains(&"country") && !open.contains(&"currency"));
}

/// Checks records with the lists of a folder; the exit code, and what is reported on each record.
fn check(folder: &Path, records: &[Value]) -> (Option<i32>, Vec<Value>, String) {
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    fs::write(folder.join("records.ndjson"), text).expect("the folder can be written");
    let arguments = ["check", "records.ndjson", "--format", "json", "--classifiers", "lists"];
    let output = program(folder, &arguments);
    let reports = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a report is JSON"))
        .collect();
    (output.status.code(), reports, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn folder(lists: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::create_dir(folder.path().join("lists")).expect("a folder can be made");
    for (name, text) in lists {
        fs::write(folder.path().join("lists").join(name), text).expect("a list can be written");
    }
    folder
}

fn with_category(number: u32, category: &str, country: &str) -> Value {
    let own = json!({
        "communicationNumber": format!("N-{number}"),
        "customerExtId": format!("X-{number}"),
        "riskManagementCategory": category,
        "citizenshipCountry": country,
    });
    patched(individual(), &own)
}

#[test]
fn lists_come_as_files_with_one_code_a_line_or_as_json() {
    let texts = [
        ("riskManagementCategory.txt", "\u{feff}# the categories\n\n IND \r\nORG\n"),
        ("riskManagementCategory.json", r#"["IND", "ORG"]"#),
        ("riskManagementCategory.json", r#"[{"code": "IND", "name": "Persons"}, {"code": "ORG"}]"#),
    ];
    for (name, text) in texts {
        let folder = folder(&[(name, text), ("README.md", "no list"), ("country.txt", "XK\n")]);
        let records =
            [with_category(1, "IND", "XK"), with_category(2, "PK", "XK"), with_category(3, "ORG", "LT")];
        let (exit, reports, message) = check(folder.path(), &records);
        assert_eq!(exit, Some(1), "{message}");
        let codes: Vec<Vec<String>> = reports[..3]
            .iter()
            .map(|report| findings(&report["errors"]).into_iter().map(|(code, ..)| code).collect())
            .collect();
        // The institution's countries replace the built-in ones.
        assert_eq!(codes, [vec![], vec!["C007".to_owned()], vec!["C016.I06".to_owned()]], "{name}: {text}");
    }
}

#[test]
fn a_file_that_is_no_list_is_an_error_of_the_configuration() {
    let records = [with_category(1, "IND", "LT")];
    for (name, text) in [
        ("colours.txt", "RED\n"),
        ("Country.txt", "LT\n"),
        ("country.json", "{}"),
        ("country.json", "[1]"),
        ("country.json", "[\"LT\""),
        ("country.txt", "# nothing\n"),
    ] {
        let (exit, reports, message) = check(folder(&[(name, text)]).path(), &records);
        assert_eq!((exit, reports.len()), (Some(2), 0), "{name}: {text}");
        assert!(message.contains(name.split('.').next().expect("a stem")), "{name}: {message}");
    }
    let twice = folder(&[("country.txt", "LT\n"), ("country.json", "[\"LV\"]")]);
    assert_eq!(check(twice.path(), &records).0, Some(2));
}

#[test]
fn single_codes_may_be_added_to_a_built_in_list() {
    let folder = folder(&[]);
    let config = "[classifiers]\nadd = { country = [\"XK\"], currency = [\"BTC\", \"ETH_222\"] }\n";
    fs::write(folder.path().join("kyc-import.toml"), config).expect("a file can be written");
    let currency = |code: &str| json!({ "initialDepositCurrency": code });
    let records = [
        patched(with_category(1, "IND", "XK"), &currency("ETH_222")),
        patched(with_category(2, "IND", "LT"), &currency("EUR")),
        patched(with_category(3, "IND", "XX"), &currency("DOGE")),
    ];
    let (exit, reports, message) = check(folder.path(), &records);
    assert_eq!(exit, Some(1), "{message}");
    assert_eq!(findings(&reports[0]["errors"]), []);
    assert_eq!(findings(&reports[1]["errors"]), []);
    let codes: Vec<String> = findings(&reports[2]["errors"]).into_iter().map(|(code, ..)| code).collect();
    assert_eq!(codes, ["C016.I06", "C018"]);
}
