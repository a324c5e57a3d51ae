//! Codes of what only individuals or only organizations have, and of their own lists.

use crate::contract::code::codes;
use crate::contract::codes::scope::{C016, C017};

codes! {
    /// An individual has a field that only organizations have.
    ///
    /// These fields are refused when `entityType` is `INDIVIDUAL`: `title`, `legalForm`,
    /// `tradingName`, `establishmentDate`, `activityInRestrictedRegionDescription`, `giin`, `lei`,
    /// `numberOfAudits`, `periodsOfAuditsInYears`, `organizationalStructureDescription`,
    /// `numberOfEmployees`, `companyAssetValue`, `licenseDescription`,
    /// `thirdPartyServicesUsedDescription` and `regionOfActivityDescription`. The values `false`
    /// and `0` count as filled too.
    ///
    /// Twelve more fields of organizations only give the warning `W012`. With the setting
    /// `strict_entity_fields` they are errors of this code as well.
    ///
    /// ## Fix
    ///
    /// Leave the named field empty. If the customer is a company, set `entityType` to
    /// `ORGANIZATION` and fill the fields that an organization needs.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"title": "Ona Example"}
    /// ```
    ///
    /// ```json individual
    /// {"numberOfEmployees": 0}
    /// ```
    ///
    /// ```json individual strict_entity_fields
    /// {"isAudited": false}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"title": "", "numberOfEmployees": null}
    /// ```
    ///
    /// ```json organization
    /// {"tradingName": "Example", "numberOfEmployees": 0}
    /// ```
    C014 = "C014";

    /// An organization has a field that only individuals have.
    ///
    /// These fields are refused when `entityType` is `ORGANIZATION`: `firstName`, `lastName`,
    /// `citizenshipCountry`, `birthDate`, `birthCountry`, `secondCitizenshipCountry` and
    /// `permanentResidenceCountry`.
    ///
    /// Five more fields of individuals only give the warning `W012`. With the setting
    /// `strict_entity_fields` they are errors of this code as well.
    ///
    /// ## Fix
    ///
    /// Leave the named field empty. People who belong to the organization go into
    /// `listRelatedEntity`. If the customer is a person, set `entityType` to `INDIVIDUAL`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"firstName": "Ona"}
    /// ```
    ///
    /// ```json organization strict_entity_fields
    /// {"isLitigated": false}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "DIRECTOR",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Ona",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {"birthDate": "1990-02-03"}
    /// ```
    C015 = "C015";

    /// An individual has no first name.
    ///
    /// `firstName` is mandatory when `entityType` is `INDIVIDUAL`, for customers and for leads. An
    /// empty value, blanks only and `null` all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `firstName`. If the customer is an organization, correct `entityType`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"firstName": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"firstName": "Ona"}
    /// ```
    C016_I01 = C016 / "I01";

    /// An individual has no last name.
    ///
    /// `lastName` is mandatory when `entityType` is `INDIVIDUAL`, for customers and for leads. An
    /// empty value, blanks only and `null` all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `lastName`. If the customer is an organization, correct `entityType`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"lastName": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"lastName": "Example"}
    /// ```
    C016_I02 = C016 / "I02";

    /// A lead who is an individual has no birth date.
    ///
    /// `birthDate` is mandatory for an individual whose `riskManagementCategory` marks a lead, such
    /// as `LEAD_IND`. For other individuals it may be left out.
    ///
    /// ## Fix
    ///
    /// Fill `birthDate`, such as `1990-02-03`. If the record is not a lead, correct
    /// `riskManagementCategory`.
    ///
    /// ## Rejected
    ///
    /// ```json lead
    /// {"birthDate": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json lead
    /// {"birthDate": "1990-02-03"}
    /// ```
    ///
    /// ```json individual
    /// {"birthDate": null}
    /// ```
    C016_I03 = C016 / "I03";

    /// An individual has no country of citizenship.
    ///
    /// `citizenshipCountry` is mandatory when `entityType` is `INDIVIDUAL`, for customers and for
    /// leads. A country that is not in the list is reported as `C016.I06`.
    ///
    /// ## Fix
    ///
    /// Fill `citizenshipCountry`. Use the two-letter country code of ISO 3166-1 in capitals, such
    /// as `LT` or `DE`. Your institution may have its own list, or have added single codes such as
    /// `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"citizenshipCountry": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"citizenshipCountry": "LT"}
    /// ```
    C016_I05 = C016 / "I05";

    /// The country of citizenship or of birth is not in the country list.
    ///
    /// The code covers two fields of an individual, `citizenshipCountry` and `birthCountry`. The
    /// path in the report says which one is meant. Small letters and country names are not
    /// accepted.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"citizenshipCountry": "lt"}
    /// ```
    ///
    /// ```json individual
    /// {"birthCountry": "Lithuania"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"citizenshipCountry": "LT", "birthCountry": "LV"}
    /// ```
    C016_I06 = C016 / "I06";

    /// The country of residence or second citizenship is not in the country list.
    ///
    /// The code covers two fields of an individual, `permanentResidenceCountry` and
    /// `secondCitizenshipCountry`. Both may be left out; when filled, they must be in the list. The
    /// path in the report says which one is meant.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"permanentResidenceCountry": "UK"}
    /// ```
    ///
    /// ```json individual
    /// {"secondCitizenshipCountry": "DEU"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"permanentResidenceCountry": "GB", "secondCitizenshipCountry": "DE"}
    /// ```
    C016_I08 = C016 / "I08";

    /// An organization has no title.
    ///
    /// `title` is the name of the organization and mandatory when `entityType` is `ORGANIZATION`.
    /// An empty value, blanks only and `null` all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `title` with the full name of the organization. If the customer is a person, correct
    /// `entityType`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"title": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"title": "Example UAB"}
    /// ```
    C017_O01 = C017 / "O01";

    /// An organization has no country of registration.
    ///
    /// `registrationCountry` is mandatory when `entityType` is `ORGANIZATION`. A country that is
    /// not in the list is reported as `REG`.
    ///
    /// ## Fix
    ///
    /// Fill `registrationCountry`. Use the two-letter country code of ISO 3166-1 in capitals, such
    /// as `LT` or `DE`. Your institution may have its own list, or have added single codes such as
    /// `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"registrationCountry": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"registrationCountry": "LT"}
    /// ```
    C017_O02 = C017 / "O02";

    /// An organization has no legal form.
    ///
    /// `legalForm` is mandatory when `entityType` is `ORGANIZATION`. A legal form that is not in
    /// the list is reported as `C017.O04`.
    ///
    /// ## Fix
    ///
    /// Fill `legalForm` with a code from your institution's list of legal forms.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"legalForm": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"legalForm": "LTD"}
    /// ```
    C017_O03 = C017 / "O03";

    /// The legal form of an organization is not in the list.
    ///
    /// `legalForm` is compared with the institution's list of legal forms, letter by letter and
    /// with the same capitals. Without such a list any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code from the list `legalForm` of your institution. If the form is right but new,
    /// have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json organization list:legalForm:LTD,UAB
    /// {"legalForm": "Ltd."}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization list:legalForm:LTD,UAB
    /// {"legalForm": "UAB"}
    /// ```
    C017_O04 = C017 / "O04";

    /// The country of registration is not in the country list.
    ///
    /// `registrationCountry` of an organization must be a code of the country list. Small letters
    /// and country names are not accepted.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"registrationCountry": "Lithuania"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"registrationCountry": "LT"}
    /// ```
    REG = "REG";

    /// The currency of the first deposit is not in the currency list.
    ///
    /// `initialDepositCurrency` may be left out; when filled, it must be a code of the currency
    /// list.
    ///
    /// ## Fix
    ///
    /// Use the three-letter currency code of ISO 4217 in capitals, such as `EUR` or `USD`. Your
    /// institution may have its own list, or have added other currencies.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"initialDepositAmount": 250, "initialDepositCurrency": "Euro"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"initialDepositAmount": 250, "initialDepositCurrency": "EUR"}
    /// ```
    C018 = "C018";

    /// A screening process is unknown.
    ///
    /// Every value in `initializeScreeningProcesses` must be one of the four processes that exist.
    /// The values are checked in every mode, also where the batch service does not use them.
    ///
    /// ## Fix
    ///
    /// Use `SANCTIONS`, `PEP`, `ADVERSE_MEDIA` or `INTERNAL_LIST`, in capitals. In CSV write
    /// several values into one cell with a `|` between them.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"initializeScreeningProcesses": ["SANCTIONS", "POLICE"]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"initializeScreeningProcesses": ["SANCTIONS", "PEP"]}
    /// ```
    SCR01 = "SCR01";

    /// The country of the school is not in the country list.
    ///
    /// `higherSchoolCountry` stands in `fieldOfActivity.student`. It may be left out; when filled,
    /// it must be a code of the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"fieldOfActivity": {"student": {"isStudent": true, "higherSchoolCountry": "Latvia"}}}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"fieldOfActivity": {"student": {"isStudent": true, "higherSchoolCountry": "LV"}}}
    /// ```
    FOA01 = "FOA01";

    /// The country of the pension is not in the country list.
    ///
    /// `pensionCountry` stands in `fieldOfActivity.pension`. It may be left out; when filled, it
    /// must be a code of the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"fieldOfActivity": {"pension": {"isPensioner": true, "pensionCountry": "Latvia"}}}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"fieldOfActivity": {"pension": {"isPensioner": true, "pensionCountry": "LV"}}}
    /// ```
    FOA02 = "FOA02";
}
