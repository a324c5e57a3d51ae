//! Disks that are full, fail or may not be written. What cannot be tried on a machine is skipped, visibly.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::commands::{code, stderr, stdout};
use crate::site::{SETTINGS, Site, file, mixed, names, record, skipped, wrong};

/// A small disk in memory; it goes when this goes.
struct SmallDisk {
    at: PathBuf,
}

impl SmallDisk {
    /// `None` where nothing may be mounted.
    fn mount(at: &Path, kibibytes: u32) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder can be made");
        let options = format!("size={kibibytes}k,mode=0777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "none"]).arg(at).output();
        mounted.ok()?.status.success().then(|| Self { at: at.to_owned() })
    }

    fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.at).status();
        assert!(grown.expect("mount starts").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A disk that is still in use goes when nobody uses it any more.
        drop(Command::new("umount").arg("-l").arg(&self.at).status());
    }
}

#[test]
fn a_full_disk_loses_nothing_and_room_heals_it() {
    let records: Vec<_> = (0..400).map(|id| if id % 3 == 0 { wrong(id) } else { record(id) }).collect();
    for folder in ["outbox", "state", "archive", "inbox"] {
        let mut failures = 0;
        for kibibytes in [8, 40, 120, 200, 280, 360, 480] {
            let mut site = Site::with_settings(&format!("{SETTINGS}spool = \"always\"\n"));
            let Some(disk) = SmallDisk::mount(&site.path().join(folder), kibibytes) else {
                return skipped("a full disk", "nothing can be mounted here");
            };
            let content = file("csv", &records);
            if folder == "inbox" && content.len() as u32 > kibibytes * 1024 {
                continue;
            }
            site.drop_file("a.csv", content);
            let output = site.run(&["run"]);
            assert!(matches!(code(&output), 1 | 4), "{}", stderr(&output));
            failures += u32::from(code(&output) == 4);
            site.assert_visible();
            disk.grow();
            site.run_well(&["run"]);
            site.assert_done();
            drop(disk);
        }
        assert!(failures > 0 || folder == "inbox", "{folder} was never full");
    }
}

/// The number of a user without rights, and of its group.
const NOBODY: u32 = 65_534;

/// Runs the program as a user without rights; `None` where that cannot be done.
fn as_nobody(site: &Site, arguments: &[&str]) -> Option<Output> {
    let id = NOBODY.to_string();
    let run = |program: &str, arguments: &[&str]| {
        Command::new("setpriv")
            .args(["--reuid", &id, "--regid", &id, "--clear-groups", "--", program])
            .args(arguments)
            .current_dir(site.path())
            .env_clear()
            .output()
    };
    let program = env!("CARGO_BIN_EXE_kyc-import");
    run(program, &["--version"]).ok()?.status.success().then(|| run(program, arguments).expect("it starts"))
}

fn own(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).expect("an owner can be set");
}

/// A site whose root and inbox belong to nobody, with a file in it.
fn of_nobody() -> Option<Site> {
    let mut site = Site::new();
    site.drop_file("a.csv", mixed(1));
    if chown(site.path(), Some(NOBODY), Some(NOBODY)).is_err() {
        return None;
    }
    own(&site.path().join("inbox"), NOBODY);
    Some(site)
}

#[test]
fn a_folder_that_may_not_be_written_loses_nothing() {
    let Some(_) = of_nobody() else { return skipped("read-only folders", "needs another user") };
    for folder in ["outbox", "archive", "state"] {
        let site = of_nobody().expect("it could be made before");
        own(&site.path().join("inbox/a.csv"), NOBODY);
        fs::create_dir(site.path().join(folder)).expect("a folder can be made");
        let Some(output) = as_nobody(&site, &["run"]) else {
            return skipped("read-only folders", "no program can be run as another user");
        };
        assert_eq!((code(&output), stdout(&output).as_str()), (4, ""), "{folder}");
        assert!(stderr(&output).contains(folder), "{}", stderr(&output));
        site.assert_visible();
        assert!(site.batches().is_empty());
        own(&site.path().join(folder), NOBODY);
        let output = as_nobody(&site, &["run"]).expect("it could be run before");
        assert_eq!(code(&output), 1, "{folder}: {}", stderr(&output));
        site.assert_done();
    }
}

#[test]
fn an_inbox_that_may_not_be_written_ends_with_a_message() {
    let Some(mut site) = of_nobody() else { return skipped("a read-only inbox", "needs another user") };
    site.drop_file("b.json", file("json", &[record(9)]));
    own(&site.path().join("inbox"), 0);
    fs::set_permissions(site.path().join("inbox"), fs::Permissions::from_mode(0o755)).expect("a mode");
    let Some(output) = as_nobody(&site, &["run"]) else {
        return skipped("a read-only inbox", "no program can be run as another user");
    };
    assert_eq!(code(&output), 4);
    // Each file is tried once.
    assert_eq!(stderr(&output).matches("error:").count(), 2, "{}", stderr(&output));
    site.assert_visible();
    own(&site.path().join("inbox"), NOBODY);
    assert_eq!(as_nobody(&site, &["run"]).map(|output| code(&output)), Some(1));
    site.assert_done();
}

#[test]
fn a_file_of_another_user_is_copied_first() {
    let Some(site) = of_nobody() else { return skipped("files of another user", "needs another user") };
    // Nobody may read it, and no lease can be had on it.
    let path = site.path().join("inbox/a.csv");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode can be set");
    let Some(output) = as_nobody(&site, &["run"]) else {
        return skipped("files of another user", "no program can be run as another user");
    };
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    site.assert_done();
    assert!(site.path().join("state/spool").is_dir(), "it went through the spool");
}

#[test]
fn a_file_that_may_not_be_read_waits() {
    let Some(mut site) = of_nobody() else { return skipped("unreadable files", "needs another user") };
    site.drop_file("b.json", file("json", &[record(9)]));
    own(&site.path().join("inbox/b.json"), NOBODY);
    let path = site.path().join("inbox/a.csv");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode can be set");
    let Some(output) = as_nobody(&site, &["run"]) else {
        return skipped("unreadable files", "no program can be run as another user");
    };
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("a.csv: not taken: it cannot be opened"), "{}", stdout(&output));
    assert_eq!(site.batches().len(), 1);
    site.assert_visible();
    own(&path, NOBODY);
    assert_eq!(as_nobody(&site, &["run"]).map(|output| code(&output)), Some(1));
    site.assert_done();
}

#[test]
fn outputs_that_cannot_be_synced_are_not_published() {
    let mut undisturbed = Site::with_settings(SETTINGS);
    undisturbed.drop_file("a.csv", mixed(1));
    undisturbed.run_well(&["run"]);
    let mut synced = names(&undisturbed.path().join("outbox").join(undisturbed.batch("a.")));
    assert!(synced.len() > 7, "{synced:?}");
    synced.insert("register-".to_owned());
    for name in &synced {
        let mut site = Site::with_settings(SETTINGS);
        site.drop_file("a.csv", mixed(1));
        let output = site.run_with(&[("KYC_IMPORT_FAIL_SYNC", name.as_str())], &["run"]);
        assert_eq!(code(&output), 4, "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("cannot sync the") && stderr(&output).contains(name), "{name}");
        assert!(site.batches().is_empty(), "{name} is published and not durable");
        site.assert_visible();
        site.run_well(&["run"]);
        site.assert_done();
    }
}

/// Runs the program while one of its system calls fails.
fn injected(site: &Site, fault: &str) -> Option<Output> {
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={fault}"), "--"])
        .args([env!("CARGO_BIN_EXE_kyc-import"), "run"])
        .current_dir(site.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .ok()?;
    // Without the right to trace, strace ends with 1 and says so.
    (!stderr(&output).contains("ptrace")).then_some(output)
}

#[test]
fn a_disk_that_fails_loses_nothing() {
    let mut failures = 0;
    let faults = [
        ("fsync:error=EIO", 40),
        ("fdatasync:error=EIO", 30),
        ("renameat2:error=EIO", 3),
        ("write:error=ENOSPC", 25),
        ("pwrite64:error=EIO", 40),
    ];
    for (fault, times) in faults {
        for when in (1..=times).step_by(3) {
            let mut site = Site::with_settings(&format!("{SETTINGS}spool = \"always\"\n"));
            site.drop_file("a.csv", mixed(1));
            let fault = format!("{fault}:when={when}");
            let Some(output) = injected(&site, &fault) else {
                return skipped("a disk that fails", "there is no strace, or nothing may be traced");
            };
            assert!(output.status.code().is_some(), "{fault}: {output:?}");
            failures += u32::from(code(&output) == 4);
            site.assert_visible();
            site.run_well(&["run"]);
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| site.assert_done()));
            assert!(ended.is_ok(), "after {fault}: {}", stderr(&output));
        }
    }
    assert!(failures > 10, "only {failures} runs failed");
}
