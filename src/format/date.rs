//! Written forms of dates that a source uses beside the contract's own.

use chrono::NaiveDate;
use chrono::format::{Item, StrftimeItems};

/// A form of dates, such as `%d.%m.%Y`. A time of day in it is read and dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateForm(String);

/// The contract's form.
const ISO: &str = "%Y-%m-%d";

/// Days by which forms are told apart: both are other days when day and month are swapped, and one is of
/// the last century.
const SAMPLES: [(i32, u32, u32); 2] = [(1926, 3, 4), (2026, 11, 12)];

impl DateForm {
    /// Reads a form in the notation of strftime.
    ///
    /// # Errors
    ///
    /// When it is none, or does not tell day, month and a year of four digits.
    pub fn parse(form: &str) -> Result<Self, &'static str> {
        if StrftimeItems::new(form).any(|item| matches!(item, Item::Error)) {
            return Err("it is no date format; write it like %d.%m.%Y");
        }
        let this = Self(form.to_owned());
        let whole = SAMPLES.iter().filter_map(|day| sample(*day)).all(|day| {
            // A time of day would be printed as zeros, which a date cannot do.
            let printed = this.print(day);
            printed.is_some_and(|text| this.read(&text) == Some(day))
        });
        if !whole {
            return Err("it must tell the day, the month and the year with four digits, like %d.%m.%Y");
        }
        Ok(this)
    }

    /// Whether a text may be read as different days by this form and another one.
    #[must_use]
    pub fn conflicts_with(&self, other: &Self) -> bool {
        SAMPLES.iter().filter_map(|day| sample(*day)).any(|day| {
            let printed = self.print(day);
            printed.and_then(|text| other.read(&text)).is_some_and(|read| read != day)
        })
    }

    /// The contract's form, which is always read.
    #[must_use]
    pub fn iso() -> Self {
        Self(ISO.to_owned())
    }

    /// The date that a text denotes in this form, as the contract writes it.
    #[must_use]
    pub fn convert(&self, text: &str) -> Option<String> {
        self.read(text).map(|day| day.format(ISO).to_string())
    }

    fn read(&self, text: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(text, &self.0).ok()?;
        // chrono takes years of any length.
        (1000..=9999).contains(&chrono::Datelike::year(&day)).then_some(day)
    }

    fn print(&self, day: NaiveDate) -> Option<String> {
        use std::fmt::Write as _;
        let mut text = String::new();
        write!(text, "{}", day.and_hms_opt(0, 0, 0)?.format(&self.0)).ok()?;
        Some(text)
    }
}

fn sample((year, month, day): (i32, u32, u32)) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_must_tell_the_whole_day() {
        for good in ["%d.%m.%Y", "%d/%m/%Y", "%Y.%m.%d", "%d.%m.%Y %H:%M", "%d %b %Y", "%Y%m%d"] {
            assert!(DateForm::parse(good).is_ok(), "{good}");
        }
        for bad in ["%d.%m.%y", "%d.%m", "%Y-%m", "dd.mm.yyyy", "%", "%Q", ""] {
            assert!(DateForm::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn dates_are_converted_and_never_guessed() -> Result<(), &'static str> {
        let form = DateForm::parse("%d.%m.%Y")?;
        assert_eq!(form.convert("21.01.2026").as_deref(), Some("2026-01-21"));
        assert_eq!(form.convert("1.2.2026").as_deref(), Some("2026-02-01"));
        for bad in ["01.21.2026", "21.01.26", "21.01.12026", "21/01/2026", "21.01.2026x", "", "29.02.2023"] {
            assert_eq!(form.convert(bad), None, "{bad}");
        }
        Ok(())
    }

    #[test]
    fn forms_that_swap_day_and_month_conflict() -> Result<(), &'static str> {
        let form = DateForm::parse("%d/%m/%Y")?;
        assert!(form.conflicts_with(&DateForm::parse("%m/%d/%Y")?));
        assert!(DateForm::parse("%Y-%d-%m")?.conflicts_with(&DateForm::iso()));
        assert!(!form.conflicts_with(&DateForm::parse("%d.%m.%Y")?));
        Ok(())
    }
}
