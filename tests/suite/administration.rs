//! What an administrator does: set up, look after, seed, remove, repair.
#![expect(clippy::disallowed_methods, reason = "people take and remove files, and lose them")]

mod keeping;
mod mishaps;
mod setting_up;

use std::fs;
use std::process::Output;

use crate::commands::{code, stderr, stdout};
use crate::site::{Site, file, record, wrong};

/// An installation with an accepted, a partially accepted and an unreadable file.
fn used() -> Site {
    let mut site = Site::new();
    site.drop_file("good.json", file("json", &[record(1), record(2)]));
    site.drop_file("mixed.csv", file("csv", &[record(3), wrong(4)]));
    site.drop_file("broken.xml", "<Customers><AMLYZE_CUSTOMER>");
    assert_eq!(code(&site.run(&["run"])), 3);
    site.assert_done();
    site
}

/// What a command printed, which must have ended like this.
fn ended(output: &Output, wanted: i32) -> String {
    let text = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(code(output), wanted, "{text}");
    text
}

/// Takes the copy of a rejected file out of the work list, with the first names that are missing.
fn corrected(site: &Site, batch: &str) -> (String, String) {
    let name = format!("{batch}.rejected.csv");
    let copy = site.path().join("outbox/to-correct").join(&name);
    let text = fs::read_to_string(&copy).expect("a copy").replace(";;", ";Ona;");
    fs::remove_file(copy).expect("a person may take it");
    (name, text)
}
