//! The encoding that a text which is not UTF-8 is likely to have.
//!
//! A general detector needs much text to tell the encodings of European languages apart, and customer
//! files hold few letters beyond ASCII. Whether one language has all of them says more.

use std::collections::HashMap;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_2, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257};

/// Encodings of Latin letters, with the letters beyond ASCII of the languages that are written in them.
const ALPHABETS: [(&Encoding, &[&str]); 5] = [
    // Lithuanian, Latvian, Estonian.
    (WINDOWS_1257, &["ąčęėįšųūž", "āčēģīķļņšūžō", "äõöüšž"]),
    // Polish, Czech, Slovak, Hungarian, Slovenian and Croatian, Romanian.
    (WINDOWS_1250, &["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ"]),
    // German, French, Spanish, Portuguese, Italian, Dutch, Swedish and Finnish, Danish, Icelandic, Irish.
    (
        WINDOWS_1252,
        &[
            "äöüß",
            "àâæçéèêëîïôœùûüÿ",
            "áéíñóúü",
            "ãáàâçéêíóôõú",
            "àèéìíòóùú",
            "áéëïóöü",
            "åäöé",
            "æøåé",
            "áðéíóúýþæö",
            "áéíóú",
        ],
    ),
    // Turkish.
    (WINDOWS_1254, &["çğıİöşüâî"]),
    // The letters of the other one, in other places.
    (ISO_8859_2, &["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž"]),
];

/// The likely encoding of a text.
#[cold]
pub(super) fn guess(text: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(text, true);
    let detected = detector.guess(None, Utf8Detection::Deny);
    if !ALPHABETS.iter().any(|(encoding, _)| *encoding == detected) && !detected.is_single_byte() {
        return detected;
    }
    let known = |encoding: &'static Encoding| {
        ALPHABETS.iter().find(|(other, _)| *other == encoding).map_or(0, |entry| share(text, entry))
    };
    let (mut best, mut best_share) = (detected, known(detected));
    for entry in &ALPHABETS {
        let share = share(text, entry);
        if share > best_share {
            (best, best_share) = (entry.0, share);
        }
    }
    // Letters that are foreign to all these languages: Greek, Cyrillic and others.
    if best_share < SHARE_MIN { detected } else { best }
}

/// The share of letters, in thousandths, from which on a language is believed.
const SHARE_MIN: u64 = 900;

/// The largest share of the letters beyond ASCII that one language has, in thousandths.
fn share(text: &[u8], (encoding, alphabets): &(&'static Encoding, &[&str])) -> u64 {
    let mut counts: HashMap<u8, u64> = HashMap::new();
    for byte in text.iter().filter(|byte| !byte.is_ascii()) {
        *counts.entry(*byte).or_default() += 1;
    }
    let mut letters = Vec::new();
    for (byte, count) in counts {
        let bytes = [byte];
        match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(char) => {
                letters.extend(char.chars().filter(|char| char.is_alphabetic()).map(|char| (char, count)))
            }
            None => return 0,
        }
    }
    let all: u64 = letters.iter().map(|(_, count)| count).sum();
    let has = |alphabet: &str, char: char| {
        alphabet.contains(char) || char.to_lowercase().all(|lower| alphabet.contains(lower))
    };
    let of = |alphabet: &&str| {
        letters.iter().filter(|(char, _)| has(alphabet, *char)).map(|(_, count)| count).sum::<u64>()
    };
    alphabets.iter().map(of).max().unwrap_or(0) * 1000 / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_europe_are_recognised() {
        for (encoding, name) in [
            (WINDOWS_1257, "Žydrūnė Žukauskaitė, Šiauliai"),
            (WINDOWS_1257, "Jānis Bērziņš, Rīga"),
            (WINDOWS_1250, "Łukasz Wiśniewski, Gdańsk"),
            (WINDOWS_1250, "Jiří Dvořák, Plzeň"),
            (WINDOWS_1252, "Jürgen Müller, Straße"),
            (WINDOWS_1252, "François Lefèvre"),
            (encoding_rs::WINDOWS_1251, "Иван Петров, улица Ленина"),
            (encoding_rs::WINDOWS_1253, "Γιώργος Παπαδόπουλος"),
        ] {
            let (bytes, _, lossy) = encoding.encode(name);
            assert!(!lossy, "{name}");
            assert_eq!(guess(&bytes).name(), encoding.name(), "{name}");
        }
    }
}
