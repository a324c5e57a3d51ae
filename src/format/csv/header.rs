//! The header of a CSV file: which column holds which field.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::super::FileFailure;
use super::super::profile::{DecimalSign, Profile};
use super::cell::{Follows, decoded, next_cell};
use super::guard::unguarded;
use crate::contract::near::nearest_field;
use crate::contract::{CUSTOMER, Field, Kind, Object};
use crate::printable::excerpt;

/// The largest index of a list item in a column name.
const INDEX_MAX: u32 = 9_999;

/// One step of a column's path: a field, and the index of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub field: usize,
    pub index: Option<u32>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The field that is the target with this number.
    Field,
    /// A column of ours: `_row`, `_codes`, `_fields`, `_errors`, or any other with an underscore.
    Ignored,
    /// A column that the source's profile passes over.
    Unused,
    /// A name that no table lists.
    Unknown,
}

/// Where the value of a column goes.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The column, from 0.
    pub column: usize,
    /// The objects and items above the field, outermost first. A target shares as many of them with
    /// the one before as `shared` says.
    pub parents: Vec<(Step, &'static Object)>,
    /// How many parents are the same as those of the target before.
    pub shared: usize,
    /// The table of the object the field is in.
    pub object: &'static Object,
    /// The field.
    pub field: usize,
    /// The index, for a column that holds one item of a list of scalars.
    pub index: Option<u32>,
}

/// The header row.
#[derive(Debug)]
pub struct Header {
    /// The delimiter.
    pub delimiter: u8,
    /// The names as they stand in the file, quotes and all.
    pub raw_names: Vec<String>,
    /// The names without quotes.
    pub names: Vec<String>,
    /// Which columns are ours and left out of a rejected file.
    pub ignored: Vec<bool>,
    /// Whether there are any such columns.
    pub(super) has_ignored: bool,
    /// Whether the first columns are the reasons of a rejected file. A row that could not be read
    /// stands there without them, and so does the corrected one.
    pub has_reasons: bool,
    /// The columns that no table lists.
    pub unknown: Vec<UnknownColumn>,
    /// Whether a single comma stands for the point of a number.
    pub(in crate::format) decimal_comma: bool,
    /// Texts that mean that a cell is empty.
    pub(super) nulls: Vec<String>,
    /// The targets in the order of the tables.
    pub(super) targets: Vec<Target>,
}

/// The columns with the reasons, in front of a rejected file.
pub const REASON_COLUMNS: [&str; 4] = ["_row", "_codes", "_fields", "_errors"];

/// The delimiters that are told apart.
pub(in crate::format) const DELIMITERS: [u8; 4] = *b";,\t|";

impl Header {
    /// The header and the offset behind it.
    ///
    /// # Errors
    ///
    /// When a field has two columns, or too few names are known.
    pub fn read(text: &str, delimiter: u8, profile: &Profile) -> Result<(Self, usize), FileFailure> {
        let (raw_names, names, end) = split(text, delimiter)?;
        let mut header = Self {
            delimiter,
            ignored: vec![false; names.len()],
            has_ignored: false,
            has_reasons: names.iter().map(String::as_str).take(REASON_COLUMNS.len()).eq(REASON_COLUMNS),
            unknown: Vec::new(),
            decimal_comma: match profile.decimal {
                DecimalSign::Either => delimiter != b',',
                DecimalSign::Point => false,
                DecimalSign::Comma => true,
            },
            nulls: profile.nulls.clone(),
            targets: Vec::new(),
            raw_names,
            names,
        };
        let mut known = 0;
        let mut asked = 0;
        let mut unknown = Vec::new();
        let mut unknown_names = HashSet::new();
        for (column, name) in header.names.iter().enumerate() {
            let (meaning, target) = meaning(name, column, profile);
            header.targets.extend(target);
            header.ignored[column] = meaning == Meaning::Ignored;
            header.has_ignored |= meaning == Meaning::Ignored;
            let blank = name.trim().is_empty();
            known += u32::from(meaning == Meaning::Field);
            asked += u32::from(!matches!(meaning, Meaning::Ignored | Meaning::Unused) && !blank);
            if meaning == Meaning::Unknown && (blank || unknown_names.insert(name)) {
                unknown.push(column);
            }
        }
        // A profile says which columns count; there may be many others.
        if known * 2 < asked && profile.columns.is_empty() || known == 0 {
            return Err(header.mostly_unknown(known, asked));
        }
        let named = |(i, column): (usize, &usize)| {
            let name = &header.names[*column];
            let near = if i < SUGGESTED_COLUMNS_MAX { suggestion(name) } else { None };
            unknown_column(name, *column, near)
        };
        header.unknown = unknown.iter().enumerate().map(named).collect();
        header.order_targets()?;
        Ok((header, end))
    }

    /// Sorts the targets by table order and index, so that items are made in order, and marks what each
    /// shares with the one before.
    fn order_targets(&mut self) -> Result<(), FileFailure> {
        let key = |target: &Target| {
            let steps = target.parents.iter().map(|(step, _)| (step.field, step.index));
            steps.chain([(target.field, target.index)]).collect::<Vec<_>>()
        };
        self.targets.sort_by_cached_key(key);
        for i in 1..self.targets.len() {
            let (before, this) = (&self.targets[i - 1], &self.targets[i]);
            let (before_key, this_key) = (key(before), key(this));
            // `listAddress` holds a whole list, so it cannot stand beside `listAddress[0].country`.
            let whole = |shorter: &[(usize, Option<u32>)], longer: &[(usize, Option<u32>)]| {
                let (last, front) = shorter.split_last().unwrap_or((&(0, None), &[]));
                longer.len() >= shorter.len()
                    && longer[..front.len()] == *front
                    && longer[front.len()].0 == last.0
                    && (last.1.is_none() || longer[front.len()].1 == last.1)
            };
            if before_key == this_key || whole(&before_key, &this_key) {
                let (first, second) = (before.column.min(this.column), before.column.max(this.column));
                let columns = [first, second].map(|column| (shorten(&self.names[column]), column + 1));
                return Err(FileFailure::column_twice(columns));
            }
            let shared = before
                .parents
                .iter()
                .zip(&this.parents)
                .take_while(|((before, _), (this, _))| before == this)
                .count();
            self.targets[i].shared = shared;
        }
        Ok(())
    }

    #[cold]
    fn mostly_unknown(&self, known: u32, asked: u32) -> FileFailure {
        let hint = if self.names.len() == 1 {
            "Check the delimiter: it must be a semicolon, a comma, a tab or a vertical bar. The first row must hold the field names."
        } else {
            "The first row must hold the field names, as `kyc-import template` prints them."
        };
        FileFailure::unreadable("CSV", format_args!("of {asked} column names only {known} are known"), hint)
    }
}

/// A column that a rejected file keeps, behind the reasons.
#[derive(Debug, Clone)]
pub struct KeptColumn {
    /// Its name as it stands in the file.
    pub name: String,
    /// The field it holds and the path of its values, as reports print it; `None` for an unknown column.
    pub field: Option<(&'static Field, String)>,
}

impl Header {
    /// The columns that a rejected file keeps, in order.
    #[must_use]
    pub fn kept_columns(&self) -> Vec<KeptColumn> {
        let kept = |(column, name): (usize, &String)| {
            let target = self.targets.iter().find(|target| target.column == column);
            KeptColumn { name: name.clone(), field: target.map(|target| (target.own_field(), target.path())) }
        };
        self.names.iter().enumerate().filter(|(column, _)| !self.ignored[*column]).map(kept).collect()
    }
}

impl Target {
    fn own_field(&self) -> &'static Field {
        &self.object.fields[self.field]
    }

    /// The path of the values in this column: `listAddress[0].country`.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut object = &CUSTOMER;
        for (step, inner) in &self.parents {
            path.push_str(object.fields[step.field].name);
            if let Some(index) = step.index {
                let _ = write!(path, "[{index}]");
            }
            path.push('.');
            object = inner;
        }
        path.push_str(self.own_field().name);
        if let Some(index) = self.index {
            let _ = write!(path, "[{index}]");
        }
        path
    }
}

/// A column that no table lists. It is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// Its name, shortened.
    pub name: String,
    /// The known name that may have been meant.
    pub near: Option<String>,
}

/// For how many unknown columns a known name is looked for: a header may have any number of them.
const SUGGESTED_COLUMNS_MAX: usize = 200;

fn unknown_column(name: &str, column: usize, near: Option<String>) -> UnknownColumn {
    let name = if name.trim().is_empty() {
        format!("(column {} without a name)", column + 1)
    } else {
        shorten(name)
    };
    UnknownColumn { name, near }
}

/// The path that may have been meant by one that is not known: every name replaced by the nearest one,
/// an index added where a list needs one.
fn suggestion(name: &str) -> Option<String> {
    let mut object = &CUSTOMER;
    let mut path = String::new();
    for part in name.split('.') {
        let (own, index) = part.split_once('[').map_or((part, None), |(own, index)| (own, Some(index)));
        if own.trim().parse::<u32>().is_ok() {
            continue;
        }
        let field = object.field(nearest_field(own, object)?)?;
        let dot = if path.is_empty() { "" } else { "." };
        let _ = write!(path, "{dot}{}", field.name);
        match field.kind {
            Kind::Object(inner) => object = inner,
            Kind::Objects(inner) => {
                let index = index.and_then(|index| index.trim_end_matches(']').parse::<u32>().ok());
                let _ = write!(path, "[{}]", index.filter(|index| *index <= INDEX_MAX).unwrap_or(0));
                object = inner;
            }
            _ => {}
        }
    }
    (!path.is_empty()).then_some(path)
}

/// The most characters of a column name that are printed.
const NAME_CHARS_MAX: usize = 64;

fn shorten(name: &str) -> String {
    excerpt(name, NAME_CHARS_MAX).into_owned()
}

type Names = (Vec<String>, Vec<String>, usize);

fn split(text: &str, delimiter: u8) -> Result<Names, FileFailure> {
    let (mut raw_names, mut names) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        let cell = next_cell(text.as_bytes(), at, delimiter);
        if cell.is_broken() {
            let hint = "Correct the quotes in the first row and drop the file again.";
            return Err(FileFailure::unreadable(
                "CSV",
                "a quote in the header is not closed where it should be",
                hint,
            ));
        }
        raw_names.push(text[cell.start..cell.end].to_owned());
        names.push(unguarded(&decoded(text, &cell)).to_owned());
        match cell.follows {
            Follows::Cell => at = cell.end + 1,
            Follows::Row(next) => return Ok((raw_names, names, next)),
            Follows::End => return Ok((raw_names, names, cell.end)),
        }
    }
}

/// How many names of a header line are known with this delimiter.
pub(in crate::format) fn known_names(text: &str, delimiter: u8, profile: &Profile) -> usize {
    let Ok((_, names, _)) = split(text, delimiter) else { return 0 };
    names.iter().filter(|name| meaning(name, 0, profile).0 != Meaning::Unknown).count()
}

/// Whether a column of this name would hold a field.
#[must_use]
pub fn is_column(name: &str) -> bool {
    target(name.trim(), 0).is_some()
}

/// The column name that may have been meant by one that is not known.
#[must_use]
pub fn nearest_column(name: &str) -> Option<String> {
    suggestion(name).filter(|near| is_column(near))
}

/// What a column name means: `listAddress[0].country`, `List Address.0.Country`, `_row`.
fn meaning(name: &str, column: usize, profile: &Profile) -> (Meaning, Option<Target>) {
    let name = name.trim();
    if name.starts_with('_') {
        return (Meaning::Ignored, None);
    }
    let own = plain(name);
    let is_own = |other: &str| plain(other) == own;
    if profile.ignored_columns.iter().any(|ignored| is_own(ignored)) {
        return (Meaning::Unused, None);
    }
    let alias = profile.columns.iter().find(|alias| is_own(&alias.name));
    match target(alias.map_or(name, |alias| &alias.field), column) {
        Some(target) => (Meaning::Field, Some(target)),
        None => (Meaning::Unknown, None),
    }
}

fn target(name: &str, column: usize) -> Option<Target> {
    let mut segments = segments(name)?.into_iter().peekable();
    let mut object = &CUSTOMER;
    let mut parents = Vec::new();
    loop {
        let (name, index) = segments.next()?;
        let field = object.fields.iter().position(|field| plain(field.name) == name)?;
        let last = segments.peek().is_none();
        let step = Step { field, index };
        match (object.fields[field].kind, index, last) {
            (Kind::Object(inner), None, false) => {
                parents.push((step, inner));
                object = inner;
            }
            (Kind::Objects(inner), Some(_), false) => {
                parents.push((step, inner));
                object = inner;
            }
            (Kind::Values(_), _, true) => {
                return Some(Target { column, parents, shared: 0, object, field, index });
            }
            (_, None, true) => {
                return Some(Target { column, parents, shared: 0, object, field, index: None });
            }
            _ => return None,
        }
    }
}

/// The segments of a path with their indices; `.0.` is read like `[0]`.
fn segments(name: &str) -> Option<Vec<(String, Option<u32>)>> {
    let mut segments: Vec<(String, Option<u32>)> = Vec::new();
    for part in name.split('.') {
        let part = part.trim();
        if let (Ok(index), Some((_, open @ None))) = (part.parse::<u32>(), segments.last_mut()) {
            *open = Some(index);
            continue;
        }
        match part.split_once('[') {
            Some((name, rest)) => {
                let index = rest.trim_end().strip_suffix(']')?.trim().parse().ok()?;
                segments.push((plain(name), Some(index)));
            }
            None => segments.push((plain(part), None)),
        }
    }
    segments
        .iter()
        .all(|(name, index)| !name.is_empty() && index.is_none_or(|index| index <= INDEX_MAX))
        .then_some(segments)
}

/// A name without regard to case, blanks, `_` and `-`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|char| !char.is_whitespace() && !matches!(char, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The cells of the first rows of a text, for a first look: quotes and guards taken off, mistakes passed
/// over.
pub(in crate::format) fn rows(text: &str, delimiter: u8, rows_max: usize) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut at = 0;
    while rows.len() < rows_max && at < text.len() {
        let cell = next_cell(text.as_bytes(), at, delimiter);
        row.push(unguarded(&decoded(text, &cell)).to_owned());
        match cell.follows {
            Follows::Cell => {
                at = cell.end + 1;
                if at == text.len() {
                    row.push(String::new());
                }
            }
            Follows::Row(next) => at = next,
            Follows::End => at = text.len(),
        }
        if cell.follows != Follows::Cell || at == text.len() {
            let blank = row.iter().all(|cell| cell.trim().is_empty());
            let done = std::mem::take(&mut row);
            rows.extend((!blank).then_some(done));
        }
    }
    rows
}
