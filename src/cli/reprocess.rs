//! `reprocess`: runs the rejected or the original records of a batch again.

use std::path::Path;

use super::interrupt::{interrupted, listen};
use super::run::recover;
use super::session::{Printer, with_importer};
use super::status::find;
use super::{CommandError, Common, Exit, Judging, Results};

/// The arguments of `reprocess`.
#[derive(Debug, clap::Args)]
pub struct Reprocess {
    /// The batch: its name, or a part of it that no other has
    #[arg(value_name = "BATCH", required_unless_present = "all_rejected")]
    batch: Option<String>,
    /// Run the rejected records of every batch that waits for a correction, as after a change of a classifier
    #[arg(long, conflicts_with = "batch")]
    all_rejected: bool,
    /// Run the whole original file again; the new batch supersedes the old one
    #[arg(long, requires = "batch")]
    original: bool,
    #[command(flatten)]
    results: Results,
    #[command(flatten)]
    judging: Judging,
}

impl Reprocess {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let prepared = self.judging.prepare(common)?;
        let installation = &prepared.installation;
        listen();
        let mut out = anstream::AutoStream::auto(std::io::stdout());
        let exit = with_importer(&prepared, |importer, bars| {
            let mut printer =
                Printer { installation, format: self.results.format, out: &mut out, exit: Exit::Success };
            recover(importer, &mut printer)?;
            let rows = match &self.batch {
                Some(name) => vec![find(importer.ledger(), name)?],
                None => importer.ledger().open_batches()?,
            };
            for row in rows {
                if interrupted() {
                    return Err(CommandError::Interrupted);
                }
                let name = row.batch.clone().unwrap_or_default();
                printer.take(Path::new(&name), bars, || match self.original {
                    true => importer.reprocess_original(&row),
                    false => importer.reprocess_rejected(&row),
                })?;
            }
            Ok(printer.exit)
        })?;
        Ok(exit.zero_for_rejected(self.results.exit_zero))
    }
}
