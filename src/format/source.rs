//! Which profile a file has: the first source whose pattern fits its name.

use std::sync::Arc;

use super::profile::{EncodingChoice, Profile};

/// A pattern of file names, compared without regard to case: `*`, `?`, `[a-z]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    whole: glob::Pattern,
    /// The pattern without its ending, for corrections: a file may come back in another format.
    stem: glob::Pattern,
}

/// How patterns are compared.
const OPTIONS: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: false,
    require_literal_separator: false,
    require_literal_leading_dot: false,
};

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
        let stem = pattern.rsplit_once('.').map_or(pattern, |(stem, _)| stem);
        let stem = if stem.is_empty() { "*" } else { stem };
        Ok(Self { whole: read(pattern)?, stem: read(stem)? })
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
}

impl Sources {
    /// The profile of a file by its name. `corrected` is the stem of the first file, where this one is a
    /// correction of its rejected records.
    #[must_use]
    pub fn of(&self, name: &str, corrected: Option<&str>) -> &Arc<Profile> {
        let fits = |pattern: &FilePattern| {
            pattern.whole.matches_with(name, OPTIONS)
                || corrected.is_some_and(|stem| pattern.stem.matches_with(stem, OPTIONS))
        };
        let source = self.sources.iter().find(|source| source.files.iter().any(fits));
        source.map_or(&self.other, |source| &source.profile)
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
