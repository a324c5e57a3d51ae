//! Writes a generated customer file: `cargo run --release --example generate -- ndjson 1000000 out.ndjson`.

mod generator;

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::str::FromStr;

use generator::{Format, Shape};

const USAGE: &str = "\
Usage: generate FORMAT RECORDS FILE [OPTIONS]

  FORMAT   csv, ndjson, array, wrapper or xml
  FILE     - is standard output

Options (a share goes from 0.0 to 1.0):
  --seed N           where the random numbers start [1]
  --invalid SHARE    records with one or two violations [0.05]
  --nested SHARE     records with two contacts and one address; not in CSV [0.3]
  --related SHARE    records with two related entities; not in CSV [0]
  --escaped SHARE    records whose texts need escapes or quotes [0]
  --non-ascii SHARE  records whose texts are not ASCII [0]
  --text MIN..MAX    characters of a free text [its natural length]
  --shuffled         an order of fields of its own for every record; in CSV: for the header
  --pretty           white space between names and values; not in CSV";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match generate(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn generate(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    let mut rest = arguments.into_iter();
    let mut next = |what: &str| rest.next().ok_or_else(|| format!("{what} is missing"));
    let format = match next("FORMAT")?.as_str() {
        "csv" => Format::Csv,
        "ndjson" => Format::Ndjson,
        "array" => Format::Array,
        "wrapper" => Format::Wrapper,
        "xml" => Format::Xml,
        other => return Err(format!("{other} is no format").into()),
    };
    let mut shape = Shape::new(format, parsed("RECORDS", &next("RECORDS")?)?);
    let path = next("FILE")?;
    while let Ok(option) = next("option") {
        match option.as_str() {
            "--shuffled" => shape.shuffled = true,
            "--pretty" => shape.pretty = true,
            "--seed" => shape.seed = parsed(&option, &next(&option)?)?,
            "--invalid" => shape.invalid = parsed(&option, &next(&option)?)?,
            "--nested" => shape.nested = parsed(&option, &next(&option)?)?,
            "--related" => shape.related = parsed(&option, &next(&option)?)?,
            "--escaped" => shape.escaped = parsed(&option, &next(&option)?)?,
            "--non-ascii" => shape.non_ascii = parsed(&option, &next(&option)?)?,
            "--text" => shape.text_chars = Some(range(&next(&option)?)?),
            _ => return Err(format!("{option} is no option").into()),
        }
    }
    let invalid = if path == "-" {
        shape.write(&mut std::io::stdout().lock())?
    } else {
        let mut file = File::create(&path).map_err(|error| format!("cannot write {path}: {error}"))?;
        shape.write(&mut file)?
    };
    writeln!(std::io::stderr(), "{} records, {invalid} invalid", shape.records)?;
    Ok(())
}

fn parsed<T: FromStr>(what: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{what}: {text} is no number"))
}

fn range(text: &str) -> Result<RangeInclusive<usize>, String> {
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    let (min, max) = (parsed("--text", min)?, parsed("--text", max)?);
    if min == 0 || min > max {
        return Err(format!("--text: {text} is no range"));
    }
    Ok(min..=max)
}
