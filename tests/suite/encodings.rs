//! Encodings: strict by default, named or guessed where somebody said so, always shown.

use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1257};
use serde_json::{Value, json};

use crate::commands::{code, folder, program_with, put, stderr, stdout};
use crate::support::{individual, program};

const NAME: &str = "Žydrūnė";

fn record(number: u32) -> Value {
    let mut record = individual();
    record["customerExtId"] = json!(format!("X-{number}"));
    record["communicationNumber"] = json!(format!("N-{number}"));
    record["firstName"] = json!(NAME);
    record
}

/// The same two records in every format.
fn documents() -> [(&'static str, String); 4] {
    let records = [record(1), record(2)];
    let names: Vec<&String> = records[0].as_object().expect("an object").keys().collect();
    let row = |record: &Value| {
        names.iter().map(|name| record[name.as_str()].as_str().expect("a text")).collect::<Vec<_>>().join(";")
    };
    let header = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(";");
    let csv = format!("{header}\r\n{}\r\n{}\r\n", row(&records[0]), row(&records[1]));
    let element = |record: &Value| {
        let fields = names.iter().map(|name| {
            let field = kyc_import::contract::CUSTOMER.field(name).expect("a field");
            format!("<{0}>{1}</{0}>", field.xml_name(), record[name.as_str()].as_str().expect("a text"))
        });
        format!("<AMLYZE_CUSTOMER>{}</AMLYZE_CUSTOMER>\n", fields.collect::<String>())
    };
    [
        ("a.csv", csv),
        ("a.ndjson", format!("{}\n{}\n", records[0], records[1])),
        ("a.json", json!(records).to_string()),
        ("a.xml", format!("<C>\n{}{}</C>\n", element(&records[0]), element(&records[1]))),
    ]
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

#[test]
fn other_encodings_are_refused_with_proof_that_stays_in_the_batch() {
    for (name, text) in documents() {
        let root = folder();
        put(root.path(), name, encoded(&text, WINDOWS_1257));
        let output = program_with(root.path(), &[("KYC_IMPORT_LOG", "debug")], &["run", name], b"");
        assert_eq!(code(&output), 3, "{name}");
        for part in ["windows-1257", "encoding = \"windows-1257\"", "\"auto\"", "--encoding"] {
            assert!(stdout(&output).contains(part), "{name}: {part}: {}", stdout(&output));
        }
        let folder = batch(root.path());
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).expect("a file");
        assert!(read("unreadable.txt").contains(NAME), "{name}: {}", read("unreadable.txt"));
        let public = [stdout(&output), stderr(&output), read("summary.json")];
        assert!(public.iter().all(|text| !text.contains(NAME) && !text.contains("Example")), "{public:?}");
    }
}

/// A configuration, variables and arguments.
type Way<'w> = (&'w str, &'w [(&'w str, &'w str)], &'w [&'w str]);

#[test]
fn an_encoding_is_accepted_from_the_flag_the_variable_and_the_settings() {
    let ways: [Way<'_>; 5] = [
        ("", &[], &["--encoding", "windows-1257"]),
        ("", &[], &["--encoding", "AUTO"]),
        ("", &[("KYC_IMPORT_ENCODING", "cp1257")], &[]),
        ("[input]\nencoding = \"windows-1257\"\n", &[], &[]),
        ("[[source]]\nfiles = \"A.*\"\nencoding = \"auto\"\n", &[], &[]),
    ];
    for (name, text) in documents() {
        for (config, variables, arguments) in ways {
            let root = folder();
            put(root.path(), name, encoded(&text, WINDOWS_1257));
            put(root.path(), "kyc-import.toml", config);
            let output = program_with(root.path(), variables, &[&["run", name], arguments].concat(), b"");
            assert_eq!(
                code(&output),
                0,
                "{name} {config} {arguments:?}: {}{}",
                stdout(&output),
                stderr(&output)
            );
            assert!(stdout(&output).contains("windows-1257"), "{}", stdout(&output));
            let accepted = std::fs::read_to_string(batch(root.path()).join("accepted.ndjson"));
            assert_eq!(accepted.expect("a file").matches(NAME).count(), 2, "{name}");
        }
    }
}

/// The only batch in the outbox.
fn batch(root: &Path) -> PathBuf {
    std::fs::read_dir(root.join("outbox"))
        .expect("an outbox")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| !path.ends_with(".staging"))
        .expect("a batch")
}

#[test]
fn text_that_tells_its_encoding_is_believed() {
    let root = folder();
    for (name, text) in documents() {
        // UTF-8 with and without a mark, whatever the settings say.
        for bytes in [text.as_bytes().to_vec(), [b"\xef\xbb\xbf", text.as_bytes()].concat()] {
            put(root.path(), name, bytes);
            let output = program(root.path(), &["check", name, "--encoding", "windows-1257"]);
            assert!(code(&output) == 0 && stdout(&output).contains(" utf-8 "), "{name}: {}", stdout(&output));
        }
    }
    let (_, xml) = &documents()[3];
    let declared =
        format!("<?xml version=\"1.0\" encoding=\"windows-1250\"?>\n{}", xml.replace(NAME, "Łukasz"));
    put(root.path(), "b.xml", encoded(&declared, WINDOWS_1250));
    let output = program(root.path(), &["check", "b.xml", "--encoding", "windows-1257"]);
    assert!(code(&output) == 0 && stdout(&output).contains("windows-1250"), "{}", stdout(&output));
}

#[test]
fn utf16_without_a_mark_is_read_where_it_is_named_or_guessed() {
    for (name, text) in documents() {
        let root = folder();
        put(root.path(), name, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        assert_eq!(code(&program(root.path(), &["check", name])), 3);
        for encoding in ["utf-16le", "auto"] {
            let output = program(root.path(), &["check", name, "--encoding", encoding]);
            assert!(
                code(&output) == 0 && stdout(&output).contains("utf-16le"),
                "{name}: {}",
                stdout(&output)
            );
        }
    }
}

#[test]
fn one_broken_letter_does_not_make_a_file_another_encoding() {
    for (name, text) in documents() {
        let at = text.rfind(NAME).expect("a name");
        let mut broken = text.into_bytes();
        broken.remove(at);
        let root = folder();
        put(root.path(), name, broken);
        for arguments in [&["check", name][..], &["check", name, "--encoding", "windows-1257"]] {
            let output = program(root.path(), arguments);
            let shown = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(code(&output), 3, "{arguments:?}: {shown}");
            assert!(shown.contains("the file is UTF-8, but a letter in it is broken"), "{shown}");
            assert!(shown.contains(&format!("byte {at})")) && !shown.contains("It is likely"), "{shown}");
        }
        assert_eq!(code(&program(root.path(), &["check", name, "--encoding", "auto"])), 3);
    }
}

#[test]
fn letters_that_look_like_those_of_utf8_by_chance_are_read_as_named() {
    // Of these half-width letters most pairs are valid UTF-8.
    let text = documents()[0].1.replacen(NAME, "ﾐｷﾕｷ", 1).replacen(NAME, "ﾄｼﾏﾘ", 1);
    let root = folder();
    put(root.path(), "a.csv", encoded(&text, SHIFT_JIS));
    let output = program(root.path(), &["check", "a.csv", "--encoding", "shift_jis"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
}

#[test]
fn letters_far_into_a_file_are_looked_at_too() {
    let (_, text) = &documents()[0];
    let (header, rows) = text.split_once("\r\n").expect("a header");
    let ascii = rows.replace(NAME, "Ona").lines().next().expect("a row").to_owned();
    let many: String = (10..20_000)
        .map(|number| {
            ascii.replace("X-1", &format!("X-{number}")).replace("N-1", &format!("N-{number}")) + "\r\n"
        })
        .collect();
    let long = format!("{header}\r\n{many}{rows}");
    assert!(long.len() > 3 << 19);
    let root = folder();
    for (encoding, setting, status, says) in [
        (WINDOWS_1257, "windows-1257", 0, "windows-1257"),
        (WINDOWS_1257, "utf-8", 3, "windows-1257"),
        // Guesses are made on the first part of a file only.
        (WINDOWS_1257, "auto", 3, "encoding = \"windows-1257\""),
        (UTF_8, "windows-1257", 3, "the file is UTF-8, but the settings say windows-1257"),
        (UTF_8, "auto", 0, "utf-8"),
    ] {
        put(root.path(), "a.csv", encoded(&long, encoding));
        let output = program(root.path(), &["check", "a.csv", "--encoding", setting]);
        assert_eq!(code(&output), status, "{setting}: {}", stdout(&output));
        // The terminal's lines are broken where they are full.
        let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(says), "{setting}: {text}");
    }
}

#[test]
fn bytes_without_a_meaning_fail_the_file_at_their_place() {
    for (name, text) in documents() {
        let root = folder();
        let mut bytes = encoded(&text, WINDOWS_1257);
        // The second record; 0xA1 is not used in this encoding.
        let at = bytes.iter().rposition(|byte| *byte == 0xde).expect("the name");
        bytes[at] = 0xa1;
        put(root.path(), name, &bytes);
        let output = program(root.path(), &["check", name, "--encoding", "windows-1257"]);
        assert_eq!(code(&output), 3, "{name}: {}", stdout(&output));
        let shown = stdout(&output);
        assert!(
            shown.contains("not valid windows-1257") && shown.contains(&format!("byte {at})")),
            "{shown}"
        );
    }
    let output = program(folder().path(), &["check", "-", "--encoding", "klingon"]);
    assert!(code(&output) == 2 && stderr(&output).contains("klingon"), "{}", stderr(&output));
}
