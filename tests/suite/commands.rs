//! The program as a person or a script runs it: arguments, streams, exit codes, machine-readable lines.

mod pages;
mod settings;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{codes, individual, patched, program};

/// The longest a command may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// An empty folder that vanishes.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Writes a file into a folder, with the folders above it.
pub fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
    fs::write(path, content).expect("a file can be written");
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{}: {}", output.status, stderr(output)))
}

/// Standard output.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("results are UTF-8")
}

/// Standard error.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// The lines of standard output, as JSON.
fn lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn contains(codes: &[String], code: &str) -> bool {
    codes.iter().any(|found| found == code)
}

/// Waits until a process ends by itself; one that does not is killed, and the test fails.
pub fn ends(mut child: Child) -> ExitStatus {
    let id = child.id().to_string();
    let (to_watch, ended) = mpsc::channel();
    let watch = std::thread::spawn(move || {
        let late = ended.recv_timeout(DEADLINE).is_err();
        if late {
            drop(Command::new("kill").args(["-KILL", &id]).status());
        }
        late
    });
    let status = child.wait().expect("a child can be waited for");
    // The watch may have given up already.
    let _ = to_watch.send(());
    assert!(!watch.join().expect("the watch does not fail"), "the process did not end");
    status
}

/// Runs the program with these variables and this standard input.
pub fn program_with(folder: &Path, variables: &[(&str, &str)], arguments: &[&str], input: &[u8]) -> Output {
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().copied())
        .args(arguments)
        .write_stdin(input)
        .timeout(DEADLINE)
        .output()
        .expect("the program starts")
}

/// Runs a line of the shell; `$KYC` is the program.
fn shell(folder: &Path, line: &str) -> Output {
    assert_cmd::Command::new("sh")
        .current_dir(folder)
        .env("KYC", env!("CARGO_BIN_EXE_kyc-import"))
        .args(["-c", line])
        .timeout(DEADLINE)
        .output()
        .expect("a shell starts")
}

/// The codes that `check` finds in a record, errors first.
fn findings(folder: &Path, variables: &[(&str, &str)], arguments: &[&str], record: &Value) -> Vec<String> {
    let arguments = [&["check", "--format", "json", "-"], arguments].concat();
    let output = program_with(folder, variables, &arguments, record.to_string().as_bytes());
    assert!(code(&output) < 2, "{arguments:?}: {}", stderr(&output));
    let report = &lines(&output)[0];
    [codes(&report["errors"]), codes(&report["warnings"])].concat()
}

/// A record without its first name.
fn rejected() -> Value {
    let changes = json!({"communicationNumber": "N-9", "customerExtId": "X-9", "firstName": null});
    patched(individual(), &changes)
}

/// A folder with a file of every fate.
fn fates() -> TempDir {
    let folder = folder();
    put(folder.path(), "good.json", individual().to_string());
    put(folder.path(), "bad.json", rejected().to_string());
    put(folder.path(), "broken.json", "[1,");
    put(folder.path(), "empty.csv", "");
    folder
}

#[test]
fn the_exit_code_tells_the_gravest_fate() {
    let cases: [(i32, &[&str]); 10] = [
        (0, &["good.json"]),
        (1, &["bad.json"]),
        (0, &["bad.json", "--exit-zero"]),
        (3, &["broken.json"]),
        (3, &["empty.csv"]),
        (3, &["broken.json", "--exit-zero"]),
        (1, &["good.json", "bad.json", "good.json"]),
        (3, &["broken.json", "bad.json", "good.json"]),
        (3, &["good.json", "bad.json", "broken.json", "--exit-zero"]),
        (2, &["missing.json"]),
    ];
    for command in ["check", "run"] {
        for (expected, files) in cases {
            // `run` remembers what it imported.
            let folder = fates();
            let output = program(folder.path(), &[&[command], files].concat());
            assert_eq!(code(&output), expected, "{command} {files:?}: {}", stderr(&output));
        }
    }
}

#[test]
fn a_file_that_cannot_be_opened_does_not_hide_the_others() {
    let folder = fates();
    let names = ["good.json", "missing.json", "bad.json"];
    let output = program(folder.path(), &[&["check", "--format", "json"], &names[..]].concat());
    assert!(stderr(&output).contains("missing.json"), "{}", stderr(&output));
    let files = lines(&output).iter().filter(|line| line["type"] == "file").count();
    assert_eq!(
        (code(&output), files),
        (2, 2),
        "the gravest end wins, and the others go on: {}",
        stdout(&output)
    );
}

#[test]
fn the_files_of_a_folder_are_checked_and_what_is_none_of_them_is_told() {
    let folder = folder();
    put(folder.path(), "export/bad.json", rejected().to_string());
    put(folder.path(), "export/notes.txt", "not for us");
    put(folder.path(), "export/deeper/unseen.json", rejected().to_string());
    let output = program(folder.path(), &["check", "export"]);
    let text = stdout(&output);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    assert!(text.contains("export/bad.json") && text.contains("C016.I01"), "{text}");
    assert!(text.contains("export/notes.txt: not taken: its name ends in none of"), "{text}");
    assert!(text.contains("export/deeper: not taken:") && !text.contains("unseen"), "{text}");
    let files = |output: &Output| lines(output).iter().filter(|line| line["type"] == "file").count();
    let output = program(folder.path(), &["check", "--format", "json", "export", "export/bad.json"]);
    assert_eq!((code(&output), files(&output)), (1, 2));
    fs::create_dir(folder.path().join("empty")).expect("a folder can be made");
    let output = program(folder.path(), &["check", "empty"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "nothing to do\n"));
}

#[test]
fn arguments_that_cannot_be_used_end_with_2() {
    let folder = fates();
    let cases: [&[&str]; 9] = [
        &[],
        &["check"],
        &["check", "good.json", "--no-such-flag"],
        &["no-such-command"],
        &["check", "good.json", "--mode", "other"],
        &["check", "good.json", "--threads", "0"],
        &["check", "good.json", "--classifiers", "no-such-folder"],
        &["check", "good.json", "--config", "no-such-file"],
        &["template", "person"],
    ];
    for arguments in cases {
        let output = program(folder.path(), arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(!stderr(&output).is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_results() {
    let folder = folder();
    let help = program(folder.path(), &["--help"]);
    assert_eq!((code(&help), stderr(&help).as_str()), (0, ""));
    for wanted in ["run", "check", "explain", "template", "schema", "Exit codes", "130"] {
        assert!(stdout(&help).contains(wanted), "{wanted} is missing in {}", stdout(&help));
    }
    let version = program(folder.path(), &["--version"]);
    assert_eq!(stdout(&version), format!("kyc-import {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn results_and_messages_have_streams_of_their_own() {
    let folder = fates();
    let output = program(folder.path(), &["check", "good.json", "bad.json", "broken.json"]);
    assert_eq!(stderr(&output), "");
    for wanted in ["good.json", "ACCEPTED", "REJECTED", "UNREADABLE", "explain F001"] {
        assert!(stdout(&output).contains(wanted), "{wanted} is missing in {}", stdout(&output));
    }
    let output = program(folder.path(), &["check", "missing.json"]);
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
}

#[test]
fn log_lines_go_to_standard_error() {
    let folder = fates();
    let flags = ["--log-level", "info", "--log-format", "json"];
    let output = program(folder.path(), &[&["run", "good.json"], &flags[..]].concat());
    assert!(stderr(&output).contains("batch done"), "{}", stderr(&output));
    for line in stderr(&output).lines() {
        let log: Value = serde_json::from_str(line).expect("a log line is JSON");
        assert_eq!(log["level"], "INFO");
    }
}

#[test]
fn text_of_a_check_names_file_counts_places_and_codes() {
    let folder = folder();
    put(folder.path(), "mixed.ndjson", format!("{}\n\n{}\n", individual(), rejected()));
    let text = stdout(&program(folder.path(), &["check", "mixed.ndjson"]));
    let wanted =
        ["mixed.ndjson", "2 records", "accepted 1", "rejected 1", "row 3", "line 3", "C016.I01", "firstName"];
    for part in wanted {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn nothing_to_do_is_success() {
    let folder = folder();
    fs::create_dir(folder.path().join("inbox")).expect("a folder can be made");
    let output = program(folder.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert!(stdout(&output).contains("nothing to do"), "{}", stdout(&output));
    assert_eq!(stdout(&program(folder.path(), &["run", "--format", "json"])), "");
    assert!(!folder.path().join("outbox").exists());
}

#[test]
fn an_inbox_that_is_missing_is_a_failure_of_the_folders() {
    let folder = folder();
    let output = program(folder.path(), &["run"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (4, ""));
    assert!(stderr(&output).contains("inbox"), "{}", stderr(&output));
}

#[test]
fn standard_input_is_a_file_in_every_format() {
    let folder = folder();
    let (good, bad) = (individual(), rejected());
    let csv = "communicationNumber,customerExtId,firstName\r\nN,X,Ona\r\n".to_owned();
    let cases = [
        ("json", 0, good.to_string()),
        ("json", 1, format!("[{good}, {bad}]")),
        ("ndjson", 1, format!("{good}\n{bad}\n")),
        ("csv", 1, csv),
        ("xml", 1, "<C><AMLYZE_CUSTOMER/></C>".to_owned()),
    ];
    for (format, expected, text) in cases {
        let output = program_with(folder.path(), &[], &["check", "--format", "json", "-"], text.as_bytes());
        let last = lines(&output).pop().expect("a line for the file");
        assert_eq!((last["file"].as_str(), last["format"].as_str()), (Some("-"), Some(format)));
        assert_eq!(code(&output), expected, "{format}: {}", stdout(&output));
    }
    assert_eq!(code(&program_with(folder.path(), &[], &["check", "-"], b"")), 3);
}

/// Asserts that these names stand in a JSON text, in this order.
fn assert_order(text: &str, names: &[&str]) {
    let place =
        |name: &&str| text.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name} in {text}"));
    let places: Vec<usize> = names.iter().map(place).collect();
    assert!(places.is_sorted(), "{names:?} in {text}");
}

/// What a line on a record holds.
const RECORD: [&str; 13] = [
    "type",
    "file",
    "record",
    "row",
    "line",
    "byteOffset",
    "resultType",
    "communicationNumber",
    "customerExtId",
    "errorCode",
    "errorDescription",
    "errors",
    "warnings",
];

/// What is said of a violation, and what may stand beside.
const VIOLATION: [&str; 8] = ["code", "rule", "status", "field", "pointer", "message", "hint", "first"];
const BESIDE: [&str; 5] = ["value", "row", "line", "column", "byteOffset"];

#[test]
fn the_lines_of_check_have_their_documented_shape() {
    let folder = folder();
    let bad = patched(rejected(), &json!({"citizenshipCountry": "Lietuva", "blood": 1}));
    put(folder.path(), "x.ndjson", format!("{}\n\n{bad}\n", individual()));
    let output = program(folder.path(), &["check", "--format", "json", "x.ndjson"]);
    let (values, text) = (lines(&output), stdout(&output));
    let texts: Vec<&str> = text.lines().collect();
    assert_eq!(values.len(), 3);
    for (value, text) in values.iter().zip(&texts).take(2) {
        assert_eq!(value.as_object().expect("an object").len(), RECORD.len(), "{value}");
        assert_order(text, &RECORD[..12]);
    }
    let first = &values[0];
    assert_eq!((&first["type"], &first["resultType"]), (&json!("record"), &json!("REQUEST_ACCEPTED")));
    assert_eq!((&first["errorCode"], &first["errorDescription"]), (&Value::Null, &Value::Null));
    assert_eq!((&first["errors"], &first["warnings"]), (&json!([]), &json!([])));

    let second = &values[1];
    assert_eq!((&second["record"], &second["row"], &second["line"]), (&json!(2), &json!(3), &json!(3)));
    assert_eq!(second["byteOffset"], json!(individual().to_string().len() + 2));
    assert_eq!((&second["file"], &second["resultType"]), (&json!("x.ndjson"), &json!("REQUEST_REJECTED")));
    assert_eq!((&second["communicationNumber"], &second["customerExtId"]), (&json!("N-9"), &json!("X-9")));
    let errors = second["errors"].as_array().expect("a list");
    assert_eq!(
        (&second["errorCode"], &second["errorDescription"]),
        (&errors[0]["code"], &errors[0]["message"])
    );
    assert_eq!(
        (codes(&second["errors"]), codes(&second["warnings"])),
        (texts_of(&["C016.I01", "C016.I06"]), texts_of(&["W001"]))
    );
    for (index, found) in errors.iter().chain(second["warnings"].as_array().expect("a list")).enumerate() {
        let members = found.as_object().expect("an object");
        assert!(VIOLATION.iter().all(|name| members.contains_key(*name)), "{found}");
        let known = |name: &String| VIOLATION.contains(&name.as_str()) || BESIDE.contains(&name.as_str());
        assert!(members.keys().all(known), "{found}");
        assert_eq!(found["first"], json!(index == 0));
    }
    assert_order(&texts[1][texts[1].find("\"errors\"").expect("errors")..], &VIOLATION);

    assert_order(texts[2], &["type", "file", "status", "read", "accepted", "rejected"]);
    let file = &values[2];
    assert_eq!((&file["type"], &file["status"]), (&json!("file"), &json!("PARTIALLY_ACCEPTED")));
    assert_eq!((&file["read"], &file["accepted"], &file["rejected"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(file.get("error"), None);
}

fn texts_of(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[test]
fn the_line_of_an_unreadable_file_says_why() {
    let folder = folder();
    put(folder.path(), "broken.json", "[\n {\"a\":1}\n {}]");
    let output = program(folder.path(), &["check", "--format", "json", "broken.json"]);
    let file = lines(&output).pop().expect("a line for the file");
    assert_eq!(
        (&file["type"], &file["status"], &file["read"]),
        (&json!("file"), &json!("UNREADABLE"), &json!(0))
    );
    let error = &file["error"];
    assert_eq!((&error["code"], &error["line"]), (&json!("F001"), &json!(3)));
    for name in ["message", "hint"] {
        assert!(error[name].as_str().is_some_and(|text| !text.is_empty()), "{error}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder();
    put(folder.path(), "x.ndjson", vec![individual().to_string(); 5_000].join("\n"));
    let line = "{ $KYC check --format json x.ndjson; echo ended $? >&2; } | head -c 1 > nothing";
    let output = shell(folder.path(), line);
    assert_eq!(stderr(&output), "ended 0\n");
}

#[test]
fn an_interrupt_ends_with_130() {
    let folder = folder();
    // Once the program has read this much, it is at work and listens.
    let mut child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .args(["check", "-"])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("it is piped");
    let text = (0..5_000).fold(String::new(), |text, number| {
        let own =
            json!({"communicationNumber": format!("N-{number}"), "customerExtId": format!("X-{number}")});
        text + &patched(individual(), &own).to_string() + "\n"
    });
    input.write_all(text.as_bytes()).expect("the program reads");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill starts").success());
    // What is sent now wakes a program that waits for more; it may have ended already.
    drop(input.write_all(text.as_bytes()));
    drop(input);
    let mut message = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("it is piped"), &mut message)
        .expect("a text");
    assert_eq!(ends(child).code(), Some(130));
    assert!(message.contains("interrupted"), "{message}");
}
