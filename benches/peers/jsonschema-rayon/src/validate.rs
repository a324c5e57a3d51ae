//! Validates lines of JSON with a JSON Schema on all cores, and writes three files.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use jsonschema::{PatternOptions, Validator};
use rayon::prelude::*;
use serde_json::{Value, json};

/// How much one task reads, validates and writes.
const BLOCK_BYTES: usize = 1024 * 1024;

/// Whole lines, and where in the file they begin.
struct Block {
    offset: u64,
    lines: Vec<u8>,
}

/// What became of the lines of one block.
#[derive(Default)]
struct Judged {
    valid: Vec<u8>,
    invalid: Vec<u8>,
    errors: Vec<u8>,
    accepted: u64,
    rejected: u64,
}

/// Writes `valid.ndjson`, `invalid.ndjson` and `errors.ndjson` into a folder.
pub fn validate(file: &str, schema: &str, folder: &str) -> Result<String, Box<dyn Error>> {
    let schema: Value = serde_json::from_slice(&fs::read(schema)?)?;
    let validator = jsonschema::options().with_pattern_options(PatternOptions::regex()).build(&schema)?;
    let folder = Path::new(folder);
    let mut valid = File::create(folder.join("valid.ndjson"))?;
    let mut invalid = File::create(folder.join("invalid.ndjson"))?;
    let mut errors = File::create(folder.join("errors.ndjson"))?;

    let at_once = rayon::current_num_threads() * 2;
    let mut blocks = Blocks { file: File::open(file)?, offset: 0, rest: Vec::new() };
    let mut next = blocks.take(at_once)?;
    let (mut accepted, mut rejected) = (0, 0);
    while !next.is_empty() {
        let current = std::mem::take(&mut next);
        let (judged, read) = rayon::join(
            || current.into_par_iter().map(|block| judge(&validator, &block)).collect::<Vec<_>>(),
            || blocks.take(at_once),
        );
        next = read?;
        for block in judged {
            valid.write_all(&block.valid)?;
            invalid.write_all(&block.invalid)?;
            errors.write_all(&block.errors)?;
            accepted += block.accepted;
            rejected += block.rejected;
        }
    }
    Ok(format!("read={} rejected={rejected}", accepted + rejected))
}

/// A file in blocks of whole lines.
struct Blocks {
    file: File,
    offset: u64,
    rest: Vec<u8>,
}

impl Blocks {
    fn take(&mut self, count: usize) -> io::Result<Vec<Block>> {
        let mut blocks = Vec::with_capacity(count);
        for _ in 0..count {
            let mut lines = Vec::with_capacity(BLOCK_BYTES);
            lines.append(&mut self.rest);
            let room = (BLOCK_BYTES - lines.len()) as u64;
            let read = (&mut self.file).take(room).read_to_end(&mut lines)?;
            if read > 0 {
                let end = lines.iter().rposition(|&byte| byte == b'\n').ok_or(io::ErrorKind::InvalidData)?;
                self.rest = lines.split_off(end + 1);
            }
            if lines.is_empty() {
                break;
            }
            let offset = self.offset;
            self.offset += lines.len() as u64;
            blocks.push(Block { offset, lines });
        }
        Ok(blocks)
    }
}

fn judge(validator: &Validator, block: &Block) -> Judged {
    let mut judged = Judged { valid: Vec::with_capacity(block.lines.len()), ..Judged::default() };
    let mut offset = block.offset;
    for line in block.lines.split_inclusive(|&byte| byte == b'\n') {
        let errors = violations(validator, line);
        if errors.is_empty() {
            judged.valid.extend_from_slice(line);
            judged.accepted += 1;
        } else {
            judged.invalid.extend_from_slice(line);
            let report = json!({ "offset": offset, "errors": errors });
            writeln!(judged.errors, "{report}").expect("a vector takes everything");
            judged.rejected += 1;
        }
        offset += line.len() as u64;
    }
    judged
}

fn violations(validator: &Validator, line: &[u8]) -> Vec<Value> {
    let record = match serde_json::from_slice::<Value>(line) {
        Ok(record) => record,
        Err(error) => return vec![json!({ "path": "", "message": error.to_string() })],
    };
    // The quick question first: most records are valid.
    if validator.is_valid(&record) {
        return Vec::new();
    }
    let errors = validator.iter_errors(&record);
    errors
        .map(|error| json!({ "path": error.instance_path().as_str(), "message": error.to_string() }))
        .collect()
}
