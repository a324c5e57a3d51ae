//! `completions` and `man`: the command line for shells and readers of manuals.

use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, CommandError, Exit};
use crate::contract::near::nearest;

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

/// The arguments of `man`.
#[derive(Debug, clap::Args)]
pub struct Manual {
    /// A command [default: the page of the program]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Manual {
    pub(super) fn run(self) -> Result<Exit, CommandError> {
        let mut program = Arguments::command();
        program.build();
        let page = match &self.command {
            None => program,
            Some(name) => {
                let found = program.find_subcommand(name).cloned();
                found.ok_or_else(|| {
                    let names = program.get_subcommands().map(clap::Command::get_name);
                    let near = nearest(name, names).map(|near| format!("; did you mean {near}?"));
                    CommandError::Usage(format!("there is no such command{}", near.unwrap_or_default()))
                })?
            }
        };
        let mut text = Vec::new();
        clap_mangen::Man::new(page).render(&mut text)?;
        io::Write::write_all(&mut io::stdout(), &text)?;
        Ok(Exit::Success)
    }
}
