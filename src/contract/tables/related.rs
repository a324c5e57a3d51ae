//! The related entity: owner, director or another person or organization beside the customer.

use super::item::{
    activity, additional_value, address, contact, country_of_activity, document, income_source,
    region_of_activity,
};
use crate::contract::codes::related::*;
use crate::contract::codes::scope::*;
use crate::contract::field::EntityType::{Individual, Organization};
use crate::contract::field::Foreign::Unused;
use crate::contract::field::Kind::{BigInteger, Boolean, Classifier, Date, Enum, Objects, Text};
use crate::contract::field::Need::Always;
use crate::contract::field::{Check, EntityType, Field, Need};
use crate::contract::list::List;
use crate::contract::object::record;

record! {
    /// A person or organisation connected with the customer, such as an owner.
    RELATED_ENTITY = item("RelatedEntityApi", [
        "RelatedEntity",
        "Problem with relatedEntity (index: {i} ). ",
        "Problem with relatedEntity (index: {i} ). ",
    ]) {
        /// Code of the link to the customer, such as owner or director.
        RELATION_TYPE: Field::new("relationType", Classifier(List::RelationType))
            .missing(Always, Check::related(&RE01, 0, "Relation type is mandatory"))
            .invalid(Check::related(&RE01, 1, "Relation type is not defined in Amlyze"));
        /// Tells whether the related party is a person or an organisation.
        ENTITY_TYPE: Field::new("entityType", Enum(EntityType::VALUES))
            .checked(Always, Check::related(&RE02, 2, "EntityType is mandatory"));
        /// Customer identifier of the related party when it is a customer too.
        CUSTOMER_EXT_ID: Field::new("customerExtId", Text);
        /// More about the link to the customer, as free text.
        RELATION_DESCRIPTION: Field::new("relationDescription", Text);
        /// Identifier by which screening results name the related party.
        EXT_ID: Field::new("extId", Text);
        /// Size of the related party's shareholding, a whole number.
        SHARE: Field::new("share", BigInteger);
        /// Voting rights of the related party, in whole per cent.
        VOTE_PERCENTAGE: Field::new("votePercentage", BigInteger);
        /// Related party's national identity or registration number, or a substitute.
        NATIONAL_CODE: Field::new("nationalCode", Text);
        /// What the related party does for business or a living, as free text.
        ACTIVITY_DESCRIPTION: Field::new("activityDescription", Text);
        /// Regions where the related party is active, as free text.
        REGION_OF_ACTIVITY_DESCRIPTION: Field::new("regionOfActivityDescription", Text);
        /// Citizenship of a related person or country of a related organisation, such as LT.
        COUNTRY: Field::new("country", Classifier(List::Country))
            .invalid(Check::related(&RE03, 3, "Country not defined in Amlyze"));
        /// Country where the related person was born, such as LT.
        BIRTH_COUNTRY: Field::new("birthCountry", Classifier(List::Country))
            .only(Individual, Unused)
            .invalid(Check::related(&RE07_I06, 8, "BirthCountry not defined in Amlyze"));
        /// Day the related person was born, such as 1985-04-17.
        BIRTH_DATE: Field::new("birthDate", Date)
            .only(Individual, Unused);
        /// Given name of the related person.
        FIRST_NAME: Field::new("firstName", Text)
            .only(Individual, Unused)
            .missing(Need::Individual, Check::related(&RE04_I01, 4, "FirstName is mandatory"));
        /// Family name of the related person.
        LAST_NAME: Field::new("lastName", Text)
            .only(Individual, Unused)
            .missing(Need::Individual, Check::related(&RE04_I02, 5, "LastName is mandatory"));
        /// Official name of the related organisation.
        TITLE: Field::new("title", Text)
            .only(Organization, Unused)
            .missing(Need::Organization, Check::related(&RE04_O01, 6, "Title is mandatory"));
        /// Country where the related organisation is registered, such as LT.
        REGISTRATION_COUNTRY: Field::new("registrationCountry", Classifier(List::Country))
            .only(Organization, Unused)
            .invalid(Check::related(&RE07_REG, 9, "RegistrationCountry must exist in Amlyze"));
        /// Code of the legal form of the related organisation.
        LEGAL_FORM: Field::new("legalForm", Classifier(List::LegalForm))
            .only(Organization, Unused)
            .invalid(Check::related(&RE05, 7, "LegalForm not found in Amlyze"));
        /// Day the related organisation was founded, such as 1998-04-07.
        ESTABLISHMENT_DATE: Field::new("establishmentDate", Date)
            .only(Organization, Unused);
        /// Whether the related party is politically exposed.
        IS_PEP: Field::new("isPEP", Boolean);
        /// Whether sanctions apply to the related party.
        IS_SANCTIONED: Field::new("isSanctioned", Boolean);
        /// Whether negative news about the related party has been found.
        IS_IN_ADVERSE_MEDIA: Field::new("isInAdverseMedia", Boolean);
        /// Whether the related party appears on an internal list of the institution.
        IS_IN_INTERNAL_LIST: Field::new("isInInternalList", Boolean);
        /// Phone numbers, e-mail and web addresses of the related party.
        LIST_CONTACT: Field::new("listContact", Objects(&contact::CONTACT))
            .scope(&RE06);
        /// Addresses of the related party.
        LIST_ADDRESS: Field::new("listAddress", Objects(&address::ADDRESS))
            .scope(&RE06);
        /// Identity or registration documents of the related party.
        LIST_BUSINESS_ENTITY_DOCUMENT: Field::new("listBusinessEntityDocument", Objects(&document::DOCUMENT))
            .scope(&RE08);
        /// Sources of the related party's income.
        LIST_INCOME_SOURCE: Field::new("listIncomeSource", Objects(&income_source::INCOME_SOURCE))
            .scope(&RE09);
        /// Kinds of activity that the related party carries out.
        LIST_ACTIVITY: Field::new("listActivity", Objects(&activity::ACTIVITY))
            .scope(&RE10);
        /// Regions of the world where the related party is active.
        LIST_REGION_OF_ACTIVITY: Field::new("listRegionOfActivity", Objects(&region_of_activity::REGION_OF_ACTIVITY))
            .scope(&RE11);
        /// Countries where the related party is active.
        LIST_COUNTRY_OF_ACTIVITY: Field::new("listCountryOfActivity", Objects(&country_of_activity::COUNTRY_OF_ACTIVITY))
            .scope(&RE12);
        /// Extra facts about the related party that have no field of their own.
        LIST_ADDITIONAL_VALUES: Field::new("listAdditionalValues", Objects(&additional_value::ADDITIONAL_VALUE));
    }
}
