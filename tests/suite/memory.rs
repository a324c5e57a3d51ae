//! Memory does not grow with the file: the peak of a process that reads a stream, at one and at ten
//! times the size.

use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::commands::{code, put};
use crate::site::{SETTINGS, Site, file, number, record};
use crate::support::{individual, patched, project};

/// The records of the small stream: several times what may be in flight.
const RECORDS: u64 = 12_000;

/// What the identifiers of one record may take.
const BYTES_A_RECORD_MAX: u64 = 24;

/// Room for what differs from run to run, such as the arenas of the allocator.
const NOISE_BYTES: u64 = 8 << 20;

/// Changes a record by its number.
type Change = fn(&mut Value, u64);

/// A sender who gives every record names of its own.
fn with_unknown_names(record: &mut Value, number: u64) {
    let fields = record.as_object_mut().expect("an object");
    fields.retain(|name, _| !name.starts_with("column"));
    for column in 0..5 {
        fields.insert(format!("column-{number}-{column}-{}", "x".repeat(40)), json!("x"));
    }
}

/// Sends so many records to `check -` and returns the peak of its resident memory, in bytes, when all
/// of them but the last few have been read.
fn peak(records: u64, change: Change) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
        .args(["check", "-", "--threads", "2"])
        .current_dir(project())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut input = BufWriter::with_capacity(1 << 20, child.stdin.take().expect("it is piped"));
    let mut record = individual();
    for number in 0..records {
        record["communicationNumber"] = format!("N-{number}").into();
        record["customerExtId"] = format!("X-{number}").into();
        change(&mut record, number);
        serde_json::to_writer(&mut input, &record).expect("the program reads");
        input.write_all(b"\n").expect("the program reads");
    }
    input.flush().expect("the program reads");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is still there");
    drop(input);
    assert!(child.wait().expect("it ends").success(), "every record is valid");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux tells the peak");
    let kibibytes: u64 =
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number");
    kibibytes * 1024
}

#[test]
fn the_peak_does_not_grow_with_the_file() {
    let changes: [(u64, Change); 2] = [(RECORDS, |_, _| {}), (RECORDS / 4, with_unknown_names)];
    for (records, change) in changes {
        let (once, ten_times) = (peak(records, change), peak(records * 10, change));
        let allowed = once + 9 * records * BYTES_A_RECORD_MAX + NOISE_BYTES;
        assert!(ten_times <= allowed, "{once} bytes grew to {ten_times}, {allowed} are allowed");
        let limit = (64 << 20) + 2 * (8 << 20) + 10 * records * BYTES_A_RECORD_MAX;
        assert!(ten_times <= limit, "{ten_times} bytes, {limit} are allowed");
    }
}

/// How many records a file of the test below has: its identifiers go to disk many times.
const MANY: u64 = 12_000;

/// Records that make customers known and meet many that are: creations, repeated ones, numbers that were used,
/// updates once and twice.
fn mixed(files_before: u64) -> Vec<u8> {
    let first = files_before * MANY;
    let change = |id: u64| match id {
        _ if id % 37 == 1 => json!({"customerExtId": record(id / 2)["customerExtId"]}),
        _ if id % 41 == 1 => json!({"communicationNumber": number(id / 3)}),
        _ if id % 5 == files_before => {
            json!({"customerExtId": record(id / 7 * 5)["customerExtId"], "action": "UPDATE"})
        }
        _ if id % 43 == 1 => json!({"customerExtId": null}),
        _ => json!({}),
    };
    let records: Vec<Value> = (first..first + MANY).map(|id| patched(record(id), &change(id))).collect();
    file("ndjson", &records)
}

/// How many slots the table of customers has in the register's index on disk.
fn table_slots(site: &Site) -> u64 {
    let index = std::fs::read(site.path().join("state/register.index")).expect("the index is written");
    // Behind the magic, the token and how much it covers.
    u64::from_le_bytes(index[32..40].try_into().expect("eight bytes"))
}

/// Both have imported the same records, refused the same, and know the same.
fn assert_alike(sites: &[Site; 2]) {
    let [one, other] = sites;
    assert_eq!(one.batches(), other.batches());
    for batch in one.batches() {
        for name in ["accepted.ndjson", "rejected.ndjson", "errors.ndjson", "errors.csv"] {
            let read = |site: &Site| {
                std::fs::read(site.path().join("outbox").join(&batch).join(name)).expect("it is there")
            };
            assert!(read(one) == read(other), "{batch}/{name} differs");
        }
    }
    let exported = |site: &Site| site.run_well(&["register", "export", "-"]);
    assert!(exported(one) == exported(other), "the registers differ");
}

#[test]
fn identifiers_that_go_to_disk_are_found_like_those_in_memory() {
    let limit = "[limits]\nidentifiers_bytes_max = 65536\n";
    let mut batches = Vec::new();
    let sites = ["", limit].map(|limit| {
        let mut site = Site::with_settings(&format!("{SETTINGS}{limit}"));
        // The index is made in memory, then read from its file, then from its file and the journal.
        for files_before in 0..3 {
            let before = site.batches();
            site.drop_file("many.ndjson", mixed(files_before));
            assert_eq!(code(&site.run(&["run"])), 1, "some records are rejected");
            batches.extend(site.batches().difference(&before).cloned());
        }
        site.run_well(&["verify"]);
        site
    });
    assert!(table_slots(&sites[0]) > MANY && table_slots(&sites[1]) <= 3584, "the setting has an effect");
    for batch in &batches {
        let counts = &sites[0].summary(batch)["records"];
        assert!(counts["rejected"].as_u64().is_some_and(|rejected| rejected > 300), "{counts}");
    }
    assert_alike(&sites);
    // Where there is less memory than there was, what was written down is not used; where there is more, it is.
    put(sites[0].path(), "kyc-import.toml", format!("{SETTINGS}{limit}"));
    put(sites[1].path(), "kyc-import.toml", SETTINGS);
    // A superseded batch is forgotten, wherever its identifiers lie.
    for site in &sites {
        assert_eq!(code(&site.run(&["reprocess", "--original", &batches[1]])), 1);
    }
    assert_alike(&sites);
}
