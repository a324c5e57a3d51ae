//! What names, places and codes are drawn from.

pub const FIRST_NAMES: &[&str] = &[
    "Jonas", "Ona", "Peter", "Marta", "Lukas", "Ieva", "Tomas", "Greta", "Andrew", "Rasa", "Karolis", "Emma",
    "Mantas", "Sofia", "Paulius", "Laura", "Viktor", "Egle", "Robert", "Julija", "Simon", "Daiva", "Henrik",
    "Monika",
];

pub const LAST_NAMES: &[&str] = &[
    "Petrauskas",
    "Johnson",
    "Kazlauskas",
    "Berzins",
    "Novak",
    "Jankauskas",
    "Schneider",
    "Tamm",
    "Kowalski",
    "Vasiliauskas",
    "Larsen",
    "Urbonas",
    "Brown",
    "Ozolins",
    "Butkus",
    "Fernandez",
    "Virtanen",
    "Paulauskas",
];

pub const TITLES: &[&str] = &[
    "Northern Timber Trade",
    "Baltic Freight",
    "Amber Coast Foods",
    "Riverside Energy",
    "First Grain House",
    "Harbour Logistics",
    "Silver Birch Software",
    "Old Town Bakery",
    "Granite Works",
    "Blue Lagoon Travel",
];

pub const CITIES: &[&str] = &["Vilnius", "Kaunas", "Riga", "Tallinn", "Warsaw", "Berlin", "Utena", "Gdansk"];

pub const STREETS: &[&str] = &["Gedimino pr.", "Laisves al.", "Brivibas iela", "Narva mnt", "Main street"];

/// Free texts of two, three and four bytes a letter.
pub const NON_ASCII: &[&str] = &[
    "Žemaitė Šarūnienė",
    "Жанна Агузарова",
    "Ελένη Παπαδοπούλου",
    "山田太郎",
    "Łukasz Błaszczyk",
    "𝒜mber 🏦 Ṽ",
];

/// What stands behind a free text that needs escapes: quotes, separators, line breaks, markup.
pub const ESCAPED: &[&str] =
    &[" \"North\" & Sons", ", <div>; \\ Co", "\tO'Neil", " <b>&amp;</b>", "\nsecond line"];

pub const COUNTRIES: &[&str] =
    &["LT", "LT", "LT", "LV", "EE", "PL", "DE", "GB", "US", "UA", "FI", "SE", "IE", "FR", "JP"];

pub const RISK_LEVELS: &[&str] = &["LOW", "LOW", "LOW", "MEDIUM", "MEDIUM", "HIGH", "NONE", "EXTREME"];

/// Without `CLOSED`, which needs a date.
pub const STATUSES: &[&str] = &["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "PENDING", "SUSPENDED", "REJECTED"];

pub const LEGAL_FORMS: &[&str] = &["LTD", "COOPERATIVE", "CORPORATION"];

pub const RELATIONS: &[&str] = &["OWNER", "DIRECTOR", "SHAREHOLDER", "MANAGER"];

pub const NO_COUNTRIES: &[&str] = &["ZZ", "XX", "lt", "LTU"];

pub const NO_DATES: &[&str] = &["2023-13-05", "05.01.2023", "22023-01-20", "2023-02-32", "2023/05/01"];
