//! The customer: the record of an import file, individual or organization.

use super::activity;
use super::item::{
    activity as activity_item, additional_value, address, appeal_reason, contact, country_of_activity,
    country_of_tax_payment, declared_turnover, document, income_source, introduction_source, ordered_service,
    payment_country, payment_purpose, region_of_activity, screening, source_of_wealth,
};
use super::related;
use crate::contract::closed_set::ClosedSet;
use crate::contract::codes::customer::*;
use crate::contract::codes::scope::*;
use crate::contract::field::EntityType::{Individual, Organization};
use crate::contract::field::Foreign::{Documented, Implied};
use crate::contract::field::Kind::{
    BigInteger, Boolean, Classifier, Date, Decimal, Enum, Integer, Object, Objects, Text, Values,
};
use crate::contract::field::Need::Always;
use crate::contract::field::{Check, EntityType, Field, Need};
use crate::contract::list::List;
use crate::contract::object::record;

record! {
    /// One record of a customer or lead, either a person or an organisation.
    CUSTOMER = new("Customer") {
        /// The sender's unique number of this request, never used twice.
        COMMUNICATION_NUMBER: Field::new("communicationNumber", Text)
            .chars_max(256)
            .missing(Always, Check::own(&C001, 60, "CommunicationNumber is mandatory"));
        /// Name of the company or system that sends the record.
        REQUESTER: Field::new("requester", Text)
            .chars_max(100)
            .missing(Always, Check::own(&C003, 80, "Requester is mandatory"));
        /// Whether the record is new or fully replaces a stored one.
        ACTION: Field::new("action", Enum(&ClosedSet::of(&["CREATE", "UPDATE"])));
        /// Whether the risk level is sent along or worked out by a new assessment.
        SOURCE_OF_RISK_LEVEL: Field::new("sourceOfRiskLevel", Enum(&ClosedSet::of(&["IMPORT", "EVALUATE"])))
            .checked(Need::Single, Check::own(&C006, 150, "SourceOfRiskLevel is mandatory, allowed values: IMPORT / EVALUATE"));
        /// Risk grade already known for the customer.
        RISK_LEVEL: Field::new("riskLevel", Enum(&ClosedSet::of(&["NONE", "LOW", "MEDIUM", "HIGH", "EXTREME"])))
            .missing(Need::Import, Check::own(&C008_I01, 190, "When source of risk level IMPORT. RiskLevel is mandatory"));
        /// Stage that the relationship with the customer has reached.
        CUSTOMER_STATUS: Field::new("customerStatus", Enum(&ClosedSet::of(&["PENDING", "ACTIVE", "REJECTED", "SUSPENDED", "CLOSED"])))
            .missing(Need::Import, Check::own(&C008_I03, 210, "When source of risk level IMPORT. CustomerStatus is mandatory"));
        /// Screening checks to start, separated by vertical bars in a CSV cell.
        INITIALIZE_SCREENING_PROCESSES: Field::new("initializeScreeningProcesses", Values(&screening::SCREENING));
        /// Code of the unit of the institution that the customer belongs to.
        BUSINESS_UNIT: Field::new("businessUnit", Classifier(List::BusinessUnit))
            .missing(Need::MultiOrganization, Check::own(&C019, 130, "BusinessUnit is mandatory"))
            .invalid(Check::own(&C019, 130, "BusinessUnit does not exist in Amlyze"));
        /// Code of the risk assessment category, which also marks a lead.
        RISK_MANAGEMENT_CATEGORY: Field::new("riskManagementCategory", Classifier(List::RiskManagementCategory))
            .missing(Always, Check::own(&C007, 170, "RiskManagementCategory is mandatory"))
            .invalid(Check::own(&C007, 180, "RiskManagementCategory does not exist in Amlyze"));
        /// Tells whether the customer is a person or an organisation.
        ENTITY_TYPE: Field::new("entityType", Enum(EntityType::VALUES))
            .missing(Always, Check::own(&C010, 220, "EntityType is mandatory"))
            .invalid(Check::own(&C010, 230, "EntityType is mandatory. values : INDIVIDUAL, ORGANIZATION"));
        /// The institution's own unique identifier of the customer.
        CUSTOMER_EXT_ID: Field::new("customerExtId", Text)
            .missing(Always, Check::own(&C002, 70, "CustomerExtId is mandatory"));
        /// Day of the customer's first application, such as 2023-09-20.
        APPLICATION_DATE: Field::new("applicationDate", Date)
            .missing(Always, Check::own(&C012, 240, "ApplicationDate is mandatory"));
        /// The person's given name.
        FIRST_NAME: Field::new("firstName", Text)
            .only(Individual, Documented(288))
            .missing(Need::Individual, Check::own(&C016_I01, 309, "Problem with field for INDIVIDUAL type customer. FirstName is mandatory"));
        /// The person's family name.
        LAST_NAME: Field::new("lastName", Text)
            .only(Individual, Documented(289))
            .missing(Need::Individual, Check::own(&C016_I02, 319, "Problem with field for INDIVIDUAL type customer. LastName is mandatory"));
        /// Country whose citizen the person is, such as LT.
        CITIZENSHIP_COUNTRY: Field::new("citizenshipCountry", Classifier(List::Country))
            .only(Individual, Documented(290))
            .missing(Need::Individual, Check::own(&C016_I05, 339, "Problem with field for INDIVIDUAL type customer. CitizenshipCountry is mandatory"))
            .invalid(Check::own(&C016_I06, 349, "Problem with field for INDIVIDUAL type customer. CitizenshipCountry not found in amlyze"));
        /// Day the person was born, such as 1985-04-17.
        BIRTH_DATE: Field::new("birthDate", Date)
            .only(Individual, Documented(291))
            .missing(Need::IndividualLead, Check::own(&C016_I03, 329, "Problem with field for INDIVIDUAL type customer. BirthDate is mandatory"));
        /// Day the application was approved, such as 2023-10-01.
        APPROVAL_DATE: Field::new("approvalDate", Date);
        /// Day all of the customer's accounts were closed, such as 2024-05-31.
        CLOSING_DATE: Field::new("closingDate", Date)
            .missing(Need::Closed, Check::own(&C013, 250, "ClosingDate is mandatory for CLOSED CustomerStatus"));
        /// Country where the person was born, such as LT.
        BIRTH_COUNTRY: Field::new("birthCountry", Classifier(List::Country))
            .only(Individual, Documented(292))
            .invalid(Check::own(&C016_I06, 359, "BirthCountry not defined in Amlyze"));
        /// National identity or registration number, or another unique number in its place.
        NATIONAL_CODE: Field::new("nationalCode", Text);
        /// Country of the person's other citizenship, such as LV.
        SECOND_CITIZENSHIP_COUNTRY: Field::new("secondCitizenshipCountry", Classifier(List::Country))
            .only(Individual, Documented(293))
            .invalid(Check::own(&C016_I08, 379, "SecondCitizenshipCountry not defined in Amlyze"));
        /// Country where the person lives permanently, such as LT.
        PERMANENT_RESIDENCE_COUNTRY: Field::new("permanentResidenceCountry", Classifier(List::Country))
            .only(Individual, Documented(294))
            .invalid(Check::own(&C016_I08, 369, "PermanentResidenceCountry not defined in Amlyze"));
        /// Whether the person has legal resident status.
        IS_LEGAL_RESIDENT: Field::new("isLegalResident", Boolean)
            .only(Individual, Implied(295));
        /// Whether the person, or someone within the organisation, is politically exposed.
        IS_PEP: Field::new("isPEP", Boolean);
        /// Whether sanctions apply to the customer.
        IS_SANCTIONED: Field::new("isSanctioned", Boolean);
        /// Whether negative news about the customer has been found.
        IS_IN_ADVERSE_MEDIA: Field::new("isInAdverseMedia", Boolean);
        /// Whether the customer appears on an internal list of the institution.
        IS_IN_INTERNAL_LIST: Field::new("isInInternalList", Boolean);
        /// Whether a member of the person's family is politically exposed.
        IS_FAMILY_PEP: Field::new("isFamilyPEP", Boolean)
            .only(Individual, Implied(296));
        /// Whether the person is involved in litigation.
        IS_LITIGATED: Field::new("isLitigated", Boolean)
            .only(Individual, Implied(297));
        /// Whether the person is an anti-money-laundering officer.
        AML_OFFICER: Field::new("amlOfficer", Boolean)
            .only(Individual, Implied(298));
        /// A single mark that shows the customer as barred or as trusted.
        LIST_PURPOSE: Field::new("listPurpose", Enum(&ClosedSet::of(&["BLACK", "WHITE"])));
        /// The person's occupation: studies, pension, employment or other.
        FIELD_OF_ACTIVITY: Field::new("fieldOfActivity", Object(&activity::FIELD_OF_ACTIVITY))
            .only(Individual, Implied(299));
        /// Official name of the organisation.
        TITLE: Field::new("title", Text)
            .only(Organization, Documented(261))
            .missing(Need::Organization, Check::own(&C017_O01, 389, "For ORGANIZATION type customer Title is mandatory"));
        /// Country where the organisation is registered, such as LT.
        REGISTRATION_COUNTRY: Field::new("registrationCountry", Classifier(List::Country))
            .only(Organization, Implied(262))
            .missing(Need::Organization, Check::own(&C017_O02, 399, "For ORGANIZATION type customer RegistrationCountry is mandatory"))
            .invalid(Check::own(&REG, 409, "RegistrationCountry must exist in Amlyze"));
        /// Code of the organisation's legal form.
        LEGAL_FORM: Field::new("legalForm", Classifier(List::LegalForm))
            .only(Organization, Documented(263))
            .missing(Need::Organization, Check::own(&C017_O03, 419, "For ORGANIZATION type customer LegalForm is mandatory"))
            .invalid(Check::own(&C017_O04, 429, "Problem with field for ORGANIZATION type customer. LegalForm not found in Amlyze"));
        /// Name under which the organisation does business.
        TRADING_NAME: Field::new("tradingName", Text)
            .only(Organization, Documented(264));
        /// Day the organisation was founded, such as 2001-02-23.
        ESTABLISHMENT_DATE: Field::new("establishmentDate", Date)
            .only(Organization, Documented(265));
        /// What the customer does for business or a living, as free text.
        ACTIVITY_DESCRIPTION: Field::new("activityDescription", Text)
            .chars_max(32768);
        /// What the organisation does in restricted regions, as free text.
        ACTIVITY_IN_RESTRICTED_REGION_DESCRIPTION: Field::new("activityInRestrictedRegionDescription", Text)
            .chars_max(32768)
            .only(Organization, Documented(266));
        /// GIIN, the number that the US tax authority gives to financial institutions.
        GIIN: Field::new("giin", Text)
            .alias("GIIN")
            .xml("GIIN")
            .only(Organization, Documented(267));
        /// LEI, the worldwide code of a legal entity that takes part in financial dealings.
        LEI: Field::new("lei", Text)
            .alias("LEI")
            .xml("LEI")
            .only(Organization, Documented(268));
        /// Whether the customer has stated the address that is really in use.
        IS_ACTUAL_ADDRESS_DECLARED: Field::new("isActualAddressDeclared", Boolean);
        /// Whether the customer has stated an address for mail.
        IS_CORRESPONDENCE_ADDRESS_DECLARED: Field::new("isCorrespondenceAddressDeclared", Boolean);
        /// Where the customer's income comes from, as free text.
        INCOME_SOURCE_DESCRIPTION: Field::new("incomeSourceDescription", Text);
        /// Where the money of the first deposit comes from, as free text.
        INITIAL_DEPOSIT_SOURCE: Field::new("initialDepositSource", Text);
        /// Bank involved in the first deposit, as free text.
        INITIAL_DEPOSIT_BANK: Field::new("initialDepositBank", Text);
        /// Account involved in the first deposit, as free text.
        INITIAL_DEPOSIT_ACCOUNT: Field::new("initialDepositAccount", Text);
        /// Size of the first deposit, a number that may have decimals.
        INITIAL_DEPOSIT_AMOUNT: Field::new("initialDepositAmount", Decimal);
        /// Currency of the first deposit, such as EUR.
        INITIAL_DEPOSIT_CURRENCY: Field::new("initialDepositCurrency", Classifier(List::Currency))
            .invalid(Check::own(&C018, 439, "InitialDepositCurrency does not exist in Amlyze"));
        /// Whether most of the customer's income is in cash.
        DOES_CASH_DOMINATE: Field::new("doesCashDominate", Boolean);
        /// Whether the organisation undergoes audits.
        IS_AUDITED: Field::new("isAudited", Boolean)
            .only(Organization, Implied(269));
        /// How many audits the organisation has had.
        NUMBER_OF_AUDITS: Field::new("numberOfAudits", Integer)
            .only(Organization, Documented(270));
        /// Length of the period that the audit information covers, in years.
        PERIODS_OF_AUDITS_IN_YEARS: Field::new("periodsOfAuditsInYears", Integer)
            .only(Organization, Documented(271));
        /// How the organisation is structured, as free text.
        ORGANIZATIONAL_STRUCTURE_DESCRIPTION: Field::new("organizationalStructureDescription", Text)
            .only(Organization, Documented(272));
        /// Whether the organisation has several layers in its structure.
        HAS_MULTI_LAYER_STRUCTURE: Field::new("hasMultiLayerStructure", Boolean)
            .only(Organization, Implied(273));
        /// Whether the organisation works as a financial institution.
        IS_FINANCIAL_INSTITUTION: Field::new("isFinancialInstitution", Boolean)
            .only(Organization, Implied(274));
        /// Whether the organisation is managed directly.
        IS_DIRECTLY_MANAGED: Field::new("isDirectlyManaged", Boolean)
            .only(Organization, Implied(275));
        /// True when the organisation has no large shareholders.
        NO_MAJOR_SHARE_HOLDERS: Field::new("noMajorShareHolders", Boolean)
            .only(Organization, Implied(276));
        /// How many people the organisation employs.
        NUMBER_OF_EMPLOYEES: Field::new("numberOfEmployees", Integer)
            .only(Organization, Documented(277));
        /// Worth of the organisation's assets, a whole amount.
        COMPANY_ASSET_VALUE: Field::new("companyAssetValue", BigInteger)
            .only(Organization, Documented(278));
        /// Whether the organisation has been fined.
        IS_FINED: Field::new("isFined", Boolean)
            .only(Organization, Implied(279));
        /// Length of the period that the information on fines covers, in years.
        PERIODS_OF_FINING_IN_YEARS: Field::new("periodsOfFiningInYears", Integer)
            .only(Organization, Implied(280));
        /// Whether the organisation is listed on a stock exchange.
        IS_LISTED: Field::new("isListed", Boolean)
            .only(Organization, Implied(281));
        /// Whether an outside authority regulates the organisation.
        IS_REGULATED: Field::new("isRegulated", Boolean)
            .only(Organization, Implied(282));
        /// Whether the organisation needs a licence for what it does.
        IS_LICENSE_REQUIRED: Field::new("isLicenseRequired", Boolean)
            .only(Organization, Implied(283));
        /// The organisation's licence, such as its number or kind, as free text.
        LICENSE_DESCRIPTION: Field::new("licenseDescription", Text)
            .only(Organization, Documented(284));
        /// Whether the organisation makes use of outside service providers.
        THIRD_PARTY_SERVICES_USED: Field::new("thirdPartyServicesUsed", Text)
            .only(Organization, Implied(285));
        /// Which outside services the organisation uses, as free text.
        THIRD_PARTY_SERVICES_USED_DESCRIPTION: Field::new("thirdPartyServicesUsedDescription", Text)
            .only(Organization, Documented(286));
        /// Regions where the organisation operates, as free text.
        REGION_OF_ACTIVITY_DESCRIPTION: Field::new("regionOfActivityDescription", Text)
            .only(Organization, Documented(287));
        /// Phone numbers, e-mail and web addresses of the customer.
        LIST_CONTACT: Field::new("listContact", Objects(&contact::CONTACT))
            .scope(&Q001);
        /// Addresses of the customer.
        LIST_ADDRESS: Field::new("listAddress", Objects(&address::ADDRESS))
            .scope(&Q004);
        /// Identity or registration documents of the customer.
        LIST_BUSINESS_ENTITY_DOCUMENT: Field::new("listBusinessEntityDocument", Objects(&document::DOCUMENT))
            .scope(&Q002);
        /// Reasons why the customer turned to the institution.
        LIST_APPEAL_REASON: Field::new("listAppealReason", Objects(&appeal_reason::APPEAL_REASON))
            .scope(&Q003);
        /// Ways in which the customer came to know the institution.
        LIST_INTRODUCTION_SOURCE: Field::new("listIntroductionSource", Objects(&introduction_source::INTRODUCTION_SOURCE_ITEM))
            .scope(&Q005);
        /// Services that the customer has asked for.
        LIST_ORDERED_SERVICE: Field::new("listOrderedService", Objects(&ordered_service::ORDERED_SERVICE))
            .scope(&Q006);
        /// Turnover figures that the customer has declared.
        LIST_DECLARED_TURNOVER: Field::new("listDeclaredTurnover", Objects(&declared_turnover::DECLARED_TURNOVER))
            .scope(&Q007);
        /// Sources of the customer's income.
        LIST_INCOME_SOURCE: Field::new("listIncomeSource", Objects(&income_source::INCOME_SOURCE))
            .scope(&Q010);
        /// Purposes of the payments that the customer sends or receives.
        LIST_PAYMENT_PURPOSE: Field::new("listPaymentPurpose", Objects(&payment_purpose::PAYMENT_PURPOSE))
            .scope(&Q011);
        /// Origins of the customer's wealth.
        LIST_SOURCE_OF_WEALTH: Field::new("listSourceOfWealth", Objects(&source_of_wealth::SOURCE_OF_WEALTH))
            .scope(&Q012);
        /// Countries that the customer pays to or is paid from.
        LIST_PAYMENT_COUNTRY: Field::new("listPaymentCountry", Objects(&payment_country::PAYMENT_COUNTRY))
            .scope(&Q014);
        /// Kinds of activity that the customer carries out.
        LIST_ACTIVITY: Field::new("listActivity", Objects(&activity_item::ACTIVITY))
            .scope(&Q013);
        /// Regions of the world where the customer is active.
        LIST_REGION_OF_ACTIVITY: Field::new("listRegionOfActivity", Objects(&region_of_activity::REGION_OF_ACTIVITY))
            .scope(&Q008);
        /// Countries where the customer is active.
        LIST_COUNTRY_OF_ACTIVITY: Field::new("listCountryOfActivity", Objects(&country_of_activity::COUNTRY_OF_ACTIVITY))
            .scope(&Q009);
        /// Countries where the customer pays taxes.
        LIST_COUNTRY_OF_TAX_PAYMENT: Field::new("listCountryOfTaxPayment", Objects(&country_of_tax_payment::COUNTRY_OF_TAX_PAYMENT))
            .scope(&Q017);
        /// Extra facts about the customer that have no field of their own.
        LIST_ADDITIONAL_VALUES: Field::new("listAdditionalValues", Objects(&additional_value::ADDITIONAL_VALUE));
        /// People and organisations connected with the customer.
        LIST_RELATED_ENTITY: Field::new("listRelatedEntity", Objects(&related::RELATED_ENTITY));
        /// What the customer's incoming payments are for, as free text (older field).
        INCOMING_PAYMENT_DESCRIPTION: Field::new("incomingPaymentDescription", Text)
            .legacy();
        /// What the customer's outgoing payments are for, as free text (older field).
        OUTGOING_PAYMENT_DESCRIPTION: Field::new("outgoingPaymentDescription", Text)
            .legacy();
    }
}
