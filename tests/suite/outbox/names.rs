//! What is taken from the inbox and what is left alone, and names that do harm elsewhere.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::Command;

use serde_json::json;

use super::{archived, assert_sound, batch8, batches, dropped, names, run, set};
use crate::commands::{code, folder, put, stderr, stdout};
use crate::support::{individual, organization, patched};

#[test]
fn temporary_hidden_and_unknown_names_are_left_alone() {
    let root = folder();
    let left = [
        ".hidden.csv",
        ".",
        "~draft.csv",
        "~$book.csv",
        ".~lock.book.csv#",
        "a.csv.tmp",
        "a.CSV.TMP",
        "a.csv.part",
        "a.csv.partial",
        "a.csv.filepart",
        "a.csv.crdownload",
        ".nfs0000000000000001",
        "Thumbs.db",
        "desktop.ini",
        "notes.txt",
        "book.ods",
        "no-ending",
        "csv",
        "a.csv.gz",
        ".kyc/a.json",
        "folder.csv/a.json",
        "sub/a.json",
    ];
    for name in left.iter().filter(|name| **name != ".") {
        put(root.path(), &format!("inbox/{name}"), individual().to_string());
    }
    let before = names(&root.path().join("inbox"));
    let output = run(root.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert!(stdout(&output).contains("nothing to do"), "{}", stdout(&output));
    for part in
        ["notes.txt: not taken: its name ends in none of", "folder.csv: not taken: it is no regular file"]
    {
        assert!(stdout(&output).contains(part), "{part} is missing in {}", stdout(&output));
    }
    assert!(stdout(&output).contains("a.csv.part: not taken: its name is that of an unfinished file"));
    for hidden in [".hidden.csv", "~draft.csv", "Thumbs.db"] {
        assert!(!stdout(&output).contains(hidden), "hidden names belong to programs");
    }
    assert_eq!(names(&root.path().join("inbox")), before);
    assert_eq!(names(root.path()), set(["inbox", "state"]));
    for name in left.iter().filter(|name| **name != ".") {
        let content = fs::read_to_string(root.path().join("inbox").join(name)).expect("it is still there");
        assert_eq!(content, individual().to_string(), "{name}");
    }
    let output = run(root.path(), &["run", "--log-level", "info"]);
    for part in ["notes.txt", "hidden or temporary", "no regular file"] {
        assert!(stderr(&output).contains(part), "{part} is missing in {}", stderr(&output));
    }
}

#[test]
fn every_known_ending_is_taken_in_any_case() {
    let root = folder();
    let endings = ["json", "ndjson", "jsonl", "xml", "csv", "tsv", "JSON", "Csv"];
    for ending in endings {
        put(root.path(), &format!("inbox/of-{ending}.{ending}"), individual().to_string());
    }
    let output = run(root.path(), &["run"]);
    assert!(code(&output) < 4, "{}", stderr(&output));
    assert_eq!(dropped(root.path()), BTreeSet::new());
    assert_eq!(batches(root.path()).len(), endings.len());
    assert_eq!(archived(root.path()).len(), endings.len());
    assert_sound(root.path());
}

#[test]
fn links_and_pipes_in_the_inbox_are_left_alone() {
    let root = folder();
    put(root.path(), "outside.json", individual().to_string());
    put(root.path(), "outside/a.json", individual().to_string());
    put(root.path(), "inbox/real.json", organization().to_string());
    let inbox = root.path().join("inbox");
    symlink("../outside.json", inbox.join("a-link.json")).expect("a link can be made");
    symlink("nowhere.json", inbox.join("b-dangling.json")).expect("a link can be made");
    symlink("../outside", inbox.join("c-folder.json")).expect("a link can be made");
    let pipe = inbox.join("d-pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    let output = run(root.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_eq!(dropped(root.path()), set(["a-link.json", "b-dangling.json", "c-folder.json", "d-pipe.csv"]));
    assert!(fs::symlink_metadata(&pipe).expect("it is there").file_type().is_fifo());
    assert!(fs::symlink_metadata(inbox.join("a-link.json")).expect("it is there").is_symlink());
    assert_eq!(names(&root.path().join("outside")), set(["a.json"]));
    assert!(root.path().join("outside.json").is_file());
    assert_eq!(batches(root.path()).len(), 1);
    assert_sound(root.path());
}

#[test]
fn a_pipe_that_is_named_does_not_hang() {
    let root = folder();
    let pipe = root.path().join("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    for command in ["run", "check"] {
        let output = run(root.path(), &[command, "pipe.csv"]);
        assert_eq!(code(&output), 4, "{command}");
        assert!(stderr(&output).contains("no regular file"), "{}", stderr(&output));
    }
}

/// Names that are legal for a file and harmful elsewhere.
fn harmful() -> Vec<OsString> {
    let mut names: Vec<OsString> = [
        "new\nline.json",
        "escape\u{1b}[2J.json",
        "bell\u{7}.json",
        "back\\slash.json",
        "-rf.json",
        " blank .json",
        "star*?.json",
        "quote\"'.json",
        "$(touch x).json",
        "žąsis-😀.json",
        "two..dots.json",
        "rtl\u{202e}nosj.json",
    ]
    .iter()
    .map(OsString::from)
    .collect();
    names.push(OsStr::from_bytes(b"caf\xe9.json").to_owned());
    names.push(OsStr::from_bytes(b"\xff\xfe.json").to_owned());
    // As long as a file system takes them: 255 bytes.
    names.push(OsString::from(format!("{}.json", "x".repeat(250))));
    names.push(OsString::from(format!("{}.json", "ž".repeat(125))));
    names.push(OsString::from(format!("{}.json", "x".repeat(249))));
    names
}

#[test]
fn harmful_names_become_safe_ones_and_nothing_is_lost() {
    let root = folder();
    let inbox = root.path().join("inbox");
    fs::create_dir(&inbox).expect("a folder can be made");
    let mut contents = BTreeSet::new();
    for (number, name) in harmful().iter().enumerate() {
        let own =
            json!({"communicationNumber": format!("N-{number}"), "customerExtId": format!("X-{number}")});
        let record = patched(individual(), &own).to_string();
        fs::write(inbox.join(name), &record).expect("the file system takes the name");
        contents.insert(record.into_bytes());
    }
    let output = run(root.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_eq!(dropped(root.path()), BTreeSet::new());
    assert_sound(root.path());
    let originals: BTreeSet<Vec<u8>> = archived(root.path()).into_values().collect();
    assert_eq!(originals, contents);
    let safe = |name: &String| {
        let bad = |char: char| char.is_control() || "/\\:*?\"<>|\u{fffd}".contains(char);
        !name.contains(bad) && !name.starts_with(['.', '-', '~', ' ']) && name.len() <= 220
    };
    let batches = batches(root.path());
    assert_eq!(batches.len(), harmful().len());
    let hashes: BTreeSet<String> = contents.iter().map(|content| batch8(content)).collect();
    for batch in &batches {
        assert!(safe(batch), "{batch:?} is no safe name");
        let (_, hash) = batch.rsplit_once('.').expect("a hash");
        assert!(hashes.contains(hash), "{batch:?} carries no hash of a file");
    }
    assert!(archived(root.path()).keys().all(safe));
    let control = |char: char| char.is_control() && char != '\n';
    assert!(!stdout(&output).contains(control), "{:?}", stdout(&output));
    let lines: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    assert!(!lines.iter().any(|line| line.starts_with("line.json")), "a name breaks a line");
}

#[test]
fn long_names_with_the_same_bytes_do_not_meet() {
    let root = folder();
    for length in [200, 220, 250] {
        put(root.path(), &format!("inbox/{}.json", "x".repeat(length)), individual().to_string());
    }
    let output = run(root.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_eq!(batches(root.path()).len(), 3);
    assert_eq!(archived(root.path()).len(), 3);
    assert_sound(root.path());
}

#[test]
fn results_as_json_stay_lines_whatever_the_name() {
    let root = folder();
    let inbox = root.path().join("inbox");
    fs::create_dir(&inbox).expect("a folder can be made");
    for name in harmful() {
        fs::write(inbox.join(name), individual().to_string()).expect("the file system takes the name");
    }
    let output = run(root.path(), &["run", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output).lines().count(), harmful().len());
    for line in stdout(&output).lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        assert!(batches(root.path()).contains(line["batch"].as_str().expect("a batch")));
    }
}
