//! `init`: folders, a commented configuration and samples.

use std::io::Write;
use std::path::Path;

use super::{CommandError, Common, Exit, shown};
use crate::config::{Config, FILE_NAME};
use crate::store::{self, TO_CORRECT};

/// The arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Init {}

/// The commented configuration. Every setting stands there with its default.
const CONFIGURATION: &str = include_str!("../../deploy/kyc-import.toml");

/// Files to try it with.
const SAMPLES: [(&str, &str); 3] = [
    ("individuals.csv", include_str!("../../samples/individuals-semicolon-bom.csv")),
    ("customer.json", include_str!("../../samples/create-customer.json")),
    ("organization.xml", include_str!("../../samples/organization-soap.xml")),
];

impl Init {
    pub(super) fn run(self, common: &Common) -> Result<Exit, CommandError> {
        let folders = Config::load(common.config.as_deref(), &common.root)?.folders(&common.root)?;
        let mut out = std::io::stdout();
        let shared = folders.modes.shared_folder;
        let to_correct = folders.outbox.join(TO_CORRECT);
        for (folder, mode, what) in [
            (&folders.inbox, shared, "drop files here"),
            (&folders.outbox, folders.modes.folder, "results appear here"),
            (&to_correct, shared, "rejected records to be corrected"),
            (&folders.archive, folders.modes.folder, "originals are kept here"),
            (&folders.state, folders.modes.folder, "ledger and register; nothing for people"),
        ] {
            let made = store::make_one_folder(folder, mode)?;
            line(&mut out, !made, &format!("{}/", shown(folder)), what)?;
        }
        let root =
            |name: &str| if common.root == Path::new(".") { name.into() } else { common.root.join(name) };
        write_new(
            &mut out,
            &root(FILE_NAME),
            CONFIGURATION,
            folders.modes.file,
            "every setting, with its default",
        )?;
        let samples = root("samples");
        store::make_one_folder(&samples, folders.modes.folder)?;
        for (name, text) in SAMPLES {
            write_new(
                &mut out,
                &samples.join(name),
                text,
                folders.modes.file,
                "a sample; its customers are invented",
            )?;
        }
        writeln!(
            out,
            "\nnext\n  kyc-import{root} doctor\n      tries the folders\n  kyc-import{root} check {sample}\n      judges a sample and \
             writes nothing\n  cp {sample} {inbox}/ && kyc-import{root} run\n      imports it",
            root = if common.root == Path::new(".") {
                String::new()
            } else {
                format!(" --root {}", shown(&common.root))
            },
            sample = shown(&samples.join("individuals.csv")),
            inbox = shown(&folders.inbox)
        )?;
        Ok(Exit::Success)
    }
}

/// Writes a file that is not there yet; what is there is a person's.
fn write_new(
    out: &mut dyn Write,
    path: &Path,
    text: &str,
    mode: u32,
    what: &str,
) -> Result<(), CommandError> {
    let is_there = std::fs::symlink_metadata(path).is_ok();
    if !is_there {
        store::make_text(path, text, mode)?;
    }
    line(out, is_there, &shown(path), what)
}

/// What was made, or was there before.
fn line(out: &mut dyn Write, is_there: bool, path: &str, what: &str) -> Result<(), CommandError> {
    Ok(writeln!(out, "{}  {path:26}  {what}", if is_there { "there" } else { "made " })?)
}
