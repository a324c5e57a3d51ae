//! A kill at every passing of every failpoint, then at every failpoint of the recovery: what is seen in
//! between is whole, and what comes of it is what an undisturbed run makes.

use std::collections::{BTreeMap, BTreeSet};

use kyc_import::store::fault::FAILPOINTS;

use crate::commands::{code, put, stderr, stdout};
use crate::site::{SETTINGS, Site, file, mixed, record, sha256, wrong};

/// A way to use the program.
struct Scenario {
    /// Brings an installation to the point where the command is run that will be killed.
    prepare: fn() -> Site,
    /// That command.
    arguments: fn(&Site) -> Vec<String>,
    /// What a person does after a kill: run it again.
    resume: fn(&Site),
    /// The failpoints that it does not pass.
    passed_by: &'static [&'static str],
}

/// The same command again.
fn again(site: &Site) {
    site.run_well(&["run"]);
}

fn plain(_: &Site) -> Vec<String> {
    vec!["run".to_owned()]
}

const DROP: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        site
    },
    arguments: plain,
    resume: again,
    passed_by: &["spooled"],
};

const TWO: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        site.drop_file("b.json", file("json", &[record(1), record(3), record(4)]));
        site
    },
    ..DROP
};

const CORRECTION: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        again(&site);
        let batch = site.batch("a.");
        let rejected = std::fs::read_to_string(site.path().join("outbox").join(&batch).join("rejected.csv"));
        let corrected = rejected.expect("a file").replace(";;", ";Ona;");
        site.drop_file(&format!("{batch}.rejected.csv"), corrected);
        site
    },
    arguments: plain,
    resume: again,
    passed_by: &["spooled"],
};

const SPOOL: Scenario = Scenario {
    prepare: || {
        let mut site = Site::with_settings(&format!("{SETTINGS}spool = \"always\"\n"));
        site.drop_file("a.csv", mixed(1));
        site
    },
    arguments: plain,
    resume: again,
    passed_by: &[],
};

const FORCE: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        again(&site);
        site.drop_file("a.csv", mixed(1));
        site
    },
    arguments: |_| vec!["run".to_owned(), "--force".to_owned()],
    resume: |site| {
        site.run_well(&["run", "--force"]);
    },
    passed_by: &["spooled"],
};

/// A file with a marker, which follows it everywhere.
const MARKED: Scenario = Scenario {
    prepare: || {
        let settings = "[[source]]\nfiles = \"marked*\"\nmarker = \".sha256\"\n";
        let mut site = Site::with_settings(&format!("{SETTINGS}{settings}"));
        site.drop_file("marked.csv", mixed(1));
        site.drop_file("marked.csv.sha256", format!("{}  marked.csv\n", sha256(&mixed(1))));
        site
    },
    ..DROP
};

const DUPLICATE: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.json", file("json", &[record(1)]));
        again(&site);
        site.drop_file("other.json", file("json", &[record(1)]));
        site
    },
    arguments: plain,
    resume: again,
    passed_by: &["spooled", "attempt-counted", "corrections-offered"],
};

const UNREADABLE: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("cut.xml", &file("xml", &[record(1), wrong(2)])[..900]);
        site
    },
    arguments: plain,
    resume: again,
    passed_by: &["spooled", "corrections-offered"],
};

/// What is read in place is not claimed.
const IN_PLACE: [&str; 5] = ["intent-written", "claimed", "spooled", "archived", "claim-removed"];

const NAMED: Scenario = Scenario {
    prepare: || {
        let site = Site::new();
        put(site.path(), "exports/a.csv", mixed(1));
        site
    },
    arguments: |_| vec!["run".to_owned(), "exports/a.csv".to_owned()],
    resume: |site| {
        again(site);
        if site.batches().is_empty() {
            site.run_well(&["run", "exports/a.csv"]);
        }
    },
    passed_by: &IN_PLACE,
};

const REPROCESS: Scenario = Scenario {
    prepare: || {
        let mut site = Site::new();
        site.drop_file("a.csv", mixed(1));
        again(&site);
        site
    },
    arguments: |site| vec!["reprocess".to_owned(), site.batch("a.")],
    resume: |site| {
        again(site);
        let first = site.rows().into_iter().next().expect("a row");
        if first.open {
            site.run_well(&["reprocess", first.batch.as_deref().expect("a batch")]);
        }
    },
    passed_by: &IN_PLACE,
};

const ORIGINAL: Scenario = Scenario {
    prepare: REPROCESS.prepare,
    arguments: |site| vec!["reprocess".to_owned(), "--original".to_owned(), site.batch("a.")],
    resume: |site| {
        again(site);
        let first = site.rows().into_iter().next().expect("a row");
        if first.replaced_by.is_none() {
            site.run_well(&["reprocess", "--original", first.batch.as_deref().expect("a batch")]);
        }
    },
    passed_by: &IN_PLACE,
};

/// The failpoints that a command passes, each with the number of its passing, as `name:2`.
fn passed(site: &Site, arguments: &[&str]) -> Vec<String> {
    let site = site.copy();
    let trace = site.path().join("trace");
    let output = site.run_with(&[("KYC_IMPORT_TRACE", trace.to_str().expect("a path"))], arguments);
    assert!(output.status.code().is_some_and(|code| code < 4), "{output:?}");
    let mut times = BTreeMap::new();
    let text = std::fs::read_to_string(trace).expect("a trace");
    let mut number = |name: &str| {
        let number = times.entry(name.to_owned()).or_insert(0);
        *number += 1;
        format!("{name}:{number}")
    };
    text.lines().filter_map(|line| line.strip_prefix("pass\t")).map(&mut number).collect()
}

/// Kills at every passing of every failpoint; `pairs` kills each recovery at every failpoint, too.
fn kill_everywhere(scenario: &Scenario, pairs: bool) {
    let start = (scenario.prepare)();
    let arguments = (scenario.arguments)(&start);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let undisturbed = start.copy();
    let output = undisturbed.run(&arguments);
    assert!(code(&output) < 4, "{}{}", stdout(&output), stderr(&output));
    undisturbed.assert_done();
    let expected = undisturbed.outcome();
    let failpoints = passed(&start, &arguments);
    for failpoint in &failpoints {
        let site = start.copy();
        assert!(site.killed_at(failpoint, &arguments), "{failpoint}");
        site.assert_visible();
        if pairs {
            kill_recovery(scenario, &site, &arguments, &expected, failpoint);
        }
        assert_resumed(scenario, &site, &expected, failpoint);
    }
    let passed: BTreeSet<&str> =
        failpoints.iter().filter_map(|failpoint| failpoint.split(':').next()).collect();
    let expected: BTreeSet<&str> =
        FAILPOINTS.into_iter().filter(|name| !scenario.passed_by.contains(name)).collect();
    assert_eq!(passed, expected, "other failpoints are passed than it says here");
}

fn kill_recovery(
    scenario: &Scenario,
    killed: &Site,
    arguments: &[&str],
    expected: &BTreeMap<String, String>,
    first: &str,
) {
    for second in passed(killed, arguments) {
        let site = killed.copy();
        assert!(site.killed_at(&second, arguments), "{first}, then {second}");
        site.assert_visible();
        assert_resumed(scenario, &site, expected, &format!("{first}, then {second}"));
    }
}

fn assert_resumed(scenario: &Scenario, site: &Site, expected: &BTreeMap<String, String>, killed: &str) {
    (scenario.resume)(site);
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        site.assert_done();
        assert_eq!(site.outcome(), *expected);
    }));
    assert!(ended.is_ok(), "killed at {killed}: see above");
}

#[test]
fn kills_while_a_file_is_taken() {
    kill_everywhere(&DROP, true);
}

#[test]
fn kills_while_files_are_taken() {
    kill_everywhere(&TWO, false);
}

#[test]
fn kills_while_a_correction_is_taken() {
    kill_everywhere(&CORRECTION, true);
}

#[test]
fn kills_while_a_marked_file_is_taken() {
    kill_everywhere(&MARKED, false);
}

#[test]
fn kills_while_a_file_is_taken_from_the_spool() {
    kill_everywhere(&SPOOL, true);
}

#[test]
fn kills_while_a_batch_is_superseded() {
    kill_everywhere(&FORCE, true);
}

#[test]
fn kills_while_a_repeated_file_is_refused() {
    kill_everywhere(&DUPLICATE, false);
}

#[test]
fn kills_while_an_unreadable_file_is_taken() {
    kill_everywhere(&UNREADABLE, false);
}

#[test]
fn kills_while_a_named_file_is_read() {
    kill_everywhere(&NAMED, false);
}

#[test]
fn kills_while_a_batch_is_reprocessed() {
    kill_everywhere(&REPROCESS, false);
}

#[test]
fn kills_while_an_original_is_reprocessed() {
    kill_everywhere(&ORIGINAL, false);
}

#[test]
fn a_marker_that_comes_after_a_crash_belongs_to_its_own_file() {
    for (killed, batches) in [("staged", 2), ("claimed", 1)] {
        let mut site = (MARKED.prepare)();
        assert!(site.killed_at(killed, &["run"]));
        // The sender sends a new file with a marker under the same names.
        let next = mixed(7);
        site.drop_file("marked.csv", &next);
        site.drop_file("marked.csv.sha256", sha256(&next));
        again(&site);
        again(&site);
        let imported: BTreeSet<String> =
            site.batches().iter().map(|batch| site.summary(batch)["status"].to_string()).collect();
        assert_eq!((site.batches().len(), imported), (batches, ["\"PARTIALLY_ACCEPTED\"".to_owned()].into()));
        if killed == "staged" {
            site.assert_done();
        } else {
            // The first file was claimed without its marker, which the sender has overwritten: it waits beside.
            assert_eq!(crate::outbox::dropped(site.path()), ["marked-2.csv".to_owned()].into());
            let waiting = std::fs::read(site.path().join("inbox/marked-2.csv")).expect("it waits");
            assert_eq!(waiting, mixed(1));
        }
    }
}
