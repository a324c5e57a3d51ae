//! Settings of the folders over time: when a file is taken, modes, what is kept how long.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::ConfigError;
use crate::format::FilePattern;
use crate::store::{FileSystem, Modes, Readiness, Spool};

/// `[inbox]`: when a file is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InboxConfig {
    /// How long a file must be unchanged, in seconds.
    pub quiet_seconds: f64,
    /// The same on a network file system.
    pub network_quiet_seconds: f64,
    /// How long a file whose end is missing waits before it is read as it is, in seconds.
    pub patience_seconds: f64,
    /// How often the folder is read as a whole, in seconds.
    pub scan_seconds: f64,
    /// Whether the system is asked to tell of new files.
    pub events: Events,
    /// Whether a claimed file is copied before it is read.
    pub spool: SpoolSetting,
    /// Whether the kernel is asked who writes a file.
    pub lease: LeaseSetting,
    /// Names of files that are never taken, beyond hidden and temporary ones: `*`, `?`, `[0-9]`.
    pub ignore: Vec<String>,
}

impl Default for InboxConfig {
    fn default() -> Self {
        Self {
            quiet_seconds: 2.0,
            network_quiet_seconds: 15.0,
            patience_seconds: 900.0,
            scan_seconds: 10.0,
            events: Events::Auto,
            spool: SpoolSetting::Auto,
            lease: LeaseSetting::Auto,
            ignore: Vec::new(),
        }
    }
}

/// Whether the kernel is asked who writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeaseSetting {
    /// On local file systems.
    Auto,
    /// Never: the quiet time decides, and files are copied before they are read.
    Never,
}

/// Whether the system is asked to tell of new files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Events {
    /// On local file systems.
    Auto,
    /// Never: the folder is read every `scan_seconds`.
    Never,
}

/// When a claimed file is copied first, as settings spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpoolSetting {
    /// When the kernel cannot tell whether somebody writes it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl From<SpoolSetting> for Spool {
    fn from(setting: SpoolSetting) -> Self {
        match setting {
            SpoolSetting::Auto => Self::Auto,
            SpoolSetting::Always => Self::Always,
            SpoolSetting::Never => Self::Never,
        }
    }
}

/// The longest time a setting can name, in seconds: a year.
const SECONDS_MAX: f64 = 31_536_000.0;

impl InboxConfig {
    /// When a file of an inbox on such a file system is taken.
    ///
    /// # Errors
    ///
    /// When a time is out of range.
    pub fn readiness(&self, file_system: FileSystem) -> Result<Readiness, ConfigError> {
        let quiet = match file_system {
            FileSystem::Local => ("inbox.quiet_seconds", self.quiet_seconds),
            FileSystem::Network(_) => ("inbox.network_quiet_seconds", self.network_quiet_seconds),
        };
        Ok(Readiness {
            quiet: seconds(quiet.0, quiet.1)?,
            patience: seconds("inbox.patience_seconds", self.patience_seconds)?,
            lease: file_system == FileSystem::Local && self.lease == LeaseSetting::Auto,
        })
    }

    /// The names of files that are never taken.
    ///
    /// # Errors
    ///
    /// When one is no pattern.
    pub fn ignored(&self) -> Result<Vec<FilePattern>, ConfigError> {
        let parse = |pattern: &String| {
            let refused = |why| format!("{pattern:?} is no pattern of file names: {why}");
            FilePattern::parse(pattern).map_err(|why| ConfigError::Value {
                setting: "inbox.ignore".to_owned(),
                detail: refused(why),
            })
        };
        self.ignore.iter().map(parse).collect()
    }

    /// How often the folder is read as a whole.
    ///
    /// # Errors
    ///
    /// When it is out of range.
    pub fn scan_every(&self) -> Result<Duration, ConfigError> {
        seconds("inbox.scan_seconds", self.scan_seconds).map(|every| every.max(SCAN_EVERY_MIN))
    }
}

/// A folder is not read more often than this.
const SCAN_EVERY_MIN: Duration = Duration::from_millis(50);

fn seconds(setting: &str, value: f64) -> Result<Duration, ConfigError> {
    if (0.0..=SECONDS_MAX).contains(&value) {
        return Ok(Duration::from_secs_f64(value));
    }
    Err(ConfigError::Value {
        setting: setting.to_owned(),
        detail: format!("{value} is not between 0 and {SECONDS_MAX}"),
    })
}

/// `[modes]`: the modes of what is made, in octal digits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModesConfig {
    /// Of files.
    pub files: Option<String>,
    /// Of folders.
    pub folders: Option<String>,
    /// Of the files in `to-correct`.
    pub shared_files: Option<String>,
    /// Of `inbox` and `to-correct`.
    pub shared_folders: Option<String>,
}

impl ModesConfig {
    /// The modes.
    ///
    /// # Errors
    ///
    /// When one is no mode, or would lock the owner out.
    pub fn modes(&self) -> Result<Modes, ConfigError> {
        let defaults = Modes::default();
        Ok(Modes {
            file: mode("modes.files", self.files.as_deref(), defaults.file, 0o600)?,
            folder: mode("modes.folders", self.folders.as_deref(), defaults.folder, 0o700)?,
            shared_file: mode(
                "modes.shared_files",
                self.shared_files.as_deref(),
                defaults.shared_file,
                0o600,
            )?,
            shared_folder: mode(
                "modes.shared_folders",
                self.shared_folders.as_deref(),
                defaults.shared_folder,
                0o700,
            )?,
        })
    }
}

fn mode(setting: &str, value: Option<&str>, default: u32, needed: u32) -> Result<u32, ConfigError> {
    let Some(value) = value else { return Ok(default) };
    match u32::from_str_radix(value, 8) {
        Ok(mode) if mode & !0o7777 == 0 && mode & needed == needed => Ok(mode),
        _ => Err(ConfigError::Value {
            setting: setting.to_owned(),
            detail: format!(
                "{value:?} is no mode in octal digits that lets the owner in, such as \"{default:04o}\""
            ),
        }),
    }
}

/// `[retention]`: for how many days what is done is kept. Nothing is removed by itself: `purge` does it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Originals in the archive.
    pub archive_days: Option<u32>,
    /// Folders of published batches.
    pub batches_days: Option<u32>,
    /// Rows of the ledger. The register is kept.
    pub ledger_days: Option<u32>,
}

/// `[output]`: how accepted records are written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutputConfig {
    /// As lines, or as files for the batch endpoint.
    pub accepted: Option<AcceptedSetting>,
    /// How many records a file for the batch endpoint holds.
    pub records_per_file: Option<u32>,
}

/// How accepted records are written, as settings spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceptedSetting {
    /// One a line.
    Lines,
    /// Beside the lines, in files `{"customers":[...]}`.
    Batches,
}

/// How many records a file for the batch endpoint holds by default.
const RECORDS_PER_FILE: u32 = 1000;

impl OutputConfig {
    /// How many records each file for the batch endpoint holds; `None` when there are none.
    ///
    /// # Errors
    ///
    /// When it would hold none.
    pub fn records_per_file(&self) -> Result<Option<u32>, ConfigError> {
        match (self.accepted, self.records_per_file.unwrap_or(RECORDS_PER_FILE)) {
            (Some(AcceptedSetting::Batches), 0) => Err(ConfigError::Value {
                setting: "output.records_per_file".to_owned(),
                detail: "0 is not between 1 and 4294967295".to_owned(),
            }),
            (Some(AcceptedSetting::Batches), records) => Ok(Some(records)),
            (Some(AcceptedSetting::Lines) | None, _) => Ok(None),
        }
    }
}

/// `[metrics]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// The text file for Prometheus, relative to the root folder.
    pub path: Option<PathBuf>,
}
