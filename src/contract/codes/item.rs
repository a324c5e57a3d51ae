//! Codes of the fields of list items, the same in every list that holds such items.

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

    /// A reason why the customer came is missing or not in the list.
    ///
    /// Every entry of `listAppealReason` needs an `appealReasonType` from the institution's list.
    /// Where the institution has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `appealReasonType` from your institution's list `appealReasonType`, spelled
    /// exactly as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listAppealReason": [{"appealReasonType": ""}]}
    /// ```
    ///
    /// ```json individual list:appealReasonType:PURPOSE_GET_LOAN,RECOMMENDATIONS
    /// {"listAppealReason": [{"appealReasonType": "LOAN"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:appealReasonType:PURPOSE_GET_LOAN,RECOMMENDATIONS
    /// {"listAppealReason": [{"appealReasonType": "PURPOSE_GET_LOAN"}]}
    /// ```
    AR01 = "AR01";

    /// An introduction source is missing or not in the list.
    ///
    /// Every entry of `listIntroductionSource` needs an `introductionSource` from the institution's
    /// list. Capitals count: `Internet` and `INTERNET` are two codes. Where the institution has
    /// given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `introductionSource` from your institution's list `introductionSourceType`,
    /// spelled exactly as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listIntroductionSource": [{}]}
    /// ```
    ///
    /// ```json individual list:introductionSourceType:Internet,Introducer
    /// {"listIntroductionSource": [{"introductionSource": "INTERNET"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:introductionSourceType:Internet,Introducer
    /// {"listIntroductionSource": [{"introductionSource": "Internet"}]}
    /// ```
    INS01 = "INS01";

    /// An ordered service is missing or not in the list.
    ///
    /// Every entry of `listOrderedService` needs a `serviceType` from the institution's list. Where
    /// the institution has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `serviceType` from your institution's list `serviceType`, spelled exactly as
    /// there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listOrderedService": [{"serviceType": null}]}
    /// ```
    ///
    /// ```json individual list:serviceType:LOANS,CREDIT_LINE
    /// {"listOrderedService": [{"serviceType": "LOAN"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:serviceType:LOANS,CREDIT_LINE
    /// {"listOrderedService": [{"serviceType": "LOANS"}]}
    /// ```
    OS01 = "OS01";

    /// A declared turnover has no valid turnover type.
    ///
    /// Every entry of `listDeclaredTurnover` needs a `turnoverType` from the institution's list.
    /// Where the institution has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `turnoverType` from your institution's list `turnoverType`, spelled exactly
    /// as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverRange": "MONTHLY",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual list:turnoverType:FORMER_TURNOVER,CASH_PERCENTAGE
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER",
    ///       "turnoverRange": "MONTHLY",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:turnoverType:FORMER_TURNOVER,CASH_PERCENTAGE
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "MONTHLY",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    DT01 = "DT01";

    /// A declared turnover has no valid period.
    ///
    /// Every entry of `listDeclaredTurnover` says in `turnoverRange` which period the amounts are
    /// for. The four values are fixed.
    ///
    /// ## Fix
    ///
    /// Set `turnoverRange` to `SINGLE`, `DAILY`, `MONTHLY` or `ANNUAL`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "YEARLY",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "ANNUAL",
    ///       "from": 1000,
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    DT02 = "DT02";

    /// A declared turnover has no amount.
    ///
    /// Every entry of `listDeclaredTurnover` needs `from` or `to`, or both. The amount 0 counts as
    /// filled. A missing pair is reported once for the entry.
    ///
    /// ## Fix
    ///
    /// Fill `from`, `to` or both with whole numbers, or remove the entry.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "MONTHLY"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "MONTHLY",
    ///       "to": 5000
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listDeclaredTurnover": [
    ///     {
    ///       "turnoverType": "FORMER_TURNOVER",
    ///       "turnoverRange": "MONTHLY",
    ///       "from": 0
    ///     }
    ///   ]
    /// }
    /// ```
    DT03 = "DT03";

    /// An income source has no valid type.
    ///
    /// Every entry of `listIncomeSource` needs an `incomeSourceType` from the institution's list.
    /// Where the institution has given no list, any value that is not blank is taken. The rule
    /// holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Take a code for `incomeSourceType` from your institution's list `incomeSourceType`, spelled
    /// exactly as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listIncomeSource": [{"incomePercentage": 100}]}
    /// ```
    ///
    /// ```json individual list:incomeSourceType:SALARY,PASSIVE_INCOME
    /// {"listIncomeSource": [{"incomeSourceType": "WAGES"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:incomeSourceType:SALARY,PASSIVE_INCOME
    /// {"listIncomeSource": [{"incomeSourceType": "SALARY", "incomePercentage": 100}]}
    /// ```
    INC01 = "INC01";

    /// A payment purpose is missing or not in the list.
    ///
    /// Every entry of `listPaymentPurpose` needs a `paymentPurposeType` from the institution's
    /// list. Where the institution has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `paymentPurposeType` from your institution's list `paymentPurposeType`,
    /// spelled exactly as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listPaymentPurpose": [{"turnoverDirection": "OUT"}]}
    /// ```
    ///
    /// ```json individual list:paymentPurposeType:TAXES
    /// {"listPaymentPurpose": [{"paymentPurposeType": "Tax", "turnoverDirection": "OUT"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:paymentPurposeType:TAXES
    /// {"listPaymentPurpose": [{"paymentPurposeType": "TAXES", "turnoverDirection": "OUT"}]}
    /// ```
    PP01 = "PP01";

    /// A payment purpose has no valid direction.
    ///
    /// Every entry of `listPaymentPurpose` says in `turnoverDirection` whether the payments come in
    /// or go out.
    ///
    /// ## Fix
    ///
    /// Set `turnoverDirection` to `IN` or `OUT`, in capitals. For payments in both directions make
    /// two entries.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listPaymentPurpose": [{"paymentPurposeType": "TAXES"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listPaymentPurpose": [{"paymentPurposeType": "TAXES", "turnoverDirection": "OUTGOING"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listPaymentPurpose": [{"paymentPurposeType": "TAXES", "turnoverDirection": "OUT"}]}
    /// ```
    PP02 = "PP02";

    /// A source of wealth is missing or not in the list.
    ///
    /// Every entry of `listSourceOfWealth` needs a `code` from the institution's list; in XML the
    /// element is `SourceOfWealthCode`. A code is text even when it looks like a number. Where the
    /// institution has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `code` from your institution's list `sourceOfWealth`, spelled exactly as
    /// there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listSourceOfWealth": [{"amount": 5000}]}
    /// ```
    ///
    /// ```json individual list:sourceOfWealth:6,10,INHERITANCE
    /// {"listSourceOfWealth": [{"code": "7", "amount": 5000}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:sourceOfWealth:6,10,INHERITANCE
    /// {"listSourceOfWealth": [{"code": "6", "amount": 5000}]}
    /// ```
    SOW01 = "SOW01";

    /// A payment country is missing or not in the country list.
    ///
    /// Every entry of `listPaymentCountry` needs a `country`, and it must be in the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"turnoverDirection": "IN"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"country": "EU", "turnoverDirection": "IN"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"country": "LV", "turnoverDirection": "IN"}]}
    /// ```
    RC01 = "RC01";

    /// A payment country has no valid direction.
    ///
    /// Every entry of `listPaymentCountry` says in `turnoverDirection` whether the payments come
    /// from there or go there.
    ///
    /// ## Fix
    ///
    /// Set `turnoverDirection` to `IN` or `OUT`, in capitals. For payments in both directions make
    /// two entries.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"country": "LV"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"country": "LV", "turnoverDirection": "INCOMING"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listPaymentCountry": [{"country": "LV", "turnoverDirection": "IN"}]}
    /// ```
    RC02 = "RC02";

    /// An activity has no valid type.
    ///
    /// Every entry of `listActivity` needs an `activityType` from the institution's list. A code is
    /// text even when it looks like a number. Where the institution has given no list, any value
    /// that is not blank is taken. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Take a code for `activityType` from your institution's list `activityType`, spelled exactly
    /// as there. If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listActivity": [{"incomePercentage": 40}]}
    /// ```
    ///
    /// ```json individual list:activityType:5,7,OTHER
    /// {"listActivity": [{"activityType": "6"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:activityType:5,7,OTHER
    /// {"listActivity": [{"activityType": "5", "incomePercentage": 40}]}
    /// ```
    ACT01 = "ACT01";

    /// A region of activity is missing or not in the list.
    ///
    /// Every entry of `listRegionOfActivity` needs a `region`. Regions such as `EU` have a list of
    /// their own; the country list is not used here. Where the institution has given no list, any
    /// value that is not blank is taken. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Take a code for `region` from your institution's list `region`, spelled exactly as there. If
    /// the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listRegionOfActivity": [{"region": ""}]}
    /// ```
    ///
    /// ```json individual list:region:EU,AZIA
    /// {"listRegionOfActivity": [{"region": "Europe"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:region:EU,AZIA
    /// {"listRegionOfActivity": [{"region": "EU"}]}
    /// ```
    RA01 = "RA01";

    /// A country of activity is missing or not in the country list.
    ///
    /// Every entry of `listCountryOfActivity` needs a `country`, and it must be in the country
    /// list. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listCountryOfActivity": [{}]}
    /// ```
    ///
    /// ```json individual
    /// {"listCountryOfActivity": [{"country": "LT"}, {"country": "Latvia"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listCountryOfActivity": [{"country": "LT"}, {"country": "LV"}]}
    /// ```
    CA01 = "CA01";

    /// A country of tax payment is missing or not in the country list.
    ///
    /// Every entry of `listCountryOfTaxPayment` needs a `country`, and it must be in the country
    /// list. `taxpayerNumber` may be left out.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listCountryOfTaxPayment": [{"taxpayerNumber": "T-1"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listCountryOfTaxPayment": [{"country": "XX", "taxpayerNumber": "T-1"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listCountryOfTaxPayment": [{"country": "LT", "taxpayerNumber": "T-1"}]}
    /// ```
    COTP01 = "COTP01";

    /// An additional value does not fit its datatype.
    ///
    /// In `listAdditionalValues` the `value` must have the form that `datatype` promises. `BOOLEAN`
    /// is `true` or `false`. `INTEGER` is a whole number such as `-5`. `DECIMAL` is a number with a
    /// point such as `12.50`. `DATE` is a date such as `2026-01-21`. `TIMESTAMP` is a date with
    /// time and zone such as `2026-01-21T12:10:11Z` or `2026-01-21 12:10:11.000+0200`. `STRING`
    /// takes any text.
    ///
    /// The code has no list segment in front of it: it is `AV07` for the customer and
    /// `C016.C016.AV07` or `C017.C016.AV07` for a related entity.
    ///
    /// ## Fix
    ///
    /// Correct `value`, or choose the `datatype` that fits it. Text that follows no form belongs
    /// under `STRING`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "CONSENT",
    ///       "description": "Consent given",
    ///       "datatype": "BOOLEAN",
    ///       "value": "yes"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "SEEN",
    ///       "description": "Last visit",
    ///       "datatype": "DATE",
    ///       "value": "21.01.2026"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "CONSENT",
    ///       "description": "Consent given",
    ///       "datatype": "BOOLEAN",
    ///       "value": true
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "SEEN",
    ///       "description": "Last visit",
    ///       "datatype": "TIMESTAMP",
    ///       "value": "2026-01-21 12:10:11.000+0200"
    ///     }
    ///   ]
    /// }
    /// ```
    AV07 = "AV07";

    /// An additional value has no code.
    ///
    /// Every entry of `listAdditionalValues` needs a `code`, the short name of the value. The rule
    /// holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Fill `code`, or remove the whole entry.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    AV01 = "AV01";

    /// An additional value has no description.
    ///
    /// Every entry of `listAdditionalValues` needs a `description` that says in words what the
    /// value is. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Fill `description` with a few words.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    AV02 = "AV02";

    /// An additional value has no valid datatype.
    ///
    /// Every entry of `listAdditionalValues` says in `datatype` what kind of value it holds. The
    /// six values are fixed. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Set `datatype` to `STRING`, `INTEGER`, `DECIMAL`, `DATE`, `TIMESTAMP` or `BOOLEAN`, in
    /// capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "Text",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    AV03 = "AV03";

    /// An additional value has no value.
    ///
    /// Every entry of `listAdditionalValues` needs a `value`. An empty value, blanks only and
    /// `null` all count as missing. The rule holds for the customer and for related entities.
    ///
    /// ## Fix
    ///
    /// Fill `value`, or remove the whole entry.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": null
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listAdditionalValues": [
    ///     {
    ///       "code": "LOYALTY",
    ///       "description": "Loyalty card",
    ///       "datatype": "STRING",
    ///       "value": "gold"
    ///     }
    ///   ]
    /// }
    /// ```
    AV04 = "AV04";
}
