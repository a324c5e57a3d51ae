//! `status`: the last batches, what waits for a correction, what waits in the inbox; or the story of one batch.

mod overview;
mod story;

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use self::overview::Overview;
use self::story::Story;
use super::{CommandError, Common, Exit, OutputFormat, shown};
use crate::contract::near::nearest;
use crate::store::Ledger;
use crate::store::ledger::{BatchRow, State};

/// The arguments of `status`.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// The batch whose story is told: its name, or a part of it that no other has
    #[arg(value_name = "BATCH")]
    batch: Option<String>,
    /// How many of the last batches are shown
    #[arg(long, default_value = "10", value_name = "N")]
    last: u32,
    /// How results are printed
    #[arg(long, value_enum, default_value = "text", env = "KYC_IMPORT_FORMAT")]
    format: OutputFormat,
}

/// A batch in one line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    batch: String,
    status: String,
    state: State,
    claimed: String,
    read: u64,
    accepted: u64,
    rejected: u64,
    with_warnings: u64,
}

impl Status {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let config = common.load()?;
        let folders = config.folders(&common.root)?;
        let ledger = Ledger::open_to_read(&folders.state)?;
        let mut out = anstream::AutoStream::auto(io::stdout());
        if let Some(name) = &self.batch {
            let Some(ledger) = ledger else {
                return Err(CommandError::Usage(format!(
                    "{}: there is no ledger yet",
                    shown(&folders.state)
                )));
            };
            let row = find(&ledger, name)?;
            let story = Story::of(&ledger, &folders, &row)?;
            match self.format {
                OutputFormat::Json => print_json(&mut out, &story)?,
                OutputFormat::Text => story.print(&mut out)?,
            }
            return Ok(Exit::Success);
        }
        let overview = Overview::of(ledger.as_ref(), &config, &folders, self.last)?;
        match self.format {
            OutputFormat::Json => print_json(&mut out, &overview)?,
            OutputFormat::Text => overview.print(&mut out)?,
        }
        Ok(Exit::Success)
    }
}

fn print_json(out: &mut dyn Write, value: &impl Serialize) -> Result<(), CommandError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// A batch by its name, or by a part of it that no other has.
pub(super) fn find(ledger: &Ledger, name: &str) -> Result<BatchRow, CommandError> {
    if let Some(row) = ledger.batch(name)? {
        return Ok(row);
    }
    let mut like = ledger.batches_like(name)?;
    match like.len() {
        1 => Ok(like.remove(0)),
        0 => {
            let known = ledger.all_batches()?;
            let names: Vec<&str> = known.iter().filter_map(|row| row.batch.as_deref()).collect();
            // Who misspells a name often has other digits behind it, or none.
            let stem = |name: &'_ str| name.split('.').next().unwrap_or_default().to_owned();
            let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
            let near = nearest(name, names.iter().copied()).or_else(|| {
                let near = nearest(&stem(name), stems.iter().map(String::as_str))?;
                names.iter().zip(&stems).find(|(_, stem)| *stem == near).map(|(name, _)| *name)
            });
            let meant = near.map_or_else(|| ";".to_owned(), |near| format!("; did you mean {near}?"));
            let name = shown(Path::new(name));
            Err(CommandError::Usage(format!(
                "the ledger knows no batch {name}{meant} `kyc-import status` lists the last ones"
            )))
        }
        _ => {
            let names: Vec<String> = like.into_iter().filter_map(|row| row.batch).collect();
            Err(CommandError::Usage(format!(
                "several batches have {name} in their name: {}",
                names.join(", ")
            )))
        }
    }
}

impl Line {
    fn of(row: BatchRow) -> Self {
        Self {
            batch: row.batch.unwrap_or_default(),
            status: row.status.unwrap_or_default(),
            state: row.state,
            claimed: row.claimed_at,
            read: row.read,
            accepted: row.accepted,
            rejected: row.rejected,
            with_warnings: row.with_warnings,
        }
    }
}

/// A status as people read it.
fn words(status: &str) -> String {
    status.replace('_', " ")
}
