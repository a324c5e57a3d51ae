//! `[input]` and `[[source]]`: how files are read, by their names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::{ConfigError, LimitsConfig};
use crate::contract::{Field, FieldPath, Kind, near};
use crate::format::{
    ColumnAlias, DateForm, DecimalSign, EncodingChoice, Expected, FilePattern, Marker, Profile, Source,
    Sources, ValueMap, csv,
};

/// `[input]`: what holds for all files.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InputConfig {
    /// The encoding of text that does not tell it itself, or `auto`.
    pub encoding: Option<String>,
}

/// One pattern or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// The decimal sign, as settings spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum DecimalSetting {
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

/// `[[source]]`: the files of one system that writes them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// Its name, as summaries print it; the first pattern by default.
    name: Option<String>,
    /// The patterns of its files' names.
    files: OneOrMore,
    /// The encoding of its files, or `auto`.
    encoding: Option<String>,
    /// The delimiter of its CSV files.
    delimiter: Option<String>,
    /// The decimal sign of its CSV files.
    decimal: Option<DecimalSetting>,
    /// Columns by their names in its CSV files, with the fields they hold.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// Columns of its CSV files that are passed over without a warning.
    #[serde(default)]
    ignore_columns: Vec<String>,
    /// Values of fields that are absent.
    #[serde(default)]
    constants: toml::Table,
    /// For every field, what stands in the files and what it means.
    #[serde(default)]
    values: toml::Table,
    /// Forms of dates, beside the contract's own.
    #[serde(default)]
    date_formats: Vec<String>,
    /// Texts that mean that there is no value.
    #[serde(default)]
    nulls: Vec<String>,
    /// The ending of the file that tells that a file is complete.
    marker: Option<String>,
    /// The most rejected records, in percent of all.
    max_rejected_percent: Option<f64>,
    /// The most records.
    max_records: Option<u64>,
    /// The fewest records.
    min_records: Option<u64>,
}

/// The sources of a configuration.
///
/// # Errors
///
/// When a pattern, a field, a value or any other setting cannot be used; says which, and what can.
pub(super) fn sources(
    input: &InputConfig,
    sources: &[SourceConfig],
    limits: &LimitsConfig,
) -> Result<Sources, ConfigError> {
    let expected = expected("limits", (limits.min_records, limits.max_records, limits.max_rejected_percent))?;
    let encoding = match &input.encoding {
        Some(name) => encoding("input.encoding", name)?,
        None => EncodingChoice::default(),
    };
    let other = Profile { encoding, expected, ..Profile::default() };
    let sources = sources.iter().map(|source| source.source(&other)).collect::<Result<_, _>>()?;
    Ok(Sources { sources, other: Arc::new(other), ignored: Vec::new() })
}

/// Reads the name of an encoding, or `auto`.
///
/// # Errors
///
/// When no encoding has this name.
pub fn encoding(setting: &str, name: &str) -> Result<EncodingChoice, ConfigError> {
    EncodingChoice::parse(name).ok_or_else(|| {
        let near = near::nearest(name, ENCODINGS.into_iter());
        refused(setting, format!("{name} is no known encoding{}", or_meant(near)))
    })
}

/// Encodings that are suggested.
const ENCODINGS: [&str; 14] = [
    "utf-8",
    "auto",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-13",
    "iso-8859-15",
    "utf-16le",
    "utf-16be",
];

fn refused(setting: impl Into<String>, detail: String) -> ConfigError {
    ConfigError::Value { setting: setting.into(), detail }
}

fn or_meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}

fn expected(
    setting: &str,
    (records_min, records_max, rejected_percent_max): (Option<u64>, Option<u64>, Option<f64>),
) -> Result<Expected, ConfigError> {
    if let Some(percent) = rejected_percent_max
        && !(0.0..=100.0).contains(&percent)
    {
        let setting = format!("{setting}.max_rejected_percent");
        return Err(refused(setting, format!("{percent} is not between 0 and 100")));
    }
    if let (Some(fewest), Some(most)) = (records_min, records_max)
        && fewest > most
    {
        return Err(refused(format!("{setting}.min_records"), format!("{fewest} is more than max_records")));
    }
    Ok(Expected { records_min, records_max, rejected_percent_max })
}

impl SourceConfig {
    fn source(&self, other: &Profile) -> Result<Source, ConfigError> {
        let patterns: Vec<&str> = match &self.files {
            OneOrMore::One(pattern) => vec![pattern],
            OneOrMore::More(patterns) => patterns.iter().map(String::as_str).collect(),
        };
        let Some(first) = patterns.first() else {
            return Err(refused("source.files", "there is no pattern, so no file would fit".to_owned()));
        };
        let at = format!("source \"{first}\"");
        let read = |pattern: &&str| {
            let why =
                |why| refused(format!("{at}.files"), format!("{pattern} is no pattern of file names: {why}"));
            FilePattern::parse(pattern).map_err(why)
        };
        let files = patterns.iter().map(read).collect::<Result<_, _>>()?;
        let name = self.name.clone().unwrap_or_else(|| (*first).to_owned());
        let profile = Profile { name, ..self.profile(&at, other)? };
        Ok(Source { files, profile: Arc::new(profile) })
    }

    fn profile(&self, at: &str, other: &Profile) -> Result<Profile, ConfigError> {
        let limits = (
            self.min_records.or(other.expected.records_min),
            self.max_records.or(other.expected.records_max),
            self.max_rejected_percent.or(other.expected.rejected_percent_max),
        );
        Ok(Profile {
            name: String::new(),
            encoding: match &self.encoding {
                Some(name) => encoding(&format!("{at}.encoding"), name)?,
                None => other.encoding,
            },
            delimiter: self.delimiter.as_deref().map(|text| delimiter(at, text)).transpose()?,
            decimal: match self.decimal {
                None => DecimalSign::Either,
                Some(DecimalSetting::Point) => DecimalSign::Point,
                Some(DecimalSetting::Comma) => DecimalSign::Comma,
            },
            columns: self.aliases(at)?,
            ignored_columns: self.ignore_columns.clone(),
            nulls: self.nulls.iter().map(|null| null.trim().to_owned()).collect(),
            dates: dates(at, &self.date_formats)?,
            values: values(&format!("{at}.values"), &self.values)?,
            constants: constants(&format!("{at}.constants"), &self.constants)?,
            expected: expected(at, limits)?,
            marker: self.marker.as_deref().map(|ending| marker(at, ending)).transpose()?,
        })
    }

    fn aliases(&self, at: &str) -> Result<Vec<ColumnAlias>, ConfigError> {
        let alias = |(name, field): (&String, &String)| {
            if csv::is_column(field) {
                return Ok(ColumnAlias { name: name.clone(), field: field.clone() });
            }
            let near = csv::nearest_column(field);
            let detail = format!("{field} is no field that a column can hold{}", or_meant(near.as_deref()));
            Err(refused(format!("{at}.columns.\"{name}\""), detail))
        };
        self.columns.iter().map(alias).collect()
    }
}

fn delimiter(at: &str, text: &str) -> Result<u8, ConfigError> {
    match text {
        ";" => Ok(b';'),
        "," => Ok(b','),
        "\t" => Ok(b'\t'),
        "|" => Ok(b'|'),
        _ => {
            let detail = "a semicolon, a comma, a tab (\"\\t\") or a vertical bar can be used".to_owned();
            Err(refused(format!("{at}.delimiter"), detail))
        }
    }
}

fn marker(at: &str, text: &str) -> Result<Marker, ConfigError> {
    let known = Marker::ALL.iter().find(|(_, ending)| *ending == text);
    known.map(|(marker, _)| *marker).ok_or_else(|| {
        let endings = Marker::ALL.map(|(_, ending)| ending);
        let detail = format!("{text} is no marker; known are {}", endings.join(", "));
        refused(format!("{at}.marker"), detail)
    })
}

fn dates(at: &str, formats: &[String]) -> Result<Vec<DateForm>, ConfigError> {
    let setting = format!("{at}.date_formats");
    let mut forms: Vec<(&str, DateForm)> = vec![("yyyy-MM-dd of the contract", DateForm::iso())];
    for text in formats {
        let form = DateForm::parse(text).map_err(|why| refused(&setting, format!("{text}: {why}")))?;
        if let Some((other, _)) = forms.iter().find(|(_, other)| other.conflicts_with(&form)) {
            let detail = format!("{text} and {other} read the same text as different days");
            return Err(refused(setting, detail));
        }
        forms.push((text, form));
    }
    Ok(forms.into_iter().skip(1).map(|(_, form)| form).collect())
}

/// The single values of nested tables, with the names that lead to each.
fn leaves<'t>(
    table: &'t toml::Table,
    path: &mut Vec<&'t str>,
    found: &mut Vec<(Vec<&'t str>, &'t toml::Value)>,
) {
    for (name, value) in table {
        path.push(name);
        match value {
            toml::Value::Table(inner) => leaves(inner, path, found),
            value => found.push((path.clone(), value)),
        }
        path.pop();
    }
}

/// A single value as a file would hold it.
fn text(setting: &str, value: &toml::Value) -> Result<String, ConfigError> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(flag) => Ok(flag.to_string()),
        toml::Value::Datetime(date) => Ok(date.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => {
            Err(refused(setting, "a single value was expected, not a list".to_owned()))
        }
    }
}

fn field(setting: &str, path: &str) -> Result<(FieldPath, &'static Field), ConfigError> {
    FieldPath::parse(path).map_err(|unknown| {
        refused(setting, format!("{path}: no such field{}", or_meant(unknown.near.as_deref())))
    })
}

/// Refuses a value that the field's closed set does not hold.
fn check_value(setting: &str, field: &Field, value: &str) -> Result<(), ConfigError> {
    match field.kind {
        Kind::Enum(allowed) if !allowed.has(value) => {
            let near = or_meant(near::nearest(value, allowed.iter().copied()));
            let detail = format!("{value} is not one of {}{near}", allowed.join(", "));
            Err(refused(format!("{setting}.{}", field.name), detail))
        }
        _ => Ok(()),
    }
}

fn constants(setting: &str, table: &toml::Table) -> Result<Vec<(FieldPath, String)>, ConfigError> {
    let mut found = Vec::new();
    leaves(table, &mut Vec::new(), &mut found);
    let one = |(path, value): (Vec<&str>, &toml::Value)| {
        let (path, field) = field(setting, &path.join("."))?;
        let value = text(setting, value)?;
        check_value(setting, field, &value)?;
        Ok((path, value))
    };
    let mut constants = found.into_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    // What is said of one item counts before what is said of all.
    constants.sort_by_key(|(path, _)| !path.is_of_items());
    Ok(constants)
}

fn values(setting: &str, table: &toml::Table) -> Result<Vec<ValueMap>, ConfigError> {
    let mut found = Vec::new();
    leaves(table, &mut Vec::new(), &mut found);
    let mut maps: Vec<ValueMap> = Vec::new();
    for (mut path, value) in found {
        let from = path.pop().unwrap_or_default().trim();
        if path.is_empty() {
            let detail = format!("{from} needs a list of values, like {{ M = \"MALE\" }}");
            return Err(refused(setting, detail));
        }
        let (path, field) = field(setting, &path.join("."))?;
        let to = text(setting, value)?;
        check_value(setting, field, &to)?;
        let at = maps.iter().position(|map| map.field == path).unwrap_or_else(|| {
            maps.push(ValueMap { field: path, values: HashMap::new() });
            maps.len() - 1
        });
        maps[at].values.insert(from.to_owned(), to);
    }
    maps.sort_by_key(|map| !map.field.is_of_items());
    Ok(maps)
}
