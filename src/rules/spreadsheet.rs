//! What a spreadsheet leaves behind where it has changed a cell: errors, rounded numbers, dates in its
//! own form. Told by the value alone, so it holds for every format a sheet is turned into.

/// How a spreadsheet has changed a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damage {
    /// An error stands where the value was: `#N/A`, `#REF!`, `Err:509`.
    Error,
    /// The column was too narrow: `########`.
    Narrow,
    /// A long number was rounded: `1.23E+17`.
    Rounded,
    /// A date in the form of a country: `21.01.2026`, `1/21/2026`, `21-Jan-26`.
    LocalDate,
    /// The number by which a spreadsheet counts days: `46043`.
    DayNumber,
}

/// The errors of spreadsheets. LibreOffice also writes `Err:` with three digits.
const ERRORS: [&str; 12] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#GETTING_DATA",
    "#BLOCKED!",
];

impl Damage {
    /// What a text has suffered that cannot be meant, whatever field it stands in.
    #[inline]
    pub fn of(text: &str) -> Option<Self> {
        match text.as_bytes().first()? {
            b'#' | b'E' | b' ' => Self::of_suspect(text.trim()),
            // A rounded number has one digit in front.
            b'-' | b'0'..=b'9' => match text.strip_prefix('-').unwrap_or(text).as_bytes() {
                [_, b'.' | b',' | b'E', ..] => Self::of_suspect(text.trim()),
                _ => None,
            },
            _ => None,
        }
    }

    #[inline(never)]
    fn of_suspect(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        match bytes.first()? {
            b'#' if bytes.len() >= 3 && bytes.iter().all(|byte| *byte == b'#') => Some(Self::Narrow),
            b'#' => ERRORS.contains(&text).then_some(Self::Error),
            b'E' => text
                .strip_prefix("Err:")
                .is_some_and(|number| number.len() == 3 && is_digits(number))
                .then_some(Self::Error),
            _ => is_rounded(text).then_some(Self::Rounded),
        }
    }

    /// The same for a date, which a spreadsheet changes in more ways.
    pub fn of_date(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(damage) = Self::of(text) {
            return Some(damage);
        }
        if text.len() == DAY_NUMBER_DIGITS && is_digits(text) {
            return Some(Self::DayNumber);
        }
        let day = text.split_once(' ').map_or(text, |(day, _)| day);
        is_local_date(day).then_some(Self::LocalDate)
    }

    /// What has happened and how to undo it, for people.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Error => {
                "A spreadsheet has put an error in place of the value. Copy the value from the original file into a cell that is formatted as text."
            }
            Self::Narrow => {
                "A spreadsheet has written ### because the column was too narrow. Copy the value from the original file into a cell that is formatted as text."
            }
            Self::Rounded => {
                "A spreadsheet has rounded a long number; its last digits are lost. Copy it from the original file into a cell that is formatted as text."
            }
            Self::LocalDate => {
                "It looks like a date that a spreadsheet has written in its own form. Format the cell as text and write the date as yyyy-MM-dd, for example 2026-01-21."
            }
            Self::DayNumber => {
                "It looks like the number by which a spreadsheet counts days. Format the cell as text and write the date as yyyy-MM-dd, for example 2026-01-21."
            }
        }
    }
}

/// The days of our time have numbers of five digits: 36526 is 2000-01-01.
const DAY_NUMBER_DIGITS: usize = 5;

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.23E+17`, `1,23E+17`, `1E-05`: one digit in front, a sign and two digits behind the capital E, as
/// spreadsheets write it and people hardly do.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once('E') else { return false };
    let exponent = exponent.strip_prefix(['+', '-']);
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1
        && is_digits(whole)
        && is_digits(fraction)
        && exponent.is_some_and(|digits| digits.len() >= 2 && is_digits(digits))
}

/// Three parts of one or two digits, four for the year, or letters for the month.
fn is_local_date(text: &str) -> bool {
    let Some(sign) = text.chars().find(|char| matches!(char, '.' | '/' | '-')) else { return false };
    let parts: Vec<&str> = text.trim_end_matches('.').split(sign).collect();
    let number = |part: &str| (1..=2).contains(&part.len()) && is_digits(part);
    let year = |part: &str| matches!(part.len(), 2 | 4) && is_digits(part);
    let month = |part: &str| (3..=9).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic);
    match parts.as_slice() {
        [day, name, of_year] if number(day) && month(name) => year(of_year),
        [first, second, of_year] if number(first) && number(second) => year(of_year),
        // With hyphens and whole parts it is the form that is asked for, of a day that does not exist.
        [of_year, second, third] => {
            let asked_for = sign == '-' && second.len() == 2 && third.len() == 2;
            of_year.len() == 4 && year(of_year) && number(second) && number(third) && !asked_for
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Damage;

    #[test]
    fn damage_is_told_by_the_value() {
        for text in ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "Err:509"] {
            assert_eq!(Damage::of(text), Some(Damage::Error), "{text}");
        }
        assert_eq!(Damage::of("########"), Some(Damage::Narrow));
        for text in ["1.23E+17", "1,23457E+11", "-4.5E-07", "3E+20"] {
            assert_eq!(Damage::of(text), Some(Damage::Rounded), "{text}");
        }
        for text in ["21.01.2026", "1/21/2026", "21-Jan-26", "2026.01.21", "2026/1/2", "21.01.2026 00:00"] {
            assert_eq!(Damage::of_date(text), Some(Damage::LocalDate), "{text}");
        }
        assert_eq!(Damage::of_date("46043"), Some(Damage::DayNumber));
    }

    #[test]
    fn what_people_write_is_no_damage() {
        let texts = [
            "",
            "#",
            "#1",
            "C#",
            "Err:",
            "Error",
            "1E5",
            "12E+10",
            "1.5e10",
            "E+17",
            "21.01.2026",
            "007",
            "-",
        ];
        for text in texts {
            assert_eq!(Damage::of(text), None, "{text}");
        }
        for text in ["", "2026-13-45", "2026-01-21", "soon", "1.2", "192.168.1.1", "2026-1"] {
            assert_eq!(Damage::of_date(text), None, "{text}");
        }
    }
}
