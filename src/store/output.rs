//! An output of a batch: a file that is written in pieces, and hashed beside the input.

use std::fs::{self, File};
use std::io::{self, IoSlice, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

use rustix::fs::{FallocateFlags, fallocate};

use super::StoreError;
use super::files::{Ahead, make_file, rename_over, sync_file};
use super::outbox::Entry;
use super::probe::has_plenty;
use crate::digest::Lane;

/// Outputs are written in pieces of this size and multiples of it: whole pages of the kernel's cache cost it less than
/// pieces of any length.
const PIECE_BYTES: usize = 64 * 1024;

/// The largest buffer that is taken over: what records that are all wrong fill stays with its chunk, so that there is
/// no more of it than there are chunks.
const BUFFER_BYTES_MAX: usize = 1 << 20;

/// From which size on space is reserved for an output: most stay smaller.
const RESERVED_FROM: u64 = 4 << 20;

/// How much of it at a time.
const RESERVED_BYTES: u64 = 16 << 20;

/// How much of an output is brought to the disk at a time before its end.
const AHEAD_BYTES: u64 = 16 << 20;

/// How much at its end.
const AHEAD_END_BYTES: u64 = 1 << 20;

/// An output file of a batch. It is made with its first byte: no empty files are written.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    mode: u32,
    file: Option<File>,
    /// The end of what came, less than a piece, which was not written yet.
    rest: Vec<u8>,
    /// How much of it was left to be hashed, with the buffer in which it came.
    rest_left: usize,
    written: u64,
    reserved: Reserved,
    ahead: Ahead,
    lane: Lane,
}

impl OutputFile {
    pub(super) fn new(path: PathBuf, mode: u32, lane: Lane) -> Self {
        Self {
            path,
            mode,
            file: None,
            rest: Vec::new(),
            rest_left: 0,
            written: 0,
            reserved: Reserved::default(),
            ahead: Ahead::default(),
            lane,
        }
    }

    /// Writes all that a buffer holds. A buffer worth it is another one afterwards, in which something else stands: its
    /// bytes are kept until they are hashed.
    ///
    /// # Errors
    ///
    /// When the file cannot be made or written.
    pub fn write_buffer(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        if buffer.len() < PIECE_BYTES || buffer.capacity() > BUFFER_BYTES_MAX {
            return self.write_all(buffer);
        }
        let now = whole_pieces(self.rest.len() + buffer.len()) - self.rest.len();
        self.write_with_rest(&buffer[..now])?;
        self.rest.extend_from_slice(&buffer[now..]);
        self.rest_left = self.rest.len();
        *buffer = self.lane.leave(mem::take(buffer), 0);
        Ok(())
    }

    /// Writes what was kept and these bytes, and begins to keep anew.
    fn write_with_rest(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(make_file(&self.path, self.mode).map_err(io::Error::other)?),
        };
        self.reserved.reach(file, self.written, (self.rest.len() + bytes.len()) as u64);
        let first = match file.write_vectored(&[IoSlice::new(&self.rest), IoSlice::new(bytes)]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            written => written?,
        };
        file.write_all(self.rest.get(first..).unwrap_or_default())?;
        file.write_all(&bytes[first.saturating_sub(self.rest.len())..])?;
        self.written += (self.rest.len() + bytes.len()) as u64;
        if self.rest_left < self.rest.len() {
            self.rest = self.lane.leave(mem::take(&mut self.rest), self.rest_left);
        }
        self.rest.clear();
        self.rest_left = 0;
        self.send_ahead(AHEAD_BYTES);
        Ok(())
    }

    /// Where it is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file another name in its folder.
    ///
    /// # Errors
    ///
    /// When it cannot be renamed.
    pub fn rename(&mut self, name: &str) -> Result<(), StoreError> {
        let path = self.path.with_file_name(name);
        if self.file.is_some() {
            rename_over(&self.path, &path)?;
        }
        self.path = path;
        Ok(())
    }

    /// Takes back what was written, as if there had been nothing.
    ///
    /// # Errors
    ///
    /// When the file cannot be removed.
    pub fn discard(&mut self) -> Result<(), StoreError> {
        self.lane.reset();
        (self.written, self.reserved, self.ahead) = (0, Reserved::default(), Ahead::default());
        self.rest.clear();
        self.rest_left = 0;
        match self.file.take() {
            Some(_) => fs::remove_file(&self.path).map_err(StoreError::of("remove the file", &self.path)),
            None => Ok(()),
        }
    }

    /// Has a piece of at least this size brought to the disk while the next one is made.
    fn send_ahead(&mut self, bytes_min: u64) {
        if let Some(file) = &self.file {
            self.ahead.send(file, self.written, bytes_min);
        }
    }

    /// Writes what is left of the last piece.
    fn write_rest(&mut self) -> io::Result<()> {
        if self.rest.is_empty() { Ok(()) } else { self.write_with_rest(&[]) }
    }

    /// Writes the file to its end and says what it holds; `None` when nothing was written.
    pub(super) fn close(mut self) -> Result<Option<(Entry, Unsynced)>, StoreError> {
        self.flush().map_err(StoreError::of("write the file", &self.path))?;
        let Some(file) = self.file else { return Ok(None) };
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = self.lane.digest();
        let entry = Entry { name, bytes: digest.bytes, sha256: digest.hex() };
        Ok(Some((entry, Unsynced { file, path: self.path, written: self.written, reserved: self.reserved })))
    }
}

/// A file that is written to its end, and not yet durable.
#[derive(Debug)]
#[must_use = "it must be synced before it is relied on"]
pub(super) struct Unsynced {
    file: File,
    path: PathBuf,
    written: u64,
    reserved: Reserved,
}

impl Unsynced {
    /// Makes files durable, all at once: each waits for the disk, and most of what it waits for they share.
    pub fn sync_all(files: &[Self]) -> Result<(), StoreError> {
        thread::scope(|scope| {
            let begin = |file| (file, thread::Builder::new().spawn_scoped(scope, move || Self::sync(file)));
            let begun: Vec<_> = files.iter().map(begin).collect();
            begun.into_iter().try_for_each(|(file, beside)| match beside.map(ScopedJoinHandle::join) {
                Ok(Ok(ended)) => ended,
                // There is no thread for it.
                _ => file.sync(),
            })
        })
    }

    fn sync(&self) -> Result<(), StoreError> {
        let ended = self.reserved.give_back(&self.file, self.written);
        ended.map_err(StoreError::of("end the file", &self.path))?;
        sync_file(&self.file, &self.path)
    }
}

/// Space of the disk that is reserved ahead of what is written: the file system has it ready in one run, so each block of it
/// costs less.
#[derive(Debug, Default)]
struct Reserved {
    until: u64,
    /// The file system does not reserve, or has little left: it is not asked again.
    refused: bool,
}

impl Reserved {
    /// Reserves space where what is written next would go beyond it.
    fn reach(&mut self, file: &File, written: u64, next: u64) {
        if self.refused || written < RESERVED_FROM || written + next <= self.until {
            return;
        }
        let from = self.until.max(written);
        // Where a disk is nearly full, no output takes room from those beside it. A file system that cannot reserve is no
        // failure: the space is found when it is written, as for any file.
        self.refused =
            !has_plenty(file) || fallocate(file, FallocateFlags::KEEP_SIZE, from, RESERVED_BYTES).is_err();
        if !self.refused {
            self.until = from + RESERVED_BYTES;
        }
    }

    /// Gives back what was not written.
    fn give_back(&self, file: &File, written: u64) -> io::Result<()> {
        if self.until > written { file.set_len(written) } else { Ok(()) }
    }
}

/// So much of a size as is whole pieces.
const fn whole_pieces(bytes: usize) -> usize {
    bytes - bytes % PIECE_BYTES
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(PIECE_BYTES) {
            let (now, rest) = piece.split_at((PIECE_BYTES - self.rest.len()).min(piece.len()));
            self.rest.extend_from_slice(now);
            if self.rest.len() == PIECE_BYTES {
                self.write_with_rest(&[])?;
            }
            self.rest.extend_from_slice(rest);
        }
        Ok(())
    }

    /// Brings the last piece on its way too, if it is worth it: what comes until the file is synced is done meanwhile.
    fn flush(&mut self) -> io::Result<()> {
        self.write_rest()?;
        self.send_ahead(AHEAD_END_BYTES);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::MetadataExt;

    use super::{BUFFER_BYTES_MAX, OutputFile, PIECE_BYTES, RESERVED_BYTES, RESERVED_FROM, Unsynced};
    use crate::digest::{Beside, Digest, Hasher};
    use crate::store::outbox::Entry;

    #[test]
    fn only_buffers_worth_it_are_taken_over() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut file = OutputFile::new(folder.path().join("x"), 0o600, Beside::default().lane());
        let mut taken_over = |len: usize, capacity: usize| {
            let mut buffer = Vec::with_capacity(capacity);
            buffer.resize(len, b'x');
            file.write_buffer(&mut buffer).map(|()| buffer.is_empty())
        };
        assert!(taken_over(PIECE_BYTES, BUFFER_BYTES_MAX)?);
        assert!(!taken_over(PIECE_BYTES - 1, BUFFER_BYTES_MAX)?);
        assert!(!taken_over(3 * PIECE_BYTES + 1, BUFFER_BYTES_MAX + 1)?, "its room would go to any output");
        Ok(())
    }

    #[test]
    fn no_space_is_kept_that_was_not_written() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("x");
        let mut file = OutputFile::new(path.clone(), 0o600, Beside::default().lane());
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..2 * RESERVED_FROM as usize / piece.len() {
            file.write_all(&piece)?;
        }
        let is_reserved = file.reserved.until > 2 * RESERVED_FROM;
        assert!(is_reserved || file.reserved.refused);
        let (entry, unsynced) = file.close()?.ok_or("it was written")?;
        Unsynced::sync_all(&[unsynced])?;
        let found = fs::metadata(path)?;
        assert_eq!((found.len(), entry.bytes), (2 * RESERVED_FROM, 2 * RESERVED_FROM));
        assert!(found.blocks() * 512 < found.len() + RESERVED_BYTES / 8, "{}", found.blocks());
        Ok(())
    }

    #[test]
    fn what_comes_in_any_sizes_is_written_and_hashed_in_order() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let content: Vec<u8> = (0..40 * PIECE_BYTES as u32).map(|at| (at % 251) as u8).collect();
        let sizes =
            [1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES - 7, 2 * PIECE_BYTES, 0, 100];
        for round in 0..sizes.len() * 2 {
            let (path, beside) = (folder.path().join(round.to_string()), Beside::default());
            let mut file = OutputFile::new(path.clone(), 0o600, beside.lane());
            let (mut at, mut buffer) = (0, Vec::new());
            for (number, size) in sizes.iter().cycle().skip(round).take(20).enumerate() {
                let piece = &content[at..at + size];
                at += size;
                if (number + round / sizes.len()).is_multiple_of(2) {
                    file.write_all(piece)?;
                } else {
                    buffer.clear();
                    buffer.extend_from_slice(piece);
                    file.write_buffer(&mut buffer)?;
                }
                if number == 11 {
                    file.flush()?;
                }
                if number % 3 == 0 {
                    beside.update_with(&mut Hasher::default(), &content[..1_000]);
                }
            }
            let digest = Digest::of(&content[..at]);
            let name = round.to_string();
            let entry = Entry { name, bytes: at as u64, sha256: digest.hex() };
            assert_eq!(file.close()?.map(|(entry, _)| entry), Some(entry));
            assert!(fs::read(path)? == content[..at], "{round}");
        }
        let nothing = OutputFile::new(folder.path().join("nothing"), 0o600, Beside::default().lane());
        assert!(nothing.close()?.is_none() && !folder.path().join("nothing").exists());
        Ok(())
    }
}
