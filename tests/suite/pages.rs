//! The pages of the codes: each has a title and a fix, its examples come out as it says, and the
//! committed document holds the pages that the program prints.

use std::collections::BTreeSet;

use kyc_import::contract::Part;
use kyc_import::contract::codes::{all, scope, warning};
use serde_json::Value;

use crate::conformance::{base, conditions};
use crate::support::{self, Judged, judge_with, patched, program, project};
use crate::tables::codes;

/// A fenced block of a page.
#[derive(Debug)]
struct Block {
    /// The heading it stands below.
    section: String,
    /// The words behind the opening fence.
    info: String,
    /// What it holds.
    text: String,
}

/// The lines of a page, without the blank that stands in front of every comment.
fn page_lines(part: &'static Part) -> impl Iterator<Item = &'static str> {
    part.page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
}

/// The headings of a page, in order.
fn sections(part: &'static Part) -> Vec<&'static str> {
    page_lines(part).filter_map(|line| line.strip_prefix("## ")).collect()
}

fn blocks(part: &'static Part) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut section = "";
    let mut open: Option<Block> = None;
    for line in page_lines(part) {
        match (&mut open, line.strip_prefix("```")) {
            (None, None) => section = line.strip_prefix("## ").unwrap_or(section),
            (None, Some(info)) => {
                open = Some(Block { section: section.into(), info: info.into(), text: String::new() });
            }
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
        }
    }
    assert!(open.is_none(), "{}: a fence is not closed", part.code());
    blocks
}

/// Judges the example in a block.
fn judged(block: &Block) -> Judged {
    let mut words = block.info.split_whitespace();
    match words.next() {
        Some("json") => {
            let base = base(words.next().expect("a base record"));
            let patch: Value =
                serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{error}: {}", block.text));
            let (settings, past) = conditions(words);
            judge_with(patched(base, &patch).to_string(), "example.json", &settings, past)
        }
        Some("file") => {
            let name = words.next().expect("the name of a file");
            let (settings, past) = conditions(words);
            judge_with(&block.text, name, &settings, past)
        }
        _ => panic!("{} says nothing of an example", block.info),
    }
}

/// The codes of all errors, those of the file included, and of all warnings.
fn reported(judged: &Judged) -> (BTreeSet<String>, BTreeSet<String>) {
    let finished = &judged.finished;
    let mut errors: BTreeSet<String> =
        finished.failure.iter().map(|failure| failure.part.segment.to_owned()).collect();
    let mut warnings: BTreeSet<String> =
        finished.warnings.iter().map(|warning| warning.code.to_string()).collect();
    for report in &judged.reports {
        errors.extend(support::codes(&report["errors"]));
        warnings.extend(support::codes(&report["warnings"]));
    }
    (errors, warnings)
}

#[test]
fn every_page_has_a_title_and_a_fix() {
    for part in all() {
        let code = part.code();
        let title = part.title();
        assert!(title.ends_with('.') && !title.contains(". "), "{code}: {title} is one sentence");
        assert!(title.starts_with(char::is_uppercase), "{code}: {title}");
        let fix: Vec<&str> = page_lines(part)
            .skip_while(|line| *line != "## Fix")
            .skip(1)
            .take_while(|line| !line.starts_with("## "))
            .filter(|line| !line.is_empty())
            .collect();
        assert!(!fix.is_empty(), "{code}: a page says what to do");
    }
}

#[test]
fn a_segment_has_one_page() {
    let mut seen = BTreeSet::new();
    for part in all() {
        // C016 is both the block of an individual and a related entity.
        let related = std::ptr::eq(part, &scope::RELATED);
        assert!(seen.insert((part.code().to_string(), related)), "{}", part.code());
    }
}

#[test]
fn pages_have_the_sections_of_their_kind() {
    let without_examples = ["R002", "R003", "500", "O005"];
    for part in all() {
        let code = part.code().to_string();
        let of_warning = warning::ALL.iter().any(|warning| std::ptr::eq(*warning, part));
        let of_scope = scope::ALL.iter().any(|scope| std::ptr::eq(*scope, part));
        let expected: &[&str] = match () {
            () if of_scope || without_examples.contains(&code.as_str()) => &["Fix"],
            () if of_warning => &["Fix", "Warned", "Accepted"],
            () => &["Fix", "Rejected", "Accepted"],
        };
        assert_eq!(sections(part), expected, "{code}");
        for section in &expected[1..] {
            assert!(blocks(part).iter().any(|block| block.section == *section), "{code}: {section}");
        }
    }
}

#[test]
fn every_example_of_a_page_comes_out_as_the_page_says() {
    let mut wrong = Vec::new();
    for part in all() {
        let code = part.code().to_string();
        let ours = |reported: &String| *reported == code || reported.ends_with(&format!(".{code}"));
        for block in blocks(part) {
            let (errors, warnings) = reported(&judged(&block));
            let right = match block.section.as_str() {
                "Rejected" => errors.iter().any(ours),
                "Warned" => errors.is_empty() && warnings.iter().any(ours),
                "Accepted" => errors.is_empty() && !warnings.iter().any(ours),
                _ => false,
            };
            if !right {
                wrong.push(format!("{code}: {block:?}: {errors:?} {warnings:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether pages stand for a code, one after the other.
fn is_explained(segments: &[&str]) -> bool {
    segments.is_empty()
        || (1..=segments.len()).any(|count| {
            let front = segments[..count].join(".");
            all().any(|part| part.code().to_string() == front) && is_explained(&segments[count..])
        })
}

#[test]
fn every_segment_of_every_code_has_a_page() {
    for row in codes() {
        let segments: Vec<&str> = row.code.split('.').collect();
        assert!(is_explained(&segments), "{}", row.code);
    }
}

#[test]
fn explain_knows_every_code_and_shows_its_parts() {
    let codes: BTreeSet<&str> = codes().iter().map(|row| row.code.as_str()).collect();
    for code in codes {
        let output = program(&project(), &["explain", code]);
        assert!(output.status.success(), "{code}");
        let text = String::from_utf8(output.stdout).expect("pages are UTF-8");
        let leaf = all()
            .filter(|part| {
                let own = part.code().to_string();
                code == own || code.ends_with(&format!(".{own}"))
            })
            .max_by_key(|part| part.code().to_string().len())
            .expect("the leaf has a page");
        let title = leaf.title().replace(['`', '*'], "");
        assert!(text.contains(&title), "{code}: {title} is missing in\n{text}");
    }
}

#[test]
fn the_committed_document_holds_the_pages_that_the_program_prints() {
    let output = program(&project(), &["explain", "--all", "--format", "markdown"]);
    let printed = String::from_utf8(output.stdout).expect("pages are UTF-8");
    let committed = std::fs::read_to_string(project().join("docs/codes.md")).expect("docs/codes.md is there");
    assert!(
        printed == committed,
        "write it anew: kyc-import explain --all --format markdown > docs/codes.md"
    );
}
