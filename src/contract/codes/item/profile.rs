//! Codes of what a customer does and why: reasons, services, turnovers, incomes, purposes.

use crate::contract::code::codes;

codes! {
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
}
