//! `map`: a skeleton of a source profile for an export that nobody knows yet.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use super::{CommandError, Exit};
use crate::contract::{CUSTOMER, Field, FieldPath, Kind, Need, synonyms};
use crate::format::{DateForm, ReadError, Sample, csv, sample};
use crate::rules::{Context, suggested};
use crate::store;

/// The arguments of `map`.
#[derive(Debug, clap::Args)]
pub struct Map {
    /// The CSV file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Map {
    pub(super) fn run(self) -> Result<Exit, CommandError> {
        let source: Box<dyn io::Read> = match self.file.as_os_str() == "-" {
            true => Box::new(io::stdin()),
            false => Box::new(store::open(&self.file)?),
        };
        let sample = sample(source).map_err(|error| match error {
            ReadError::Io(error) => {
                CommandError::Usage(format!("cannot read {}: {error}", super::shown(&self.file)))
            }
            ReadError::File(failure) => {
                CommandError::Usage(format!("{}: {failure}. {}", super::shown(&self.file), failure.hint))
            }
        })?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        io::stdout().write_all(skeleton(&sample, &name).as_bytes())?;
        Ok(Exit::Success)
    }
}

/// The most different values of a column that are listed.
const VALUES_MAX: usize = 12;

/// The longest value that is listed, in bytes.
const VALUE_BYTES_MAX: usize = 12;

/// Forms of dates that are looked for.
const DATE_FORMS: [&str; 7] =
    ["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y.%m.%d", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d"];

/// Texts that often mean that there is no value.
const NULLS: [&str; 8] = ["NULL", "null", "-", "N/A", "n/a", "NA", "#N/A", "nėra"];

/// What the values of a column look like.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Look {
    Empty,
    IsoDate,
    /// Every form that fits as many values as any.
    Date(Vec<&'static str>),
    Email,
    Phone,
    Country,
    Number,
    Text,
}

impl Look {
    fn of(values: &[&str]) -> Self {
        let all = |test: &dyn Fn(&str) -> bool| values.iter().all(|value| test(value));
        if values.is_empty() {
            return Self::Empty;
        }
        if all(&|value| DateForm::iso().convert(value).is_some()) {
            return Self::IsoDate;
        }
        let forms = date_forms(values);
        if !forms.is_empty() {
            return Self::Date(forms);
        }
        let is_phone = |value: &str| {
            let digits = value.chars().filter(char::is_ascii_digit).count();
            digits >= 7 && value.starts_with('+') && value.chars().all(|char| !char.is_alphabetic())
        };
        let is_country = |value: &str| crate::contract::List::Country.built_in().contains(&value);
        let is_number =
            |value: &str| value.chars().all(|char| char.is_ascii_digit() || " .,-".contains(char));
        match () {
            () if all(&|value| value.contains('@') && value.contains('.')) => Self::Email,
            () if all(&is_phone) => Self::Phone,
            () if all(&is_country) => Self::Country,
            () if all(&is_number) => Self::Number,
            () => Self::Text,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Empty => "no values".to_owned(),
            Self::IsoDate => "dates".to_owned(),
            Self::Date(forms) => format!("dates like {}", forms.join(" or ")),
            Self::Email => "e-mail addresses".to_owned(),
            Self::Phone => "phone numbers".to_owned(),
            Self::Country => "country codes".to_owned(),
            Self::Number => "numbers".to_owned(),
            Self::Text => "text".to_owned(),
        }
    }
}

/// The forms that fit most values, and at least three of four: exports hold mistakes too.
fn date_forms(values: &[&str]) -> Vec<&'static str> {
    let fitting = |text: &'static str| {
        let form = DateForm::parse(text).ok()?;
        Some((values.iter().filter(|value| form.convert(value).is_some()).count(), text))
    };
    let counted: Vec<(usize, &str)> = DATE_FORMS.into_iter().filter_map(fitting).collect();
    let most = counted.iter().map(|(count, _)| *count).max().unwrap_or(0);
    let chosen = counted.into_iter().filter(|(count, _)| *count == most && most * 4 >= values.len() * 3);
    chosen.map(|(_, text)| text).collect()
}

/// A column with what is guessed of it.
struct Column<'s> {
    name: &'s str,
    look: Look,
    /// The column name of the field it may hold.
    field: Option<String>,
    values: BTreeMap<&'s str, usize>,
}

impl<'s> Column<'s> {
    fn of(sample: &'s Sample, index: usize) -> Self {
        let cells = sample.rows.iter().map(|row| row[index].trim());
        let given: Vec<&str> = cells.filter(|text| !text.is_empty() && !NULLS.contains(text)).collect();
        let mut values = BTreeMap::new();
        for value in &given {
            *values.entry(*value).or_default() += 1;
        }
        let name = sample.names[index].trim();
        let look = Look::of(&given);
        let guess = || synonyms::column(name).or_else(|| csv::nearest_column(name));
        let field = match look {
            _ if csv::is_column(name) => Some(name.to_owned()),
            Look::Email | Look::Phone => synonyms::contact_column(0),
            _ => guess(),
        };
        Self { name, look, field, values }
    }

    /// The field, by the path without indices.
    fn target(&self) -> Option<(String, &'static Field)> {
        let column = self.field.as_deref()?;
        let path: String = column
            .split('.')
            .map(|part| part.split('[').next().unwrap_or(part))
            .collect::<Vec<_>>()
            .join(".");
        FieldPath::parse(&path).ok().map(|(_, field)| (path, field))
    }
}

fn skeleton(sample: &Sample, file: &str) -> String {
    let mut columns: Vec<Column<'_>> =
        (0..sample.names.len()).map(|index| Column::of(sample, index)).collect();
    number_contacts(&mut columns);
    leave_each_field_once(&mut columns);
    let mut out = format!(
        "# A first guess for {}: {} columns, {} rows were looked at. Check every line, then add it to\n\
         # kyc-import.toml.\n\n[[source]]\nfiles = {}\n",
        comment(file),
        columns.len(),
        sample.rows.len(),
        quoted(&pattern(file))
    );
    head(sample, &columns, &mut out);
    mapped(&columns, &mut out);
    constants(&columns, &mut out);
    for column in &columns {
        value_map(column, &mut out);
    }
    out
}

/// Every column that seems to hold a contact gets an item of its own.
fn number_contacts(columns: &mut [Column<'_>]) {
    let known: Vec<String> =
        columns.iter().map(|column| column.name.to_owned()).filter(|name| csv::is_column(name)).collect();
    let mut free =
        (0..columns.len()).filter_map(synonyms::contact_column).filter(|field| !known.contains(field));
    let mut names = HashSet::new();
    for column in columns.iter_mut() {
        let is_guess = column.field == synonyms::contact_column(0) && !csv::is_column(column.name);
        // Two columns of one name make the file unreadable, whatever they hold.
        let letters = column.name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase);
        if is_guess {
            column.field = if names.insert(letters.collect::<String>()) { free.next() } else { None };
        }
    }
}

/// Two columns for one field make a file unreadable: the second one is left to the person.
fn leave_each_field_once(columns: &mut [Column<'_>]) {
    for index in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(index);
        let taken = before.iter().any(|other| other.field == rest[0].field);
        // A column that is known by its own name goes before a guess.
        let known = columns[index + 1..]
            .iter()
            .any(|other| other.field == columns[index].field && other.field.as_deref() == Some(other.name));
        if taken || known {
            columns[index].field = None;
        }
    }
}

/// The name of the file with a star for its numbers.
fn pattern(file: &str) -> String {
    let mut pattern = String::new();
    for char in file.chars() {
        match char {
            '0'..='9' if pattern.ends_with('*') => {}
            '0'..='9' => pattern.push('*'),
            '[' | ']' | '*' | '?' => pattern.push('?'),
            char => pattern.push(char),
        }
    }
    pattern
}

fn head(sample: &Sample, columns: &[Column<'_>], out: &mut String) {
    // Writing into a string cannot fail.
    let name = sample.encoding.name();
    if sample.encoding.is_utf8() {
        out.push_str("# The encoding is UTF-8; nothing has to be set.\n");
    } else {
        let _ = writeln!(out, "encoding = {}   # a guess: check the letters of some names", quoted(&name));
    }
    let _ = writeln!(out, "delimiter = {}", quoted(&char::from(sample.delimiter).to_string()));
    let mut forms: Vec<&str> = Vec::new();
    for column in columns {
        let Look::Date(fitting) = &column.look else { continue };
        if let [form] = fitting.as_slice() {
            forms.push(form);
        } else {
            let _ = writeln!(
                out,
                "# {} holds {}: only its writer knows which; add one to date_formats.",
                comment(column.name),
                column.look.words()
            );
        }
    }
    forms.sort_unstable();
    forms.dedup();
    if !forms.is_empty() {
        let list: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
        let _ = writeln!(out, "date_formats = [{}]", list.join(", "));
    }
    let cells = || sample.rows.iter().flatten().map(|cell| cell.trim());
    let nulls: Vec<String> =
        NULLS.into_iter().filter(|null| cells().any(|cell| cell == *null)).map(quoted).collect();
    if !nulls.is_empty() {
        let _ = writeln!(out, "nulls = [{}]", nulls.join(", "));
    }
    out.push_str("# ignore_columns = []   # columns that are not needed\n");
}

fn mapped(columns: &[Column<'_>], out: &mut String) {
    out.push_str("\n[source.columns]\n");
    for column in columns {
        let (name, look) = (column.name, column.look.words());
        let _ = match &column.field {
            Some(field) if field == name => {
                writeln!(out, "# {} is known by its name ({look})", comment(name))
            }
            Some(field) => writeln!(out, "{} = {}   # {look}", quoted(name), quoted(field)),
            None => writeln!(out, "# {} = \"\"   # {look}; no field was found", comment(&quoted(name))),
        };
    }
}

/// Fields that every record needs and no column holds.
fn constants(columns: &[Column<'_>], out: &mut String) {
    let held = |field: &Field| {
        columns.iter().any(|column| column.target().is_some_and(|(path, _)| path == field.name))
    };
    out.push_str("\n[source.constants]\n");
    contact_types(columns, out);
    out.push_str("# No column was found for these fields, which every record needs:\n");
    for field in CUSTOMER.fields.iter().filter(|field| matches!(field.need, Need::Always | Need::Import)) {
        if !held(field) {
            let _ = match field.kind {
                Kind::Enum(values) => {
                    writeln!(out, "# {} = \"\"   # one of {}", field.name, values.join(", "))
                }
                _ => writeln!(out, "# {} = \"\"", field.name),
            };
        }
    }
}

/// The types of contacts that no column holds.
fn contact_types(columns: &[Column<'_>], out: &mut String) {
    for contact in 0..columns.len() {
        let holder = |field: &Option<String>| columns.iter().find(|column| column.field == *field);
        let Some(type_column) = synonyms::contact_type_column(contact) else { continue };
        let Some(details) = holder(&synonyms::contact_column(contact)) else { continue };
        let (name, field) =
            (quoted(&type_column), FieldPath::parse(&type_column).ok().map(|(_, field)| field));
        if holder(&Some(type_column)).is_some() {
            continue;
        }
        let _ = writeln!(out, "# What {} holds:", comment(details.name));
        let _ = match details.look {
            Look::Email => writeln!(out, "{name} = \"EMAIL\""),
            Look::Phone => writeln!(out, "{name} = \"MOBILEPHONE\"   # or FIXEDPHONE"),
            _ => writeln!(out, "# {name} = \"\"{}", field.map(allowed).unwrap_or_default()),
        };
    }
}

/// The values of a column of codes that are none of the field's.
fn value_map(column: &Column<'_>, out: &mut String) {
    let Some((path, field)) = column.target() else { return };
    let context = Context::default();
    let is_right = |value: &str| match field.kind {
        Kind::Enum(values) => values.has(value),
        Kind::Boolean => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
        Kind::Classifier(list) => context.classifiers.allows(list, value),
        // Values of other fields may be anything, names too: they are not printed.
        _ => true,
    };
    let is_code = |value: &str| value.len() <= VALUE_BYTES_MAX && value.chars().all(char::is_alphanumeric);
    let wrong: Vec<&str> = column.values.keys().copied().filter(|value| !is_right(value)).collect();
    if wrong.is_empty() || column.values.len() > VALUES_MAX || !wrong.iter().all(|value| is_code(value)) {
        return;
    }
    let names: Vec<String> = path.split('.').map(str::to_owned).collect();
    let _ = writeln!(out, "\n[source.values.{}]", names.join("."));
    for value in wrong {
        let _ = match suggested(field.kind, value, &context) {
            Some(meant) => writeln!(out, "{} = {}", quoted(value), quoted(&meant)),
            None => writeln!(out, "# {} = \"\"{}", comment(&quoted(value)), allowed(field)),
        };
    }
}

fn allowed(field: &Field) -> String {
    match field.kind {
        Kind::Enum(values) => format!("   # one of {}", values.join(", ")),
        Kind::Boolean => "   # true or false".to_owned(),
        _ => String::new(),
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}

/// A text within a comment: on one line.
fn comment(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
