//! What people write in place of codes: names of countries, signs and names of currencies.

use std::collections::HashMap;
use std::sync::LazyLock;

/// ISO 3166-1 alpha-2 and alpha-3 codes with names: of all countries in English, of Europe and its
/// neighbours in the languages of the European Union too. Source: Unicode CLDR, ISO 3166.
const COUNTRIES: &str = include_str!("countries.tsv");

/// Country codes by everything that may stand in their place, plainly written.
static COUNTRY_CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for line in COUNTRIES.lines() {
        let mut columns = line.split('\t');
        if let (Some(code), Some(alpha3), Some(names)) = (columns.next(), columns.next(), columns.next()) {
            for name in names.split('|').chain([alpha3]) {
                codes.entry(plain(name)).or_insert(code);
            }
        }
    }
    codes
});

/// The country that is meant by a name or a code of three letters.
#[must_use]
pub fn country(text: &str) -> Option<&'static str> {
    COUNTRY_CODES.get(&plain(text)).copied()
}

/// Signs, names and numbers of currencies, plainly written.
const CURRENCIES: [(&str, &[&str]); 16] = [
    ("EUR", &["€", "euro", "euros", "eurai", "eurų", "eiro", "eurot", "evro", "978"]),
    ("USD", &["$", "us$", "dollar", "dollars", "doleris", "840"]),
    ("GBP", &["£", "pound", "pounds", "sterling", "826"]),
    ("PLN", &["zł", "zl", "zloty", "złoty", "złotych", "985"]),
    ("CZK", &["kč", "kc", "koruna", "203"]),
    ("HUF", &["ft", "forint", "348"]),
    ("CHF", &["fr", "sfr", "franken", "756"]),
    ("SEK", &["swedishkrona", "752"]),
    ("NOK", &["norwegiankrone", "578"]),
    ("DKK", &["danishkrone", "208"]),
    ("RON", &["leu", "lei", "946"]),
    ("BGN", &["лв", "lev", "leva", "975"]),
    ("UAH", &["₴", "hryvnia", "грн", "980"]),
    ("RUB", &["₽", "rubl", "ruble", "руб", "643"]),
    ("TRY", &["₺", "lira", "tl", "949"]),
    ("JPY", &["¥", "yen", "392"]),
];

/// The currency that is meant by a sign, a name or the number of ISO 4217.
#[must_use]
pub fn currency(text: &str) -> Option<&'static str> {
    let wanted: String = text
        .chars()
        .filter(|char| !char.is_whitespace() && *char != '.')
        .flat_map(char::to_lowercase)
        .collect();
    CURRENCIES.iter().find(|(_, names)| names.contains(&wanted.as_str())).map(|(code, _)| *code)
}

fn plain(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
