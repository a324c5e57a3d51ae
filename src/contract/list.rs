//! Classifiers: lists of allowed codes. Country and currency are built in, the others are open until
//! the institution gives them. Source: the contract's classifiers.

use std::collections::HashSet;

/// The classifiers that customer fields use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// ISO 3166-1 alpha-2 country codes.
    Country,
    /// ISO 4217 alphabetic currency codes.
    Currency,
    /// Risk management categories; the marker LEAD makes a record a lead.
    RiskManagementCategory,
    /// Business units of an institution with several organizations.
    BusinessUnit,
    /// Legal forms of organizations.
    LegalForm,
    /// How a related entity is related.
    RelationType,
    /// Types of addresses.
    AddressType,
    /// Types of economic activity.
    ActivityType,
    /// Reasons why the customer came.
    AppealReasonType,
    /// Channels through which the customer came.
    IntroductionSourceType,
    /// Services the customer ordered.
    ServiceType,
    /// Types of declared turnover.
    TurnoverType,
    /// Types of income.
    IncomeSourceType,
    /// Purposes of payments.
    PaymentPurposeType,
    /// Sources of wealth.
    SourceOfWealth,
    /// Regions of activity.
    Region,
}

impl List {
    /// Every classifier, with the name its file carries.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Country, "country"),
        (Self::Currency, "currency"),
        (Self::RiskManagementCategory, "riskManagementCategory"),
        (Self::BusinessUnit, "businessUnit"),
        (Self::LegalForm, "legalForm"),
        (Self::RelationType, "relationType"),
        (Self::AddressType, "addressType"),
        (Self::ActivityType, "activityType"),
        (Self::AppealReasonType, "appealReasonType"),
        (Self::IntroductionSourceType, "introductionSourceType"),
        (Self::ServiceType, "serviceType"),
        (Self::TurnoverType, "turnoverType"),
        (Self::IncomeSourceType, "incomeSourceType"),
        (Self::PaymentPurposeType, "paymentPurposeType"),
        (Self::SourceOfWealth, "sourceOfWealth"),
        (Self::Region, "region"),
    ];

    /// The name its file carries.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Finds a classifier by name, exactly.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(list, _)| *list)
    }

    /// The built-in codes, sorted; none for an open list.
    #[must_use]
    pub const fn built_in(self) -> &'static [&'static str] {
        match self {
            Self::Country => COUNTRIES,
            Self::Currency => CURRENCIES,
            _ => &[],
        }
    }
}

/// The codes in force: built-in lists, and those an institution gives.
#[derive(Debug, Clone)]
pub struct Classifiers {
    lists: [Codes; List::ALL.len()],
}

#[derive(Debug, Clone)]
enum Codes {
    /// Any code is allowed.
    Open,
    /// Codes of two capitals, one bit each.
    Pairs(Box<[u32; 26]>),
    /// Codes compared exactly.
    Set(HashSet<Box<str>>),
}

impl Default for Classifiers {
    fn default() -> Self {
        let mut lists = [const { Codes::Open }; List::ALL.len()];
        for (list, _) in List::ALL {
            if !list.built_in().is_empty() {
                lists[list as usize] = Codes::new(list.built_in().iter().copied());
            }
        }
        Self { lists }
    }
}

impl Codes {
    fn new<'a>(codes: impl Iterator<Item = &'a str> + Clone) -> Self {
        if codes.clone().all(|code| pair(code).is_some()) {
            let mut pairs = Box::new([0; 26]);
            for (first, second) in codes.filter_map(pair) {
                pairs[first] |= 1 << second;
            }
            return Self::Pairs(pairs);
        }
        Self::Set(codes.map(Box::from).collect())
    }

    #[inline]
    fn allows(&self, code: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Pairs(pairs) => pair(code).is_some_and(|(first, second)| pairs[first] & 1 << second != 0),
            Self::Set(set) => set.contains(code),
        }
    }
}

/// The letters of a code of two capitals, as numbers below 26.
#[inline]
fn pair(code: &str) -> Option<(usize, usize)> {
    let &[first, second] = code.as_bytes() else { return None };
    let number = |byte: u8| byte.is_ascii_uppercase().then(|| usize::from(byte - b'A'));
    Some((number(first)?, number(second)?))
}

impl Classifiers {
    /// Whether a code is allowed: exact and case-sensitive; an open list allows any.
    #[must_use]
    #[inline]
    pub fn allows(&self, list: List, code: &str) -> bool {
        self.lists[list as usize].allows(code)
    }

    /// Whether the list is open.
    #[must_use]
    pub fn is_open(&self, list: List) -> bool {
        matches!(self.lists[list as usize], Codes::Open)
    }

    /// Whether the list differs from what is built in.
    #[must_use]
    pub fn is_given(&self, list: List) -> bool {
        !self.codes(list).iter().map(AsRef::as_ref).eq(list.built_in().iter().copied())
    }

    /// How many codes a list holds; none for an open list.
    #[must_use]
    pub fn count(&self, list: List) -> usize {
        match &self.lists[list as usize] {
            Codes::Open => 0,
            Codes::Set(set) => set.len(),
            Codes::Pairs(pairs) => pairs.iter().map(|seconds| seconds.count_ones() as usize).sum(),
        }
    }

    /// Takes the institution's list in place of a built-in or open one.
    pub fn replace<'a>(&mut self, list: List, codes: impl Iterator<Item = &'a str> + Clone) {
        self.lists[list as usize] = Codes::new(codes);
    }

    /// Adds single codes to a list that is not open: `XK`, a crypto currency.
    pub fn add<'a>(&mut self, list: List, codes: impl Iterator<Item = &'a str>) {
        let mut all: HashSet<Box<str>> = self.codes(list).into_iter().collect();
        all.extend(codes.map(Box::from));
        self.lists[list as usize] = Codes::new(all.iter().map(AsRef::as_ref));
    }

    /// The codes of a list, sorted; none for an open list.
    #[must_use]
    pub fn codes(&self, list: List) -> Vec<Box<str>> {
        let mut codes: Vec<Box<str>> = match &self.lists[list as usize] {
            Codes::Open => Vec::new(),
            Codes::Set(set) => set.iter().cloned().collect(),
            Codes::Pairs(pairs) => (0..26)
                .flat_map(|first| (0..26).map(move |second| (first, second)))
                .filter(|&(first, second): &(u8, u8)| pairs[usize::from(first)] & 1 << second != 0)
                .map(|(first, second)| {
                    format!("{}{}", char::from(b'A' + first), char::from(b'A' + second)).into()
                })
                .collect(),
        };
        codes.sort_unstable();
        codes
    }
}

/// ISO 3166-1 alpha-2, 249 codes.
const COUNTRIES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA",
    "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV",
    "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU",
    "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES",
    "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM",
    "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE",
    "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM",
    "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY",
    "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT",
    "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU",
    "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA",
    "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM",
    "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL",
    "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE",
    "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// ISO 4217 alphabetic codes, 183.
const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD",
    "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF",
    "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD",
    "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD",
    "HNL", "HRK", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS",
    "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL",
    "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD",
    "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN",
    "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD",
    "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XAG", "XAU", "XBA", "XBB",
    "XBC", "XBD", "XCD", "XCG", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU", "XTS", "XUA", "XXX", "YER", "ZAR",
    "ZMW", "ZWG", "ZWL",
];
