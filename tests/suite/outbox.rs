//! The outbox and the archive after a run: names, contents, modes, and what is left alone.

mod large;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::commands::{code, ends, folder, put, stderr, stdout};
use crate::support::{individual, judge, organization, patched, project};

fn wrong() -> Value {
    patched(individual(), &json!({"communicationNumber": "N-9", "customerExtId": "X-9", "firstName": null}))
}

/// A CSV file with an accepted and a rejected record and an unknown column.
fn mixed() -> String {
    let record = individual();
    let fields = record.as_object().expect("an object");
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let row = |record: &Value| {
        let cells: Vec<&str> = names
            .iter()
            .map(|name| record.get(*name).map_or("", |cell| cell.as_str().expect("a text")))
            .collect();
        format!("{};007\r\n", cells.join(";"))
    };
    format!("{};ourColumn\r\n{}{}", names.join(";"), row(&record), row(&wrong()))
}

const CUT_OFF: &str = "<Customers><AMLYZE_CUSTOMER><Requester>x</Requester>";

/// The settings under which a file of the inbox is taken at the first look.
pub fn at_once() -> PathBuf {
    project().join("tests/fixtures/at-once.toml")
}

/// Runs the program, which waits for no quiet time; fails when it hangs.
#[expect(clippy::disallowed_methods, reason = "what the program printed is not left in its folder")]
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let (out, err) = (folder.join(".stdout"), folder.join(".stderr"));
    let file = |path: &Path| Stdio::from(fs::File::create(path).expect("a file can be made"));
    let child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .current_dir(folder)
        .env_clear()
        .env("KYC_IMPORT_CONFIG", at_once())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(file(&out))
        .stderr(file(&err))
        .spawn()
        .expect("the program starts");
    let status = ends(child);
    let take = |path: &Path| {
        let text = fs::read(path).expect("it was written");
        fs::remove_file(path).expect("it can be removed");
        text
    };
    Output { status, stdout: take(&out), stderr: take(&err) }
}

/// The names in a folder; none when it is missing.
pub fn names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The batches of an outbox, without staging and the work list.
pub fn batches(root: &Path) -> BTreeSet<String> {
    let mut names = names(&root.join("outbox"));
    names.remove(".staging");
    names.remove("to-correct");
    names
}

/// The first 8 hexadecimal digits of the hash of a content.
pub fn batch8(content: &[u8]) -> String {
    sha256(content)[..8].to_owned()
}

fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of an inbox, without what is claimed.
pub fn dropped(root: &Path) -> BTreeSet<String> {
    let mut names = names(&root.join("inbox"));
    names.remove(".kyc-import");
    names
}

/// What is claimed: the contents of the files.
pub fn claimed(root: &Path) -> Vec<Vec<u8>> {
    let claims = root.join("inbox/.kyc-import");
    let in_claim = |claim: String| {
        let folder = claims.join(claim);
        names(&folder).into_iter().map(move |name| fs::read(folder.join(name)).expect("a file"))
    };
    names(&claims).into_iter().flat_map(in_claim).collect()
}

/// All originals in the archive, with their names.
pub fn archived(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut originals = BTreeMap::new();
    for month in names(&root.join("archive")) {
        let (year, number) = month.split_once('-').expect("a year and a month");
        assert!(year.len() == 4 && number.len() == 2, "{month} is no month");
        for name in names(&root.join("archive").join(&month)) {
            let content = fs::read(root.join("archive").join(&month).join(&name)).expect("an original");
            originals.insert(name, content);
        }
    }
    originals
}

/// Asserts what holds for every outbox: no empty file, manifests that are right, nothing in staging.
pub fn assert_sound(root: &Path) {
    assert_eq!(names(&root.join("outbox/.staging")), BTreeSet::new(), "staging is not empty");
    for batch in batches(root) {
        let folder = root.join("outbox").join(&batch);
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).expect("a manifest"))
                .expect("JSON");
        assert_eq!(manifest["batch"], batch);
        let mut found = names(&folder);
        assert!(found.remove("MANIFEST.json"));
        let files = manifest["files"].as_array().expect("a list");
        let listed: BTreeSet<String> =
            files.iter().map(|file| file["name"].as_str().expect("a name").to_owned()).collect();
        assert_eq!(found, listed, "{batch}: the manifest lists other files");
        assert_eq!(files.len(), listed.len(), "{batch}: the manifest lists a file twice");
        for file in files {
            let content = fs::read(folder.join(file["name"].as_str().expect("a name"))).expect("a file");
            assert!(!content.is_empty(), "{batch}: {file} is empty");
            assert_eq!(file["bytes"], content.len(), "{batch}");
            assert_eq!(file["sha256"], sha256(&content), "{batch}: {file}");
        }
        let summary = summary(root, &batch);
        let records = |key: &str| summary["records"][key].as_u64().expect("a number");
        assert_eq!(records("read"), records("accepted") + records("rejected"), "{batch}");
        let mut outputs: BTreeSet<String> = found;
        outputs.remove("summary.json");
        let named = summary["outputs"].as_array().expect("a list").iter();
        let named: BTreeSet<String> = named.map(|name| name.as_str().expect("a name").to_owned()).collect();
        assert_eq!(outputs, named, "{batch}: the summary lists other files");
    }
}

pub fn summary(root: &Path, batch: &str) -> Value {
    let path = root.join("outbox").join(batch).join("summary.json");
    serde_json::from_slice(&fs::read(path).expect("a summary")).expect("a summary is JSON")
}

pub fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// A root folder with a file of every fate in its inbox.
fn full_inbox() -> (tempfile::TempDir, [(&'static str, String); 3]) {
    let root = folder();
    let files = [
        ("mixed.csv", mixed()),
        ("good.2026.json", format!("{{\"customers\": [{}]}}", organization())),
        ("broken.xml", CUT_OFF.to_owned()),
    ];
    for (name, content) in &files {
        put(root.path(), &format!("inbox/{name}"), content);
    }
    (root, files)
}

fn batch_of(name: &str, content: &str) -> String {
    let (stem, _) = name.rsplit_once('.').expect("an ending");
    format!("{stem}.{}", batch8(content.as_bytes()))
}

#[test]
fn every_file_of_the_inbox_becomes_a_batch_and_moves_to_the_archive() {
    let (root, files) = full_inbox();
    let output = run(root.path(), &["run"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (3, ""));
    assert_sound(root.path());
    let expected: BTreeSet<String> = files.iter().map(|(name, content)| batch_of(name, content)).collect();
    assert_eq!(batches(root.path()), expected);
    let inside = |at: usize| names(&root.path().join("outbox").join(batch_of(files[at].0, &files[at].1)));
    let always = ["summary.json", "MANIFEST.json"];
    let mut mixed = set([
        "accepted.ndjson",
        "rejected.csv",
        "rejected.xlsx",
        "errors.ndjson",
        "errors.csv",
        "report.html",
    ]);
    mixed.extend(set(always));
    assert_eq!(inside(0), mixed);
    assert_eq!(inside(1), set(["accepted.ndjson", "summary.json", "MANIFEST.json"]));
    assert_eq!(inside(2), set(["unreadable.txt", "report.html", "summary.json", "MANIFEST.json"]));
    assert_eq!(dropped(root.path()), BTreeSet::new());
    let originals: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(name, content)| {
            let ending = name.rsplit_once('.').expect("an ending").1;
            (format!("{}.{ending}", batch_of(name, content)), content.clone().into_bytes())
        })
        .collect();
    assert_eq!(archived(root.path()), originals);
    assert_eq!(names(root.path()), set(["inbox", "outbox", "archive", "state"]));
    let copy = format!("{}.rejected.csv", batch_of(files[0].0, &files[0].1));
    let offered = root.path().join("outbox/to-correct");
    let of_csv = |name: &String| name.ends_with(".csv");
    assert_eq!(names(&offered).into_iter().filter(of_csv).collect::<BTreeSet<_>>(), set([copy.as_str()]));
    let rejected = root.path().join("outbox").join(batch_of(files[0].0, &files[0].1)).join("rejected.csv");
    assert_eq!(fs::read(offered.join(copy)).expect("a copy"), fs::read(rejected).expect("a file"));
}

#[test]
fn the_files_of_a_batch_hold_what_they_promise() {
    let (root, files) = full_inbox();
    run(root.path(), &["run"]);
    let batch = |at: usize| batch_of(files[at].0, &files[at].1);
    let read = |at: usize, name: &str| {
        fs::read_to_string(root.path().join("outbox").join(batch(at)).join(name)).expect("a file")
    };
    let accepted: Value = serde_json::from_str(&read(0, "accepted.ndjson")).expect("one line");
    assert_eq!(accepted, individual());
    assert_eq!(read(1, "accepted.ndjson"), format!("{}\n", organization()));

    let rejected = read(0, "rejected.csv");
    assert!(rejected.starts_with("\u{feff}_row;_codes;_fields;_errors;"), "{rejected}");
    assert!(rejected.contains(";'007\r\n"), "{rejected}");
    let again = judge(&rejected, "rejected.csv");
    assert_eq!(again.finished.tally.counts.rejected, 1);
    assert_eq!(again.codes(0), ["C016.I01"]);

    let report: Value = serde_json::from_str(&read(0, "errors.ndjson")).expect("one line");
    let place = (&report["record"], &report["row"]);
    assert_eq!(place, (&json!(2), &json!(3)));
    assert_eq!(report["errors"][0]["code"], "C016.I01");
    let people = read(0, "errors.csv");
    assert_eq!(people.lines().count(), 2, "{people}");
    assert!(people.starts_with('\u{feff}') && people.contains(",C016.I01,"), "{people}");

    let page = read(2, "unreadable.txt");
    for part in ["broken.xml", "row 1", "line 1", "byte", "archive", "explain F001"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[test]
fn the_summary_says_what_happened() {
    let (root, files) = full_inbox();
    run(root.path(), &["run"]);
    let (name, content) = &files[0];
    let batch = batch_of(name, content);
    let found = summary(root.path(), &batch);
    let expected = json!({
        "batch": batch, "status": "PARTIALLY_ACCEPTED",
        "file": {"name": name, "bytes": content.len(), "sha256": sha256(content.as_bytes()), "format": "csv",
            "encoding": "utf-8", "delimiter": ";", "unknownColumns": ["ourColumn"]},
        "records": {"read": 2, "accepted": 1, "rejected": 1},
        "toolVersion": env!("CARGO_PKG_VERSION"),
    });
    assert_holds(&found, &expected);
    assert_eq!(found["errors"][0]["code"], "C016.I01");
    assert_eq!(found["errors"][0]["count"], 1);
    assert!(!found["nextSteps"].as_array().expect("a list").is_empty());
    let archived = root.path().join(found["origin"]["archived"].as_str().expect("a path"));
    assert_eq!(fs::read_to_string(archived).expect("the original"), *content);
    let times = &found["times"];
    assert!(times["started"].as_str() <= times["finished"].as_str(), "{times}");

    let found = summary(root.path(), &batch_of(files[2].0, &files[2].1));
    assert_holds(
        &found,
        &json!({"status": "UNREADABLE", "records": {"read": 0, "accepted": 0, "rejected": 0}}),
    );
    assert_eq!(found["failure"]["code"], "F001");
    assert_eq!(summary(root.path(), &batch_of(files[1].0, &files[1].1))["status"], "ACCEPTED");
}

/// Asserts that a value holds all of another, and perhaps more.
fn assert_holds(found: &Value, expected: &Value) {
    match expected {
        Value::Object(members) => members.iter().for_each(|(key, value)| assert_holds(&found[key], value)),
        _ => assert_eq!(found, expected),
    }
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["077", "000", "022"] {
        let (root, _) = full_inbox();
        let script = format!("umask {umask} && exec \"$0\" run");
        let status = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_kyc-import")])
            .env("KYC_IMPORT_CONFIG", at_once())
            .current_dir(root.path())
            .stdout(Stdio::null())
            .status()
            .expect("a shell starts");
        assert_eq!(status.code(), Some(3));
        let mut seen = 0;
        for folder in ["outbox", "archive", "state"] {
            seen += assert_modes(&root.path().join(folder), folder != "archive", umask);
        }
        assert!(seen > 12, "{seen} entries");
    }
}

/// Asserts the modes of a folder and of all that lies in it; returns how many entries were seen.
fn assert_modes(path: &Path, files: bool, umask: &str) -> usize {
    let mode = |path: &Path| fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o7777;
    let is_shared = path.ends_with("to-correct");
    let (expected, of_files) = if is_shared { ("2770", 0o660) } else { ("750", 0o640) };
    assert_eq!(format!("{:o}", mode(path)), expected, "{} under umask {umask}", path.display());
    let mut seen = 1;
    for entry in fs::read_dir(path).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        if path.is_dir() {
            seen += assert_modes(&path, files, umask);
        } else {
            seen += 1;
            // An original keeps the mode that it came with.
            assert!(!files || mode(&path) == of_files, "{} is {:o}", path.display(), mode(&path));
        }
    }
    seen
}

#[test]
fn named_files_stay_where_they_are() {
    let root = folder();
    put(root.path(), "here.json", individual().to_string());
    put(root.path(), "exports/a.json", organization().to_string());
    put(root.path(), "exports/b.txt", "no import file");
    put(root.path(), "exports/deeper/c.json", wrong().to_string());
    let output = run(root.path(), &["run", "here.json", "exports"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    assert_sound(root.path());
    assert_eq!(batches(root.path()).len(), 2, "a folder within a folder is not entered");
    assert_eq!(names(root.path()), set(["here.json", "exports", "outbox", "state"]));
    assert_eq!(names(&root.path().join("exports")), set(["a.json", "b.txt", "deeper"]));
    let batch = batch_of("here.json", &individual().to_string());
    assert_eq!(summary(root.path(), &batch)["origin"]["archived"], Value::Null);
}

#[test]
fn what_is_not_taken_of_a_named_folder_is_told() {
    let root = folder();
    put(root.path(), "exports/b.txt", "no import file");
    put(root.path(), "exports/deeper/c.json", wrong().to_string());
    put(root.path(), "exports/d.csv.part", "");
    put(root.path(), "exports/.hidden.csv", "");
    assert_eq!(
        stdout(&run(root.path(), &["run", "exports"])),
        "exports/b.txt: not taken: its name ends in none of .json .ndjson .jsonl .xml .csv .tsv .xlsx\n\
         exports/d.csv.part: not taken: its name is that of an unfinished file: its sender renames it when it is complete\n\
         exports/deeper: not taken: it is no regular file but a folder, link, pipe, socket or device\n\
         nothing to do\n"
    );
}

#[test]
fn a_named_file_of_the_inbox_moves_all_the_same() {
    let root = folder();
    put(root.path(), "inbox/a.json", individual().to_string());
    put(root.path(), "inbox/b.json", organization().to_string());
    let other = root.path().join("inbox/../inbox/a.json");
    let output = run(root.path(), &["run", other.to_str().expect("a path")]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(dropped(root.path()), set(["b.json"]));
    assert_eq!(archived(root.path()).len(), 1);
}

#[test]
fn the_same_bytes_again_import_nothing_and_get_a_number() {
    let root = folder();
    let content = individual().to_string();
    for _ in 0..3 {
        put(root.path(), "inbox/same.json", &content);
        let output = run(root.path(), &["run"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    put(root.path(), "inbox/same.json", organization().to_string());
    put(root.path(), "inbox/other.json", &content);
    assert_eq!(code(&run(root.path(), &["run"])), 0);
    assert_sound(root.path());
    let first = batch_of("same.json", &content);
    let repeats = [format!("{first}-2"), format!("{first}-3"), batch_of("other.json", &content)];
    let expected =
        [&repeats[..], &[first.clone(), batch_of("same.json", &organization().to_string())]].concat();
    assert_eq!(batches(root.path()), expected.into_iter().collect());
    assert_eq!(archived(root.path()).len(), 5);
    assert!(archived(root.path()).contains_key(&format!("{first}-2.json")));
    for repeat in repeats {
        let found = summary(root.path(), &repeat);
        assert_eq!((&found["status"], &found["records"]["read"]), (&json!("DUPLICATE_FILE"), &json!(0)));
        assert_eq!(found["origin"]["duplicateOf"], first);
        assert_eq!(names(&root.path().join("outbox").join(&repeat)), set(["summary.json", "MANIFEST.json"]));
    }
}

#[test]
fn a_corrected_file_keeps_its_stem() {
    let root = folder();
    put(root.path(), "inbox/mixed.csv", mixed());
    assert_eq!(code(&run(root.path(), &["run"])), 1);
    let first = batch_of("mixed.csv", &mixed());
    let rejected =
        fs::read_to_string(root.path().join("outbox").join(&first).join("rejected.csv")).expect("a file");
    let corrected = rejected.replace(";;", ";Ona;");
    assert_ne!(rejected, corrected);
    put(root.path(), &format!("inbox/{first}.rejected.csv"), &corrected);
    let output = run(root.path(), &["run"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let second = format!("mixed.{}", batch8(corrected.as_bytes()));
    assert_eq!(batches(root.path()), [first, second.clone()].into_iter().collect());
    let accepted = root.path().join("outbox").join(second).join("accepted.ndjson");
    let accepted = fs::read_to_string(accepted).expect("a file");
    let accepted: Value = serde_json::from_str(&accepted).expect("one line");
    assert_eq!(accepted, patched(wrong(), &json!({"firstName": "Ona"})));
    assert_sound(root.path());
}

/// Asserts that these contents are still in the inbox or claimed, each once, and nothing is published.
fn assert_kept(root: &Path, contents: &[&str]) {
    let mut kept = claimed(root);
    kept.extend(dropped(root).iter().map(|name| fs::read(root.join("inbox").join(name)).expect("a file")));
    kept.sort();
    let mut expected: Vec<Vec<u8>> = contents.iter().map(|content| content.as_bytes().to_vec()).collect();
    expected.sort();
    assert_eq!(kept, expected);
    assert_eq!(archived(root), BTreeMap::new());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an operator takes the obstacle away")]
fn an_outbox_that_cannot_be_written_loses_nothing_and_the_next_run_goes_on() {
    for arguments in [&["run"][..], &["run", "--format", "json"]] {
        let (root, files) = full_inbox();
        put(root.path(), "outbox", "not a folder");
        let output = run(root.path(), arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (4, ""));
        assert!(stderr(&output).starts_with("error:") && stderr(&output).contains("outbox"));
        assert_kept(root.path(), &files.each_ref().map(|(_, content)| content.as_str()));
        fs::remove_file(root.path().join("outbox")).expect("it can be removed");
        assert_eq!(code(&run(root.path(), arguments)), 3);
        assert_sound(root.path());
        assert_eq!((batches(root.path()).len(), archived(root.path()).len()), (3, 3));
        assert_eq!(claimed(root.path()), Vec::<Vec<u8>>::new());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an operator takes the obstacle away")]
fn an_archive_that_cannot_be_written_publishes_nothing() {
    let root = folder();
    let content = individual().to_string();
    put(root.path(), "inbox/one.json", &content);
    put(root.path(), "archive", "not a folder");
    let output = run(root.path(), &["run"]);
    assert_eq!(code(&output), 4);
    assert_eq!(claimed(root.path()), [content.as_bytes()]);
    assert_eq!(batches(root.path()), BTreeSet::new(), "the next run would import the file again");
    assert_sound(root.path());
    fs::remove_file(root.path().join("archive")).expect("it can be removed");
    assert_eq!(code(&run(root.path(), &["run"])), 0);
    assert_eq!(archived(root.path()).into_values().collect::<Vec<_>>(), [content.as_bytes()]);
}

#[test]
fn the_text_of_a_run_says_what_to_do_next() {
    let (root, files) = full_inbox();
    let output = run(root.path(), &["run"]);
    let text = stdout(&output);
    let batch = batch_of(files[0].0, &files[0].1);
    let fix = format!("outbox/to-correct/{batch}.rejected.");
    for part in ["PARTIALLY ACCEPTED", "accepted 1", "rejected 1", "UNREADABLE", &fix, "explain C016.I01"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}
