//! Files that are broken in one place.

use super::{COLUMNS, NAMESPACE, documents, element, failure, judge, line, row};

#[test]
fn an_open_quote_that_swallows_the_rest_fails_the_file() {
    let text =
        format!("{COLUMNS}\n{}\n{}\n{}\n", row(1, "Ona"), row(2, "\"Jonas").replace("\"LT\"", "LT"), "more");
    let message = failure(&text, "x.csv", "F001");
    assert!(message.contains("row 3, line 3"), "{message}");
    let message = failure(format!("{COLUMNS};\"open\n{}\n", row(1, "Ona")), "x.csv", "F001");
    assert!(message.contains("quote in the header"), "{message}");
}

#[test]
fn an_open_quote_that_is_closed_later_rejects_all_it_swallowed() {
    let open = row(2, "\"Jonas").replace("\"LT\"", "LT");
    let rows = [row(1, "Ona"), open, row(3, "\"Eva\""), row(4, "Rasa")];
    let judged = judge(format!("{COLUMNS}\n{}\n", rows.join("\n")), "x.csv");
    assert_eq!(judged.finished.tally.counts.accepted, 2);
    assert_eq!(judged.codes(1), ["R001"]);
    for swallowed in ["N-2", "Jonas", "N-3", "Eva"] {
        assert!(judged.rejected.contains(swallowed), "{}", judged.rejected);
    }
}

#[test]
fn text_behind_a_closing_quote_rejects_the_row_alone() {
    let text = format!("{COLUMNS}\n{}\n{}\n{}\n", row(1, "Ona"), row(2, "\"Jo\"nas"), row(3, "Eva"));
    let judged = judge(&text, "x.csv");
    assert_eq!(judged.finished.tally.counts.accepted, 2);
    assert_eq!(judged.codes(1), ["R001"]);
    assert!(judged.rejected.contains("\"Jo\"nas"), "{}", judged.rejected);
}

#[test]
fn xml_that_is_no_single_document_fails() {
    let good = format!("<a>{}</a>", element(1, "Ona"));
    for (text, wanted) in [
        (format!("<a>{}", element(1, "Ona")), "cut off"),
        (format!("<a>{}</a", element(1, "Ona")), "ends within a tag"),
        (format!("{good}{good}"), "second document"),
        (format!("{}{}", element(1, "Ona"), element(2, "Eva")), "second document"),
        (format!("{good} and more"), "text follows"),
        (format!("{good}<![CDATA[x]]>"), "outside"),
        (format!("{good}</a>"), "no element is open"),
        (format!("<a><b>{}</a></b>", element(1, "Ona")), "does not match"),
        (format!("<a>{}<?xml version=\"1.0\"?></a>", element(1, "Ona")), "declaration"),
        (format!("<a>{}<!-- no end</a>", element(1, "Ona")), "ends within"),
        (format!("<a>{}<1></1></a>", element(1, "Ona")), "begins no tag"),
        (format!("<a>{}<b=c></b=c></a>", element(1, "Ona")), "begins no tag"),
        (format!("<a>{}<!-- x -- y --></a>", element(1, "Ona")), "-- stands in a comment"),
        (format!("<!-- x --->{good}"), "-- stands in a comment"),
        (format!("<a>{}<? x?></a>", element(1, "Ona")), "no processing instruction"),
        (format!("<?XML x?>{good}"), "no processing instruction"),
        (format!("<?xml encoding='utf-8'?>{good}"), "declaration is not well-formed"),
        (format!("<a b=1>{}</a>", element(1, "Ona")), "attribute"),
        (format!("<a b=\"1\"c=\"2\">{}</a>", element(1, "Ona")), "attribute"),
        (format!("<a b='1' b='2'>{}</a>", element(1, "Ona")), "attribute"),
        (format!("<a>{}<b c='&x;'/></a>", element(1, "Ona")), "&amp;"),
        (format!("<a>{}a & b</a>", element(1, "Ona")), "&amp;"),
        (format!("<a>{}&#0;</a>", element(1, "Ona")), "&amp;"),
        (format!("<a>x\u{1}{}</a>", element(1, "Ona")), "control character"),
        (format!("<a>\u{FFFF}{}</a>", element(1, "Ona")), "control character"),
        (format!("<a>\u{c}{}</a>", element(1, "Ona")), "control character"),
        (format!("<a>{}{}a & b</a>", element(1, "Ona"), "\n".repeat(50)), "line 51, column 3,"),
        (format!("<a>{}\nab]]></a>", element(1, "Ona")), "line 2, column 3,"),
        (format!("<a>{}te]", element(1, "Ona")), "cut off"),
        (format!("<a>{}</a>&", element(1, "Ona")), "text follows"),
        (format!("<p:a b=1>{}</p:a>", element(1, "Ona")), "attribute"),
        (format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{good}"), "DOCTYPE"),
        (format!("<!DOCTYPE a [<!ENTITY x \"y\">]>{good}"), "DOCTYPE"),
        (format!("<!doctype html>{good}"), "DOCTYPE"),
        (format!("<a>{}</a>", element(1, "Ona<!DOCTYPE x>")), "DOCTYPE"),
    ] {
        let message = failure(&text, "x.xml", "F001");
        assert!(message.contains(wanted), "{wanted}: {message}");
    }
}

#[test]
fn xml_records_that_are_not_well_formed_fail_the_file() {
    let texts = "&undefined;|&|a & b|&#0;|&#xD800;|&#xFFFE;|&#;|&lt|<b>|</b>|<b></c>|\u{1}|<![CDATA[x|<!-- -- -->\
                 |<!x>|\u{FFFE}|a\u{FFFF}|<? x?>|<?xml?>";
    let in_text = texts.split('|').map(|raw| element(2, raw));
    let tags = "<b a=1/>|<b a=\"1\" a=\"2\"/>|<b a/>|<b a=1></b>|<b><c a/></b>|<1/>|< b/>|<b/ >|</>\
                |<b=c/>|<b a=\"1\"c=\"2\"/>|<b a=\"&x\"/>|<b a=\"&#0;\"/>|<\u{2010}/>";
    let between =
        tags.split('|').map(|tag| element(2, "Ona").replace("<LastName>", &format!("{tag}<LastName>")));
    for broken in in_text.chain(between) {
        let text = format!("<a>{}{broken}{}</a>", element(1, "Ona"), element(3, "Eva"));
        let message = failure(&text, "x.xml", "F001");
        assert!(message.contains("line 1"), "{broken}: {message}");
    }
}

#[test]
fn attributes_may_hold_a_greater_sign_and_are_never_lost_unseen() {
    let text = format!(
        "<a x='>' y=\"'>\">{}</a>",
        element(1, "Ona").replace("<FirstName>", "<FirstName xsi:a=\"b > c\">")
    );
    assert_eq!(judge(text, "x.xml").finished.tally.counts.accepted, 1);
    let text = format!("<a>{}</a>", element(1, "Ona").replace("<FirstName>", "<FirstName middle='a>b'>"));
    assert_eq!(judge(text, "x.xml").warnings(0), ["W001"]);
}

#[test]
fn a_control_character_never_gets_through() {
    for (name, text) in documents("O\0na") {
        if matches!(name, "x.ndjson" | "x.csv") {
            let judged = judge(&text, name);
            assert_eq!(judged.finished.tally.counts.accepted, 2, "{name}");
            assert_eq!(judged.codes(1), ["R001"], "{name}");
        } else {
            failure(&text, name, "F001");
        }
        let tail = [text.replace('\0', "").as_bytes(), &[0; 512]].concat();
        let judged = judge(&tail, name);
        let codes = judged.reports.last().map(|report| report["errorCode"].clone());
        assert!(
            judged.finished.failure.is_some() || codes == Some("R001".into()),
            "{name} with a tail of NUL"
        );
    }
}

#[test]
fn bytes_that_are_not_utf8_fail_the_file_and_are_named() {
    for (name, text) in documents("@") {
        let bytes: Vec<u8> = text
            .bytes()
            .flat_map(|byte| if byte == b'@' { b"\xc0\xfeuolas \xebeime".to_vec() } else { vec![byte] })
            .collect();
        let message = failure(&bytes, name, "F001");
        assert!(message.contains("UTF-8") && message.contains("windows-1257"), "{name}: {message}");
        assert!(
            message.contains(&format!("byte {}", text.find('@').expect("it is there"))),
            "{name}: {message}"
        );
    }
    // The first letters of a character, and nothing behind it.
    for (name, text) in documents("Eva") {
        failure([text.as_bytes(), b"\xe2\x82"].concat(), name, "F001");
    }
    failure(b"\xff\xff\xff\xff", "x.csv", "F001");
    failure([COLUMNS.as_bytes(), b";v\xfb\n1\n"].concat(), "x.csv", "F001");
}

#[test]
fn utf16_is_read_with_its_mark_and_refused_without() {
    for (name, text) in documents("Žąsė 😀") {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf8 = judge(&text, name);
        for (mark, bytes) in [(b"\xff\xfe", &little), (b"\xfe\xff", &big)] {
            let judged = judge([mark.as_slice(), bytes].concat(), name);
            assert_eq!(judged.accepted, utf8.accepted, "{name}");
            assert_eq!(judged.finished.tally.counts.accepted, 3);
            failure([mark.as_slice(), &bytes[..bytes.len() - 1]].concat(), name, "F001");
            failure([mark.as_slice(), bytes, b"\xd8\xd8\xd8\xd8"].concat(), name, "F001");
        }
        assert!(failure(&little, name, "F001").contains("utf-16le"));
        assert!(failure(&big, name, "F001").contains("utf-16be"));
    }
}

#[test]
fn a_file_without_records_fails() {
    let header = format!("{COLUMNS}\r\n");
    let many_blank_rows = format!("{header}\r\n;;;\r\n   \r\n");
    for (name, text) in [
        ("x.csv", ""),
        ("x.json", ""),
        ("x.xml", ""),
        ("x.csv", "\u{feff}"),
        ("x.json", " \r\n\t\n"),
        ("x.csv", COLUMNS),
        ("x.csv", &header),
        ("x.csv", &many_blank_rows),
        ("x.json", "[]"),
        ("x.json", " [ ] "),
        ("x.json", "{\"customers\":[]}"),
        ("x.json", "{\"customers\": [ ], \"total\": 0}"),
        ("x.xml", "<Customers/>"),
        ("x.xml", "<?xml version=\"1.0\"?>\n<a><b>text</b></a>"),
        ("x.xml", "<a><amlyze_customer/></a>"),
        ("x.xml", "<a><!-- <AMLYZE_CUSTOMER/> --></a>"),
        ("x.ndjson", "\n\n"),
    ] {
        failure(text, name, "F002");
    }
}

#[test]
fn a_wrapper_holds_customers_once_and_as_a_list() {
    let one = line(1, "Ona");
    for text in [
        format!("{{\"customers\":[{one}],\"customers\":[{}]}}", line(2, "Eva")),
        format!("{{\"customers\":[{one}],\"customers\":null}}"),
        format!("{{\"customers\":[{one}]"),
        format!("{{\"customers\":[{one}}}"),
        format!("{{\"customers\":[{one}],}}"),
        format!("{{\"customers\":[{one}],\"a\"}}"),
        format!("{{\"customers\":[{one}] \"a\":1}}"),
        format!("{{\"a\":01,\"customers\":[{one}]}}"),
    ] {
        failure(&text, "x.json", "F001");
    }
    for customers in ["{}", "\"x\"", "null", "5", "{\"0\":{}}"] {
        let judged = judge(format!("{{\"customers\":{customers}}}"), "x.json");
        assert_eq!(judged.finished.tally.counts.accepted, 0, "{customers}");
    }
}

#[test]
fn what_follows_the_end_fails_the_file() {
    let one = line(1, "Ona");
    for text in [
        format!("[{one}] x"),
        format!("[{one}][{one}]"),
        format!("[{one}]]"),
        format!("[{one}],"),
        format!("{{\"customers\":[{one}]}}}}"),
        format!("{{\"customers\":[{one}]}} {{}}"),
        format!("[{one}]\0"),
        format!("[{one},]"),
        format!("[,{one}]"),
        format!("[{one},,{one}]"),
        format!("[{one} {one}]"),
        "[".to_owned(),
        format!("[{}", one.replace('}', "")),
        format!("[{one}}}"),
        format!("[{one}"),
        "[5, 6".to_owned(),
        "]".to_owned(),
        format!("{},}}", one.trim_end_matches('}')),
        format!("{{,{}", one.trim_start_matches('{')),
        "{\"a\":[1,]}".to_owned(),
    ] {
        failure(&text, "x.json", "F001");
    }
}

#[test]
fn an_element_that_is_no_object_is_rejected_alone() {
    let (one, two) = (line(1, "Ona"), line(2, "Eva"));
    for element in ["1", "null", "[]", "\"x\"", "true", "[[{}]]"] {
        let judged = judge(format!("[{one},{element},{two}]"), "x.json");
        assert_eq!(judged.finished.failure, None, "{element}");
        assert_eq!(judged.codes(1), ["R001"], "{element}");
        assert_eq!(judged.finished.tally.counts.accepted, 2, "{element}");
    }
}

#[test]
fn an_element_with_text_between_its_fields_is_rejected_alone_below_its_reason() {
    let mixed = element(2, "Eva").replace("<LastName>", "stray<LastName>");
    let judged = judge(format!("<a>{}\n{mixed}\n{}</a>", element(1, "Ona"), element(3, "Ona")), "x.xml");
    assert_eq!(judged.finished.failure, None);
    assert_eq!((judged.codes(1), judged.finished.tally.counts.accepted), (vec!["R001".to_owned()], 2));
    let wanted = format!(
        "<!-- line 2\n  R001: Record is not well-formed: text stands between the fields of a record\n-->\n{mixed}"
    );
    assert!(judged.rejected.contains(&wanted), "{}", judged.rejected);
    assert_eq!(judge(&judged.rejected, "x.rejected.xml").codes(0), ["R001"]);
}

#[test]
fn a_broken_line_is_rejected_alone_and_stands_verbatim() {
    for broken in [
        "{\"a\":1",
        "{\"a\":1}}",
        "{'a':1}",
        "{\"a\":1,}",
        "[1]",
        "5",
        "null",
        "garbage",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
    ] {
        let judged = judge(format!("{}\n{broken}\r\n{}\n", line(1, "Ona"), line(2, "Eva")), "x.ndjson");
        assert_eq!(judged.finished.tally.counts.accepted, 2, "{broken}");
        assert_eq!(judged.codes(1), ["R001"], "{broken}");
        assert_eq!(judged.rejected.trim_end(), broken);
    }
}

#[test]
fn half_of_a_surrogate_pair_rejects_its_record_alone() {
    let [first, last] = [line(1, "Ona"), line(3, "Eva")];
    for half in ["\\ud800", "\\ud800\\n", "\\udc00", "\\ud83d\\ud83d", "\\ud83d\\u0041"] {
        let broken = line(2, "Jonas HALF").replace("HALF", half);
        for (opening, closing) in [("[", "]"), ("{\"customers\":[", "]}")] {
            let judged = judge(format!("{opening}{first},\n{broken},\n{last}{closing}"), "x.json");
            assert_eq!(judged.finished.failure, None, "{half}");
            assert_eq!(
                (judged.codes(1), judged.finished.tally.counts.accepted),
                (vec!["R001".to_owned()], 2)
            );
            assert!(judged.rejected.contains(&broken), "{}", judged.rejected);
            assert_eq!(judge(&judged.rejected, "x.rejected.json").codes(0), ["R001"]);
        }
    }
    // What is broken behind it is broken all the same.
    failure(format!("[{first},{{\"a\":\"\\ud800\",}},{last}]"), "x.json", "F001");
}

#[test]
fn two_columns_for_one_field_fail_the_file() {
    for column in [
        "firstName",
        "First Name",
        "first_name",
        "FIRSTNAME",
        "\"firstName\"",
        "listAddress[0].country;List Address.0.Country",
        "listAddress;listAddress[0].country",
        "listAddress[1].country;listAddress",
        "fieldOfActivity;fieldOfActivity.student.isStudent",
        "initializeScreeningProcesses;initializeScreeningProcesses[0]",
    ] {
        failure(format!("{COLUMNS};{column}\n{}\n", row(1, "Ona")), "x.csv", "F003");
    }
}

#[test]
fn a_header_that_is_mostly_unknown_fails_the_file() {
    for text in [
        "a;b;c\n1;2;3\n",
        "1;2;3\n4;5;6\n",
        "firstName;x;y\n1;2;3\n",
        "firstName^lastName\nOna^Example\n",
        "sep=^\nfirstName^lastName\nOna^Example\n",
        "hello",
        "{\n",
    ] {
        failure(text, "x.csv", "F001");
    }
    let judged = judge(format!("{COLUMNS};shoeSize;shoeSize\n{};42;43\n", row(1, "Ona")), "x.csv");
    assert_eq!(judged.finished.warnings.len(), 1, "an unknown column is a warning, once for the file");
    assert_eq!(judged.finished.tally.counts.accepted, 1);
}

#[test]
fn broken_cells_in_the_place_of_our_reasons_are_looked_at_as_they_stand() {
    let wide = format!("x;y;{}", "a;".repeat(20));
    for start in ["\"1\"ž;F004", "1;\"F\"ž", "\"", "\"\"ž", "1;F004", ";", "1;\"F004\"", "\"1", "1;\"ž"] {
        let text =
            format!("_row;_codes;_fields;_errors;{COLUMNS}\n{start};{wide}\n1;F004;;;{}\n", row(1, "Ona"));
        let judged = judge(&text, "x.csv");
        let counts = judged.finished.tally.counts;
        assert_eq!(counts.read, counts.accepted + counts.rejected, "{start}");
        assert!(counts.rejected > 0 || judged.finished.failure.is_some(), "{start}");
    }
}

#[test]
fn the_content_decides_what_a_file_is() {
    for (_, text) in documents("Eva") {
        for name in ["x.csv", "x", "x.txt", "-"] {
            assert_eq!(judge(&text, name).finished.tally.counts.accepted, 3, "{text}");
        }
    }
    for (name, text) in [
        ("x.json", "firstName;lastName\n"),
        ("x.xml", "firstName;lastName\n"),
        ("x.xml", "plain"),
        ("x.json", "true or false"),
    ] {
        let message = failure(text, name, "F001");
        assert!(message.contains("does not begin like it"), "{message}");
    }
}

#[test]
fn a_foreign_namespace_is_a_warning_for_the_file() {
    for changed in [
        element(1, "Ona").replace(NAMESPACE, "urn:other"),
        element(1, "Ona").replace(&format!(" xmlns=\"{NAMESPACE}\""), ""),
    ] {
        let judged = judge(changed, "x.xml");
        assert_eq!(judged.finished.tally.counts.accepted, 1);
        let codes: Vec<String> =
            judged.finished.warnings.iter().map(|warning| warning.code.to_string()).collect();
        assert_eq!(codes, ["W010"]);
    }
}

#[test]
fn a_short_row_is_rejected_and_the_others_go_on() {
    let text = format!("{COLUMNS}\n{}\nN-2;r\n{};\n{}\n", row(1, "Ona"), row(3, "Jonas"), row(4, "Eva"));
    let judged = judge(&text, "x.csv");
    assert_eq!(judged.finished.tally.counts.accepted, 2);
    assert_eq!((judged.codes(1), judged.codes(2)), (vec!["F004".to_owned()], vec!["F004".to_owned()]));
}

#[test]
fn a_name_that_says_lines_is_believed() {
    for first in ["[1]", "[", "<a/>", "]"] {
        let judged = judge(format!("{first}\n{}\n", line(1, "Ona")), "x.ndjson");
        assert_eq!(judged.finished.failure, None, "{first}");
        assert_eq!((judged.codes(0), judged.codes(1)), (vec!["R001".to_owned()], vec![]), "{first}");
    }
}

#[test]
fn a_mark_where_files_were_joined_is_no_trouble() {
    let judged =
        judge(format!("\u{feff}{}\n\u{feff}{}\n\u{feff}", line(1, "Ona"), line(2, "Eva")), "x.ndjson");
    assert_eq!((judged.finished.tally.counts.read, judged.finished.tally.counts.accepted), (2, 2));
}

#[test]
fn much_white_space_in_front_is_passed_over() {
    for blanks in [" ".repeat(100_000), "\r\n".repeat(100_000)] {
        let judged = judge(format!("{blanks}[{}]", line(1, "Ona")), "x");
        assert_eq!((judged.finished.failure, judged.finished.tally.counts.accepted), (None, 1));
    }
}

#[test]
fn text_that_no_xml_reader_takes_is_refused() {
    let good = "<AMLYZE_CUSTOMER><FirstName>Ona</FirstName></AMLYZE_CUSTOMER>";
    assert_eq!(judge(good, "x.xml").finished.failure, None);
    for (text, says) in [
        (good.replace("Ona", "O]]>na"), "]]>"),
        (format!("<C>]]>{good}</C>"), "]]>"),
        (format!("<c:C>{good}</c:C>"), "prefix"),
        (format!("<C><c:D/>{good}</C>"), "prefix"),
        (good.replace("AMLYZE_CUSTOMER", "c:AMLYZE_CUSTOMER"), "prefix"),
    ] {
        let message = failure(&text, "x.xml", "F001");
        assert!(message.contains(says), "{text}: {message}");
    }
    let section = good.replace("Ona", "<![CDATA[O]]>na");
    assert_eq!(judge(section, "x.xml").finished.failure, None);
}

#[test]
fn bytes_behind_the_last_record_must_be_text_too() {
    let json = documents("Eva").into_iter().find(|(name, _)| *name == "x.json").expect("a wrapper").1;
    for filler in [0, 30, 70_000, 300_000] {
        let note = format!("}}{}", " ".repeat(filler));
        let end = json.rfind('}').expect("it is an object");
        let front = [&json[..end], ",\"note\":\"", &"x".repeat(filler)].concat();
        for (bytes, name) in [
            ([front.as_bytes(), b"\xff\xe0\"", note.as_bytes()].concat(), "x.json"),
            (xml_ending(filler, b"<!-- \xff\xe0 -->"), "x.xml"),
            (xml_ending(filler, b"<b c=\"\xff\xe0\"/>"), "x.xml"),
            (xml_ending(filler, b"<b\xff\xe0/>"), "x.xml"),
            (xml_ending(filler, b"\xff\xe0"), "x.xml"),
        ] {
            let message = failure(&bytes, name, "F001");
            assert!(message.contains("UTF-8"), "{name} {filler}: {message}");
        }
        failure(
            [b"<a><!-- \xff -->".as_slice(), " ".repeat(filler).as_bytes(), b"</a>"].concat(),
            "x.xml",
            "F001",
        );
    }
}

/// A document with a record, so many letters and an ending.
fn xml_ending(filler: usize, ending: &[u8]) -> Vec<u8> {
    let front = format!("<a>{}<!--{}-->", element(1, "Ona"), "x".repeat(filler));
    [front.as_bytes(), ending, b"</a>"].concat()
}
