//! What a file system can be trusted with.

use std::path::Path;

use super::StoreError;

/// The kind of a file system, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// On this machine: leases and events tell the truth.
    Local,
    /// On another machine: other hosts write without this kernel's knowledge.
    Network(&'static str),
}

impl FileSystem {
    /// The name of a network file system; `None` on a local one.
    #[must_use]
    pub const fn network(self) -> Option<&'static str> {
        match self {
            Self::Local => None,
            Self::Network(name) => Some(name),
        }
    }
}

/// The network file systems by their magic numbers: `statfs(2)` lists them.
const NETWORK: [(u64, &str); 12] = [
    (0x6969, "nfs"),
    (0x517B, "smb"),
    (0xFF53_4D42, "cifs"),
    (0xFE53_4D42, "smb2"),
    (0x6573_5546, "fuse"),
    (0x0102_1997, "9p"),
    (0x00C3_6400, "ceph"),
    (0x5346_414F, "afs"),
    (0x6B41_4653, "kafs"),
    (0x564C, "ncp"),
    (0x7375_7245, "coda"),
    (0x786F_4256, "vboxsf"),
];

/// The kind of the file system a folder lies on.
///
/// # Errors
///
/// When the system does not tell.
pub fn fs_kind(folder: &Path) -> Result<FileSystem, StoreError> {
    let found = rustix::fs::statfs(folder)
        .map_err(|error| StoreError::of("ask for the file system of", folder)(error.into()))?;
    // The field is signed on some machines; the magic numbers have 32 bits.
    let magic = found.f_type as u64 & 0xFFFF_FFFF;
    let network = NETWORK.iter().find(|(number, _)| *number == magic);
    Ok(network.map_or(FileSystem::Local, |(_, name)| FileSystem::Network(name)))
}
