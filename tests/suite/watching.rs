//! `watch` as a process: what it takes, what it leaves, what it logs, and what others see meanwhile.

mod hostile;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use crate::commands::ends;
use crate::site::{FORMATS, SETTINGS, Site, file, memory_folder, mixed, record, until, whole, wrong};

/// A running service. Dropped, it is killed.
pub struct Service {
    child: Option<Child>,
    log: PathBuf,
    _folder: TempDir,
}

impl Service {
    /// Starts it and waits until it is ready.
    pub fn start(site: &Site) -> Self {
        let folder = memory_folder();
        let log = folder.path().join("log");
        let child = Command::new(env!("CARGO_BIN_EXE_kyc-import"))
            .args(["watch", "--log-format", "json"])
            .current_dir(site.path())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file can be made"))
            .spawn()
            .expect("the program starts");
        let service = Self { child: Some(child), log, _folder: folder };
        until("the service is ready", || service.text().contains("\"watching\""));
        service
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// What it has logged.
    pub fn text(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    /// The whole lines of its log, each of them JSON.
    pub fn lines(&self) -> Vec<Value> {
        let text = self.text();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).expect("a log line is JSON")).collect()
    }

    /// The batches whose end it has logged.
    pub fn done(&self) -> Vec<String> {
        let done = |line: &Value| {
            let fields = &line["fields"];
            (fields["message"] == "batch done").then(|| fields["batch"].as_str().expect("a name").to_owned())
        };
        self.lines().iter().filter_map(done).collect()
    }

    /// Waits until so many batches are done.
    pub fn until_done(&self, count: usize) {
        until("the batches are done", || self.done().len() >= count);
    }

    /// Ends it as a service manager does; returns its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let child = self.child.take().expect("it runs");
        crate::crash::stops::send(&child, "-TERM");
        ends(child).code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // A test that fails has nothing to say about how it ends.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// Looks at the outbox all the time, as a consumer would, and remembers what was not whole.
struct Consumer {
    stop: Arc<AtomicBool>,
    faults: Arc<Mutex<Vec<String>>>,
    thread: std::thread::JoinHandle<u64>,
}

impl Consumer {
    fn of(root: &Path) -> Self {
        let (stop, faults) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (outbox, stopped, found) = (root.join("outbox"), Arc::clone(&stop), Arc::clone(&faults));
        let thread = std::thread::spawn(move || {
            let mut looks = 0;
            let mut known = std::collections::BTreeSet::new();
            while !stopped.load(Ordering::Relaxed) {
                for entry in fs::read_dir(&outbox).into_iter().flatten().flatten() {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    if name == ".staging" || name == "to-correct" || !known.insert(name.clone()) {
                        continue;
                    }
                    if let Err(fault) = whole(&entry.path()) {
                        found.lock().expect("no thread fails").push(format!("{name}: {fault}"));
                    }
                }
                looks += 1;
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
            looks
        });
        Self { stop, faults, thread }
    }

    fn assert_saw_only_whole_batches(self) {
        self.stop.store(true, Ordering::Relaxed);
        assert!(self.thread.join().expect("it does not fail") > 1);
        assert_eq!(*self.faults.lock().expect("no thread fails"), [""; 0]);
    }
}

#[test]
fn files_that_arrive_become_batches() {
    let mut site = Site::new();
    let service = Service::start(&site);
    let consumer = Consumer::of(site.path());
    for (number, format) in (0..).zip(FORMATS) {
        let records = [record(number * 10), wrong(number * 10 + 1)];
        site.drop_file(&format!("f.{format}"), file(format, &records));
        service.until_done(number as usize + 1);
    }
    consumer.assert_saw_only_whole_batches();
    let mut done = service.done();
    done.sort();
    assert_eq!(done, site.batches().into_iter().collect::<Vec<_>>());
    let line = service.lines().into_iter().find(|line| line["fields"]["message"] == "batch done");
    let fields = line.expect("a line")["fields"].clone();
    assert_eq!(
        (&fields["read"], &fields["accepted"], &fields["rejected"]),
        (&2.into(), &1.into(), &1.into())
    );
    let text = service.text();
    for personal in ["Ona", "Example", "ext0000", "num0000"] {
        assert!(!text.contains(personal), "{personal} is in {text}");
    }
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn a_writer_that_pauses_is_waited_for() {
    let mut site = Site::new();
    let service = Service::start(&site);
    let content = mixed(1);
    let path = site.path().join("inbox/slow.csv");
    let mut writer = File::create(&path).expect("a file can be made");
    writer.write_all(&content[..content.len() / 2]).expect("it can be written");
    // The first half ends within a row; the lease is what tells that somebody still writes.
    until("the service sees the writer", || service.text().contains("open for writing"));
    site.drop_file("other.json", file("json", &[record(9)]));
    service.until_done(1);
    assert!(path.is_file(), "it was taken while it was written");
    writer.write_all(&content[content.len() / 2..]).expect("it can be written");
    drop(writer);
    site.count_as_dropped(&content);
    service.until_done(2);
    assert_eq!(site.summary(&site.batch("slow."))["records"]["read"], 2);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn a_writer_that_keeps_the_file_open_over_the_claim_is_found_out() {
    // Renamed while it is open for writing: the name is final, the content is not.
    let mut site = Site::new();
    let service = Service::start(&site);
    let content = mixed(1);
    let half = content.len() / 2;
    let path = site.path().join("inbox/kept.csv");
    let hidden = site.path().join("inbox/.kept");
    let mut writer =
        OpenOptions::new().create_new(true).append(true).open(&hidden).expect("a file can be made");
    writer.write_all(&content[..half]).expect("it can be written");
    rename(&hidden, &path);
    until("the service sees the writer", || service.text().contains("open for writing"));
    writer.write_all(&content[half..]).expect("it can be written");
    drop(writer);
    site.count_as_dropped(&content);
    service.until_done(1);
    assert_eq!(site.summary(&site.batch("kept."))["records"]["read"], 2);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn a_writer_that_appends_to_a_claimed_file_is_found_out() {
    // The service is stopped right behind the claim; the writer comes back to what is claimed now.
    let mut site = Site::new();
    let content = mixed(1);
    let half = content.len() / 2;
    crate::site::move_in(site.path(), "late.csv", &content[..half]);
    assert!(site.killed_at("claimed", &["run"]));
    let claimed: Vec<PathBuf> =
        crate::site::files(&site.path().join("inbox/.kyc-import")).into_keys().collect();
    let mut writer = OpenOptions::new().append(true).open(&claimed[0]).expect("it is there");
    let service = Service::start(&site);
    until("it is back in the inbox", || site.path().join("inbox/late.csv").is_file());
    writer.write_all(&content[half..]).expect("it can be written");
    drop(writer);
    site.count_as_dropped(&content);
    service.until_done(1);
    assert_eq!(site.summary(&site.batch("late."))["records"]["read"], 2);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn a_claimed_file_that_changes_while_it_is_not_looked_at_is_taken_anew() {
    for failpoint in ["claimed", "staged", "attempt-counted", "outputs-synced", "before-commit"] {
        let mut site = Site::new();
        let (first, second) = (mixed(1), file("csv", &[record(1), wrong(2), record(3)]));
        crate::site::move_in(site.path(), "a.csv", &first);
        assert!(site.killed_at(failpoint, &["run"]));
        let claimed = crate::site::files(&site.path().join("inbox/.kyc-import"));
        fs::write(claimed.keys().next().expect("a claim"), &second).expect("it can be written");
        site.count_as_dropped(&second);
        site.run_well(&["run"]);
        site.run_well(&["run"]);
        assert_eq!(site.summary(&site.batch("a."))["records"]["read"], 3, "{failpoint}");
        site.assert_done();
    }
}

#[test]
fn a_file_that_is_replaced_again_and_again_is_taken_as_it_is_in_the_end() {
    let mut site = Site::with_settings(&SETTINGS.replace("quiet_seconds = 0", "quiet_seconds = 0.4"));
    let service = Service::start(&site);
    let mut last = Vec::new();
    for number in 0..20 {
        last = file("json", &[record(number)]);
        crate::site::move_in(site.path(), "same.json", &last);
    }
    site.count_as_dropped(&last);
    service.until_done(1);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn a_file_whose_end_is_missing_waits_for_it() {
    let mut site = Site::with_settings(&format!("{SETTINGS}patience_seconds = 600\n"));
    let content = file("xml", &[record(1), wrong(2)]);
    let path = site.path().join("inbox/part.xml");
    fs::write(&path, &content[..content.len() - 20]).expect("it can be written");
    let service = Service::start(&site);
    until("the service says so", || service.text().contains("its end is missing"));
    let mut writer = OpenOptions::new().append(true).open(&path).expect("it is there");
    writer.write_all(&content[content.len() - 20..]).expect("it can be written");
    drop(writer);
    site.count_as_dropped(&content);
    service.until_done(1);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn names_to_be_ignored_are_never_taken() {
    let mut site = Site::with_settings(&format!("{SETTINGS}ignore = [\"*_draft.csv\"]\n"));
    let draft = site.path().join("inbox/a_draft.csv");
    fs::write(&draft, mixed(1)).expect("it can be written");
    let service = Service::start(&site);
    site.drop_file("a.csv", mixed(3));
    service.until_done(1);
    assert!(!service.text().contains("a_draft"), "it is no news");
    assert_eq!(service.stop(), Some(0));
    site.run_well(&["run"]);
    assert_eq!(site.batches().len(), 1);
    assert_eq!(fs::read(&draft).expect("it is still there"), mixed(1));
}

#[test]
fn without_a_lease_a_file_is_copied_before_it_is_read() {
    let mut site = Site::with_settings(&format!("{SETTINGS}lease = \"never\"\n"));
    site.drop_file("a.csv", mixed(1));
    assert!(site.killed_at("staged", &["run"]));
    assert_eq!(crate::site::files(&site.path().join("state/spool")).len(), 1);
    site.run_well(&["run"]);
    assert!(crate::site::files(&site.path().join("state/spool")).is_empty());
    site.assert_done();
}

#[test]
fn a_service_does_not_begin_where_it_could_not_publish() {
    use std::os::unix::fs::MetadataExt as _;
    let site = Site::new();
    let other = tempfile::tempdir().expect("a temporary folder");
    let device = |path: &Path| fs::metadata(path).expect("it is there").dev();
    if device(other.path()) == device(site.path()) {
        return crate::site::skipped("two file systems", "temporary folders lie on that of memory");
    }
    fs::create_dir(site.path().join("outbox")).expect("a folder can be made");
    std::os::unix::fs::symlink(other.path(), site.path().join("outbox/.staging"))
        .expect("a link can be made");
    let output = site.run(&["watch"]);
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("outbox/.probe-"), "{told}");
}

#[test]
fn what_a_killed_probe_left_is_removed() {
    let site = Site::new();
    site.run_well(&["run"]);
    for folder in ["inbox", "inbox/.kyc-import", "outbox", "outbox/.staging", "state"] {
        fs::create_dir_all(site.path().join(folder).join(".probe-1")).expect("a folder can be made");
        fs::write(site.path().join(folder).join(".probe-1/file"), "probe").expect("it can be written");
        fs::write(site.path().join(folder).join(".probe-2"), "probe").expect("it can be written");
    }
    site.run_well(&["run"]);
    let left = crate::site::files(site.path());
    assert!(!left.keys().any(|path| path.to_string_lossy().contains(".probe")), "{left:?}");
}

#[test]
fn only_the_same_bytes_are_a_duplicate_not_the_same_size() {
    let mut site = Site::new();
    let (first, second) = (file("json", &[record(1)]), file("json", &[record(2)]));
    assert_eq!(first.len(), second.len(), "the test needs two files of one size");
    for (name, content, status) in [
        ("a.json", &first, "ACCEPTED"),
        ("b.json", &second, "ACCEPTED"),
        ("c.json", &first, "DUPLICATE_FILE"),
        ("d.json", &second, "DUPLICATE_FILE"),
    ] {
        site.drop_file(name, content);
        site.run(&["run"]);
        assert_eq!(site.summary(&site.batch(&name[..2]))["status"], status, "{name}");
    }
    site.assert_done();
}

/// How many small files come at once.
const MANY: u64 = 1_000;

#[test]
fn a_thousand_files_at_once_become_a_thousand_batches() {
    let mut site = Site::new();
    let service = Service::start(&site);
    let consumer = Consumer::of(site.path());
    for number in 0..MANY {
        site.drop_file(&format!("f{number:04}.json"), record(number).to_string());
    }
    service.until_done(MANY as usize);
    consumer.assert_saw_only_whole_batches();
    assert_eq!(service.stop(), Some(0));
    assert_eq!(site.batches().len(), MANY as usize);
    site.assert_done();
}

#[test]
fn a_service_takes_up_what_a_killed_one_began() {
    let mut site = Site::new();
    site.drop_file("a.csv", mixed(1));
    assert!(site.killed_at("committed", &["run"]));
    site.drop_file("b.csv", mixed(3));
    let service = Service::start(&site);
    service.until_done(2);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[test]
fn an_idle_service_ends_soon() {
    let site = Site::with_settings(&SETTINGS.replace("scan_seconds = 0.2", "scan_seconds = 3600"));
    let service = Service::start(&site);
    let begun = Instant::now();
    assert_eq!(service.stop(), Some(0));
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn the_system_tells_of_new_files() {
    let mut site = Site::with_settings(&SETTINGS.replace("scan_seconds = 0.2", "scan_seconds = 3600"));
    let service = Service::start(&site);
    site.drop_file("a.csv", mixed(1));
    service.until_done(1);
    assert_eq!(service.stop(), Some(0));
    site.assert_done();
}

#[expect(clippy::disallowed_methods, reason = "that is how a sender gives a file its last name")]
fn rename(from: &Path, to: &Path) {
    fs::rename(from, to).expect("it can be renamed");
}
