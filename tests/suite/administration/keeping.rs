//! `verify`, `purge`, `rebuild-ledger`, metrics, files for the batch endpoint, `status --format json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;

use serde_json::{Value, json};

use super::{corrected, ended, used};
use crate::commands::{code, put};
use crate::site::{SETTINGS, Site, file, files, number, record, wrong};

#[test]
fn verify_names_what_is_not_as_it_was() {
    let base = used();
    let text = ended(&base.run(&["verify"]), 0);
    assert!(
        text.starts_with("3 batches are as their manifests say (") && text.ends_with("; 0 faults\n"),
        "{text}"
    );
    let good = base.batch("good.");
    let text = ended(&base.run(&["verify", &good]), 0);
    assert!(text.starts_with("1 batch is as its manifest says ("), "{text}");
    for name in [format!("{good}/"), format!("outbox/{good}"), good[..good.len() - 3].to_owned()] {
        assert_eq!(ended(&base.run(&["verify", &name]), 0), text, "{name}");
    }
    for unknown in ["nope", "to-correct", ".."] {
        ended(&base.run(&["verify", unknown]), 2);
    }
    let faulty = |damage: &dyn Fn(&Site), says: &str| {
        let site = base.copy();
        damage(&site);
        let text = ended(&site.run(&["verify"]), 4);
        assert!(
            text.contains(says) && text.contains(&good) && text.ends_with("; 1 fault\n"),
            "{says}: {text}"
        );
        // The others are sound.
        ended(&site.run(&["verify", &site.batch("mixed.")]), 0);
    };
    let folder = format!("outbox/{good}");
    let flip = |site: &Site, name: &str| {
        let path = site.path().join(name);
        let mut bytes = fs::read(&path).expect("a file");
        let last = bytes.len() - 2;
        bytes[last] ^= 1;
        fs::write(path, bytes).expect("it can be written");
    };
    faulty(&|site| flip(site, &format!("{folder}/accepted.ndjson")), "accepted.ndjson was changed");
    let gone =
        |site: &Site| fs::remove_file(site.path().join(&folder).join("summary.json")).expect("it was there");
    faulty(&gone, "summary.json is missing");
    faulty(&|site| put(site.path(), &format!("{folder}/notes.txt"), "x"), "notes.txt is not in the manifest");
    let longer = |site: &Site| {
        let path = site.path().join(&folder).join("MANIFEST.json");
        let text = fs::read_to_string(&path).expect("a manifest");
        fs::write(path, format!("{text}\n")).expect("it can be written");
    };
    faulty(&longer, "MANIFEST.json is not the one that was committed");
    let original =
        files(&base.path().join("archive")).into_keys().find(|path| path.to_string_lossy().contains(&good));
    let original = original.expect("an original");
    let original = original.strip_prefix(base.path()).expect("it lies below").to_string_lossy().into_owned();
    faulty(&|site| fs::remove_file(site.path().join(&original)).expect("it was there"), "the original of");
    faulty(&|site| flip(site, &original), "was changed");
    faulty(
        &|site| fs::remove_dir_all(site.path().join(&folder)).expect("it was there"),
        "its folder is gone",
    );
}

#[test]
fn purge_shows_first_and_keeps_what_waits() {
    let mut site = used();
    let before = files(site.path()).len();
    let ages = ["--archive-days", "0", "--batches-days", "0"];
    assert_eq!(ended(&site.run(&["purge"]), 0), "nothing to remove\n");
    let text = ended(&site.run(&[&["purge"], &ages[..]].concat()), 0);
    assert_eq!(text.matches("would remove").count(), 4, "{text}");
    assert!(text.contains("the same command with --yes removes these 4"), "{text}");
    assert!(!text.contains("mixed."), "what waits for a correction is kept: {text}");
    assert_eq!(files(site.path()).len(), before);
    let register = site.register();
    let text = ended(&site.run(&[&["purge", "--yes"], &ages[..]].concat()), 0);
    assert_eq!(text.matches("removed  ").count(), 4, "{text}");
    assert_eq!(site.batches(), [site.batch("mixed.")].into());
    assert_eq!(files(&site.path().join("archive")).len(), 1);
    ended(&site.run(&["verify"]), 0);
    assert_eq!(site.register(), register);
    // The same bytes are still known.
    site.drop_file("good.json", file("json", &[record(1), record(2)]));
    let text = ended(&site.run(&["run"]), 0);
    assert!(text.contains("DUPLICATE FILE"), "{text}");
    // Corrected, it is kept no longer than others.
    let batch = site.batch("mixed.");
    let (name, text) = corrected(&site, &batch);
    site.drop_file(&name, text);
    ended(&site.run(&["run"]), 0);
    ended(&site.run(&[&["purge", "--yes", "--ledger-days", "0"], &ages[..]].concat()), 0);
    assert_eq!((site.batches(), site.rows().len()), (BTreeSet::new(), 0));
    ended(&site.run(&["verify"]), 0);
    assert_eq!(site.register().1, (1..5).map(number).collect());
}

#[test]
fn a_lost_ledger_is_made_again() {
    let mut site = used();
    let mixed = site.batch("mixed.");
    let again = file("json", &[record(1), record(2)]);
    site.drop_file("again.json", &again);
    assert!(ended(&site.run(&["run"]), 0).contains("DUPLICATE FILE"));
    // Half of a correction, and a batch that was superseded: what it made known no longer counts.
    put(site.path(), "named.json", file("json", &[record(8)]));
    ended(&site.run(&["run", "named.json"]), 0);
    ended(&site.run(&["run", "--force", "named.json"]), 0);
    let story = |site: &Site| {
        let mut status = site.status(&[]);
        let mut batches = status["batches"].as_array().expect("a list").clone();
        batches.sort_by_key(|batch| batch["batch"].to_string());
        batches.iter_mut().for_each(|batch| batch["claimed"] = Value::Null);
        status["toCorrect"]
            .as_array_mut()
            .expect("a list")
            .iter_mut()
            .for_each(|open| open["ageSeconds"] = Value::Null);
        (batches, status["toCorrect"].clone(), site.register())
    };
    let before = story(&site);
    let outbox = files(&site.path().join("outbox"));
    fs::remove_dir_all(site.path().join("state")).expect("it is lost");
    let text = ended(&site.run(&["rebuild-ledger"]), 0);
    assert!(text.starts_with("found 6 batches and "), "{text}");
    assert_eq!(story(&site), before);
    assert_eq!(files(&site.path().join("outbox")), outbox);
    ended(&site.run(&["verify"]), 0);
    let text = ended(&site.run(&["rebuild-ledger"]), 2);
    assert!(text.contains("--replace"), "{text}");
    // Duplicates are known, of files and of records, and corrections find their parents.
    site.drop_file("more.json", &again);
    assert!(ended(&site.run(&["run"]), 0).contains("DUPLICATE FILE"));
    site.drop_file("third.json", file("ndjson", &[record(3)]));
    let text = ended(&site.run(&["run"]), 1);
    assert!(text.contains("O001") && text.contains("C004"), "{text}");
    let (name, text) = corrected(&site, &mixed);
    site.drop_file(&name, text);
    ended(&site.run(&["run"]), 0);
    let chain = &site.status(&[&mixed])["chain"];
    assert_eq!(chain.as_array().expect("a list").len(), 2, "{chain}");
    assert!(site.register().1.contains(&number(4)));
    // Once more, now with a correction in it, beside the old one.
    let before = story(&site);
    ended(&site.run(&["rebuild-ledger", "--replace"]), 0);
    assert_eq!(story(&site), before);
    ended(&site.run(&["verify"]), 0);
    assert_eq!(site.status(&[&mixed])["origin"], "INBOX");
    // A summary that cannot be what was published tells nothing.
    let summary = site.path().join("outbox").join(&mixed).join("summary.json");
    let text = fs::read_to_string(&summary).expect("a summary");
    for changed in
        [text.replace("\"records\"", "\"recorded\""), text.replace("\"rejected\": 1", "\"rejected\": 0")]
    {
        fs::write(&summary, &changed).expect("it can be written");
        let told = ended(&site.run(&["rebuild-ledger", "--replace"]), 2);
        assert!(told.contains("summary.json") && told.contains("restore it from a backup"), "{told}");
    }
}

/// The samples of a text in the format of Prometheus, which must be well-formed.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let mut types: BTreeMap<&str, &str> = BTreeMap::new();
    let mut samples = BTreeMap::new();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a name and a help");
            assert!(is_name(name) && !help.is_empty());
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a name and a type");
            assert!(["counter", "gauge", "summary"].contains(&kind), "{line}");
            assert_eq!(types.insert(name, kind), None, "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a series and a value");
            let (name, labels) =
                series.split_once('{').map_or((series, None), |(name, labels)| (name, Some(labels)));
            let base = name.trim_end_matches("_sum").trim_end_matches("_count");
            assert!(
                is_name(name) && (types.contains_key(name) || types.get(base) == Some(&"summary")),
                "{line}"
            );
            for label in
                labels.into_iter().flat_map(|labels| labels.strip_suffix('}').expect("a brace").split(','))
            {
                let (label, value) = label.split_once("=\"").expect("a label and a value");
                assert!(
                    is_name(label)
                        && value.ends_with('"')
                        && !value.trim_end_matches('"').contains(['"', '\\'])
                );
            }
            let value: f64 = value.parse().expect("a number");
            assert_eq!(samples.insert(series.to_owned(), value), None, "{line}");
        }
    }
    samples
}

#[test]
fn metrics_are_right_and_appear_whole() {
    let mut site = Site::with_settings(&format!("{SETTINGS}[metrics]\npath = \"kyc.prom\"\n"));
    let path = site.path().join("kyc.prom");
    ended(&site.run(&["run"]), 0);
    let read = || samples(&fs::read_to_string(&path).expect("the measures"));
    assert_eq!(read()["kyc_import_last_success_timestamp_seconds"], 0.0);
    let inode = fs::metadata(&path).expect("a file").ino();
    let open = fs::File::open(&path).expect("it opens");
    site.drop_file("good.json", file("json", &[record(1), record(2)]));
    site.drop_file("mixed.csv", file("csv", &[record(3), wrong(4)]));
    site.drop_file("again.json", file("json", &[record(1), record(2)]));
    site.drop_file("broken.xml", "<Customers><AMLYZE_CUSTOMER>");
    ended(&site.run(&["run"]), 3);
    assert_ne!(fs::metadata(&path).expect("a file").ino(), inode, "a new file takes the name of the old one");
    assert_eq!(samples(&std::io::read_to_string(open).expect("text"))["kyc_import_open_corrections"], 0.0);
    let found = read();
    for (series, value) in [
        ("batches_total{status=\"ACCEPTED\"}", 1.0),
        ("batches_total{status=\"PARTIALLY_ACCEPTED\"}", 1.0),
        ("batches_total{status=\"DUPLICATE_FILE\"}", 1.0),
        ("batches_total{status=\"UNREADABLE\"}", 1.0),
        ("records_total{result=\"accepted\"}", 3.0),
        ("records_total{result=\"rejected\"}", 1.0),
        ("findings_total{code=\"C016.I01\"}", 1.0),
        ("open_corrections", 1.0),
        ("inbox_files", 0.0),
        ("unfinished_files", 0.0),
        ("batch_duration_seconds_count", 4.0),
    ] {
        assert_eq!(found.get(&format!("kyc_import_{series}")), Some(&value), "{series}: {found:?}");
    }
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs_f64();
    let last = found["kyc_import_last_success_timestamp_seconds"];
    assert!(last <= now && now - last < 60.0, "{last}");
    assert_eq!(fs::metadata(&path).expect("a file").mode() & 0o777, 0o644);
    let partial = files(site.path()).into_keys().filter(|path| path.to_string_lossy().contains("kyc.prom"));
    assert_eq!(partial.count(), 1);
}

#[test]
fn accepted_records_come_in_files_for_the_batch_endpoint() {
    let mut site =
        Site::with_settings(&format!("{SETTINGS}[output]\naccepted = \"batches\"\nrecords_per_file = 3\n"));
    let records: Vec<Value> = (0..8).map(|id| if id == 4 { wrong(id) } else { record(id) }).collect();
    for format in ["json", "csv"] {
        site.drop_file(&format!("{format}.{format}"), file(format, &records));
        ended(&site.run(&["run"]), 1);
        let folder = site.path().join("outbox").join(site.batch(&format!("{format}.")));
        if format == "csv" {
            // All ids are known by now.
            assert!(!folder.join("accepted-0001.json").exists() && !folder.join("accepted.ndjson").exists());
            continue;
        }
        let lines = fs::read_to_string(folder.join("accepted.ndjson")).expect("lines");
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let mut sizes = Vec::new();
        let mut found = Vec::new();
        for number in 1..=3 {
            let text = fs::read(folder.join(format!("accepted-{number:04}.json"))).expect("a file");
            let mut file: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&text).expect("JSON");
            let customers = file.remove("customers").expect("customers");
            assert!(file.is_empty());
            sizes.push(customers.len());
            found.extend(customers);
        }
        assert_eq!((sizes, found), (vec![3, 3, 1], lines));
        assert!(!folder.join("accepted-0004.json").exists());
    }
    ended(&site.run(&["verify"]), 0);
    for setting in ["records_per_file = 0", "accepted = \"files\""] {
        put(site.path(), "wrong.toml", format!("[output]\naccepted = \"batches\"\n{setting}\n"));
        assert_eq!(code(&site.run(&["--config", "wrong.toml", "run"])), 2, "{setting}");
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn status_has_the_same_keys_for_programs() {
    let site = used();
    put(site.path(), "inbox/notes.doc", "x");
    let status = site.status(&[]);
    assert_eq!(keys(&status), ["batches", "inbox", "leftCopies", "ledger", "toCorrect"].into());
    let line = ["accepted", "batch", "claimed", "read", "rejected", "state", "status", "withWarnings"];
    assert_eq!(keys(&status["batches"][0]), line.into());
    assert_eq!(keys(&status["toCorrect"][0]), ["ageSeconds", "batch", "copies", "rejected", "since"].into());
    assert_eq!(keys(&status["toCorrect"][0]["copies"][0]), ["path", "state"].into());
    assert_eq!(
        keys(&status["ledger"]),
        ["batches", "fault", "path", "records", "sound", "unfinished"].into()
    );
    assert_eq!((&status["ledger"]["batches"], &status["ledger"]["records"]), (&json!(3), &json!(3)));
    assert_eq!(status["inbox"][0]["file"], "inbox/notes.doc");
    assert_eq!(keys(&status["inbox"][0]), ["file", "reason"].into());
    let story = site.status(&[&site.batch("mixed.")]);
    let mut wanted = line.to_vec();
    wanted.extend([
        "archived",
        "attempts",
        "bytes",
        "chain",
        "committed",
        "corrects",
        "done",
        "file",
        "folder",
        "note",
        "origin",
        "outputs",
        "replacedBy",
        "sha256",
        "summary",
        "supersedes",
        "waitsForCorrection",
        "withdrawn",
    ]);
    assert_eq!(keys(&story), wanted.into_iter().collect());
    assert_eq!(keys(&story["attempts"][0]), ["ended", "number", "outcome", "started"].into());
    assert_eq!(site.status(&["--last", "1"])["batches"].as_array().expect("a list").len(), 1);
}
