//! The law of order: nothing becomes visible or is decided before what it needs is durable. Read from the
//! trace that a debug build writes. With a class of syncs left out the law must be found broken.

use std::collections::BTreeSet;
use std::fs;

use crate::commands::{code, put, stderr};
use crate::site::{SETTINGS, Site, file, mixed, record};

/// A line of the trace.
#[derive(Debug, PartialEq)]
enum Event {
    /// A file was made; its bytes are not durable.
    Made(String),
    /// A file or folder was synced.
    Synced(String),
    /// A file or folder got another name.
    Renamed(String, String),
    /// A file was removed.
    Removed(String),
    /// The ledger took a change; whether it is durable.
    Committed(bool),
}

fn events(trace: &str) -> Vec<Event> {
    let event = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        let path = |at: usize| parts[at].to_owned();
        match parts[0] {
            "create" => Event::Made(path(1)),
            "sync" => Event::Synced(path(1)),
            "rename" => Event::Renamed(path(1), path(2)),
            "remove" => Event::Removed(path(1)),
            "commit" => Event::Committed(true),
            "commit-unsynced" => Event::Committed(false),
            other => panic!("{other} is no event"),
        }
    };
    trace.lines().filter(|line| !line.starts_with("pass\t")).map(event).collect()
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(parent, _)| parent)
}

/// The events before a place, newest first, and those behind it.
struct Around<'e> {
    before: &'e [Event],
    after: &'e [Event],
}

impl Around<'_> {
    fn synced_before(&self, path: &str) -> Option<usize> {
        self.before.iter().rposition(|event| *event == Event::Synced(path.to_owned()))
    }

    /// Whether a file or folder is synced before the ledger takes its next change.
    fn synced_before_next_commit(&self, path: &str) -> bool {
        let until_commit = self.after.iter().take_while(|event| !matches!(event, Event::Committed(_)));
        until_commit.into_iter().any(|event| *event == Event::Synced(path.to_owned()))
    }

    /// Where the last change of the ledger is.
    fn committed_before(&self) -> Option<usize> {
        self.before.iter().rposition(|event| matches!(event, Event::Committed(_)))
    }
}

/// Where the law is broken.
fn faults(events: &[Event]) -> Vec<String> {
    let mut faults = Vec::new();
    if events.contains(&Event::Committed(false)) {
        faults.push("the ledger took a change that is not durable".to_owned());
    }
    for (at, event) in events.iter().enumerate() {
        let around = Around { before: &events[..at], after: &events[at + 1..] };
        match event {
            Event::Renamed(from, to) => {
                let broken = match kind(from, to) {
                    Kind::Publish => unpublishable(&around, from),
                    Kind::Claim => Vec::new(),
                    Kind::Within | Kind::Derived => continue,
                    Kind::Keep => unsynced(&around, from),
                };
                faults.extend(broken.into_iter().map(|fault| format!("{to} was published, but {fault}")));
                let claim = matches!(kind(from, to), Kind::Claim).then_some(to.as_str());
                for path in [parent(from), parent(to)].into_iter().chain(claim) {
                    if !around.synced_before_next_commit(path) {
                        faults.push(format!("{path} was not synced after {to} appeared"));
                    }
                }
            }
            Event::Made(path) if is_journal(path) => {
                for path in [path, parent(path)] {
                    if !around.synced_before_next_commit(path) {
                        faults.push(format!("{path} was not synced when the ledger named the journal"));
                    }
                }
            }
            Event::Removed(path) if path.contains("/.kyc-import/") => {
                let archived = around.before.iter().rev().find_map(|event| match event {
                    Event::Renamed(_, to) if to.split('/').any(|part| part == "archive") => Some(parent(to)),
                    _ => None,
                });
                if archived.is_none_or(|folder| around.synced_before(folder).is_none()) {
                    faults.push(format!("{path} was removed before its bytes were archived"));
                }
            }
            _ => {}
        }
    }
    faults
}

/// Whether a path is that of the register's journal.
fn is_journal(path: &str) -> bool {
    path.contains("/register-") && path.ends_with(".ndjson")
}

enum Kind {
    /// A batch appears.
    Publish,
    /// A file leaves the inbox.
    Claim,
    /// A name within a folder that nobody sees yet.
    Within,
    /// The index of the register gets its name: what is lost of it is made again.
    Derived,
    /// A file gets its last name: in the archive, the spool, the work list, beside the ledger.
    Keep,
}

fn kind(from: &str, to: &str) -> Kind {
    let staged = |path: &str| path.contains("/.staging/");
    match (staged(from), staged(to)) {
        (true, false) => Kind::Publish,
        (true, true) => Kind::Within,
        _ if to.contains("/.kyc-import/") => Kind::Claim,
        _ if to.ends_with("state/register.index") => Kind::Derived,
        _ => Kind::Keep,
    }
}

/// What is missing before a batch may appear.
fn unpublishable(around: &Around<'_>, staging: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(committed) = around.committed_before() else { return vec!["nothing was decided".to_owned()] };
    let durable = |path: &str, behind: usize| {
        around.synced_before(path).is_some_and(|synced| behind < synced && synced < committed)
    };
    // A decision on accepted records speaks of what the journal keeps of them.
    let accepted = format!("{staging}/accepted.ndjson");
    if let Some(made) = around.before.iter().rposition(|event| *event == Event::Made(accepted.clone())) {
        let synced = |event: &Event| matches!(event, Event::Synced(path) if is_journal(path));
        if !around.before[made..committed].iter().any(synced) {
            faults.push("the journal was not durable when that was decided".to_owned());
        }
    }
    let mut last = 0;
    for (at, event) in around.before.iter().enumerate() {
        let path = match event {
            Event::Made(path) | Event::Renamed(_, path) => path,
            _ => continue,
        };
        if parent(path) != staging {
            continue;
        }
        last = at;
        // A file that was made under one name and synced under another counts by the later one.
        let renamed =
            around.before[at..].iter().any(|event| matches!(event, Event::Renamed(from, _) if from == path));
        if !renamed && !durable(path, at) {
            faults.push(format!("{path} was not durable when that was decided"));
        }
    }
    for folder in [staging, parent(staging)] {
        if !durable(folder, last) {
            faults.push(format!("{folder} was not durable when that was decided"));
        }
    }
    faults
}

/// What is missing before a file may get its last name: it is synced, and so is what was written before.
fn unsynced(around: &Around<'_>, path: &str) -> Vec<String> {
    // It may have been synced under the name that it had before.
    let renamed = around.before.iter().find_map(|event| match event {
        Event::Renamed(from, to) if to == path => Some(from.as_str()),
        _ => None,
    });
    let is_synced =
        [Some(path), renamed].into_iter().flatten().any(|path| around.synced_before(path).is_some());
    if is_synced { Vec::new() } else { vec![format!("{path} was not durable")] }
}

/// The trace of several runs: drops, a correction, a repeat, an unreadable file, with or without the spool.
fn trace(skipped: Option<&str>, settings: &str) -> Vec<Event> {
    let mut site = Site::with_settings(settings);
    let path = site.path().join("trace");
    let trace = path.to_str().expect("a path").to_owned();
    let mut variables = vec![("KYC_IMPORT_TRACE", trace.as_str())];
    variables.extend(skipped.map(|class| ("KYC_IMPORT_SKIP_SYNC", class)));
    let run = |site: &Site, arguments: &[&str]| {
        let output = site.run_with(&variables, arguments);
        assert!(code(&output) < 4, "{}", stderr(&output));
    };
    site.drop_file("a.csv", mixed(1));
    site.drop_file("b.json", file("json", &[record(3)]));
    site.drop_file("cut.xml", "<Customers><Cut>");
    run(&site, &["run"]);
    let batch = site.batch("a.");
    let rejected = fs::read_to_string(site.path().join("outbox").join(&batch).join("rejected.csv"));
    site.drop_file(&format!("{batch}.rejected.csv"), rejected.expect("a file").replace(";;", ";Ona;"));
    site.drop_file("again.json", file("json", &[record(3)]));
    run(&site, &["run"]);
    put(site.path(), "exports/c.json", file("json", &[record(4)]));
    run(&site, &["run", "exports/c.json"]);
    run(&site, &["reprocess", "--original", &site.batch("b.")]);
    events(&fs::read_to_string(path).expect("a trace"))
}

fn with_spool() -> String {
    format!("{SETTINGS}spool = \"always\"\n")
}

#[test]
fn what_a_step_needs_is_durable_before_it() {
    for settings in [SETTINGS, &with_spool()] {
        let events = trace(None, settings);
        assert_eq!(faults(&events), [""; 0]);
        let published = |event: &&Event| matches!(event, Event::Renamed(from, to) if matches!(kind(from, to), Kind::Publish));
        assert_eq!(events.iter().filter(published).count(), 7);
        let archived = |event: &&Event| matches!(event, Event::Renamed(_, to) if to.split('/').any(|part| part == "archive"));
        assert_eq!(events.iter().filter(archived).count(), 5);
        let derived = |event: &&Event| matches!(event, Event::Renamed(from, to) if matches!(kind(from, to), Kind::Derived));
        assert!(events.iter().any(|event| derived(&event)), "the index is written beside other work");
    }
}

#[test]
fn a_sync_that_is_left_out_breaks_the_law() {
    for class in ["files", "folders", "ledger"] {
        for settings in [SETTINGS, &with_spool()] {
            assert_ne!(faults(&trace(Some(class), settings)), [""; 0], "without {class}");
        }
    }
}

#[test]
fn every_sync_matters_to_the_law() {
    let events = trace(None, &with_spool());
    // Some folders are synced twice in a row, and what is made once is synced once more than it must be.
    let left_out: BTreeSet<usize> =
        (0..events.len()).filter(|at| matches!(events[*at], Event::Synced(_))).collect();
    let mut idle = BTreeSet::new();
    for at in left_out {
        let without: Vec<Event> = trace_without(&events, at);
        if faults(&without).is_empty()
            && let Event::Synced(path) = &events[at]
        {
            idle.insert(path.clone());
        }
    }
    // Folders that were just made are synced into those above them, which no rename asks for.
    let is_folder =
        |path: &String| !path.ends_with(".json") && !path.ends_with(".csv") && !path.ends_with(".ndjson");
    assert!(idle.iter().all(is_folder), "{idle:?}");
}

fn trace_without(events: &[Event], left_out: usize) -> Vec<Event> {
    let copy = |event: &Event| match event {
        Event::Made(path) => Event::Made(path.clone()),
        Event::Synced(path) => Event::Synced(path.clone()),
        Event::Renamed(from, to) => Event::Renamed(from.clone(), to.clone()),
        Event::Removed(path) => Event::Removed(path.clone()),
        Event::Committed(durable) => Event::Committed(*durable),
    };
    events.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, event)| copy(event)).collect()
}
