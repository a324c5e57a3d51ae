//! Memory does not grow with the file: the peak of a process that reads a stream, at one and at ten
//! times the size.

use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};

use crate::support::{individual, project};

/// The records of the small stream: several times what may be in flight.
const RECORDS: u64 = 12_000;

/// What the identifiers of one record may take.
const BYTES_A_RECORD_MAX: u64 = 24;

/// Room for what differs from run to run, such as the arenas of the allocator.
const NOISE_BYTES: u64 = 8 << 20;

/// Sends so many records to `check -` and returns the peak of its resident memory, in bytes, when all
/// of them but the last few have been read.
fn peak(records: u64) -> u64 {
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
    let (once, ten_times) = (peak(RECORDS), peak(RECORDS * 10));
    let allowed = once + 9 * RECORDS * BYTES_A_RECORD_MAX + NOISE_BYTES;
    assert!(ten_times <= allowed, "{once} bytes grew to {ten_times}, {allowed} are allowed");
    let limit = (64 << 20) + 2 * (8 << 20) + 10 * RECORDS * BYTES_A_RECORD_MAX;
    assert!(ten_times <= limit, "{ten_times} bytes, {limit} are allowed");
}
