//! The vocabulary of the tables: what a field may hold, who owns it, when it is mandatory, and which
//! code reports it.

use std::borrow::Cow;

use super::closed_set::ClosedSet;
use super::code::Part;
use super::list::List;
use super::object::Object;
use super::padded::{Member, Padded};

/// What a value may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any scalar, taken by its text.
    Text,
    /// A calendar date or a date-time with an offset.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of any size.
    BigInteger,
    /// A number with an optional fraction.
    Decimal,
    /// One of a closed set of values, the same for every institution.
    Enum(&'static ClosedSet),
    /// A code from a list that the institution may give.
    Classifier(List),
    /// A scalar that is judged by the `datatype` beside it.
    AdditionalValue,
    /// A nested object.
    Object(&'static Object),
    /// A list of objects.
    Objects(&'static Object),
    /// A list of scalars; each item is the only field of the object named here.
    Values(&'static Object),
}

impl Kind {
    /// The object of the items, for a list.
    #[must_use]
    pub const fn items(&self) -> Option<&'static Object> {
        match self {
            Self::Objects(object) | Self::Values(object) => Some(object),
            _ => None,
        }
    }

    /// Whether the value is nested: an object or a list.
    #[must_use]
    pub const fn is_nested(&self) -> bool {
        matches!(self, Self::Object(_) | Self::Objects(_) | Self::Values(_))
    }

    /// Whether white space around the value belongs to it: free text, and values judged later.
    #[must_use]
    #[inline]
    pub const fn is_free(&self) -> bool {
        matches!(self, Self::Text | Self::AdditionalValue)
    }

    /// Whether the API writes a value of this kind as a JSON string.
    #[must_use]
    #[inline]
    pub const fn is_written_as_string(&self) -> bool {
        matches!(self, Self::Text | Self::Date | Self::Enum(_) | Self::Classifier(_) | Self::AdditionalValue)
    }

    /// Whether it writes one as a boolean or, else, as a number.
    #[must_use]
    #[inline]
    pub const fn is_written_as_token(&self, boolean: bool) -> bool {
        match self {
            Self::Boolean => boolean,
            Self::Integer | Self::BigInteger | Self::Decimal => !boolean,
            Self::AdditionalValue => true,
            _ => false,
        }
    }

    /// The structure that is expected, in the words of V008.
    #[must_use]
    pub const fn structure(&self) -> &'static str {
        match self {
            Self::Object(_) => "object",
            Self::Objects(_) | Self::Values(_) => "array",
            _ => "scalar",
        }
    }

    /// The name of the type, as documents print it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::BigInteger => "biginteger",
            Self::Decimal => "decimal",
            Self::Enum(_) => "enum",
            Self::Classifier(_) => "classifier",
            Self::AdditionalValue => "additionalValue",
            Self::Object(_) => "object",
            Self::Objects(_) | Self::Values(_) => "list",
        }
    }
}

/// The entity type of a customer or of a related entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityType {
    /// A natural person.
    Individual,
    /// A legal person.
    Organization,
}

impl EntityType {
    /// Both values, as the contract spells them.
    pub const VALUES: &'static ClosedSet = &ClosedSet::of(&["INDIVIDUAL", "ORGANIZATION"]);

    /// Reads the contract's spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "INDIVIDUAL" => Some(Self::Individual),
            "ORGANIZATION" => Some(Self::Organization),
            _ => None,
        }
    }

    /// The contract's spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "INDIVIDUAL",
            Self::Organization => "ORGANIZATION",
        }
    }
}

/// What happens when a field stands on an entity of the other type. Source: the contract, section 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A printed member of C014 / C015: an error. Holds its place in the order of reporting.
    Documented(u16),
    /// Implied by the field tables only: W012, or C014 / C015 with `strict_entity_fields`.
    Implied(u16),
    /// A field of a related entity that is merely unused: W004.
    Unused,
}

/// The owner of a field: one entity type, and what a stranger gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Only {
    /// The entity type the field belongs to.
    pub owner: EntityType,
    /// What is reported on the other one.
    pub foreign: Foreign,
}

/// When a field is mandatory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Never.
    Never,
    /// In every record or item.
    Always,
    /// In mode `single`.
    Single,
    /// When the effective source of risk level is IMPORT, and the record is no lead.
    Import,
    /// When the institution has several organizations.
    MultiOrganization,
    /// When the `entityType` beside it is INDIVIDUAL.
    Individual,
    /// When the record is an INDIVIDUAL lead.
    IndividualLead,
    /// When the `entityType` beside it is ORGANIZATION.
    Organization,
    /// When `customerStatus` is CLOSED.
    Closed,
    /// When the customer of the record is an ORGANIZATION.
    OwnerOrganization,
    /// When the fields named beside it are absent too: one of them must be there.
    OneOf(&'static str),
}

impl Need {
    /// The answer to "is it mandatory?", for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Never => "no",
            Self::Always => "yes",
            Self::Single => "in mode single",
            Self::Import => "with the source IMPORT, except for a lead",
            Self::MultiOrganization => "for an institution with several organizations",
            Self::Individual => "for an INDIVIDUAL",
            Self::IndividualLead => "for an INDIVIDUAL lead",
            Self::Organization => "for an ORGANIZATION",
            Self::Closed => "with customerStatus CLOSED",
            Self::OwnerOrganization => "when the customer is an ORGANIZATION",
            Self::OneOf(_) => "one of from, to",
        }
    }
}

/// One way in which a field can be wrong: its code, its place in the order of reporting, its sentence.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The leaf of the code.
    pub part: &'static Part,
    /// The place in the order of reporting for a customer's own fields and lists.
    pub order: u16,
    /// The place within the block of a related entity.
    pub related: u8,
    /// The sentence that says what is wrong, as the API prints it.
    pub sentence: &'static str,
}

impl Check {
    /// A check on a customer's own field.
    #[must_use]
    pub const fn own(part: &'static Part, order: u16, sentence: &'static str) -> Self {
        Self { part, order, related: 0, sentence }
    }

    /// A check inside a list item, which may stand in a customer's or a related entity's list.
    #[must_use]
    pub const fn item(part: &'static Part, order: u16, related: u8, sentence: &'static str) -> Self {
        Self { part, order, related, sentence }
    }

    /// A check on a related entity's own field.
    #[must_use]
    pub const fn related(part: &'static Part, related: u8, sentence: &'static str) -> Self {
        Self { part, order: 0, related, sentence }
    }
}

/// One field of one object: the single declaration that readers, rules, templates, schema and
/// documents ask.
#[derive(Debug)]
pub struct Field {
    /// The JSON name.
    pub name: &'static str,
    /// The JSON name as a pointer from its object: `/firstName`.
    pub pointer: &'static str,
    /// The JSON name as that of a member behind another: `,"firstName":"`.
    pub member: Member,
    /// The XML name, where it is not the JSON name with a capital.
    pub xml: Option<&'static str>,
    /// The XML name as it closes a tag: `FirstName>`.
    pub tag: Padded,
    /// An old JSON spelling that is still accepted (W007).
    pub alias: Option<&'static str>,
    /// What the value may be.
    pub kind: Kind,
    /// Whether the API writes the value as a JSON string.
    pub is_string: bool,
    /// The most Unicode characters a text may have (V007).
    pub chars_max: Option<u32>,
    /// The entity type that owns the field; `None` for both.
    pub only: Option<Only>,
    /// When the field is mandatory.
    pub need: Need,
    /// What is reported when it is mandatory and absent.
    pub missing: Option<Check>,
    /// What is reported when its value is not one that is allowed.
    pub invalid: Option<Check>,
    /// The scope of the items' codes, for a list.
    pub scope: Option<&'static Part>,
    /// Whether the field is known from old documents only (W007).
    pub legacy: bool,
    /// What the value means, in one sentence.
    pub note: &'static str,
}

impl Field {
    /// An optional field for both entity types.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            pointer: "",
            member: Member::new(",\"\":\""),
            xml: None,
            tag: Padded::tag(name, true),
            alias: None,
            kind,
            is_string: kind.is_written_as_string(),
            chars_max: None,
            only: None,
            need: Need::Never,
            missing: None,
            invalid: None,
            scope: None,
            legacy: false,
            note: "",
        }
    }

    /// Mandatory under a condition, with what is reported when it is absent.
    #[must_use]
    pub const fn missing(mut self, need: Need, check: Check) -> Self {
        self.need = need;
        self.missing = Some(check);
        self
    }

    /// With what is reported when the value is not allowed.
    #[must_use]
    pub const fn invalid(mut self, check: Check) -> Self {
        self.invalid = Some(check);
        self
    }

    /// Mandatory under a condition, with one report for an absent and for a wrong value.
    #[must_use]
    pub const fn checked(self, need: Need, check: Check) -> Self {
        self.missing(need, check).invalid(check)
    }

    /// Owned by one entity type.
    #[must_use]
    pub const fn only(mut self, owner: EntityType, foreign: Foreign) -> Self {
        self.only = Some(Only { owner, foreign });
        self
    }

    /// With a limit in Unicode characters.
    #[must_use]
    pub const fn chars_max(mut self, chars_max: u32) -> Self {
        self.chars_max = Some(chars_max);
        self
    }

    /// With an XML name of its own.
    #[must_use]
    pub const fn xml(mut self, xml: &'static str) -> Self {
        self.xml = Some(xml);
        self.tag = Padded::tag(xml, false);
        self
    }

    /// With an old JSON spelling.
    #[must_use]
    pub const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = Some(alias);
        self
    }

    /// With the scope of its items' codes.
    #[must_use]
    pub const fn scope(mut self, scope: &'static Part) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Known from old documents only.
    #[must_use]
    pub const fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    /// With its JSON pointer, the key of its JSON member, quotes and colon included and the quote of a text behind
    /// it, and its description.
    #[must_use]
    pub const fn documented(
        mut self,
        pointer: &'static str,
        member: &'static str,
        note: &'static str,
    ) -> Self {
        self.pointer = pointer;
        self.member = Member::new(member);
        self.note = note;
        self
    }

    /// The name in XML: the JSON name with a capital, or the exception.
    #[must_use]
    pub fn xml_name(&self) -> &str {
        let tag = str::from_utf8(self.tag.text()).unwrap_or_default();
        tag.strip_suffix('>').unwrap_or(tag)
    }

    /// The name as messages print it: the old one, if there is one, else the JSON name with a capital.
    #[must_use]
    pub fn message_name(&self) -> Cow<'_, str> {
        match (self.alias, self.xml) {
            (Some(alias), _) => alias.into(),
            (None, None) => self.xml_name().into(),
            (None, Some(_)) => {
                let (first, rest) = self.name.split_at(1);
                (first.to_ascii_uppercase() + rest).into()
            }
        }
    }

    /// The beginning of a JSON member: the name in quotes and the colon.
    #[must_use]
    #[inline]
    pub fn member_start(&self) -> &'static str {
        &self.member.key()[1..]
    }

    /// Whether this is the field's name in JSON, or its old spelling.
    #[must_use]
    pub fn is_json_name(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }

    /// Whether this is the field's name in XML.
    #[must_use]
    #[inline]
    pub fn is_xml_name(&self, name: &str) -> bool {
        self.tag.text().strip_suffix(b">") == Some(name.as_bytes())
    }
}
