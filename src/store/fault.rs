//! Faults on purpose, for the crash tests: compiled into debug builds only.
//!
//! `KYC_IMPORT_FAILPOINT=name` or `name:3` kills the process with SIGKILL when it comes to the failpoint of
//! that name (the third time); `KYC_IMPORT_KILL_STEP=7` kills it when it has made its seventh step that lasts: a file
//! made, a sync, a rename, a removal, a commit. `KYC_IMPORT_SKIP_SYNC=files`, `folders` or `ledger` leaves out a class of
//! syncs. `KYC_IMPORT_FAIL_SYNC=errors.csv` fails every sync of a file whose name begins so. `KYC_IMPORT_TRACE=FILE`
//! writes a line for every file made, sync, rename, removal, commit and failpoint passed, each when it is done.

/// Every failpoint, in the order of the protocol. A failpoint stands behind the durable step it names.
pub const FAILPOINTS: [&str; 14] = [
    "intent-written",
    "claimed",
    "spooled",
    "staged",
    "attempt-counted",
    "outputs-written",
    "outputs-synced",
    "before-commit",
    "committed",
    "published",
    "corrections-offered",
    "state-published",
    "archived",
    "claim-removed",
];

/// A class of syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sync {
    Files,
    Folders,
    Ledger,
}

#[cfg(debug_assertions)]
mod armed {
    use std::fs::OpenOptions;
    use std::io::Write as _;
    use std::path::Path;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::Sync;

    static PASSED: AtomicU32 = AtomicU32::new(0);
    static STEPS: AtomicU32 = AtomicU32::new(0);

    pub(crate) fn failpoint(name: &str) {
        debug_assert!(super::FAILPOINTS.contains(&name), "{name} is not in the list");
        write(format_args!("pass\t{name}"));
        let Ok(armed) = std::env::var("KYC_IMPORT_FAILPOINT") else { return };
        let (armed, times) = armed.split_once(':').unwrap_or((&armed, "1"));
        if armed == name && Some(PASSED.fetch_add(1, Ordering::SeqCst) + 1) == times.parse().ok() {
            kill();
        }
    }

    fn kill() {
        let this = rustix::process::getpid();
        // A process that cannot kill itself goes on, and the test sees it.
        let _ = rustix::process::kill_process(this, rustix::process::Signal::KILL);
    }

    pub(in crate::store) fn skips_sync(class: Sync) -> bool {
        let name = match class {
            Sync::Files => "files",
            Sync::Folders => "folders",
            Sync::Ledger => "ledger",
        };
        std::env::var("KYC_IMPORT_SKIP_SYNC").is_ok_and(|skipped| skipped == name)
    }

    /// An error where the sync of this file is to fail.
    pub(in crate::store) fn sync_result(path: &Path) -> std::io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let fails = std::env::var("KYC_IMPORT_FAIL_SYNC").is_ok_and(|armed| name.starts_with(&armed));
        if fails { Err(rustix::io::Errno::IO.into()) } else { Ok(()) }
    }

    pub(in crate::store) fn traces() -> bool {
        ["KYC_IMPORT_TRACE", KILL_STEP].iter().any(|name| std::env::var_os(name).is_some())
    }

    pub(in crate::store) fn trace(action: &str, path: &Path) {
        write(format_args!("{action}\t{}", path.display()));
        step();
    }

    pub(in crate::store) fn trace_rename(from: &Path, to: &Path) {
        write(format_args!("rename\t{}\t{}", from.display(), to.display()));
        step();
    }

    const KILL_STEP: &str = "KYC_IMPORT_KILL_STEP";

    fn step() {
        let step = STEPS.fetch_add(1, Ordering::SeqCst) + 1;
        if std::env::var(KILL_STEP).is_ok_and(|armed| armed.parse() == Ok(step)) {
            kill();
        }
    }

    fn write(line: std::fmt::Arguments<'_>) {
        let Ok(trace) = std::env::var("KYC_IMPORT_TRACE") else { return };
        if let Ok(mut file) = OpenOptions::new().append(true).create(true).open(trace) {
            // A lost line shows in the test that reads the trace. In one piece: other threads write theirs.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}

#[cfg(not(debug_assertions))]
mod armed {
    use std::path::Path;

    use super::Sync;

    #[inline]
    pub(crate) const fn failpoint(_: &str) {}

    #[inline]
    pub(in crate::store) const fn skips_sync(_: Sync) -> bool {
        false
    }

    #[inline]
    pub(in crate::store) const fn sync_result(_: &Path) -> std::io::Result<()> {
        Ok(())
    }

    #[inline]
    pub(in crate::store) const fn traces() -> bool {
        false
    }

    #[inline]
    pub(in crate::store) const fn trace(_: &str, _: &Path) {}

    #[inline]
    pub(in crate::store) const fn trace_rename(_: &Path, _: &Path) {}
}

pub(crate) use armed::failpoint;
pub(super) use armed::{skips_sync, sync_result, trace, trace_rename, traces};
