//! What people do to files that the program counts on.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{ended, used};
use crate::commands::{code, put};
use crate::site::{Site, file, number, record};

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
    assert!(text.contains("inbox/.kyc-import: it is no folder; remove it"), "{text}");
    assert_eq!(site.batches(), published);
    assert!(site.path().join("inbox/next.json").is_file());
}

#[test]
fn a_link_in_place_of_staging_is_not_followed() {
    let site = Site::new();
    put(site.path(), "elsewhere/precious.txt", "not ours");
    fs::create_dir(site.path().join("outbox")).expect("a folder");
    symlink("../elsewhere", site.path().join("outbox/.staging")).expect("a link");
    put(site.path(), "inbox/a.json", file("json", &[record(1)]));
    let text = ended(&site.run(&["run"]), 4);
    assert!(text.contains("outbox/.staging: it is no folder; remove it"), "{text}");
    assert!(site.path().join("elsewhere/precious.txt").exists());
}

/// Makes a file or folder one that nobody can change, or one that can be changed again.
fn may_change(change: &str, path: &Path) -> bool {
    Command::new("chattr").arg(change).arg(path).status().is_ok_and(|ended| ended.success())
}

#[test]
fn what_cannot_be_removed_from_staging_stops_nothing() {
    let mut site = used();
    let batch = site.batch("good.");
    if !may_change("+i", &site.path().join("outbox").join(&batch).join("MANIFEST.json")) {
        return crate::site::skipped("a file that cannot be removed", "chattr is not allowed here");
    }
    let purge = ["purge", "--yes", "--batches-days", "0"];
    let first = site.run(&purge);
    site.drop_file("next.json", file("json", &[record(9)]));
    let run = site.run(&["run"]);
    let second = site.run(&purge);
    let staging = site.path().join("outbox/.staging");
    assert!(may_change("-i", &staging.join(&batch).join("MANIFEST.json")));
    ended(&first, 4);
    assert!(ended(&run, 0).contains("something is left in staging"));
    let text = ended(&second, 4);
    assert!(text.contains("removed  outbox/next."), "{text}");
    ended(&site.run(&purge), 0);
    assert_eq!(fs::read_dir(staging).expect("a folder").count(), 0);
}

#[test]
fn what_cannot_be_purged_keeps_nothing_else() {
    let site = used();
    let everything = ["purge", "--yes", "--batches-days", "0", "--archive-days", "0", "--ledger-days", "0"];
    let blocked = site.batch("good.");
    let folder = site.path().join("outbox").join(&blocked);
    if !may_change("+i", &folder) {
        return crate::site::skipped("a folder that cannot be removed", "chattr is not allowed here");
    }
    let output = site.run(&everything);
    assert!(may_change("-i", &folder));
    let text = ended(&output, 4);
    assert!(text.contains(&format!("cannot remove  outbox/{blocked}")), "{text}");
    assert!(text.contains("removed  archive/") && text.contains("removed  outbox/broken."), "{text}");
    assert_eq!(site.batches(), [site.batch("mixed."), blocked.clone()].into());
    ended(&site.run(&["verify"]), 0);
    ended(&site.run(&everything), 0);
    assert_eq!(site.batches(), [site.batch("mixed.")].into());
}

#[test]
fn a_ledger_that_is_gone_is_not_begun_anew() {
    let mut site = used();
    let known = site.register();
    fs::remove_file(site.path().join("state/ledger.db")).expect("it is removed");
    put(site.path(), "good.json", file("json", &[record(1), record(2)]));
    for arguments in [["run", "good.json"].as_slice(), &["doctor"], &["status"], &["register", "export", "-"]]
    {
        let text = ended(&site.run(arguments), 4);
        assert!(text.contains("it is gone") && text.contains("rebuild-ledger"), "{arguments:?}: {text}");
    }
    ended(&site.run(&["rebuild-ledger"]), 0);
    assert_eq!(site.register(), known);
    ended(&site.run(&["run", "good.json"]), 0);
    assert_eq!(site.batches().len(), 4, "it is a duplicate");
    // Where the journal went too, the same bytes come twice; what is left can still be rebuilt.
    fs::remove_dir_all(site.path().join("state")).expect("it is removed");
    site.drop_file("good.json", file("json", &[record(1), record(2)]));
    ended(&site.run(&["run"]), 0);
    ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    assert_eq!(site.register(), known);
    ended(&site.run(&["verify"]), 0);
}

#[test]
fn a_state_that_nobody_wrote_is_damage_and_the_ledger_can_be_made_anew() {
    let mut site = used();
    let known = site.register();
    let changed = site.ledger().execute("UPDATE batches SET state = 'FORGOTTEN' WHERE id = 1", []);
    assert_eq!(changed.expect("the ledger can be written"), 1);
    site.drop_file("next.json", file("json", &[record(9)]));
    for arguments in [["run"].as_slice(), &["doctor"], &["status"], &["verify"]] {
        let text = ended(&site.run(arguments), 4);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("a word in it is none of ours"), "{arguments:?}: {text}");
        assert!(text.contains("doctor") || text.contains("rebuild-ledger"), "{arguments:?}: {text}");
    }
    ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    assert_eq!(site.register(), known);
    ended(&site.run(&["run"]), 0);
    ended(&site.run(&["verify"]), 0);
}

/// The journal of a site's register.
pub fn journal(site: &Site) -> PathBuf {
    let entries = fs::read_dir(site.path().join("state")).expect("a folder");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let is_journal = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "ndjson");
    paths.find(is_journal).expect("a journal")
}

#[test]
fn a_journal_that_does_not_fit_its_ledger_is_told_and_rebuilt() {
    type Harm = fn(&Path, Vec<u8>);
    let cases: [(&str, Harm); 6] = [
        ("a pipe", |path, _| {
            fs::remove_file(path).expect("it is removed");
            assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
        }),
        ("a folder", |path, _| {
            fs::remove_file(path).expect("it is removed");
            fs::create_dir(path).expect("a folder");
        }),
        ("removed", |path, _| fs::remove_file(path).expect("it is removed")),
        ("emptied", |path, _| fs::write(path, "").expect("it is written")),
        ("cut off", |path, bytes| fs::write(path, &bytes[..bytes.len() - 9]).expect("it is written")),
        ("of another ledger", |path, bytes| {
            let text = String::from_utf8(bytes).expect("text").replacen("register-", "register_", 1);
            fs::write(path, text).expect("it is written");
        }),
    ];
    for (case, harm) in cases {
        let site = used();
        let known = site.register();
        let path = journal(&site);
        let before = fs::read(&path).expect("a journal");
        harm(&path, before);
        let text = ended(&site.run(&["doctor"]), 4);
        assert!(text.contains("fails  ledger") && text.contains("rebuild-ledger"), "{case}: {text}");
        put(site.path(), "inbox/next.json", file("json", &[record(9)]));
        let text = ended(&site.run(&["run"]), 4);
        assert!(text.contains("the journal of the ledger"), "{case}: {text}");
        assert!(site.path().join("inbox/next.json").is_file(), "{case}: nothing is taken");
        // What it advises helps.
        ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
        assert_eq!(site.register(), known, "{case}");
        ended(&site.run(&["doctor"]), 0);
        ended(&site.run(&["run"]), 0);
        assert_eq!(site.register().0.len(), known.0.len() + 1, "{case}");
    }
}

#[test]
fn a_changed_byte_of_the_journal_is_found() {
    let site = used();
    let path = journal(&site);
    let mut bytes = fs::read(&path).expect("a journal");
    let last = bytes.len() - 4;
    bytes[last] ^= 1;
    fs::write(&path, bytes).expect("it is written");
    let text = ended(&site.run(&["doctor"]), 4);
    assert!(text.contains("damaged: cannot read the journal of the ledger"), "{text}");
    let text = ended(&site.run(&["verify"]), 4);
    assert!(text.contains("the journal of the ledger") && text.contains("1 fault"), "{text}");
    assert_eq!(site.status(&[])["ledger"]["sound"], false);
    put(site.path(), "inbox/next.json", file("json", &[record(9)]));
    let text = ended(&site.run(&["run"]), 4);
    assert!(text.contains("it does not hold what the ledger says"), "{text}");
}

#[test]
fn what_is_sound_of_a_damaged_register_is_carried_over() {
    let site = used();
    put(site.path(), "known.ndjson", "{\"customerExtId\":\"known before\"}\n");
    ended(&site.run(&["register", "import", "known.ndjson"]), 0);
    let path = journal(&site);
    let known = site.register();
    let text = fs::read_to_string(&path).expect("a journal").replace(&number(1), &number(8));
    fs::write(&path, text).expect("it is written");
    let text = ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    assert!(text.contains("not all that the old ledger alone knows could be read"), "{text}");
    assert_eq!(site.register(), known, "what was imported is known to the old ledger alone");
}

#[test]
fn a_rebuild_that_was_killed_when_it_was_complete_is_finished() {
    let site = used();
    put(site.path(), "known.ndjson", "{\"customerExtId\":\"known before\"}\n");
    ended(&site.run(&["register", "import", "known.ndjson"]), 0);
    let known = site.register();
    let state = site.path().join("state");
    for moved in [["ledger.db", "journal"].as_slice(), &["ledger.db"]] {
        // The old ledger is aside, the new one complete; its journal may have its place already.
        ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
        fs::create_dir(state.join("rebuilt")).expect("a folder");
        let ledger = site.ledger();
        let name: String = ledger
            .query_row("SELECT value FROM meta WHERE name = 'journal'", [], |row| row.get(0))
            .expect("a journal");
        drop(ledger);
        for file in moved {
            let file = if *file == "journal" { name.as_str() } else { file };
            fs::rename(state.join(file), state.join("rebuilt").join(file)).expect("it is renamed");
        }
        for command in ["run", "doctor", "status"] {
            let text = ended(&site.run(&[command]), 4);
            assert!(text.contains("run `kyc-import rebuild-ledger` again"), "{command}: {text}");
        }
        let text = ended(&site.run(&["rebuild-ledger"]), 0);
        assert!(text.contains("a ledger that was rebuilt before has taken its place"), "{text}");
        assert_eq!(site.register(), known);
        assert!(!state.join("rebuilt").exists());
        ended(&site.run(&["doctor"]), 0);
    }
}

#[test]
fn a_register_that_cannot_be_read_again_judges_nothing() {
    let mut site = Site::new();
    let id = |index: u64| format!("a customer that was known before, number {index:06}");
    let known: String =
        (0..20_000).map(|index| format!("{{\"customerExtId\":\"{}\"}}\n", id(index))).collect();
    put(site.path(), "known.ndjson", known);
    ended(&site.run(&["register", "import", "known.ndjson"]), 0);
    put(site.path(), "first.json", file("json", &[record(1)]));
    ended(&site.run(&["run", "first.json"]), 0);
    // The index hides the damage, until a batch is superseded and all is read again, or one is begun behind it.
    let path = journal(&site);
    let whole = fs::read(&path).expect("a journal");
    let cut = &whole[..whole.len() - 9];
    fs::write(&path, cut).expect("it is written");
    put(site.path(), "second.json", file("json", &[record(3)]));
    let text = ended(&site.run(&["run", "second.json"]), 4);
    assert!(text.contains("it does not hold what the ledger says"), "{text}");
    assert_eq!(fs::read(&path).expect("a journal"), cut, "nothing more is lost");
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 400].fill(b'x');
    fs::write(&path, bytes).expect("it is written");
    let mut last = record(2);
    last["customerExtId"] = id(19_999).into();
    let last = file("json", &[last]);
    put(site.path(), "last.json", last.clone());
    let text = ended(&site.run(&["run", "--force", "first.json", "last.json"]), 4);
    assert!(text.contains("it does not hold what the ledger says"), "{text}");
    assert_eq!(site.batches().len(), 1, "nothing is judged by half a register");
    fs::write(&path, whole).expect("it is written");
    let text = ended(&site.run(&["run", "last.json"]), 1);
    assert!(text.contains("C004"), "{text}");
    site.drop_file("first.json", file("json", &[record(1)]));
    ended(&site.run(&["run"]), 0);
}

#[test]
fn what_a_killed_decision_left_in_the_journal_is_written_over() {
    let mut site = used();
    let path = journal(&site);
    let whole = fs::read(&path).expect("a journal");
    fs::write(&path, [&whole[..], b"[\"half a li"].concat()).expect("it is written");
    ended(&site.run(&["doctor"]), 0);
    site.drop_file("next.json", file("json", &[record(9)]));
    ended(&site.run(&["run"]), 0);
    site.assert_done();
    let now = fs::read(&path).expect("a journal");
    assert!(now.starts_with(&whole) && !String::from_utf8_lossy(&now).contains("half"));
}

#[test]
fn a_ledger_of_another_version_is_refused_with_the_way_on() {
    for version in [1, 99] {
        let site = used();
        let known = site.register();
        site.ledger().pragma_update(None, "user_version", version).expect("it is written");
        for command in ["run", "status", "doctor"] {
            let text = ended(&site.run(&[command]), 4);
            assert!(text.contains(&format!("tables {version}, known ")), "{command}: {text}");
            assert_eq!(text.contains("register export"), version == 1, "{command}: {text}");
        }
        ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
        assert_eq!(site.register(), known);
    }
}

#[test]
fn an_index_that_is_lost_or_damaged_changes_nothing() {
    type Harm = fn(&Path, Vec<u8>);
    let cases: [(&str, Harm); 5] = [
        ("as it was", |path, bytes| fs::write(path, bytes).expect("it is written")),
        ("removed", |path, _| fs::remove_file(path).expect("it is removed")),
        ("cut off", |path, bytes| fs::write(path, &bytes[..bytes.len() / 2]).expect("it is written")),
        ("a changed byte", |path, mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).expect("it is written");
        }),
        ("of another ledger", |path, mut bytes| {
            bytes[8..24].fill(b'0');
            fs::write(path, bytes).expect("it is written");
        }),
    ];
    let site = Site::new();
    let id = |index: u64| format!("a customer that was known before, number {index:06}");
    let known: String =
        (0..20_000).map(|index| format!("{{\"customerExtId\":\"{}\"}}\n", id(index))).collect();
    put(site.path(), "known.ndjson", known);
    ended(&site.run(&["register", "import", "known.ndjson"]), 0);
    let index = site.path().join("state/register.index");
    let written = fs::read(&index).expect("so many records have an index");
    for (number, (case, harm)) in (0..).zip(cases) {
        harm(&index, written.clone());
        let mut known = record(number);
        known["customerExtId"] = id(number * 4_999).into();
        let name = format!("{number}.json");
        put(site.path(), &name, file("json", &[known, record(100 + number)]));
        let text = ended(&site.run(&["run", &name]), 1);
        assert!(text.contains("accepted 1   rejected 1") && text.contains("C004"), "{case}: {text}");
    }
}
