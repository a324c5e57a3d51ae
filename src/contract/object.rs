//! Objects of the tables: fields in order, found by name, as sets of bits; and the macro that declares
//! them.

use super::field::{EntityType, Field, Kind, Need, Only};

/// The spelling of names a format uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `firstName`, and the old spellings `GIIN` and `LEI`.
    Json,
    /// `FirstName`.
    Xml,
}

/// The most fields an object may have: presence is one bit each.
pub const FIELDS_MAX: usize = 128;

/// The members of a set of fields, lowest first.
#[derive(Debug, Clone, Copy)]
pub struct Members {
    low: u64,
    high: u64,
}

impl Members {
    /// The members of this set.
    #[must_use]
    #[inline]
    pub const fn of(set: u128) -> Self {
        Self { low: set as u64, high: (set >> 64) as u64 }
    }
}

impl Iterator for Members {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        // Two halves: nothing is as cheap on 128 bits.
        let (half, offset) = if self.low != 0 { (&mut self.low, 0) } else { (&mut self.high, 64) };
        if *half == 0 {
            return None;
        }
        let member = half.trailing_zeros() as usize;
        *half &= *half - 1;
        Some(offset + member)
    }

    /// One half after the other: a loop over all members needs fewer branches than a `next` for each.
    #[inline]
    fn fold<B, F: FnMut(B, usize) -> B>(self, mut folded: B, mut fold: F) -> B {
        for (mut half, offset) in [(self.low, 0), (self.high, 64)] {
            while half != 0 {
                folded = fold(folded, offset + half.trailing_zeros() as usize);
                half &= half - 1;
            }
        }
        folded
    }
}

/// Sets of fields of one object, one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sets {
    /// Mandatory always.
    pub always: u128,
    /// Mandatory for an INDIVIDUAL.
    pub for_individual: u128,
    /// Mandatory for an ORGANIZATION.
    pub for_organization: u128,
    /// Mandatory when the customer of the record is an ORGANIZATION.
    pub for_owner_organization: u128,
    /// Owned by an INDIVIDUAL.
    pub of_individual: u128,
    /// Owned by an ORGANIZATION.
    pub of_organization: u128,
    /// Free text without a limit: any scalar will do.
    pub free_text: u128,
    /// Dates.
    pub dates: u128,
}

impl Sets {
    const fn of(fields: &[Field]) -> Self {
        let mut sets = Self {
            always: 0,
            for_individual: 0,
            for_organization: 0,
            for_owner_organization: 0,
            of_individual: 0,
            of_organization: 0,
            free_text: 0,
            dates: 0,
        };
        let mut i = 0;
        while i < fields.len() {
            let bit = 1 << i;
            match fields[i].need {
                Need::Always => sets.always |= bit,
                Need::Individual => sets.for_individual |= bit,
                Need::Organization => sets.for_organization |= bit,
                Need::OwnerOrganization => sets.for_owner_organization |= bit,
                _ => {}
            }
            if matches!(fields[i].kind, Kind::Text) && fields[i].chars_max.is_none() {
                sets.free_text |= bit;
            }
            if matches!(fields[i].kind, Kind::Date) {
                sets.dates |= bit;
            }
            match &fields[i].only {
                Some(Only { owner: EntityType::Individual, .. }) => sets.of_individual |= bit,
                Some(Only { owner: EntityType::Organization, .. }) => sets.of_organization |= bit,
                None => {}
            }
            i += 1;
        }
        sets
    }
}

const BUCKETS: usize = 256;
const NO_FIELD: u8 = u8::MAX;

/// One object of the contract: its fields in table order, and how to find them by name.
#[derive(Debug)]
pub struct Object {
    /// The name in the contract's tables.
    pub name: &'static str,
    /// The XML name of an item, for an object that stands in lists.
    pub item: &'static str,
    /// The sentence that places an item of a customer's list; `{i}` is its index.
    pub sentence: &'static str,
    /// The same for an item of a related entity's list.
    pub related_sentence: &'static str,
    /// What the object is, in one sentence.
    pub note: &'static str,
    /// The fields, in table order.
    pub fields: &'static [Field],
    /// Sets of fields that the rules ask for, one bit each.
    pub sets: Sets,
    json: [u8; BUCKETS],
    xml: [u8; BUCKETS],
}

impl Object {
    /// An object that is never a list item.
    #[must_use]
    pub const fn new(name: &'static str, note: &'static str, fields: &'static [Field]) -> Self {
        Self::item(name, note, ["", "", ""], fields)
    }

    /// An object that stands in lists: its XML name, and the sentences that place it.
    #[must_use]
    pub const fn item(
        name: &'static str,
        note: &'static str,
        [item, sentence, related_sentence]: [&'static str; 3],
        fields: &'static [Field],
    ) -> Self {
        let mut json = [NO_FIELD; BUCKETS];
        let mut xml = [NO_FIELD; BUCKETS];
        let mut i = 0;
        while i < fields.len() {
            let field = &fields[i];
            insert(&mut json, hash(field.name.as_bytes(), false), i);
            if let Some(alias) = field.alias {
                insert(&mut json, hash(alias.as_bytes(), false), i);
            }
            match field.xml {
                Some(name) => insert(&mut xml, hash(name.as_bytes(), false), i),
                None => insert(&mut xml, hash(field.name.as_bytes(), true), i),
            }
            i += 1;
        }
        let sets = Sets::of(fields);
        Self { name, item, sentence, related_sentence, note, fields, sets, json, xml }
    }

    /// Finds a field by name.
    #[must_use]
    pub fn find(&self, spelling: Spelling, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let buckets = match spelling {
            Spelling::Json => &self.json,
            Spelling::Xml => &self.xml,
        };
        let mut at = hash(name.as_bytes(), false);
        loop {
            let index = usize::from(buckets[at]);
            let field = self.fields.get(index)?;
            let found = match spelling {
                Spelling::Json => field.is_json_name(name),
                Spelling::Xml => field.is_xml_name(name),
            };
            if found {
                return Some(index);
            }
            at = (at + 1) % BUCKETS;
        }
    }

    /// The field with this JSON name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.find(Spelling::Json, name).map(|index| &self.fields[index])
    }

    /// Whether this is the very table `other`.
    #[must_use]
    #[inline]
    pub fn is(&self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }

    /// The set of fields for which `test` holds, one bit each.
    #[must_use]
    pub fn set(&self, test: impl Fn(&Field) -> bool) -> u128 {
        self.fields.iter().enumerate().filter(|(_, field)| test(field)).fold(0, |set, (i, _)| set | 1 << i)
    }
}

/// FNV-1a over a name, its first letter made a capital where asked; one byte wide.
const fn hash(name: &[u8], capital: bool) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < name.len() {
        let byte = if capital && i == 0 { name[i].to_ascii_uppercase() } else { name[i] };
        hash = (hash ^ byte as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    ((hash >> 24) ^ (hash >> 8)) as usize % BUCKETS
}

const fn insert(buckets: &mut [u8; BUCKETS], mut at: usize, index: usize) {
    while buckets[at] != NO_FIELD {
        at = (at + 1) % BUCKETS;
    }
    buckets[at] = index as u8;
}

/// Declares an object: a constant with the index of every field, and the table. The doc comments are
/// the descriptions that documents print.
macro_rules! record {
    (
        $(#[doc = $note:literal])+
        $table:ident = $make:ident($name:literal $(, $texts:expr)?) {
            $(
                $(#[doc = $field_note:literal])+
                $field:ident: Field::new($json:literal, $kind:expr) $(.$method:ident($($argument:expr),*))*;
            )+
        }
    ) => {
        #[expect(non_camel_case_types, reason = "they carry the names of constants")]
        #[repr(usize)]
        enum Index { $($field,)+ FIELD_COUNT }
        const _: () = assert!(Index::FIELD_COUNT as usize <= $crate::contract::object::FIELDS_MAX);
        $(
            #[doc = concat!("Index of the field:", $($field_note),+)]
            pub const $field: usize = Index::$field as usize;
        )+
        $(#[doc = $note])+
        pub static $table: $crate::contract::object::Object = $crate::contract::object::Object::$make(
            $name,
            concat!($($note),+).trim_ascii(),
            $($texts,)?
            &[$(
                Field::new($json, $kind)
                    .documented(concat!("/", $json), concat!(",\"", $json, "\":\""), concat!($($field_note),+).trim_ascii())
                    $(.$method($($argument),*))*
            ),+],
        );
    };
}
pub(crate) use record;

/// The XML name of an item and the sentence that places it, the same in every list.
macro_rules! placed {
    ($item:literal) => {
        [
            $item,
            concat!("Problem with ", $item, " (index: {i} ). "),
            concat!("Problem with ", $item, " (index: {i} ). "),
        ]
    };
}
pub(crate) use placed;
