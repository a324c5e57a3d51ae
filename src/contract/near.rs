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
    // The distance is at least the difference of the lengths, which is found out much sooner.
    let may_be_near = |candidate: &&str| {
        !candidate.is_ascii()
            || candidate
                .bytes()
                .filter(u8::is_ascii_alphanumeric)
                .take(COMPARED_CHARS_MAX)
                .count()
                .abs_diff(wanted_chars)
                <= limit
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

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|char| char.is_alphanumeric()).take(COMPARED_CHARS_MAX);
    letters.flat_map(char::to_lowercase).collect()
}
