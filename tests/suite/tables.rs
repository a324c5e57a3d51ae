//! The tables of the program against the contract, restated in `tests/fixtures/contract`: 88 fields of
//! the customer, 94 fields of nested objects, every code with its place, path and message.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use kyc_import::contract::{CUSTOMER, Check};
use kyc_import::contract::{EntityType, Field, Foreign, Kind, Need, Object};
use kyc_import::rules::{documented, reportable};

use crate::support::project;

/// One field, as the contract states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldRow {
    /// The object it belongs to: `Customer`, `AddressApi`.
    pub object: String,
    /// The JSON name.
    pub name: String,
    /// An old JSON spelling, or nothing.
    pub old_name: String,
    /// The XML name.
    pub xml: String,
    /// `string`, `date`, `enum`, `list`, ...
    pub kind: String,
    /// The values of an enum, the name of a classifier, the object that is nested.
    pub values: String,
    /// The most characters, or nothing.
    pub chars_max: String,
    /// The entity type that owns the field, or nothing.
    pub owner: String,
    /// What is reported on an entity of the other type.
    pub stranger: String,
    /// When the field is mandatory.
    pub need: String,
    /// When it is for a lead.
    pub lead_need: String,
    /// The code when it is mandatory and absent.
    pub missing: String,
    /// The code when its value is wrong.
    pub invalid: String,
    /// The scope of its items' codes.
    pub scope: String,
    /// The XML name of its items.
    pub item: String,
    /// Whether it is known from old documents only.
    pub legacy: bool,
}

/// One code in one place, as the contract states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeRow {
    /// The place in the order of reporting.
    pub order: u16,
    /// The code.
    pub code: String,
    /// `error`, `warning` or `alias`.
    pub severity: String,
    /// Whether the code is printed in a public source.
    pub documented: bool,
    /// Whether a table check reports it, or a rule over more than one field.
    pub of_table: bool,
    /// The path, with `i` and `j` for indices; several are separated by a bar.
    pub path: String,
    /// The message, with names in braces for what differs.
    pub message: String,
}

fn rows(name: &str, columns: usize) -> Vec<Vec<String>> {
    let path = project().join("tests/fixtures/contract").join(name);
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    let rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(rows.iter().all(|row| row.len() == columns), "{name}: every row has {columns} cells");
    rows
}

/// Every field of the contract.
pub fn fields() -> &'static [FieldRow] {
    static FIELDS: LazyLock<Vec<FieldRow>> = LazyLock::new(read_fields);
    &FIELDS
}

/// Every code of the contract.
pub fn codes() -> &'static [CodeRow] {
    static CODES: LazyLock<Vec<CodeRow>> = LazyLock::new(read_codes);
    &CODES
}

fn read_fields() -> Vec<FieldRow> {
    let row = |cells: Vec<String>| {
        let [
            object,
            name,
            old_name,
            xml,
            kind,
            values,
            chars_max,
            owner,
            stranger,
            need,
            lead_need,
            missing,
            invalid,
            scope,
            item,
            legacy,
        ]: [String; 16] = cells.try_into().expect("16 cells");
        let legacy = legacy == "legacy";
        FieldRow {
            object,
            name,
            old_name,
            xml,
            kind,
            values,
            chars_max,
            owner,
            stranger,
            need,
            lead_need,
            missing,
            invalid,
            scope,
            item,
            legacy,
        }
    };
    rows("fields.tsv", 16).into_iter().map(row).collect()
}

fn read_codes() -> Vec<CodeRow> {
    let row = |cells: Vec<String>| {
        let [order, code, severity, status, origin, path, message]: [String; 7] =
            cells.try_into().expect("7 cells");
        CodeRow {
            order: order.parse().expect("a number"),
            code,
            severity,
            documented: status == "documented",
            of_table: origin == "table",
            path,
            message,
        }
    };
    rows("codes.tsv", 7).into_iter().map(row).collect()
}

/// The program's tables in the same shape.
fn own_fields() -> Vec<FieldRow> {
    let mut all = Vec::new();
    collect(&CUSTOMER, &mut BTreeSet::new(), &mut all);
    all
}

fn collect(object: &'static Object, seen: &mut BTreeSet<&'static str>, all: &mut Vec<FieldRow>) {
    if !seen.insert(object.name) {
        return;
    }
    all.extend(object.fields.iter().map(|field| own_field(object, field)));
    for field in object.fields {
        if let Kind::Object(inner) | Kind::Objects(inner) = field.kind {
            collect(inner, seen, all);
        }
    }
}

fn own_field(object: &'static Object, field: &'static Field) -> FieldRow {
    let code = |check: &Option<Check>| check.map(|check| check.part.code().to_string());
    let invalid = match field.kind {
        Kind::Values(item) => code(&item.fields[0].invalid),
        _ => code(&field.invalid),
    };
    let (need, lead_need) = needs(field.need);
    FieldRow {
        object: object.name.to_owned(),
        name: field.name.to_owned(),
        old_name: field.alias.unwrap_or_default().to_owned(),
        xml: field.xml_name().to_owned(),
        kind: field.kind.name().to_owned(),
        values: values(field.kind),
        chars_max: field.chars_max.map(|max| max.to_string()).unwrap_or_default(),
        owner: field.only.map(|only| only.owner.as_str()).unwrap_or_default().to_owned(),
        stranger: field.only.map(stranger).unwrap_or_default().to_owned(),
        need: need.to_owned(),
        lead_need: lead_need.to_owned(),
        missing: code(&field.missing).unwrap_or_default(),
        invalid: invalid.unwrap_or_else(|| form_code(field).to_owned()),
        scope: field.scope.map(|scope| scope.segment).unwrap_or_default().to_owned(),
        item: field.kind.items().map(|item| item.item).unwrap_or_default().to_owned(),
        legacy: field.legacy,
    }
}

fn values(kind: Kind) -> String {
    match kind {
        Kind::Enum(values) => values.join("|"),
        Kind::Classifier(list) => list.name().to_owned(),
        Kind::Object(object) | Kind::Objects(object) => object.name.to_owned(),
        Kind::Values(object) => values(object.fields[0].kind),
        _ => String::new(),
    }
}

fn stranger(only: kyc_import::contract::field::Only) -> &'static str {
    match (only.foreign, only.owner) {
        (Foreign::Documented(_), EntityType::Organization) => "C014",
        (Foreign::Documented(_), EntityType::Individual) => "C015",
        (Foreign::Implied(_), _) => "W012",
        (Foreign::Unused, _) => "W004",
    }
}

/// When a field is mandatory for a customer, and when for a lead.
fn needs(need: Need) -> (&'static str, &'static str) {
    let same = |need| (need, need);
    match need {
        Need::Never => same(""),
        Need::Always => same("always"),
        Need::Single => same("mode single"),
        Need::Import => ("source IMPORT", ""),
        Need::MultiOrganization => same("several organizations"),
        Need::Individual => same("individual"),
        Need::IndividualLead => ("", "individual"),
        Need::Organization => same("organization"),
        Need::Closed => same("status CLOSED"),
        Need::OwnerOrganization => same("customer organization"),
        Need::OneOf("to") => same("without to"),
        Need::OneOf("from") => same("without from"),
        Need::OneOf(other) => panic!("no field needs {other} beside it"),
    }
}

/// The code of a value that has not the form of its type, where the table names no other.
fn form_code(field: &Field) -> &'static str {
    match field.kind {
        Kind::Date => "V001",
        Kind::Boolean => "V003",
        Kind::Integer | Kind::BigInteger => "V004",
        Kind::Decimal => "V005",
        Kind::Enum(_) => "V006",
        Kind::Text if field.chars_max.is_some() => "V007",
        Kind::Text | Kind::Classifier(_) => "",
        Kind::AdditionalValue => "AV07",
        Kind::Object(_) | Kind::Objects(_) | Kind::Values(_) => "V008",
    }
}

#[test]
fn the_contract_has_88_fields_of_the_customer_and_94_of_22_objects() {
    let (own, nested): (Vec<&FieldRow>, Vec<&FieldRow>) =
        fields().iter().partition(|field| field.object == "Customer");
    assert_eq!((own.len(), nested.len()), (88, 94));
    let objects: BTreeSet<&str> = nested.iter().map(|field| field.object.as_str()).collect();
    assert_eq!(objects.len(), 22);
}

#[test]
fn every_field_of_the_contract_is_in_the_tables_as_it_is_stated() {
    let (mut stated, mut own) = (fields().to_vec(), own_fields());
    // The tables of the program may stand in another order of objects, never of fields.
    stated.sort_by(|a, b| a.object.cmp(&b.object));
    own.sort_by(|a, b| a.object.cmp(&b.object));
    for (stated, own) in stated.iter().zip(&own) {
        assert_eq!(own, stated);
    }
    assert_eq!(own.len(), stated.len());
}

#[test]
fn names_that_break_the_rule_are_the_known_ones() {
    let capital = |name: &str| name[..1].to_uppercase() + &name[1..];
    let mut exceptions: Vec<(String, String)> = own_fields()
        .into_iter()
        .filter(|field| field.xml != capital(&field.name))
        .map(|field| (field.name, field.xml))
        .collect();
    exceptions.sort();
    let expected = [("amount", "Value"), ("code", "SourceOfWealthCode"), ("giin", "GIIN"), ("lei", "LEI")];
    assert_eq!(exceptions, expected.map(|(json, xml)| (json.to_owned(), xml.to_owned())));

    let items: BTreeSet<(String, String)> = own_fields()
        .into_iter()
        .filter(|field| !field.item.is_empty() && field.xml != format!("List{}", field.item))
        .map(|field| (field.xml, field.item))
        .collect();
    let expected = [("InitializeScreeningProcesses", "Process"), ("ListAdditionalValues", "AdditionalValue")];
    assert_eq!(items, expected.map(|(list, item)| (list.to_owned(), item.to_owned())).into());

    let old: BTreeSet<String> = own_fields().into_iter().map(|field| field.old_name).collect();
    assert_eq!(old, ["", "GIIN", "LEI"].map(str::to_owned).into());
}

#[test]
fn names_are_found_as_they_are_spelled_and_in_no_other_way() {
    use kyc_import::contract::Spelling::{Json, Xml};
    for field in fields().iter().filter(|field| field.object == "Customer") {
        let index = CUSTOMER.find(Json, &field.name).expect("a JSON name");
        assert_eq!(CUSTOMER.find(Xml, &field.xml), Some(index), "{}", field.xml);
        if !field.old_name.is_empty() {
            assert_eq!(CUSTOMER.find(Json, &field.old_name), Some(index), "{}", field.old_name);
        }
        assert_eq!(CUSTOMER.find(Json, &field.name.to_uppercase()).is_some(), !field.old_name.is_empty());
        assert_eq!(CUSTOMER.find(Xml, &field.name), None, "{}", field.name);
    }
}

#[test]
fn the_tables_report_every_table_row_of_the_contract_and_nothing_else() {
    let stated: BTreeSet<(u16, String, String, String)> = codes()
        .iter()
        .filter(|row| row.of_table)
        .map(|row| (row.order, row.code.clone(), row.path.clone(), row.message.clone()))
        .collect();
    let own: BTreeSet<(u16, String, String, String)> = reportable()
        .into_iter()
        .map(|place| (place.order, place.code.to_string(), place.path, place.message))
        .collect();
    let lacking: Vec<_> = stated.difference(&own).collect();
    let surplus: Vec<_> = own.difference(&stated).collect();
    assert!(lacking.is_empty() && surplus.is_empty(), "lacking {lacking:#?}\nsurplus {surplus:#?}");
    assert_eq!(reportable().len(), own.len(), "nothing is listed twice");
}

#[test]
fn what_the_tables_report_comes_in_the_order_of_reporting() {
    let orders: Vec<u16> = reportable().iter().map(|place| place.order).collect();
    assert!(orders.is_sorted());
}

#[test]
fn the_documented_codes_are_the_36_that_a_public_source_prints() {
    let stated: BTreeSet<String> =
        codes().iter().filter(|row| row.documented).map(|row| row.code.clone()).collect();
    let own: BTreeSet<String> = documented().iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(own, stated);
    assert_eq!(own.len(), 36);
}
