//! The written forms of dates, booleans and numbers. Source: the contract, section 8.

/// Whether a text is a date: `YYYY-MM-DD`, the same with an offset, or a date-time with an offset.
/// The day must exist in the calendar.
#[must_use]
#[inline]
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    match calendar_day(bytes) {
        Some([]) => true,
        Some([b'T', time @ ..]) => is_time_with_offset(time),
        Some(offset) => is_offset(offset),
        None => false,
    }
}

/// Whether a text is a timestamp: a date-time with an offset, with `T` or a blank in the middle.
#[must_use]
pub fn is_timestamp(text: &str) -> bool {
    match calendar_day(text.as_bytes()) {
        Some([b'T' | b' ', time @ ..]) => is_time_with_offset(time),
        _ => false,
    }
}

/// Reads `YYYY-MM-DD` and returns what follows it.
#[inline]
fn calendar_day(bytes: &[u8]) -> Option<&[u8]> {
    let (day, rest) = bytes.split_first_chunk::<10>()?;
    let &[y1, y2, y3, y4, h1, m1, m2, h2, d1, d2] = day;
    // The year and the month with their hyphens, less what stands there for zeros; then the day in the same way. What is
    // no digit is more than 9 then, and what is no hyphen more than 0.
    let month = u64::from_le_bytes([y1, y2, y3, y4, h1, m1, m2, h2]) ^ u64::from_le_bytes(*b"0000-00-");
    let day = u16::from_le_bytes([d1, d2]) ^ u16::from_le_bytes(*b"00");
    let wrong = (month.wrapping_add(0x7f76_767f_7676_7676) | month) & 0x8080_8080_8080_8080
        | u64::from((day.wrapping_add(0x7676) | day) & 0x8080);
    if wrong != 0 {
        return None;
    }
    // Each byte by ten and the one behind it: of every other one that is the number of two digits.
    let [century, _, year, _, _, month, ..] = (month * 10 + (month >> 8)).to_le_bytes();
    let [day, _] = (day * 10 + (day >> 8)).to_le_bytes();
    let leap = if year == 0 { century.is_multiple_of(4) } else { year.is_multiple_of(4) };
    let days = *DAYS.get(usize::from(month))? + u8::from(month == 2 && leap);
    (1..=days).contains(&day).then_some(rest)
}

/// The days of every month of a common year, by its number.
const DAYS: [u8; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

#[inline]
fn number(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// Reads `hh:mm:ss[.f]` and an offset; `f` has 1 to 9 digits.
fn is_time_with_offset(bytes: &[u8]) -> bool {
    let &[h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = bytes else { return false };
    let in_range = |tens, ones, max| number(tens, ones).is_some_and(|value| value <= max);
    if !(in_range(h1, h2, 23) && in_range(m1, m2, 59) && in_range(s1, s2, 59)) {
        return false;
    }
    match rest {
        [b'.', fraction @ ..] => {
            let digits = count_digits(fraction);
            (1..=9).contains(&digits) && is_offset(&fraction[digits..])
        }
        _ => is_offset(rest),
    }
}

/// Reads `Z`, `+hh:mm` or `+hhmm`, up to 18 hours either way (the range of ISO 8601 libraries).
fn is_offset(bytes: &[u8]) -> bool {
    match *bytes {
        [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] | [b'+' | b'-', h1, h2, m1, m2] => {
            match (number(h1, h2), number(m1, m2)) {
                (Some(hours), Some(minutes)) => minutes < 60 && hours * 60 + minutes <= 18 * 60,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether a text is `true` or `false`.
#[must_use]
#[inline]
pub fn is_boolean(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// Whether a text is `-?digits`.
#[must_use]
#[inline]
pub fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    !digits.is_empty() && count_digits(digits) == digits.len()
}

/// Whether a text is `-?digits[.digits][exponent]`.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    Decimal::parse(text).is_some()
}

/// Whether a JSON number denotes a whole number, as `5`, `5.0` and `1e3` do.
#[must_use]
pub fn is_whole_token(token: &str) -> bool {
    is_integer(token) || Decimal::parse(token).is_some_and(|decimal| decimal.is_whole())
}

/// Whether a whole number, as text or as a JSON number, fits 32 bits.
#[must_use]
pub fn fits_32_bits(text: &str) -> bool {
    Decimal::parse(text).is_some_and(|decimal| decimal.to_i32().is_some())
}

fn count_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The parts of a decimal number in its written form. Nothing is calculated that could grow with an
/// exponent of any size.
struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    /// `None` when it does not fit, which makes it as good as infinite.
    exponent: Option<i64>,
    exponent_negative: bool,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (whole, rest) = rest.split_at(count_digits(rest));
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => {
                let (fraction, rest) = rest.split_at(count_digits(rest));
                if fraction.is_empty() {
                    return None;
                }
                (fraction, rest)
            }
            _ => (&rest[..0], rest),
        };
        if whole.is_empty() {
            return None;
        }
        let (exponent_negative, digits) = match rest {
            [] => {
                return Some(Self { negative, whole, fraction, exponent: Some(0), exponent_negative: false });
            }
            [b'e' | b'E', b'-', digits @ ..] => (true, digits),
            [b'e' | b'E', b'+', digits @ ..] | [b'e' | b'E', digits @ ..] => (false, digits),
            _ => return None,
        };
        if digits.is_empty() || count_digits(digits) != digits.len() {
            return None;
        }
        let exponent = std::str::from_utf8(digits).ok()?.parse::<i64>().ok();
        let exponent = exponent.map(|value| if exponent_negative { -value } else { value });
        Some(Self { negative, whole, fraction, exponent, exponent_negative })
    }

    fn is_zero(&self) -> bool {
        self.whole.iter().chain(self.fraction).all(|digit| *digit == b'0')
    }

    /// Whether no digit other than zero stands behind the decimal point once the exponent is applied.
    fn is_whole(&self) -> bool {
        if self.is_zero() {
            return true;
        }
        let Some(exponent) = self.exponent else { return !self.exponent_negative };
        let digits = self.whole.len() + self.fraction.len();
        let trailing_zeros =
            self.whole.iter().chain(self.fraction).rev().take_while(|digit| **digit == b'0').count();
        let last_significant = (digits - trailing_zeros) as i64;
        last_significant <= (self.whole.len() as i64).saturating_add(exponent)
    }

    /// The value, where it is whole and fits.
    fn to_i32(&self) -> Option<i32> {
        if self.is_zero() {
            return Some(0);
        }
        if !self.is_whole() {
            return None;
        }
        let places = (self.whole.len() as i64).saturating_add(self.exponent?);
        let significant: Vec<u8> = self.whole.iter().chain(self.fraction).copied().collect();
        let leading_zeros = significant.iter().take_while(|digit| **digit == b'0').count();
        if places - leading_zeros as i64 > 10 {
            return None;
        }
        let mut value: i64 = 0;
        for place in leading_zeros as i64..places {
            let digit = significant.get(place as usize).map_or(0, |digit| i64::from(digit - b'0'));
            value = value * 10 + digit;
        }
        i32::try_from(if self.negative { -value } else { value }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_documented_forms_only() {
        for good in [
            "2023-10-01",
            "2020-09-20Z",
            "2020-09-20+02:00",
            "2020-09-20-0330",
            "2012-10-01T09:45:00.000+02:00",
            "2023-09-05T08:07:34.605Z",
            "2023-09-23T15:09:33+0200",
            "2024-02-29",
            "2000-02-29",
        ] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "22023-01-20",
            "2023-1-20",
            "2023-02-29",
            "1900-02-29",
            "2023-04-31",
            "2023-13-01",
            "2023-00-10",
            "2023-01-00",
            "2023-10-01T09:45:00",
            "2023-10-01 09:45:00Z",
            "2023-10-01T24:00:00Z",
            "2023-10-01T09:60:00Z",
            "2023-10-01T09:45:00.Z",
            "2023-10-01T09:45:00.1234567890Z",
            "2023-10-01z",
            "2023-10-01+19:00",
            "01.10.2023",
            "",
            "２０２３-10-01",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for year in (0..=9999).step_by(7).chain(1890..2110).chain([2000, 2100, 2400, 0, 9999]) {
            for (month, day) in (0..=14).flat_map(|month| (0..=33).map(move |day| (month, day))) {
                let known = chrono::NaiveDate::from_ymd_opt(year, month, day).is_some();
                assert_eq!(is_date(&format!("{year:04}-{month:02}-{day:02}")), known, "{year} {month} {day}");
            }
        }
        for month in 0..=99 {
            assert_eq!(is_date(&format!("2026-{month:02}-28")), (1..=12).contains(&month));
            assert_eq!(is_date(&format!("2026-01-{month:02}")), (1..=31).contains(&month));
        }
    }

    #[test]
    fn a_date_has_digits_and_hyphens_where_they_belong() {
        for at in 0..10 {
            for byte in 0..=u8::MAX {
                let mut text = *b"1111-11-11";
                text[at] = byte;
                let expected = match at {
                    4 | 7 => byte == b'-',
                    5 => matches!(byte, b'0' | b'1'),
                    6 | 8 => matches!(byte, b'0'..=b'2'),
                    _ => byte.is_ascii_digit(),
                };
                assert_eq!(calendar_day(&text).is_some(), expected, "{at} {byte}");
            }
        }
    }

    #[test]
    fn timestamps_may_have_a_blank_in_the_middle() {
        for good in ["2022-12-11 12:10:11.000+0200", "2022-12-11T12:10:11Z"] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in ["2022-12-11", "2022-12-11 12:10:11", "2022-12-11_12:10:11Z"] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }

    #[test]
    fn json_numbers_may_denote_whole_numbers_in_several_ways() {
        for whole in [
            "5",
            "-5",
            "5.0",
            "1e3",
            "1.5e1",
            "100e-2",
            "0.0",
            "0e-99999999999999999999",
            "1e99999999999999999999",
        ] {
            assert!(is_whole_token(whole), "{whole}");
        }
        for broken in ["5.5", "1e-1", "15e-2", "1e-99999999999999999999"] {
            assert!(!is_whole_token(broken), "{broken}");
        }
        for fits in ["2147483647", "-2147483648", "2.147483647e9", "0000000000000007", "0e9999999999"] {
            assert!(fits_32_bits(fits), "{fits}");
        }
        for large in ["2147483648", "-2147483649", "3e9", "1e99999999999999999999", "1e9223372036854775807"] {
            assert!(!fits_32_bits(large), "{large}");
        }
    }

    #[test]
    fn decimals_have_a_point_and_digits_on_both_sides() {
        for good in ["1", "-1.5", "10000", "1.5e10", "1E-5", "007.50"] {
            assert!(is_decimal(good), "{good}");
        }
        for bad in ["1,5", "1.", ".5", "+1", "1 000", "1e", "--1", "", "NaN", "0x1"] {
            assert!(!is_decimal(bad), "{bad}");
        }
    }
}
