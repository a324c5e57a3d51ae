//! Codes of whole files, of records that cannot be read, and of faults of the program.

use crate::contract::code::codes;

codes! {
    /// The file cannot be read as the format it should have.
    ///
    /// The content is not well-formed JSON, XML or CSV, so nothing of this file is imported. Other
    /// files are not affected. Often the file was cut off on its way, or saved in another format
    /// under the old name.
    ///
    /// An XML file with a `DOCTYPE` or with external entities is refused as well.
    ///
    /// ## Fix
    ///
    /// Look at the place that the message names. Export or copy the file again if it is cut off,
    /// close open quotes, brackets and tags, and take a `DOCTYPE` line out of XML.
    ///
    /// A file that is not UTF-8 is best saved as UTF-8. If its sender cannot do that, `unreadable.txt`
    /// shows two of its lines in the likely encoding; where their letters are right, name that
    /// encoding in the configuration (`encoding` under `[input]` or in a `[[source]]`).
    ///
    /// ## Rejected
    ///
    /// ```file cut-off.json
    /// {
    ///   "customers": [
    ///     {"customerExtId": "X-1"
    /// ```
    ///
    /// ```file doctype.xml
    /// <!DOCTYPE AMLYZE_CUSTOMER SYSTEM "customer.dtd">
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
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file whole.json
    /// {
    ///   "customers": [
    ///     {
    ///       "communicationNumber": "N-1",
    ///       "requester": "branch-7",
    ///       "riskLevel": "LOW",
    ///       "customerStatus": "ACTIVE",
    ///       "riskManagementCategory": "IND",
    ///       "entityType": "INDIVIDUAL",
    ///       "customerExtId": "X-1",
    ///       "applicationDate": "2026-01-21",
    ///       "firstName": "Ona",
    ///       "lastName": "Example",
    ///       "citizenshipCountry": "LT"
    ///     }
    ///   ]
    /// }
    /// ```
    F001 = "F001";

    /// The file holds no customer record.
    ///
    /// The file can be read, but there is nothing to import in it: JSON without customers, XML
    /// without an `AMLYZE_CUSTOMER` element, or CSV without a row below the header.
    ///
    /// ## Fix
    ///
    /// Check that the right file was sent and that the export was not empty. Put JSON records into
    /// the list `customers`, XML records into `AMLYZE_CUSTOMER` elements and CSV records into rows
    /// below the header.
    ///
    /// ## Rejected
    ///
    /// ```file empty.xml
    /// <Customers>
    /// </Customers>
    /// ```
    ///
    /// ```file header-only.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry"]
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file one-row.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry"]
    /// N-1,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-1,2026-01-21,Ona,Example,LT
    /// ```
    F002 = "F002";

    /// Two columns of the CSV file have the same name.
    ///
    /// With two columns for one field nobody can tell which value counts, so nothing of this file
    /// is imported. List entries are told apart by their number: `listAddress[0].country` and
    /// `listAddress[1].country` are two different columns.
    ///
    /// ## Fix
    ///
    /// Delete or rename one of the two columns in the header row. For a second entry of a list use
    /// the next number in the brackets.
    ///
    /// ## Rejected
    ///
    /// ```file twice.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry,\
              firstName"]
    /// N-1,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-1,2026-01-21,Ona,Example,LT,Ona
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file once.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry"]
    /// N-1,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-1,2026-01-21,Ona,Example,LT
    /// ```
    F003 = "F003";

    /// A row of the CSV file has more or fewer cells than the header.
    ///
    /// Values would end up in the wrong fields, so this row is rejected. The other rows go on.
    ///
    /// ## Fix
    ///
    /// Compare the row with the header. Add the missing separator, also for empty cells, or remove
    /// a surplus one. Put a value that contains the separator itself into double quotes.
    ///
    /// ## Rejected
    ///
    /// ```file short.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry"]
    /// N-1,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-1,2026-01-21,Ona,Example,LT
    /// N-2,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-2,2026-01-21,Jonas,Example
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file full.csv
    #[doc = " communicationNumber,requester,riskLevel,customerStatus,riskManagementCategory,\
              entityType,customerExtId,applicationDate,firstName,lastName,citizenshipCountry"]
    /// N-1,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-1,2026-01-21,Ona,Example,LT
    /// N-2,branch-7,LOW,ACTIVE,IND,INDIVIDUAL,X-2,2026-01-21,Jonas,Example,LT
    /// ```
    F004 = "F004";

    /// One record cannot be read, while the rest of the file can.
    ///
    /// A single line of a file with one JSON object per line, or a single row of a CSV file, is not
    /// well-formed. Only this record is rejected. Its fields are not checked, because they are not
    /// known.
    ///
    /// ## Fix
    ///
    /// Look at the place in the record that the message names. Usual causes are a missing comma,
    /// quote or bracket, or two records run together. In the first example below, the second line
    /// lacks a comma.
    ///
    /// ## Rejected
    ///
    /// ```file lines.ndjson
    /// {"customerExtId": "X-1", "firstName": "Ona"}
    /// {"customerExtId": "X-2" "firstName": "Jonas"}
    /// {"customerExtId": "X-3", "firstName": "Rasa"}
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```file lines.ndjson
    #[doc = " {\"communicationNumber\":\"N-1\",\"requester\":\"branch-7\",\"riskLevel\":\"LOW\",\
              \"customerStatus\":\"ACTIVE\",\"riskManagementCategory\":\"IND\",\
              \"entityType\":\"INDIVIDUAL\",\"customerExtId\":\"X-1\",\
              \"applicationDate\":\"2026-01-21\",\"firstName\":\"Ona\",\"lastName\":\"Example\",\
              \"citizenshipCountry\":\"LT\"}"]
    /// ```
    R001 = "R001";

    /// A record is larger than one record may be.
    ///
    /// The size limit of a single record is 1 MiB (1,048,576 bytes). The limit is far above any
    /// real customer, so a record of this size mostly is a sign of a fault: a quote that is never
    /// closed, or a document pasted into a text field.
    ///
    /// ## Fix
    ///
    /// Look for a missing closing quote or bracket in the record, and shorten very long texts and
    /// lists.
    R002 = "R002";

    /// The program failed while it worked on this record.
    ///
    /// This is a fault of the program and says nothing about your data. The record counts as
    /// rejected so that it does not get lost; all other records go on.
    ///
    /// ## Fix
    ///
    /// Nothing needs to be corrected in the record. Tell those who run the program, with the file
    /// and the number of the record, and send the record again when the fault is fixed.
    R003 = "R003";

    /// Processing failed inside the program.
    ///
    /// This is an internal failure, not a mistake in the data. It concerns the whole request or
    /// file.
    ///
    /// ## Fix
    ///
    /// Send the file again later. If it fails once more, tell those who run the program and give
    /// them the time and the name of the file.
    E500 = "500";
}
