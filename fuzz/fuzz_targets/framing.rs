#![no_main]
//! Framing: the size of chunks changes nothing, whatever the format.

#[path = "judged.rs"]
mod judged;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let name = ["fuzz.json", "fuzz.ndjson", "fuzz.xml", "fuzz.csv"][usize::from(choice % 4)];
    let whole = judged::judge(bytes, name, 1 << 20);
    for chunk_bytes in [1, 7, 64] {
        assert_eq!(whole, judged::judge(bytes, name, chunk_bytes), "{name} in chunks of {chunk_bytes}");
    }
});
