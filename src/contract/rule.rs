//! Rules: what is checked, under names of our own. A code is an attribute of a rule in a place; many
//! rules share one code, and one rule reports many.

use std::fmt;

/// Whether a violation rejects the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The record is rejected.
    Error,
    /// The record goes through; somebody should look.
    Warning,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A rule of the contract.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that reports print.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What the rule says, in one sentence.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

rules! {
    /// The file can be read as the format it is in.
    ReadableFile = "readable-file",
    /// A file holds at least one record.
    RecordsInFile = "records-in-file",
    /// A column stands once in the header.
    ColumnOnce = "column-once",
    /// A row has as many cells as the header.
    RowWidth = "row-width",
    /// A record is well-formed.
    WellFormedRecord = "well-formed-record",
    /// A record is not larger than the limit.
    RecordSize = "record-size",
    /// The program itself does not fail on a record.
    InternalFault = "internal-fault",
    /// A mandatory field is present.
    Mandatory = "mandatory",
    /// At least one of several fields is present.
    OneOf = "one-of",
    /// A value is one of a closed set.
    EnumValue = "enum-value",
    /// A code is in the list of its classifier.
    ClassifierValue = "classifier-value",
    /// A date has one of the accepted forms and exists in the calendar.
    DateForm = "date-form",
    /// A boolean is true or false.
    BooleanForm = "boolean-form",
    /// A whole number is written as one and fits its size.
    IntegerForm = "integer-form",
    /// A number is written with a decimal point and no other sign.
    DecimalForm = "decimal-form",
    /// A text is not longer than its limit.
    TextLength = "text-length",
    /// A value has the structure the field expects.
    Structure = "structure",
    /// A value fits the datatype given beside it.
    AdditionalValueForm = "additional-value-form",
    /// A field belongs to the entity type of the customer.
    ForeignField = "foreign-field",
    /// A new customer is not known yet.
    CustomerUnknown = "customer-unknown",
    /// A customer to be updated is known.
    CustomerKnown = "customer-known",
    /// A communication number is used once.
    CommunicationNumberOnce = "communication-number-once",
    /// A lead is never imported with the source IMPORT.
    LeadImport = "lead-import",
    /// The batch endpoint evaluates no customer.
    BatchEvaluation = "batch-evaluation",
    /// A closed customer has a closing date.
    ClosingDateMissing = "closing-date-missing",
    /// Only a closed customer has a closing date.
    ClosingDateUnexpected = "closing-date-unexpected",
    /// A name is known.
    KnownName = "known-name",
    /// Risk level and status count only with the source IMPORT.
    UnusedUnderEvaluate = "unused-under-evaluate",
    /// A batch request does not carry this field.
    UnusedInBatch = "unused-in-batch",
    /// A related entity carries only fields of its own type.
    UnusedForRelated = "unused-for-related",
    /// A lead that becomes a customer has an approval date.
    LeadApproval = "lead-approval",
    /// A communication number has at most 255 characters in the newest description.
    CommunicationNumberLength = "communication-number-length",
    /// A name is spelled as today's documents spell it.
    OldName = "old-name",
    /// A lead stays PENDING.
    LeadStatus = "lead-status",
    /// A list element stands once.
    ListOnce = "list-once",
    /// The XML namespace is the documented one.
    Namespace = "namespace",
    /// A related organization has a registration country.
    RelatedRegistration = "related-registration",
    /// A customer does not become a lead.
    CustomerToLead = "customer-to-lead",
    /// A name stands once in an object.
    NameOnce = "name-once",
    /// A field that this institution asks for is present.
    ExtraMandatory = "extra-mandatory",
    /// Risk level and status come with the source IMPORT.
    ImportExpected = "import-expected",
    /// A spreadsheet has not changed a text beyond repair.
    SpreadsheetDamage = "spreadsheet-damage",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
