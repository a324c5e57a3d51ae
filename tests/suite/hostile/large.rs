//! Large and deep files: limits hold, other records go on, nothing takes long.

use kyc_import::format::{Limits, Profile, Text, open};
use kyc_import::pipeline::Settings;
use kyc_import::rules::Past;
use serde_json::{Value, json};

use super::super::support::{defaults, individual, judge_with, patched};
use super::{COLUMNS, documents, element, failure, judge, judge_within, line, row};

/// Nested lists of this depth.
fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[test]
fn json_is_read_128_levels_deep() {
    for depth in 1..140 {
        let text = format!("{{\"x\":{}}}", nested(depth));
        let judged = judge(format!("{{}}\n{text}"), "x.ndjson");
        assert_eq!(judged.codes(1) != ["R001"], depth < 128, "{} levels", depth + 1);
    }
}

#[test]
fn a_record_that_is_too_deep_is_rejected_among_lines_and_fails_an_array() {
    let deep = format!("{{\"x\":{}}}", nested(1_000));
    let judged = judge(format!("{}\n{deep}\n{}", line(1, "Ona"), line(2, "Eva")), "x.ndjson");
    assert_eq!(judged.finished.tally.counts.accepted, 2);
    assert_eq!(judged.codes(1), ["R001"]);
    assert!(failure(format!("[{deep}]"), "x.json", "F001").contains("128"));
    assert!(
        failure(format!("{{\"a\":{},\"customers\":[]}}", nested(1_000)), "x.json", "F001").contains("128")
    );
}

#[test]
fn a_million_brackets_are_no_trouble() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = open.repeat(1_000_000 / open.len());
        failure(&text, "x.json", "F001");
        let judged = judge(format!("{}\n{text}\n{}", line(1, "Ona"), line(2, "Eva")), "x.ndjson");
        assert_eq!(judged.finished.tally.counts.accepted, 2);
    }
    failure("<a>".repeat(300_000), "x.xml", "F001");
    failure(element(1, &"<a>".repeat(300_000)), "x.xml", "F001");
    failure(element(1, &("<a>".repeat(200) + &"</a>".repeat(200))), "x.xml", "F001");
    failure("<".repeat(100_000), "x.xml", "F001");
    failure("\"".repeat(100_000), "x.csv", "F001");
    failure(";".repeat(2_000), "x.csv", "F001");
}

#[test]
fn long_names_are_not_repeated_at_length() {
    let name = "k".repeat(200_000);
    let judged = judge(patched(individual(), &json!({&name: 1})).to_string(), "x.json");
    assert_eq!(judged.warnings(0), ["W001"]);
    let report = judged.reports[0].to_string();
    assert!(report.len() < 8_000, "a report of {} bytes", report.len());
    let text = element(1, "Ona").replace("<LastName>", &format!("<{name}/><LastName>"));
    assert!(judge(text, "x.xml").reports[0].to_string().len() < 8_000);
    let judged = judge(format!("{COLUMNS};{name}\n{};x\n", row(1, "Ona")), "x.csv");
    assert!(judged.finished.warnings[0].message.len() < 1_000);
}

#[test]
fn a_chunk_holds_few_records_however_small_they_are() {
    const RECORDS: usize = 5_000;
    let limits = Limits { chunk_bytes: 16_384, ..Limits::default() };
    let xml = format!("<Customers>{}</Customers>", "<AMLYZE_CUSTOMER/>\r\n".repeat(RECORDS));
    for (name, text, record) in [
        ("x.ndjson", "{}\r\n".repeat(RECORDS), "{}"),
        ("x.json", format!("[{}{{}}]", "{} ,".repeat(RECORDS - 1)), "{}"),
        ("x.csv", format!("firstName\r\n{}", "x\r\n\r\n".repeat(RECORDS)), "x"),
        ("x.xml", xml, "<AMLYZE_CUSTOMER/>"),
    ] {
        let mut opened = open(text.as_bytes(), Some(name), limits, &Profile::default()).expect("it is one");
        let (mut records, mut bytes) = (0, None);
        while let Some(chunk) = opened.framer.next_chunk(Text::default()).expect("it can be cut") {
            let expected = *bytes.get_or_insert(chunk.start.byte_offset);
            assert_eq!(chunk.start.byte_offset, expected, "{name}: text is lost");
            let before = &text[..usize::try_from(expected).expect("it is small")];
            assert_eq!(chunk.start.line, before.matches('\n').count() as u64 + 1, "{name}");
            bytes = Some(expected + chunk.text.len() as u64);
            assert!(chunk.frames.len() <= limits.chunk_bytes / 64, "{name}: {} records", chunk.frames.len());
            assert!(chunk.frames.is_empty() || chunk.first_record == records as u64 + 1, "{name}");
            for frame in &chunk.frames {
                assert_eq!(
                    &chunk.text[frame.start as usize..frame.end as usize],
                    record.as_bytes(),
                    "{name}"
                );
            }
            records += chunk.frames.len();
        }
        assert_eq!((records, bytes), (RECORDS, Some(text.len() as u64)), "{name}");
    }
}

/// A limit that the small records keep, and chunks far below it.
const LIMITS: Limits = Limits { chunk_bytes: 700, record_bytes_max: 4_000 };

#[test]
fn a_record_over_the_limit_is_rejected_and_the_others_go_on() {
    for bytes in [3_500, 5_000, 70_000, 200_000] {
        for (name, text) in documents(&"y".repeat(bytes)) {
            let judged = judge_within(&text, name, LIMITS);
            assert_eq!(judged.finished.failure, None, "{name} {bytes}");
            if bytes < LIMITS.record_bytes_max {
                assert_eq!(judged.finished.tally.counts.accepted, 3, "{name}");
                continue;
            }
            assert_eq!(judged.finished.tally.counts.accepted, 2, "{name} {bytes}");
            assert_eq!(judged.codes(1), ["R002"], "{name} {bytes}");
            assert!(judged.rejected.contains(&"y".repeat(bytes)), "{name}: it stands as it stood");
            let told = judged.rejected.contains("<!-- line 2\n  R002: Record is larger than");
            assert_eq!(told, name == "x.xml", "{}", &judged.rejected[..200]);
            let rejected = format!("x.{}", judged.finished.format.expect("it was read").extension());
            let again = judge_within(&judged.rejected, &rejected, LIMITS);
            assert_eq!(again.finished.failure, None, "{name} {bytes}");
            assert_eq!(again.finished.tally.counts.rejected, 1, "{name} {bytes}");
            assert_eq!(again.codes(0), ["R002"], "{name} {bytes}");
        }
    }
}

#[test]
fn the_place_of_a_record_over_the_limit_is_its_first_byte() {
    for bytes in [5_000, 200_000] {
        for (name, text) in documents(&"y".repeat(bytes)) {
            let text = text.replace(",\n", ",\n   \n  ");
            let report = &judge_within(&text, name, LIMITS).reports[1];
            let byte_offset = report["byteOffset"].as_u64().expect("a place");
            let start = &text[usize::try_from(byte_offset).expect("a small file")..];
            let wanted = if name == "x.csv" {
                "N-2;"
            } else if name == "x.xml" {
                "<AMLYZE"
            } else {
                "{"
            };
            assert!(start.starts_with(wanted), "{name} {bytes}: {:?}", &start[..20]);
            assert_eq!(
                report["row"],
                if matches!(name, "x.csv") { 3.into() } else { report["line"].clone() }
            );
        }
    }
}

#[test]
fn a_quote_that_is_open_for_longer_than_a_record_may_be_fails_the_file_at_any_place() {
    for before in [0, 40_000, 64_000, 65_000, 66_000] {
        let quoted = format!("\"{}\"", "y".repeat(5_000));
        let filler = "\n".repeat(before);
        let text = format!("{COLUMNS}\n{filler}{}\n{}\n", row(1, &quoted), row(2, "Eva"));
        let message = failure_within(&text, LIMITS);
        assert!(message.contains("quote"), "{before}: {message}");
    }
}

fn failure_within(text: &str, limits: Limits) -> String {
    let judged = judge_within(text, "x.csv", limits);
    judged.finished.failure.as_ref().map_or_else(|| format!("{:?}", judged.codes(0)), ToString::to_string)
}

#[test]
fn a_section_that_is_longer_than_a_record_may_be_rejects_the_record_at_any_place() {
    for before in [0, 40_000, 64_000, 65_000, 66_000] {
        let section = format!("<![CDATA[{}]]>", "y".repeat(5_000));
        let filler = " ".repeat(before);
        let text = format!("<a>{filler}{}{}</a>", element(1, &section), element(2, "Eva"));
        let judged = judge_within(&text, "x.xml", LIMITS);
        assert_eq!(judged.finished.failure, None, "{before}");
        assert_eq!(judged.codes(0), ["R002"], "{before}");
    }
}

/// The same in front of many records and behind them: what is read at once differs.
fn at_any_place(what: &str, wanted: &str) {
    let many = |from: usize| (from..from + 60).map(|number| element(number, "Ona")).collect::<String>();
    for (before, behind) in [(many(1), many(100)), (String::new(), many(100)), (many(1), String::new())] {
        for chunk_bytes in [700, 9_000, 200_000] {
            let text = format!("<a>{before}{what}{behind}</a>");
            let message = failure_within(&text, Limits { chunk_bytes, ..LIMITS });
            assert!(message.contains(wanted), "{chunk_bytes}: {message}");
        }
    }
}

#[test]
fn what_stands_around_records_is_no_larger_than_a_record_may_be() {
    for bytes in [4_001, 6_500, 70_000] {
        let letters = "x".repeat(bytes);
        at_any_place(&format!("<!--{letters}-->"), "larger than a record may be");
        at_any_place(&format!("<b c=\"{letters}\"/>"), "larger than a record may be");
        at_any_place(&format!("<![CDATA[{letters}]]>"), "larger than a record may be");
        let text = format!("<a>{}{letters}{}</a>", element(1, "Ona"), " ".repeat(bytes));
        assert_eq!(judge_within(&text, "x.xml", LIMITS).finished.failure, None, "text may be");
    }
}

#[test]
fn broken_markup_in_a_record_over_the_limit_fails_the_file_at_any_place() {
    for bytes in [4_001, 6_500, 70_000] {
        for markup in ["<1/>", "<b", "<!x>", "<!DOCTYPE x>"] {
            let record = element(99, &format!("{markup}<b/>{}", "y".repeat(bytes)));
            at_any_place(&record, "not readable as XML");
        }
    }
}

#[test]
fn many_names_with_prefixes_in_a_document_of_many_namespaces_are_no_trouble() {
    let declared: String =
        (0..30_000).map(|number| format!(" xmlns:n{number}=\"u\" a{number}=\"\"")).collect();
    let text = format!("<n0:r{declared}>{}{}</n0:r>", element(1, "Ona"), "<n29999:x/>".repeat(20_000));
    assert_eq!(judge(text, "x.xml").finished.tally.counts.accepted, 1);
}

#[test]
fn a_single_record_is_one_record_however_large_and_pretty_it_is() {
    let items: Vec<Value> =
        (0..1_500).map(|_| json!({"country": "LT", "addressDetails": "Pavyzdžių g. 1, Vilnius"})).collect();
    let purposes: Vec<Value> = (0..5).map(|_| json!({"appealReasonType": "OTHER"})).collect();
    let record = patched(individual(), &json!({"listAddress": items, "listAppealReason": purposes}));
    // Every item on a line of its own, as many programs print it.
    let text = record
        .to_string()
        .replace("},{", "},\n{")
        .replace("[{", "[\n{")
        .replace("}]", "}\n]")
        .replace(",\"", ",\n\"");
    let text = text.replace(
        "\"addressDetails\":\"Pavyzdžių g. 1, Vilnius\",\n",
        "\"addressDetails\":\"Pavyzdžių g. 1, Vilnius\",",
    );
    assert!(text.len() > 80_000);
    let judged = judge(&text, "x.json");
    assert_eq!(judged.finished.failure, None);
    assert_eq!(judged.finished.tally.counts.read, 1);
    assert_eq!(judged.finished.tally.counts.accepted, 1, "{:?}", judged.reports[0]["errors"]);
}

#[test]
fn blanks_in_front_are_no_trouble() {
    for (name, text) in documents("Eva").into_iter().filter(|(name, _)| *name != "x.csv") {
        let judged = judge(format!(" \r\n\t\n{text}"), name);
        assert_eq!(judged.finished.tally.counts.accepted, 3, "{name}");
    }
}

/// Many small records, and between them two places that break the file.
fn twice_broken() -> [(&'static str, Vec<u8>, &'static str); 4] {
    let lines: Vec<String> = (10..400).map(|number| line(number, "Ona")).collect();
    let elements: String = (10..300).map(|number| element(number, "Ona")).collect();
    let lines = lines.join(",");
    [
        ("x.json", format!("[{lines},{{\"a\" 1}},{lines} {{}}]").into_bytes(), "a colon was expected"),
        (
            "x.json",
            [format!("[{lines},{{\"a\" 1}},{lines},\"").as_bytes(), b"\xff\"]"].concat(),
            "a colon was expected",
        ),
        ("x.json", [b"[\"\xff\",", format!("{lines},{{\"a\" 1}},{lines}]").as_bytes()].concat(), "UTF-8"),
        (
            "x.xml",
            format!("<a>{elements}{}{elements}<x></y></a>", element(1, "&none;")).into_bytes(),
            "an entity is used",
        ),
    ]
}

#[test]
fn of_two_failures_the_first_is_told_whatever_the_chunks_and_threads() {
    for (name, text, wanted) in twice_broken() {
        for (chunk_bytes, threads) in [(1_000, 1), (50_000, 8), (1 << 20, 1), (1 << 20, 8)] {
            let limits = Limits { chunk_bytes, ..Limits::default() };
            let settings = Settings { limits, threads, ..defaults() };
            let judged = judge_with(&text, name, &settings, Past::unknown());
            let message = judged.failure().to_string();
            assert!(message.contains(wanted), "{name} in chunks of {chunk_bytes}: {message}");
        }
    }
}
