//! Codes: what a violation is reported as.
//!
//! A code is a path of scopes with a leaf: `Q004.ADR02` is address field 2 in the customer's own
//! list, `C017.C016.RE06.ADR02` the same leaf in a related entity of an organization. So each scope
//! and each leaf is declared once, as a [`Part`], and codes are composed while a record is walked.

use std::fmt;

/// One segment of a code, with the page that explains it.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The segment as it is printed: `ADR02`, `Q004`, `C008`.
    pub segment: &'static str,
    /// The part this one is always printed below: `C008` for `I02`.
    pub scope: Option<&'static Part>,
    /// The explanation, in Markdown. Its first line says what is wrong, in one sentence.
    pub page: &'static str,
}

impl Part {
    /// The segment with the scope it is always printed below: `C008.I02`.
    #[must_use]
    pub fn code(&'static self) -> Code {
        match self.scope {
            Some(scope) => scope.code().below(self),
            None => Code::of(self),
        }
    }

    /// The first line of the page: what is wrong, in one sentence.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.page.trim_start().lines().next().unwrap_or_default()
    }

    /// What stands below a heading of the page, its lines joined: the fix below `Fix`.
    #[must_use]
    pub fn section(&self, heading: &str) -> String {
        let lines = self.page.lines().map(str::trim);
        let body = lines.skip_while(|line| line.strip_prefix("## ") != Some(heading)).skip(1);
        let body: Vec<&str> = body.take_while(|line| !line.starts_with("## ")).collect();
        body.join(" ").trim().to_owned()
    }
}

/// The most segments a code has: `C017.C016.RE06.ADR02`, with one to spare.
const SEGMENTS_MAX: usize = 5;

/// A composed code. Copied freely; printed only in reports.
#[derive(Clone, Copy)]
pub struct Code {
    parts: [Option<&'static Part>; SEGMENTS_MAX],
}

impl Code {
    /// The code without segments: the scope of a customer's own fields.
    pub const NONE: Self = Self { parts: [None; SEGMENTS_MAX] };

    /// The code of a single segment.
    #[must_use]
    pub const fn of(part: &'static Part) -> Self {
        let mut parts = [None; SEGMENTS_MAX];
        parts[0] = Some(part);
        Self { parts }
    }

    /// This code with one more segment at its end.
    #[must_use]
    pub fn below(mut self, part: &'static Part) -> Self {
        if let Some(free) = self.parts.iter_mut().find(|part| part.is_none()) {
            *free = Some(part);
        }
        self
    }

    /// This code with all segments of `part`, its own scope included.
    #[must_use]
    pub fn join(self, part: &'static Part) -> Self {
        match part.scope {
            Some(scope) => self.join(scope).below(part),
            None => self.below(part),
        }
    }

    /// The segments, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &'static Part> + '_ {
        self.parts.iter().map_while(|part| *part)
    }

    /// Appends the code as it is printed.
    pub fn write(&self, out: &mut String) {
        for (i, part) in self.parts().enumerate() {
            if i > 0 {
                out.push('.');
            }
            out.push_str(part.segment);
        }
    }

    /// The last segment.
    #[must_use]
    pub fn leaf(&self) -> Option<&'static Part> {
        self.parts().last()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            f.write_str(part.segment)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.parts().map(|part| part.segment).eq(other.parts().map(|part| part.segment))
    }
}

impl Eq for Code {}

/// Declares code segments. The doc comment is the page that `explain` prints; its *Rejected*,
/// *Warned* and *Accepted* examples are run as tests.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $($scope:ident /)? $segment:literal;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: $crate::contract::code::Part = $crate::contract::code::Part {
                segment: $segment,
                scope: codes!(@scope $($scope)?),
                page: concat!($($doc, "\n"),+),
            };
        )+
        /// Every segment of this family, in the order of the codes document.
        pub static ALL: &[&$crate::contract::code::Part] = &[$(&$name),+];
    };
    (@scope) => { None };
    (@scope $scope:ident) => { Some(&$scope) };
}
pub(crate) use codes;
