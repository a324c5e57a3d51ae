//! Where settings come from, which wins, and what each does.

use std::fs;

use serde_json::{Value, json};

use super::{code, contains, findings, folder, lines, program_with, put, rejected, stderr, stdout};
use crate::support::{individual, lead, organization, patched, program};

fn without(record: Value, field: &str) -> Value {
    patched(record, &json!({ field: null }))
}

#[test]
fn the_mode_decides_about_the_source() {
    let folder = folder();
    let silent = without(individual(), "sourceOfRiskLevel");
    assert_eq!(findings(folder.path(), &[], &[], &silent), [""; 0]);
    assert_eq!(findings(folder.path(), &[], &["--mode", "file"], &silent), [""; 0]);
    assert_eq!(findings(folder.path(), &[], &["--mode", "single"], &silent), ["C006"]);
    let batch = findings(folder.path(), &[], &["--mode", "batch"], &lead());
    assert!(contains(&batch, "B001"), "{batch:?}");
}

#[test]
fn flags_of_the_rules_do_what_they_say() {
    let folder = folder();
    let find = |arguments: &[&str], record: &Value| findings(folder.path(), &[], arguments, record);
    let foreign = patched(individual(), &json!({"isAudited": true}));
    assert_eq!(find(&[], &foreign), ["W012"]);
    assert_eq!(find(&["--strict-entity-fields"], &foreign), ["C014"]);
    assert_eq!(find(&["--strict-entity-fields=false"], &foreign), ["W012"]);
    assert_eq!(find(&["--multi-organization"], &individual()), ["C019"]);
    let silent = without(individual(), "riskLevel");
    assert_eq!(find(&[], &silent), ["C008.I01"]);
    assert_eq!(find(&["--import-requires-risk-fields", "warning"], &silent), ["W016"]);
    let extra = ["--extra-mandatory-fields", "nationalCode,birthCountry"];
    assert_eq!(find(&extra, &individual()), ["W015", "W015"]);
    let strict = [&extra[..], &["--extra-mandatory-severity", "error", "--format", "json", "-"]].concat();
    let output = program_with(
        folder.path(),
        &[],
        &[&["check"], &strict[..]].concat(),
        individual().to_string().as_bytes(),
    );
    assert_eq!(code(&output), 1, "{}", stdout(&output));
}

#[test]
fn a_misspelled_field_in_a_flag_gets_a_suggestion() {
    let folder = folder();
    let output = program(folder.path(), &["check", "--extra-mandatory-fields", "nationalCod", "-"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("did you mean nationalCode?"), "{}", stderr(&output));
}

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let folder = folder();
    let silent = without(individual(), "sourceOfRiskLevel");
    let find = |variables: &[(&str, &str)], arguments: &[&str]| {
        findings(folder.path(), variables, arguments, &silent)
    };
    let single = [("KYC_IMPORT_MODE", "single")];
    assert_eq!(find(&[], &[]), [""; 0]);
    assert_eq!(find(&single, &[]), ["C006"]);
    assert_eq!(find(&single, &["--mode", "file"]), [""; 0]);
    put(folder.path(), "kyc-import.toml", "[rules]\nmode = \"single\"\n");
    assert_eq!(find(&[], &[]), ["C006"]);
    assert_eq!(find(&[("KYC_IMPORT_MODE", "file")], &[]), [""; 0]);
    assert_eq!(find(&[], &["--mode", "file"]), [""; 0]);
    put(folder.path(), "other.toml", "[rules]\nmode = \"file\"\n");
    assert_eq!(find(&[], &["--config", "other.toml"]), [""; 0]);
    assert_eq!(find(&[("KYC_IMPORT_CONFIG", "other.toml")], &[]), [""; 0]);
}

#[test]
fn every_variable_is_read() {
    let folder = folder();
    let find =
        |name: &str, value: &str, record: &Value| findings(folder.path(), &[(name, value)], &[], record);
    let foreign = patched(individual(), &json!({"isAudited": true}));
    assert_eq!(find("KYC_IMPORT_STRICT_ENTITY_FIELDS", "true", &foreign), ["C014"]);
    assert_eq!(find("KYC_IMPORT_STRICT_ENTITY_FIELDS", "false", &foreign), ["W012"]);
    assert_eq!(find("KYC_IMPORT_MULTI_ORGANIZATION", "true", &individual()), ["C019"]);
    let silent = without(individual(), "riskLevel");
    assert_eq!(find("KYC_IMPORT_IMPORT_REQUIRES_RISK_FIELDS", "warning", &silent), ["W016"]);
    assert_eq!(find("KYC_IMPORT_EXTRA_MANDATORY_FIELDS", "nationalCode", &individual()), ["W015"]);
    assert_eq!(find("KYC_IMPORT_THREADS", "2", &individual()), [""; 0]);
    put(folder.path(), "lists/legalForm.txt", "UAB\n");
    assert_eq!(find("KYC_IMPORT_CLASSIFIERS", "lists", &organization()), ["C017.O04"]);

    put(folder.path(), "root/inbox/bad.json", rejected().to_string());
    let variables = [("KYC_IMPORT_ROOT", "root"), ("KYC_IMPORT_FORMAT", "json"), ("KYC_IMPORT_LOG", "info")];
    let output = program_with(folder.path(), &variables, &["run"], b"");
    assert_eq!((code(&output), lines(&output).len()), (1, 1));
    assert!(!output.stderr.is_empty());
    assert!(folder.path().join("root/outbox").is_dir());
}

#[test]
fn a_configuration_that_cannot_be_used_ends_with_2() {
    let folder = folder();
    put(folder.path(), "good.json", individual().to_string());
    let cases = [
        ("thread = 1", "thread"),
        ("[rules]\nmodus = \"file\"", "modus"),
        ("[rule]\nmode = \"file\"", "rule"),
        ("[rules]\nmode = \"twice\"", "twice"),
        ("[folders]\nspool = \"x\"", "spool"),
        ("[limits]\nrecord_bytes_max = 1", "record_bytes_max"),
        ("[limits]\nchunk_bytes = 999999999999", "chunk_bytes"),
        ("[limits]\nchunk_bytes = -1", "kyc-import.toml"),
        ("[classifiers.add]\nplanet = [\"X\"]", "planet"),
        ("[classifiers.add]\nlegalForm = [\"X\"]", "legalForm"),
        ("[rules]\nextra_mandatory_fields = [\"noSuchField\"]", "noSuchField"),
        ("[classifiers]\ndirectory = \"missing\"", "missing"),
        ("not toml", "kyc-import.toml"),
    ];
    for (text, named) in cases {
        put(folder.path(), "kyc-import.toml", text);
        for command in ["check", "run"] {
            let output = program(folder.path(), &[command, "good.json"]);
            assert_eq!(code(&output), 2, "{command} with {text}: {}", stderr(&output));
            assert!(stderr(&output).contains(named), "{text}: {}", stderr(&output));
        }
    }
    assert!(!folder.path().join("outbox").exists());
}

#[test]
fn a_configuration_names_folders_and_lists() {
    let folder = folder();
    let text = "threads = 2\n[folders]\ninbox = \"in\"\noutbox = \"out/batches\"\narchive = \"kept\"\nstate = \"memory\"\n\
         [inbox]\nquiet_seconds = 0\n[classifiers]\ndirectory = \"lists\"\nadd = { country = [\"XK\"], legalForm = [\"LTD\"] }\n";
    put(folder.path(), "kyc-import.toml", text);
    put(folder.path(), "lists/legalForm.json", "[\"UAB\", {\"code\": \"AB\"}]");
    let record = patched(organization(), &json!({"registrationCountry": "XK"}));
    put(folder.path(), "in/one.json", record.to_string());
    let output = program(folder.path(), &["run"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let names = |path: &str| fs::read_dir(folder.path().join(path)).expect("a folder").count();
    // Only the folder of claims is left, empty.
    assert_eq!((names("in"), names("in/.kyc-import"), names("kept")), (1, 0, 1));
    assert!(folder.path().join("memory/ledger.db").is_file());
    for default in ["outbox", "archive", "state"] {
        assert!(!folder.path().join(default).exists(), "{default}");
    }
    let wrong = patched(organization(), &json!({"legalForm": "GMBH"}));
    assert_eq!(findings(folder.path(), &[], &[], &wrong), ["C017.O04"]);
}

#[test]
fn lists_that_cannot_be_used_end_with_2() {
    let folder = folder();
    let cases = [
        ("planet.txt", "X\n", "planet"),
        ("legalForm.txt", "# nothing\n", "legalForm"),
        ("legalForm.json", "{\"code\": 1}", "legalForm"),
    ];
    for (number, (name, content, named)) in cases.into_iter().enumerate() {
        let lists = format!("lists{number}");
        put(folder.path(), &format!("{lists}/{name}"), content);
        let output = program(folder.path(), &["check", "--classifiers", &lists, "-"]);
        assert_eq!(code(&output), 2, "{name}");
        assert!(stderr(&output).contains(named), "{}", stderr(&output));
    }
}

#[test]
fn a_register_is_the_known_past() {
    let folder = folder();
    let known = "{\"customerExtId\":\"X-1\",\"kind\":\"customer\"}\n\n{\"customerExtId\":\"X-8\"}\n\
         {\"communicationNumber\":\"N-7\"}\n";
    put(folder.path(), "known.ndjson", known);
    let find = |arguments: &[&str], patch: Value| {
        findings(folder.path(), &[], arguments, &patched(individual(), &patch))
    };
    let register = ["--register", "known.ndjson"];
    assert_eq!(find(&register, json!({"communicationNumber": "N-7"}))[0], "O001");
    assert_eq!(find(&[], json!({"communicationNumber": "N-7"})), [""; 0]);
    assert_eq!(find(&register, json!({"action": "UPDATE"})), [""; 0]);
    assert_eq!(find(&register, json!({"action": "UPDATE", "customerExtId": "X-8"})), [""; 0]);
    assert_eq!(find(&register, json!({"action": "UPDATE", "customerExtId": "X-9"})), ["C004"]);
}

#[test]
fn a_register_that_cannot_be_read_names_the_line_and_nothing_of_it() {
    let folder = folder();
    put(folder.path(), "good.json", individual().to_string());
    for line in ["{\"customerExtId\":\"Geheimrat\",\"kind\":\"Geheimer\"}", "Geheimrat", "{\"Geheimrat\":1}"]
    {
        put(folder.path(), "known.ndjson", format!("{{\"customerExtId\":\"X-1\"}}\n{line}\n"));
        let output = program(folder.path(), &["check", "--register", "known.ndjson", "good.json"]);
        assert_eq!(code(&output), 2);
        let message = stderr(&output);
        assert!(message.contains("known.ndjson") && message.contains("line 2"), "{message}");
        assert!(!message.contains("Geheim"), "{message}");
    }
}

#[test]
fn a_dry_run_writes_and_moves_nothing() {
    let folder = folder();
    put(folder.path(), "inbox/bad.json", rejected().to_string());
    let output = program(folder.path(), &["run", "--dry-run"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("C016.I01"), "{}", stdout(&output));
    assert_eq!(code(&program(folder.path(), &["run", "--dry-run", "--exit-zero"])), 0);
    let names = |path: &str| fs::read_dir(folder.path().join(path)).expect("a folder").count();
    assert_eq!((names("."), names("inbox")), (1, 1));
}

#[test]
fn there_are_no_colours_in_a_pipe() {
    let folder = folder();
    put(folder.path(), "mixed.ndjson", format!("{}\n{}\n", individual(), rejected()));
    let text = |variables: &[(&str, &str)], arguments: &[&str]| {
        let output = program_with(folder.path(), variables, arguments, b"");
        stdout(&output) + &stderr(&output)
    };
    let commands: [&[&str]; 4] =
        [&["check", "mixed.ndjson"], &["run", "mixed.ndjson"], &["check", "missing"], &["explain", "C002"]];
    for arguments in commands {
        let forced = ("CLICOLOR_FORCE", "1");
        assert!(!text(&[], arguments).contains('\u{1b}'), "{arguments:?}");
        assert!(!text(&[("TERM", "xterm-256color")], arguments).contains('\u{1b}'), "{arguments:?}");
        assert!(!text(&[forced, ("NO_COLOR", "1")], arguments).contains('\u{1b}'), "{arguments:?}");
    }
    assert!(text(&[("CLICOLOR_FORCE", "1")], &["check", "mixed.ndjson"]).contains('\u{1b}'));
}

#[test]
fn nothing_of_a_file_controls_the_terminal() {
    let folder = folder();
    let record = patched(
        individual(),
        &json!({"initializeScreeningProcesses": ["\u{1b}[31mX"], "a\u{1b}[2Jb": 1, "riskLevel": "\u{7}LOW"}),
    );
    put(folder.path(), "x\u{1b}[2J.json", record.to_string());
    put(folder.path(), "y.csv", "communicationNumber;requester;b\u{1b}[2J\r\nN;\u{1b}[31mR;\r\n");
    put(folder.path(), "z.csv", "a\u{1b}[2J;b\r\nN;R\r\n");
    put(folder.path(), "z.xml", "<a\u{1b}[2J><b></a>");
    put(folder.path(), "z.json", "{\"customers\": [{\"a\u{1b}[2J\": ]}");
    for name in ["x\u{1b}[2J.json", "y.csv", "z.csv", "z.xml", "z.json"] {
        for command in ["check", "run"] {
            let output = program(folder.path(), &[command, "--log-level", "debug", name]);
            for text in [stdout(&output), stderr(&output)] {
                assert!(!text.contains(['\u{1b}', '\u{7}']), "{command} {name:?}: {text:?}");
            }
        }
    }
}
