//! What LibreOffice does to rejected files, where it is installed: nothing that matters. The script tries
//! further languages when it is run by hand.

use std::process::Command;

use crate::support::project;

/// Whether a command can be found.
fn is_there(name: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(name).is_file())
}

#[test]
fn a_spreadsheet_changes_no_cell_of_a_rejected_file() {
    if !is_there("soffice") || !is_there("python3") {
        eprintln!("soffice or python3 is not here: nothing was tried");
        return;
    }
    let output = Command::new("python3")
        .arg(project().join("tests/spreadsheet/round_trip.py"))
        .arg(env!("CARGO_BIN_EXE_kyc-import"))
        .env("LANGUAGES", "en-US")
        .output()
        .expect("python3 starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}
