//! The tests of the project, in one binary: facts stated from outside.

mod commands;
mod conformance;
mod crash;
mod encodings;
mod examples;
mod generate;
mod hints;
mod hostile;
mod html;
mod laws;
mod lists;
mod map;
mod memory;
mod outbox;
mod pages;
mod places;
mod privacy;
mod profiles;
mod rooms;
mod schema;
mod site;
mod spreadsheet;
mod support;
mod tables;
mod watching;
mod workbook;
