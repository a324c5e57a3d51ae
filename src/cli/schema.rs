//! `schema`: the contract as JSON Schema.

use std::io::Write;
use std::path::PathBuf;

use super::{CommandError, Common, Exit};
use crate::contract::schema::schema;

/// The arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// The folder with one file per classifier, named after it
    #[arg(long, value_name = "DIR", env = "KYC_IMPORT_CLASSIFIERS")]
    classifiers: Option<PathBuf>,
}

impl Schema {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let classifiers = common.load()?.classifiers(self.classifiers.as_deref(), &common.root)?;
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &schema(&classifiers)).map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(Exit::Success)
    }
}
