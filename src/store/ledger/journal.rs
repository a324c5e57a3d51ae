//! The journal of the register: what is kept of every accepted record, a line each, in the order of acceptance.
//!
//! It is a file of its own, because SQLite writes whatever a large decision brings twice, in small pieces: a
//! million records cost a sixth of their whole import there. The ledger names the file and says which of its parts
//! count, so the commit of the ledger decides for both. What stands behind the last part was never decided; the next
//! part is written over it.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::mem;
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::store::StoreError;
use crate::store::claim::new_claim;
use crate::store::files::{Ahead, make_file, sync_folder, sync_or};

/// The part of a line's offset that is its number. Every line is longer, so no two have the same.
const UNIT: u64 = 16;

/// How much is collected before it is written.
const WAITING_BYTES: usize = 1 << 20;

/// How much is brought to the disk at a time before the end of a part.
const AHEAD_BYTES: u64 = 16 << 20;

/// How much at the end of one.
const AHEAD_END_BYTES: u64 = 1 << 20;

/// How much of the file a look at a line reads: more than usual lines have.
const LOOK_BYTES: usize = 512;

/// How much is read at a time where all is read.
const READ_BYTES: usize = 256 << 10;

/// A line that is longer is none of ours: records have a few identifiers, and are limited themselves.
const LINE_BYTES_MAX: usize = 64 << 20;

/// What one decision appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it lies in the file.
    pub bytes: Range<u64>,
    /// How many lines it has.
    pub records: u64,
    /// The checksum of its bytes.
    pub crc32: u32,
}

/// The file of a journal. Its lines are found by numbers of 32 bits, so it holds up to 64 GiB.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// Where the first part begins.
    start: u64,
    /// The part that is being made, if one is.
    part: Option<Part>,
    sum: crc32fast::Hasher,
    /// How far the file is written.
    written: u64,
    /// Whole lines that are not written yet.
    waiting: Vec<u8>,
    ahead: Ahead,
}

impl Journal {
    /// Makes a journal in a folder. Returns its name too.
    pub fn make(folder: &Path, mode: u32) -> Result<(String, Self), StoreError> {
        let name = format!("{PREFIX}{}{SUFFIX}", new_claim());
        let path = folder.join(&name);
        let mut file = make_file(&path, mode)?;
        let head = head(&name);
        let written = file.write_all(head.as_bytes()).map_err(StoreError::of_ledger(WRITE, &path));
        if let Err(error) = written.and_then(|()| sync_or(StoreError::of_ledger(SYNC, &path), &file, &path)) {
            // Another try has another name.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        sync_folder(folder)?;
        let journal = Self::of(file, path, &head);
        Ok((name, journal))
    }

    /// Opens a journal, to write it or only to read.
    pub fn open(folder: &Path, name: &str, to_write: bool) -> Result<Self, StoreError> {
        let path = folder.join(name);
        // Where a pipe stands in its place, it is not waited for.
        let flags = OFlags::NONBLOCK.bits() as i32;
        let file = OpenOptions::new().read(true).write(to_write).custom_flags(flags).open(&path);
        let file = file.map_err(StoreError::of_ledger("open the journal of the ledger", &path))?;
        let head = head(name);
        let journal = Self::of(file, path, &head);
        if !journal.metadata()?.is_file() {
            return Err(journal.damaged());
        }
        let mut found = vec![0; head.len()];
        match journal.file.read_exact_at(&mut found, 0) {
            Ok(()) if found == head.as_bytes() => Ok(journal),
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                Err(StoreError::of_ledger(READ, &journal.path)(error))
            }
            _ => Err(journal.damaged()),
        }
    }

    fn of(file: File, path: PathBuf, head: &str) -> Self {
        let (sum, waiting) = (crc32fast::Hasher::new(), Vec::new());
        let start = head.len() as u64;
        Self { file, path, start, part: None, sum, written: 0, waiting, ahead: Ahead::default() }
    }

    fn metadata(&self) -> Result<Metadata, StoreError> {
        self.file.metadata().map_err(StoreError::of_ledger(READ, &self.path))
    }

    /// Where the first part begins.
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// Begins a part behind the last one that counts. What stands there was never decided.
    pub fn begin_part(&mut self, at: u64) -> Result<(), StoreError> {
        let length = self.metadata()?.len();
        if length < at {
            return Err(self.damaged());
        }
        if length > at {
            self.file.set_len(at).map_err(StoreError::of_ledger(WRITE, &self.path))?;
        }
        self.part = Some(Part { bytes: at..at, records: 0, crc32: 0 });
        self.sum.reset();
        self.written = at;
        self.waiting.clear();
        self.ahead = Ahead::behind(at);
        Ok(())
    }

    /// Takes back what was appended to a part that was not ended, as far as that can be done: what is left does not
    /// count. A part that was ended stays, for the ledger may know it although its commit seemed to fail.
    pub fn drop_part(&mut self) {
        self.waiting.clear();
        if let Some(part) = self.part.take() {
            // Whatever stands there, the next part is written over it.
            let _ = self.file.set_len(part.bytes.start);
        }
    }

    /// Appends a line to the part and returns its number.
    pub fn push(&mut self, line: &[u8]) -> Result<u32, StoreError> {
        debug_assert!(line.len() as u64 > UNIT && !line.contains(&b'\n'), "a line of the register");
        if self.waiting.len() + line.len() >= WAITING_BYTES {
            self.write()?;
        }
        let at = self.written + self.waiting.len() as u64;
        let (Some(part), Ok(number)) = (&mut self.part, u32::try_from(at / UNIT)) else {
            return Err(self.full());
        };
        self.waiting.extend_from_slice(line);
        self.waiting.push(b'\n');
        part.bytes.end = at + line.len() as u64 + 1;
        part.records += 1;
        Ok(number)
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.file
            .write_all_at(&self.waiting, self.written)
            .map_err(StoreError::of_ledger(WRITE, &self.path))?;
        self.sum.update(&self.waiting);
        self.written += self.waiting.len() as u64;
        self.waiting.clear();
        self.ahead.send(&self.file, self.written, AHEAD_BYTES);
        Ok(())
    }

    /// Brings what was appended on its way to the disk: what comes until the part is ended is done meanwhile.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.write()?;
        self.ahead.send(&self.file, self.written, AHEAD_END_BYTES);
        Ok(())
    }

    /// Makes the part durable and says what it is; `None` where nothing was appended.
    pub fn end_part(&mut self) -> Result<Option<Part>, StoreError> {
        if self.part.as_ref().is_none_or(|part| part.records == 0) {
            return Ok(None);
        }
        self.write()?;
        sync_or(StoreError::of_ledger(SYNC, &self.path), &self.file, &self.path)?;
        let crc32 = mem::take(&mut self.sum).finalize();
        Ok(self.part.take().map(|part| Part { crc32, ..part }))
    }

    /// Hands a line to `look`.
    pub fn look_up<T>(&self, number: u32, look: impl FnOnce(&[u8]) -> Option<T>) -> Result<T, StoreError> {
        // The line begins behind the first line end from here on.
        let from = (u64::from(number) * UNIT).saturating_sub(1);
        let found = if self.waiting.is_empty() || from + 1 + UNIT <= self.written {
            self.read_line(from, look)?
        } else {
            // What begins in the last unit, which is not filled yet, still waits to be written.
            match from.checked_sub(self.written) {
                Some(from) => self.waiting.get(from as usize..).and_then(line_behind),
                None => line_in(&self.waiting),
            }
            .and_then(look)
        };
        found.ok_or_else(|| self.damaged())
    }

    fn read_line<T>(
        &self,
        from: u64,
        look: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut near = [0; LOOK_BYTES];
        let read = self.read(&mut near, from)?;
        if let Some(line) = line_behind(&near[..read]) {
            return Ok(look(line));
        }
        let begins = near[..read.min(UNIT as usize)].contains(&b'\n');
        let mut text = Vec::new();
        let mut wanted = LOOK_BYTES * 4;
        while begins && wanted <= LINE_BYTES_MAX {
            text.resize(wanted, 0);
            let read = self.read(&mut text, from)?;
            if let Some(line) = line_behind(&text[..read]) {
                return Ok(look(line));
            }
            wanted = if read < wanted { usize::MAX } else { wanted * 4 };
        }
        Ok(None)
    }

    fn read(&self, buffer: &mut [u8], from: u64) -> Result<usize, StoreError> {
        read_at(&self.file, buffer, from).map_err(StoreError::of_ledger(READ, &self.path))
    }

    /// Hands every line of some parts to `each`, with its number, and then compares the checksum of each part.
    pub fn each_line<'p, E: From<StoreError>>(
        &self,
        parts: impl IntoIterator<Item = &'p Part>,
        mut each: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut text = Vec::new();
        for part in parts {
            let mut sum = crc32fast::Hasher::new();
            // Where the text begins, and up to where it is read.
            let (mut at, mut read) = (part.bytes.start, part.bytes.start);
            text.clear();
            while read < part.bytes.end && text.len() <= LINE_BYTES_MAX {
                let more = (part.bytes.end - read).min(READ_BYTES.max(text.len()) as u64) as usize;
                let behind = text.len();
                text.resize(behind + more, 0);
                if self.read(&mut text[behind..], read)? < more {
                    return Err(self.damaged().into());
                }
                sum.update(&text[behind..]);
                read += more as u64;
                let mut begin = 0;
                for end in memchr::memchr_iter(b'\n', &text) {
                    let number = u32::try_from((at + begin as u64) / UNIT).map_err(|_| self.damaged())?;
                    each(number, &text[begin..end])?;
                    begin = end + 1;
                }
                text.drain(..begin);
                at += begin as u64;
            }
            if at != part.bytes.end || sum.finalize() != part.crc32 {
                return Err(self.damaged().into());
            }
        }
        Ok(())
    }

    /// Fails unless a part still is what was decided.
    pub fn check(&self, part: &Part) -> Result<(), StoreError> {
        self.each_line([part], |_, _| Ok(()))
    }

    /// The failure of a journal that does not hold what the ledger says.
    #[cold]
    pub fn damaged(&self) -> StoreError {
        StoreError::of_ledger(READ, &self.path)(io::Error::other(DAMAGED))
    }

    #[cold]
    fn full(&self) -> StoreError {
        StoreError::of_ledger(WRITE, &self.path)(io::Error::other(FULL))
    }
}

/// What stands around the random part of a journal's name.
const PREFIX: &str = "register-";
const SUFFIX: &str = ".ndjson";

/// Whether a file is a journal, by its name.
pub(super) fn is_journal(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

const READ: &str = "read the journal of the ledger";
const WRITE: &str = "write the journal of the ledger";
const SYNC: &str = "sync the journal of the ledger";

const DAMAGED: &str = "it does not hold what the ledger says; restore both from a backup, or run `kyc-import rebuild-ledger \
                       --replace`";
const FULL: &str = "it is full: it holds up to 64 GiB. Save what is known with `kyc-import register export`, and begin anew \
                    with `register import`";

/// It holds customers, so it shows where it ends alone.
impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).field("part", &self.part).finish_non_exhaustive()
    }
}

/// The first line of a journal. It names itself, so that a file of another ledger is told from it.
fn head(name: &str) -> String {
    format!("{{\"journal\":\"{name}\"}}\n")
}

/// The line behind the first line end, which is within the first unit.
fn line_behind(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', text.get(..UNIT as usize).unwrap_or(text))?;
    line_in(&text[end + 1..])
}

/// The line at the beginning.
fn line_in(text: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b'\n', text).map(|end| &text[..end])
}

/// Reads until the buffer is full or the file ends.
fn read_at(file: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], from + read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::Journal;

    /// Lines of every length from the shortest that a record makes.
    fn lines() -> Vec<Vec<u8>> {
        (21..1_500).chain([3_000, 70_000]).chain(21..100).map(|length| vec![b'x'; length]).collect()
    }

    #[test]
    fn a_journal_gives_back_every_line_before_and_after_it_is_written() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let (name, mut journal) = Journal::make(folder.path(), 0o600)?;
        let begin = journal.start();
        journal.begin_part(begin)?;
        let mut numbers = Vec::new();
        for (index, line) in lines().iter().enumerate() {
            numbers.push(journal.push(line)?);
            if index % 100 == 99 {
                journal.write()?;
            }
            for (number, line) in numbers.iter().zip(lines()).rev().take(120) {
                let is_it = journal.look_up(*number, |found| Some(found == line))?;
                assert!(is_it, "{} bytes", line.len());
            }
        }
        let part = journal.end_part()?.ok_or("a part")?;
        assert_eq!((part.bytes.start, part.records), (begin, lines().len() as u64));
        let journal = Journal::open(folder.path(), &name, false)?;
        journal.check(&part)?;
        for (number, line) in numbers.iter().zip(lines()) {
            assert!(journal.look_up(*number, |found| Some(found == line))?);
        }
        let mut all = numbers.iter().zip(lines());
        journal.each_line([&part], |number, line| {
            assert_eq!(all.next(), Some((&number, line.to_vec())));
            Ok::<_, crate::store::StoreError>(())
        })?;
        assert_eq!(all.next(), None);
        Ok(())
    }

    #[test]
    fn what_was_not_decided_is_written_over_and_what_is_missing_is_told() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let (name, mut journal) = Journal::make(folder.path(), 0o600)?;
        let begin = journal.start();
        for line in [[b'a'; 60], [b'b'; 60]] {
            journal.begin_part(begin)?;
            let number = journal.push(&line)?;
            assert!(journal.look_up(number, |found| Some(found == line))?);
            let part = journal.end_part()?.ok_or("a part")?;
            assert_eq!(part.bytes, begin..begin + 61);
            journal.check(&part)?;
        }
        assert!(journal.end_part()?.is_none(), "nothing was appended");
        let whole = std::fs::read(folder.path().join(&name))?;
        assert!(journal.begin_part(begin + 62).is_err(), "it is shorter");
        journal.drop_part();
        assert_eq!(std::fs::read(folder.path().join(&name))?, whole, "no part was begun");
        journal.begin_part(begin + 61)?;
        journal.push(&[b'c'; 2_000_000])?;
        journal.write()?;
        journal.drop_part();
        assert_eq!(std::fs::read(folder.path().join(&name))?, whole, "the part was dropped");
        let other = "register-other.ndjson";
        std::fs::write(folder.path().join(other), std::fs::read(folder.path().join(name))?)?;
        assert!(Journal::open(folder.path(), other, false).is_err(), "it names another file");
        Ok(())
    }
}
