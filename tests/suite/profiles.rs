//! Source profiles: how files are read as the configuration says of their names.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::commands::{code, folder, program_with, put, stderr, stdout};
use crate::support::{individual, program};

/// Puts a file into a folder, and the marker that tells that it is complete.
fn put_marked(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    put(folder, name, content);
    put(folder, &format!("{name}.done"), "");
}

/// A configuration with one source.
const CONFIG: &str = r#"
[inbox]
quiet_seconds = 0

[[source]]
name = "crm"
files = ["crm_*.csv", "crm_*.json"]
date_formats = ["%d.%m.%Y", "%d/%m/%Y"]
nulls = ["NULL", "-"]
decimal = ","
ignore_columns = ["Nr."]
constants = { entityType = "INDIVIDUAL", requester = "crm", listAddress.addressType = "HOME" }
values.riskLevel = { Z = "LOW", A = "HIGH" }
values.listAddress.country = { Lietuva = "LT" }
marker = ".done"

[source.columns]
"Kliento kodas" = "customerExtId"
"Vardas" = "firstName"
"Pavarde" = "lastName"
"Gimimo data" = "birthDate"
"Rizika" = "riskLevel"
"Salis" = "listAddress[0].country"
"Suma" = "initialDepositAmount"
"Valiuta" = "initialDepositCurrency"
"#;

const HEADER: &str = "Nr.;kliento_kodas;Vardas;Pavarde;Gimimo data;Rizika;Salis;Suma;Valiuta;customerStatus;\
                      riskManagementCategory;applicationDate;citizenshipCountry;communicationNumber;sourceOfRiskLevel";

fn row(number: u32, changes: &[(usize, &str)]) -> String {
    let (id, communication) = (format!("K-{number}"), format!("N-{number}"));
    let mut cells = vec![
        "7",
        &id,
        "Ona",
        "Onaite",
        "01.02.1990",
        "Z",
        "Lietuva",
        "1,5",
        "EUR",
        "ACTIVE",
        "IND",
        "21/01/2026",
        "LT",
        &communication,
        "IMPORT",
    ];
    for (column, value) in changes {
        cells[*column] = value;
    }
    cells.join(";")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

/// The only folder in the outbox whose name begins like this.
fn batch(root: &Path, begins: &str) -> std::path::PathBuf {
    let mut found: Vec<_> = fs::read_dir(root.join("outbox"))
        .expect("an outbox")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begins)))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path.as_ref()).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

fn accepted(folder: &Path) -> Vec<Value> {
    read(folder.join("accepted.ndjson"))
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn an_export_is_read_by_its_profile() {
    let root = folder();
    put(root.path(), "kyc-import.toml", CONFIG);
    put_marked(
        root.path(),
        "inbox/CRM_0121.csv",
        file(&[row(1, &[]), row(2, &[(5, "A"), (6, "NULL"), (7, "-"), (8, "-")])]),
    );
    let output = program(root.path(), &["run"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(
        stdout(&output).contains("source crm") && !stdout(&output).contains("W001"),
        "{}",
        stdout(&output)
    );
    let folder = batch(root.path(), "CRM_0121.");
    let records = accepted(&folder);
    let expected = json!({
        "communicationNumber": "N-1", "requester": "crm", "sourceOfRiskLevel": "IMPORT", "riskLevel": "LOW",
        "customerStatus": "ACTIVE", "riskManagementCategory": "IND", "entityType": "INDIVIDUAL",
        "customerExtId": "K-1", "applicationDate": "2026-01-21", "firstName": "Ona", "lastName": "Onaite",
        "citizenshipCountry": "LT", "birthDate": "1990-02-01", "initialDepositAmount": 1.5,
        "initialDepositCurrency": "EUR", "listAddress": [{"addressType": "HOME", "country": "LT"}],
    });
    assert_eq!(records[0], expected);
    // A group of cells that mean nothing is no item, so it gets no constant either.
    assert_eq!((&records[1]["listAddress"], &records[1]["riskLevel"]), (&Value::Null, &json!("HIGH")));
    assert_eq!(records[1]["initialDepositAmount"], Value::Null);
    let summary: Value = serde_json::from_str(&read(folder.join("summary.json"))).expect("JSON");
    assert_eq!((&summary["file"]["source"], &summary["file"]["encoding"]), (&json!("crm"), &json!("utf-8")));
}

#[test]
fn rejected_records_keep_their_content_and_come_back_to_the_same_profile() {
    let root = folder();
    put(root.path(), "kyc-import.toml", CONFIG);
    put_marked(root.path(), "inbox/crm_0121.csv", file(&[row(1, &[]), row(2, &[(5, "Q"), (12, "Lietuva")])]));
    assert_eq!(code(&program(root.path(), &["run"])), 1);
    let first = batch(root.path(), "crm_0121.");
    let rejected = read(first.join("rejected.csv"));
    let mut lines = rejected.lines();
    let head = lines.next().expect("a header");
    assert!(head.ends_with(HEADER), "{head}");
    let line = lines.next().expect("a row");
    assert!(line.contains(";7;K-2;Ona;Onaite;'01.02.1990;Q;Lietuva;'1,5;EUR;"), "{line}");
    let corrected = rejected.replace(";Q;", ";A;").replace(";Lietuva;N-2", ";LT;N-2");
    let name = first.file_name().expect("a name").to_string_lossy().into_owned();
    put(root.path(), &format!("inbox/{name}.rejected.csv"), corrected);
    let output = program(root.path(), &["run"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let folders = fs::read_dir(root.path().join("outbox")).expect("an outbox");
    let second = folders
        .map(|entry| entry.expect("an entry").path())
        .find(|path| *path != first && path.join("accepted.ndjson").exists())
        .expect("a second batch");
    assert!(second.file_name().is_some_and(|name| name.to_string_lossy().starts_with("crm_0121.")));
    let again = accepted(&second);
    assert_eq!(
        (again.len(), &again[0]["riskLevel"], &again[0]["birthDate"]),
        (1, &json!("HIGH"), &json!("1990-02-01"))
    );
}

#[test]
fn a_correction_has_the_profile_of_its_first_file() {
    for (pattern, name, is_own) in [
        ("crm_*.csv", "crm_1.csv", true),
        ("crm_*.csv", "CRM_1.CSV", true),
        ("crm_*.csv", "crm_1.tsv", false),
        ("crm_*.csv", "my_crm_1.csv", false),
        ("crm_[0-9].csv", "crm_1.csv", true),
        ("crm_*.csv", "crm_1.0123abcd.rejected.csv", true),
        ("crm_1.csv", "crm_1.0123abcd-2.rejected.csv", true),
        // A file with tabs has other rejected files.
        ("crm_*.csv", "crm_1.0123abcd.rejected.tsv", true),
        ("crm_*.dat", "crm_1.0123abcd.rejected.csv", true),
        ("crm_*.jsonl", "crm_1.0123abcd.rejected.ndjson", true),
        ("crm_*.csv", "crm_1.0123abcd.rejected.json", false),
        ("crm_2*.csv", "crm_1.0123abcd.rejected.csv", false),
        ("*.json", "crm_1.0123abcd.rejected.csv", false),
    ] {
        let root = folder();
        let config = CONFIG.replace(r#"["crm_*.csv", "crm_*.json"]"#, &format!("\"{pattern}\""));
        put(root.path(), "kyc-import.toml", config);
        put(root.path(), name, individual().to_string());
        let output = program(root.path(), &["check", name]);
        assert_eq!(stdout(&output).contains("source crm"), is_own, "{pattern} {name}: {}", stdout(&output));
    }
}

#[test]
fn values_constants_and_dates_hold_for_json_too() {
    let root = folder();
    put(root.path(), "kyc-import.toml", CONFIG);
    let mut record = individual();
    record["riskLevel"] = json!("Z");
    record["birthDate"] = json!("01.02.1990");
    record["nationalCode"] = json!("NULL");
    record["listAddress"] = json!([{"country": "Lietuva"}, {"country": "LV", "addressType": "WORK"}]);
    for name in ["requester", "entityType"] {
        record.as_object_mut().expect("an object").remove(name);
    }
    put(root.path(), "crm_1.json", record.to_string());
    put(root.path(), "other.json", record.to_string());
    assert_eq!(code(&program(root.path(), &["check", "other.json"])), 1);
    let output = program(root.path(), &["run", "crm_1.json"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let found = &accepted(&batch(root.path(), "crm_1."))[0];
    assert_eq!((&found["riskLevel"], &found["birthDate"]), (&json!("LOW"), &json!("1990-02-01")));
    assert_eq!((&found["requester"], &found["nationalCode"]), (&json!("crm"), &Value::Null));
    let addresses =
        json!([{"addressType": "HOME", "country": "LT"}, {"addressType": "WORK", "country": "LV"}]);
    assert_eq!(found["listAddress"], addresses);
}

#[test]
fn a_constant_holds_for_every_item_or_for_one() {
    let root = folder();
    let config = "[[source]]\nfiles = \"a.csv\"\n[source.columns]\nphone = \"listContact[0].contactDetails\"\n\
                  mail = \"listContact[1].contactDetails\"\nfax = \"listContact[2].contactDetails\"\n[source.constants]\n\
                  \"listContact.contactType\" = \"FIXEDPHONE\"\n\"listContact[0].contactType\" = \"MOBILEPHONE\"\n\
                  \"listContact[1].contactType\" = \"EMAIL\"\n";
    put(root.path(), "kyc-import.toml", config);
    let record = individual();
    let names: Vec<&String> = record.as_object().expect("an object").keys().collect();
    let cells: Vec<&str> = names.iter().map(|name| record[name.as_str()].as_str().expect("a text")).collect();
    let header = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(";");
    let text =
        format!("{header};phone;mail;fax\n{};+37060000000;a@example.com;+37050000000\n", cells.join(";"));
    put(root.path(), "a.csv", text);
    let output = program(root.path(), &["run", "a.csv"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let contacts = &accepted(&batch(root.path(), "a."))[0]["listContact"];
    let types: Vec<&str> =
        (0..3).map(|item| contacts[item]["contactType"].as_str().expect("a type")).collect();
    assert_eq!(types, ["MOBILEPHONE", "EMAIL", "FIXEDPHONE"]);
    // Values too: what is said of one item counts before what is said of all.
    let config = "[[source]]\nfiles = \"b.json\"\n[source.values]\n\"listContact.contactType\" = { M = \"MOBILEPHONE\" }\n\
                  \"listContact[1].contactType\" = { M = \"EMAIL\" }\n";
    put(root.path(), "kyc-import.toml", config);
    let mut record = individual();
    record["customerExtId"] = json!("X-b");
    record["communicationNumber"] = json!("N-b");
    record["listContact"] =
        json!([{"contactType": "M", "contactDetails": "x"}, {"contactType": "M", "contactDetails": "y"}]);
    put(root.path(), "b.json", record.to_string());
    assert_eq!(code(&program(root.path(), &["run", "b.json"])), 0);
    let contacts = &accepted(&batch(root.path(), "b."))[0]["listContact"];
    assert_eq!(
        (&contacts[0]["contactType"], &contacts[1]["contactType"]),
        (&json!("MOBILEPHONE"), &json!("EMAIL"))
    );
}

#[test]
fn a_file_that_is_not_what_was_expected_is_aborted() {
    let good = row(1, &[]);
    let bad = |number| row(number, &[(5, "Q")]);
    for (limit, rows, setting) in [
        ("max_rejected_percent = 40", vec![good.clone(), bad(2)], "max_rejected_percent"),
        ("max_records = 1", vec![good.clone(), row(2, &[])], "max_records"),
        ("min_records = 2", vec![good.clone()], "min_records"),
    ] {
        for config in
            [format!("{CONFIG}\n[limits]\n{limit}\n"), CONFIG.replace("marker", &format!("{limit}\nmarker"))]
        {
            let root = folder();
            put(root.path(), "kyc-import.toml", config);
            put_marked(root.path(), "inbox/crm_1.csv", file(&rows));
            let dry = program(root.path(), &["run", "--dry-run"]);
            assert!(code(&dry) == 3 && stdout(&dry).contains("ABORTED"), "{}{}", stdout(&dry), stderr(&dry));
            let output = program(root.path(), &["run"]);
            assert_eq!(code(&output), 3, "{limit}: {}", stdout(&output));
            let folder = batch(root.path(), "crm_1.");
            let page = read(folder.join("aborted.txt"));
            assert!(page.contains(setting) && page.contains("crm_1.csv"), "{page}");
            let summary: Value = serde_json::from_str(&read(folder.join("summary.json"))).expect("JSON");
            assert_eq!(
                (&summary["status"], &summary["aborted"]["setting"]),
                (&json!("ABORTED"), &json!(setting))
            );
            let records =
                json!({"read": rows.len(), "accepted": 0, "rejected": rows.len(), "withWarnings": 0});
            assert_eq!(summary["records"], records);
            assert!(!folder.join("accepted.ndjson").exists() && !folder.join("rejected.csv").exists());
            assert_eq!(folder.join("errors.csv").exists(), setting == "max_rejected_percent");
            assert!(!root.path().join("inbox/crm_1.csv").exists());
        }
    }
    // As many as are allowed are no reason.
    let root = folder();
    put(
        root.path(),
        "kyc-import.toml",
        format!("{CONFIG}\n[limits]\nmax_rejected_percent = 50\nmax_records = 2\n"),
    );
    put_marked(root.path(), "inbox/crm_1.csv", file(&[good, bad(2)]));
    assert_eq!(code(&program(root.path(), &["run"])), 1);
}

#[test]
fn settings_that_cannot_be_used_say_what_can() {
    let root = folder();
    for (setting, says) in [
        ("fles = \"a.csv\"", "did you mean files?"),
        ("files = \"a.csv\"\ndecimals = \",\"", "did you mean decimal?"),
        ("files = []", "no pattern"),
        ("files = \"a[.csv\"", "no pattern of file names"),
        ("files = \"in/a.csv\"", "without folders"),
        ("files = \"a.csv\"\nencoding = \"windows-1275\"", "did you mean windows-125"),
        ("files = \"a.csv\"\ndelimiter = \":\"", "semicolon"),
        ("files = \"a.csv\"\nmarker = \".ok\"", ".done, .sha256, .ctl"),
        ("files = \"a.csv\"\ncolumns = { A = \"fristName\" }", "did you mean firstName?"),
        (
            "files = \"a.csv\"\ncolumns = { A = \"listAddress[0].contry\" }",
            "did you mean listAddress[0].country?",
        ),
        ("files = \"a.csv\"\nconstants = { entityTyp = \"INDIVIDUAL\" }", "did you mean entityType?"),
        ("files = \"a.csv\"\nconstants = { entityType = \"INDIVIDUL\" }", "did you mean INDIVIDUAL?"),
        (
            "files = \"a.csv\"\nconstants = { \"listAddress[x].city\" = \"x\" }",
            "did you mean listAddress.city?",
        ),
        ("files = \"a.csv\"\nconstants = { \"requester[0]\" = \"x\" }", "did you mean requester?"),
        ("files = \"a.csv\"\nvalues.riskLevel = { Z = \"LOWW\" }", "did you mean LOW?"),
        ("files = \"a.csv\"\nvalues.riskLevle = { Z = \"LOW\" }", "did you mean riskLevel?"),
        ("files = \"a.csv\"\nvalues.riskLevel = \"LOW\"", "needs a list of values"),
        ("files = \"a.csv\"\ndate_formats = [\"dd.MM.yyyy\"]", "like %d.%m.%Y"),
        ("files = \"a.csv\"\ndate_formats = [\"%d.%m.%y\"]", "four digits"),
        ("files = \"a.csv\"\ndate_formats = [\"%d/%m/%Y\", \"%m/%d/%Y\"]", "different days"),
        ("files = \"a.csv\"\nmax_rejected_percent = 120", "between 0 and 100"),
        ("files = \"a.csv\"\nmin_records = 5\nmax_records = 2", "more than max_records"),
    ] {
        put(root.path(), "kyc-import.toml", format!("[[source]]\n{setting}\n"));
        let output = program_with(root.path(), &[], &["check", "-"], b"{}");
        assert_eq!(code(&output), 2, "{setting}: {}", stdout(&output));
        assert!(stderr(&output).contains(says), "{setting}: {}", stderr(&output));
    }
    let output = program(root.path(), &["--root", "is-not-there", "status"]);
    assert!(code(&output) == 2 && stderr(&output).contains("no folder that is there"), "{}", stderr(&output));
    for setting in ["threads = 0", "threads = 100000", "[inbox]\nscan_seconds = -3"] {
        put(root.path(), "kyc-import.toml", setting);
        let output = program(root.path(), &["watch"]);
        assert_eq!(code(&output), 2, "{setting}: {}", stderr(&output));
        assert!(stderr(&output).contains("is not between"), "{setting}: {}", stderr(&output));
    }
}
