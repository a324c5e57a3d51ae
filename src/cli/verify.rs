//! `verify`: the files of published batches against their manifests, and both against the ledger.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::status::find;
use super::words::counted;
use super::{CommandError, Common, Exit, shown, style};
use crate::store::{self, Folders, Ledger};
use crate::upkeep::audit::audit;

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
        let audited = audit(&folders, ledger.as_ref(), wanted, |path, fault| -> Result<(), CommandError> {
            Ok(writeln!(out, "{}{}{}: {fault}", style::BAD, shown(path), style::RESET)?)
        })?;
        let mut faults = audited.faults;
        let whole = ledger.as_ref().filter(|_| self.batches.is_empty());
        if let Some(fault) = whole.map(Ledger::fault).transpose()?.flatten() {
            let (bad, reset) = (style::BAD, style::RESET);
            writeln!(out, "{bad}{fault}; `kyc-import doctor` says what to do{reset}")?;
            faults += 1;
        }
        let sound = match audited.sound {
            1 => "1 batch is as its manifest says".to_owned(),
            sound => format!("{sound} batches are as their manifests say"),
        };
        let files = counted(audited.files, "file", "files");
        writeln!(out, "{sound} ({files}); {}", counted(faults, "fault", "faults"))?;
        Ok(if faults == 0 { Exit::Success } else { Exit::Store })
    }

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
