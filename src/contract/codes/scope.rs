//! Scopes: the front segments of codes, which say in which block or list a rule was broken.

use crate::contract::code::codes;

codes! {
    /// The record does not fit the way its risk level is set.
    ///
    /// This segment groups the rules for records with `sourceOfRiskLevel` set to `IMPORT`, where
    /// the risk level and the status come from the sender. In a file or a batch request a record
    /// without `sourceOfRiskLevel` counts as `IMPORT` too.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code: `I01` is about `riskLevel`, `I02` about leads, `I03`
    /// about `customerStatus`.
    C008 = "C008";

    /// A field of an individual is missing or wrong.
    ///
    /// At the front of a code this segment stands for the block of fields that belong to a customer
    /// with `entityType` `INDIVIDUAL`: name, citizenship, birth and residence.
    ///
    /// When a second `C016` follows, the problem sits in a related entity of this individual.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code. In `C016.I01` it is `I01`, the rule for the first name.
    C016 = "C016";

    /// A field of an organization is missing or wrong.
    ///
    /// At the front of a code this segment stands for the block of fields that belong to a customer
    /// with `entityType` `ORGANIZATION`: title, registration country and legal form.
    ///
    /// When `C016` follows, the problem sits in a related entity of this organization.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code. In `C017.O01` it is `O01`, the rule for the title.
    C017 = "C017";

    /// A related entity of the customer has a problem.
    ///
    /// As the second segment, `C016` stands for one entry of `listRelatedEntity`: an owner, a
    /// director or another person or organization tied to the customer. The first segment tells the
    /// type of the customer itself: `C016` for an individual, `C017` for an organization.
    ///
    /// The path in the report gives the position of the entry, counted from 0.
    ///
    /// ## Fix
    ///
    /// Find the entry by the path, then read the last segment of the code for the rule.
    RELATED = "C016";

    /// A contact of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listContact`. The path in the report says
    /// which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `Co1` is the contact type, `Co2` the contact
    /// details. A last segment that starts with `V` reports a value of the wrong form.
    Q001 = "Q001";

    /// An identity document of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listBusinessEntityDocument`. The path in
    /// the report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `DOC01` to `DOC07` are the fields of a
    /// document. A last segment that starts with `V` reports a value of the wrong form.
    Q002 = "Q002";

    /// A reason why the customer came has a problem.
    ///
    /// This segment stands for the customer's own list `listAppealReason`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `AR01` is the reason. A last segment that
    /// starts with `V` reports a value of the wrong form.
    Q003 = "Q003";

    /// An address of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listAddress`. The path in the report says
    /// which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `ADR01` is the address details, `ADR02` the
    /// country or the address type. A last segment that starts with `V` reports a value of the
    /// wrong form.
    Q004 = "Q004";

    /// An introduction source of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listIntroductionSource`. The path in the
    /// report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `INS01` is the source. A last segment that
    /// starts with `V` reports a value of the wrong form.
    Q005 = "Q005";

    /// A service that the customer ordered has a problem.
    ///
    /// This segment stands for the customer's own list `listOrderedService`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `OS01` is the service type. A last segment
    /// that starts with `V` reports a value of the wrong form.
    Q006 = "Q006";

    /// A turnover that the customer declared has a problem.
    ///
    /// This segment stands for the customer's own list `listDeclaredTurnover`. The path in the
    /// report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `DT01` is the turnover type, `DT02` the
    /// period, `DT03` the amounts. A last segment that starts with `V` reports a value of the wrong
    /// form.
    Q007 = "Q007";

    /// A region where the customer is active has a problem.
    ///
    /// This segment stands for the customer's own list `listRegionOfActivity`. The path in the
    /// report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `RA01` is the region. A last segment that
    /// starts with `V` reports a value of the wrong form.
    Q008 = "Q008";

    /// A country where the customer is active has a problem.
    ///
    /// This segment stands for the customer's own list `listCountryOfActivity`. The path in the
    /// report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `CA01` is the country. A last segment that
    /// starts with `V` reports a value of the wrong form.
    Q009 = "Q009";

    /// An income source of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listIncomeSource`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `INC01` is the type of income. A last
    /// segment that starts with `V` reports a value of the wrong form.
    Q010 = "Q010";

    /// A payment purpose of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listPaymentPurpose`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `PP01` is the purpose, `PP02` the direction.
    /// A last segment that starts with `V` reports a value of the wrong form.
    Q011 = "Q011";

    /// A source of wealth of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listSourceOfWealth`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `SOW01` is the code of the source. A last
    /// segment that starts with `V` reports a value of the wrong form.
    Q012 = "Q012";

    /// An activity of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listActivity`. The path in the report says
    /// which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `ACT01` is the activity type. A last segment
    /// that starts with `V` reports a value of the wrong form.
    Q013 = "Q013";

    /// A payment country of the customer has a problem.
    ///
    /// This segment stands for the customer's own list `listPaymentCountry`. The path in the report
    /// says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `RC01` is the country, `RC02` the direction.
    /// A last segment that starts with `V` reports a value of the wrong form.
    Q014 = "Q014";

    /// A country where the customer pays tax has a problem.
    ///
    /// This segment stands for the customer's own list `listCountryOfTaxPayment`. The path in the
    /// report says which entry of the list is meant, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `COTP01` is the country. A last segment that
    /// starts with `V` reports a value of the wrong form.
    Q017 = "Q017";

    /// The name of a related entity is not complete.
    ///
    /// This segment stands for the name fields of an entry of `listRelatedEntity`. A person needs a
    /// first and a last name, an organization needs a title.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code: `I01` is the first name, `I02` the last name, `O01` the
    /// title.
    RE04 = "RE04";

    /// A contact or an address of a related entity has a problem.
    ///
    /// This segment stands for the lists `listContact` and `listAddress` inside an entry of
    /// `listRelatedEntity`.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `Co1` and `Co2` belong to a contact, `ADR01`
    /// and `ADR02` to an address. The path tells which entry.
    RE06 = "RE06";

    /// A country of birth or registration of a related entity is wrong.
    ///
    /// This segment stands for `birthCountry` and `registrationCountry` of an entry of
    /// `listRelatedEntity`.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code: `I06` is the birth country of a person, `REG` the
    /// registration country of an organization.
    RE07 = "RE07";

    /// An identity document of a related entity has a problem.
    ///
    /// This segment stands for the list `listBusinessEntityDocument` inside an entry of
    /// `listRelatedEntity`. The path in the report gives both positions, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `DOC01` to `DOC07` are the fields of a
    /// document. A last segment that starts with `V` reports a value of the wrong form.
    RE08 = "RE08";

    /// An income source of a related entity has a problem.
    ///
    /// This segment stands for the list `listIncomeSource` inside an entry of `listRelatedEntity`.
    /// The path in the report gives both positions, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `INC01` is the type of income. A last
    /// segment that starts with `V` reports a value of the wrong form.
    RE09 = "RE09";

    /// An activity of a related entity has a problem.
    ///
    /// This segment stands for the list `listActivity` inside an entry of `listRelatedEntity`. The
    /// path in the report gives both positions, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `ACT01` is the activity type. A last segment
    /// that starts with `V` reports a value of the wrong form.
    RE10 = "RE10";

    /// A region where a related entity is active has a problem.
    ///
    /// This segment stands for the list `listRegionOfActivity` inside an entry of
    /// `listRelatedEntity`. The path in the report gives both positions, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `RA01` is the region. A last segment that
    /// starts with `V` reports a value of the wrong form.
    RE11 = "RE11";

    /// A country where a related entity is active has a problem.
    ///
    /// This segment stands for the list `listCountryOfActivity` inside an entry of
    /// `listRelatedEntity`. The path in the report gives both positions, counted from 0.
    ///
    /// ## Fix
    ///
    /// Read the last segment of the code for the rule: `CA01` is the country. A last segment that
    /// starts with `V` reports a value of the wrong form.
    RE12 = "RE12";
}
