//! Codes of additional values.

use crate::contract::code::codes;

codes! {
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
