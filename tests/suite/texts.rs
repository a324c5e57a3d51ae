//! Every text that a person sees, as it looks. A change here is a change for people: read it as one of them.
#![expect(clippy::disallowed_methods, reason = "people take and remove files, and lose them")]

use std::fs;
use std::path::Path;

use crate::commands::{code, folder, put, stderr, stdout};
use crate::site::{SETTINGS, Site, file, record, wrong};
use crate::support::{program, project};

/// Compares a text with the kept one. What differs from run to run is replaced.
fn looks_like(name: &str, text: &str) {
    assert!(!text.contains('\u{1b}'), "{name}: no colours in a pipe");
    let filters = [
        (r"\b\d+\.\d\d s\b", "0.00 s"),
        (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "[time]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d", "[date and time] "),
        (r"archive/\d{4}-\d\d/", "archive/[month]/"),
        (r"\.probe-[0-9a-f-]+", ".probe-[name]"),
    ];
    insta::with_settings!({
        filters => filters,
        prepend_module_to_snapshot => false,
        omit_expression => true,
        snapshot_path => "texts",
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// What a command printed on both streams, without the path of its root.
fn printed(root: &Path, arguments: &[&str]) -> String {
    let output = program(root, arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    text.replace(&root.display().to_string(), "[root]")
}

/// An installation with the samples of the project.
fn with_samples() -> tempfile::TempDir {
    let root = folder();
    for entry in fs::read_dir(project().join("samples")).expect("samples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        put(root.path(), &format!("samples/{name}"), fs::read(&path).expect("a sample"));
    }
    let settings = fs::read_to_string(project().join("kyc-import.toml")).expect("settings");
    put(root.path(), "kyc-import.toml", format!("threads = 2\n\n[inbox]\nquiet_seconds = 0\n\n{settings}"));
    root
}

/// No line is wider than a terminal, but for names of files.
fn assert_fits(text: &str) {
    for line in text.lines().filter(|line| line.chars().count() > 80) {
        let words = line.split_whitespace().count();
        let is_title = !line.starts_with(' ');
        assert!(words == 1 || is_title || line.contains("outbox/") || line.contains('.'), "{line}");
    }
}

#[test]
fn a_run_over_the_samples() {
    let root = with_samples();
    let text = printed(root.path(), &["run", "samples"]);
    assert_fits(&text);
    looks_like("run", &text);
    looks_like("run-again", &printed(root.path(), &["run", "samples/leads-comma.csv"]));
    looks_like("run-nothing", &{
        put(root.path(), "inbox/notes.doc", "x");
        printed(root.path(), &["run"])
    });
    looks_like("status", &printed(root.path(), &["status"]));
    looks_like("status-batch", &printed(root.path(), &["status", "individuals-semicolon"]));
    looks_like("status-unknown", &printed(root.path(), &["status", "led-comma"]));
    looks_like("verify", &printed(root.path(), &["verify"]));
    looks_like("purge", &printed(root.path(), &["purge", "--batches-days", "0"]));
    let read = |name: &str| {
        let text = fs::read_to_string(root.path().join("outbox").join(name)).expect(name);
        text.replace(&root.path().display().to_string(), "[root]")
    };
    looks_like("unreadable", &read("unreadable-unclosed-quote.3f157d8e/unreadable.txt"));
    looks_like(
        "errors-csv",
        read("individuals-semicolon-bom.ed790219/errors.csv").trim_start_matches('\u{feff}'),
    );
}

#[test]
fn colours_only_where_they_are_wanted() {
    let root = with_samples();
    assert_eq!(code(&program(root.path(), &["run", "samples/leads-comma.csv"])), 1);
    let plain = stdout(&program(root.path(), &["status", "leads"]));
    let coloured = |variables: &[(&str, &str)]| {
        stdout(&crate::commands::program_with(root.path(), variables, &["status", "leads"], b""))
    };
    let forced = coloured(&[("CLICOLOR_FORCE", "1")]);
    assert_ne!(forced, plain);
    let mut parts = forced.split('\u{1b}');
    let mut without = parts.next().unwrap_or_default().to_owned();
    without.extend(parts.map(|part| part.split_once('m').expect("a colour").1));
    assert_eq!(without, plain);
    assert_eq!(coloured(&[("NO_COLOR", "1")]), plain);
}

#[test]
fn a_guess_and_a_limit_and_a_quarantine() {
    let mut site = Site::with_settings(&format!("{SETTINGS}[limits]\nmax_rejected_percent = 20\n"));
    let export = fs::read(project().join("samples/crm-export-windows-1257.csv")).expect("a sample");
    site.drop_file("crm.csv", export);
    looks_like("run-encoding", &printed(site.path(), &["run"]));
    site.drop_file("mixed.csv", file("csv", &[record(1), wrong(2)]));
    looks_like("run-aborted", &printed(site.path(), &["run"]));
    site.drop_file("poison.csv", file("csv", &[record(3)]));
    for _ in 0..3 {
        assert!(site.killed_at("outputs-written", &["run"]));
    }
    looks_like("run-quarantine", &printed(site.path(), &["run"]));
    let page = |batch: &str, name: &str| {
        let path = site.path().join("outbox").join(site.batch(batch)).join(name);
        fs::read_to_string(path).expect(name)
    };
    looks_like("unreadable-encoding", &page("crm.", "unreadable.txt"));
    looks_like("aborted", &page("mixed.", "aborted.txt"));
    looks_like("quarantine", &page("poison.", "unreadable.txt"));
}

#[test]
fn a_correction_and_its_story() {
    let mut site = Site::new();
    site.drop_file("a.csv", file("csv", &[record(1), wrong(2), wrong(3)]));
    assert_eq!(code(&site.run(&["run"])), 1);
    let batch = site.batch("a.");
    let copy = site.path().join(format!("outbox/to-correct/{batch}.rejected.csv"));
    let text = fs::read_to_string(&copy).expect("a copy");
    let rest =
        text.rsplit_once("\r\n").and_then(|(rest, _)| rest.rsplit_once("\r\n")).expect("three lines").0;
    put(site.path(), &format!("outbox/to-correct/{batch}.rejected.csv"), format!("{text}\r\n"));
    looks_like("status-changed", &printed(site.path(), &["status"]));
    site.drop_file(&format!("{batch}.rejected.csv"), rest.replace(";;", ";Ona;"));
    looks_like("run-correction", &printed(site.path(), &["run"]));
    let newest = site.rows().into_iter().rev().find_map(|row| row.batch).expect("a batch");
    looks_like("status-chain", &printed(site.path(), &["status", &newest]));
    looks_like("status-left-copy", &printed(site.path(), &["status"]));
}

#[test]
fn setting_up_and_what_fails() {
    let root = folder();
    looks_like("init", &printed(root.path(), &["init"]));
    looks_like("init-again", &printed(root.path(), &["init"]));
    fs::remove_dir(root.path().join("inbox")).expect("it is empty");
    put(root.path(), "kyc-import.toml", "threads = 2\n");
    looks_like("doctor-fails", &printed(root.path(), &["doctor"]));
    looks_like("run-without-inbox", &printed(root.path(), &["run"]));
    looks_like("explain-code", &printed(root.path(), &["explain", "C014"]));
    looks_like("explain-field", &printed(root.path(), &["explain", "listAddress[0].country"]));
    looks_like("explain-unknown", &printed(root.path(), &["explain", "C0144"]));
}

#[test]
fn help_of_every_command() {
    let root = folder();
    let all = printed(root.path(), &["--help"]);
    looks_like("help", &all);
    let (_, commands) = all.split_once("Commands:\n").expect("a list of commands");
    looks_like("man-purge", &printed(root.path(), &["man", "purge"]));
    assert!(printed(root.path(), &["man", "purg"]).contains("did you mean purge?"));
    let commands: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let text = printed(root.path(), &[command, "--help"]);
        looks_like(&format!("help-{command}"), &text);
    }
}
