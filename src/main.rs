//! The program: arguments in, exit code out.

use clap::Parser;
use kyc_import::cli::{Arguments, Exit, main as run};

fn main() -> Exit {
    run(Arguments::parse())
}
