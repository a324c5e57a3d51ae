//! The rooms of the source and who may name whom, read from the source itself.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::project;

/// A room with the rooms it may name.
const ROOMS: [(&str, &[&str]); 13] = [
    ("contract", &[]),
    ("digest", &[]),
    ("key", &[]),
    ("printable", &[]),
    ("rules", &["contract", "key", "printable"]),
    ("format", &["contract", "printable"]),
    ("report", &["format", "rules", "contract", "digest", "printable"]),
    ("store", &["digest", "key", "printable"]),
    ("watch", &["store"]),
    ("pipeline", &["format", "rules", "report", "store", "contract", "digest", "key", "printable"]),
    ("upkeep", &["contract", "rules", "report", "store", "pipeline", "digest"]),
    ("config", &["contract", "rules", "format", "store"]),
    (
        "cli",
        &[
            "config",
            "contract",
            "digest",
            "format",
            "pipeline",
            "printable",
            "report",
            "rules",
            "store",
            "upkeep",
            "watch",
        ],
    ),
];

/// What is no room: the root of the library and the program.
const ROOTS: [&str; 2] = ["lib.rs", "main.rs"];

/// The most lines of a file.
const LINES_MAX: usize = 600;

struct Source {
    path: PathBuf,
    /// The path below `src`, as messages print it.
    name: String,
    /// The text without comments.
    code: String,
    lines: usize,
}

impl Source {
    fn room(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules deep the file lies.
    fn depth(&self) -> usize {
        let parts = self.name.split('/').count();
        if self.name.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

fn sources() -> Vec<Source> {
    let root = project().join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let sources: Vec<Source> = paths.into_iter().map(|path| source(&root, path)).collect();
    assert!(sources.len() > 50, "the source was not found");
    sources
}

fn source(root: &Path, path: PathBuf) -> Source {
    let text = fs::read_to_string(&path).expect("a source file is text");
    let name = path.strip_prefix(root).expect("it lies below").display().to_string();
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    Source { lines: text.lines().count(), name, code, path }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The rooms that a text names by `crate::`.
fn named(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let follows_word = code[..at].ends_with(|char: char| char.is_alphanumeric() || char == '_');
        if !follows_word {
            names.extend(heads(&code[at + found.len()..]));
        }
    }
    names
}

/// The first names of a path: one, or those of a list in braces.
fn heads(path: &str) -> Vec<String> {
    let Some(list) = path.strip_prefix('{') else {
        return vec![identifier(path)];
    };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for (at, char) in list.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if char.is_whitespace() => {}
            _ if begins => {
                names.push(identifier(&list[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

/// The rooms that a file names by going up to the root with `super::`.
fn climbed(source: &Source) -> Vec<String> {
    let mut names = Vec::new();
    for line in source.code.lines() {
        // An indented line may stand in a module within the file, which is one deeper.
        let indented = line.starts_with(' ');
        let Some(at) = line.find("super::") else { continue };
        let supers = line[at..].split("::").take_while(|part| *part == "super").count();
        let rest = &line[at + supers * "super::".len()..];
        if supers > source.depth() || supers == source.depth() && !indented {
            names.extend(heads(rest));
        }
    }
    names
}

#[test]
fn paths_are_read() {
    assert_eq!(named("use crate::rules::{a, b};\nlet x = crate::store::open();"), ["rules", "store"]);
    assert_eq!(named("use crate::{format::{csv, json}, rules, \n    store};"), ["format", "rules", "store"]);
    assert_eq!(named("use mycrate::x;"), [""; 0]);
}

#[test]
fn every_room_is_listed() {
    for source in sources().iter().filter(|source| !ROOTS.contains(&source.name.as_str())) {
        assert!(ROOMS.iter().any(|(room, _)| *room == source.room()), "{} is in no room", source.name);
    }
    for (room, may_name) in ROOMS {
        let folder = project().join("src").join(room);
        assert!(folder.is_dir() || folder.with_extension("rs").is_file(), "{room} is no room");
        let is_room = |name: &str| ROOMS.iter().any(|(room, _)| *room == name);
        assert!(may_name.iter().copied().all(is_room), "{room} may name what is no room");
    }
}

#[test]
fn rooms_name_only_rooms_below() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((room, may_name)) = ROOMS.iter().find(|(room, _)| *room == source.room()) else { continue };
        for name in named(&source.code).into_iter().chain(climbed(&source)) {
            if name != *room && !may_name.contains(&name.as_str()) {
                wrong.push(format!("{} names {name}", source.name));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_program_is_thin() {
    let main = sources().into_iter().find(|source| source.name == "main.rs").expect("there is a main.rs");
    assert!(main.lines <= 40, "main.rs has {} lines", main.lines);
}

/// What would be I/O, a clock or the environment.
const OUTSIDE: [&str; 10] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant",
    "Utc::now",
    "Local::now",
    "static mut",
];

#[test]
fn contract_and_rules_do_no_io_and_read_no_clock() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| matches!(source.room(), "contract" | "rules")) {
        let found = OUTSIDE.iter().filter(|word| source.code.contains(**word));
        wrong.extend(found.map(|word| format!("{} has {word}", source.name)));
    }
    assert_eq!(wrong, [""; 0]);
}

/// What is not to be left in the source.
const LEFT: [&str; 5] = ["todo!", "unimplemented!", "dbg!", "#[allow(", "#![allow("];

#[test]
fn nothing_unfinished_is_left() {
    let mut wrong = Vec::new();
    for source in sources() {
        let found = LEFT.iter().filter(|word| source.code.contains(**word));
        wrong.extend(found.map(|word| format!("{} has {word}", source.name)));
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.lines > LINES_MAX)
        .map(|source| format!("{} has {} lines", source.path.display(), source.lines))
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn only_formats_know_the_libraries_that_read_them() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room() != "format") {
        let found = ["quick_xml::", "encoding_rs::", "chardetng::", "calamine::", "zip::"].into_iter();
        let found = found.filter(|word| source.code.contains(word));
        wrong.extend(found.map(|word| format!("{} has {word}", source.name)));
    }
    assert_eq!(wrong, [""; 0]);
}
