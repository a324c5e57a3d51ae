//! Import of files with customers and leads for an anti-money-laundering system.
//!
//! JSON, XML and CSV files are read as streams, every record is judged by the rules of the customer
//! REST API, and what comes out are accepted records in the shape of that API, rejected records in the
//! format they came in, and a report that names every violation with its place.
//!
//! The way in: [`rules::validate`] judges one [`contract::Record`]; [`pipeline::run`] judges a stream;
//! a [`pipeline::Importer`] turns dropped files into batch folders, once each. `ARCHITECTURE.md` shows the rooms.

#![warn(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod cli;
pub mod config;
pub mod contract;
pub mod digest;
pub mod format;
pub mod key;
pub mod pipeline;
pub mod printable;
pub mod report;
pub mod rules;
pub mod store;
pub mod upkeep;
pub mod watch;
