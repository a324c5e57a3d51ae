//! `verify`: the files of published batches against their manifests, and both against the ledger.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::status::find;
use super::words::counted;
use super::{CommandError, Common, Exit, shown, style};
use crate::store::{self, Folders, Ledger};

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The batches that are looked at, by their names or parts of them [default: all]
    #[arg(value_name = "BATCH")]
    batches: Vec<String>,
}

impl Verify {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let folders = common.load()?.folders(&common.root)?;
        let ledger = Ledger::open_to_read(&folders.state)?;
        let mut out = anstream::AutoStream::auto(std::io::stdout());
        let named = self.named(&folders, ledger.as_ref())?;
        let wanted = |name: &str| named.is_empty() || named.contains(name);
        let mut seen = BTreeSet::new();
        let (mut sound, mut files, mut faults) = (0_u64, 0_u64, 0_u64);
        for folder in store::published(&folders.outbox)? {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !wanted(&name) {
                continue;
            }
            let found = faults_of(&folder, &name, ledger.as_ref(), &mut files)?;
            for fault in &found {
                writeln!(out, "{}{}{}: {fault}", style::BAD, shown(&folder), style::RESET)?;
            }
            sound += u64::from(found.is_empty());
            faults += found.len() as u64;
            seen.insert(name);
        }
        let damage =
            ledger.as_ref().filter(|_| self.batches.is_empty()).map(Ledger::fault).transpose()?.flatten();
        let damage = damage.map(|fault| format!("{fault}; `kyc-import doctor` says what to do"));
        for fault in missing(&folders, ledger.as_ref(), &seen, &wanted)?.into_iter().chain(damage) {
            writeln!(out, "{}{fault}{}", style::BAD, style::RESET)?;
            faults += 1;
        }
        let sound = match sound {
            1 => "1 batch is as its manifest says".to_owned(),
            _ => format!("{sound} batches are as their manifests say"),
        };
        let files = counted(files, "file", "files");
        writeln!(out, "{sound} ({files}); {}", counted(faults, "fault", "faults"))?;
        Ok(if faults == 0 { Exit::Success } else { Exit::Store })
    }
}

impl Verify {
    /// The batches that were asked for. One that the ledger does not know may lie in the outbox all the same.
    fn named(&self, folders: &Folders, ledger: Option<&Ledger>) -> Result<BTreeSet<String>, CommandError> {
        let name = |given: &String| {
            let last = Path::new(given).file_name().unwrap_or_default().to_string_lossy().into_owned();
            match ledger {
                _ if last.is_empty() => {
                    Err(CommandError::Usage(format!("{given:?} is the name of no batch")))
                }
                _ if folders.outbox.join(&last).join(store::MANIFEST).is_file() => Ok(last),
                Some(ledger) => find(ledger, &last).map(|row| row.batch.unwrap_or_default()),
                None => {
                    Err(CommandError::Usage(format!("{}: there is no ledger yet", shown(&folders.state))))
                }
            }
        };
        self.batches.iter().map(name).collect()
    }
}

/// What is wrong with a published batch.
fn faults_of(
    folder: &Path,
    name: &str,
    ledger: Option<&Ledger>,
    files: &mut u64,
) -> Result<Vec<String>, CommandError> {
    let (manifest, hash) = match store::read_manifest(folder) {
        Ok(read) => read,
        Err(error) => return Ok(vec![error.to_string()]),
    };
    let mut faults = Vec::new();
    if manifest.batch != name {
        faults.push(format!("the manifest is that of {}", shown(Path::new(&manifest.batch))));
    }
    for file in &manifest.files {
        // A manifest could have been changed too: its names must not lead elsewhere.
        let is_plain = Path::new(&file.name).file_name().is_some_and(|plain| plain == file.name.as_str());
        match is_plain.then(|| store::digest(&folder.join(&file.name))).transpose()?.flatten() {
            None => {
                faults.push(format!("{} is missing; restore it from a backup", shown(Path::new(&file.name))))
            }
            Some(digest) if digest.hex() != file.sha256 || digest.bytes != file.bytes => {
                faults.push(format!(
                    "{} was changed: it has {} bytes and SHA-256 {}, the manifest says {} bytes and {}",
                    shown(Path::new(&file.name)),
                    digest.bytes,
                    digest.hex(),
                    file.bytes,
                    file.sha256
                ))
            }
            Some(_) => *files += 1,
        }
    }
    for found in store::names_in(folder)? {
        let is_known = found == store::MANIFEST
            || manifest.files.iter().any(|file| found.as_os_str() == file.name.as_str());
        if !is_known {
            faults
                .push(format!("{} is not in the manifest: it was put there later", shown(Path::new(&found))));
        }
    }
    match ledger.map(|ledger| ledger.batch(name)).transpose()? {
        Some(None) => {
            faults.push("the ledger does not know this batch; see `kyc-import rebuild-ledger`".to_owned())
        }
        Some(Some(row)) if row.manifest.as_ref() != Some(&hash) => {
            faults.push("MANIFEST.json is not the one that was committed".to_owned());
        }
        _ => {}
    }
    Ok(faults)
}

/// What the ledger knows and nobody finds.
fn missing(
    folders: &Folders,
    ledger: Option<&Ledger>,
    seen: &BTreeSet<String>,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, CommandError> {
    let mut faults = Vec::new();
    for row in ledger.map(Ledger::all_batches).transpose()?.unwrap_or_default() {
        let Some(batch) = row.batch.as_ref().filter(|batch| wanted(batch)) else { continue };
        if row.purged {
            continue;
        }
        // It may have been published since the folders were listed.
        let is_gone = || !folders.outbox.join(batch).is_dir();
        if !seen.contains(batch) && row.done_at.is_some() && is_gone() {
            faults.push(format!(
                "{}: the ledger knows this batch, but its folder is gone",
                shown(&folders.outbox.join(batch))
            ));
        }
        let Some((archived, hash)) =
            row.original(folders).zip(row.sha256.as_ref()).filter(|_| row.done_at.is_some())
        else {
            continue;
        };
        match store::hash(&archived)? {
            None => faults.push(format!("{}: the original of {batch} is gone", shown(&archived))),
            Some(found) if found != *hash => {
                faults.push(format!("{}: the original of {batch} was changed", shown(&archived)));
            }
            Some(_) => {}
        }
    }
    Ok(faults)
}
