//! `rebuild-ledger`: the ledger and the register from what was published and archived.

use std::io::Write;

use chrono::Utc;

use super::session::lock;
use super::words::counted;
use super::{CommandError, Common, Exit, Judging, shown};
use crate::store::Ledger;
use crate::upkeep::rebuild::{Made, Outcome, RebuildError, rebuild};

/// The arguments of `rebuild-ledger`.
#[derive(Debug, clap::Args)]
pub struct RebuildLedger {
    /// Do it although there is a ledger; it is kept beside the new one
    #[arg(long)]
    replace: bool,
}

impl RebuildLedger {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = Judging::default().prepare(common)?;
        let folders = &prepared.installation.folders;
        let _lock = lock(&prepared.installation)?;
        if Ledger::exists(&folders.state) && !self.replace {
            return Err(CommandError::Usage(format!(
                "{} holds a ledger; `kyc-import status` says whether it is sound. With --replace a new one is made, and the old one is kept beside it",
                shown(&folders.state)
            )));
        }
        let mut out = std::io::stdout();
        match rebuild(folders, prepared.installation.identifiers_bytes_max, Utc::now())? {
            Outcome::Finished => {
                writeln!(out, "a ledger that was rebuilt before has taken its place\n{LEFT_OUT}")?;
            }
            Outcome::Made(made) => print(&made, &mut out)?,
        }
        Ok(Exit::Success)
    }
}

/// What a rebuilt ledger does not know.
const LEFT_OUT: &str = "what the old ledger alone knew and could not be read has to be imported again: records of \
                        `kyc-import register import`, and those of batches that were purged";

fn print(made: &Made, out: &mut dyn Write) -> Result<(), CommandError> {
    let Made { batches, records, carried, kept } = made;
    if let Some(fault) = &carried.fault {
        writeln!(
            std::io::stderr(),
            "not all that the old ledger alone knows could be read, such as records of batches that were purged: {fault}"
        )?;
    }
    if let Some(kept) = kept {
        writeln!(out, "the old ledger is kept: {}", shown(kept))?;
    }
    if carried.records > 0 {
        let records = counted(carried.records, "record was", "records were");
        writeln!(out, "{records} known to the old ledger alone")?;
    }
    let (batches, records) = (counted(*batches, "batch", "batches"), counted(*records, "record", "records"));
    writeln!(out, "found {batches} and {records} of the register")?;
    if !carried.is_all {
        writeln!(out, "{LEFT_OUT}")?;
    }
    Ok(())
}

impl From<RebuildError> for CommandError {
    fn from(error: RebuildError) -> Self {
        match error {
            RebuildError::Store(error) => Self::Store(error),
            error => Self::Usage(error.to_string()),
        }
    }
}
