//! Settings: a typed configuration file, in which unknown keys are errors.

mod service;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::contract::{CUSTOMER, Classifiers, List, Severity, near};
use crate::format::{Limits, Sources};
use crate::rules::{Mode, Options};
use crate::store::Folders;

pub use service::{
    AcceptedSetting, Events, InboxConfig, LeaseSetting, MetricsConfig, ModesConfig, OutputConfig,
    RetentionConfig, SpoolSetting,
};
pub use source::{InputConfig, SourceConfig, encoding};

/// The name of the configuration file in the root folder.
pub const FILE_NAME: &str = "kyc-import.toml";

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The configuration file is not what it should be.
    #[error("{}: {detail}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        detail: String,
    },
    /// A setting has a value that cannot be used.
    #[error("{setting}: {detail}")]
    Value {
        /// The setting.
        setting: String,
        /// What is wrong, and what can be used.
        detail: String,
    },
}

/// The configuration file. Everything has a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How many workers; all cores by default.
    pub threads: Option<usize>,
    /// Where the folders are.
    pub folders: FolderConfig,
    /// The options of the validator.
    pub rules: RulesConfig,
    /// The institution's lists.
    pub classifiers: ClassifierConfig,
    /// Limits.
    pub limits: LimitsConfig,
    /// When a file is taken.
    pub inbox: InboxConfig,
    /// The modes of what is made.
    pub modes: ModesConfig,
    /// What is kept how long.
    pub retention: RetentionConfig,
    /// How accepted records are written.
    pub output: OutputConfig,
    /// Measures for a monitoring system.
    pub metrics: MetricsConfig,
    /// What holds for all files.
    pub input: InputConfig,
    /// How the files of single sources are read, in the order in which they are tried.
    pub source: Vec<SourceConfig>,
}

/// The folders, relative to the root folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FolderConfig {
    /// Where files are dropped.
    pub inbox: PathBuf,
    /// Where batches are published.
    pub outbox: PathBuf,
    /// Where originals are kept.
    pub archive: PathBuf,
    /// Where the ledger is kept: on a local disk.
    pub state: PathBuf,
}

impl Default for FolderConfig {
    fn default() -> Self {
        Self {
            inbox: "inbox".into(),
            outbox: "outbox".into(),
            archive: "archive".into(),
            state: "state".into(),
        }
    }
}

/// The mode, as settings spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ModeSetting {
    /// The rules of the single endpoint.
    Single,
    /// The rules of the batch endpoint.
    Batch,
    /// Import of a file: an absent source of risk level means IMPORT.
    File,
}

impl From<ModeSetting> for Mode {
    fn from(setting: ModeSetting) -> Self {
        match setting {
            ModeSetting::Single => Self::Single,
            ModeSetting::Batch => Self::Batch,
            ModeSetting::File => Self::File,
        }
    }
}

/// A severity, as settings spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum SeveritySetting {
    /// Rejects the record.
    Error,
    /// Does not.
    Warning,
}

impl From<SeveritySetting> for Severity {
    fn from(setting: SeveritySetting) -> Self {
        match setting {
            SeveritySetting::Error => Self::Error,
            SeveritySetting::Warning => Self::Warning,
        }
    }
}

/// `[rules]`: the options of the validator. One that is `None` has its default.
#[derive(Debug, Clone, Default, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct RulesConfig {
    /// The service whose rules apply
    #[arg(long, value_enum, env = "KYC_IMPORT_MODE")]
    pub mode: Option<ModeSetting>,
    /// Report fields of the other entity type as C014 / C015 where the contract only implies it (W012)
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, value_name = "BOOL", env = "KYC_IMPORT_STRICT_ENTITY_FIELDS")]
    pub strict_entity_fields: Option<bool>,
    /// The institution has several organizations: businessUnit is mandatory
    #[arg(long, num_args = 0..=1, default_missing_value = "true", require_equals = true, value_name = "BOOL", env = "KYC_IMPORT_MULTI_ORGANIZATION")]
    pub multi_organization: Option<bool>,
    /// What an absent riskLevel or customerStatus is with the source IMPORT
    #[arg(long, value_enum, value_name = "SEVERITY", env = "KYC_IMPORT_IMPORT_REQUIRES_RISK_FIELDS")]
    pub import_requires_risk_fields: Option<SeveritySetting>,
    /// Fields that this institution asks for, beyond the contract
    #[arg(long, value_delimiter = ',', value_name = "FIELD", env = "KYC_IMPORT_EXTRA_MANDATORY_FIELDS")]
    pub extra_mandatory_fields: Option<Vec<String>>,
    /// What an absent one of them is
    #[arg(long, value_enum, value_name = "SEVERITY", env = "KYC_IMPORT_EXTRA_MANDATORY_SEVERITY")]
    pub extra_mandatory_severity: Option<SeveritySetting>,
}

impl RulesConfig {
    /// These settings, and those of `below` where they say nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            mode: self.mode.or(below.mode),
            strict_entity_fields: self.strict_entity_fields.or(below.strict_entity_fields),
            multi_organization: self.multi_organization.or(below.multi_organization),
            import_requires_risk_fields: self
                .import_requires_risk_fields
                .or(below.import_requires_risk_fields),
            extra_mandatory_fields: self.extra_mandatory_fields.or(below.extra_mandatory_fields),
            extra_mandatory_severity: self.extra_mandatory_severity.or(below.extra_mandatory_severity),
        }
    }

    /// The options for the rules.
    ///
    /// # Errors
    ///
    /// When a field is named that the contract does not know.
    pub fn options(&self) -> Result<Options, ConfigError> {
        let defaults = Options::default();
        let mut extra_mandatory_fields = Vec::new();
        for name in self.extra_mandatory_fields.iter().flatten() {
            let index = CUSTOMER.fields.iter().position(|field| field.name == name);
            extra_mandatory_fields.push(index.ok_or_else(|| unknown_field(name))?);
        }
        Ok(Options {
            mode: self.mode.map_or(defaults.mode, Mode::from),
            strict_entity_fields: self.strict_entity_fields.unwrap_or(defaults.strict_entity_fields),
            multi_organization: self.multi_organization.unwrap_or(defaults.multi_organization),
            import_requires_risk_fields: self
                .import_requires_risk_fields
                .map_or(defaults.import_requires_risk_fields, Severity::from),
            extra_mandatory_fields,
            extra_mandatory_severity: self
                .extra_mandatory_severity
                .map_or(defaults.extra_mandatory_severity, Severity::from),
        })
    }
}

fn unknown_field(name: &str) -> ConfigError {
    let near = near::nearest_field(name, &CUSTOMER)
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    ConfigError::Value {
        setting: "extra_mandatory_fields".to_owned(),
        detail: format!("{name} is no field of a customer{near}"),
    }
}

/// `[classifiers]`: the institution's lists.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassifierConfig {
    /// The folder with one file per list, relative to the root folder.
    pub directory: Option<PathBuf>,
    /// Single codes to be added to a list, by its name.
    pub add: std::collections::BTreeMap<String, Vec<String>>,
}

/// `[limits]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// The largest record, in bytes.
    pub record_bytes_max: Option<usize>,
    /// How much text is read before it is cut, in bytes.
    pub chunk_bytes: Option<usize>,
    /// How much memory the identifiers of a file take before they go to disk, in bytes.
    pub identifiers_bytes_max: Option<usize>,
    /// The most rejected records of a file, in percent of all.
    pub max_rejected_percent: Option<f64>,
    /// The most records of a file.
    pub max_records: Option<u64>,
    /// The fewest records of a file.
    pub min_records: Option<u64>,
}

/// The range of `record_bytes_max` and `chunk_bytes`: offsets within a chunk are 32 bits.
const BYTES_RANGE: std::ops::RangeInclusive<usize> = 1024..=256 << 20;

/// The range of `identifiers_bytes_max`: from a table that is worth writing on.
const IDENTIFIERS_RANGE: std::ops::RangeInclusive<usize> = 64 << 10..=usize::MAX >> 1;

/// How much memory identifiers take before they go to disk: those of ten million records. Source: the targets that
/// `benches/RESULTS.md` reports on.
const IDENTIFIERS_BYTES_MAX: usize = 256 << 20;

/// The most workers there may be.
pub const THREADS_MAX: u16 = 1024;

/// A number, its default where it is not set.
fn number(
    setting: &str,
    value: Option<usize>,
    default: usize,
    range: &std::ops::RangeInclusive<usize>,
) -> Result<usize, ConfigError> {
    match value {
        Some(value) if !range.contains(&value) => Err(ConfigError::Value {
            setting: setting.to_owned(),
            detail: format!("{value} is not between {} and {}", range.start(), range.end()),
        }),
        value => Ok(value.unwrap_or(default)),
    }
}

impl LimitsConfig {
    /// How much memory the identifiers of a file take before they go to disk, in bytes.
    ///
    /// # Errors
    ///
    /// When it is out of range.
    pub fn identifiers_bytes_max(&self) -> Result<usize, ConfigError> {
        number("identifiers_bytes_max", self.identifiers_bytes_max, IDENTIFIERS_BYTES_MAX, &IDENTIFIERS_RANGE)
    }

    /// The limits of framing.
    ///
    /// # Errors
    ///
    /// When one is out of range.
    pub fn limits(&self) -> Result<Limits, ConfigError> {
        let defaults = Limits::default();
        let checked = |setting, value, default| number(setting, value, default, &BYTES_RANGE);
        Ok(Limits {
            record_bytes_max: checked("record_bytes_max", self.record_bytes_max, defaults.record_bytes_max)?,
            chunk_bytes: checked("chunk_bytes", self.chunk_bytes, defaults.chunk_bytes)?,
        })
    }
}

impl Config {
    /// How many workers; `cores` where nothing is set.
    ///
    /// # Errors
    ///
    /// When it is out of range.
    pub fn threads(&self, cores: usize) -> Result<usize, ConfigError> {
        number("threads", self.threads, cores, &(1..=usize::from(THREADS_MAX)))
    }

    /// Reads the configuration file that was named, or the one in the root folder if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or holds keys or values that are not known.
    pub fn load(named: Option<&Path>, root: &Path) -> Result<Self, ConfigError> {
        let path = named.map_or_else(|| root.join(FILE_NAME), Path::to_owned);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => return Err(ConfigError::Read { path, source }),
        };
        toml::from_str(&text)
            .map_err(|error: toml::de::Error| ConfigError::Parse { path, detail: parse_detail(&error) })
    }

    /// How files are read, by their names.
    ///
    /// # Errors
    ///
    /// When a pattern, a field or a value of a source cannot be used.
    pub fn sources(&self) -> Result<Sources, ConfigError> {
        let ignored = self.inbox.ignored()?;
        Ok(Sources { ignored, ..source::sources(&self.input, &self.source, &self.limits)? })
    }

    /// The folders below a root folder.
    ///
    /// # Errors
    ///
    /// When a mode is none.
    pub fn folders(&self, root: &Path) -> Result<Folders, ConfigError> {
        // People read these paths: `outbox/...`, not `./outbox/...`.
        let below =
            |folder: &Path| if root == Path::new(".") { folder.to_owned() } else { root.join(folder) };
        Ok(Folders {
            inbox: below(&self.folders.inbox),
            outbox: below(&self.folders.outbox),
            archive: below(&self.folders.archive),
            state: below(&self.folders.state),
            modes: self.modes.modes()?,
        })
    }

    /// The lists in force: built-in ones, those of the folder, and single additions.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or carries no name of a classifier.
    pub fn classifiers(&self, named: Option<&Path>, root: &Path) -> Result<Classifiers, ConfigError> {
        let mut classifiers = Classifiers::default();
        let configured = self.classifiers.directory.as_ref().map(|directory| root.join(directory));
        if let Some(directory) = named.map(Path::to_owned).or(configured) {
            load_lists(&directory, &mut classifiers)?;
        }
        for (name, codes) in &self.classifiers.add {
            let list = List::parse(name).ok_or_else(|| unknown_list("classifiers.add", name))?;
            if classifiers.is_open(list) {
                let detail = format!("{name} is open: give the whole list as a file first");
                return Err(ConfigError::Value { setting: "classifiers.add".to_owned(), detail });
            }
            classifiers.add(list, codes.iter().map(String::as_str));
        }
        Ok(classifiers)
    }
}

/// What is wrong with a configuration file, with the known key that may have been meant.
fn parse_detail(error: &toml::de::Error) -> String {
    let detail = error.to_string().trim_end().to_owned();
    let mut names = error.message().split('`').skip(1).step_by(2);
    let near = match names.next() {
        Some(unknown) if error.message().starts_with("unknown field") => near::nearest(unknown, names),
        _ => None,
    };
    match near {
        Some(near) => format!("{detail}\ndid you mean {near}?"),
        None => detail,
    }
}

fn unknown_list(setting: &str, name: &str) -> ConfigError {
    let names: Vec<&str> = List::ALL.iter().map(|(_, name)| *name).collect();
    ConfigError::Value {
        setting: setting.to_owned(),
        detail: format!("{name} is no classifier; known are {}", names.join(", ")),
    }
}

/// Reads one file per list, named after the classifier: `.txt` with one code a line, or `.json` with an
/// array of strings or of objects with `code`.
fn load_lists(directory: &Path, classifiers: &mut Classifiers) -> Result<(), ConfigError> {
    let read = |source| ConfigError::Read { path: directory.to_owned(), source };
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)
        .map_err(read)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(read)?;
    paths.sort();
    let mut seen: Vec<List> = Vec::new();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if !matches!(extension, "txt" | "json") {
            continue;
        }
        let shown = path.display().to_string();
        let list = List::parse(stem).ok_or_else(|| unknown_list(&shown, stem))?;
        let text =
            fs::read_to_string(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let codes = if extension == "json" { json_codes(text, &path)? } else { line_codes(text) };
        let refused = |detail: String| ConfigError::Value { setting: shown.clone(), detail };
        if codes.is_empty() {
            return Err(refused("the list holds no code; remove the file to leave the list open".to_owned()));
        }
        if seen.contains(&list) {
            return Err(refused(format!("the list {stem} is given twice")));
        }
        seen.push(list);
        classifiers.replace(list, codes.iter().map(String::as_str));
    }
    Ok(())
}

fn line_codes(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn json_codes(text: &str, path: &Path) -> Result<Vec<String>, ConfigError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Entry {
        Code(String),
        Object { code: String },
    }
    let entries: Vec<Entry> = serde_json::from_str(text).map_err(|error| ConfigError::Parse {
        path: path.to_owned(),
        detail: format!("an array of strings, or of objects with `code`, was expected: {error}"),
    })?;
    Ok(entries
        .into_iter()
        .map(|entry| match entry {
            Entry::Code(code) | Entry::Object { code } => code,
        })
        .collect())
}
