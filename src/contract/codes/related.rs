//! Codes of the fields of related entities.

use crate::contract::code::codes;

use super::scope::{RE04, RE07};

codes! {
    /// A related entity has no valid relation type.
    ///
    /// Every entry of `listRelatedEntity` says in `relationType` how it is tied to the customer.
    /// The value must be in the institution's list, with the same capitals. Where the institution
    /// has given no list, any value that is not blank is taken.
    ///
    /// ## Fix
    ///
    /// Take a code for `relationType` from your institution's list, such as `OWNER` or `DIRECTOR`.
    /// If the code is right but new, have it added to the list.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json organization list:relationType:OWNER,DIRECTOR
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "Owner",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization list:relationType:OWNER,DIRECTOR
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
    RE01 = "RE01";

    /// A related entity has no valid entity type.
    ///
    /// Every entry of `listRelatedEntity` says in `entityType` whether it is a person or an
    /// organization. The names that it needs depend on it.
    ///
    /// ## Fix
    ///
    /// Set `entityType` of the entry to `INDIVIDUAL` or `ORGANIZATION`, in capitals.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "Person",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
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
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    RE02 = "RE02";

    /// The country of a related entity is not in the country list.
    ///
    /// `country` of an entry of `listRelatedEntity` may be left out; when filled, it must be a code
    /// of the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example",
    ///       "country": "Latvia"
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
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example",
    ///       "country": "LV"
    ///     }
    ///   ]
    /// }
    /// ```
    RE03 = "RE03";

    /// A related person has no first name.
    ///
    /// `firstName` is mandatory in an entry of `listRelatedEntity` whose `entityType` is
    /// `INDIVIDUAL`.
    ///
    /// ## Fix
    ///
    /// Fill `firstName` of the entry. If it is an organization, correct its `entityType` and fill
    /// `title`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "lastName": "Example"
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
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    RE04_I01 = RE04 / "I01";

    /// A related person has no last name.
    ///
    /// `lastName` is mandatory in an entry of `listRelatedEntity` whose `entityType` is
    /// `INDIVIDUAL`.
    ///
    /// ## Fix
    ///
    /// Fill `lastName` of the entry. If it is an organization, correct its `entityType` and fill
    /// `title`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas"
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
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example"
    ///     }
    ///   ]
    /// }
    /// ```
    RE04_I02 = RE04 / "I02";

    /// A related organization has no title.
    ///
    /// `title` is mandatory in an entry of `listRelatedEntity` whose `entityType` is
    /// `ORGANIZATION`.
    ///
    /// ## Fix
    ///
    /// Fill `title` of the entry with the name of the organization. If it is a person, correct its
    /// `entityType` and fill `firstName` and `lastName`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "registrationCountry": "LT"
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
    RE04_O01 = RE04 / "O01";

    /// The legal form of a related organization is not in the list.
    ///
    /// `legalForm` of an entry of `listRelatedEntity` may be left out. When filled, it must be in
    /// the institution's list of legal forms, where such a list is given.
    ///
    /// ## Fix
    ///
    /// Take a code from the list `legalForm` of your institution, or leave the field out.
    ///
    /// ## Rejected
    ///
    /// ```json organization list:legalForm:LTD,UAB
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "LT",
    ///       "legalForm": "Ltd."
    ///     }
    ///   ]
    /// }
    /// ```
    ///
    /// ## Accepted
    ///
    /// ```json organization list:legalForm:LTD,UAB
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "LT",
    ///       "legalForm": "UAB"
    ///     }
    ///   ]
    /// }
    /// ```
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
    RE05 = "RE05";

    /// The birth country of a related person is not in the country list.
    ///
    /// `birthCountry` of an entry of `listRelatedEntity` may be left out; when filled, it must be a
    /// code of the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example",
    ///       "birthCountry": "Lithuania"
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
    ///       "entityType": "INDIVIDUAL",
    ///       "firstName": "Jonas",
    ///       "lastName": "Example",
    ///       "birthCountry": "LT"
    ///     }
    ///   ]
    /// }
    /// ```
    RE07_I06 = RE07 / "I06";

    /// The registration country of a related organization is not in the country list.
    ///
    /// `registrationCountry` of an entry of `listRelatedEntity` may be left out; when filled, it
    /// must be a code of the country list.
    ///
    /// ## Fix
    ///
    /// Use the two-letter country code of ISO 3166-1 in capitals, such as `LT` or `DE`. Your
    /// institution may have its own list, or have added single codes such as `XK`.
    ///
    /// ## Rejected
    ///
    /// ```json organization
    /// {
    ///   "listRelatedEntity": [
    ///     {
    ///       "relationType": "OWNER",
    ///       "entityType": "ORGANIZATION",
    ///       "title": "Example Holding",
    ///       "registrationCountry": "Lithuania"
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
    RE07_REG = RE07 / "REG";
}
