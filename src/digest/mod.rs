//! Size and hash of files, taken while they are read or written.

mod beside;
mod hasher;
mod pair;

use std::fmt::Write as _;
use std::io::{self, Read};

pub use beside::{Beside, Lane};
pub use hasher::Hasher;

/// Size and hash of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest {
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256 of all bytes.
    pub sha256: [u8; 32],
}

impl Digest {
    /// The digest of a text in memory.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(text);
        hasher.finish()
    }

    /// The hash in hexadecimal digits, as `sha256sum` prints it.
    #[must_use]
    pub fn hex(&self) -> String {
        self.sha256.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// The first eight digits: part of a batch's name.
    #[must_use]
    pub fn batch8(&self) -> String {
        self.hex()[..8].to_owned()
    }
}

/// A reader that takes the digest of what passes through it, where it is not known already.
#[derive(Debug)]
pub struct Digesting<R> {
    source: R,
    hasher: Hasher,
    beside: Beside,
    known: Option<Digest>,
    size: Option<u64>,
}

const REST_BYTES: usize = 256 * 1024;

impl<R: Read> Digesting<R> {
    /// A reader over a source.
    pub fn new(source: R) -> Self {
        Self { source, hasher: Hasher::default(), beside: Beside::default(), known: None, size: None }
    }

    /// A reader over a file of this size, whose digest may have been taken before. The outputs that are made of it
    /// are hashed beside it.
    pub fn of_file(source: R, size: u64, known: Option<Digest>, beside: Beside) -> Self {
        Self { source, hasher: Hasher::default(), beside, known, size: Some(size) }
    }

    /// The size of the source, where it is known.
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// Reads what nobody asked for, and returns the digest of the whole source.
    ///
    /// # Errors
    ///
    /// When the source cannot be read to its end.
    pub fn finish(mut self) -> io::Result<Digest> {
        if let Some(known) = self.known {
            return Ok(known);
        }
        let mut buffer = vec![0; REST_BYTES];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => return Ok(self.hasher.finish()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        if self.known.is_none() {
            self.beside.update_with(&mut self.hasher, &buffer[..read]);
        }
        Ok(read)
    }
}
