//! Rows of the register on their way into the ledger: several at a time, which costs a third less than one
//! by one.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::Ledger;
use super::register::NewRecord;
use crate::store::StoreError;

/// How many rows one statement writes. More bring nothing.
pub(super) const ROWS_AT_ONCE: usize = 16;

/// The texts of a row.
const TEXTS: usize = 5;

/// The columns of a row: batch, lead and its texts.
const COLUMNS: usize = TEXTS + 2;

/// Rows that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    texts: String,
    pub rows: Vec<WaitingRow>,
}

#[derive(Debug)]
pub(super) struct WaitingRow {
    lead: bool,
    texts: [Option<Range<usize>>; TEXTS],
}

impl Waiting {
    /// Adds a row.
    pub fn push(&mut self, record: &NewRecord<'_>) {
        let texts = [
            record.customer.map(|customer| customer.text),
            record.number.map(|number| number.text),
            record.entity_type,
            record.category,
            record.status,
        ];
        let texts = texts.map(|text| {
            let start = self.texts.len();
            self.texts.push_str(text?);
            Some(start..self.texts.len())
        });
        self.rows.push(WaitingRow { lead: record.lead, texts });
    }

    /// Writes all rows behind the last one, and returns the emptied buffers.
    pub fn write(mut self, ledger: &Ledger, batch: Option<i64>) -> Result<Self, StoreError> {
        let rows = self.rows.len();
        if rows > 0 {
            let failed = ledger.write_failed();
            let sql =
                if rows == ROWS_AT_ONCE { Cow::Borrowed(FULL.as_str()) } else { statement(rows).into() };
            let mut statement = ledger.connection.prepare_cached(&sql).map_err(&failed)?;
            for (number, row) in self.rows.iter().enumerate() {
                let at = number * COLUMNS + 1;
                statement.raw_bind_parameter(at, batch).map_err(&failed)?;
                statement.raw_bind_parameter(at + 1, row.lead).map_err(&failed)?;
                for (column, text) in row.texts.iter().enumerate() {
                    let text = text.clone().and_then(|text| self.texts.get(text));
                    statement.raw_bind_parameter(at + 2 + column, text).map_err(&failed)?;
                }
            }
            statement.raw_execute().map_err(&failed)?;
        }
        self.rows.clear();
        self.texts.clear();
        Ok(self)
    }
}

/// The statement that writes as many rows as are written at once.
static FULL: LazyLock<String> = LazyLock::new(|| statement(ROWS_AT_ONCE));

/// The statement that writes a number of rows. Rows are numbered by SQLite: each gets the next number.
fn statement(rows: usize) -> String {
    let row = format!("({})", ["?"; COLUMNS].join(","));
    format!(
        "INSERT INTO records (batch, lead, customer_ext_id, communication_number, entity_type, category, status) VALUES {}",
        vec![row; rows].join(",")
    )
}
