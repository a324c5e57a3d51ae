//! What people do to files that the program counts on.

use std::fs;
use std::os::unix::fs::symlink;

use super::{ended, used};
use crate::commands::{code, put};
use crate::site::{Site, file, record};

#[test]
fn an_original_that_was_overwritten_does_not_take_the_place_of_its_batch() {
    let site = Site::new();
    put(site.path(), "day.json", file("json", &[record(1)]));
    assert_eq!(code(&site.run(&["run", "day.json"])), 0);
    put(site.path(), "day.json", file("json", &[record(2)]));
    let text = ended(&site.run(&["reprocess", "--original", &site.batch("day.")]), 2);
    assert!(text.contains("is no longer the file that was imported"), "{text}");
    let known = ended(&site.run(&["register", "export", "-"]), 0);
    assert_eq!(known.lines().count(), 1, "{known}");
}

#[test]
fn a_rebuilt_ledger_knows_customers_whose_folders_are_gone() {
    let site = used();
    let known = ended(&site.run(&["register", "export", "-"]), 0);
    let purged = ended(&site.run(&["purge", "--yes", "--batches-days", "0", "--archive-days", "0"]), 0);
    assert!(purged.contains("removed  outbox/good."), "{purged}");
    ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    let mut rebuilt: Vec<String> =
        ended(&site.run(&["register", "export", "-"]), 0).lines().map(str::to_owned).collect();
    let mut known: Vec<String> = known.lines().map(str::to_owned).collect();
    known.sort();
    rebuilt.sort();
    assert_eq!(rebuilt, known);
}

#[test]
fn a_backup_of_a_batch_in_the_outbox_stops_a_rebuild_before_anything_is_moved() {
    let site = used();
    let good = site.path().join("outbox").join(site.batch("good."));
    let copy = site.path().join("outbox/backup");
    fs::create_dir(&copy).expect("a folder");
    for entry in fs::read_dir(&good).expect("a batch") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, copy.join(path.file_name().expect("a name"))).expect("a copy");
    }
    let text = ended(&site.run(&["rebuild-ledger", "--replace"]), 2);
    assert!(text.contains("move it away"), "{text}");
    assert!(ended(&site.run(&["status"]), 0).contains("good."));
}

#[test]
fn a_link_in_place_of_the_claims_is_not_followed() {
    let site = used();
    let claims = site.path().join("inbox/.kyc-import");
    fs::remove_dir_all(&claims).expect("nothing is claimed");
    symlink("../outbox", &claims).expect("a link");
    put(site.path(), "inbox/next.json", file("json", &[record(9)]));
    let published = site.batches();
    let text = ended(&site.run(&["run"]), 4);
    assert!(text.contains("cannot use as the folder of claims"), "{text}");
    assert_eq!(site.batches(), published);
    assert!(site.path().join("inbox/next.json").is_file());
}
