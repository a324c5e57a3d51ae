//! Claims: a file that is worked on lies in a folder of its own, where nobody drops or replaces files.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::archive::archive;
use super::fault::failpoint;
use super::files::{
    Modes, copy_to_new, entries, make_folder, refuse_link, remove_file, rename_new, rename_over, sync_file,
    sync_folder, with_ending,
};
use super::inbox::Print;
use super::marker::{MARKERS, Says, marker_path, said_by};
use super::{StoreError, open, shown};

/// The folder of the inbox that holds claimed files.
pub(super) const CLAIMS: &str = ".kyc-import";

/// The folder of one claim.
fn folder(inbox: &Path, claim: &str) -> PathBuf {
    inbox.join(CLAIMS).join(claim)
}

/// Where a claimed file lies. It keeps its name, so that it can be given back even if the ledger is lost.
#[must_use]
pub fn claimed_path(inbox: &Path, claim: &str, original: &Path) -> PathBuf {
    folder(inbox, claim).join(original.file_name().unwrap_or_default())
}

/// A new random name for a claim.
#[must_use]
pub fn new_claim() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// Moves a file of the inbox into the folder of its claim and makes that durable. `false` when the file has
/// gone.
///
/// # Errors
///
/// When it cannot be moved.
pub fn claim_file(inbox: &Path, claim: &str, original: &Path, modes: Modes) -> Result<bool, StoreError> {
    refuse_link(&inbox.join(CLAIMS))?;
    let folder = folder(inbox, claim);
    make_folder(&folder, modes.folder)?;
    let target = claimed_path(inbox, claim, original);
    match rename_new(original, &target) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            remove_emptied(&folder);
            return Ok(false);
        }
        Err(error) => return Err(StoreError::of("claim the file", original)(error)),
    }
    settle_claim(inbox, claim, original)?;
    failpoint("claimed");
    Ok(true)
}

/// Whether a claim holds the marker of its file.
#[must_use]
pub fn is_marked(inbox: &Path, claim: &str, original: &Path, ending: &str) -> bool {
    fs::symlink_metadata(with_ending(&claimed_path(inbox, claim, original), ending)).is_ok()
}

/// Moves the marker of a claimed file into its claim. Returns whether there is one.
///
/// # Errors
///
/// When it cannot be moved.
pub fn claim_marker(inbox: &Path, claim: &str, original: &Path, ending: &str) -> Result<bool, StoreError> {
    let target = with_ending(&claimed_path(inbox, claim, original), ending);
    let Some(marker) = marker_path(original, ending) else { return Ok(false) };
    rename_new(&marker, &target).map_err(StoreError::of("claim the file", &marker))?;
    sync_folder(&folder(inbox, claim))?;
    sync_folder(inbox)?;
    Ok(true)
}

/// What the marker of a claimed file says of it; `None` when that is not clear.
///
/// # Errors
///
/// When the folder of the claim cannot be read.
pub fn claimed_marker(inbox: &Path, claim: &str, original: &Path) -> Result<Option<Says>, StoreError> {
    let mut all = Says::default();
    for (marker, ending) in beside(inbox, claim, original)? {
        // What cannot be read is not clear.
        let Some(says) = said_by(&marker, &ending).unwrap_or(None) else { return Ok(None) };
        all = Says { sha256: all.sha256.or(says.sha256), records: all.records.or(says.records) };
    }
    Ok(Some(all))
}

/// What lies in a claim beside its file, with what each name has more than that of the file.
fn beside(inbox: &Path, claim: &str, original: &Path) -> Result<Vec<(PathBuf, String)>, StoreError> {
    let name = original.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for path in entries(&folder(inbox, claim))? {
        let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(more) = own.strip_prefix(&name).filter(|more| MARKERS.contains(more)) {
            found.push((path, more.to_owned()));
        }
    }
    Ok(found)
}

/// Archives what lies in a claim beside its file: its marker.
///
/// # Errors
///
/// When it cannot be moved.
pub fn archive_markers(
    inbox: &Path,
    claim: &str,
    original: &Path,
    target: &Path,
    modes: Modes,
) -> Result<(), StoreError> {
    for (marker, more) in beside(inbox, claim, original)? {
        archive(&marker, &with_ending(target, &more), modes)?;
    }
    Ok(())
}

/// Makes a claim durable: again after a crash.
///
/// # Errors
///
/// When the file cannot be opened or synced.
pub fn settle_claim(inbox: &Path, claim: &str, original: &Path) -> Result<(), StoreError> {
    let target = claimed_path(inbox, claim, original);
    sync_file(&open(&target)?, &target)?;
    sync_folder(&folder(inbox, claim))?;
    sync_folder(inbox)
}

/// Gives a claimed file back to the inbox, under a free name like its own. Returns where it is; `None` when
/// there was none.
///
/// # Errors
///
/// When it cannot be moved.
pub fn give_back(inbox: &Path, claim: &str, original: &Path) -> Result<Option<PathBuf>, StoreError> {
    refuse_link(&inbox.join(CLAIMS))?;
    let claimed = claimed_path(inbox, claim, original);
    if fs::symlink_metadata(&claimed).is_err() {
        remove_emptied(&folder(inbox, claim));
        return Ok(None);
    }
    let name = original.file_name().unwrap_or_default();
    let stem = Path::new(name).file_stem().unwrap_or_default();
    let names = std::iter::once(name.to_owned()).chain((2..1000).map(|number: u32| {
        let mut next = stem.to_owned();
        next.push(format!("-{number}"));
        if let Some(extension) = Path::new(name).extension() {
            next.push(".");
            next.push(extension);
        }
        next
    }));
    for name in names {
        let target = inbox.join(name);
        match rename_new(&claimed, &target) {
            Ok(()) => {
                for (marker, more) in beside(inbox, claim, original)? {
                    rename_new(&marker, &with_ending(&target, &more))
                        .map_err(StoreError::of("give back the file", &marker))?;
                }
                sync_folder(inbox)?;
                sync_folder(&folder(inbox, claim))?;
                remove_emptied(&folder(inbox, claim));
                return Ok(Some(target));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::of("give back as", &target)(error)),
        }
    }
    Err(StoreError::of("give back the file", &claimed)(std::io::ErrorKind::AlreadyExists.into()))
}

/// Removes the folder of a claim that its file has left. What else people put there stays: the next start
/// gives it back.
fn remove_emptied(folder: &Path) {
    match fs::remove_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(folder = %shown(folder), %error, "the folder of a claim cannot be removed");
        }
        _ => {}
    }
}

/// Removes a claimed file whose bytes have been archived from a copy.
///
/// # Errors
///
/// When it cannot be removed.
pub fn drop_claimed(inbox: &Path, claim: &str, original: &Path) -> Result<(), StoreError> {
    remove_file(&claimed_path(inbox, claim, original))
}

/// Removes the folder of a claim whose file has been archived.
///
/// # Errors
///
/// When it still holds a file, or cannot be removed.
pub fn remove_claim(inbox: &Path, claim: &str) -> Result<(), StoreError> {
    let folder = folder(inbox, claim);
    match fs::remove_dir(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::of("remove the folder", &folder)(error));
        }
        _ => {}
    }
    failpoint("claim-removed");
    Ok(())
}

/// The claims that lie in an inbox, with the file of each.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn claims(inbox: &Path) -> Result<Vec<(String, Option<PathBuf>)>, StoreError> {
    refuse_link(&inbox.join(CLAIMS))?;
    let mut claims = Vec::new();
    for path in entries(&inbox.join(CLAIMS))? {
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
            tracing::warn!(file = %shown(&path), "a file that is no claim lies among the claims");
            continue;
        }
        // The name of a file is shorter than that of its marker, and stands before it.
        let file = entries(&path)?.into_iter().next();
        claims.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), file));
    }
    Ok(claims)
}

/// Copies a claimed file into the spool, where no writer can reach it. `None` when it changed meanwhile.
///
/// # Errors
///
/// When it cannot be copied.
pub fn spool(state: &Path, claim: &str, claimed: &Path, modes: Modes) -> Result<Option<PathBuf>, StoreError> {
    let folder = state.join(SPOOL);
    make_folder(&folder, modes.folder)?;
    let target = folder.join(claim);
    let temporary = folder.join(format!("{claim}.tmp"));
    remove_file(&temporary)?;
    let mut file = open(claimed)?;
    let before = Print::of_file(&file, claimed)?;
    file.seek(SeekFrom::Start(0)).map_err(StoreError::of("read the file", claimed))?;
    copy_to_new(&mut file, &temporary, modes.file)?;
    if !before.same_content(&Print::of_file(&file, claimed)?) {
        remove_file(&temporary)?;
        return Ok(None);
    }
    rename_over(&temporary, &target)?;
    sync_folder(&folder)?;
    failpoint("spooled");
    Ok(Some(target))
}

/// When a claimed file is copied before it is read, so that no writer can change it meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spool {
    /// When the kernel cannot tell whether somebody writes it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The folder of the state that holds private copies.
const SPOOL: &str = "spool";

/// The private copy of a claim, if there is one.
#[must_use]
pub fn spooled(state: &Path, claim: &str) -> Option<PathBuf> {
    let path = state.join(SPOOL).join(claim);
    fs::symlink_metadata(&path).is_ok().then_some(path)
}

/// Removes private copies of all claims but those that are still worked on.
///
/// # Errors
///
/// When one cannot be removed.
pub fn clean_spool(state: &Path, keep: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
    let folder = state.join(SPOOL);
    for path in entries(&folder)? {
        if !keep(&path.file_name().unwrap_or_default().to_string_lossy()) {
            remove_file(&path)?;
        }
    }
    Ok(())
}

/// Opens a claimed file and says how it stands now.
///
/// # Errors
///
/// When it cannot be opened.
pub fn open_print(path: &Path) -> Result<(File, Print), StoreError> {
    let file = open(path)?;
    let print = Print::of_file(&file, path)?;
    Ok((file, print))
}
