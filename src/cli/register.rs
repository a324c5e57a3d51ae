//! The known past, from a file: one JSON object a line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use super::CommandError;
use crate::config::ConfigError;
use crate::rules::{Kind, Past};

/// One line of a register.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Known {
    customer_ext_id: Option<String>,
    kind: Option<KnownKind>,
    communication_number: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum KnownKind {
    Customer,
    Lead,
}

/// Reads a register. A customer without a kind is a customer.
pub(super) fn load(path: &Path) -> Result<Past, CommandError> {
    let read = |source| CommandError::Config(ConfigError::Read { path: path.to_owned(), source });
    let mut past = Past::register();
    for (number, line) in (1..).zip(BufReader::new(File::open(path).map_err(read)?).lines()) {
        let line = line.map_err(read)?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let known: Known = serde_json::from_str(line).map_err(|error| {
            // The message of serde_json would repeat what stands there.
            let detail = format!(
                "line {number}, column {}: an object with any of customerExtId, kind (customer or lead), communicationNumber was expected",
                error.column()
            );
            ConfigError::Parse { path: path.to_owned(), detail }
        })?;
        if let Some(id) = &known.customer_ext_id {
            let kind = if matches!(known.kind, Some(KnownKind::Lead)) { Kind::Lead } else { Kind::Customer };
            past.add_customer(id, kind);
        }
        if let Some(number) = &known.communication_number {
            past.add_number(number);
        }
    }
    Ok(past)
}
