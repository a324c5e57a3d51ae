//! Outputs larger than what is read, written and hashed at a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::{assert_sound, batch8, names, run, wrong};
use crate::commands::{code, folder, put};
use crate::support::{individual, patched};

/// Stretches of lines that are all accepted, all rejected for themselves, and some because they came before: the last
/// of all too. So whole buffers, ranges of them and small rests are written in turn.
fn lines() -> String {
    let record = |number: u32| match number / 600 % 3 {
        1 => patched(wrong(), &json!({"customerExtId": format!("W{number}")})),
        stretch => {
            let number = if stretch == 2 && number % 31 == 30 { number % 600 } else { number };
            let id = format!("X{number}");
            patched(individual(), &json!({"communicationNumber": format!("N{number}"), "customerExtId": id}))
        }
    };
    (0..=5_362).map(|number| format!("{}\n", record(number))).collect()
}

/// The outputs of a batch that tell no time.
fn outputs(root: &Path, batch: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = root.join("outbox").join(batch);
    let outputs = ["accepted.ndjson", "errors.csv", "errors.ndjson", "rejected.ndjson"];
    names(&folder)
        .into_iter()
        .filter(|name| outputs.contains(&name.as_str()))
        .map(|name| (name.clone(), fs::read(folder.join(name)).expect("an output")))
        .collect()
}

#[test]
fn files_are_the_same_and_hashed_right_whatever_the_chunks_and_threads() {
    let text = lines();
    let mut first: Option<BTreeMap<_, _>> = None;
    for (chunk_bytes, threads) in [(131_072, 1), (131_072, 2), (1_024, 2), (70_000, 8), (4 << 20, 2)] {
        let root = folder();
        put(root.path(), "settings.toml", format!("[limits]\nchunk_bytes = {chunk_bytes}\n"));
        put(root.path(), "large.ndjson", &text);
        let threads = threads.to_string();
        let arguments = ["run", "large.ndjson", "--config", "settings.toml", "--threads", &threads];
        assert_eq!(code(&run(root.path(), &arguments)), 1);
        assert_sound(root.path());
        let found = outputs(root.path(), &format!("large.{}", batch8(text.as_bytes())));
        assert_eq!(found.len(), 4);
        assert!(found["accepted.ndjson"].len() > 5 * 131_072);
        match &first {
            Some(first) => assert!(found == *first, "chunks of {chunk_bytes} bytes, {threads} threads"),
            None => first = Some(found),
        }
    }
}
