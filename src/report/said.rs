//! What reports say of violations, made once: the records of a file are often wrong in the same way.

use std::fmt;
use std::ops::Range;

use super::record::{Status, csv_part, json_part};
use crate::rules::Violation;

/// How many violations are remembered. A chunk with more makes the reports on the others each for itself.
const SAID_MAX: usize = 64;

/// The places in which a violation is looked for.
const PLACES: usize = 256;

/// What reports have said of violations. Each is remembered when it comes again.
pub struct Sayings {
    all: Vec<Said>,
    places: [Seen; PLACES],
}

/// What was seen last in one place.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// What tells most violations from each other.
    tag: u32,
    /// The number of what was said of it, if it came again.
    said: Option<u8>,
}

/// What reports say of one violation.
pub struct Said {
    violation: Violation,
    /// The code as it is printed.
    pub code: String,
    /// The beginning of its object in `errors.ndjson`, up to where it stands in the file.
    pub json: Vec<u8>,
    /// The message in it, as a JSON string.
    message: Range<usize>,
    /// What `errors.csv` says of it, from its severity to its value.
    pub csv: Vec<u8>,
    /// How often it was found and not counted yet.
    times: u64,
}

/// Prints how many there are, never what they say.
impl fmt::Debug for Sayings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sayings({})", self.all.len())
    }
}

impl Default for Sayings {
    fn default() -> Self {
        Self { all: Vec::new(), places: [Seen::default(); PLACES] }
    }
}

impl Sayings {
    /// The number of what is said of a violation; `None` of one that is not remembered.
    pub fn find(&mut self, violation: &Violation) -> Option<usize> {
        let tag = tag(violation);
        let seen = &mut self.places[tag as usize % PLACES];
        if seen.tag != tag {
            *seen = Seen { tag, said: None };
            return None;
        }
        match seen.said {
            Some(said) => {
                let said = usize::from(said);
                self.all.get(said).is_some_and(|other| other.violation.is_like(violation)).then_some(said)
            }
            None if self.all.len() < SAID_MAX => {
                let said = self.all.len();
                seen.said = Some(said as u8);
                self.all.push(Said::of(violation));
                Some(said)
            }
            None => None,
        }
    }

    /// What is said of the violation of a number.
    pub fn get(&self, said: usize) -> Option<&Said> {
        self.all.get(said)
    }

    /// Counts a violation once more.
    pub fn count(&mut self, said: usize) {
        if let Some(said) = self.all.get_mut(said) {
            said.times += 1;
        }
    }

    /// Hands what was counted to `each`, and forgets all violations if there is no room for others.
    pub fn settle(&mut self, mut each: impl FnMut(&Violation, &str, u64)) {
        for said in &mut self.all {
            let times = std::mem::take(&mut said.times);
            if times > 0 {
                each(&said.violation, &said.code, times);
            }
        }
        if self.all.len() == SAID_MAX {
            *self = Self::default();
        }
    }
}

impl Said {
    fn of(violation: &Violation) -> Self {
        let code = violation.code.to_string();
        let status = Status::of(&code);
        let (mut json, mut csv) = (Vec::new(), Vec::new());
        let message = json_part(&mut json, violation, &code, status);
        csv_part(&mut csv, violation, &code, status);
        Self { violation: violation.clone(), code, json, message, csv, times: 0 }
    }

    /// The message as a JSON string.
    pub fn json_message(&self) -> &[u8] {
        &self.json[self.message.clone()]
    }
}

/// What tells most violations from each other: sizes and ends of their texts.
fn tag(violation: &Violation) -> u32 {
    let texts = [&*violation.field, &violation.message, &violation.hint];
    let value = violation.value.as_deref().unwrap_or_default();
    let tag = texts.into_iter().chain([value]).fold(violation.rule as u64, |tag, text| {
        let end = match text.as_bytes().last_chunk() {
            Some(end) => u64::from_le_bytes(*end),
            None => text.bytes().fold(0, |end, byte| end << 8 | u64::from(byte)),
        };
        (tag.rotate_left(5) ^ end ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    (tag >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{SAID_MAX, Sayings};
    use crate::contract::Rule;
    use crate::contract::codes::value::{V003, V006};
    use crate::rules::{Violation, record_violation};

    fn violation(message: &str, value: &str) -> Violation {
        let part = if message.is_empty() { &V003 } else { &V006 };
        let violation = record_violation(Rule::EnumValue, part, message.to_owned(), "", 0);
        Violation { value: Some(value.to_owned()), ..violation }
    }

    #[test]
    fn what_comes_again_is_remembered_and_nothing_else() {
        let mut sayings = Sayings::default();
        let (one, other) = (violation("is wrong", "A"), violation("is wrong", "B"));
        assert_eq!((sayings.find(&one), sayings.find(&other)), (None, None));
        let (first, second) = (sayings.find(&one), sayings.find(&other));
        assert!(first.is_some() && second.is_some() && first != second);
        for (found, value) in [(first, "A"), (second, "B")] {
            let said = found.and_then(|said| sayings.get(said));
            assert!(said.is_some_and(|said| {
                said.json_message() == b"\"is wrong\""
                    && said.json.ends_with(format!("\"{value}\"").as_bytes())
            }));
        }
        // The same but for where it stands.
        assert_eq!(sayings.find(&Violation { at: 7, ..one.clone() }), first);
        // Texts of the same sizes with the same ends, which look as if one came again.
        let (one, other) = (violation("1 and the same end", "A"), violation("2 and the same end", "A"));
        assert_eq!(sayings.find(&one), None);
        let said = sayings.find(&other);
        assert!(said.is_some());
        assert_eq!((sayings.find(&one), sayings.find(&other)), (None, said));
    }

    #[test]
    fn every_time_is_counted_however_many_there_are() {
        let mut sayings = Sayings::default();
        let mut counted = 0;
        for round in 1..=5_u64 {
            for number in 0..SAID_MAX * 2 {
                match sayings.find(&violation("", &format!("{number} of many values"))) {
                    Some(said) => sayings.count(said),
                    None => counted += 1,
                }
            }
            sayings.settle(|violation, code, times| {
                assert_eq!(code, violation.code.to_string());
                counted += times;
            });
            assert_eq!(counted, round * SAID_MAX as u64 * 2);
        }
    }
}
