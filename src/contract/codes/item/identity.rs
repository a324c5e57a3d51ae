//! Codes of contacts, addresses and documents.

use crate::contract::code::codes;

codes! {
    /// A contact has no valid contact type.
    ///
    /// Every contact needs a `contactType` with one of four fixed values. The rule holds for
    /// contacts of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Set `contactType` to `MOBILEPHONE`, `FIXEDPHONE`, `EMAIL` or `WEBSITE`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listContact": [{"contactDetails": "ona@example.com"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listContact": [{"contactType": "Phone", "contactDetails": "+370 600 00000"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listContact": [{"contactType": "EMAIL", "contactDetails": "ona@example.com"}]}
    /// ```
    CO1 = "Co1";

    /// A contact has no contact details.
    ///
    /// Every contact needs `contactDetails`: the phone number, the e-mail address or the website
    /// itself. Its form is not checked. The rule holds for contacts of the customer and of related
    /// entities.
    ///
    /// ## Fix
    ///
    /// Fill `contactDetails`, or remove the whole contact if there is nothing to put in.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listContact": [{"contactType": "EMAIL"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listContact": [{"contactType": "EMAIL", "contactDetails": "ona@example.com"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listContact": []}
    /// ```
    CO2 = "Co2";

    /// An address in the record of an organization has no address details.
    ///
    /// `addressDetails` is mandatory in every address when the customer of the record is an
    /// `ORGANIZATION`. This includes the addresses of its related entities, persons too. In the
    /// record of an `INDIVIDUAL` it may be left out.
    ///
    /// ## Fix
    ///
    /// Fill `addressDetails` with the address as one line of text.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"listAddress": [{"country": "LT"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"listAddress": [{"country": "LT", "addressDetails": "Example street 1, Vilnius"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listAddress": [{"country": "LT"}]}
    /// ```
    ADR01 = "ADR01";

    /// An address has no valid country, or its address type is not in the list.
    ///
    /// The code covers two fields of an address, and the path in the report says which one is
    /// meant. `country` is mandatory and must be in the country list. `addressType` may be left
    /// out, but a value that is not in the institution's list of address types is refused.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// For `addressType` take a code from your institution's list, or leave it out. Where the
    /// institution has given no list, any value that is not blank is taken.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listAddress": [{"country": "Lietuva"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listAddress": [{"city": "Vilnius"}]}
    /// ```
    ///
    /// ```json individual list:addressType:RESIDENCE,HEADQUARTERS
    /// {"listAddress": [{"country": "LT", "addressType": "Home"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listAddress": [{"country": "LT"}]}
    /// ```
    ///
    /// ```json individual list:addressType:RESIDENCE,HEADQUARTERS
    /// {"listAddress": [{"country": "LT", "addressType": "RESIDENCE"}]}
    /// ```
    ADR02 = "ADR02";

    /// An identity document has no valid entity type.
    ///
    /// Every document says in `entityType` whether it was issued to a person or to an organization.
    /// It need not be the type of the customer: an organization may list the passport of a person.
    /// The rule holds for documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Set `entityType` of the document to `INDIVIDUAL` or `ORGANIZATION`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "Person",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json organization
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC01 = "DOC01";

    /// An identity document has no valid document type.
    ///
    /// Every document needs an `identityDocumentType` with one of six fixed values. The rule holds
    /// for documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Set `identityDocumentType` to `PASSPORT`, `IDENTITYCARD`, `RESIDENCEPERMIT`,
    /// `DRIVINGLICENSE`, `REGISTRATIONCERTIFICATE` or `OTHER`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "ID_CARD",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "IDENTITYCARD",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC02 = "DOC02";

    /// An identity document has no number.
    ///
    /// Every document needs a `documentNumber`. Its form is not checked. The rule holds for
    /// documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Fill `documentNumber` as it is printed on the document.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC03 = "DOC03";

    /// An identity document has no date of issue.
    ///
    /// Every document needs a `documentIssueDate`. A date in a wrong form is reported as `V001`.
    /// The rule holds for documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Fill `documentIssueDate` with the date as year, month and day, such as `2020-05-01`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC04 = "DOC04";

    /// An identity document has no valid country of issue.
    ///
    /// Every document needs a `documentIssueCountry`, and it must be in the country list. The rule
    /// holds for documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LTU",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC06 = "DOC06";

    /// An identity document does not say which authority issued it.
    ///
    /// Every document needs a `documentIssueAuthority`. It is free text. The rule holds for
    /// documents of the customer and of related entities.
    ///
    /// ## Fix
    ///
    /// Fill `documentIssueAuthority` with the name of the authority.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listBusinessEntityDocument": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "identityDocumentType": "PASSPORT",
    ///       "documentNumber": "P-000001",
    ///       "documentIssueDate": "2020-05-01",
    ///       "documentIssueCountry": "LT",
    ///       "documentIssueAuthority": "Migration Department"
    ///     }
    ///   ]
    /// }
    /// ```
    DOC07 = "DOC07";
}
