//! `doctor`: tries everything the protocol needs before the first file is there.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::session::lock;
use super::words::{counted, hanging};
use super::{CommandError, Common, Exit, Judging, shown, style};
use crate::config::Config;
use crate::pipeline::Installation;
use crate::store::{self, Folders, Ledger, StoreError, fs_kind};
use crate::watch::Watch;

/// The arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    judging: Judging,
}

/// How a probe ended.
enum Found {
    Good(String),
    /// It works, but not as well as it could.
    Weak(String, &'static str),
    Bad(String, String),
}

/// How long an event may take.
const EVENT_WITHIN: Duration = Duration::from_secs(5);

impl Doctor {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let mut out = anstream::AutoStream::auto(std::io::stdout());
        let prepared = match self.judging.prepare(common) {
            Ok(prepared) => prepared,
            Err(error) => {
                print(
                    &mut out,
                    "settings",
                    &Found::Bad(error.to_string(), "correct the configuration".to_owned()),
                )?;
                return Ok(Exit::Usage);
            }
        };
        let mut failed = 0;
        for (name, found) in probes(&prepared.installation, &prepared.config) {
            failed += usize::from(matches!(found, Found::Bad(..)));
            print(&mut out, name, &found)?;
        }
        match failed {
            0 => writeln!(out, "\nall probes passed")?,
            1 => writeln!(out, "\n1 probe failed")?,
            _ => writeln!(out, "\n{failed} probes failed")?,
        }
        Ok(if failed == 0 { Exit::Success } else { Exit::Store })
    }
}

fn print(out: &mut dyn Write, name: &str, found: &Found) -> Result<(), CommandError> {
    let reset = style::RESET;
    match found {
        Found::Good(text) => writeln!(out, "{}ok   {reset}  {name:10}  {text}", style::GOOD)?,
        Found::Weak(text, advice) => {
            let (text, advice) = (hanging(text, 19), hanging(advice, 19));
            writeln!(out, "{}weak {reset}  {name:10}  {text}\n                   {advice}", style::MIXED)?;
        }
        Found::Bad(text, advice) => {
            let (text, advice) = (hanging(text, 19), hanging(advice, 19));
            writeln!(out, "{}fails{reset}  {name:10}  {text}\n                   {advice}", style::BAD)?;
        }
    }
    Ok(())
}

fn probes(installation: &Installation, config: &Config) -> Vec<(&'static str, Found)> {
    let folders = &installation.folders;
    let mut found = vec![("settings", settings(installation))];
    for (name, folder) in [
        ("inbox", &folders.inbox),
        ("outbox", &folders.outbox),
        ("archive", &folders.archive),
        ("state", &folders.state),
    ] {
        found.push((name, folder_probe(folder, folders)));
    }
    if found.iter().any(|(_, found)| matches!(found, Found::Bad(..))) {
        return found;
    }
    found.push(("claim", step(store::probe_claim(&folders.inbox, folders.modes), "files of the inbox can be claimed", "the inbox and its folder .kyc-import must lie on one file system, and this user must own the folder or be in its group")));
    found.push((
        "publish",
        step(
            store::probe_publish(&folders.outbox, folders.modes),
            "batches can be published by one rename",
            "the outbox and its folder .staging must lie on one file system",
        ),
    ));
    found.push(("archive", same_file_system(folders)));
    found.push(("state", local_state(folders)));
    found.push(("lease", lease(folders)));
    found.push(("events", events(folders, config)));
    found.push(("space", space(folders)));
    found.push(("lock", lock_probe(installation)));
    found.push(("ledger", ledger(folders)));
    found.extend(left_behind(folders).map(|found| ("ledger", found)));
    found
}

fn settings(installation: &Installation) -> Found {
    let lists = installation.rules.classifiers.len();
    Found::Good(format!(
        "mode {}, {} of the institution, {}",
        installation.rules.mode,
        counted(lists as u64, "classifier", "classifiers"),
        counted(installation.settings.threads as u64, "thread", "threads")
    ))
}

fn step(ended: Result<(), StoreError>, good: &str, advice: &str) -> Found {
    match ended {
        Ok(()) => Found::Good(good.to_owned()),
        Err(error) => Found::Bad(error.to_string(), advice.to_owned()),
    }
}

fn folder_probe(folder: &Path, folders: &Folders) -> Found {
    if !folder.is_dir() {
        let advice = "make it with `kyc-import init`, or mount the share that belongs there";
        return Found::Bad(format!("{} is not there", shown(folder)), advice.to_owned());
    }
    let advice = "give this user the right to make files there (owner or group, and a file system that is not read-only)";
    step(
        store::probe_writing(folder, folders.modes),
        &format!("{} can be written and synced", shown(folder)),
        advice,
    )
}

fn same_file_system(folders: &Folders) -> Found {
    use std::os::unix::fs::MetadataExt as _;
    let device = |folder: &Path| std::fs::metadata(folder).map(|metadata| metadata.dev()).ok();
    if device(&folders.inbox) == device(&folders.archive) {
        return Found::Good("originals are moved: inbox and archive lie on one file system".to_owned());
    }
    Found::Weak(
        "originals are copied: inbox and archive lie on different file systems".to_owned(),
        "nothing has to be done; large files take longer",
    )
}

fn local_state(folders: &Folders) -> Found {
    match fs_kind(&folders.state).map(store::FileSystem::network) {
        Ok(None) => Found::Good("the state lies on a local disk".to_owned()),
        Ok(Some(name)) => Found::Bad(
            format!("the state lies on a network file system ({name})"),
            "set folders.state to a folder on a local disk: locks and the ledger need one".to_owned(),
        ),
        Err(error) => {
            Found::Bad(error.to_string(), "set folders.state to a folder on a local disk".to_owned())
        }
    }
}

fn lease(folders: &Folders) -> Found {
    match store::probe_lease(&folders.inbox, folders.modes) {
        Ok(true) => Found::Good("the kernel tells whether a file is still being written".to_owned()),
        Ok(false) => Found::Weak(
            "the kernel does not tell whether a file is still being written".to_owned(),
            "files are copied before they are read (inbox.spool), and wait for the quiet time",
        ),
        Err(error) => {
            Found::Bad(error.to_string(), "give this user the right to make files in the inbox".to_owned())
        }
    }
}

fn events(folders: &Folders, config: &Config) -> Found {
    let seconds = config.inbox.scan_seconds;
    let advice = "the folder is read at intervals instead (inbox.scan_seconds); that is as safe, and slower";
    match fs_kind(&folders.inbox).map(store::FileSystem::network) {
        Ok(Some(name)) => {
            return Found::Weak(format!("no events on {name}: the inbox is read every {seconds} s"), advice);
        }
        Ok(None) => {}
        Err(error) => return Found::Bad(error.to_string(), "see whether the inbox is mounted".to_owned()),
    }
    let watch = match Watch::with_events(&folders.inbox) {
        Ok(watch) => watch,
        Err(error) => return Found::Weak(format!("no events: {error}"), advice),
    };
    let probe = store::probe_event(&folders.inbox, folders.modes);
    let came = probe.is_ok() && watch.wait(EVENT_WITHIN);
    let removed = probe.map(|path| store::purge_file(&path));
    match (came, removed) {
        (_, Err(error) | Ok(Err(error))) => {
            Found::Bad(error.to_string(), "give this user the right to make files in the inbox".to_owned())
        }
        (true, _) => Found::Good("new files are noticed at once".to_owned()),
        (false, _) => Found::Weak("no event came".to_owned(), advice),
    }
}

fn space(folders: &Folders) -> Found {
    let mut least = u64::MAX;
    for folder in [&folders.inbox, &folders.outbox, &folders.archive, &folders.state] {
        match store::free_bytes(folder) {
            Ok(free) => least = least.min(free),
            Err(error) => {
                return Found::Bad(error.to_string(), "see whether the folder is mounted".to_owned());
            }
        }
    }
    let free = format!("{:.1} GiB are free", least as f64 / (1 << 30) as f64);
    if least < store::FREE_BYTES_MIN {
        return Found::Weak(
            free,
            "a batch needs about three times the size of its file; `kyc-import purge` makes room",
        );
    }
    Found::Good(free)
}

fn lock_probe(installation: &Installation) -> Found {
    match lock(installation) {
        Ok(_) => Found::Good("no other instance works on this state".to_owned()),
        Err(store::LockError::Held { holder, .. }) => Found::Weak(
            format!("another instance works on this state: {holder}"),
            "that is right while the service runs; `run` and `watch` end with 75 meanwhile",
        ),
        Err(error) => Found::Bad(
            error.to_string(),
            "give this user the right to make files in the state folder".to_owned(),
        ),
    }
}

fn ledger(folders: &Folders) -> Found {
    let opened = Ledger::open_to_read(&folders.state);
    match opened.and_then(|ledger| ledger.map(|ledger| Ok((ledger.fault()?, ledger.sizes()?))).transpose()) {
        Ok(None) => Found::Good("none yet; the first run makes it".to_owned()),
        Ok(Some((None, (batches, records)))) => Found::Good(format!(
            "sound: {}, {} in the register",
            counted(batches, "batch", "batches"),
            counted(records, "record", "records")
        )),
        Ok(Some((Some(fault), _))) => Found::Bad(
            format!("damaged: {fault}"),
            "restore it from a backup, or run `kyc-import rebuild-ledger --replace`".to_owned(),
        ),
        Err(error) => Found::Bad(error.to_string(), "run `kyc-import rebuild-ledger --replace`".to_owned()),
    }
}

/// What earlier ledgers have left, if they have.
fn left_behind(folders: &Folders) -> Option<Found> {
    let left = Ledger::open_to_read(&folders.state).ok()??.left_behind().ok()?;
    let names: Vec<String> = left.iter().map(|path| shown(path)).collect();
    (!names.is_empty()).then(|| {
        Found::Weak(
            format!("kept of earlier ledgers: {}", names.join(", ")),
            "they hold identifiers of customers: when the ledger has proved itself, remove them or move them to \
             the backups",
        )
    })
}
