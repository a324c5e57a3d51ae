//! Size and hash of files, taken while they are read or written.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

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

/// Takes a digest piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Hasher {
    sha256: Sha256,
    bytes: u64,
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest { bytes: self.bytes, sha256: self.sha256.finalize().into() }
    }
}

/// A reader that takes the digest of what passes through it, where it is not known already.
#[derive(Debug)]
pub struct Digesting<R> {
    source: R,
    hasher: Hasher,
    known: Option<Digest>,
    size: Option<u64>,
}

const REST_BYTES: usize = 256 * 1024;

impl<R: Read> Digesting<R> {
    /// A reader over a source.
    pub fn new(source: R) -> Self {
        Self { source, hasher: Hasher::default(), known: None, size: None }
    }

    /// A reader over a file of this size, whose digest may have been taken before.
    pub fn of_file(source: R, size: u64, known: Option<Digest>) -> Self {
        Self { source, hasher: Hasher::default(), known, size: Some(size) }
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
            self.hasher.update(&buffer[..read]);
        }
        Ok(read)
    }
}
