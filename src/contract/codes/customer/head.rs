//! Codes of what every customer has: identifiers, source of risk level, category, dates.

use crate::contract::code::codes;
use crate::contract::codes::scope::C008;

codes! {
    /// The record has no communication number.
    ///
    /// Every record needs a `communicationNumber`. It is the number of this one message about a
    /// customer, so it must be different in every record. An empty value, blanks only and `null`
    /// all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `communicationNumber` with a number that no other record has used, at most 256
    /// characters long.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"communicationNumber": null}
    /// ```
    ///
    /// ```json individual
    /// {"communicationNumber": "   "}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"communicationNumber": "2026-01-21/0001"}
    /// ```
    C001 = "C001";

    /// The record has no customer id.
    ///
    /// Every record needs a `customerExtId`, the id under which your own system knows the customer.
    /// It decides which stored customer an update belongs to. An empty value, blanks only and
    /// `null` all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `customerExtId` with the id from your own system. Keep the same id for the same
    /// customer in every later record.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"customerExtId": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"customerExtId": "CRM-00042"}
    /// ```
    C002 = "C002";

    /// The record does not say who sends it.
    ///
    /// Every record needs a `requester`, the person, branch or system behind the request. An empty
    /// value, blanks only and `null` all count as missing.
    ///
    /// ## Fix
    ///
    /// Fill `requester` with a short name, at most 100 characters long.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"requester": ""}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"requester": "branch-7"}
    /// ```
    C003 = "C003";

    /// The communication number was already used by another record.
    ///
    /// A `communicationNumber` may be used once only. It is compared with the accepted records
    /// further up in the same file and, where a register of earlier imports is kept, with those
    /// too. A rejected record does not use up its number.
    ///
    /// ## Fix
    ///
    /// Give the record a new `communicationNumber`. If the same record was sent twice by mistake,
    /// leave the second one out. A record that was rejected may keep its number when it is
    /// corrected and sent again.
    ///
    /// ## Rejected
    ///
    /// ```file same-number.json
    /// [
    ///   {
    ///     "communicationNumber": "N-1", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-1",
    ///     "firstName": "Ona", "lastName": "Example", "citizenshipCountry": "LT"
    ///   },
    ///   {
    ///     "communicationNumber": "N-1", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-2",
    ///     "firstName": "Jonas", "lastName": "Example", "citizenshipCountry": "LT"
    ///   }
    /// ]
    /// ```
    ///
    /// ```json individual used:N-1
    /// {"communicationNumber": "N-1"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file two-numbers.json
    /// [
    ///   {
    ///     "communicationNumber": "N-1", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-1",
    ///     "firstName": "Ona", "lastName": "Example", "citizenshipCountry": "LT"
    ///   },
    ///   {
    ///     "communicationNumber": "N-2", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-2",
    ///     "firstName": "Jonas", "lastName": "Example", "citizenshipCountry": "LT"
    ///   }
    /// ]
    /// ```
    ///
    /// ```json individual used:N-1
    /// {"communicationNumber": "N-1b"}
    /// ```
    O001 = "O001";

    /// The communication number was already used, in the words of the batch service.
    ///
    /// This is another name for `O001` and stands in the documentation of the batch service. This
    /// tool never reports it; it only treats it as equal to `O001` when answers of the service are
    /// compared.
    ///
    /// ## Fix
    ///
    /// Do the same as for `O001`: give the record a new `communicationNumber`.
    O005 = "O005";

    /// The action does not fit: the customer exists already, or does not exist yet.
    ///
    /// `CREATE` is for a `customerExtId` that is new, `UPDATE` for one that is known. A record
    /// without `action` means `CREATE`. Known are the customers and leads of the register and those
    /// that an accepted record further up in the file has created.
    ///
    /// Without a register only the file itself is known. Then creating a customer twice is
    /// reported, but an `UPDATE` of a customer that the file does not hold is not judged.
    ///
    /// ## Fix
    ///
    /// Set `action` to `UPDATE` when the customer exists, or to `CREATE` when it is new; or correct
    /// `customerExtId`. Mind that `UPDATE` replaces the whole customer: fields that are left out
    /// are cleared.
    ///
    /// ## Rejected
    ///
    /// ```json individual known:customer:X-1
    /// {"action": "CREATE"}
    /// ```
    ///
    /// ```json individual known:customer:X-9
    /// {"action": "UPDATE"}
    /// ```
    ///
    /// ```file same-customer.json
    /// [
    ///   {
    ///     "communicationNumber": "N-1", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-1",
    ///     "firstName": "Ona", "lastName": "Example", "citizenshipCountry": "LT"
    ///   },
    ///   {
    ///     "communicationNumber": "N-2", "requester": "branch-7", "applicationDate": "2026-01-21",
    ///     "riskLevel": "LOW", "customerStatus": "ACTIVE", "riskManagementCategory": "IND",
    ///     "entityType": "INDIVIDUAL", "customerExtId": "X-1",
    ///     "firstName": "Jonas", "lastName": "Example", "citizenshipCountry": "LT"
    ///   }
    /// ]
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual known:customer:X-1
    /// {"action": "UPDATE"}
    /// ```
    ///
    /// ```json individual known:customer:X-9
    /// {"action": "CREATE"}
    /// ```
    C004 = "C004";

    /// The business unit is missing or not in the list.
    ///
    /// `businessUnit` must be one of the units in the institution's list, where such a list is
    /// given. It is mandatory only for institutions that are set up as several organizations
    /// (setting `multi_organization`).
    ///
    /// ## Fix
    ///
    /// Fill `businessUnit` with a code from your institution's list, spelled exactly as there. If
    /// your institution is a single organization, leave the field out.
    ///
    /// ## Rejected
    ///
    /// ```json individual multi_organization
    /// {"businessUnit": null}
    /// ```
    ///
    /// ```json individual list:businessUnit:NORTH,SOUTH
    /// {"businessUnit": "East"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual multi_organization list:businessUnit:NORTH,SOUTH
    /// {"businessUnit": "NORTH"}
    /// ```
    ///
    /// ```json individual
    /// {"businessUnit": null}
    /// ```
    C019 = "C019";

    /// The source of the risk level is missing or unknown.
    ///
    /// `sourceOfRiskLevel` says who sets the risk level. It is mandatory in a single request. In a
    /// file or a batch request it may be left out and then means `IMPORT`, but a wrong value is an
    /// error there too.
    ///
    /// ## Fix
    ///
    /// Set `sourceOfRiskLevel` to `IMPORT` to store the customer with the risk level and status
    /// that you send, or to `EVALUATE` to have the risk assessed. Write it in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual mode:single
    /// {"sourceOfRiskLevel": null}
    /// ```
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": "import"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual mode:single
    /// {"sourceOfRiskLevel": "IMPORT"}
    /// ```
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": null}
    /// ```
    C006 = "C006";

    /// A risk assessment is requested in a batch request.
    ///
    /// The batch service only stores customers, it does not assess them. So `sourceOfRiskLevel`
    /// `EVALUATE` is refused when records are checked for the batch service. This also means that
    /// leads cannot go through it.
    ///
    /// ## Fix
    ///
    /// Send the record through the single service, or leave `sourceOfRiskLevel` out and give
    /// `riskLevel` and `customerStatus` yourself.
    ///
    /// ## Rejected
    ///
    /// ```json individual mode:batch
    /// {"sourceOfRiskLevel": "EVALUATE", "riskLevel": null, "customerStatus": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual mode:batch
    /// {"sourceOfRiskLevel": null, "riskLevel": "LOW", "customerStatus": "ACTIVE"}
    /// ```
    ///
    /// ```json individual mode:single
    /// {"sourceOfRiskLevel": "EVALUATE", "riskLevel": null, "customerStatus": null}
    /// ```
    B001 = "B001";

    /// The risk management category is missing or not in the list.
    ///
    /// Every record needs a `riskManagementCategory`. Where the institution has given its list of
    /// categories, the value must be in it, with the same capitals. Without a list any value that
    /// is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Fill `riskManagementCategory` with a category of your institution, such as `IND` or `ORG`.
    /// If the category is new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"riskManagementCategory": null}
    /// ```
    ///
    /// ```json individual list:riskManagementCategory:IND,ORG
    /// {"riskManagementCategory": "VIP"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual list:riskManagementCategory:IND,ORG
    /// {"riskManagementCategory": "IND"}
    /// ```
    C007 = "C007";

    /// An imported customer has no risk level.
    ///
    /// With `sourceOfRiskLevel` `IMPORT` the risk level comes from the sender, so `riskLevel` is
    /// mandatory. A file or batch record without `sourceOfRiskLevel` counts as `IMPORT`. Leads get
    /// `C008.I02` instead. The setting `import_requires_risk_fields` can turn this error into the
    /// warning `W016`.
    ///
    /// ## Fix
    ///
    /// Set `riskLevel` to `NONE`, `LOW`, `MEDIUM`, `HIGH` or `EXTREME`. If the level is not known
    /// yet, set `sourceOfRiskLevel` to `EVALUATE` to have it assessed.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"riskLevel": null}
    /// ```
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": null, "riskLevel": ""}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"riskLevel": "MEDIUM"}
    /// ```
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": "EVALUATE", "riskLevel": null, "customerStatus": null}
    /// ```
    C008_I01 = C008 / "I01";

    /// A lead cannot be imported, it must be evaluated.
    ///
    /// A record is a lead when the first or the last part of its `riskManagementCategory`, between
    /// underscores, is `LEAD`, as in `LEAD_IND` or `IND_LEAD`. For leads only `sourceOfRiskLevel`
    /// `EVALUATE` is possible. A lead without `sourceOfRiskLevel` is refused too, because in a file
    /// that means `IMPORT`.
    ///
    /// ## Fix
    ///
    /// Write `EVALUATE` into `sourceOfRiskLevel`. If the record is a customer and not a lead,
    /// correct `riskManagementCategory` instead.
    ///
    /// ## Rejected
    ///
    /// ```json lead
    /// {"sourceOfRiskLevel": "IMPORT"}
    /// ```
    ///
    /// ```json lead
    /// {"sourceOfRiskLevel": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json lead
    /// {"sourceOfRiskLevel": "EVALUATE"}
    /// ```
    ///
    /// ```json lead
    /// {
    ///   "riskManagementCategory": "IND",
    ///   "sourceOfRiskLevel": "IMPORT",
    ///   "riskLevel": "LOW",
    ///   "customerStatus": "ACTIVE"
    /// }
    /// ```
    C008_I02 = C008 / "I02";

    /// An imported customer has no status.
    ///
    /// With `sourceOfRiskLevel` `IMPORT` the status comes from the sender, so `customerStatus` is
    /// mandatory. A file or batch record without `sourceOfRiskLevel` counts as `IMPORT`. Leads get
    /// `C008.I02` instead. The setting `import_requires_risk_fields` can turn this error into the
    /// warning `W016`.
    ///
    /// ## Fix
    ///
    /// Set `customerStatus` to `PENDING`, `ACTIVE`, `REJECTED`, `SUSPENDED` or `CLOSED`. A closed
    /// customer also needs `closingDate`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"customerStatus": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"customerStatus": "SUSPENDED"}
    /// ```
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": "EVALUATE", "riskLevel": null, "customerStatus": null}
    /// ```
    C008_I03 = C008 / "I03";

    /// The entity type is missing or unknown.
    ///
    /// Every record says in `entityType` whether the customer is a person or an organization. While
    /// this is not known, the checks that depend on it are skipped, so more errors may show up
    /// after the correction.
    ///
    /// ## Fix
    ///
    /// Set `entityType` to `INDIVIDUAL` or `ORGANIZATION`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"entityType": null}
    /// ```
    ///
    /// ```json individual
    /// {"entityType": "PERSON"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"entityType": "INDIVIDUAL"}
    /// ```
    C010 = "C010";

    /// The record has no application date.
    ///
    /// Every record needs an `applicationDate`. An empty value, blanks only and `null` all count as
    /// missing. A date in a wrong form is reported as `V001`.
    ///
    /// ## Fix
    ///
    /// Fill `applicationDate` with the date as year, month and day, such as `2026-01-21`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"applicationDate": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"applicationDate": "2026-01-21"}
    /// ```
    C012 = "C012";

    /// A closed customer has no closing date.
    ///
    /// When `customerStatus` is `CLOSED`, `closingDate` is mandatory, also for records with
    /// `sourceOfRiskLevel` `EVALUATE`.
    ///
    /// ## Fix
    ///
    /// Fill `closingDate` with the day on which the relationship ended, such as `2026-01-31`. If
    /// the customer is not closed, correct `customerStatus`.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"customerStatus": "CLOSED"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"customerStatus": "CLOSED", "closingDate": "2026-01-31"}
    /// ```
    C013 = "C013";

    /// A customer that is not closed has a closing date.
    ///
    /// `closingDate` belongs to `customerStatus` `CLOSED` only. It is refused with every other
    /// status and also when the record has no status at all.
    ///
    /// ## Fix
    ///
    /// Leave `closingDate` empty, or set `customerStatus` to `CLOSED` if the relationship has
    /// ended.
    ///
    /// ## Rejected
    ///
    /// ```json individual
    /// {"customerStatus": "ACTIVE", "closingDate": "2026-01-31"}
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "sourceOfRiskLevel": "EVALUATE",
    ///   "riskLevel": null,
    ///   "customerStatus": null,
    ///   "closingDate": "2026-01-31"
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"customerStatus": "ACTIVE", "closingDate": null}
    /// ```
    ///
    /// ```json individual
    /// {"customerStatus": "CLOSED", "closingDate": "2026-01-31"}
    /// ```
    C013A = "C013a";
}
