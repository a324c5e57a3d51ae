//! Size and hash of a file, taken while it is read.

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
    /// The hash in hexadecimal digits, as `sha256sum` prints it.
    #[must_use]
    pub fn hex(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first eight digits: part of a batch's name.
    #[must_use]
    pub fn batch8(&self) -> String {
        self.hex()[..8].to_owned()
    }
}

/// A reader that takes the digest of what passes through it.
pub(super) struct Digesting<R> {
    source: R,
    hasher: Sha256,
    bytes: u64,
}

const REST_BYTES: usize = 256 * 1024;

impl<R: Read> Digesting<R> {
    pub fn new(source: R) -> Self {
        Self { source, hasher: Sha256::new(), bytes: 0 }
    }

    /// Reads what nobody asked for, and returns the digest of the whole file.
    pub fn finish(mut self) -> io::Result<Digest> {
        let mut buffer = vec![0; REST_BYTES];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Digest { bytes: self.bytes, sha256: self.hasher.finalize().into() })
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}
