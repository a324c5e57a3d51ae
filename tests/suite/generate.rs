//! Records in no format, made from the tables of the contract, and their writers in every format.
//!
//! A record is a tree of texts: what JSON, XML and CSV can all say. Writers vary everything that must
//! not matter: order, white space, escapes, quotes, prefixes, delimiters.

pub mod csv;
pub mod json;
pub mod xml;

use std::fmt;

use kyc_import::contract::tables::customer as customer_table;
use kyc_import::contract::{CUSTOMER, Classifiers, Field, Kind, List, Need, Object};
use kyc_import::pipeline::Settings;
use kyc_import::rules::{Mode, Options};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::support::settings;

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Null, or a text that counts as absent.
    Blank(&'static str),
    /// A scalar by its text.
    Text(String),
    /// A nested object.
    Object(Members),
    /// A list of objects.
    Items(Vec<Members>),
    /// A list of scalars.
    Scalars(Vec<String>),
    /// JSON text of a structure that does not belong where it stands.
    Wrong(&'static str),
}

/// The name of a field.
#[derive(Clone, Copy)]
pub enum Name {
    Known(&'static Field),
    /// An old JSON spelling.
    Old(&'static str),
    Unknown(&'static str),
}

impl Name {
    pub fn json(self) -> String {
        match self {
            Self::Known(field) => field.name.to_owned(),
            Self::Old(name) | Self::Unknown(name) => name.to_owned(),
        }
    }

    pub fn xml(self) -> String {
        match self {
            Self::Known(field) => field.xml_name().to_owned(),
            Self::Old(name) | Self::Unknown(name) => name.to_owned(),
        }
    }

    pub fn is(self, name: &str) -> bool {
        matches!(self, Self::Known(field) if field.name == name)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.json())
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

/// The fields of an object, in table order.
pub type Members = Vec<(Name, Value)>;

/// Choices: those that were written down first, then an endless row made from a seed. The seed 0 always
/// chooses the first.
#[derive(Debug, Clone)]
pub struct Dice {
    picks: std::vec::IntoIter<u16>,
    seed: u64,
}

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self { picks: Vec::new().into_iter(), seed }
    }

    pub fn of(picks: Vec<u16>) -> Self {
        Self { picks: picks.into_iter(), seed: 0 }
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        if let Some(pick) = self.picks.next() {
            return usize::from(pick) % count;
        }
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) as usize % count
    }

    /// Whether something happens that happens once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for last in (1..items.len()).rev() {
            let other = last - self.below(last + 1);
            items.swap(last, other);
        }
        items
    }
}

/// How records are made.
#[derive(Debug, Clone, Copy)]
pub struct Taste {
    /// Every so many values is wrong; 0 for none.
    pub wrong_every: usize,
    /// With names no table lists, old spellings and structures that only JSON can say.
    pub json_only: bool,
}

/// Texts with everything that quoting, escaping and guarding can trip over.
const NASTY: &[&str] = &[
    "say \"hi\"",
    "\"",
    "\"\"",
    "a;b,c|d\te",
    "two\nlines",
    "crlf\r\nend",
    "lone\rreturn",
    "\n",
    "<&>",
    "]]>",
    "<b>x</b>",
    "O'Brien",
    "'quoted'",
    "'=1",
    "''",
    "007",
    "=1+1",
    "+370 600 00000",
    "-5",
    "@x",
    "\tTab",
    "1e5",
    "1-2",
    "1/2",
    "12345678901234567890",
    "Žąsis",
    "日本語",
    "😀👍🏽",
    "e\u{301}",
    "\u{feff}mark",
    "\u{a0}no-break",
    " blank around ",
    "null",
    "true",
    "yes",
    "5",
    "5.0",
    "{",
    "[1]",
    "{\"a\":1}",
    "<!-- x -->",
    "--",
    "<![CDATA[x]]>",
    "&amp;",
    "&#10;",
    "&undefined;",
    "\\u0041",
    "\\",
    "\\n",
    "#N/A",
    "sep=;",
    "_x",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "x\u{200b}",
    "ﬁ",
    "İ",
    "%s",
    "{{i}}",
    " | ",
    "1,5",
];

/// A text that every format can hold and that is not blank.
pub fn text() -> impl Strategy<Value = String> {
    let any = || vec(any::<char>().prop_filter("XML holds it", |char| is_in_xml(*char)), 1..10);
    prop_oneof![
        4 => "[A-Za-zÀ-ž0-9 .,-]{1,16}",
        4 => select(NASTY).prop_map(str::to_owned),
        2 => (select(NASTY), select(NASTY)).prop_map(|(one, two)| format!("{one}{two}")),
        2 => any().prop_map(String::from_iter),
    ]
    .prop_map(|text| if text.trim().is_empty() { format!("{text}x") } else { text })
}

fn is_in_xml(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// One record of this taste.
pub fn record(taste: Taste) -> impl Strategy<Value = Members> {
    (vec(any::<u16>(), 0..160), vec(text(), 1..6))
        .prop_map(move |(picks, texts)| Maker { dice: Dice::of(picks), texts, at: 0, taste }.customer())
}

/// Records that are all well, or that hold wrong values too.
pub fn any_record() -> impl Strategy<Value = Members> {
    let taste = |wrong_every| Taste { wrong_every, json_only: false };
    prop_oneof![2 => record(taste(0)), 3 => record(taste(4)), 1 => record(taste(12))]
}

/// Records of one file, each with a number and identifier of its own.
pub fn records(each: impl Strategy<Value = Members>, most: usize) -> impl Strategy<Value = Vec<Members>> {
    vec(each, 1..=most).prop_map(|mut records| {
        for (index, record) in records.iter_mut().enumerate() {
            for (name, value) in record {
                let unique = name.is("communicationNumber") || name.is("customerExtId");
                if let Value::Text(text) = value
                    && unique
                {
                    let chars = text.chars().count();
                    *text = format!("{index}-{text}").chars().take(chars.max(8)).collect();
                }
            }
        }
        records
    })
}

/// What records are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judging {
    mode: Mode,
    strict_entity_fields: bool,
    multi_organization: bool,
    lists: bool,
}

/// Any mode, with lists of the institution or without.
pub fn any_judging() -> impl Strategy<Value = Judging> {
    let mode = select(&[Mode::File, Mode::Single, Mode::Batch][..]);
    (mode, any::<[bool; 3]>()).prop_map(|(mode, [strict_entity_fields, multi_organization, lists])| Judging {
        mode,
        strict_entity_fields,
        multi_organization,
        lists,
    })
}

impl Judging {
    pub fn settings(self) -> Settings {
        let Self { mode, strict_entity_fields, multi_organization, lists } = self;
        let mut classifiers = Classifiers::default();
        if lists {
            classifiers.replace(List::LegalForm, ["LTD", "COOPERATIVE"].into_iter());
            classifiers.replace(List::AddressType, ["RESIDENCE", "HEADQUARTERS"].into_iter());
            classifiers.replace(List::RelationType, ["OWNER", "DIRECTOR"].into_iter());
        }
        settings(
            Options { mode, strict_entity_fields, multi_organization, ..Options::default() },
            classifiers,
        )
    }
}

/// Whether an object holds any value that is not blank.
pub fn is_filled(members: &Members) -> bool {
    members.iter().any(|(_, value)| match value {
        Value::Blank(_) => false,
        Value::Text(_) | Value::Wrong(_) => true,
        Value::Scalars(texts) => !texts.is_empty(),
        Value::Object(inner) => is_filled(inner),
        Value::Items(items) => !items.is_empty(),
    })
}

const INDIVIDUAL: &[(&str, &str)] = &[
    ("communicationNumber", "N"),
    ("requester", "branch-7"),
    ("sourceOfRiskLevel", "IMPORT"),
    ("riskLevel", "LOW"),
    ("customerStatus", "ACTIVE"),
    ("riskManagementCategory", "IND"),
    ("entityType", "INDIVIDUAL"),
    ("customerExtId", "X"),
    ("applicationDate", "2026-01-21"),
    ("firstName", "Ona"),
    ("lastName", "Example"),
    ("citizenshipCountry", "LT"),
];

const ORGANIZATION: &[(&str, &str)] = &[
    ("communicationNumber", "N"),
    ("requester", "branch-7"),
    ("riskLevel", "HIGH"),
    ("customerStatus", "PENDING"),
    ("riskManagementCategory", "ORG"),
    ("entityType", "ORGANIZATION"),
    ("customerExtId", "X"),
    ("applicationDate", "2026-01-21Z"),
    ("title", "Example UAB"),
    ("registrationCountry", "LT"),
    ("legalForm", "LTD"),
];

const LEAD: &[(&str, &str)] = &[
    ("communicationNumber", "N"),
    ("requester", "branch-7"),
    ("sourceOfRiskLevel", "EVALUATE"),
    ("riskManagementCategory", "LEAD_IND"),
    ("entityType", "INDIVIDUAL"),
    ("customerExtId", "X"),
    ("applicationDate", "2026-01-21"),
    ("firstName", "Ona"),
    ("lastName", "Example"),
    ("citizenshipCountry", "LT"),
    ("birthDate", "1990-02-03"),
];

/// The spellings of an absent value.
const BLANKS: &[&str] = &["null", "", " ", "\t \n"];

/// Makes records out of choices.
struct Maker {
    dice: Dice,
    texts: Vec<String>,
    at: usize,
    taste: Taste,
}

impl Maker {
    fn customer(mut self) -> Members {
        let base = self.dice.one(&[INDIVIDUAL, ORGANIZATION, LEAD]);
        let mut values: Vec<Option<Value>> = vec![None; CUSTOMER.fields.len()];
        for (name, text) in base {
            let index = index_of(name);
            values[index] = Some(Value::Text((*text).to_owned()));
        }
        for _ in 0..self.dice.below(9) {
            let index = self.dice.below(CUSTOMER.fields.len());
            let field = &CUSTOMER.fields[index];
            let basic = base.iter().any(|(name, _)| *name == field.name);
            let stranger = field.only.is_some_and(|only| {
                let own = if base == ORGANIZATION { "ORGANIZATION" } else { "INDIVIDUAL" };
                only.owner.as_str() != own
            });
            let closing = index == customer_table::CLOSING_DATE;
            if self.taste.wrong_every == 0 && (basic || stranger || closing) {
                continue;
            }
            values[index] = if basic && self.dice.once_in(3) { None } else { self.value(field) };
        }
        let mut members: Members = (CUSTOMER.fields.iter().zip(values))
            .filter_map(|(field, value)| Some((Name::Known(field), value?)))
            .collect();
        if !is_filled(&members) {
            members.push((Name::Known(&CUSTOMER.fields[customer_table::TITLE]), Value::Text("x".to_owned())));
        }
        if self.taste.json_only {
            self.add_json_only(&mut members);
        }
        members
    }

    fn is_wrong(&mut self) -> bool {
        self.taste.wrong_every > 0 && self.dice.once_in(self.taste.wrong_every)
    }

    fn text(&mut self) -> String {
        self.at += 1;
        self.texts[self.at % self.texts.len()].clone()
    }

    fn value(&mut self, field: &'static Field) -> Option<Value> {
        let optional = field.need == Need::Never;
        if self.taste.json_only && self.dice.once_in(16) {
            return Some(Value::Wrong(self.dice.one(&[
                "{}",
                "[]",
                "[{}]",
                "[null]",
                "[[1]]",
                "{\"a\":[1,{}]}",
                "5",
                "\"x\"",
            ])));
        }
        if (optional || self.taste.wrong_every > 0) && self.dice.once_in(8) {
            return Some(Value::Blank(self.dice.one(BLANKS)));
        }
        Some(match field.kind {
            Kind::Object(object) => Value::Object(self.members(object)?),
            Kind::Objects(object) => {
                let count = 1 + self.dice.below(3);
                let items: Vec<Members> = (0..count).filter_map(|_| self.members(object)).collect();
                if items.is_empty() {
                    return None;
                }
                Value::Items(items)
            }
            Kind::Values(object) => {
                let count = 1 + self.dice.below(3);
                Value::Scalars((0..count).map(|_| self.scalar(&object.fields[0])).collect())
            }
            _ => Value::Text(self.scalar(field)),
        })
    }

    /// The fields of a nested object; `None` when it holds nothing.
    fn members(&mut self, object: &'static Object) -> Option<Members> {
        let mut members = Vec::new();
        for field in object.fields {
            let wanted = match field.need {
                Need::Never => self.dice.once_in(4),
                _ => !self.is_wrong(),
            };
            if wanted && let Some(value) = self.value(field) {
                members.push((Name::Known(field), value));
            }
        }
        is_filled(&members).then_some(members)
    }

    /// The text of a scalar: right, or wrong where the taste has it. Blanks stand around free texts
    /// only: around other values JSON keeps them, and XML and CSV do not.
    fn scalar(&mut self, field: &'static Field) -> String {
        let wrong = self.is_wrong();
        let pick = |maker: &mut Self, right: &[&'static str], not: &[&'static str]| {
            maker.dice.one(if wrong { not } else { right }).to_owned()
        };
        let long = field.chars_max.filter(|_| self.dice.once_in(24));
        if let Some(chars_max) = long {
            return "ž".repeat(chars_max as usize + usize::from(wrong));
        }
        match field.kind {
            Kind::Text => self.text(),
            Kind::Date => pick(self, RIGHT_DATES, WRONG_DATES),
            Kind::Boolean => pick(self, &["true", "false"], &["yes", "1", "tru", "nothing"]),
            Kind::Integer => pick(self, &["0", "-5", "2147483647", "007"], WRONG_INTEGERS),
            Kind::BigInteger => pick(self, &["12345678901234567890123", "-1", "00"], WRONG_INTEGERS),
            Kind::Decimal => {
                let right = &["10000", "-1.5", "1.5e10", "007.50", "1E-5", "0"];
                pick(self, right, &["1.", ".5", "+1", "1 000", "NaN", "0x1", "--1"])
            }
            Kind::Enum(values) if wrong => {
                let lower = values[0].to_lowercase();
                if self.dice.once_in(2) { lower } else { self.text().trim().replace(['|', '['], "/") }
            }
            Kind::Enum(values) => self.dice.one(values).to_owned(),
            Kind::Classifier(List::Country) => {
                pick(self, &["LT", "US", "AX"], &["lt", "XK", "LTU", "Lietuva"])
            }
            Kind::Classifier(List::Currency) => pick(self, &["EUR", "USD"], &["eur", "BTC", "€"]),
            Kind::Classifier(List::LegalForm) => pick(self, &["LTD", "COOPERATIVE"], &["ltd", "UAB"]),
            Kind::Classifier(List::RelationType) => pick(self, &["OWNER", "DIRECTOR"], &["Owner", "FRIEND"]),
            Kind::Classifier(List::RiskManagementCategory) => {
                pick(self, &["IND", "ORG"], &["LEAD_ORG", "MISLEADING", "ORG_LEAD_"])
            }
            Kind::Classifier(_) | Kind::AdditionalValue => {
                let any =
                    [RIGHT_DATES, WRONG_DATES, WRONG_INTEGERS, &["true", "5", "-1.5", "RESIDENCE"]].concat();
                if self.dice.once_in(2) {
                    self.text().trim().to_owned()
                } else {
                    self.dice.one(&any).to_owned()
                }
            }
            Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) => self.text(),
        }
    }

    /// Names that no table lists, old spellings, names given twice.
    fn add_json_only(&mut self, members: &mut Members) {
        for _ in 0..self.dice.below(3) {
            let member = match self.dice.below(4) {
                0 => (Name::Unknown("iSanctioned"), Value::Text(self.text())),
                1 => (Name::Unknown("screening/~lists"), Value::Wrong("[{\"a\":[]}]")),
                2 => (Name::Old("GIIN"), Value::Text(self.text())),
                _ => members[self.dice.below(members.len())].clone(),
            };
            members.push(member);
        }
    }
}

fn index_of(name: &str) -> usize {
    CUSTOMER.fields.iter().position(|field| field.name == name).expect("a field of the customer")
}

const RIGHT_DATES: &[&str] = &[
    "2026-01-21",
    "2020-09-20Z",
    "2020-09-20+02:00",
    "2012-10-01T09:45:00.000+02:00",
    "2023-09-05T08:07:34Z",
    "2024-02-29",
];

const WRONG_DATES: &[&str] = &[
    "2026-02-30",
    "21.01.2026",
    "22023-01-20",
    "2026-01-21T10:00:00",
    "2026-1-2",
    "2022-12-11 12:10:11.000+0200",
];

const WRONG_INTEGERS: &[&str] = &["2147483648000000000000x", "5.5", "+5", "1 000", "five", "1e3", "5.0"];
