//! Every code with its page: what it checks, how to fix it, a rejected and an accepted example.
//! Source: the contract's list of errors. The examples are run as tests.

pub mod customer;
pub mod file;
pub mod item;
pub mod related;
pub mod scope;
pub mod value;
pub mod warning;

use super::code::Part;

/// The families of codes, in the order of the codes document, with their titles.
pub static FAMILIES: &[(&str, &[&Part])] = &[
    ("Files and records", file::ALL),
    ("Customer: what every one has", customer::head::ALL),
    ("Customer: individuals and organizations", customer::entity::ALL),
    ("List items: contacts, addresses, documents", item::identity::ALL),
    ("List items: what a customer does and why", item::profile::ALL),
    ("List items: countries, regions, activities", item::place::ALL),
    ("List items: additional values", item::additional::ALL),
    ("Related entities", related::ALL),
    ("Values", value::ALL),
    ("Warnings", warning::ALL),
    ("Scopes", scope::ALL),
];

/// Every page, in the order of the codes document.
pub fn all() -> impl Iterator<Item = &'static Part> {
    FAMILIES.iter().flat_map(|(_, parts)| parts.iter().copied())
}

/// The parts a code consists of, outermost first: `C017`, `C016`, `RE06`, `ADR02`. None when it is no
/// code.
#[must_use]
pub fn parts_of(code: &str) -> Vec<&'static Part> {
    let mut rest = code.to_ascii_uppercase();
    let mut parts: Vec<&'static Part> = Vec::new();
    while !rest.is_empty() {
        let matches = |part: &&'static Part| {
            let own = part.code().to_string().to_ascii_uppercase();
            rest.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        // The second C016 stands for the related entity.
        let second = parts.last().is_some_and(|part| matches!(part.segment, "C016" | "C017"));
        let candidates = all().filter(matches).filter(|part| {
            let related = std::ptr::eq(*part, &scope::RELATED);
            related == (second && part.segment == "C016")
        });
        let Some(part) = candidates.max_by_key(|part| part.code().to_string().len()) else {
            return Vec::new();
        };
        rest = rest[part.code().to_string().len()..].trim_start_matches('.').to_owned();
        parts.push(part);
    }
    parts
}

/// What people are told of a code, without examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong, in one sentence; with where, for a code below a scope.
    pub checks: String,
    /// How to fix it.
    pub fix: String,
}

/// The explanation of a code, from its pages; `None` when it is no code.
#[must_use]
pub fn explanation(code: &str) -> Option<Explanation> {
    let parts = parts_of(code);
    let (leaf, scopes) = parts.split_last()?;
    let mut checks = plain(leaf.title());
    let scopes: Vec<String> = scopes.iter().map(|scope| plain(scope.title().trim_end_matches('.'))).collect();
    if !scopes.is_empty() {
        checks.push_str(&format!(" ({})", scopes.join("; ")));
    }
    Some(Explanation { checks, fix: plain(&leaf.section("Fix")) })
}

/// A text without the marks of Markdown.
fn plain(text: &str) -> String {
    text.replace(['`', '*'], "")
}
