//! The door to the terminal: arguments in, features asked, answers to stdout, everything else to stderr. One file per command.

mod ask;
mod broadcast;
mod check;
mod complete;
mod find;
mod help;
mod init;
mod list;
mod lsp;
mod new;
mod open;
mod out;
mod page;
mod progress;
mod query;
mod report;
mod show;
mod signals;
mod tag;
mod tags;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use open::{load, rules};
pub use out::{Exit, Failure, Outcome};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "guanxi", version, about = "A plain-text contact book: contacts are Markdown files, tags are an index, queries mean what they say.", after_help = AFTER_HELP, max_term_width = 110, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
The vault is the folder --vault, else GUANXI_VAULT, else the nearest folder upward from here that holds guanxi.yaml.
Exit codes: 0 found or done, 1 nothing found or problems found, 2 error.

  guanxi list '#lead #new-york'                everybody who carries both tags
  guanxi list '#lead (#boston | #new-york) -has:emails'
  guanxi find wxm                              王小明, by the initials of his name";

/// Options that stand on every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The vault, or a folder inside it
    #[arg(long, global = true, value_name = "DIR")]
    vault: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new vault: folders, guanxi.yaml, .gitattributes
    Init(init::Init),
    /// Write a new contact
    New(new::New),
    /// Everybody whom a query means, exactly, ordered by alias
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Look somebody up by any part of a name, by pinyin, number, mail or tag; the best answers first
    Find(find::Find),
    /// Show one contact
    Show(show::Show),
    /// Every tag, its count and its meaning
    Tags(tags::Tags),
    /// Add, remove or rename a tag
    #[command(subcommand)]
    Tag(tag::Tag),
    /// Find what is wrong in the vault
    Check(check::Check),
    /// Who gets a message, and what it says to each
    #[command(subcommand)]
    Broadcast(broadcast::Broadcast),
    /// Serve an editor: the language server over stdin and stdout
    Lsp(lsp::Lsp),
    /// Print the completion script for a shell
    Completions(complete::Completions),
    /// Show the help of a command, the query language, or what the code of a problem means
    Help(help::Help),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| out::usage(&query::with_nearest(error)));
    let global = &arguments.global;
    let outcome = match &arguments.command {
        Command::Init(command) => init::run(global, command),
        Command::New(command) => new::run(global, command),
        Command::List(command) => list::run(global, command),
        Command::Find(command) => find::run(global, command),
        Command::Show(command) => show::run(global, command),
        Command::Tags(command) => tags::run(global, command),
        Command::Tag(command) => tag::run(global, command),
        Command::Check(command) => check::run(global, command),
        Command::Broadcast(command) => broadcast::run(global, command),
        Command::Lsp(command) => lsp::run(command),
        Command::Completions(command) => complete::run(command),
        Command::Help(command) => help::run(command),
    };
    out::exit_code(outcome)
}
