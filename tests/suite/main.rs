//! The tests of the project, in one binary: facts stated from outside.

mod commands;
mod conformance;
mod corrections;
mod crash;
mod examples;
mod generate;
mod hostile;
mod laws;
mod lists;
mod memory;
mod outbox;
mod pages;
mod places;
mod privacy;
mod rooms;
mod schema;
mod site;
mod support;
mod tables;
mod watching;
