#![no_main]
//! XML: the plain way through a record and the one that knows all of XML come to the same result.

#[path = "judged.rs"]
mod judged;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let plain = judged::judge(bytes, "fuzz.xml", 1 << 20);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if plain.failure.is_some() || text.contains("<!") || text.contains("<?") {
        return;
    }
    // A comment within a record forces the other way.
    let close = "</AMLYZE_CUSTOMER>";
    let forced = judged::judge(text.replace(close, &format!("<!---->{close}")).as_bytes(), "fuzz.xml", 1 << 20);
    assert_eq!(plain.accepted, forced.accepted);
    assert_eq!(plain.counts, forced.counts);
    assert_eq!(plain.failure, forced.failure);
});
