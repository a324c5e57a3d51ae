//! The files of published batches against their manifests, and both against the ledger.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

use crate::digest::Digest;
use crate::store::{self, Entry, Folders, Ledger, MANIFEST, StoreError, shown};

/// What is not as it was committed.
#[derive(Debug)]
pub enum Fault {
    /// The manifest of a batch cannot be read.
    Manifest(StoreError),
    /// The manifest is that of this other batch.
    ManifestOf(String),
    /// A file that the manifest lists is not there.
    Missing(String),
    /// A file is not what the manifest lists.
    Changed {
        /// What it is.
        found: Digest,
        /// What the manifest says.
        listed: Entry,
    },
    /// A file is not in the manifest.
    Added(OsString),
    /// The ledger does not know the batch.
    Unknown,
    /// The manifest is not the one that the ledger knows.
    ManifestChanged,
    /// The ledger knows the batch, and its folder is not there.
    FolderGone,
    /// The original of this batch is not there.
    OriginalGone(String),
    /// The original of this batch is not what was read.
    OriginalChanged(String),
}

/// What is wrong and what to do, without the path that it is about.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(error) => write!(f, "{error}"),
            Self::ManifestOf(batch) => write!(f, "the manifest is that of {}", shown(Path::new(batch))),
            Self::Missing(name) => {
                write!(f, "{} is missing; restore it from a backup", shown(Path::new(name)))
            }
            Self::Changed { found, listed } => write!(
                f,
                "{} was changed: it has {} bytes and SHA-256 {}, the manifest says {} bytes and {}",
                shown(Path::new(&listed.name)),
                found.bytes,
                found.hex(),
                listed.bytes,
                listed.sha256
            ),
            Self::Added(name) => {
                write!(f, "{} is not in the manifest: it was put there later", shown(Path::new(name)))
            }
            Self::Unknown => {
                f.write_str("the ledger does not know this batch; see `kyc-import rebuild-ledger`")
            }
            Self::ManifestChanged => f.write_str("MANIFEST.json is not the one that was committed"),
            Self::FolderGone => f.write_str("the ledger knows this batch, but its folder is gone"),
            Self::OriginalGone(batch) => write!(f, "the original of {batch} is gone"),
            Self::OriginalChanged(batch) => write!(f, "the original of {batch} was changed"),
        }
    }
}

/// What an audit looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audited {
    /// The batches without a fault in their folders.
    pub sound: u64,
    /// The files that are what their manifests list.
    pub files: u64,
    /// The faults that were found.
    pub faults: u64,
}

/// Looks at the batches whose names are wanted, and hands every fault with its path to `each` as it is found. What is
/// known of a batch without a ledger is in its folder alone.
///
/// # Errors
///
/// When a folder, a file or the ledger cannot be read, and those of `each`.
pub fn audit<E: From<StoreError>>(
    folders: &Folders,
    ledger: Option<&Ledger>,
    wanted: impl Fn(&str) -> bool,
    mut each: impl FnMut(&Path, &Fault) -> Result<(), E>,
) -> Result<Audited, E> {
    let mut seen = BTreeSet::new();
    let mut audited = Audited::default();
    for folder in store::published(&folders.outbox)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !wanted(&name) {
            continue;
        }
        let faults = faults_of(&folder, &name, ledger, &mut audited.files)?;
        faults.iter().try_for_each(|fault| each(&folder, fault))?;
        audited.sound += u64::from(faults.is_empty());
        audited.faults += faults.len() as u64;
        seen.insert(name);
    }
    let Some(ledger) = ledger else { return Ok(audited) };
    for row in ledger.all_batches()? {
        let Some(batch) = row.batch.as_ref().filter(|batch| wanted(batch)) else { continue };
        if row.purged || row.done_at.is_none() {
            continue;
        }
        let folder = folders.outbox.join(batch);
        // It may have been published since the folders were listed.
        if !seen.contains(batch) && !folder.is_dir() {
            each(&folder, &Fault::FolderGone)?;
            audited.faults += 1;
        }
        let Some((original, hash)) = row.original(folders).zip(row.sha256.as_ref()) else { continue };
        let fault = match store::hash(&original)? {
            None => Fault::OriginalGone(batch.clone()),
            Some(found) if found != *hash => Fault::OriginalChanged(batch.clone()),
            Some(_) => continue,
        };
        each(&original, &fault)?;
        audited.faults += 1;
    }
    Ok(audited)
}

/// What is wrong with a published batch. The files that are as they should be are counted.
fn faults_of(
    folder: &Path,
    name: &str,
    ledger: Option<&Ledger>,
    files: &mut u64,
) -> Result<Vec<Fault>, StoreError> {
    let (manifest, hash) = match store::read_manifest(folder) {
        Ok(read) => read,
        Err(error) => return Ok(vec![Fault::Manifest(error)]),
    };
    let mut faults = Vec::new();
    if manifest.batch != name {
        faults.push(Fault::ManifestOf(manifest.batch));
    }
    for file in &manifest.files {
        // A manifest could have been changed too: its names must not lead elsewhere.
        let is_plain = Path::new(&file.name).file_name().is_some_and(|plain| plain == file.name.as_str());
        match is_plain.then(|| store::digest(&folder.join(&file.name))).transpose()?.flatten() {
            None => faults.push(Fault::Missing(file.name.clone())),
            Some(found) if found.hex() != file.sha256 || found.bytes != file.bytes => {
                faults.push(Fault::Changed { found, listed: file.clone() });
            }
            Some(_) => *files += 1,
        }
    }
    for found in store::names_in(folder)? {
        let is_listed = manifest.files.iter().any(|file| found.as_os_str() == file.name.as_str());
        if found != MANIFEST && !is_listed {
            faults.push(Fault::Added(found));
        }
    }
    match ledger.map(|ledger| ledger.batch(name)).transpose()? {
        Some(None) => faults.push(Fault::Unknown),
        Some(Some(row)) if row.manifest.as_ref() != Some(&hash) => faults.push(Fault::ManifestChanged),
        _ => {}
    }
    Ok(faults)
}
