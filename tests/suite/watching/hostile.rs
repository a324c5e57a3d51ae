//! What people put into an inbox by mistake or on purpose: never taken, never followed, never a log line of
//! its own.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use serde_json::Value;

use super::Service;
use crate::commands::put;
use crate::site::{Site, file, files, mixed, record, skipped, until};

fn make(arguments: &[&str], at: &std::path::Path) -> bool {
    let made = Command::new(arguments[0]).arg(at).args(&arguments[1..]).output();
    made.is_ok_and(|made| made.status.success())
}

#[test]
fn what_is_no_file_is_never_taken_and_never_followed() {
    let mut site = Site::new();
    let inbox = site.path().join("inbox");
    put(site.path(), "secret.json", record(1).to_string());
    put(site.path(), "secrets/a.json", record(2).to_string());
    symlink("../secret.json", inbox.join("link.json")).expect("a link");
    symlink(site.path().join("secrets"), inbox.join("folder-link.csv")).expect("a link");
    symlink("loop.json", inbox.join("loop.json")).expect("a link");
    fs::hard_link(site.path().join("secret.json"), inbox.join("hard.json")).expect("a link");
    fs::create_dir(inbox.join("x.csv")).expect("a folder");
    fs::write(inbox.join("x.csv/inside.json"), "{}").expect("a file");
    assert!(make(&["mkfifo"], &inbox.join("pipe.csv")));
    let _socket = UnixListener::bind(inbox.join("socket.csv")).expect("a socket");
    if !make(&["mknod", "c", "1", "5"], &inbox.join("zero.csv")) {
        skipped("a device in the inbox", "it cannot be made");
    }
    let before = crate::outbox::dropped(site.path());
    let service = Service::start(&site);
    site.drop_file("real.csv", mixed(5));
    service.until_done(1);
    for name in ["link.json", "folder-link.csv", "loop.json", "hard.json", "x.csv", "pipe.csv", "socket.csv"]
    {
        until(name, || {
            let told = |line: &Value| {
                line["fields"]["file"].as_str().is_some_and(|file| file.ends_with(&format!("/{name}")))
            };
            service.lines().iter().filter(|line| told(line)).count() == 1
        });
    }
    assert_eq!(service.stop(), Some(0));
    assert_eq!(crate::outbox::dropped(site.path()), before);
    assert_eq!(site.batches().len(), 1);
    assert_eq!(fs::read_to_string(site.path().join("secret.json")).expect("a file"), record(1).to_string());
    let waiting = site.status(&[])["inbox"].as_array().expect("a list").len();
    assert_eq!(waiting, before.len());
}

/// Names that would begin a line, move a cursor or forge a field of their own.
fn names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        "a\n{\"level\":\"ERROR\",\"fields\":{\"message\":\"forged\"}}.json",
        "b\r\nforged line.json",
        "c\u{1b}[2J\u{1b}[31m.json",
        "d\"},\"message\":\"forged\".json",
        "e\u{85}next.json",
        "f\u{7}\u{8}\u{7f}.json",
        "g message=\"forged\" level=ERROR.json",
    ]
    .iter()
    .map(|name| name.as_bytes().to_vec())
    .collect();
    names.push(b"h\xff\xfe\x80.json".to_vec());
    names.push([&[b'i'; 250][..], b".json"].concat());
    names.push([&[b'j', 0xc3][..], &[0xa9; 200][..], b".json"].concat());
    names
}

#[test]
fn a_name_cannot_write_a_log_line() {
    let mut site = Site::new();
    let inbox = site.path().join("inbox");
    let service = Service::start(&site);
    let all = names();
    for (number, name) in (1..).zip(&all) {
        let content = file("json", &[record(number)]);
        fs::write(inbox.join(OsStr::from_bytes(name)), &content).expect("the file system takes the name");
        site.count_as_dropped(&content);
        // The same names on what is not taken.
        let folder = [b"folder-", &name[..name.len().min(200)], b".csv"].concat();
        fs::create_dir(inbox.join(OsStr::from_bytes(&folder))).expect("a folder");
    }
    service.until_done(all.len());
    until("all folders are told of", || service.text().matches("no regular file").count() >= all.len());
    for line in service.lines() {
        assert_ne!(line["fields"]["message"], "forged");
        assert_eq!(line["level"], "INFO", "{line}");
    }
    assert_eq!(service.stop(), Some(0));
    let output = site.run(&["run", "--log-level", "info"]);
    for text in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(text);
        assert!(!text.lines().any(|line| line.starts_with('{') || line.starts_with("forged")), "{text}");
        assert!(!text.contains(|char: char| char.is_control() && char != '\n'), "{text:?}");
    }
    for name in crate::outbox::dropped(site.path()) {
        assert!(name.starts_with("folder-"));
    }
    let originals: BTreeSet<Vec<u8>> = files(&site.path().join("archive")).into_values().collect();
    assert_eq!(originals.len(), all.len());
}

#[test]
fn the_folder_of_claims_is_not_a_way_in() {
    // Files that people put among the claims come back to the inbox, or stay where they are.
    let mut site = Site::new();
    let claims = site.path().join("inbox/.kyc-import");
    fs::create_dir_all(claims.join("foreign")).expect("a folder");
    fs::write(claims.join("stray.json"), "{}").expect("a file");
    for (name, number) in [("a.json", 1), ("b.json", 2)] {
        let content = file("json", &[record(number)]);
        fs::write(claims.join("foreign").join(name), &content).expect("a file");
        site.count_as_dropped(&content);
    }
    site.drop_file("c.json", file("json", &[record(3)]));
    for _ in 0..3 {
        site.run_well(&["run"]);
    }
    assert_eq!(site.batches().len(), 3);
    assert_eq!(crate::site::names(&claims), BTreeSet::from(["stray.json".to_owned()]));
    assert_eq!(fs::read_to_string(claims.join("stray.json")).expect("a file"), "{}");
}

#[test]
fn a_work_list_that_people_play_with_holds_nothing_up() {
    for shape in 0..4 {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        site.run_well(&["run"]);
        let batch = site.batch("a.");
        let copy = site.path().join("outbox/to-correct").join(format!("{batch}.rejected.csv"));
        let text = fs::read_to_string(&copy).expect("a copy");
        remove(&copy);
        match shape {
            0 => symlink("/etc/passwd", &copy).expect("a link"),
            1 => assert!(make(&["mkfifo"], &copy)),
            2 => fs::create_dir(&copy).expect("a folder"),
            _ => {
                fs::write(&copy, "mine").expect("a file");
                fs::set_permissions(&copy, fs::Permissions::from_mode(0o000)).expect("a mode");
            }
        }
        let states = site.status(&[])["toCorrect"][0]["copies"].to_string();
        assert!(states.contains("changed"), "{states}");
        site.drop_file(&format!("{batch}.rejected.csv"), text.replace(";;", ";Ona;"));
        site.run_well(&["run"]);
        assert!(fs::symlink_metadata(&copy).is_ok(), "it is a person's");
        assert_eq!(site.rows().last().expect("a row").state, "DONE");
        assert_eq!(site.register().0.len(), 2);
    }
}

#[expect(clippy::disallowed_methods, reason = "a person takes it away")]
fn remove(path: &std::path::Path) {
    fs::remove_file(path).expect("it can be removed");
}
