//! Codes of values of the wrong form, the same for every field of a type.

use crate::contract::code::codes;

codes! {
    /// A date is not written in an accepted form, or does not exist.
    ///
    /// A date is year, month and day with hyphens, such as `2026-01-21`. A zone may follow, as in
    /// `2026-01-21Z`, or a time with a zone, as in `2026-01-21T09:45:00.000+02:00`. A time without
    /// a zone is not accepted. The year has four digits and the day must be in the calendar.
    ///
    /// At the top level the code stands alone; inside a list entry it carries the segments of the
    /// entry, as in `Q002.V001`.
    ///
    /// ## Fix
    ///
    /// Write the date like `2026-01-21`. Check that a spreadsheet has not changed it to another
    /// form when the file was saved.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"applicationDate": "21.01.2026"}
    /// ```
    ///
    /// ```json individual
    /// {"birthDate": "1990-02-30"}
    /// ```
    ///
    /// ```json individual
    /// {"approvalDate": "2026-01-21T09:45:00"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"applicationDate": "2026-01-21"}
    /// ```
    ///
    /// ```json individual
    /// {"birthDate": "1990-02-28Z", "approvalDate": "2026-01-21T09:45:00.000+02:00"}
    /// ```
    V001 = "V001";

    /// A yes-or-no field is neither true nor false.
    ///
    /// Such a field takes `true` or `false` and nothing else: not `yes`, not `1`. In JSON and XML
    /// only small letters are accepted; in CSV capitals are fine too, because spreadsheets write
    /// `TRUE`.
    ///
    /// At the top level the code stands alone; inside a list entry it carries the segments of the
    /// entry, as in `Q001.V003`.
    ///
    /// ## Fix
    ///
    /// Write `true` or `false`, or leave the field empty if the answer is not known.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"isPEP": "yes"}
    /// ```
    ///
    /// ```json individual
    /// {"isSanctioned": 0}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"isPEP": true, "isSanctioned": "false"}
    /// ```
    V003 = "V003";

    /// A value is not a whole number, or is too large.
    ///
    /// The four fields `numberOfAudits`, `periodsOfAuditsInYears`, `numberOfEmployees` and
    /// `periodsOfFiningInYears` take whole numbers from -2147483648 to 2147483647. The other whole
    /// numbers have no limit: `companyAssetValue`, `from`, `to`, `incomePercentage`, `share` and
    /// `votePercentage`.
    ///
    /// At the top level the code stands alone; inside a list entry it carries the segments of the
    /// entry, as in `Q010.V004`.
    ///
    /// ## Fix
    ///
    /// Write digits only, with a minus sign in front where needed: no blanks, no separators, no
    /// currency, no decimals.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {"numberOfEmployees": "12 people"}
    /// ```
    ///
    /// ```json organization
    /// {"numberOfEmployees": 3000000000}
    /// ```
    ///
    /// ```json organization
    /// {"companyAssetValue": "2.5"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"numberOfEmployees": 12, "companyAssetValue": "3000000000"}
    /// ```
    V004 = "V004";

    /// A value is not a decimal number.
    ///
    /// The fields are `initialDepositAmount` and the `amount` of a source of wealth. The decimal
    /// sign is a point. Separators between thousands, a plus sign in front and a currency are not
    /// accepted. In CSV a single decimal comma is fine where the columns are not separated by
    /// commas.
    ///
    /// At the top level the code stands alone; inside a list entry it carries the segments of the
    /// entry, as in `Q012.V005`.
    ///
    /// ## Fix
    ///
    /// Write the amount like `1500.75`. Put the currency into its own field, such as
    /// `initialDepositCurrency`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"initialDepositAmount": "1 500,75"}
    /// ```
    ///
    /// ```json individual
    /// {"initialDepositAmount": "1500 EUR"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"initialDepositAmount": 1500.75}
    /// ```
    ///
    /// ```json individual
    /// {"initialDepositAmount": "1500.75"}
    /// ```
    V005 = "V005";

    /// A value is not one of the fixed values of its field.
    ///
    /// This concerns `action`, `riskLevel`, `customerStatus` and `listPurpose`. Their values are
    /// checked whenever they are filled, even where the field is not used. Capitals count.
    ///
    /// ## Fix
    ///
    /// Use one of these values. `action`: `CREATE`, `UPDATE`. `riskLevel`: `NONE`, `LOW`, `MEDIUM`,
    /// `HIGH`, `EXTREME`. `customerStatus`: `PENDING`, `ACTIVE`, `REJECTED`, `SUSPENDED`, `CLOSED`.
    /// `listPurpose`: `BLACK`, `WHITE`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"riskLevel": "low"}
    /// ```
    ///
    /// ```json individual
    /// {"action": "INSERT"}
    /// ```
    ///
    /// ```json individual
    /// {"listPurpose": "GREY"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"riskLevel": "LOW", "action": "CREATE", "listPurpose": "WHITE"}
    /// ```
    V006 = "V006";

    /// A text is longer than its field allows.
    ///
    /// `communicationNumber` may have 256 characters, `requester` 100, `activityDescription` and
    /// `activityInRestrictedRegionDescription` 32768. Characters are counted, not bytes, so letters
    /// with accents count once. No other field has a limit.
    ///
    /// ## Fix
    ///
    /// Shorten the text. If it is cut off on purpose, make sure that a `communicationNumber` stays
    /// different from all others.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    #[doc = " {\"requester\": \"Branch 7 on the main square, second floor, team for private \
              customers, on behalf of the head office in Vilnius\"}"]
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"requester": "Branch 7, team for private customers"}
    /// ```
    V007 = "V007";

    /// A value has the wrong structure.
    ///
    /// A list must be a list, even with one entry; a group of fields such as `fieldOfActivity` must
    /// be an object; a plain field must be a single value. An entry of a list must not be `null`.
    /// `listPurpose` is a plain field in spite of its name.
    ///
    /// At the top level the code stands alone; inside a list entry it carries the segments of the
    /// entry, as in `Q004.V008`.
    ///
    /// ## Fix
    ///
    /// In JSON put a list into square brackets, also when it has one entry only, and take brackets
    /// away from a plain value.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"listContact": {"contactType": "EMAIL", "contactDetails": "ona@example.com"}}
    /// ```
    ///
    /// ```json individual
    /// {"firstName": ["Ona"]}
    /// ```
    ///
    /// ```json individual
    /// {"listAddress": [null]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"listContact": [{"contactType": "EMAIL", "contactDetails": "ona@example.com"}]}
    /// ```
    ///
    /// ```json individual
    /// {"listAddress": []}
    /// ```
    V008 = "V008";
}
