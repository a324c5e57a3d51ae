//! The tables: 88 fields of the customer, 94 fields of 22 nested objects. Source: the
//! contract's tables.

pub mod activity;
pub mod customer;
pub mod item;
pub mod related;
