//! `init`, `doctor`, modes, the register's file, markers.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};

use serde_json::json;

use super::{ended, used};
use crate::commands::{code, folder, put, stderr, stdout};
use crate::site::{SETTINGS, Site, file, files, names, number, record, sha256, wrong};
use crate::support::program;

#[test]
fn an_empty_folder_becomes_an_installation() {
    let root = folder();
    let text = ended(&program(root.path(), &["init"]), 0);
    assert!(text.contains("made") && !text.contains("there"), "{text}");
    let text = ended(&program(root.path(), &["doctor"]), 0);
    assert!(text.ends_with("all probes passed\n") && !text.contains("fails"), "{text}");
    // What it suggests works; the first sample has mistakes to be seen.
    assert_eq!(code(&program(root.path(), &["check", "samples/individuals.csv"])), 1);
    assert_eq!(code(&program(root.path(), &["run", "samples"])), 1);
    assert_eq!(code(&program(root.path(), &["status"])), 0);
    assert_eq!(code(&program(root.path(), &["verify"])), 0);
    put(root.path(), "kyc-import.toml", "# mine\n");
    let before = files(root.path());
    let text = ended(&program(root.path(), &["init"]), 0);
    assert!(text.contains("there") && !text.contains("made"), "{text}");
    assert_eq!(files(root.path()), before);
}

#[test]
fn every_line_of_the_configuration_may_be_switched_on() {
    let root = folder();
    ended(&program(root.path(), &["init"]), 0);
    let path = root.path().join("kyc-import.toml");
    let text = fs::read_to_string(&path).expect("a configuration");
    let on = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.contains(" = ") || rest.starts_with("[[") => rest.to_owned(),
        _ => line.to_owned(),
    };
    let lines: Vec<String> = text.lines().skip(2).map(on).collect();
    assert!(lines.len() > 40);
    fs::write(&path, lines.join("\n")).expect("it can be written");
    fs::create_dir(root.path().join("classifiers")).expect("a folder");
    ended(&program(root.path(), &["check", "samples/customer.json"]), 0);
    let text = ended(&program(root.path(), &["doctor"]), 0);
    assert!(text.contains("2 threads"), "{text}");
}

/// Runs the program as a user without rights.
fn unprivileged(site: &Site, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kyc-import"));
    command.current_dir(site.path()).env_clear().args(arguments);
    if fs::metadata(site.path()).expect("a folder").uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    command.output().expect("the program starts")
}

fn mode(site: &Site, name: &str, mode: u32) {
    fs::set_permissions(site.path().join(name), Permissions::from_mode(mode)).expect("the mode can be set");
}

#[test]
fn doctor_says_of_each_failure_what_to_do() {
    let site = Site::new();
    for name in ["outbox", "archive", "state"] {
        fs::create_dir(site.path().join(name)).expect("a folder");
    }
    for name in [".", "inbox", "archive", "state"] {
        mode(&site, name, 0o777);
    }
    mode(&site, "kyc-import.toml", 0o644);
    mode(&site, "outbox", 0o555);
    let text = ended(&unprivileged(&site, &["doctor"]), 4);
    assert!(text.contains("fails  outbox      cannot create the file outbox/"), "{text}");
    assert!(text.contains("give this user the right to make files there (owner or group,"), "{text}");
    assert!(text.ends_with("1 probe failed\n"), "{text}");
    mode(&site, "outbox", 0o777);

    fs::remove_dir_all(site.path().join("inbox")).expect("it can be removed");
    let text = ended(&site.run(&["doctor"]), 4);
    assert!(text.contains("fails  inbox       inbox is not there\n"), "{text}");
    assert!(text.contains("make it with `kyc-import init`"), "{text}");
    fs::create_dir(site.path().join("inbox")).expect("a folder");

    put(site.path(), "elsewhere.toml", format!("{SETTINGS}[folders]\nstate = \"missing/state\"\n"));
    let text = ended(&site.run(&["--config", "elsewhere.toml", "doctor"]), 4);
    assert!(text.contains("fails  state       missing/state is not there\n"), "{text}");

    put(site.path(), "wrong.toml", "[folder]\n");
    let text = ended(&site.run(&["--config", "wrong.toml", "doctor"]), 2);
    assert!(text.contains("fails  settings") && text.contains("correct the configuration"), "{text}");
}

#[test]
fn doctor_tells_of_another_instance_and_of_a_damaged_ledger() {
    let site = used();
    let lock = File::options().write(true).open(site.path().join("state/lock")).expect("the lock");
    lock.try_lock().expect("nobody holds it");
    let text = ended(&site.run(&["doctor"]), 0);
    assert!(text.contains("weak   lock        another instance works on this state"), "{text}");
    let text = ended(&site.run(&["run"]), 75);
    assert!(text.contains("state is in use by"), "{text}");
    drop(lock);

    let ledger = site.path().join("state/ledger.db");
    let mut bytes = fs::read(&ledger).expect("a ledger");
    let middle = bytes.len().min(4096);
    bytes[..middle].fill(b'x');
    fs::write(&ledger, bytes).expect("it can be overwritten");
    let text = ended(&site.run(&["doctor"]), 4);
    assert!(text.contains("fails  ledger") && text.contains("kyc-import rebuild-ledger --replace"), "{text}");
    for command in ["run", "status", "verify"] {
        let text = ended(&site.run(&[command]), 4);
        assert!(text.contains("`kyc-import doctor` says what to do"), "{command}: {text}");
    }
    // What it advises helps.
    let before = ended(&site.run(&["doctor"]), 4);
    assert!(!before.contains("of earlier ledgers"), "{before}");
    ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    let text = ended(&site.run(&["doctor"]), 0);
    let (_, told) = text.split_once("kept of earlier ledgers: ").expect("they are told of");
    assert!(told.contains("state/ledger.db.") && told.contains("state/register-"), "{text}");
    let is_told = |name: &str| told.split([',', '\n']).any(|told| told.trim() == format!("state/{name}"));
    for name in names(&site.path().join("state")) {
        if is_told(&name) {
            fs::remove_file(site.path().join("state").join(name)).expect("it can be removed");
        }
    }
    let text = ended(&site.run(&["doctor"]), 0);
    assert!(!text.contains("of earlier ledgers") && text.contains("ok     ledger"), "{text}");
    ended(&site.run(&["verify"]), 0);
    assert_eq!(site.status(&[])["ledger"]["sound"], true);
}

#[test]
fn modes_are_those_of_the_settings_whatever_the_umask() {
    let modes =
        "[modes]\nfiles = \"0600\"\nfolders = \"0710\"\nshared_files = \"0664\"\nshared_folders = \"2775\"\n";
    let mut site = Site::with_settings(&format!("{SETTINGS}{modes}"));
    site.drop_file("mixed.csv", file("csv", &[record(1), wrong(2)]));
    let output = Command::new("sh")
        .args(["-c", "umask 0027; exec \"$0\" run", env!("CARGO_BIN_EXE_kyc-import")])
        .current_dir(site.path())
        .output()
        .expect("a shell");
    ended(&output, 1);
    let batch = format!("outbox/{}", site.batch("mixed."));
    let list = format!("outbox/to-correct/{}.rejected.csv", site.batch("mixed."));
    let journal = super::mishaps::journal(&site).to_str().expect("a path").to_owned();
    for (name, wanted) in [
        (batch.as_str(), 0o710),
        (&format!("{batch}/accepted.ndjson"), 0o600),
        (&format!("{batch}/rejected.xlsx"), 0o600),
        (&format!("{batch}/MANIFEST.json"), 0o600),
        ("outbox/to-correct", 0o2775),
        (&list, 0o664),
        ("state/ledger.db", 0o600),
        (&journal, 0o600),
    ] {
        let found = fs::metadata(site.path().join(name)).expect(name).mode() & 0o7777;
        assert_eq!(format!("{found:o}"), format!("{wanted:o}"), "{name}");
    }
    ended(&site.run(&["register", "export", "saved.ndjson"]), 0);
    let saved = fs::metadata(site.path().join("saved.ndjson")).expect("it is there");
    assert_eq!(saved.mode() & 0o777, 0o600, "it holds data of customers");
}

#[test]
fn a_bad_line_of_a_register_is_named_without_its_content() {
    let site = Site::new();
    for line in
        ["{\"customerExtId\": \"private\", \"name\": \"private\"}", "private", "{\"kind\": \"private\"}"]
    {
        put(site.path(), "known.ndjson", format!("{{\"customerExtId\":\"a\"}}\n\n{line}\n"));
        let text = ended(&site.run(&["register", "import", "known.ndjson"]), 2);
        assert!(text.contains("known.ndjson: line 3, column ") && !text.contains("private"), "{text}");
        assert_eq!(site.register().0.len(), 0, "nothing of the file is taken");
    }
    put(
        site.path(),
        "known.ndjson",
        "{\"customerExtId\":\"a\",\"kind\":\"lead\"}\n{\"communicationNumber\":\"7\"}\n",
    );
    assert_eq!(stdout(&site.run(&["register", "import", "known.ndjson"])), "2 new in the register\n");
    let text = ended(&site.run(&["register", "export", "known.ndjson"]), 2);
    assert!(text.contains("known.ndjson: File exists"), "{text}");
}

fn marked(ending: &str) -> Site {
    Site::with_settings(&format!("{SETTINGS}[[source]]\nfiles = \"crm_*\"\nmarker = \"{ending}\"\n"))
}

#[test]
fn a_file_waits_for_its_marker_and_takes_it_along() {
    let content = file("csv", &[record(1), wrong(2)]);
    let hash = sha256(&content);
    for (ending, wrong_marker, right) in [
        (".done", None, String::new()),
        (".sha256", Some(sha256(b"other")), format!("{hash}  crm_1.csv\n")),
        (".sha256", Some(String::new()), hash.to_uppercase()),
        (".ctl", Some(sha256(b"other")), "records=2\n".to_owned()),
    ] {
        let mut site = marked(ending);
        site.drop_file("crm_1.csv", &content);
        let text = ended(&site.run(&["run"]), 0);
        assert!(text.contains("the marker file that its sender writes last is not there yet"), "{text}");
        if let Some(wrong_marker) = wrong_marker {
            put(site.path(), &format!("inbox/crm_1.csv{ending}"), wrong_marker);
            let text = ended(&site.run(&["run"]), 0);
            assert!(text.contains("send both again"), "{text}");
            assert_eq!(site.status(&[])["inbox"][0]["file"], "inbox/crm_1.csv");
        }
        put(site.path(), &format!("inbox/crm_1.csv{ending}"), &right);
        ended(&site.run(&["run"]), 1);
        let batch = site.batch("crm_1.");
        let archive = files(&site.path().join("archive"));
        let markers: Vec<_> =
            archive.iter().filter(|(path, _)| path.extension() != Some("csv".as_ref())).collect();
        assert_eq!(markers.len(), 1, "{ending}: {:?}", archive.keys());
        assert_eq!(markers[0].1, right.as_bytes());
        assert!(markers[0].0.to_string_lossy().contains(&batch), "{:?}", markers[0].0);
        assert_eq!(crate::outbox::dropped(site.path()).len(), 0, "{ending}");
        // A person who corrects it writes none.
        let (name, text) = super::corrected(&site, &batch);
        site.drop_file(&name, text);
        ended(&site.run(&["run"]), 0);
        assert_eq!(site.register().1, [number(1), number(2)].into());
        assert_eq!(site.status(&[])["toCorrect"], json!([]));
    }
}

#[test]
fn a_file_with_another_number_of_records_than_its_control_file_tells_is_not_imported() {
    let mut site = marked(".ctl");
    let content = file("csv", &[record(1), wrong(2)]);
    for (name, records) in [("crm_1.csv", 3), ("crm_2.csv", 1)] {
        put(
            site.path(),
            &format!("inbox/{name}.ctl"),
            format!("sha256={}\nrecords={records}\n", sha256(&content)),
        );
        site.drop_file(name, &content);
        let text = ended(&site.run(&["run"]), 3);
        let told = format!("The file holds 2 records, its control file says {records} (marker)");
        assert!(text.contains(&told) && text.contains("have both sent again"), "{text}");
        let summary = site.summary(&site.batch(&name.replace("csv", "")));
        assert_eq!(summary["status"], "ABORTED");
        assert_eq!(summary["aborted"]["goodRecords"], 1);
        assert_eq!(summary["records"]["accepted"], 0);
        assert_eq!(site.register().1, BTreeSet::new());
    }
    // One that cannot be understood keeps its file waiting.
    site.drop_file("crm_3.csv", &content);
    let utf16: Vec<u8> = "records=2".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = format!("{}\nrecords=2", "x".repeat(70_000));
    for unclear in [&b"records=1,200"[..], b"2 records", b"sha256=none", &utf16, long.as_bytes()] {
        put(site.path(), "inbox/crm_3.csv.ctl", unclear);
        let text = ended(&site.run(&["run"]), 0);
        assert!(text.contains("tells no clear hash or number of records"), "{text}");
    }
    put(site.path(), "inbox/crm_3.csv.ctl", format!("sha256={} records=2", sha256(b"other")));
    let text = ended(&site.run(&["run"]), 0);
    assert!(text.contains("the hash of another file"), "{text}");
    // Named by a person, it is held against its marker all the same.
    for (marker, why) in [
        (
            format!("sha256={}", sha256(b"other")),
            "The file is not the one whose hash its marker file holds (marker)",
        ),
        (
            "2 records".to_owned(),
            "Its marker file cannot be read, or tells no clear hash or number of records (marker)",
        ),
    ] {
        let site = site.copy();
        put(site.path(), "inbox/crm_3.csv.ctl", marker);
        let text = ended(&site.run(&["run", "inbox/crm_3.csv"]), 3);
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{text}");
    }
    // The same bytes go through when the control file is right.
    put(site.path(), "inbox/crm_3.csv.ctl", "{\"recordCount\": 2}");
    ended(&site.run(&["run"]), 1);
    assert_eq!(site.register().1, [number(1)].into());
    let archive = files(&site.path().join("archive"));
    let control_files = archive.keys().filter(|path| path.extension() == Some("ctl".as_ref()));
    assert_eq!(control_files.count(), 3, "{:?}", archive.keys());
}

#[test]
fn a_marker_marks_one_file() {
    let mut site = marked(".ctl");
    site.drop_file("crm_1.csv", file("csv", &[record(1)]));
    site.drop_file("crm_1.json", file("json", &[record(2), record(3)]));
    put(site.path(), "inbox/crm_1.ctl", "records=1");
    let text = ended(&site.run(&["run"]), 0);
    assert!(text.contains("crm_1.json") && text.contains("its marker file is not there"), "{text}");
    assert_eq!(site.register().1, [number(1)].into());
    assert_eq!(crate::outbox::dropped(site.path()), ["crm_1.json".to_owned()].into());
    let text = ended(&site.run(&["run", "inbox/crm_1.json"]), 0);
    assert!(text.contains("its marker file is not there"), "{text}");
    assert_eq!(site.register().1, [number(1)].into());
    assert_eq!(files(&site.path().join("archive")).len(), 2, "the original and its marker");
    ended(&site.run(&["purge", "--yes", "--archive-days", "0"]), 0);
    assert_eq!(files(&site.path().join("archive")).len(), 0);
}

#[test]
fn a_name_without_room_for_the_ending_of_its_marker_waits() {
    let mut site = marked(".done");
    let stem = format!("crm_{}", "x".repeat(243));
    site.drop_file(&format!("{stem}.csv"), file("csv", &[record(1)]));
    site.drop_file("crm_1.csv", file("csv", &[record(2)]));
    for marker in [format!("inbox/{stem}.done"), "inbox/crm_1.done".to_owned()] {
        put(site.path(), &marker, "");
    }
    let text = ended(&site.run(&["run"]), 0);
    assert!(text.contains("its name is too long"), "{text}");
    assert_eq!(site.register().1, [number(2)].into());
    assert_eq!(crate::outbox::dropped(site.path()).len(), 2, "it and its marker stay in the inbox");
    let text = ended(&site.run(&["run", &format!("inbox/{stem}.csv")]), 0);
    assert!(text.contains("its name is too long"), "{text}");
}

#[test]
fn a_marker_must_hold_still_too() {
    let mut site = marked(".ctl");
    site.drop_file("crm_1.csv", file("csv", &[record(1)]));
    let path = site.path().join("inbox/crm_1.csv.ctl");
    let mut sender = File::create(&path).expect("a marker");
    sender.write_all(b"records=1").expect("it can be written");
    let text = ended(&site.run(&["run"]), 0);
    assert!(text.contains("a program has it open for writing"), "{text}");
    sender.write_all(b"000").expect("it can be written");
    drop(sender);
    let text = ended(&site.run(&["run"]), 3);
    assert!(text.contains("its control file says 1000"), "{text}");
}

#[test]
fn a_marker_that_was_wrong_is_read_again_when_it_changes() {
    let mut site = marked(".sha256");
    let content = file("csv", &[record(1)]);
    let service = crate::watching::Service::start(&site);
    put(site.path(), "inbox/crm_1.csv.sha256", "not yet");
    site.drop_file("crm_1.csv", &content);
    crate::site::until("the file waits", || service.text().contains("tells no clear hash"));
    put(site.path(), "inbox/crm_1.csv.sha256", sha256(&content));
    service.until_done(1);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(site.register().1, [number(1)].into());
}

#[test]
fn an_unknown_batch_is_answered_with_the_one_that_was_meant() {
    let site = used();
    let batch = site.batch("mixed.");
    for name in ["mixd", "mixed.1234", &batch.replace('m', "n")] {
        let output = site.run(&["status", name]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        assert!(stderr(&output).contains(&format!("did you mean {batch}?")), "{}", stderr(&output));
    }
    let output = site.run(&["status", "quite-another-thing"]);
    assert!(code(&output) == 2 && !stderr(&output).contains("did you mean"), "{}", stderr(&output));
    let output = site.run(&["status", "."]);
    assert!(code(&output) == 2 && stderr(&output).contains("several batches"), "{}", stderr(&output));
    let empty = Site::new();
    assert_eq!(code(&empty.run(&["status", "x"])), 2);
    assert_eq!(empty.status(&[])["batches"], json!([]));
}

#[test]
fn the_register_tells_what_became_of_a_customer() {
    let mut site = used();
    let find = |site: &Site, identifier: &str| {
        let text = ended(&site.run(&["register", "find", identifier]), 0);
        let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        lines.collect::<Vec<serde_json::Value>>()
    };
    let mut again = record(1);
    again["action"] = "UPDATE".into();
    let escaped = "again \"\\ \t č \u{7f}";
    again["communicationNumber"] = escaped.into();
    site.drop_file("again.json", file("json", &[again]));
    ended(&site.run(&["run"]), 0);

    let customer = record(1)["customerExtId"].as_str().expect("an id").to_owned();
    let found = find(&site, &customer);
    let batches: Vec<&str> = found.iter().filter_map(|line| line["batch"].as_str()).collect();
    assert_eq!(batches, [site.batch("good."), site.batch("again.")]);
    assert_eq!(found[0]["communicationNumber"], number(1));
    assert_eq!((&found[0]["entityType"], &found[0]["superseded"]), (&record(1)["entityType"], &false.into()));
    assert!(found.iter().all(|line| line["customerExtId"] == *customer && line["acceptedAt"].is_string()));
    assert_eq!(find(&site, escaped), found[1..]);

    put(site.path(), "good.json", file("json", &[record(1), record(2)]));
    ended(&site.run(&["run", "--force", "good.json"]), 1);
    assert_eq!(find(&site, &customer)[0]["superseded"], true);
    let text = ended(&site.run(&["register", "find", "nobody"]), 0);
    assert!(text.starts_with("no accepted record has this") && !text.contains("nobody"), "{text}");
}
