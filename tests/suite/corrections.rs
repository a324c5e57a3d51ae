//! A file comes back corrected, or is run again: what is linked, what is replaced, what is never imported
//! twice; and the rules that need to know earlier batches.

mod worklist;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::commands::{code, put, stderr, stdout};
use crate::site::{Site, file, mixed, number, record, wrong};
use crate::support::{codes, lead, patched};

/// A copy in the work list.
fn copy(site: &Site, batch: &str) -> PathBuf {
    site.path().join("outbox/to-correct").join(format!("{batch}.rejected.csv"))
}

fn corrected(site: &Site, batch: &str) -> String {
    fs::read_to_string(copy(site, batch)).expect("a copy").replace(";;", ";Ona;")
}

/// A site with one batch of these records, as CSV.
fn with_batch(records: &[Value]) -> (Site, String) {
    let mut site = Site::new();
    site.drop_file("a.csv", file("csv", records));
    site.run_well(&["run"]);
    let batch = site.batch("a.");
    (site, batch)
}

/// The batch that came last.
fn newest(site: &Site) -> String {
    site.rows().into_iter().rev().find_map(|row| row.batch).expect("a batch")
}

/// The codes of the errors and warnings that a batch reports, record after record.
fn reported(site: &Site, batch: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(site.path().join("outbox").join(batch).join("errors.ndjson"));
    let of = |line: &str| {
        let report: Value = serde_json::from_str(line).expect("a report");
        [codes(&report["errors"]), codes(&report["warnings"])].concat()
    };
    text.unwrap_or_default().lines().map(of).collect()
}

/// Drops one record and returns what its batch reports and says of it.
fn send(site: &mut Site, name: &str, record: &Value) -> (Vec<Vec<String>>, String) {
    site.drop_file(name, file("json", std::slice::from_ref(record)));
    site.run_well(&["run"]);
    let batch = newest(site);
    let text = fs::read_to_string(site.path().join("outbox").join(&batch).join("errors.ndjson"));
    (reported(site, &batch), text.unwrap_or_default())
}

#[test]
fn a_row_that_could_not_be_read_comes_back_as_a_spreadsheet_saves_it() {
    for end in ["", ";;;;"] {
        let mut site = Site::new();
        let text = String::from_utf8(file("csv", &[record(1), record(2)])).expect("a text");
        let (start, last) = text.trim_end().rsplit_once(';').expect("cells");
        site.drop_file("a.csv", format!("{start}\n"));
        site.run_well(&["run"]);
        let batch = site.batch("a.");
        let rejected = fs::read_to_string(copy(&site, &batch)).expect("a copy");
        let row = start.lines().last().expect("a row");
        assert!(rejected.contains(&format!("\n{row}\r\n")), "it stands as it was: {rejected}");
        // Its last cell again; a spreadsheet makes every row as wide as the header.
        let fixed = rejected.replace(&format!("{row}\r\n"), &format!("{row};{last}{end}\r\n"));
        site.drop_file(&format!("{batch}.rejected.csv"), &fixed);
        site.run_well(&["run"]);
        site.assert_done();
        assert_eq!(site.summary(&newest(&site))["records"]["accepted"], 1, "{fixed}");

        // Wrong again, it keeps its cells.
        let mut site = Site::new();
        site.drop_file("a.csv", format!("{start}\n"));
        site.run_well(&["run"]);
        let batch = site.batch("a.");
        let wrong = fixed.replacen(";CREATE;", ";MAKE;", 1).replacen(";LOW;", ";LOWER;", 1);
        site.drop_file(&format!("{batch}.rejected.csv"), &wrong);
        site.run_well(&["run"]);
        let again = fs::read_to_string(copy(&site, &newest(&site))).expect("a copy");
        let kept = again.lines().last().expect("a row");
        assert!(kept.contains(&number(2)) && kept.ends_with(last), "{again}");
    }
}

#[test]
fn a_corrected_file_takes_the_place_of_its_parent() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2), wrong(3)]);
    assert!(copy(&site, &parent).is_file());
    let text = corrected(&site, &parent);
    site.drop_file(&format!("{parent}.rejected.csv"), text);
    site.run_well(&["run"]);
    site.assert_done();
    let child = newest(&site);
    assert_eq!(child.split('.').next(), Some("a"), "the stem is kept");
    let summary = site.summary(&child);
    assert_eq!(summary["origin"]["reprocessOf"], parent);
    assert_eq!(summary["origin"]["withdrawn"], 0);
    assert_eq!(
        summary["records"],
        json!({"read": 2, "accepted": 2, "rejected": 0, "withWarnings": summary["records"]["withWarnings"]})
    );
    assert_eq!(site.to_correct(), BTreeSet::new(), "nothing is left to do");
    let story = site.status(&[&child]);
    assert_eq!((&story["corrects"], &story["chain"][0]["batch"]), (&json!(parent), &json!(parent)));
    assert_eq!(site.status(&[&parent])["replacedBy"], child);
    assert_eq!(site.status(&[])["toCorrect"], json!([]));
    // The parent as it was published stays for the auditors.
    assert!(site.path().join("outbox").join(&parent).join("rejected.csv").is_file());
}

#[test]
fn rows_that_are_left_out_are_recorded_as_withdrawn() {
    let (mut site, parent) = with_batch(&[wrong(1), wrong(2), wrong(3)]);
    let text = fs::read_to_string(copy(&site, &parent)).expect("a copy");
    let mut lines = text.split_inclusive("\r\n");
    let head = lines.next().expect("a header").to_owned();
    let one = lines.next().expect("a row");
    site.drop_file(&format!("{parent}.rejected.csv"), head + one);
    site.run_well(&["run"]);
    site.assert_done();
    let child = newest(&site);
    assert_eq!(site.summary(&child)["origin"]["withdrawn"], 2);
    assert_eq!(site.status(&[&child])["withdrawn"], 2);
    // What is still wrong waits under the new name.
    assert!(site.to_correct().iter().all(|name| name.starts_with(&child)));
    assert!(!site.to_correct().is_empty());
}

#[test]
fn a_correction_is_followed_through_several_rounds() {
    let (mut site, first) = with_batch(&[wrong(1), wrong(2), wrong(3)]);
    let mut parent = first.clone();
    for left in (0..3).rev() {
        let text = fs::read_to_string(copy(&site, &parent)).expect("a copy").replacen(";;", ";Ona;", 1);
        site.drop_file(&format!("{parent}.rejected.csv"), text);
        site.run_well(&["run"]);
        site.assert_done();
        let child = newest(&site);
        assert_eq!(site.summary(&child)["origin"]["reprocessOf"], parent);
        assert_eq!(site.summary(&child)["records"]["rejected"], left);
        parent = child;
    }
    assert_eq!(site.status(&[&parent])["chain"].as_array().expect("a list").len(), 4);
    assert_eq!(site.status(&[&parent])["chain"][0]["batch"], first);
    assert_eq!(site.register().0.len(), 3);
}

#[test]
fn what_was_accepted_is_never_accepted_again() {
    // The whole file comes back, corrected, under the name of its rejected file.
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    site.drop_file(&format!("{parent}.rejected.csv"), file("csv", &[record(1), record(2)]));
    site.run_well(&["run"]);
    site.assert_done();
    let child = newest(&site);
    assert_eq!(reported(&site, &child), [["O001", "C004"]]);
    assert_eq!(site.summary(&child)["records"]["accepted"], 1);
}

#[test]
fn a_copy_that_a_person_changed_is_theirs() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    let text = corrected(&site, &parent);
    let half_done = format!("{text}# more to come\r\n");
    fs::write(copy(&site, &parent), &half_done).expect("it can be written");
    site.run_well(&["run"]);
    assert_eq!(
        fs::read_to_string(copy(&site, &parent)).expect("a copy"),
        half_done,
        "it is never overwritten"
    );
    let copies = &site.status(&[])["toCorrect"][0]["copies"];
    let states: Vec<&str> =
        copies.as_array().expect("a list").iter().filter_map(|copy| copy["state"].as_str()).collect();
    assert!(states.contains(&"changed"), "{states:?}");
    // Somebody else drops the correction: the changed copy stays all the same.
    site.drop_file(&format!("{parent}.rejected.csv"), text);
    site.run_well(&["run"]);
    assert_eq!(fs::read_to_string(copy(&site, &parent)).expect("a copy"), half_done, "it is never removed");
    let overview = site.status(&[]);
    assert_eq!(overview["toCorrect"], json!([]));
    let left = overview["leftCopies"].to_string();
    assert!(left.contains(&format!("{parent}.rejected.csv")), "{left}");
    let text = stdout(&site.run(&["status"]));
    assert!(text.contains("yours to keep or remove"), "{text}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a person moves a copy away")]
fn a_missing_copy_is_made_again() {
    let (site, parent) = with_batch(&[record(1), wrong(2)]);
    let made = fs::read(copy(&site, &parent)).expect("a copy");
    fs::remove_file(copy(&site, &parent)).expect("it can be removed");
    assert_eq!(site.status(&[])["toCorrect"][0]["copies"][0]["state"], "moved away");
    site.run_well(&["run"]);
    assert_eq!(fs::read(copy(&site, &parent)).expect("a copy"), made);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a person moves the copy itself")]
fn the_copy_itself_may_be_moved_into_the_inbox() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    let text = corrected(&site, &parent);
    fs::write(copy(&site, &parent), &text).expect("it can be written");
    fs::rename(copy(&site, &parent), site.path().join("inbox").join(format!("{parent}.rejected.csv")))
        .expect("it can be renamed");
    site.count_as_dropped(&text);
    site.run_well(&["run"]);
    site.assert_done();
    assert_eq!(site.to_correct(), BTreeSet::new());
}

#[test]
fn a_copy_of_a_copy_is_still_a_correction() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    let text = corrected(&site, &parent);
    site.drop_file(&format!("{parent}.rejected (1).csv"), text);
    site.run_well(&["run"]);
    site.assert_done();
    assert_eq!(site.summary(&newest(&site))["origin"]["reprocessOf"], parent);
}

#[test]
fn a_correction_that_cannot_be_read_leaves_its_parent_open() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    site.drop_file(&format!("{parent}.rejected.csv"), "a;b;c\r\n1;2;3\r\n");
    site.run_well(&["run"]);
    site.assert_done();
    assert_eq!(site.summary(&newest(&site))["status"], "UNREADABLE");
    assert_eq!(site.status(&[])["toCorrect"][0]["batch"], parent);
    assert!(copy(&site, &parent).is_file());
}

#[test]
fn the_same_correction_twice_is_harmless() {
    let (mut site, parent) = with_batch(&[record(1), wrong(2)]);
    let text = corrected(&site, &parent);
    for _ in 0..2 {
        site.drop_file(&format!("{parent}.rejected.csv"), &text);
        site.run_well(&["run"]);
        site.assert_done();
    }
    assert_eq!(site.summary(&newest(&site))["status"], "DUPLICATE_FILE");
    assert_eq!(site.register().0.len(), 2);
}

#[test]
fn a_batch_is_reprocessed_by_its_name_or_a_part_of_it() {
    let (site, parent) = with_batch(&[record(1), wrong(2)]);
    let (_, hash) = parent.split_once('.').expect("a hash");
    let output = site.run(&["reprocess", hash]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    site.assert_done();
    let child = newest(&site);
    assert_eq!(child.split('.').next(), Some("a"), "the stem is kept");
    assert_eq!(site.summary(&child)["file"]["name"], format!("{parent}.rejected.csv"));
    assert_eq!(site.summary(&child)["origin"]["reprocessOf"], parent);
    assert_eq!(site.summary(&child)["records"]["read"], 1);
    // What was taken over is run under its new name.
    let output = site.run(&["reprocess", &parent]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains(&child), "{}", stderr(&output));
    let output = site.run(&["reprocess", "no-such-batch"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    site.assert_done();
}

#[test]
fn a_new_classifier_lets_all_rejected_records_through() {
    let mut site =
        Site::with_settings(&format!("{}[classifiers]\ndirectory = \"lists\"\n", crate::site::SETTINGS));
    put(site.path(), "lists/riskManagementCategory.txt", "ORG\nLEAD_IND\n");
    for (name, id) in [("a.csv", 1), ("b.csv", 2), ("c.csv", 3)] {
        site.drop_file(name, file("csv", &[record(id)]));
    }
    site.run_well(&["run"]);
    assert_eq!(site.register().0, BTreeSet::new());
    put(site.path(), "lists/riskManagementCategory.txt", "IND\nORG\nLEAD_IND\n");
    let output = site.run(&["reprocess", "--all-rejected"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    site.assert_done();
    assert_eq!(site.register().0.len(), 3);
    assert_eq!(site.to_correct(), BTreeSet::new());
    let output = site.run(&["reprocess", "--all-rejected"]);
    assert_eq!(code(&output), 0, "nothing waits any more");
    assert_eq!(site.batches().len(), 6);
}

#[test]
fn an_original_that_is_run_again_supersedes_its_batch() {
    let (site, first) = with_batch(&[record(1), wrong(2)]);
    let output = site.run(&["reprocess", "--original", &first]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    site.assert_done();
    let second = newest(&site);
    assert_eq!(second, format!("{first}-2"));
    let third = site.run_well(&["reprocess", "--original", &second]);
    assert!(third.contains("a.csv"), "{third}");
    assert_eq!(newest(&site), format!("{first}-3"));
    site.assert_done();
    let summary = site.summary(&second);
    assert_eq!(summary["file"]["name"], "a.csv");
    assert_eq!(summary["origin"]["supersedes"], first);
    assert_eq!(summary["records"]["accepted"], 1, "its records are no duplicates of themselves");
    assert!(site.to_correct().iter().all(|name| name.starts_with(&format!("{first}-3."))));
}

#[test]
fn force_imports_the_same_bytes_again_in_place_of_the_first() {
    let (mut site, first) = with_batch(&[record(1), wrong(2)]);
    site.drop_file("other.json", file("json", &[record(3)]));
    site.run_well(&["run"]);
    let before = site.register();
    site.drop_file("a.csv", mixed(1));
    let output = site.run(&["run", "--force"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    site.assert_done();
    let second = newest(&site);
    assert_eq!(site.summary(&second)["origin"]["supersedes"], first);
    assert_eq!(site.register(), before, "nothing is known twice");
    // The superseded batch is no longer what the same bytes point to.
    site.drop_file("a.csv", mixed(1));
    site.run_well(&["run"]);
    assert_eq!(site.summary(&newest(&site))["origin"]["duplicateOf"], second);
    site.assert_done();
}

#[test]
fn what_a_superseded_batch_made_known_is_forgotten() {
    // The first batch is superseded under rules that refuse its record: the id is free again.
    let mut site =
        Site::with_settings(&format!("{}[classifiers]\ndirectory = \"lists\"\n", crate::site::SETTINGS));
    put(site.path(), "lists/riskManagementCategory.txt", "IND\n");
    site.drop_file("a.csv", file("csv", &[record(1)]));
    site.run_well(&["run"]);
    put(site.path(), "lists/riskManagementCategory.txt", "ORG\n");
    site.run_well(&["reprocess", "--original", &site.batch("a.")]);
    site.assert_done();
    assert_eq!(site.register().0, BTreeSet::new());
    put(site.path(), "lists/riskManagementCategory.txt", "IND\n");
    let (findings, _) = send(&mut site, "b.json", &record(1));
    assert_eq!(findings, Vec::<Vec<String>>::new());
    site.assert_done();
}

#[test]
fn numbers_and_customers_count_across_batches() {
    let mut site = Site::new();
    send(&mut site, "a.json", &record(1));
    let (findings, text) =
        send(&mut site, "b.json", &patched(record(1), &json!({"communicationNumber": number(2)})));
    assert_eq!(findings, [["C004"]]);
    assert!(text.contains("Customer already exists"), "{text}");
    let (findings, _) =
        send(&mut site, "c.json", &patched(record(3), &json!({"communicationNumber": number(1)})));
    assert_eq!(findings, [["O001"]]);
    let update = json!({"action": "UPDATE", "communicationNumber": number(4)});
    let (findings, text) = send(&mut site, "d.json", &patched(record(9), &update));
    assert_eq!(findings, [["C004"]]);
    assert!(text.contains("Cannot update not existing customer, use Action = CREATE"), "{text}");
    // What was rejected has used up neither its number nor its customer.
    let (findings, _) =
        send(&mut site, "e.json", &patched(record(3), &json!({"communicationNumber": number(4)})));
    assert_eq!(findings, Vec::<Vec<String>>::new());
    let (findings, _) = send(
        &mut site,
        "f.json",
        &patched(record(1), &json!({"action": "UPDATE", "communicationNumber": number(5)})),
    );
    assert_eq!(findings, Vec::<Vec<String>>::new(), "an update of a known customer");
    assert_eq!(site.register().0.len(), 2);
    assert_eq!(site.register().1.len(), 3);
}

#[test]
fn leads_and_customers_turn_into_each_other_across_batches() {
    let mut site = Site::new();
    let own = |changes: Value| patched(lead(), &changes);
    let known = |site: &Site| stdout(&site.run(&["register", "export", "-"]));
    let (findings, _) = send(&mut site, "a.json", &own(json!({"communicationNumber": "N-1"})));
    assert_eq!(findings, Vec::<Vec<String>>::new());
    assert!(known(&site).contains("\"kind\":\"lead\""));
    let customer =
        json!({"customerExtId": lead()["customerExtId"], "action": "UPDATE", "communicationNumber": "N-2"});
    let (findings, _) = send(&mut site, "b.json", &patched(record(1), &customer));
    assert_eq!(findings, [["W005"]]);
    // UPDATE replaces: the last word counts.
    assert!(!known(&site).contains("\"kind\":\"lead\",\"customer"), "{}", known(&site));
    let last =
        known(&site).lines().filter(|line| line.contains("X-3")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(last.len(), 1, "{last:?}");
    assert!(last[0].contains("\"customer\""), "{last:?}");
    let (findings, _) =
        send(&mut site, "c.json", &own(json!({"action": "UPDATE", "communicationNumber": "N-3"})));
    assert_eq!(findings, [["W013"]]);
    assert!(known(&site).contains("\"kind\":\"lead\""));
}

#[test]
fn a_register_is_imported_and_exported() {
    let site = Site::new();
    let lines = "{\"customerExtId\":\"ext000001x\",\"kind\":\"customer\",\"communicationNumber\":\"num000001n\"}\n\
         {\"customerExtId\":\"ext000002x\",\"kind\":\"lead\"}\n{\"communicationNumber\":\"num000003n\"}\n";
    put(site.path(), "known.ndjson", lines);
    let output = site.run(&["register", "import", "known.ndjson"]);
    assert_eq!(
        (code(&output), stdout(&output).as_str()),
        (0, "3 new in the register\n"),
        "{}",
        stderr(&output)
    );
    assert_eq!(stdout(&site.run(&["register", "import", "known.ndjson"])), "0 new in the register\n");
    let exported = stdout(&site.run(&["register", "export", "-"]));
    let values = |text: &str| -> BTreeSet<String> {
        text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON").to_string()).collect()
    };
    assert_eq!(values(&exported), values(lines));
    // A second installation that is seeded with the first one's register knows the same.
    assert_eq!(code(&site.run(&["register", "export", "saved.ndjson"])), 0);
    let other = Site::new();
    put(other.path(), "saved.ndjson", fs::read(site.path().join("saved.ndjson")).expect("a file"));
    assert_eq!(code(&other.run(&["register", "import", "saved.ndjson"])), 0);
    assert_eq!(other.register(), site.register());
    // A file that exists is not overwritten.
    assert_ne!(code(&site.run(&["register", "export", "saved.ndjson"])), 0);
}

#[test]
fn imported_customers_can_be_updated_and_not_created() {
    let mut site = Site::new();
    let output = site.run(&["register", "import", "missing.ndjson"]);
    assert_eq!(code(&output), 2);
    put(
        site.path(),
        "known.ndjson",
        "{\"customerExtId\":\"ext000001x\"}\n{\"communicationNumber\":\"num000007n\"}\n",
    );
    assert_eq!(code(&site.run(&["register", "import", "known.ndjson"])), 0);
    let (findings, _) = send(&mut site, "a.json", &patched(record(1), &json!({"action": "UPDATE"})));
    assert_eq!(findings, Vec::<Vec<String>>::new());
    let (findings, _) =
        send(&mut site, "b.json", &patched(record(1), &json!({"communicationNumber": number(2)})));
    assert_eq!(findings, [["C004"]]);
    let (findings, _) = send(&mut site, "c.json", &record(7));
    assert_eq!(findings, [["O001"]]);
    // A line that cannot be read imports nothing at all.
    put(site.path(), "broken.ndjson", "{\"customerExtId\":\"ext000008x\"}\n{\"name\":\"x\"}\n");
    assert_eq!(code(&site.run(&["register", "import", "broken.ndjson"])), 2);
    let (findings, _) = send(&mut site, "d.json", &record(8));
    assert_eq!(findings, Vec::<Vec<String>>::new());
}
