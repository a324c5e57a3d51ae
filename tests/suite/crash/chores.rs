//! A kill behind every step that lasts while a person tidies up: what is seen in between is whole, and the same
//! command again makes what an undisturbed one makes.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::os::unix::process::ExitStatusExt;

use serde_json::Value;

use crate::commands::{code, put, stderr, stdout};
use crate::site::{SETTINGS, Site, file, files, mixed, names, record};

/// A used installation: a file with all kinds of records, one whose records are good, a superseded batch, and
/// known customers that no file brought.
fn used() -> Site {
    let mut site = Site::with_settings(SETTINGS);
    put(site.path(), "known.ndjson", "{\"customerExtId\":\"known before\"}\n");
    site.drop_file("mixed.csv", mixed(1));
    site.drop_file("good.json", file("json", &[record(3), record(4)]));
    put(site.path(), "named.xml", file("xml", &[record(5)]));
    for arguments in [
        &["register", "import", "known.ndjson"][..],
        &["run"],
        &["run", "named.xml"],
        &["run", "--force", "named.xml"],
    ] {
        site.run_well(arguments);
    }
    site
}

/// How many steps that last a command makes.
fn steps(site: &Site, arguments: &[&str]) -> usize {
    let site = site.copy();
    let trace = site.path().join("trace");
    ended(&site, &[("KYC_IMPORT_TRACE", trace.to_str().expect("a path"))], arguments);
    let text = std::fs::read_to_string(trace).expect("a trace");
    text.lines().filter(|line| !line.starts_with("pass\t")).count()
}

fn ended(site: &Site, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = site.run_with(variables, arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(code(&output), 0, "{arguments:?}: {text}");
    text
}

/// Kills a command behind every step. `story` tells what has to be the same in the end, `afterwards` what must hold
/// right after a kill.
fn kill_behind_every_step<T: PartialEq + Debug>(
    start: &Site,
    arguments: &[&str],
    afterwards: fn(&Site),
    story: fn(&Site) -> T,
) {
    let undisturbed = start.copy();
    ended(&undisturbed, &[], arguments);
    let expected = story(&undisturbed);
    let steps = steps(start, arguments);
    assert!(steps > 3, "{steps} steps were traced");
    for step in 1..=steps {
        let site = start.copy();
        let output = site.run_with(&[("KYC_IMPORT_KILL_STEP", &step.to_string())], arguments);
        assert_eq!(output.status.signal(), Some(9), "step {step} of {steps}: {}", stderr(&output));
        site.assert_batches_complete();
        afterwards(&site);
        ended(&site, &[], arguments);
        assert_eq!(story(&site), expected, "killed at step {step} of {steps}");
        ended(&site, &[], &["verify"]);
        ended(&site, &[], &["doctor"]);
    }
}

/// What stands in the ledger, but for its numbers and the times of a rebuild.
fn batches(site: &Site) -> Vec<Value> {
    let mut batches = site.status(&[])["batches"].as_array().expect("a list").clone();
    batches.sort_by_key(|batch| batch["batch"].to_string());
    batches.iter_mut().for_each(|batch| batch["claimed"] = Value::Null);
    batches
}

#[test]
fn kills_while_batches_are_purged() {
    let arguments = ["purge", "--yes", "--archive-days", "0", "--batches-days", "0", "--ledger-days", "0"];
    kill_behind_every_step(
        &used(),
        &arguments,
        |_| {},
        |site| {
            assert_eq!(names(&site.path().join("outbox/.staging")), BTreeSet::new());
            let archived: BTreeSet<_> = files(&site.path().join("archive")).into_values().collect();
            (batches(site), site.batches(), archived, site.register())
        },
    );
}

#[test]
fn kills_while_a_ledger_is_rebuilt() {
    let afterwards = |site: &Site| {
        // The old ledger, or none: never one that does not know what was imported.
        let mut site = site.copy();
        site.drop_file("again.json", file("json", &[record(3), record(4)]));
        let output = site.run(&["run"]);
        let text = format!("{}{}", stdout(&output), stderr(&output));
        match code(&output) {
            0 => assert!(text.contains("DUPLICATE FILE"), "{text}"),
            4 => assert!(text.contains("run `kyc-import rebuild-ledger` again"), "{text}"),
            other => panic!("{other}: {text}"),
        }
    };
    kill_behind_every_step(&used(), &["rebuild-ledger", "--replace"], afterwards, |site| {
        let left: Vec<String> =
            names(&site.path().join("state")).into_iter().filter(|name| name.starts_with("rebuil")).collect();
        assert_eq!(left, Vec::<String>::new());
        (batches(site), site.register())
    });
}

#[test]
fn kills_while_a_register_is_imported() {
    // So much that the index is written to disk, too.
    let line = |number: u32| format!("{{\"customerExtId\":\"{number:0>600}\"}}\n");
    let site = used();
    put(site.path(), "many.ndjson", (0..2_000).map(line).collect::<String>());
    kill_behind_every_step(
        &site,
        &["register", "import", "many.ndjson"],
        |_| {},
        |site| {
            assert!(site.path().join("state/register.index").is_file());
            let (customers, numbers) = site.register();
            assert_eq!(customers.len(), 2_005);
            (customers, numbers)
        },
    );
}
