//! Which profile a file has: the first source whose pattern fits its name.

use std::sync::Arc;

use super::profile::{EncodingChoice, Profile};

/// A pattern of file names, compared without regard to case: `*`, `?`, `[a-z]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    whole: glob::Pattern,
    /// The pattern without its ending, where that is none of the known ones: rejected records of such a
    /// file have another ending.
    stem: Option<glob::Pattern>,
}

/// How patterns are compared.
const OPTIONS: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: false,
    require_literal_separator: false,
    require_literal_leading_dot: false,
};

/// Endings that a correction may have in place of the first file's.
const FAMILIES: [&[&str]; 3] = [&["csv", "tsv", "xlsx"], &["json", "ndjson", "jsonl"], &["xml"]];

fn family(ending: &str) -> Option<&'static [&'static str]> {
    let is_own = |own: &&str| own.eq_ignore_ascii_case(ending);
    FAMILIES.into_iter().find(|endings| endings.iter().any(is_own))
}

impl FilePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// When it is none; says why.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        if pattern.contains('/') {
            return Err("it is compared with the name of the file alone, without folders".to_owned());
        }
        let read = |text: &str| {
            glob::Pattern::new(text).map_err(|error| format!("{} (character {})", error.msg, error.pos + 1))
        };
        let whole = read(pattern)?;
        let foreign =
            pattern.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && family(ending).is_none());
        let stem = foreign.map(|(stem, _)| read(stem)).transpose()?;
        Ok(Self { whole, stem })
    }

    fn fits(&self, name: &str) -> bool {
        self.whole.matches_with(name, OPTIONS)
    }

    /// Whether a file with this stem and any ending that goes with that of its correction would fit.
    fn fits_correction(&self, stem: &str, ending: &str) -> bool {
        let endings = family(ending).unwrap_or_default();
        endings.iter().any(|ending| self.fits(&format!("{stem}.{ending}")))
            || self.stem.as_ref().is_some_and(|pattern| pattern.matches_with(stem, OPTIONS))
    }
}

/// A source: the patterns of its files' names and its profile.
#[derive(Debug, Clone)]
pub struct Source {
    /// The patterns.
    pub files: Vec<FilePattern>,
    /// The profile.
    pub profile: Arc<Profile>,
}

/// All sources, and what holds for other files.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// In the order in which they are tried.
    pub sources: Vec<Source>,
    /// For files of no source.
    pub other: Arc<Profile>,
    /// Files that are never taken.
    pub ignored: Vec<FilePattern>,
}

impl Sources {
    /// The profile of a file by its name. `corrected` is the stem of the first file, where this one is a
    /// correction of its rejected records.
    #[must_use]
    pub fn of(&self, name: &str, corrected: Option<&str>) -> &Arc<Profile> {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let fits = |pattern: &FilePattern| {
            pattern.fits(name) || corrected.is_some_and(|stem| pattern.fits_correction(stem, ending))
        };
        let source = self.sources.iter().find(|source| source.files.iter().any(fits));
        source.map_or(&self.other, |source| &source.profile)
    }

    /// Whether files of this name are never taken.
    #[must_use]
    pub fn is_ignored(&self, name: &str) -> bool {
        self.ignored.iter().any(|pattern| pattern.fits(name))
    }

    /// The same sources with another encoding for all files.
    #[must_use]
    pub fn with_encoding(mut self, encoding: EncodingChoice) -> Self {
        let change = |profile: &mut Arc<Profile>| Arc::make_mut(profile).encoding = encoding;
        change(&mut self.other);
        self.sources.iter_mut().for_each(|source| change(&mut source.profile));
        self
    }
}
