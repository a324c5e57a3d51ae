//! The known past as a file, one JSON object a line: read for `check --register`, imported into the register
//! and exported from it; and what the register says of one identifier.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::session::lock;
use super::{CommandError, Common, Exit, Judging};
use crate::config::ConfigError;
use crate::rules::{Kind, Past};
use crate::store::ledger::{KnownRecord, Register, Snapshot};
use crate::store::{Folders, Ledger};

/// The arguments of `register`.
#[derive(Debug, clap::Args)]
pub struct RegisterCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Add the known customers and communication numbers of a file; what is known already is left as it is
    Import {
        /// Lines of JSON with any of customerExtId, kind (customer or lead), communicationNumber
        file: PathBuf,
    },
    /// Write the known customers and communication numbers to a file; `-` is standard output
    Export {
        /// The file, which must not exist yet
        file: PathBuf,
    },
    /// Show every accepted record of a customer or communication number, with its batch, oldest first
    Find {
        /// A customerExtId or communicationNumber, as it was in the record
        identifier: String,
    },
}

/// One line of a register.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Known {
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_ext_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<KnownKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    communication_number: Option<String>,
}

#[derive(Deserialize, Serialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum KnownKind {
    Customer,
    Lead,
}

/// A record of the register as `find` shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    known: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk_management_category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_at: Option<String>,
    /// Whether its batch was superseded.
    superseded: bool,
}

impl Known {
    fn of(record: KnownRecord) -> Self {
        let KnownRecord { customer_ext_id, communication_number, lead } = record;
        let kind = if lead { KnownKind::Lead } else { KnownKind::Customer };
        Self { kind: customer_ext_id.is_some().then_some(kind), customer_ext_id, communication_number }
    }
}

impl RegisterCommand {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        match self.action {
            Action::Import { file } => {
                let prepared = Judging::default().prepare(common)?;
                let folders = &prepared.installation.folders;
                let _lock = lock(&prepared.installation)?;
                let mut ledger = Ledger::open(&folders.state, folders.modes)?;
                let mut register = Register::load(&ledger, prepared.installation.identifiers_bytes_max)?;
                let records = lines(&file)?.map(|known| {
                    known.map(|known| KnownRecord {
                        lead: known.kind == Some(KnownKind::Lead),
                        customer_ext_id: known.customer_ext_id,
                        communication_number: known.communication_number,
                    })
                });
                let new = register.import(&mut ledger, records)?;
                register.save(&ledger)?;
                writeln!(io::stdout(), "{new} new in the register")?;
            }
            Action::Export { file } => {
                let (folders, ledger) = opened(common)?;
                if file.as_os_str() == "-" {
                    export(&ledger, io::stdout().lock())?;
                } else {
                    // It holds data of customers, whatever the umask.
                    let mode = folders.modes.file;
                    let sink = File::options().write(true).create_new(true).mode(mode).open(&file);
                    let sink = sink.map_err(|source| ConfigError::Write { path: file.clone(), source })?;
                    export(&ledger, sink)?;
                }
            }
            Action::Find { identifier } => find(&opened(common)?.1, &identifier)?,
        }
        Ok(Exit::Success)
    }
}

fn opened(common: &Common) -> Result<(Folders, Ledger), CommandError> {
    let folders = common.load()?.folders(&common.root)?;
    match Ledger::open_to_read(&folders.state)? {
        Some(ledger) => Ok((folders, ledger)),
        None => Err(CommandError::Usage("there is no ledger yet, so nothing is registered".to_owned())),
    }
}

fn find(ledger: &Ledger, identifier: &str) -> Result<(), CommandError> {
    let mut sink = io::stdout().lock();
    let mut count = 0;
    ledger.find(identifier, |found| -> Result<(), CommandError> {
        let [entity_type, risk_management_category, customer_status] = found.others;
        let shown = Shown {
            known: Known::of(found.known),
            entity_type,
            risk_management_category,
            customer_status,
            batch: found.brought.batch,
            accepted_at: found.brought.committed_at,
            superseded: found.brought.void,
        };
        count += 1;
        serde_json::to_writer(&mut sink, &shown).map_err(io::Error::from)?;
        Ok(sink.write_all(b"\n")?)
    })?;
    if count == 0 {
        writeln!(io::stderr(), "no accepted record has this customerExtId or communicationNumber")?;
    }
    Ok(())
}

fn export(ledger: &Ledger, sink: impl Write) -> Result<u64, CommandError> {
    let Some(register) = Snapshot::take(ledger)? else { return Ok(0) };
    let mut sink = BufWriter::new(sink);
    let count = register.export(|record| -> Result<(), CommandError> {
        serde_json::to_writer(&mut sink, &Known::of(record)).map_err(io::Error::from)?;
        Ok(sink.write_all(b"\n")?)
    })?;
    sink.flush()?;
    Ok(count)
}

/// Reads a register into memory. A customer without a kind is a customer.
pub(super) fn load(path: &Path) -> Result<Past, CommandError> {
    let mut past = Past::register();
    for known in lines(path)? {
        let known = known?;
        if let Some(id) = &known.customer_ext_id {
            let kind = if known.kind == Some(KnownKind::Lead) { Kind::Lead } else { Kind::Customer };
            past.add_customer(id, kind);
        }
        if let Some(number) = &known.communication_number {
            past.add_number(number);
        }
    }
    Ok(past)
}

/// The lines of a register that are not empty.
fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Known, CommandError>> + use<>, CommandError> {
    let path = path.to_owned();
    let file = File::open(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
    Ok((1..).zip(BufReader::new(file).lines()).filter_map(move |(number, line)| {
        let line = match line {
            Ok(line) => line,
            Err(source) => return Some(Err(ConfigError::Read { path: path.clone(), source }.into())),
        };
        let line = line.trim_start_matches('\u{feff}').trim();
        (!line.is_empty()).then(|| parse(line, number, &path))
    }))
}

fn parse(line: &str, number: u64, path: &Path) -> Result<Known, CommandError> {
    serde_json::from_str(line).map_err(|error| {
        // The message of serde_json would repeat what stands there.
        let detail = format!(
            "line {number}, column {}: an object with any of customerExtId, kind (customer or lead), communicationNumber was expected",
            error.column()
        );
        ConfigError::Parse { path: path.to_owned(), detail }.into()
    })
}
