#![no_main]
//! Lines of JSON: the reader takes exactly what serde_json takes as an object.

#[path = "judged.rs"]
mod judged;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    judged::judge(bytes, "fuzz.json", 1 << 20);
    // One line behind a good one, so that the file is read as lines.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A byte order mark in front of a line stands where files were joined, and is passed over.
    let text = text.trim_start_matches('\u{feff}');
    if text.contains(['\n', '\r']) || text.trim_matches([' ', '\t']).is_empty() {
        return;
    }
    let lines = format!("{{}}\n{{}}\n{text}\n");
    let judged = judged::judge(lines.as_bytes(), "fuzz.ndjson", 1 << 20);
    if judged.failure.is_some() {
        return;
    }
    let last = judged.reports.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
    let malformed = last.windows(6).any(|part| part == b"\"R001\"");
    let object = matches!(serde_json::from_str(text), Ok(serde_json::Value::Object(_)));
    assert_eq!(malformed, !object, "{text:?}");
});
