//! Clocks that jump. What cannot be tried on a machine is skipped, visibly.

use std::process::{Command, Output};

use crate::commands::{code, stderr};
use crate::site::{Site, file, mixed, record, skipped};

/// Runs the program at another time: `+10y`, `1970-01-02`.
fn run_at(site: &Site, time: &[&str]) -> Option<Output> {
    let output = Command::new("faketime")
        .args(time)
        .args([env!("CARGO_BIN_EXE_kyc-import"), "run"])
        .current_dir(site.path())
        .env("RUST_BACKTRACE", "0")
        .output();
    output.ok()
}

#[test]
fn a_clock_that_jumps_loses_nothing() {
    let mut site = Site::new();
    for (id, time) in (1..).zip([["-f", "-10y"], ["-f", "+200y"], ["-f", "+0"]]) {
        site.drop_file(&format!("a{id}.csv"), mixed(100 * id));
        let Some(output) = run_at(&site, &time) else {
            return skipped("a clock that jumps", "there is no faketime");
        };
        assert_eq!(code(&output), 1, "{time:?}: {}", stderr(&output));
        site.assert_done();
    }
    site.drop_file("old.json", file("json", &[record(9_000)]));
    let output = run_at(&site, &["1970-01-02 00:00:00"]).expect("it ran before");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    site.assert_done();
}

#[test]
fn a_clock_before_its_time_is_named() {
    let mut site = Site::new();
    site.drop_file("a.csv", mixed(1));
    let Some(output) = run_at(&site, &["-f", "-100y"]) else {
        return skipped("a clock before 1970", "there is no faketime");
    };
    assert_eq!((code(&output), stderr(&output).contains("before 1970: set it")), (4, true), "{output:?}");
    site.run_well(&["run"]);
    site.assert_done();
}
