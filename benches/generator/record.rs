//! One record as names and values, apart from any format.

use std::borrow::Cow;

use super::words::{
    CITIES, COUNTRIES, ESCAPED, FIRST_NAMES, LAST_NAMES, LEGAL_FORMS, NO_COUNTRIES, NO_DATES, NON_ASCII,
    RELATIONS, RISK_LEVELS, STATUSES, STREETS, TITLES,
};
use super::{Format, Random, Shape};

/// The flat fields of all records in their usual order: the columns of a CSV file.
pub const FLAT: &[&str] = &[
    "communicationNumber",
    "requester",
    "action",
    "sourceOfRiskLevel",
    "riskLevel",
    "customerStatus",
    "riskManagementCategory",
    "entityType",
    "customerExtId",
    "applicationDate",
    "closingDate",
    "nationalCode",
    "isPEP",
    "isSanctioned",
    "firstName",
    "lastName",
    "citizenshipCountry",
    "birthDate",
    "title",
    "registrationCountry",
    "legalForm",
];

/// A value before it is written.
pub enum Value {
    Text(Cow<'static, str>),
    /// `true` or `false`, without quotes in JSON.
    Bool(bool),
    /// A list of objects.
    List(Vec<Fields>),
}

/// The fields of one object, in the order in which they are written.
pub type Fields = Vec<(&'static str, Value)>;

/// A record, and whether a violation was put in.
pub struct Record {
    pub fields: Fields,
    pub invalid: bool,
}

/// Makes the records of one file.
pub struct Maker<'s> {
    shape: &'s Shape,
}

impl<'s> Maker<'s> {
    pub fn new(shape: &'s Shape) -> Self {
        Self { shape }
    }

    /// The record with this number, from 0.
    ///
    /// Flat fields, violations, lists and the order have random numbers of their own, so that a record
    /// keeps its flat fields whatever else is asked for.
    pub fn record(&self, number: u64) -> Record {
        let shape = self.shape;
        let mut random = Random::new(shape.seed, number);
        let mut texts = Texts::new(shape, number);
        let individual = random.chance(0.7);
        let mut fields = flat(&mut random, &mut texts, number, individual);

        let mut random = Random::new(shape.seed ^ (1 << 60), number);
        let invalid = random.chance(shape.invalid);
        if invalid {
            violate(&mut random, &mut fields, individual);
        }
        if shape.format != Format::Csv {
            let mut random = Random::new(shape.seed ^ (1 << 61), number);
            if random.chance(shape.nested) {
                fields.push(("listContact", contacts(&mut random)));
                fields.push(("listAddress", address(&mut random, &mut texts)));
            }
            if random.chance(shape.related) {
                fields.push(("listRelatedEntity", related(&mut random, &mut texts)));
            }
            if shape.shuffled {
                shuffle(&mut random, &mut fields);
            }
        }
        Record { fields, invalid }
    }
}

/// Draws free texts.
struct Texts<'s> {
    shape: &'s Shape,
    random: Random,
    non_ascii: bool,
    escaped: bool,
}

impl<'s> Texts<'s> {
    fn new(shape: &'s Shape, number: u64) -> Self {
        let mut random = Random::new(shape.seed ^ (1 << 62), number);
        let non_ascii = random.chance(shape.non_ascii);
        let escaped = random.chance(shape.escaped);
        Self { shape, random, non_ascii, escaped }
    }

    /// A free text from these words, or one that is longer or has other letters, as the shape asks.
    fn text(&mut self, from: &'static [&'static str]) -> Value {
        let word = self.random.pick(if self.non_ascii { NON_ASCII } else { from });
        if !self.escaped && self.shape.text_chars.is_none() {
            return Value::Text(word.into());
        }
        let mut text = word.to_owned();
        if self.escaped {
            text.push_str(self.random.pick(ESCAPED));
        }
        if let Some(chars) = &self.shape.text_chars {
            let wanted = chars.start() + self.random.below(chars.end() - chars.start() + 1);
            self.stretch(&mut text, wanted, from);
        }
        Value::Text(text.into())
    }

    /// Makes a text exactly this long; it never ends with white space.
    fn stretch(&mut self, text: &mut String, wanted: usize, from: &'static [&'static str]) {
        let mut chars = text.chars().count();
        while chars < wanted {
            let word = self.random.pick(if self.non_ascii { NON_ASCII } else { from });
            text.push(' ');
            text.push_str(word);
            chars += word.chars().count() + 1;
        }
        let end = text.char_indices().nth(wanted).map_or(text.len(), |(at, _)| at);
        text.truncate(end);
        if text.ends_with([' ', '\n']) {
            text.pop();
            text.push('x');
        }
    }
}

fn flat(random: &mut Random, texts: &mut Texts, number: u64, individual: bool) -> Fields {
    let closed = random.chance(0.05);
    let status = if closed { "CLOSED" } else { random.pick(STATUSES) };
    let mut fields = Fields::with_capacity(FLAT.len());
    fields.push(("communicationNumber", owned(format!("CN-{number:09}"))));
    fields.push(("requester", fixed("CORE-1")));
    fields.push(("action", fixed("CREATE")));
    fields.push(("sourceOfRiskLevel", fixed("IMPORT")));
    fields.push(("riskLevel", fixed(random.pick(RISK_LEVELS))));
    fields.push(("customerStatus", fixed(status)));
    fields.push(("riskManagementCategory", fixed(if individual { "IND_PK" } else { "ORG_PK" })));
    fields.push(("entityType", fixed(if individual { "INDIVIDUAL" } else { "ORGANIZATION" })));
    fields.push(("customerExtId", owned(format!("C{number:09}"))));
    fields.push(("applicationDate", date(random, 2015, 8)));
    if closed {
        fields.push(("closingDate", date(random, 2024, 2)));
    }
    fields.push(("nationalCode", owned(format!("3{:010}", random.next() % 10_000_000_000))));
    fields.push(("isPEP", Value::Bool(random.chance(0.02))));
    fields.push(("isSanctioned", Value::Bool(random.chance(0.01))));
    if individual {
        fields.push(("firstName", texts.text(FIRST_NAMES)));
        fields.push(("lastName", texts.text(LAST_NAMES)));
        fields.push(("citizenshipCountry", fixed(random.pick(COUNTRIES))));
        fields.push(("birthDate", date(random, 1940, 65)));
    } else {
        fields.push(("title", texts.text(TITLES)));
        fields.push(("registrationCountry", fixed(random.pick(COUNTRIES))));
        fields.push(("legalForm", fixed(random.pick(LEGAL_FORMS))));
    }
    fields
}

/// Puts one violation into the record, in one case of five two.
fn violate(random: &mut Random, fields: &mut Fields, individual: bool) {
    let first = random.below(10);
    violation(random, fields, individual, first);
    if random.chance(0.2) {
        let second = (first + 1 + random.below(9)) % 10;
        violation(random, fields, individual, second);
    }
}

fn violation(random: &mut Random, fields: &mut Fields, individual: bool, kind: usize) {
    let country = if individual { "citizenshipCountry" } else { "registrationCountry" };
    let name = if individual { "lastName" } else { "title" };
    match kind {
        0 => remove(fields, "customerExtId"),
        1 => remove(fields, "riskLevel"),
        2 => remove(fields, name),
        3 => set(fields, country, fixed(random.pick(NO_COUNTRIES))),
        4 => set(fields, "applicationDate", fixed(random.pick(NO_DATES))),
        5 => set(fields, "riskLevel", fixed("VERY_HIGH")),
        6 => set(fields, "isPEP", fixed("yes")),
        7 if individual => set(fields, "title", fixed("Not for a person")),
        7 => set(fields, "birthDate", fixed("1980-01-31")),
        8 => {
            set(fields, "customerStatus", fixed("CLOSED"));
            remove(fields, "closingDate");
        }
        _ => {
            set(fields, "customerStatus", fixed("ACTIVE"));
            set(fields, "closingDate", fixed("2024-01-31"));
        }
    }
}

fn contacts(random: &mut Random) -> Value {
    let phone = format!("+3706{:07}", random.below(10_000_000));
    let mail = format!("client{}@example.com", random.below(1_000_000));
    Value::List(vec![
        vec![("contactType", fixed("MOBILEPHONE")), ("contactDetails", owned(phone))],
        vec![("contactType", fixed("EMAIL")), ("contactDetails", owned(mail))],
    ])
}

fn address(random: &mut Random, texts: &mut Texts) -> Value {
    Value::List(vec![vec![
        ("addressDetails", texts.text(STREETS)),
        ("country", fixed(random.pick(COUNTRIES))),
        ("city", texts.text(CITIES)),
        ("zipCode", owned(format!("{:05}", random.below(100_000)))),
    ]])
}

fn related(random: &mut Random, texts: &mut Texts) -> Value {
    let person = vec![
        ("relationType", fixed(random.pick(RELATIONS))),
        ("entityType", fixed("INDIVIDUAL")),
        ("country", fixed(random.pick(COUNTRIES))),
        ("firstName", texts.text(FIRST_NAMES)),
        ("lastName", texts.text(LAST_NAMES)),
        ("isPEP", Value::Bool(random.chance(0.02))),
        ("listContact", contacts(random)),
    ];
    let company = vec![
        ("relationType", fixed(random.pick(RELATIONS))),
        ("entityType", fixed("ORGANIZATION")),
        ("title", texts.text(TITLES)),
        ("registrationCountry", fixed(random.pick(COUNTRIES))),
        ("listContact", contacts(random)),
        ("listAddress", address(random, texts)),
    ];
    Value::List(vec![person, company])
}

fn shuffle(random: &mut Random, fields: &mut Fields) {
    random.shuffle(fields);
    for (_, value) in fields {
        if let Value::List(items) = value {
            for item in items {
                shuffle(random, item);
            }
        }
    }
}

fn date(random: &mut Random, first_year: usize, years: usize) -> Value {
    let (year, month, day) = (first_year + random.below(years), 1 + random.below(12), 1 + random.below(28));
    owned(format!("{year:04}-{month:02}-{day:02}"))
}

fn set(fields: &mut Fields, name: &'static str, value: Value) {
    match fields.iter_mut().find(|field| field.0 == name) {
        Some(field) => field.1 = value,
        None => fields.push((name, value)),
    }
}

fn remove(fields: &mut Fields, name: &str) {
    fields.retain(|field| field.0 != name);
}

fn fixed(text: &'static str) -> Value {
    Value::Text(text.into())
}

fn owned(text: String) -> Value {
    Value::Text(text.into())
}
