//! Warnings: they point at something odd, but never reject a record.

use crate::contract::code::codes;

codes! {
    /// A field is not known and is ignored.
    ///
    /// The name is in no table of the customer API, at this level of the record. Often it is
    /// misspelled: names must match letter by letter. For CSV an unknown column is reported once
    /// for the file.
    ///
    /// ## Fix
    ///
    /// If the value matters, correct the name of the field. Otherwise leave the field out.
    ///
    /// ## Warned
    ///
    /// ```json individual
    /// {"iSanctioned": false}
    /// ```
    ///
    /// ```json individual
    /// {"listAddress": [{"country": "LT", "postCode": "01100"}]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"isSanctioned": false, "listAddress": [{"country": "LT", "zipCode": "01100"}]}
    /// ```
    W001 = "W001";

    /// The risk level or the status is not used, because the customer is evaluated.
    ///
    /// With `sourceOfRiskLevel` `EVALUATE` the system itself sets the risk level and the status.
    /// The `riskLevel` and `customerStatus` that were sent are ignored.
    ///
    /// ## Fix
    ///
    /// Leave `riskLevel` and `customerStatus` out. If they shall be stored as sent, set
    /// `sourceOfRiskLevel` to `IMPORT`.
    ///
    /// ## Warned
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": "EVALUATE"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"sourceOfRiskLevel": "EVALUATE", "riskLevel": null, "customerStatus": null}
    /// ```
    W002 = "W002";

    /// The field is not used by the batch service.
    ///
    /// A batch request always stores customers as they are and never starts a screening. So
    /// `sourceOfRiskLevel` `IMPORT` says nothing new there, and `initializeScreeningProcesses` is
    /// ignored.
    ///
    /// ## Fix
    ///
    /// Leave both fields out of batch requests. Send the record through the single service if a
    /// screening shall start.
    ///
    /// ## Warned
    ///
    /// ```json individual mode:batch
    /// {"sourceOfRiskLevel": "IMPORT"}
    /// ```
    ///
    /// ```json individual mode:batch
    /// {"sourceOfRiskLevel": null, "initializeScreeningProcesses": ["PEP"]}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual mode:batch
    /// {"sourceOfRiskLevel": null}
    /// ```
    ///
    /// ```json individual
    /// {"initializeScreeningProcesses": ["PEP"]}
    /// ```
    W003 = "W003";

    /// A related entity has a field of the other entity type.
    ///
    /// `firstName`, `lastName`, `birthDate` and `birthCountry` are for related persons; `title`,
    /// `registrationCountry`, `legalForm` and `establishmentDate` are for related organizations. A
    /// field of the other type is not used.
    ///
    /// ## Fix
    ///
    /// Empty the field, or correct `entityType` of the entry.
    ///
    /// ## Warned
    ///
    /// ```json individual
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example",
    ///       "title": "Example Holding"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "LT",
    ///       "firstName": "Jonas"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "LT"
    ///     }
    ///   ]
    /// }
    /// ```
    W004 = "W004";

    /// A lead becomes a customer without an approval date.
    ///
    /// An `UPDATE` of a known lead with a category that is not one for leads makes it a customer.
    /// `approvalDate` is expected then, but may follow later. The check needs a register that knows
    /// the lead.
    ///
    /// ## Fix
    ///
    /// Fill `approvalDate` with the day of the approval, such as `2026-01-21`.
    ///
    /// ## Warned
    ///
    /// ```json individual known:lead:X-1
    /// {"action": "UPDATE"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual known:lead:X-1
    /// {"action": "UPDATE", "approvalDate": "2026-01-21"}
    /// ```
    W005 = "W005";

    /// The communication number is one character longer than the newest API allows.
    ///
    /// Most descriptions of the API allow 256 characters for `communicationNumber`, the newest one
    /// only 255. A number of exactly 256 characters is accepted here, but the service might refuse
    /// it.
    ///
    /// ## Fix
    ///
    /// Shorten `communicationNumber` to 255 characters or fewer.
    ///
    /// ## Warned
    ///
    /// ```json individual
    #[doc = " {\"communicationNumber\": \"N-2026-01-21-0123456789012345678901234567890123456789012\
              345678901234567890123456789012345678901234567890123456789012345678901234567890123456\
              789012345678901234567890123456789012345678901234567890123456789012345678901234567890\
              12345678901234567890123456789012\"}"]
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"communicationNumber": "N-2026-01-21-0001"}
    /// ```
    W006 = "W006";

    /// The field has an old spelling or is no longer in the API tables.
    ///
    /// In JSON the names `GIIN` and `LEI` are the old spelling of `giin` and `lei`. The fields
    /// `incomingPaymentDescription` and `outgoingPaymentDescription` come from older tables. All
    /// four are still accepted.
    ///
    /// ## Fix
    ///
    /// Write `giin` and `lei` in small letters. Stop sending the two descriptions when nobody needs
    /// them any more.
    ///
    /// ## Warned
    ///
    /// ```json organization
    /// {"GIIN": "G-1"}
    /// ```
    ///
    /// ```json individual
    /// {"incomingPaymentDescription": "salary"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"giin": "G-1", "lei": "L-1"}
    /// ```
    W007 = "W007";

    /// A lead has a status other than pending, which is ignored.
    ///
    /// A lead is always `PENDING`, before and after a decision about it. Any other `customerStatus`
    /// has no effect.
    ///
    /// ## Fix
    ///
    /// Leave `customerStatus` out. If the record is a customer and not a lead, correct
    /// `riskManagementCategory`.
    ///
    /// ## Warned
    ///
    /// ```json lead
    /// {"customerStatus": "ACTIVE"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json lead
    /// {"customerStatus": null}
    /// ```
    W008 = "W008";

    /// A list element stands in the XML record more than once.
    ///
    /// The same list element, such as `ListSourceOfWealth`, occurs twice in one `AMLYZE_CUSTOMER`.
    /// All its entries are read, in the order of the file, as if they stood in one list.
    ///
    /// ## Fix
    ///
    /// Put all entries into one list element.
    ///
    /// ## Warned
    ///
    /// ```file two-lists.xml
    /// <AMLYZE_CUSTOMER xmlns="urn:amlyze-services:EvaluateCustomerService_v2r0">
    ///   <CommunicationNumber>N-1</CommunicationNumber>
    ///   <Requester>branch-7</Requester>
    ///   <RiskLevel>LOW</RiskLevel>
    ///   <CustomerStatus>ACTIVE</CustomerStatus>
    ///   <RiskManagementCategory>IND</RiskManagementCategory>
    ///   <EntityType>INDIVIDUAL</EntityType>
    ///   <CustomerExtId>X-1</CustomerExtId>
    ///   <ApplicationDate>2026-01-21</ApplicationDate>
    ///   <FirstName>Ona</FirstName>
    ///   <LastName>Example</LastName>
    ///   <CitizenshipCountry>LT</CitizenshipCountry>
    ///   <ListSourceOfWealth>
    ///     <SourceOfWealth><SourceOfWealthCode>6</SourceOfWealthCode></SourceOfWealth>
    ///   </ListSourceOfWealth>
    ///   <ListSourceOfWealth>
    ///     <SourceOfWealth><SourceOfWealthCode>10</SourceOfWealthCode></SourceOfWealth>
    ///   </ListSourceOfWealth>
    /// </AMLYZE_CUSTOMER>
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file one-list.xml
    /// <AMLYZE_CUSTOMER xmlns="urn:amlyze-services:EvaluateCustomerService_v2r0">
    ///   <CommunicationNumber>N-1</CommunicationNumber>
    ///   <Requester>branch-7</Requester>
    ///   <RiskLevel>LOW</RiskLevel>
    ///   <CustomerStatus>ACTIVE</CustomerStatus>
    ///   <RiskManagementCategory>IND</RiskManagementCategory>
    ///   <EntityType>INDIVIDUAL</EntityType>
    ///   <CustomerExtId>X-1</CustomerExtId>
    ///   <ApplicationDate>2026-01-21</ApplicationDate>
    ///   <FirstName>Ona</FirstName>
    ///   <LastName>Example</LastName>
    ///   <CitizenshipCountry>LT</CitizenshipCountry>
    ///   <ListSourceOfWealth>
    ///     <SourceOfWealth><SourceOfWealthCode>6</SourceOfWealthCode></SourceOfWealth>
    ///     <SourceOfWealth><SourceOfWealthCode>10</SourceOfWealthCode></SourceOfWealth>
    ///   </ListSourceOfWealth>
    /// </AMLYZE_CUSTOMER>
    /// ```
    W009 = "W009";

    /// The XML namespace is missing or is not the documented one.
    ///
    /// `AMLYZE_CUSTOMER` should be in the namespace
    /// `urn:amlyze-services:EvaluateCustomerService_v2r0`. The record is read all the same. The
    /// warning comes once for each file.
    ///
    /// ## Fix
    ///
    /// Write the namespace as in the accepted example, also in files without a SOAP envelope.
    ///
    /// ## Warned
    ///
    /// ```file no-namespace.xml
    /// <AMLYZE_CUSTOMER>
    ///   <CommunicationNumber>N-1</CommunicationNumber>
    ///   <Requester>branch-7</Requester>
    ///   <RiskLevel>LOW</RiskLevel>
    ///   <CustomerStatus>ACTIVE</CustomerStatus>
    ///   <RiskManagementCategory>IND</RiskManagementCategory>
    ///   <EntityType>INDIVIDUAL</EntityType>
    ///   <CustomerExtId>X-1</CustomerExtId>
    ///   <ApplicationDate>2026-01-21</ApplicationDate>
    ///   <FirstName>Ona</FirstName>
    ///   <LastName>Example</LastName>
    ///   <CitizenshipCountry>LT</CitizenshipCountry>
    /// </AMLYZE_CUSTOMER>
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file soap.xml
    /// <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
    /// <soap:Body>
    /// <AMLYZE_CUSTOMER xmlns="urn:amlyze-services:EvaluateCustomerService_v2r0">
    ///   <CommunicationNumber>N-1</CommunicationNumber>
    ///   <Requester>branch-7</Requester>
    ///   <RiskLevel>LOW</RiskLevel>
    ///   <CustomerStatus>ACTIVE</CustomerStatus>
    ///   <RiskManagementCategory>IND</RiskManagementCategory>
    ///   <EntityType>INDIVIDUAL</EntityType>
    ///   <CustomerExtId>X-1</CustomerExtId>
    ///   <ApplicationDate>2026-01-21</ApplicationDate>
    ///   <FirstName>Ona</FirstName>
    ///   <LastName>Example</LastName>
    ///   <CitizenshipCountry>LT</CitizenshipCountry>
    /// </AMLYZE_CUSTOMER>
    /// </soap:Body>
    /// </soap:Envelope>
    /// ```
    W010 = "W010";

    /// A related organization has no registration country.
    ///
    /// The API tables for organizations ask for `registrationCountry` of a related organization,
    /// other tables do not. So it is only a warning, and only when the customer itself is an
    /// `ORGANIZATION`.
    ///
    /// ## Fix
    ///
    /// Fill `registrationCountry` of the related organization with a two-letter country code, such
    /// as `LT`.
    ///
    /// ## Warned
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "LT"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json individual
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding"
    ///     }
    ///   ]
    /// }
    /// ```
    W011 = "W011";

    /// The field belongs to the other entity type.
    ///
    /// For an `INDIVIDUAL` these are `registrationCountry`, `isAudited`, `hasMultiLayerStructure`,
    /// `isFinancialInstitution`, `isDirectlyManaged`, `noMajorShareHolders`, `isFined`,
    /// `periodsOfFiningInYears`, `isListed`, `isRegulated`, `isLicenseRequired` and
    /// `thirdPartyServicesUsed`. For an `ORGANIZATION` they are `isLegalResident`, `isFamilyPEP`,
    /// `isLitigated`, `amlOfficer` and `fieldOfActivity`.
    ///
    /// `false` and 0 count as filled. With the setting `strict_entity_fields` the warning becomes
    /// the error `C014` or `C015`.
    ///
    /// ## Fix
    ///
    /// Leave the field empty, or correct `entityType`.
    ///
    /// ## Warned
    ///
    /// ```json individual
    /// {"isAudited": false}
    /// ```
    ///
    /// ```json organization
    /// {"isLitigated": false}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization
    /// {"isAudited": false}
    /// ```
    ///
    /// ```json individual
    /// {"isLitigated": false}
    /// ```
    W012 = "W012";

    /// An existing customer would become a lead.
    ///
    /// The record is an `UPDATE` of a known customer, but its `riskManagementCategory` is one for
    /// leads, such as `LEAD_IND`. The API does not describe this step. The check needs a register
    /// that knows the customer.
    ///
    /// ## Fix
    ///
    /// Check `customerExtId` and `riskManagementCategory`. A customer normally keeps a category for
    /// customers.
    ///
    /// ## Warned
    ///
    /// ```json lead known:customer:X-3
    /// {"action": "UPDATE"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json lead known:lead:X-3
    /// {"action": "UPDATE"}
    /// ```
    W013 = "W013";

    /// A field is given twice, and the last one counts.
    ///
    /// In JSON the same name stands twice in one object. The earlier value is lost.
    ///
    /// ## Fix
    ///
    /// Keep one of the two and check that it holds the right value.
    ///
    /// ## Warned
    ///
    /// ```file name-twice.json
    /// {
    ///   "communicationNumber": "N-1",
    ///   "requester": "branch-7",
    ///   "riskLevel": "LOW",
    ///   "customerStatus": "ACTIVE",
    ///   "riskManagementCategory": "IND",
    ///   "entityType": "INDIVIDUAL",
    ///   "customerExtId": "X-1",
    ///   "applicationDate": "2026-01-21",
    ///   "firstName": "Anna",
    ///   "firstName": "Ona",
    ///   "lastName": "Example",
    ///   "citizenshipCountry": "LT"
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file name-once.json
    /// {
    ///   "communicationNumber": "N-1",
    ///   "requester": "branch-7",
    ///   "riskLevel": "LOW",
    ///   "customerStatus": "ACTIVE",
    ///   "riskManagementCategory": "IND",
    ///   "entityType": "INDIVIDUAL",
    ///   "customerExtId": "X-1",
    ///   "applicationDate": "2026-01-21",
    ///   "firstName": "Ona",
    ///   "lastName": "Example",
    ///   "citizenshipCountry": "LT"
    /// }
    /// ```
    W014 = "W014";

    /// A field that your institution requires is missing.
    ///
    /// The API does not ask for this field, but your institution needs it, for instance for its own
    /// risk rules. The setting `extra_mandatory_fields` names these fields. It can also be set up
    /// so that a missing field is an error.
    ///
    /// ## Fix
    ///
    /// Fill the field that the message names.
    ///
    /// ## Warned
    ///
    /// ```json individual extra_mandatory_fields:birthCountry
    /// {"birthCountry": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual extra_mandatory_fields:birthCountry
    /// {"birthCountry": "LT"}
    /// ```
    W015 = "W015";

    /// An imported customer has no risk level or no status.
    ///
    /// With `sourceOfRiskLevel` `IMPORT`, also by default, `riskLevel` and `customerStatus` are
    /// expected. Normally a missing one is the error `C008.I01` or `C008.I03`; here the setting
    /// `import_requires_risk_fields` makes it a warning.
    ///
    /// ## Fix
    ///
    /// Fill `riskLevel` and `customerStatus`. The service itself may refuse the record without
    /// them.
    ///
    /// ## Warned
    ///
    /// ```json individual import_requires_risk_fields:warning
    /// {"riskLevel": null}
    /// ```
    ///
    /// ```json individual import_requires_risk_fields:warning
    /// {"customerStatus": null}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual import_requires_risk_fields:warning
    /// {"riskLevel": "LOW", "customerStatus": "ACTIVE"}
    /// ```
    W016 = "W016";

    /// A text looks as if a spreadsheet had changed it.
    ///
    /// The value is an error of a spreadsheet (`#N/A`, `Err:509`), a rounded number (`1.23E+17`) or a
    /// row of `#`, in a field that takes any text. The value that was meant is most likely lost.
    ///
    /// ## Fix
    ///
    /// Copy the value from the original file into a cell that is formatted as text.
    ///
    /// ## Warned
    ///
    /// ```json individual
    /// {"nationalCode": "1.23E+17", "firstName": "#REF!"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json individual
    /// {"nationalCode": "123456789012345678"}
    /// ```
    W017 = "W017";
}
