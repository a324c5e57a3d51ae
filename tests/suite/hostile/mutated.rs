//! Files cut at every byte, and files with random damage.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::generate::{Dice, any_record, csv, json, records, xml};
use super::super::laws::cases;
use super::{COLUMNS, documents, element, judge, line, row};

/// How many records are whole, for a format in which that can be told.
fn whole_records(name: &str, cut: &str) -> (usize, usize) {
    let pieces: Vec<&str> = match name {
        "x.ndjson" => cut.lines().filter(|line| !line.trim().is_empty()).collect(),
        _ => cut.lines().skip(1).filter(|line| !line.trim().is_empty()).collect(),
    };
    let ends = if name == "x.ndjson" { "}" } else { "\"LT\"" };
    (pieces.len(), pieces.iter().filter(|piece| piece.ends_with(ends)).count())
}

#[test]
fn a_file_cut_at_any_byte_fails_or_has_a_rejected_record() {
    for (name, text) in documents("Jonas") {
        let last = text.trim_end().len();
        for cut in 0..last {
            let judged = judge(&text[..cut], name);
            if judged.finished.failure.is_some() {
                continue;
            }
            let counts = judged.finished.tally.counts;
            assert!(
                matches!(name, "x.ndjson" | "x.csv"),
                "{name} cut at {cut} of {last} is no whole document"
            );
            let (begun, whole) = whole_records(name, &text[..cut]);
            assert_eq!((counts.read, counts.accepted), (begun as u64, whole as u64), "{name} cut at {cut}");
        }
    }
}

#[test]
fn a_single_record_cut_at_any_byte_is_not_accepted() {
    let pretty = line(1, "Ona").replace(",\"", ",\n  \"");
    for (name, text) in [("x.json", line(1, "Ona")), ("x.json", pretty), ("x.xml", element(1, "Ona"))] {
        for cut in 0..text.len() {
            let judged = judge(&text[..cut], name);
            assert_eq!(judged.finished.tally.counts.accepted, 0, "{name} cut at {cut}");
        }
    }
}

#[test]
fn a_file_that_lost_its_beginning_is_not_read_as_if_it_had_not() {
    for (name, text) in
        documents("Jonas").into_iter().filter(|(name, _)| matches!(*name, "x.ndjson" | "x.csv"))
    {
        for cut in 1..text.len() {
            let judged = judge(&text[cut..], name);
            let counts = judged.finished.tally.counts;
            if name == "x.csv" {
                let header = cut < COLUMNS.len();
                assert!(header || counts.accepted == 0, "from {cut}: the header is gone");
                continue;
            }
            // A line that begins in the middle of another one is no record.
            let whole = 3 - text[..cut].lines().count() as u64;
            let in_line = !text[..cut].ends_with('\n') && !text[cut..].starts_with('\n');
            assert_eq!((counts.accepted, counts.rejected), (whole, u64::from(in_line)), "from {cut}");
        }
    }
}

/// One piece of damage.
#[derive(Debug, Clone)]
enum Damage {
    Change(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Double(Index, usize),
    Cut(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let signs = proptest::sample::select(&b"\"'<>{}[]&;:,|\\/=!-?\r\n\t \0\xff\xfe\x80"[..]);
    let byte = prop_oneof![signs, any::<u8>()];
    prop_oneof![
        4 => (any::<Index>(), byte.clone()).prop_map(|(at, byte)| Damage::Change(at, byte)),
        3 => (any::<Index>(), vec(byte, 1..4)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        3 => (any::<Index>(), 1..40_usize).prop_map(|(at, bytes)| Damage::Remove(at, bytes)),
        1 => (any::<Index>(), 1..80_usize).prop_map(|(at, bytes)| Damage::Double(at, bytes)),
        1 => any::<Index>().prop_map(Damage::Cut),
    ]
}

fn damaged(mut text: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        let length = text.len().max(1);
        let range = |at: &Index, bytes: usize| at.index(length)..(at.index(length) + bytes).min(length);
        match damage {
            _ if text.is_empty() => {}
            Damage::Change(at, byte) => text[at.index(length)] = *byte,
            Damage::Insert(at, bytes) => drop(text.splice(range(at, 0), bytes.iter().copied())),
            Damage::Remove(at, bytes) => drop(text.drain(range(at, *bytes))),
            Damage::Double(at, bytes) => text.extend_from_within(range(at, *bytes)),
            Damage::Cut(at) => text.truncate(at.index(length)),
        }
    }
    text
}

proptest! {
    #![proptest_config(cases(300))]

    /// What holds for every file is checked by `judge`: no panic, and read = accepted + rejected.
    #[test]
    fn no_damage_loses_a_record(
        records in records(any_record(), 3), seed in any::<u64>(), damages in vec(damage(), 1..6),
        format in 0..6_usize,
    ) {
        let dice = &mut Dice::seeded(seed);
        let (name, text) = match format {
            0 => ("x.ndjson", json::lines(&records, dice)),
            1 => ("x.json", json::array(&records, dice)),
            2 => ("x.json", json::wrapper(&records, dice)),
            3 => ("x.xml", xml::document(&records, dice)),
            4 => ("x.json", json::record(&records[0], dice, true)),
            _ => ("x.csv", csv::document(&records, dice).text),
        };
        let text = damaged(text.into_bytes(), &damages);
        let judged = judge(&text, name);
        let by_lines = judged.finished.format.is_some_and(|format| format.name() == "ndjson");
        let by_lines = name == "x.ndjson" && by_lines && !text.starts_with(b"\xef\xbb\xbf");
        if by_lines && judged.finished.failure.is_none() {
            let lines = text.split(|byte| *byte == b'\n');
            let lines = lines.filter(|line| !line.trim_ascii().is_empty()).count();
            prop_assert_eq!(judged.finished.tally.counts.read, lines as u64);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..120), start in 0..8_usize, name in 0..4_usize) {
        let starts: [&[u8]; 8] = [
            b"", b"{", b"[{", b"<a>", b"\xff\xfe", b"{\"customers\":[", b"<AMLYZE_CUSTOMER ",
            b"firstName;lastName\n",
        ];
        judge([starts[start], &bytes].concat(), ["x.json", "x.xml", "x.csv", "x.ndjson"][name]);
    }

    #[test]
    fn no_row_is_lost_whatever_its_cells(cells in vec(vec("[a\"; ,\\n]{0,6}", 1..4), 1..5)) {
        let rows: Vec<String> = cells.iter().map(|row| row.join(";")).collect();
        let text = format!("{COLUMNS}\n{}\n{}\n", row(1, "Ona"), rows.join("\n"));
        let judged = judge(&text, "x.csv");
        if judged.finished.failure.is_none() {
            prop_assert_eq!(judged.finished.tally.counts.accepted, 1);
            // Every letter stands in the rejected file: no row has vanished.
            let wanted = rows.concat().matches('a').count();
            let kept = judged.rejected.lines().skip(1).collect::<String>();
            let own = kept.matches('a').count();
            prop_assert!(own >= wanted, "{} {}", text, judged.rejected);
        }
    }
}
