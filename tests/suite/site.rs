//! A whole installation in a folder that vanishes, what was dropped into it, and the laws that hold for it at
//! any instant and after every recovery.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use kyc_import::contract::CUSTOMER;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::commands::{code, program_with, put, stderr, stdout};
use crate::support::{individual, patched};

/// The settings of a site: nothing waits longer than it must.
pub const SETTINGS: &str = "threads = 2\n[inbox]\nquiet_seconds = 0\nscan_seconds = 0.2\n";

/// The longest that anything may be waited for.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits until something holds; fails when it does not in time.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not in time");
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Says, visibly, that something could not be tried here.
pub fn skipped(what: &str, why: &str) {
    eprintln!("SKIPPED: {what}: {why}");
}

/// The SHA-256 of a content, in hexadecimal digits.
pub fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A valid individual whose identifiers come from a number.
pub fn record(id: u64) -> Value {
    let own = json!({"communicationNumber": number(id), "customerExtId": format!("ext{id:06}x")});
    patched(individual(), &own)
}

/// The communication number of a record.
pub fn number(id: u64) -> String {
    format!("num{id:06}n")
}

/// The same without a first name, which is rejected.
pub fn wrong(id: u64) -> Value {
    patched(record(id), &json!({"firstName": null}))
}

/// The formats that files are written in.
pub const FORMATS: [&str; 4] = ["csv", "json", "ndjson", "xml"];

/// A file in a format.
pub fn file(format: &str, records: &[Value]) -> Vec<u8> {
    match format {
        "csv" => csv(records),
        "xml" => xml(records),
        "json" => json!({ "customers": records }).to_string(),
        _ => records.iter().map(|record| format!("{record}\n")).collect(),
    }
    .into_bytes()
}

fn csv(records: &[Value]) -> String {
    let fields = individual();
    let names: Vec<&str> = fields.as_object().expect("an object").keys().map(String::as_str).collect();
    let row = |record: &Value| {
        let cell = |name: &&str| record.get(*name).and_then(Value::as_str).unwrap_or_default().to_owned();
        names.iter().map(cell).collect::<Vec<_>>().join(";") + "\r\n"
    };
    names.join(";") + "\r\n" + &records.iter().map(row).collect::<String>()
}

fn xml(records: &[Value]) -> String {
    let element = |(name, value): (&String, &Value)| {
        let name = CUSTOMER.field(name).expect("a known field").xml_name();
        format!("<{name}>{}</{name}>", value.as_str().unwrap_or_default())
    };
    let one = |record: &Value| {
        let members = record.as_object().expect("an object");
        format!("<AMLYZE_CUSTOMER>{}</AMLYZE_CUSTOMER>\n", members.iter().map(element).collect::<String>())
    };
    format!("<Customers>\n{}</Customers>\n", records.iter().map(one).collect::<String>())
}

/// A CSV file with a good and a wrong record.
pub fn mixed(first: u64) -> Vec<u8> {
    file("csv", &[record(first), wrong(first + 1)])
}

/// The communication numbers that stand in a text, sorted.
pub fn numbers(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let is_one = |at: &usize| {
        text.get(at + 3..at + 10)
            .is_some_and(|rest| rest.ends_with('n') && rest[..6].bytes().all(|byte| byte.is_ascii_digit()))
    };
    let found = text.match_indices("num").map(|(at, _)| at).filter(is_one);
    let mut numbers: Vec<String> = found.map(|at| text[at..at + 10].to_owned()).collect();
    numbers.sort();
    numbers
}

/// All files below a folder, by path; none when it is missing.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let kind = fs::symlink_metadata(&path);
        match kind {
            Ok(kind) if kind.is_dir() => found.extend(files(&path)),
            Ok(kind) if kind.is_file() => {
                found.insert(path.clone(), fs::read(&path).expect("a file"));
            }
            _ => {}
        }
    }
    found
}

/// The names in a folder; none when it is missing.
pub fn names(folder: &Path) -> BTreeSet<String> {
    crate::outbox::names(folder)
}

/// An installation.
pub struct Site {
    folder: TempDir,
    /// The contents of all files that were dropped, once for every drop.
    dropped: Vec<Vec<u8>>,
}

impl Site {
    /// An empty one.
    pub fn new() -> Self {
        Self::with_settings(SETTINGS)
    }

    /// An empty one with these settings.
    pub fn with_settings(settings: &str) -> Self {
        let site = Self { folder: memory_folder(), dropped: Vec::new() };
        put(site.path(), "kyc-import.toml", settings);
        fs::create_dir(site.path().join("inbox")).expect("a folder can be made");
        site
    }

    /// Its root folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Another installation in the same state.
    pub fn copy(&self) -> Self {
        let site = Self { folder: memory_folder(), dropped: self.dropped.clone() };
        let copied = Command::new("cp").arg("-a").arg(self.path().join(".")).arg(site.path()).status();
        assert!(copied.expect("cp starts").success());
        site
    }

    /// Drops a file into the inbox as a careful sender does: under a hidden name, then by rename.
    pub fn drop_file(&mut self, name: &str, content: impl AsRef<[u8]>) {
        self.dropped.push(content.as_ref().to_vec());
        move_in(self.path(), name, content.as_ref());
    }

    /// A file that was put into the inbox in another way counts as dropped, too.
    pub fn count_as_dropped(&mut self, content: impl AsRef<[u8]>) {
        self.dropped.push(content.as_ref().to_vec());
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(&[], arguments)
    }

    /// Runs the program with these variables.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        program_with(self.path(), variables, arguments, b"")
    }

    /// Runs the program, which kills itself when it passes a failpoint. Returns whether it did; its other ends
    /// must be among the good ones.
    pub fn killed_at(&self, failpoint: &str, arguments: &[&str]) -> bool {
        let output = self.run_with(&[("KYC_IMPORT_FAILPOINT", failpoint)], arguments);
        match output.status.signal() {
            Some(9) => true,
            Some(signal) => panic!("{failpoint}: signal {signal}"),
            None => {
                let text = format!("{}{}", stdout(&output), stderr(&output));
                assert!(matches!(code(&output), 0 | 1 | 3), "{failpoint}: {text}");
                false
            }
        }
    }

    /// Runs the program, which must not fail: records may be rejected, files unreadable.
    pub fn run_well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(matches!(code(&output), 0 | 1 | 3), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    /// The batches that are visible.
    pub fn batches(&self) -> BTreeSet<String> {
        crate::outbox::batches(self.path())
    }

    /// The batch whose name begins like this, and no other.
    pub fn batch(&self, begins: &str) -> String {
        let like: Vec<String> = self.batches().into_iter().filter(|name| name.starts_with(begins)).collect();
        assert_eq!(like.len(), 1, "{begins}: {like:?}");
        like[0].clone()
    }

    /// The summary of a batch.
    pub fn summary(&self, batch: &str) -> Value {
        crate::outbox::summary(self.path(), batch)
    }

    /// The names in the work list.
    pub fn to_correct(&self) -> BTreeSet<String> {
        names(&self.path().join("outbox/to-correct"))
    }

    /// The ledger.
    pub fn ledger(&self) -> Connection {
        Connection::open(self.path().join("state/ledger.db")).expect("the ledger can be opened")
    }

    /// What `status` says, as JSON.
    pub fn status(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["status", "--format", "json"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).expect("JSON")
    }
}

/// Puts a file into the inbox of a root by rename.
#[expect(clippy::disallowed_methods, reason = "that is how a careful sender drops a file")]
pub fn move_in(root: &Path, name: &str, content: &[u8]) {
    let hidden = root.join("inbox/.being-sent");
    fs::write(&hidden, content).expect("a file can be written");
    fs::rename(hidden, root.join("inbox").join(name)).expect("it can be renamed");
}

/// A folder in memory where there is one: a killed process leaves the same there as on a disk.
pub fn memory_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// A row of the ledger, as far as tests ask for it.
pub struct Row {
    pub id: i64,
    pub batch: Option<String>,
    pub state: String,
    pub status: Option<String>,
    pub origin: String,
    pub counts: [u64; 4],
    pub parent: Option<i64>,
    pub supersedes: Option<i64>,
    pub open: bool,
    pub replaced_by: Option<i64>,
    pub manifest: Option<String>,
    pub archived: Option<Vec<u8>>,
}

impl Site {
    /// The rows of the ledger.
    pub fn rows(&self) -> Vec<Row> {
        let ledger = self.ledger();
        let query = "SELECT id, batch, state, status, origin, read, accepted, rejected, withdrawn, parent, supersedes, open, \
             replaced_by, manifest, archived FROM batches ORDER BY id";
        let mut statement = ledger.prepare(query).expect("the table is there");
        let rows = statement.query_map([], |row| {
            Ok(Row {
                id: row.get(0)?,
                batch: row.get(1)?,
                state: row.get(2)?,
                status: row.get(3)?,
                origin: row.get(4)?,
                counts: [row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?],
                parent: row.get(9)?,
                supersedes: row.get(10)?,
                open: row.get(11)?,
                replaced_by: row.get(12)?,
                manifest: row.get(13)?,
                archived: row.get(14)?,
            })
        });
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    }

    /// What is known to be registered: customers and communication numbers.
    pub fn register(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let output = self.run(&["register", "export", "-"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        identifiers(&output.stdout)
    }
}

impl Site {
    /// What the ledger and the journal of its register hold, read without the program.
    fn registered_lines(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let ledger = self.ledger();
        let name: String = ledger
            .query_row("SELECT value FROM meta WHERE name = 'journal'", [], |row| row.get(0))
            .expect("a journal");
        let journal = fs::read(self.path().join("state").join(name)).expect("a journal");
        let mut statement =
            ledger.prepare("SELECT first, behind, records FROM parts WHERE NOT void").expect("parts");
        let parts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let (mut customers, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for part in parts.expect("parts") {
            let (first, behind, records): (usize, usize, usize) = part.expect("a part");
            let text = str::from_utf8(&journal[first..behind]).expect("text");
            assert_eq!(text.lines().count(), records);
            for line in text.lines() {
                let record: Value = serde_json::from_str(line).expect("a line is JSON");
                customers.extend(record[0].as_str().map(str::to_owned));
                numbers.extend(record[1].as_str().map(str::to_owned));
            }
        }
        (customers, numbers)
    }
}

/// The customers and communication numbers of lines of JSON.
fn identifiers(lines: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut customers, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for line in String::from_utf8_lossy(lines).lines() {
        let record: Value = serde_json::from_str(line).expect("a line is JSON");
        customers.extend(record["customerExtId"].as_str().map(str::to_owned));
        numbers.extend(record["communicationNumber"].as_str().map(str::to_owned));
    }
    (customers, numbers)
}

/// The laws.
impl Site {
    /// What holds at any instant, also right after a kill: every visible batch is complete, nothing else shows,
    /// and every original byte is somewhere.
    pub fn assert_visible(&self) {
        self.assert_batches_complete();
        self.assert_work_list();
        let root = self.path();
        let archived = files(&root.join("archive"));
        for (path, content) in archived.iter().filter(|(path, _)| !is_partial(path)) {
            assert!(self.dropped.contains(content), "{} is not what was dropped", path.display());
        }
        // A copy in the spool has its original in the claim, so it counts only where there is no claim.
        let claimed = files(&root.join("inbox"));
        let mut kept: Vec<&Vec<u8>> = claimed.values().chain(archived.values()).collect();
        let spooled = files(&root.join("state/spool"));
        for content in &self.dropped {
            match kept.iter().position(|kept| *kept == content) {
                Some(at) => drop(kept.swap_remove(at)),
                None => assert!(spooled.values().any(|copy| copy == content), "an original is lost"),
            }
        }
    }

    /// Every visible batch is complete. A hidden folder with nothing in it is what `watch` tries the outbox with; the
    /// next start sweeps it, see [`Site::assert_done`].
    pub fn assert_batches_complete(&self) {
        for batch in self.batches() {
            let folder = self.path().join("outbox").join(&batch);
            if batch.starts_with(".probe-") && names(&folder).is_empty() {
                continue;
            }
            assert!(!batch.starts_with('.'), "{batch} shows in the outbox");
            if let Err(fault) = whole(&folder) {
                panic!("{batch}: {fault}");
            }
        }
    }

    fn assert_work_list(&self) {
        for (path, content) in files(&self.path().join("outbox/to-correct")) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let (batch, rest) = name.split_once(".rejected.").expect("a name of the work list");
            let original = self.path().join("outbox").join(batch).join(format!("rejected.{rest}"));
            assert_eq!(fs::read(&original).ok(), Some(content), "{name} is not the rejected file");
        }
    }

    /// What holds when everything has been brought to its end. Nobody has changed the work list.
    pub fn assert_done(&self) {
        self.assert_visible();
        crate::outbox::assert_sound(self.path());
        let root = self.path();
        assert_eq!(names(&root.join("inbox/.kyc-import")), BTreeSet::new(), "claims");
        assert_eq!(names(&root.join("state/spool")), BTreeSet::new(), "spool");
        assert_eq!(crate::outbox::dropped(root), BTreeSet::new(), "inbox");
        let mut kept: Vec<Vec<u8>> = files(&root.join("archive")).into_values().collect();
        let mut dropped = self.dropped.clone();
        kept.sort();
        dropped.sort();
        assert!(
            kept == dropped,
            "the archive holds {} originals, {} were dropped",
            kept.len(),
            dropped.len()
        );
        self.assert_ledger();
    }

    fn assert_ledger(&self) {
        let ledger = self.ledger();
        let sound: String =
            ledger.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("the ledger answers");
        assert_eq!(sound, "ok");
        let rows = self.rows();
        for row in &rows {
            let ended = matches!(row.state.as_str(), "DONE" | "WITHDRAWN");
            assert!(ended, "{:?} is {}", row.batch, row.state);
            assert_eq!(row.batch.is_some(), row.state == "DONE");
            assert!(row.batch.is_none() || row.status.is_some());
        }
        let named: BTreeSet<String> = rows.iter().filter_map(|row| row.batch.clone()).collect();
        assert_eq!(named, self.batches(), "ledger and outbox differ");
        self.assert_records(&rows);
    }

    /// Accepted and rejected is read, nothing twice, and the register knows what was accepted.
    fn assert_records(&self, rows: &[Row]) {
        let (mut customers, mut used) = (BTreeSet::new(), BTreeSet::new());
        let mut offered = BTreeSet::new();
        let superseded: Vec<i64> =
            rows.iter().filter(|row| row.batch.is_some()).filter_map(|row| row.supersedes).collect();
        for row in rows {
            let Some(batch) = &row.batch else { continue };
            let folder = self.path().join("outbox").join(batch);
            let manifest = fs::read(folder.join("MANIFEST.json")).expect("a manifest");
            assert_eq!(row.manifest, Some(sha256(&manifest)), "{batch}");
            let accepted = fs::read(folder.join("accepted.ndjson")).unwrap_or_default();
            let rejected: Vec<_> =
                names(&folder).into_iter().filter(|name| name.starts_with("rejected.")).collect();
            let text = rejected.iter().find(|name| !name.ends_with(".xlsx"));
            let text = text.map(|name| fs::read(folder.join(name)).expect("a file")).unwrap_or_default();
            let counts = [numbers(&accepted).len() as u64, numbers(&text).len() as u64];
            assert_eq!(counts, [row.counts[1], row.counts[2]], "{batch}");
            assert_eq!(row.counts[0], row.counts[1] + row.counts[2], "{batch}");
            if let Some(original) = row.archived.as_ref().filter(|_| row.counts[0] > 0) {
                let below = std::str::from_utf8(original).expect("a text");
                let path = self.path().join("archive").join(below);
                let mut found = [numbers(&accepted), numbers(&text)].concat();
                found.sort();
                assert_eq!(found, numbers(&fs::read(path).expect("an original")), "{batch}");
            }
            if row.open {
                offered.extend(rejected.iter().map(|name| format!("{batch}.{name}")));
            }
            if !superseded.contains(&row.id) {
                let (new_customers, new_numbers) = identifiers(&accepted);
                for id in new_customers {
                    assert!(customers.insert(id.clone()), "{batch}: {id} was accepted before");
                }
                for number in new_numbers {
                    assert!(used.insert(number.clone()), "{batch}: {number} was accepted before");
                }
            }
        }
        assert_eq!(self.to_correct(), offered);
        assert_eq!(self.registered_lines(), (customers.clone(), used.clone()));
        assert_eq!(self.register(), (customers, used));
    }

    /// Everything that does not depend on time and chance: two installations that took the same files have the
    /// same.
    pub fn outcome(&self) -> BTreeMap<String, String> {
        let mut outcome = BTreeMap::new();
        for folder in ["outbox", "archive"] {
            for (path, content) in files(&self.path().join(folder)) {
                let name = path.strip_prefix(self.path()).expect("it lies below").display().to_string();
                let tells_time = ["/summary.json", "/MANIFEST.json", "/report.html"];
                if !tells_time.iter().any(|ending| name.ends_with(ending)) {
                    outcome.insert(name, sha256(&content));
                }
            }
        }
        let rows = self.rows();
        let name = |id: Option<i64>| {
            id.and_then(|id| rows.iter().find(|row| row.id == id)).and_then(|row| row.batch.clone())
        };
        for row in rows.iter().filter(|row| row.batch.is_some()) {
            let links = [name(row.parent), name(row.supersedes), name(row.replaced_by)];
            let story = format!("{:?} {:?} {:?} {} {}", row.status, row.counts, links, row.open, row.origin);
            outcome.insert(format!("row {:?}", row.batch), story);
        }
        outcome.insert("register".to_owned(), format!("{:?}", self.register()));
        outcome
    }
}

fn is_partial(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "part")
}

/// Whether a folder of the outbox is complete by its manifest; if not, why.
pub fn whole(folder: &Path) -> Result<(), String> {
    let manifest = fs::read(folder.join("MANIFEST.json")).map_err(|error| format!("manifest: {error}"))?;
    let manifest: Value = serde_json::from_slice(&manifest).map_err(|error| format!("manifest: {error}"))?;
    let listed = manifest["files"].as_array().ok_or("the manifest has no files")?;
    for entry in listed {
        let name = entry["name"].as_str().ok_or("a file without a name")?;
        let content = fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}"))?;
        if entry["sha256"] != sha256(&content) || entry["bytes"] != content.len() {
            return Err(format!("{name} is not what the manifest says"));
        }
    }
    let found = fs::read_dir(folder).map_err(|error| error.to_string())?.count();
    if found == listed.len() + 1 {
        Ok(())
    } else {
        Err(format!("{found} files, {} are listed", listed.len()))
    }
}
