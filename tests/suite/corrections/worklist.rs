//! What a correction takes off the work list, and what it leaves there: parts, copies, empty ones, those that are run
//! again.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{copy, corrected, newest, with_batch};
use crate::commands::{code, put, stdout};
use crate::site::{SETTINGS, Site, file, record, wrong};

/// A site in which the rejected records of a batch came back unchanged.
struct Returned {
    site: Site,
    parent: String,
    /// The copy that came back, and the same one corrected.
    same: Vec<u8>,
    fixed: String,
    /// The batch that it became.
    untouched: String,
}

fn returned() -> Returned {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2)]);
    let (same, fixed) = (fs::read(copy(&site, &parent)).expect("a copy"), corrected(&site, &parent));
    site.drop_file(&format!("{parent}.rejected.csv"), &same);
    site.run_well(&["run"]);
    let untouched = newest(&site);
    Returned { site, parent, same, fixed, untouched }
}

/// Rules by which every record is wrong.
const STRICT: &str =
    "[rules]\nextra_mandatory_fields = [\"nationalCode\"]\nextra_mandatory_severity = \"error\"\n";

#[test]
fn who_leaves_rows_out_is_told_so() {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2), wrong(3)]);
    let text = corrected(&site, &parent);
    let one: String = text.split_inclusive("\r\n").take(2).collect();
    site.drop_file(&format!("{parent}.rejected.csv"), one);
    let output = site.run_well(&["run"]);
    assert!(output.contains(&format!("2 records of {parent} did not come back")), "{output}");
    let steps = site.summary(&newest(&site))["nextSteps"].to_string();
    assert!(steps.contains("2 records of"), "{steps}");
}

#[test]
fn a_correction_without_records_takes_them_off_the_list() {
    for (format, empty) in [("csv", None), ("json", Some("{\"customers\": []}\n"))] {
        let mut site = Site::new();
        // What is empty is the same for every batch.
        for first in [1, 3] {
            let dropped = format!("a{first}.{format}");
            site.drop_file(&dropped, file(format, &[wrong(first), wrong(first + 1)]));
            site.run_well(&["run"]);
            let parent = site.batch(&format!("a{first}."));
            let name = format!("{parent}.rejected.{format}");
            let header = || {
                fs::read_to_string(copy(&site, &parent)).map(|text| text.lines().next().map(str::to_owned))
            };
            let empty = empty.map_or_else(|| header().expect("a copy").expect("a header"), str::to_owned);
            site.drop_file(&name, empty);
            let output = site.run(&["run"]);
            assert_eq!(code(&output), 0, "{}", stdout(&output));
            site.assert_done();
            let summary = site.summary(&newest(&site));
            assert_eq!((&summary["status"], &summary["records"]["read"]), (&json!("ACCEPTED"), &json!(0)));
            assert_eq!(summary["origin"]["withdrawn"], 2);
            assert_eq!(site.to_correct(), BTreeSet::new());
        }
    }
    // Any other file without records is refused: it may be cut off, or hold them under other names.
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2)]);
    let text = fs::read_to_string(copy(&site, &parent)).expect("a copy");
    let header = text.lines().next().expect("a header");
    for (ending, broken) in [
        ("csv", &header[..header.len() / 2]),
        ("csv", header.trim_start_matches('\u{feff}').rsplit_once(';').expect("columns").0),
        ("json", "{\"customers\":null}"),
        ("xml", "<a/>"),
        ("xml", "<html><body>404</body></html>"),
        ("ndjson", ""),
    ] {
        site.drop_file(&format!("{parent}.rejected.{ending}"), broken);
        assert_eq!(code(&site.run(&["run"])), 3, "{broken}");
        assert_eq!(site.status(&[])["toCorrect"][0]["batch"], parent, "{broken}");
    }
    let (mut site, parent) = with_batch(&[record(1)]);
    site.drop_file(&format!("{parent}.rejected.json"), "{\"customers\":[]}");
    assert_eq!(code(&site.run(&["run"])), 3, "nothing waits");
    assert_eq!(site.summary(&newest(&site))["failure"]["code"], "F002");
}

#[test]
fn a_whole_correction_ends_what_an_earlier_copy_left_open() {
    let Returned { mut site, parent, same, fixed, untouched } = returned();
    assert_eq!(site.status(&[])["toCorrect"][0]["batch"], untouched);
    // The same records, corrected in another copy.
    site.drop_file(&format!("{parent}.rejected (1).csv"), &fixed);
    site.run_well(&["run"]);
    site.assert_done();
    assert_eq!(site.summary(&newest(&site))["origin"]["reprocessOf"], untouched);
    assert_eq!((site.status(&[])["toCorrect"].clone(), site.to_correct()), (json!([]), BTreeSet::new()));
    // A stale copy of records that were imported is told from new ones.
    site.drop_file(&format!("{parent}.rejected (2).csv"), [&same[..], b"\r\n"].concat());
    let output = site.run_well(&["run"]);
    assert!(output.contains(&format!("{parent} did not wait any more: {untouched}")), "{output}");
    assert_eq!(site.summary(&newest(&site))["origin"]["replacedBeforeBy"], untouched);
}

#[test]
fn a_part_of_the_records_ends_nothing_else() {
    let Returned { mut site, parent, fixed, untouched, .. } = returned();
    let part: String = fixed.split_inclusive("\r\n").take(2).collect();
    site.drop_file(&format!("{parent}.rejected (1).csv"), part);
    site.run_well(&["run"]);
    site.assert_done();
    assert_eq!(site.status(&[])["toCorrect"][0]["batch"], untouched, "the other record still waits there");
}

#[test]
fn a_stale_correction_ends_nothing_that_it_does_not_hold() {
    // The whole original is run again, and waits with other records than those that come back.
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2), record(3)]);
    let fixed = corrected(&site, &parent);
    put(site.path(), "strict.toml", format!("{SETTINGS}{STRICT}"));
    assert_eq!(code(&site.run(&["--config", "strict.toml", "reprocess", "--original", &parent])), 1);
    let again = newest(&site);
    site.drop_file(&format!("{parent}.rejected.csv"), fixed);
    site.run_well(&["run"]);
    assert_eq!(site.status(&[])["toCorrect"][0]["batch"], again, "three records still wait");
}

#[test]
fn a_correction_that_is_run_again_closes_no_batch_that_holds_more() {
    let (mut site, parent) = with_batch(&[wrong(1), record(2)]);
    let same = fs::read(copy(&site, &parent)).expect("a copy");
    site.drop_file(&format!("{parent}.rejected.csv"), same);
    site.run_well(&["run"]);
    let correction = newest(&site);
    put(site.path(), "strict.toml", format!("{SETTINGS}{STRICT}"));
    assert_eq!(code(&site.run(&["--config", "strict.toml", "reprocess", "--original", &parent])), 1);
    let whole = newest(&site);
    assert_eq!(code(&site.run(&["reprocess", "--original", &correction])), 1);
    let open: Vec<Value> = site.status(&[])["toCorrect"].as_array().expect("a list").clone();
    assert!(open.iter().any(|open| open["batch"] == whole), "both of its records still wait: {open:?}");
}

#[test]
fn a_correction_keeps_its_name_however_often_it_is_run_again() {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2)]);
    let half = fs::read_to_string(copy(&site, &parent)).expect("a copy").replacen(";;", ";Ona;", 1);
    let name = format!("{parent}.rejected.csv");
    site.drop_file(&name, half);
    site.run_well(&["run"]);
    for _ in 0..3 {
        let before = newest(&site);
        assert_eq!(code(&site.run(&["reprocess", "--original", &before])), 1);
        let summary = site.summary(&newest(&site));
        assert_eq!((&summary["file"]["name"], &summary["records"]["accepted"]), (&json!(name), &json!(1)));
        assert_eq!(
            (&summary["origin"]["supersedes"], &summary["origin"]["reprocessOf"]),
            (&json!(before), &json!(parent))
        );
    }
}

#[test]
fn what_was_left_out_stays_told_when_a_correction_is_run_again() {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2)]);
    let part: String = corrected(&site, &parent).split_inclusive("\r\n").take(2).collect();
    site.drop_file(&format!("{parent}.rejected.csv"), part);
    site.run_well(&["run"]);
    let first = newest(&site);
    site.run_well(&["reprocess", "--original", &first]);
    let origin = &site.summary(&newest(&site))["origin"];
    assert_eq!((&origin["supersedes"], &origin["withdrawn"]), (&json!(first), &json!(1)));
    assert_eq!(origin["reprocessOf"], parent);
}

#[test]
fn a_correction_that_is_run_again_still_corrects() {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2)]);
    let text = corrected(&site, &parent).replace(";Ona;", ";Žilvinas;");
    let saved: Vec<u8> =
        text.chars().map(|char| if char == 'Ž' { 0xde } else { char as u8 }).skip(1).collect();
    site.drop_file(&format!("{parent}.rejected.csv"), saved);
    assert_eq!(code(&site.run(&["run"])), 3);
    let unreadable = newest(&site);
    site.run_well(&["reprocess", "--original", &unreadable, "--encoding", "windows-1257"]);
    site.assert_done();
    let summary = site.summary(&newest(&site));
    assert_eq!(
        (&summary["records"]["accepted"], &summary["origin"]["reprocessOf"]),
        (&json!(2), &json!(parent))
    );
    assert_eq!(site.to_correct(), BTreeSet::new());
}

#[test]
fn what_a_delivery_must_hold_is_not_asked_of_a_correction() {
    let mut site =
        Site::with_settings(&format!("{SETTINGS}[limits]\nmin_records = 4\nmax_rejected_percent = 50\n"));
    site.drop_file("a.csv", file("csv", &[record(1), record(2), wrong(3), wrong(4)]));
    site.run_well(&["run"]);
    let parent = site.batch("a.");
    let half = fs::read_to_string(copy(&site, &parent)).expect("a copy").replacen(";;", ";Ona;", 1);
    site.drop_file(&format!("{parent}.rejected (1).csv"), half);
    site.run_well(&["run"]);
    let second = newest(&site);
    assert_eq!(site.summary(&second)["status"], "PARTIALLY_ACCEPTED");
    // Renamed, it still has our columns.
    site.drop_file("renamed.csv", corrected(&site, &second));
    site.run_well(&["run"]);
    assert_eq!(site.summary(&newest(&site))["status"], "ACCEPTED");
    // A delivery whose name only looks like that of a correction is one.
    for delivery in ["b.csv", "b.20261122.rejected.csv"] {
        site.drop_file(delivery, file("csv", &[record(7)]));
        assert_eq!(code(&site.run(&["run"])), 3, "{delivery}");
    }
}

#[test]
fn the_same_bytes_again_name_what_still_waits() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    site.drop_file("again.csv", file("csv", &[record(1), wrong(2)]));
    let output = site.run_well(&["run"]);
    assert!(output.contains("1 of its 2 records were rejected by"), "{output}");
    assert!(output.contains(&format!("kyc-import reprocess {parent}")), "{output}");
    assert!(!output.contains("Nothing has to be done"), "{output}");
}
