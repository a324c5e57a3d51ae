//! Several instances at once: one works, the others say who does and end.

use std::process::{Command, Stdio};

use crate::commands::{code, ends, stderr, stdout};
use crate::site::{Site, file, record, wrong};
use crate::watching::Service;

#[test]
fn only_one_instance_works_and_the_others_name_it() {
    let mut site = Site::new();
    let service = Service::start(&site);
    let id = service.id();
    let refused = |arguments: &[&str]| {
        let output = site.run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (75, ""), "{arguments:?}");
        let message = stderr(&output);
        assert!(message.contains("in use by") && message.contains(&format!("process {id} on ")), "{message}");
    };
    for arguments in [&["run"][..], &["watch"], &["run", "kyc-import.toml"], &["reprocess", "--all-rejected"]]
    {
        refused(arguments);
    }
    // Who only reads is not in the way.
    assert_eq!(site.status(&[])["batches"], serde_json::json!([]));
    site.drop_file("a.json", file("json", &[record(1)]));
    service.until_done(1);
    assert_eq!(site.register().0.len(), 1);
    assert_eq!(service.stop(), Some(0));
    site.run_well(&["run"]);
    site.assert_done();
}

#[test]
fn four_instances_at_once_import_every_file_once() {
    let mut site = Site::new();
    for number in 0..12 {
        let records = [record(number * 3), wrong(number * 3 + 1), record(number * 3 + 2)];
        site.drop_file(&format!("f{number:02}.ndjson"), file("ndjson", &records));
    }
    let start = |_| {
        Command::new(env!("CARGO_BIN_EXE_kyc-import"))
            .arg("run")
            .current_dir(site.path())
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    let children: Vec<_> = (0..4).map(start).collect();
    let codes: Vec<_> = children.into_iter().map(|child| ends(child).code()).collect();
    // One that starts when the first has ended finds nothing to do.
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 1 | 75))), "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(1)).count(), 1, "{codes:?}");
    assert_eq!(site.batches().len(), 12);
    site.assert_done();
}

#[test]
fn a_lock_ends_with_its_process() {
    let mut site = Site::new();
    site.drop_file("a.json", file("json", &[record(1)]));
    assert!(site.killed_at("staged", &["run"]));
    // The line of the killed process is still in the file, and holds nobody up.
    assert!(!std::fs::read_to_string(site.path().join("state/lock")).expect("a file").is_empty());
    site.run_well(&["run"]);
    site.assert_done();
}
