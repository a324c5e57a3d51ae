//! Codes of countries and regions of payment, activity and tax, and of activities.

use crate::contract::code::codes;

codes! {
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
}
