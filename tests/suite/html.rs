//! `report.html`: what it says, and that nothing in it can be run or loaded.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::commands::{folder, put};
use crate::outbox::{batch8, run, summary};
use crate::workbook::{file, row};

/// The page of a file, run through the program.
fn page(root: &Path, name: &str, content: &str) -> String {
    put(root, &format!("inbox/{name}"), content);
    run(root, &["run"]);
    let mut batches = crate::outbox::batches(root);
    let ending = format!(".{}", batch8(content.as_bytes()));
    batches.retain(|batch| batch.ends_with(&ending));
    let batch = batches.first().expect("a batch");
    let page = root.join("outbox").join(batch).join("report.html");
    let page = std::fs::read_to_string(&page).expect("the page is UTF-8");
    assert_whole(&page);
    page
}

/// Every element is closed where it should be, and none is one that runs or loads.
fn assert_whole(page: &str) {
    let body = page.strip_prefix("<!DOCTYPE html>\n").expect("a doctype");
    let mut closed = String::new();
    for line in body.lines() {
        let line = if line.starts_with("<meta ") { line.replace("\">", "\"/>") } else { line.to_owned() };
        closed.push_str(&line.replace("<br>", "<br/>"));
        closed.push('\n');
    }
    let mut reader = Reader::from_str(&closed);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {closed}")) {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                let name: &str = element.local_name().into_inner();
                assert!(
                    !["script", "img", "link", "iframe", "object", "embed", "form", "base", "video"]
                        .contains(&name),
                    "{name}"
                );
                for attribute in element.attributes() {
                    let attribute = attribute.expect("attributes are well-formed");
                    let key: &str = attribute.key.into_inner();
                    assert!(!key.starts_with("on") && key != "style" && key != "src", "{key}");
                    assert!(key != "href" || !attribute.value.contains(':'), "{:?}", attribute.value);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_page_says_what_happened() {
    let root = folder();
    let content = file(&[row(1, &[]), row(2, &[("firstName", "")]), row(3, &[("nationalCode", "#N/A")])]);
    let page = page(root.path(), "customers.csv", &content);
    for part in [
        "<html lang=\"en\">",
        "Content-Security-Policy",
        "default-src &#39;none&#39;",
        "PARTIALLY ACCEPTED",
        "customers.csv",
        "C016.I01",
        "W017",
        "FirstName is mandatory",
        "33.3 %",
        "scope=\"col\"",
        "scope=\"row\"",
        "prefers-color-scheme: dark",
        "@media print",
        "<a href=\"errors.csv\">errors.csv</a>",
        "<a href=\"rejected.xlsx\">rejected.xlsx</a>",
        "<strong>Fix:</strong>",
    ] {
        let part = part.replace("&#39;", "'");
        assert!(page.contains(&part), "{part} is missing in {page}");
    }
    assert!(!page.contains("Example"), "names are masked");
    for code in ["C016.I01", "W017"] {
        assert!(
            page.contains(&format!("href=\"#code-{code}\"")) && page.contains(&format!("id=\"code-{code}\""))
        );
    }
}

#[test]
fn what_comes_from_a_file_is_only_text() {
    let root = folder();
    let evil = "<img src=x onerror=alert(1)>\"'&</script><script>";
    let cell = format!("\"{}\"", evil.replace('"', "\"\""));
    let rows = [
        row(1, &[("customerExtId", &cell), ("communicationNumber", &cell), ("firstName", "")]),
        row(2, &[("riskLevel", &cell), ("citizenshipCountry", &cell), ("isPEP", &cell)]),
    ];
    let content =
        file(&rows).replacen("firstName", "firstName;<script>alert(2)", 1).replace(";Ona;", ";Ona;;");
    let content = content.replace(";;Example", ";;;Example");
    let page = page(root.path(), "<svg onload=alert(3)>&amp;.csv", &content);
    for part in ["<img", "<script", "alert(3)>&amp;.csv<", "onerror=alert(1)>"] {
        assert!(!page.contains(part), "{part} in {page}");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"), "{page}");
    assert!(page.contains("&lt;svg onload=alert(3)&gt;&amp;amp;.csv"), "{page}");
}

#[test]
fn a_page_stays_small_and_says_what_it_leaves_out() {
    let root = folder();
    let long = "x".repeat(200_000);
    let mut rows: Vec<String> = (0..600).map(|number| row(number, &[("firstName", "")])).collect();
    rows[0] = row(0, &[("firstName", ""), ("customerExtId", &long)]);
    let page = page(root.path(), "many.csv", &file(&rows));
    assert!(page.contains("The first 200 of"), "{page}");
    assert!(page.contains("more</strong> errors and warnings stand in <a href=\"errors.csv\">"));
    assert_eq!(page.matches("<th scope=\"row\" class=\"number\">").count(), 200);
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn an_unreadable_file_has_a_page_too() {
    let root = folder();
    let content = file(&[row(1, &[("firstName", "\"never closed")])]);
    let page = page(root.path(), "broken.csv", &content);
    for part in [
        "UNREADABLE",
        "could not be read",
        "an opening quote is not closed",
        "row 2, line 2",
        "F001",
        "What to do",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}

#[test]
fn a_file_without_findings_has_no_page() {
    let root = folder();
    let content = file(&[row(1, &[])]);
    put(root.path(), "inbox/fine.csv", &content);
    run(root.path(), &["run"]);
    let batch = format!("fine.{}", batch8(content.as_bytes()));
    assert!(!summary(root.path(), &batch)["outputs"].to_string().contains("report.html"));
}
