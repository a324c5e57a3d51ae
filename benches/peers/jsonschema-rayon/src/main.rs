//! Peers of the comparison that are libraries: each a plain program around one crate.

mod floor;
mod validate;

use std::error::Error;
use std::process::ExitCode;

/// A little faster than the default one for the many small values of JSON.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
Usage: rust-peers jsonschema FILE SCHEMA FOLDER   lines of JSON: validated, three files written, all cores
       rust-peers serde FILE                      lines of JSON: parsed into a borrowed struct, one thread
       rust-peers serde-wrapper FILE              the same for one object with the array `customers`
       rust-peers quick-xml FILE                  events counted, file mapped, one thread
       rust-peers quick-xml-buffered FILE         events counted, file read in pieces, one thread
       rust-peers csv FILE                        records counted, one thread";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["jsonschema", file, schema, folder] => validate::validate(file, schema, folder),
        ["serde", file] => floor::serde(file),
        ["serde-wrapper", file] => floor::serde_wrapper(file),
        ["quick-xml", file] => floor::quick_xml(file),
        ["quick-xml-buffered", file] => floor::quick_xml_buffered(file),
        ["csv", file] => floor::csv(file),
        _ => Err(USAGE.into()),
    };
    finish(done)
}

fn finish(done: Result<String, Box<dyn Error>>) -> ExitCode {
    match done {
        Ok(counts) => {
            println!("{counts}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
