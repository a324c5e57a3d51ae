//! Records of one XML file that stand within different elements, with other namespaces around them.

use kyc_import::format::{Limits, Profile, Text, open};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::{NAMESPACE, element, judge, judge_within};

/// A record that is wrong, without a declaration of its own, its names behind a prefix.
fn wrong(number: usize, prefix: &str) -> String {
    let text = element(number, "").replace(&format!(" xmlns=\"{NAMESPACE}\""), "");
    text.replace('<', &format!("<{prefix}")).replace(&format!("<{prefix}/"), &format!("</{prefix}"))
}

/// Records that find their namespaces in different places.
fn scattered() -> String {
    let default = format!(" xmlns=\"{NAMESPACE}\"");
    [
        format!("<all{default}><a xmlns:x='urn:x'>{}</a>", wrong(1, "")),
        format!("<b xmlns:p='{NAMESPACE}' xmlns:x='urn:of \"b\"'><x:c>{}</x:c></b>", wrong(2, "p:")),
        format!("<c xmlns=\"urn:o'ther\">{}<d xmlns=''>{}</d></c>", wrong(3, ""), wrong(4, "")),
        wrong(5, "").replacen('>', " >", 1),
        format!("<e xmlns:q='urn:&lt;q&gt;'>{}\n{}</e>", wrong(6, "q:"), element(7, "Ona")),
        format!("<f>{}</f></all>\n", wrong(8, "").replacen('>', " xmlns='urn:own'>", 1)),
    ]
    .concat()
}

/// The namespaces of the records of a document and of a prefix `x` within them, as a parser of others resolves them.
fn namespaces(text: &str) -> Vec<(String, String)> {
    let mut reader = NsReader::from_str(text);
    let mut found = Vec::new();
    loop {
        let word = |resolved: ResolveResult<'_>| format!("{resolved:?}");
        match reader.read_event().expect("the document is well-formed") {
            Event::Start(tag) if tag.local_name().as_ref() == "AMLYZE_CUSTOMER" => {
                let own = word(reader.resolver().resolve_element(tag.name()).0);
                let other = word(reader.resolver().resolve_element(quick_xml::name::QName("x:y")).0);
                found.push((own, other));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn the_rejected_file_declares_what_its_records_found_around_them() {
    let text = scattered();
    let first = judge(&text, "x.xml");
    assert_eq!((first.finished.tally.counts.accepted, first.finished.tally.counts.rejected), (1, 7));
    let again = judge(&first.rejected, "x.rejected.xml");
    assert_eq!(again.finished.failure, None, "{}", first.rejected);
    assert_eq!(again.finished.tally.counts.rejected, 7);
    for (index, report) in first.reports.iter().filter(|report| report["errorCode"].is_string()).enumerate() {
        assert_eq!(again.reports[index]["customerExtId"], report["customerExtId"]);
        assert_eq!(again.reports[index]["errorCode"], report["errorCode"]);
    }
    // The accepted record is the seventh. A prefix that nobody declared may have a meaning now: nothing uses it.
    let (mut wanted, found) = (namespaces(&text), namespaces(&first.rejected));
    wanted.remove(6);
    assert_eq!(found.len(), wanted.len());
    for ((own, other), (found_own, found_other)) in wanted.iter().zip(&found) {
        assert_eq!(found_own, own, "{}", first.rejected);
        assert!(found_other == other || other.starts_with("Unknown"), "{}", first.rejected);
    }
    for chunk_bytes in [1, 400, 1_000, 2_000] {
        let cut = judge_within(&text, "x.xml", Limits { chunk_bytes, ..Limits::default() });
        assert_eq!(cut.rejected, first.rejected, "{chunk_bytes}");
        assert_eq!(cut.finished.warnings, first.finished.warnings, "{chunk_bytes}");
    }
}

#[test]
fn a_record_over_the_limit_takes_its_declaration_along() {
    let long = wrong(2, "p:").replace("Example", &"x".repeat(9_000));
    let text = format!("<all>{}<b xmlns:p='urn:p'>{long}</b></all>", wrong(1, ""));
    for chunk_bytes in [1, 700, 100_000] {
        let limits = Limits { chunk_bytes, record_bytes_max: 4_000 };
        let rejected = judge_within(&text, "x.xml", limits).rejected;
        assert!(rejected.contains("<p:AMLYZE_CUSTOMER xmlns:p=\"urn:p\">"), "{chunk_bytes}: {rejected}");
        let again = judge(&rejected, "x.rejected.xml");
        assert_eq!(
            (again.finished.failure, again.finished.tally.counts.rejected),
            (None, 2),
            "{chunk_bytes}"
        );
    }
}

#[test]
fn declarations_without_number_do_not_fill_the_disk() {
    let many: String = (0..10_000).map(|number| format!(" xmlns:n{number}='urn:{number}'")).collect();
    let records: String = (2..50).map(|number| wrong(number, "n9999:")).collect();
    let text = format!("<all>{}<b{many}>{records}</b></all>", wrong(1, ""));
    let rejected = judge(&text, "x.xml").rejected;
    assert!(rejected.len() < 50 * (4_096 + 4_000), "{} bytes", rejected.len());
    let again = judge(&rejected, "x.rejected.xml");
    assert_eq!((again.finished.failure, again.finished.tally.counts.rejected), (None, 49));
}

#[test]
fn more_scopes_than_a_chunk_counts_are_all_there() {
    let one = |number: usize| format!("<b xmlns='urn:b{number}'><AMLYZE_CUSTOMER/></b>");
    let count = usize::from(u16::MAX) + 9;
    let text = format!("<all>{}</all>", (0..count).map(one).collect::<String>());
    let limits = Limits { chunk_bytes: 64 << 20, ..Limits::default() };
    let mut framer =
        open(text.as_bytes(), Some("x.xml"), limits, &Profile::default()).expect("it is XML").framer;
    let mut declared = vec![String::new()];
    while let Some(chunk) = framer.next_chunk(Text::default()).expect("it is well-formed") {
        let scopes = chunk.frames.iter().filter_map(|frame| chunk.scope(frame));
        declared.extend(scopes.map(|scope| scope.declarations.clone()));
    }
    assert_eq!(declared.len(), count);
    for (number, declared) in declared.iter().enumerate().skip(1) {
        assert_eq!(*declared, format!(" xmlns=\"urn:b{number}\""));
    }
}

#[test]
fn the_first_record_of_a_foreign_namespace_is_told_of_wherever_it_stands() {
    let good = |number| element(number, "Ona");
    let foreign = |number, namespace: &str| good(number).replace(NAMESPACE, namespace);
    let told = |text: &str, chunk_bytes| {
        let judged = judge_within(text, "x.xml", Limits { chunk_bytes, ..Limits::default() });
        let warnings = judged.finished.warnings.iter();
        warnings.map(|warning| (warning.code.to_string(), warning.message.to_string())).collect::<Vec<_>>()
    };
    let message = |namespace: &str| {
        vec![("W010".to_owned(), format!("XML namespace is not the documented one: {namespace}"))]
    };
    let bare = good(3).replace(&format!(" xmlns=\"{NAMESPACE}\""), "");
    let cases = [
        (format!("<r>{}{}</r>", good(1), good(2)), vec![]),
        (format!("<r>{}{}{}</r>", good(1), foreign(2, "urn:a"), foreign(3, "urn:b")), message("urn:a")),
        (format!("<r>{}{}</r>", foreign(1, "urn:a"), foreign(2, "urn:b")), message("urn:a")),
        (format!("<r>{}<b xmlns='urn:c'>{bare}</b></r>", good(1)), message("urn:c")),
        (format!("<r>{}{bare}</r>", good(1)), message("none")),
        (format!("<r xmlns='{NAMESPACE}'>{}{bare}</r>", good(1)), vec![]),
    ];
    for (text, wanted) in cases {
        for chunk_bytes in [1, 600, 100_000] {
            assert_eq!(told(&text, chunk_bytes), wanted, "{chunk_bytes}: {text}");
        }
    }
}
