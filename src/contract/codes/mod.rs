//! Every code with its page: what it checks, how to fix it, a rejected and an accepted example.
//! Source: the contract's list of errors. The examples are run as tests.

pub mod customer;
pub mod file;
pub mod item;
pub mod related;
pub mod scope;
pub mod value;
pub mod warning;

use super::code::Part;

/// The families of codes, in the order of the codes document, with their titles.
pub static FAMILIES: &[(&str, &[&Part])] = &[
    ("Files and records", file::ALL),
    ("Customer: what every one has", customer::head::ALL),
    ("Customer: individuals and organizations", customer::entity::ALL),
    ("List items: contacts, addresses, documents", item::identity::ALL),
    ("List items: what a customer does and why", item::profile::ALL),
    ("List items: countries, regions, activities", item::place::ALL),
    ("List items: additional values", item::additional::ALL),
    ("Related entities", related::ALL),
    ("Values", value::ALL),
    ("Warnings", warning::ALL),
    ("Scopes", scope::ALL),
];

/// Every page, in the order of the codes document.
pub fn all() -> impl Iterator<Item = &'static Part> {
    FAMILIES.iter().flat_map(|(_, parts)| parts.iter().copied())
}
