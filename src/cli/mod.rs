//! The command line: arguments, one file per command, exit codes.

mod check;
mod doctor;
mod exit;
mod explain;
mod init;
mod interrupt;
mod map;
mod metrics;
mod progress;
mod purge;
mod rebuild;
mod register;
mod reprocess;
mod run;
mod schema;
mod session;
mod shell;
mod status;
mod style;
mod summary;
mod template;
mod verify;
mod watch;
mod words;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand, ValueEnum};

use tracing_subscriber::filter::LevelFilter;

use crate::config::{Config, ConfigError, LeaseSetting, RulesConfig, THREADS_MAX, encoding};
use crate::contract::{List, schema::SCHEMA_SHA256};
use crate::digest::Digest;
use crate::pipeline::{ImportError, Installation, Settings};
use crate::report::{ClassifierSummary, RulesSummary};
use crate::rules::{Context, Mode};
use crate::store::{LockError, StoreError, shown};

pub use exit::Exit;

/// Imports files with customers and leads: validates every record by the rules of the customer REST
/// API, and writes accepted records and per-record error reports.
#[derive(Debug, Parser)]
#[command(name = "kyc-import", version, max_term_width = 80, after_help = exit::HELP)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// What every command understands.
#[derive(Debug, Args)]
struct Common {
    /// The folder that holds inbox, outbox and archive
    #[arg(long, global = true, default_value = ".", value_name = "DIR", env = "KYC_IMPORT_ROOT")]
    root: PathBuf,
    /// The configuration file [default: kyc-import.toml in the root folder, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "KYC_IMPORT_CONFIG")]
    config: Option<PathBuf>,
    /// How log lines on standard error are written
    #[arg(long, global = true, value_enum, default_value = "text", env = "KYC_IMPORT_LOG_FORMAT")]
    log_format: OutputFormat,
    /// What is logged: error, warn, info, debug [default: warn; info for watch]
    #[arg(long, global = true, value_name = "LEVEL", env = "KYC_IMPORT_LOG")]
    log_level: Option<LevelFilter>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Import the files of the inbox, or named files and folders
    Run(run::Run),
    /// Pick up files as they arrive, until a signal comes
    Watch(watch::Watch),
    /// Validate files without importing them; `-` is standard input
    Check(check::Check),
    /// Run the rejected records of a batch again, or its original file
    Reprocess(reprocess::Reprocess),
    /// Show the last batches, what waits for a correction, and what waits in the inbox
    Status(status::Status),
    /// Make the folders, a commented configuration and samples
    Init(init::Init),
    /// Try everything that is needed before the first file is there
    Doctor(doctor::Doctor),
    /// Compare published batches with their manifests and with the ledger
    Verify(verify::Verify),
    /// Make the ledger anew from published batches and the archive
    RebuildLedger(rebuild::RebuildLedger),
    /// Remove what has been kept long enough
    Purge(purge::Purge),
    /// Import or export the known customers and communication numbers
    Register(register::RegisterCommand),
    /// Explain a code or a field
    Explain(explain::Explain),
    /// Print an empty file with the names of all fields, mandatory ones first
    Template(template::Template),
    /// Print a source profile for an unknown CSV export, as far as it can be guessed
    Map(map::Map),
    /// Print the contract as JSON Schema
    Schema(schema::Schema),
    /// Print the completions of a shell
    Completions(shell::Completions),
    /// Print the manual page, or that of a command
    Man(shell::Manual),
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How the results of judging are told.
#[derive(Debug, Clone, Copy, Args)]
struct Results {
    /// End with 0 where records were rejected
    #[arg(long)]
    exit_zero: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value = "text", env = "KYC_IMPORT_FORMAT")]
    format: OutputFormat,
}

/// How records are judged.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
struct Judging {
    #[command(flatten)]
    rules: RulesConfig,
    /// The folder with one file per classifier, named after it
    #[arg(long, value_name = "DIR", env = "KYC_IMPORT_CLASSIFIERS")]
    classifiers: Option<PathBuf>,
    /// The encoding of text that does not tell it itself, such as windows-1257, or auto; wins over those of
    /// the sources in the configuration
    #[arg(long, value_name = "NAME", env = "KYC_IMPORT_ENCODING")]
    encoding: Option<String>,
    /// How many workers [default: one for every core]
    #[arg(long, value_name = "N", env = "KYC_IMPORT_THREADS", value_parser = clap::value_parser!(u16).range(1..=i64::from(THREADS_MAX)))]
    threads: Option<u16>,
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Usage(String),
    #[error("cannot write the results: {0}")]
    Output(#[from] std::io::Error),
    #[error(
        "the inbox is not there ({}): make it with `kyc-import init`, or mount the share that belongs there",
        shown(.0)
    )]
    NoInbox(PathBuf),
    #[error("interrupted; nothing of the file at hand was imported")]
    Interrupted,
    #[error("the clock of this machine stands before 1970: set it, since every batch is dated by it")]
    Clock,
}

impl CommandError {
    /// Whether the ledger failed, without which nothing can be decided.
    fn is_of_ledger(&self) -> bool {
        match self {
            Self::Import(error) => error.is_of_ledger(),
            Self::Store(error) => error.is_of_ledger(),
            _ => false,
        }
    }
}

/// Runs the program and returns how it ends.
pub fn main(arguments: Arguments) -> Exit {
    start_log(&arguments);
    let Arguments { command, common } = arguments;
    let result = match command {
        _ if SystemTime::now() < UNIX_EPOCH => Err(CommandError::Clock),
        Command::Run(run) => run.run(&common),
        Command::Watch(watch) => watch.run(&common),
        Command::Check(check) => check.run(&common),
        Command::Reprocess(reprocess) => reprocess.run(&common),
        Command::Status(status) => status.run(&common),
        Command::Init(init) => init.run(&common),
        Command::Doctor(doctor) => doctor.run(&common),
        Command::Verify(verify) => verify.run(&common),
        Command::RebuildLedger(rebuild) => rebuild.run(&common),
        Command::Purge(purge) => purge.run(&common),
        Command::Register(register) => register.run(&common),
        Command::Explain(explain) => explain.run(),
        Command::Template(template) => template.run(),
        Command::Map(map) => map.run(),
        Command::Schema(schema) => schema.run(&common),
        Command::Completions(completions) => completions.run(),
        Command::Man(manual) => manual.run(),
    };
    result.unwrap_or_else(|error| {
        let exit = Exit::of(&error);
        // A reader that has gone away, as `head` does, needs no message.
        if exit != Exit::Success {
            complain(&error);
        }
        exit
    })
}

/// How one file ended. A file that failed by itself does not stop the others; an interrupt, results that
/// nobody takes and a ledger that fails do.
fn go_on(ended: Result<Exit, CommandError>) -> Result<Exit, CommandError> {
    match ended {
        Err(error @ (CommandError::Import(_) | CommandError::Store(_)))
            if Exit::of(&error) != Exit::Interrupted && !error.is_of_ledger() =>
        {
            complain(&error);
            Ok(Exit::of(&error))
        }
        ended => ended,
    }
}

fn complain(error: &CommandError) {
    anstream::eprintln!("{}error:{} {error}", style::ERROR, style::RESET);
    if let CommandError::Store(error) | CommandError::Import(ImportError::Store(error)) = error
        && error.is_of_ledger()
    {
        anstream::eprintln!("`kyc-import doctor` says what to do");
    }
}

fn start_log(Arguments { command, common }: &Arguments) {
    let default = if matches!(command, Command::Watch(_)) { LevelFilter::INFO } else { LevelFilter::WARN };
    let builder = tracing_subscriber::fmt()
        .with_max_level(common.log_level.unwrap_or(default))
        .with_writer(std::io::stderr);
    match common.log_format {
        OutputFormat::Text => builder.with_ansi(false).init(),
        OutputFormat::Json => builder.json().init(),
    }
}

impl Common {
    /// The configuration of a root folder that is there.
    fn load(&self) -> Result<Config, ConfigError> {
        if !self.root.is_dir() {
            return Err(ConfigError::Value {
                setting: "--root".to_owned(),
                detail: format!("{} is no folder that is there", shown(&self.root)),
            });
        }
        Config::load(self.config.as_deref(), &self.root)
    }
}

/// Everything a batch is judged by, and how summaries name it.
struct Prepared {
    installation: Installation,
    config: Config,
    /// Where measures are written.
    metrics: Option<PathBuf>,
}

impl Judging {
    fn prepare(self, common: &Common) -> Result<Prepared, ConfigError> {
        let config = common.load()?;
        let folders = config.folders(&common.root)?;
        let classifiers = config.classifiers(self.classifiers.as_deref(), &common.root)?;
        let limits = config.limits.limits()?;
        config.inbox.scan_every()?;
        let mut sources = config.sources()?;
        if let Some(name) = &self.encoding {
            sources = sources.with_encoding(encoding("--encoding", name)?);
        }
        let options = self.rules.over(config.rules.clone()).options()?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = config.threads(cores)?;
        let threads = self.threads.map_or(threads, usize::from);
        let settings = Settings { context: Context::new(options, classifiers), limits, threads, sources };
        let rules = rules_summary(&settings.context);
        let installation = Installation {
            folders,
            settings,
            rules,
            spool: config.inbox.spool.into(),
            lease: config.inbox.lease == LeaseSetting::Auto,
            identifiers_bytes_max: config.limits.identifiers_bytes_max()?,
            records_per_file: config.output.records_per_file()?,
        };
        let metrics = config.metrics.path.as_ref().map(|path| common.root.join(path));
        Ok(Prepared { installation, config, metrics })
    }
}

impl Prepared {
    /// The inbox, which must be there.
    fn inbox(&self) -> Result<&Path, CommandError> {
        let inbox = &self.installation.folders.inbox;
        if inbox.is_dir() { Ok(inbox) } else { Err(CommandError::NoInbox(inbox.clone())) }
    }
}

/// The rules as summaries name them.
fn rules_summary(context: &Context) -> RulesSummary {
    let classifiers = &context.classifiers;
    let given = List::ALL.iter().filter(|(list, _)| classifiers.is_given(*list));
    let one = |(list, name): &(List, &'static str)| {
        let codes = classifiers.codes(*list);
        let text: String = codes.iter().flat_map(|code| [code.as_ref(), "\n"]).collect();
        ClassifierSummary { name, codes: codes.len(), sha256: Digest::of(text.as_bytes()).hex() }
    };
    let mode = match context.options.mode {
        Mode::Single => "single",
        Mode::Batch => "batch",
        Mode::File => "file",
    };
    RulesSummary { mode, contract: SCHEMA_SHA256, classifiers: given.map(one).collect() }
}
