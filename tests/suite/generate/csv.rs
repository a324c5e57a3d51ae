//! Records as CSV: columns by path, any order, delimiter, quotes, line ends, spelling of the header.

use kyc_import::contract::Kind;

use super::{Dice, Members, Name, Value, json};

/// A CSV file, and where each value of it stands.
#[derive(Debug, Clone)]
pub struct Written {
    pub text: String,
    /// Every value that is not blank.
    pub cells: Vec<Cell>,
    /// The row in which each record begins, as a spreadsheet counts it.
    pub rows: Vec<u64>,
}

/// One value and its place.
#[derive(Debug, Clone)]
pub struct Cell {
    pub record: usize,
    pub path: String,
    /// The offset of the cell, its opening quote included.
    pub byte_offset: usize,
}

/// A value by its path: a scalar, or the JSON text of a whole list or object.
type Leaf = (String, String);

/// Writes records as one file.
pub fn document(records: &[Members], dice: &mut Dice) -> Written {
    let delimiter = dice.one(&[';', ',', '\t', '|']);
    let whole = dice.once_in(4);
    let rows: Vec<Vec<Leaf>> = records
        .iter()
        .map(|members| {
            let mut leaves = Vec::new();
            collect(members, "", whole, dice, &mut leaves);
            leaves
        })
        .collect();
    let mut columns: Vec<String> = Vec::new();
    for (path, _) in rows.iter().flatten() {
        if !columns.contains(path) {
            columns.push(path.clone());
        }
    }
    let columns = dice.shuffled(columns);
    let mut sheet = Sheet::new(delimiter, dice);
    sheet.header(&columns);
    let mut starts = Vec::new();
    for (record, leaves) in rows.iter().enumerate() {
        sheet.blank_rows();
        starts.push(sheet.row);
        for (index, column) in columns.iter().enumerate() {
            let leaf = leaves.iter().find(|(path, _)| path == column);
            sheet.cell(index, record, leaf);
        }
        sheet.end();
    }
    Written { text: sheet.text, cells: sheet.cells, rows: starts }
}

/// The values of an object by their paths. With `whole`, lists and objects of the record stand in cells
/// of their own.
fn collect(members: &Members, prefix: &str, whole: bool, dice: &mut Dice, leaves: &mut Vec<Leaf>) {
    for (name, value) in members {
        let path = format!("{prefix}{}", name.json());
        match value {
            Value::Blank(_) if whole && is_nested(*name) => {}
            Value::Blank("null") => leaves.push((path, String::new())),
            Value::Blank(blank) => leaves.push((path, (*blank).to_owned())),
            Value::Text(text) => leaves.push((path, text.clone())),
            Value::Scalars(texts) => leaves.push((path, texts.join("|"))),
            Value::Object(_) | Value::Items(_) if whole => {
                leaves.push((path, json::value(value, *name, dice)))
            }
            Value::Object(inner) => collect(inner, &format!("{path}."), false, dice, leaves),
            Value::Items(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{path}[{index}]."), false, dice, leaves);
                }
            }
            Value::Wrong(_) => unreachable!("only JSON can say it"),
        }
    }
    // A blank list or object has no column: it could stand beside columns of its parts.
    leaves.retain(|(path, text)| !(text.trim().is_empty() && is_nested_path(path, members, prefix)));
}

fn is_nested_path(path: &str, members: &Members, prefix: &str) -> bool {
    members.iter().any(|(name, _)| is_nested(*name) && path == format!("{prefix}{}", name.json()))
}

fn is_nested(name: Name) -> bool {
    matches!(name, Name::Known(field) if matches!(field.kind, Kind::Object(_) | Kind::Objects(_)))
}

struct Sheet<'d> {
    text: String,
    delimiter: char,
    line_end: &'static str,
    row: u64,
    cells: Vec<Cell>,
    dice: &'d mut Dice,
}

impl<'d> Sheet<'d> {
    fn new(delimiter: char, dice: &'d mut Dice) -> Self {
        let mut text = dice.one(&["", "", "\u{feff}"]).to_owned();
        let line_end = dice.one(&["\r\n", "\n", "\r"]);
        if line_end != "\r" && dice.once_in(6) {
            text.push_str(&format!("sep={delimiter}{line_end}"));
        }
        Self { text, delimiter, line_end, row: 1, cells: Vec::new(), dice }
    }

    fn header(&mut self, columns: &[String]) {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                self.text.push(self.delimiter);
            }
            let spelled = self.spelled(column);
            if self.dice.once_in(6) {
                self.text.push_str(&format!("\"{spelled}\""));
            } else {
                self.text.push_str(&spelled);
            }
        }
        self.end();
    }

    /// A path with other capitals, blanks and signs, which do not matter.
    fn spelled(&mut self, path: &str) -> String {
        if !self.dice.once_in(3) {
            return path.to_owned();
        }
        let dotted = self.dice.once_in(2);
        let path = if dotted { path.replace('[', ".").replace(']', "") } else { path.to_owned() };
        let mut spelled = String::new();
        for char in path.chars() {
            if char.is_ascii_uppercase() && !spelled.is_empty() {
                spelled.push_str(self.dice.one(&["", " ", "_", "-"]));
            }
            if self.dice.once_in(3) { spelled.extend(char.to_uppercase()) } else { spelled.push(char) }
        }
        spelled
    }

    fn blank_rows(&mut self) {
        if self.dice.once_in(10) {
            let only_delimiters =
                if self.dice.once_in(2) { String::from(self.delimiter).repeat(3) } else { String::new() };
            self.text.push_str(&only_delimiters);
            self.end();
        }
    }

    fn cell(&mut self, index: usize, record: usize, leaf: Option<&Leaf>) {
        if index > 0 {
            self.text.push(self.delimiter);
        }
        let Some((path, content)) = leaf else { return };
        if !content.trim().is_empty() {
            let byte_offset = self.text.len();
            self.cells.push(Cell { record, path: path.clone(), byte_offset });
        }
        let guard = content.starts_with('\'') || is_changed_by_spreadsheets(content) && self.dice.once_in(2);
        let content = if guard { format!("'{content}") } else { content.clone() };
        let needs_quotes = content.contains([self.delimiter, '\n', '\r']) || content.starts_with('"');
        if needs_quotes || self.dice.once_in(5) {
            self.text.push_str(&format!("\"{}\"", content.replace('"', "\"\"")));
        } else {
            self.text.push_str(&content);
        }
    }

    fn end(&mut self) {
        self.text.push_str(self.line_end);
        self.row += 1;
    }
}

/// The clear cases of what the guard is for.
fn is_changed_by_spreadsheets(text: &str) -> bool {
    let digits = text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
        || digits && (text.starts_with('0') || text.len() >= 12)
        || matches!(text, "1e5" | "1-2")
}
