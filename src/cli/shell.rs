//! `completions` and `man`: the command line for shells and readers of manuals.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, CommandError, Exit};

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<Exit, CommandError> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "kyc-import", &mut text);
        io::Write::write_all(&mut io::stdout(), &text)?;
        Ok(Exit::Success)
    }
}

pub(super) fn man() -> Result<Exit, CommandError> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut text)?;
    io::Write::write_all(&mut io::stdout(), &text)?;
    Ok(Exit::Success)
}
