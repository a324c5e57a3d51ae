//! The objects that stand in lists.

use crate::contract::closed_set::ClosedSet;
use crate::contract::codes::customer::SCR01;
use crate::contract::codes::item::*;
use crate::contract::field::Kind::{
    AdditionalValue, BigInteger, Boolean, Classifier, Date, Decimal, Enum, Text,
};
use crate::contract::field::Need::{Always, OneOf, OwnerOrganization};
use crate::contract::field::{Check, EntityType, Field};
use crate::contract::list::List;
use crate::contract::object::{placed, record};

/// The table of a screening process, and the index of its only field.
pub mod screening {
    use super::*;

    record! {
        /// A screening check to start.
        SCREENING = item("ScreeningProcess", ["Process", "", ""]) {
            /// The screening check.
            PROCESS: Field::new("process", Enum(&ClosedSet::of(&["SANCTIONS", "PEP", "ADVERSE_MEDIA", "INTERNAL_LIST"])))
                .invalid(Check::own(&SCR01, 449, "Screening process is undefined: {value}"));
        }
    }
}

/// The table of Contact, and the indices of its fields.
pub mod contact {
    use super::*;

    record! {
        /// A phone number, e-mail address or web address.
        CONTACT = item("ContactApi", placed!("Contact")) {
            /// Kind of contact that is given.
            CONTACT_TYPE: Field::new("contactType", Enum(&ClosedSet::of(&["MOBILEPHONE", "FIXEDPHONE", "EMAIL", "WEBSITE"])))
                .checked(Always, Check::item(&CO1, 530, 10, "ContactType is mandatory. values: MOBILEPHONE, FIXEDPHONE, EMAIL, WEBSITE"));
            /// The phone number, e-mail address or web address itself.
            CONTACT_DETAILS: Field::new("contactDetails", Text)
                .missing(Always, Check::item(&CO2, 531, 11, "ContactDetails is mandatory"));
            /// Whether this contact is to be used for getting in touch.
            USE_FOR_COMMUNICATION: Field::new("useForCommunication", Boolean);
        }
    }
}

/// The table of Address, and the indices of its fields.
pub mod address {
    use super::*;

    record! {
        /// A postal or other address.
        ADDRESS = item("AddressApi", placed!("Address")) {
            /// The complete address in a single text.
            ADDRESS_DETAILS: Field::new("addressDetails", Text)
                .missing(OwnerOrganization, Check::item(&ADR01, 532, 12, "AddressDetails is mandatory"));
            /// Code of what the address is used as, such as a residence.
            ADDRESS_TYPE: Field::new("addressType", Classifier(List::AddressType))
                .invalid(Check::item(&ADR02, 533, 13, "AddressType is not defined in amlyze"));
            /// Country where the address lies, such as LT.
            COUNTRY: Field::new("country", Classifier(List::Country))
                .checked(Always, Check::item(&ADR02, 534, 14, "Country is mandatory and must exist in Amlyze"));
            /// Region where the address lies, as free text.
            REGION: Field::new("region", Text);
            /// City or town where the address lies.
            CITY: Field::new("city", Text);
            /// Street with the house and flat number.
            STREET_ADDRESS: Field::new("streetAddress", Text);
            /// Postal code.
            ZIP_CODE: Field::new("zipCode", Text);
            /// Whether mail is to be sent to this address.
            USE_FOR_CORRESPONDENCE: Field::new("useForCorrespondence", Boolean);
        }
    }
}

/// The table of BusinessEntityDocument, and the indices of its fields.
pub mod document {
    use super::*;

    record! {
        /// A document that proves identity or registration.
        DOCUMENT = item("BusinessEntityDocumentApi", ["BusinessEntityDocument", "Problem with Customer BusinessEntityDocument index = {i} . ", "Problem with BusinessEntityDocuments (index: {i} ). "]) {
            /// Tells whether the document is that of a person or of an organisation.
            ENTITY_TYPE: Field::new("entityType", Enum(EntityType::VALUES))
                .checked(Always, Check::item(&DOC01, 535, 15, "EntityType is mandatory. values : INDIVIDUAL, ORGANIZATION"));
            /// Kind of document that is described.
            IDENTITY_DOCUMENT_TYPE: Field::new("identityDocumentType", Enum(&ClosedSet::of(&["PASSPORT", "IDENTITYCARD", "RESIDENCEPERMIT", "DRIVINGLICENSE", "REGISTRATIONCERTIFICATE", "OTHER"])))
                .checked(Always, Check::item(&DOC02, 536, 16, "IdentityDocumentType is mandatory. values : PASSPORT, IDENTITYCARD, RESIDENCEPERMIT, DRIVINGLICENSE, REGISTRATIONCERTIFICATE, OTHER"));
            /// Number printed on the document.
            DOCUMENT_NUMBER: Field::new("documentNumber", Text)
                .missing(Always, Check::item(&DOC03, 537, 17, "DocumentNumber is mandatory"));
            /// Day the document was issued, such as 2022-01-15.
            DOCUMENT_ISSUE_DATE: Field::new("documentIssueDate", Date)
                .missing(Always, Check::item(&DOC04, 538, 18, "DocumentIssueDate is mandatory"));
            /// Last day the document is valid, such as 2032-01-15.
            DOCUMENT_EXPIRY_DATE: Field::new("documentExpiryDate", Date);
            /// Issuing country of the document, such as LT.
            DOCUMENT_ISSUE_COUNTRY: Field::new("documentIssueCountry", Classifier(List::Country))
                .checked(Always, Check::item(&DOC06, 539, 19, "DocumentIssueCountry is mandatory and must exist in Amlyze"));
            /// Issuing office or authority of the document.
            DOCUMENT_ISSUE_AUTHORITY: Field::new("documentIssueAuthority", Text)
                .missing(Always, Check::item(&DOC07, 540, 20, "DocumentIssueAuthority is mandatory"));
            /// Remarks on the document, as free text.
            DESCRIPTION: Field::new("description", Text);
        }
    }
}

/// The table of AppealReason, and the indices of its fields.
pub mod appeal_reason {
    use super::*;

    record! {
        /// A reason why the customer turned to the institution.
        APPEAL_REASON = item("AppealReasonApi", placed!("AppealReason")) {
            /// Code of a reason why the customer turned to the institution.
            APPEAL_REASON_TYPE: Field::new("appealReasonType", Classifier(List::AppealReasonType))
                .checked(Always, Check::own(&AR01, 541, "AppealReasonType is mandatory and must exist in Amlyze"));
        }
    }
}

/// The table of IntroductionSource, and the indices of its fields.
pub mod introduction_source {
    use super::*;

    record! {
        /// A way in which the customer came to know the institution.
        INTRODUCTION_SOURCE_ITEM = item("IntroductionSourceApi", placed!("IntroductionSource")) {
            /// Code of the way the customer came to know the institution.
            INTRODUCTION_SOURCE: Field::new("introductionSource", Classifier(List::IntroductionSourceType))
                .checked(Always, Check::own(&INS01, 542, "IntroductionSource is mandatory and must exist in Amlyze"));
        }
    }
}

/// The table of OrderedService, and the indices of its fields.
pub mod ordered_service {
    use super::*;

    record! {
        /// A service that the customer has asked for.
        ORDERED_SERVICE = item("OrderedServiceApi", placed!("OrderedService")) {
            /// Code of a service that the customer has asked for.
            SERVICE_TYPE: Field::new("serviceType", Classifier(List::ServiceType))
                .checked(Always, Check::own(&OS01, 543, "ServiceType is mandatory and must exist in Amlyze"));
        }
    }
}

/// The table of DeclaredTurnover, and the indices of its fields.
pub mod declared_turnover {
    use super::*;

    record! {
        /// A turnover figure declared by the customer, with its kind and period.
        DECLARED_TURNOVER = item("DeclaredTurnoverApi", placed!("DeclaredTurnover")) {
            /// Code of the turnover figure that is declared.
            TURNOVER_TYPE: Field::new("turnoverType", Classifier(List::TurnoverType))
                .checked(Always, Check::own(&DT01, 544, "TurnoverType is mandatory and must exist in Amlyze"));
            /// Time span that the declared figure covers, or a one-off.
            TURNOVER_RANGE: Field::new("turnoverRange", Enum(&ClosedSet::of(&["SINGLE", "DAILY", "MONTHLY", "ANNUAL"])))
                .checked(Always, Check::own(&DT02, 545, "TurnoverRange is mandatory. values: SINGLE, DAILY, MONTHLY, ANNUAL"));
            /// Lower end of the declared turnover, a whole number.
            FROM: Field::new("from", BigInteger)
                .missing(OneOf("to"), Check::own(&DT03, 546, "At least one of From, To is mandatory"));
            /// Upper end of the declared turnover, a whole number.
            TO: Field::new("to", BigInteger)
                .missing(OneOf("from"), Check::own(&DT03, 546, "At least one of From, To is mandatory"));
        }
    }
}

/// The table of IncomeSource, and the indices of its fields.
pub mod income_source {
    use super::*;

    record! {
        /// A source of income, with its part of the total or its amount.
        INCOME_SOURCE = item("IncomeSourceApi", placed!("IncomeSource")) {
            /// Code of the source that the income comes from.
            INCOME_SOURCE_TYPE: Field::new("incomeSourceType", Classifier(List::IncomeSourceType))
                .checked(Always, Check::item(&INC01, 547, 21, "IncomeSourceType is mandatory and must exist in Amlyze"));
            /// Part of the total income that this source brings, in whole per cent.
            INCOME_PERCENTAGE: Field::new("incomePercentage", BigInteger);
            /// Lower end of the income from this source, a whole amount.
            FROM: Field::new("from", BigInteger);
            /// Upper end of the income from this source, a whole amount.
            TO: Field::new("to", BigInteger);
        }
    }
}

/// The table of PaymentPurpose, and the indices of its fields.
pub mod payment_purpose {
    use super::*;

    record! {
        /// What payments in one direction are for.
        PAYMENT_PURPOSE = item("PaymentPurposeApi", placed!("PaymentPurpose")) {
            /// Code of what the payments are for.
            PAYMENT_PURPOSE_TYPE: Field::new("paymentPurposeType", Classifier(List::PaymentPurposeType))
                .checked(Always, Check::own(&PP01, 548, "PaymentPurposeType is mandatory and must exist in Amlyze"));
            /// Tells whether the payments come in or go out.
            TURNOVER_DIRECTION: Field::new("turnoverDirection", Enum(&ClosedSet::of(&["IN", "OUT"])))
                .checked(Always, Check::own(&PP02, 549, "TurnoverDirection is mandatory. values: IN, OUT"));
        }
    }
}

/// The table of SourceOfWealth, and the indices of its fields.
pub mod source_of_wealth {
    use super::*;

    record! {
        /// An origin of the customer's wealth, with its amount.
        SOURCE_OF_WEALTH = item("SourceOfWealthApi", placed!("SourceOfWealth")) {
            /// Code of where the wealth comes from.
            CODE: Field::new("code", Classifier(List::SourceOfWealth))
                .xml("SourceOfWealthCode")
                .checked(Always, Check::own(&SOW01, 550, "SourceOfWealthCode is mandatory and must exist in Amlyze"));
            /// Wealth gained from this origin, an amount that may have decimals.
            AMOUNT: Field::new("amount", Decimal)
                .xml("Value");
            /// Remarks on this origin of wealth, as free text.
            COMMENT: Field::new("comment", Text);
        }
    }
}

/// The table of PaymentCountry, and the indices of its fields.
pub mod payment_country {
    use super::*;

    record! {
        /// A country that payments in one direction go to or come from.
        PAYMENT_COUNTRY = item("PaymentCountryApi", placed!("PaymentCountry")) {
            /// Country that the payments go to or come from, such as LT.
            COUNTRY: Field::new("country", Classifier(List::Country))
                .checked(Always, Check::own(&RC01, 551, "PaymentCountry not found in Amlyze"));
            /// Tells whether payments with this country come in or go out.
            TURNOVER_DIRECTION: Field::new("turnoverDirection", Enum(&ClosedSet::of(&["IN", "OUT"])))
                .checked(Always, Check::own(&RC02, 552, "TurnoverDirection is mandatory. values: IN, OUT"));
        }
    }
}

/// The table of Activity, and the indices of its fields.
pub mod activity {
    use super::*;

    record! {
        /// A kind of activity, with the part of the income that it brings.
        ACTIVITY = item("ActivityApi", placed!("Activity")) {
            /// Code of a kind of activity.
            ACTIVITY_TYPE: Field::new("activityType", Classifier(List::ActivityType))
                .checked(Always, Check::item(&ACT01, 553, 22, "ActivityType is mandatory and must exist in Amlyze"));
            /// Part of the total income that this activity brings, in whole per cent.
            INCOME_PERCENTAGE: Field::new("incomePercentage", BigInteger);
        }
    }
}

/// The table of RegionOfActivity, and the indices of its fields.
pub mod region_of_activity {
    use super::*;

    record! {
        /// A region of the world with activity.
        REGION_OF_ACTIVITY = item("RegionOfActivityApi", placed!("RegionOfActivity")) {
            /// Code of a region of the world with activity, such as EU.
            REGION: Field::new("region", Classifier(List::Region))
                .checked(Always, Check::item(&RA01, 554, 23, "Region is mandatory and must exist in Amlyze"));
        }
    }
}

/// The table of CountryOfActivity, and the indices of its fields.
pub mod country_of_activity {
    use super::*;

    record! {
        /// A country with activity.
        COUNTRY_OF_ACTIVITY = item("CountryOfActivityApi", placed!("CountryOfActivity")) {
            /// Country where activity takes place, such as LT.
            COUNTRY: Field::new("country", Classifier(List::Country))
                .checked(Always, Check::item(&CA01, 555, 24, "CountryOfActivity not found in Amlyze"));
        }
    }
}

/// The table of CountryOfTaxPayment, and the indices of its fields.
pub mod country_of_tax_payment {
    use super::*;

    record! {
        /// A country where taxes are paid, with the tax number there.
        COUNTRY_OF_TAX_PAYMENT = item("CountryOfTaxPaymentApi", ["CountryOfTaxPayment", "CountryOfTaxPayment (index: {i} ). ", "CountryOfTaxPayment (index: {i} ). "]) {
            /// Country where the taxes are paid, such as LT.
            COUNTRY: Field::new("country", Classifier(List::Country))
                .checked(Always, Check::own(&COTP01, 556, "CountryOfTaxPayment not found in Amlyze"));
            /// The customer's tax number in this country.
            TAXPAYER_NUMBER: Field::new("taxpayerNumber", Text);
        }
    }
}

/// The table of AdditionalValue, and the indices of its fields.
pub mod additional_value {
    use super::*;

    record! {
        /// An extra fact that has no field of its own, with its kind of data.
        ADDITIONAL_VALUE = item("AdditionalValueApi", placed!("AdditionalValue")) {
            /// Identifier of the extra fact.
            CODE: Field::new("code", Text)
                .missing(Always, Check::item(&AV01, 562, 26, "Code is mandatory"));
            /// What the extra fact is about, in plain words.
            DESCRIPTION: Field::new("description", Text)
                .missing(Always, Check::item(&AV02, 563, 27, "Description is mandatory"));
            /// Kind of data that the value holds.
            DATATYPE: Field::new("datatype", Enum(&ClosedSet::of(&["STRING", "INTEGER", "DECIMAL", "DATE", "TIMESTAMP", "BOOLEAN"])))
                .checked(Always, Check::item(&AV03, 564, 28, "Datatype is mandatory. values: STRING, INTEGER, DECIMAL, DATE, TIMESTAMP, BOOLEAN"));
            /// The extra fact itself, written to suit the data type given for it.
            VALUE: Field::new("value", AdditionalValue)
                .missing(Always, Check::item(&AV04, 565, 29, "Value is mandatory"));
        }
    }
}
