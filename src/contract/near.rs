//! "Did you mean": the known name nearest to one that is not known.

use super::object::Object;

/// The most characters of a text that are compared.
const COMPARED_CHARS_MAX: usize = 64;

/// The candidate nearest to a text, if one is near enough to have been meant.
#[must_use]
pub fn nearest<'c>(text: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = plain(text);
    let wanted_chars = wanted.chars().count();
    let limit = (wanted_chars / 3).min(4);
    let wanted_signs = signs(wanted.bytes());
    // The distance is at least the difference of the lengths, and at least the number of signs that only one of them
    // has; both are found out much sooner.
    let may_be_near = |candidate: &&str| {
        let compared = || candidate.bytes().filter(u8::is_ascii_alphanumeric).take(COMPARED_CHARS_MAX);
        let own_signs = signs(compared());
        !candidate.is_ascii()
            || compared().count().abs_diff(wanted_chars) <= limit
                && (wanted_signs & !own_signs).count_ones() as usize <= limit
                && (own_signs & !wanted_signs).count_ones() as usize <= limit
    };
    candidates
        .filter(may_be_near)
        .map(|candidate| (strsim::osa_distance(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The field of an object whose name is nearest to a name that is not known.
#[must_use]
pub fn nearest_field(name: &str, object: &'static Object) -> Option<&'static str> {
    nearest(name, object.fields.iter().map(|field| field.name))
}

/// The letters and digits of ASCII that occur, a bit for each; large and small letters are the same.
fn signs(text: impl Iterator<Item = u8>) -> u64 {
    let number = |byte: u8| if byte.is_ascii_digit() { 32 + (byte - b'0') } else { byte & 31 };
    text.filter(u8::is_ascii_alphanumeric).fold(0, |signs, byte| signs | 1 << number(byte))
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|char| char.is_alphanumeric()).take(COMPARED_CHARS_MAX);
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, plain};

    #[test]
    fn what_is_passed_over_soon_is_never_the_nearest() {
        let candidates = ["NONE", "LOW", "MEDIUM", "HIGH", "EXTREME", "SUSPENDED", "ĄŽUOLAS", "IND_PK2"];
        let letters = ["", "N", "o", "LO", "w", "HI", "gh", "ME", "DI", "um", "Ą", "K2", "-", "END", "x"];
        for first in letters {
            for second in letters {
                for third in letters {
                    let text = format!("{first}{second}{third}");
                    let wanted = plain(&text);
                    let limit = (wanted.chars().count() / 3).min(4);
                    let distance = |candidate: &&str| strsim::osa_distance(&wanted, &plain(candidate));
                    let found = candidates
                        .into_iter()
                        .filter(|candidate| distance(candidate) <= limit)
                        .min_by_key(distance);
                    assert_eq!(nearest(&text, candidates.into_iter()), found, "{text}");
                }
            }
        }
    }
}
