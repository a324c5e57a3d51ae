//! Signals in the middle of a batch, and files on which the program dies again and again.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::commands::{code, ends, stderr};
use crate::site::{Site, file, files, mixed, record, until, wrong};

/// How long a signal may take to end the program.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// Enough records that a signal meets the program at work.
const MANY: u64 = 12_000;

fn big() -> Vec<u8> {
    let records: Vec<_> = (0..MANY).map(|id| if id % 10 == 0 { wrong(id) } else { record(id) }).collect();
    file("ndjson", &records)
}

pub fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
}

/// Starts a run and waits until it writes outputs.
fn at_work(site: &Site) -> Child {
    let child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .arg("run")
        .current_dir(site.path())
        .env_clear()
        .env("KYC_IMPORT_THREADS", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let staging = site.path().join("outbox/.staging");
    until("outputs are written", || !files(&staging).is_empty());
    child
}

#[test]
fn a_signal_in_the_middle_of_a_batch_stops_soon_and_the_next_start_goes_on() {
    let mut site = Site::new();
    site.drop_file("big.ndjson", big());
    for signal in ["-TERM", "-INT"] {
        let child = at_work(&site);
        let sent = Instant::now();
        send(&child, signal);
        assert_eq!(ends(child).code(), Some(130));
        assert!(sent.elapsed() < STOPS_WITHIN);
        site.assert_visible();
        assert!(site.batches().is_empty());
        let row = site.rows().pop().expect("a row");
        assert_eq!(row.state, "STAGED");
        assert!(files(&site.path().join("outbox")).is_empty(), "staging is given up");
    }
    // It waits in its claim, and `status` says so.
    assert_eq!(site.status(&[])["ledger"]["unfinished"][0]["state"], "STAGED");
    let child = at_work(&site);
    send(&child, "-TERM");
    send(&child, "-TERM");
    assert_eq!(ends(child).code(), Some(130));
    site.assert_visible();
    site.run_well(&["run"]);
    site.assert_done();
    let batch = site.batch("big.");
    assert_eq!(site.summary(&batch)["records"]["read"], json!(MANY));
    let story = site.status(&[&batch]);
    let outcomes: Vec<&str> = story["attempts"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|attempt| attempt["outcome"].as_str())
        .collect();
    assert!(outcomes.len() >= 3, "{outcomes:?}");
    assert!(outcomes[..2].iter().all(|outcome| outcome.contains("interrupted")), "{outcomes:?}");
}

#[test]
fn a_file_on_which_the_program_dies_three_times_is_quarantined() {
    for failpoint in ["attempt-counted", "outputs-written", "before-commit"] {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        site.drop_file("b.csv", mixed(3));
        for _ in 0..3 {
            assert!(site.killed_at(failpoint, &["run"]), "{failpoint}");
            site.assert_visible();
        }
        let output = site.run(&["run"]);
        assert_eq!(code(&output), 3, "{}", stderr(&output));
        site.assert_done();
        let batch = site.batch("a.");
        let summary = site.summary(&batch);
        assert_eq!(summary["status"], "QUARANTINED");
        assert_eq!(summary["origin"]["attempt"], 3);
        assert_eq!(summary["records"]["read"], 0);
        let page = std::fs::read_to_string(site.path().join("outbox").join(&batch).join("unreadable.txt"));
        let page = page.expect("a page");
        assert!(page.contains("3 times") && page.contains("archive"), "{page}");
        assert_eq!(site.summary(&site.batch("b."))["status"], "PARTIALLY_ACCEPTED", "the queue moves on");
        // When the cause is gone, the same bytes are imported: nothing of them was.
        site.drop_file("a.csv", mixed(1));
        site.run_well(&["run"]);
        assert_eq!(site.summary(&format!("{batch}-2"))["status"], "PARTIALLY_ACCEPTED");
        site.assert_done();
    }
}

#[test]
fn two_deaths_and_a_failure_do_not_quarantine() {
    let mut site = Site::new();
    site.drop_file("a.csv", mixed(1));
    for _ in 0..2 {
        assert!(site.killed_at("attempt-counted", &["run"]));
    }
    // A failure that says so is no death.
    std::fs::write(site.path().join("archive"), "in the way").expect("a file can be written");
    assert_eq!(code(&site.run(&["run"])), 4);
    remove(&site.path().join("archive"));
    site.run_well(&["run"]);
    assert_eq!(site.summary(&site.batch("a."))["status"], "PARTIALLY_ACCEPTED");
    site.assert_done();
}

#[expect(clippy::disallowed_methods, reason = "an operator takes the obstacle away")]
fn remove(path: &std::path::Path) {
    std::fs::remove_file(path).expect("it can be removed");
}
