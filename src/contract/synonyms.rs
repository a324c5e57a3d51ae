//! What columns are called in exports of other systems, for the first guess of a mapping. English,
//! Lithuanian, Latvian, Estonian, Polish, German.

use super::tables::customer::{
    APPLICATION_DATE, BIRTH_COUNTRY, BIRTH_DATE, CITIZENSHIP_COUNTRY, CLOSING_DATE, COMMUNICATION_NUMBER,
    CUSTOMER_EXT_ID, CUSTOMER_STATUS, ENTITY_TYPE, ESTABLISHMENT_DATE, FIRST_NAME, INITIAL_DEPOSIT_AMOUNT,
    INITIAL_DEPOSIT_CURRENCY, IS_PEP, LAST_NAME, LEGAL_FORM, LIST_ADDRESS, LIST_CONTACT, NATIONAL_CODE,
    NUMBER_OF_EMPLOYEES, PERMANENT_RESIDENCE_COUNTRY, REGISTRATION_COUNTRY, REQUESTER, RISK_LEVEL,
    RISK_MANAGEMENT_CATEGORY, TITLE,
};
use super::tables::item::{address, contact};
use super::{CUSTOMER, Kind};

/// Where a value goes: a field of the customer, or a field of the first item of a list.
#[derive(Debug, Clone, Copy)]
enum Place {
    Own(usize),
    Item(usize, usize),
}

use Place::{Item, Own};

/// Names without blanks and signs, in lower case.
const WORDS: &[(Place, &[&str])] = &[
    (
        Own(CUSTOMER_EXT_ID),
        &[
            "customerid",
            "clientid",
            "customerno",
            "customernumber",
            "clientcode",
            "customercode",
            "id",
            "klientoid",
            "klientokodas",
            "klientonr",
            "klientonumeris",
            "klientaid",
            "klientakods",
            "kliendinumber",
            "klientid",
            "idklienta",
            "nrklienta",
            "numerklienta",
            "kundennummer",
            "kundennr",
            "kundenid",
        ],
    ),
    (Own(COMMUNICATION_NUMBER), &["messageid", "messageno", "requestid", "pranešimonr", "užklausosnr"]),
    (Own(REQUESTER), &["system", "sourcesystem", "sistema", "sender", "siuntėjas"]),
    (
        Own(FIRST_NAME),
        &["name", "givenname", "forename", "vardas", "vārds", "eesnimi", "imię", "imie", "vorname"],
    ),
    (
        Own(LAST_NAME),
        &[
            "surname",
            "familyname",
            "pavardė",
            "pavarde",
            "uzvārds",
            "perekonnanimi",
            "nazwisko",
            "nachname",
            "familienname",
        ],
    ),
    (
        Own(BIRTH_DATE),
        &[
            "dateofbirth",
            "dob",
            "birthday",
            "gimimodata",
            "gimdata",
            "dzimšanasdatums",
            "sünniaeg",
            "dataurodzenia",
            "geburtsdatum",
        ],
    ),
    (
        Own(NATIONAL_CODE),
        &[
            "personalcode",
            "nationalid",
            "personalid",
            "asmenskodas",
            "ak",
            "personaskods",
            "isikukood",
            "pesel",
            "companycode",
            "registrationnumber",
            "įmonėskodas",
            "juridinioasmenskodas",
            "registrikood",
            "regon",
            "steuernummer",
        ],
    ),
    (
        Own(CITIZENSHIP_COUNTRY),
        &[
            "citizenship",
            "nationality",
            "pilietybė",
            "pilietybe",
            "pilsonība",
            "kodakondsus",
            "obywatelstwo",
            "staatsangehörigkeit",
            "nationalität",
        ],
    ),
    (
        Own(BIRTH_COUNTRY),
        &["countryofbirth", "gimimošalis", "gimimovalstybė", "krajurodzenia", "geburtsland"],
    ),
    (
        Own(PERMANENT_RESIDENCE_COUNTRY),
        &[
            "residence",
            "countryofresidence",
            "residencecountry",
            "gyvenamojišalis",
            "krajzamieszkania",
            "wohnsitzland",
        ],
    ),
    (
        Own(TITLE),
        &[
            "companyname",
            "company",
            "organization",
            "pavadinimas",
            "įmonėspavadinimas",
            "įmonė",
            "nosaukums",
            "nimi",
            "nazwa",
            "nazwafirmy",
            "firma",
            "firmenname",
            "unternehmen",
        ],
    ),
    (
        Own(REGISTRATION_COUNTRY),
        &["countryofregistration", "registracijosšalis", "krajrejestracji", "sitzland"],
    ),
    (Own(LEGAL_FORM), &["teisinėforma", "juridiskāforma", "formaprawna", "rechtsform"]),
    (
        Own(ESTABLISHMENT_DATE),
        &[
            "founded",
            "dateofregistration",
            "incorporationdate",
            "įsteigimodata",
            "įkūrimodata",
            "datazałożenia",
            "gründungsdatum",
        ],
    ),
    (
        Own(NUMBER_OF_EMPLOYEES),
        &["employees", "headcount", "darbuotojųskaičius", "darbuotojai", "mitarbeiter"],
    ),
    (
        Own(RISK_LEVEL),
        &[
            "risk",
            "riskclass",
            "riskgrade",
            "rizika",
            "rizikoslygis",
            "riskaklase",
            "ryzyko",
            "risiko",
            "risikoklasse",
        ],
    ),
    (Own(CUSTOMER_STATUS), &["status", "state", "būsena", "statusas", "statuss", "staatus"]),
    (Own(RISK_MANAGEMENT_CATEGORY), &["category", "kategorija", "kategoria", "kategorie"]),
    (Own(ENTITY_TYPE), &["type", "customertype", "clienttype", "tipas", "klientotipas", "typ", "kundentyp"]),
    (
        Own(APPLICATION_DATE),
        &[
            "applied",
            "onboardingdate",
            "startdate",
            "paraiškosdata",
            "sutartiesdata",
            "datawniosku",
            "antragsdatum",
        ],
    ),
    (
        Own(CLOSING_DATE),
        &["closed", "closedate", "enddate", "uždarymodata", "pabaigosdata", "datazamknięcia"],
    ),
    (Own(IS_PEP), &["pep", "politicallyexposed", "politiškaipažeidžiamas"]),
    (
        Own(INITIAL_DEPOSIT_AMOUNT),
        &["deposit", "depositamount", "amount", "suma", "summa", "kwota", "betrag"],
    ),
    (Own(INITIAL_DEPOSIT_CURRENCY), &["currency", "valiuta", "valūta", "valuuta", "waluta", "währung"]),
    (
        Item(LIST_ADDRESS, address::COUNTRY),
        &["country", "addresscountry", "šalis", "salis", "valstybė", "valsts", "riik", "kraj", "land"],
    ),
    (
        Item(LIST_ADDRESS, address::CITY),
        &["city", "town", "miestas", "pilsēta", "linn", "miasto", "stadt", "ort"],
    ),
    (
        Item(LIST_ADDRESS, address::STREET_ADDRESS),
        &["street", "gatvė", "iela", "tänav", "ulica", "straße", "strasse"],
    ),
    (
        Item(LIST_ADDRESS, address::ZIP_CODE),
        &[
            "zip",
            "postcode",
            "postalcode",
            "paštokodas",
            "pastokodas",
            "pastaindekss",
            "sihtnumber",
            "kodpocztowy",
            "plz",
        ],
    ),
    (
        Item(LIST_ADDRESS, address::ADDRESS_DETAILS),
        &["address", "adresas", "adrese", "aadress", "adres", "adresse"],
    ),
    (
        Item(LIST_CONTACT, contact::CONTACT_DETAILS),
        &[
            "email",
            "mail",
            "emailaddress",
            "elpaštas",
            "elpastas",
            "epasts",
            "epost",
            "phone",
            "phonenumber",
            "mobile",
            "telefonas",
            "tel",
            "telefons",
            "telefon",
            "handy",
        ],
    ),
];

/// The column name of the field that a column of this name may hold.
#[must_use]
pub fn column(name: &str) -> Option<String> {
    let plain: String =
        name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (place, _) = WORDS.iter().find(|(_, names)| names.contains(&plain.as_str()))?;
    Some(match *place {
        Own(index) => CUSTOMER.fields[index].name.to_owned(),
        Item(list, index) => item(list, 0, index)?,
    })
}

/// The column name of a contact's details, for what looks like a contact.
#[must_use]
pub fn contact_column(contact: usize) -> Option<String> {
    item(LIST_CONTACT, contact, contact::CONTACT_DETAILS)
}

/// The column name of the type beside them.
#[must_use]
pub fn contact_type_column(contact: usize) -> Option<String> {
    item(LIST_CONTACT, contact, contact::CONTACT_TYPE)
}

fn item(list: usize, item: usize, index: usize) -> Option<String> {
    let field = &CUSTOMER.fields[list];
    let Kind::Objects(object) = field.kind else { return None };
    Some(format!("{}[{item}].{}", field.name, object.fields[index].name))
}
