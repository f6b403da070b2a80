//! A query as an argument: told from an option that does not exist, read by the profile of what it is for.

use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::out::Failure;
use super::report;
use crate::features::list::AskError;
use crate::text::fold;
use crate::vault::query::{Query, starts_like_query};

/// Reads the argument that is a query. It may begin with a minus sign: what begins like no query is an option that does not exist.
#[derive(Clone, Debug)]
pub struct QueryArgument;

impl TypedValueParser for QueryArgument {
    type Value = String;

    fn parse_ref(&self, command: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        let Some(text) = value.to_str() else { return Err(Error::new(ErrorKind::InvalidUtf8).with_cmd(command)) };
        if !text.starts_with('-') || starts_like_query(text) || is_after_dashes(value) {
            return Ok(text.to_owned());
        }
        let mut error = Error::new(ErrorKind::UnknownArgument).with_cmd(command);
        error.insert(ContextKind::InvalidArg, ContextValue::String(text.to_owned()));
        if let Some(near) = nearest(command, text) {
            error.insert(ContextKind::SuggestedArg, ContextValue::String(near));
        }
        Err(error)
    }
}

/// The same hint for an option that no query stands before: clap looks for none where a value could follow.
pub fn with_nearest(mut error: Error) -> Error {
    use clap::CommandFactory;
    let unknown = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(unknown)) if error.kind() == ErrorKind::UnknownArgument => unknown.clone(),
        _ => return error,
    };
    let mut command = super::Arguments::command();
    command.build();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut found = &command;
    while let Some(inner) = found.get_subcommands().find(|inner| words.iter().any(|word| word == inner.get_name())) {
        found = inner;
    }
    if let Some(near) = nearest(found, &unknown) {
        error.remove(ContextKind::Suggested);
        error.insert(ContextKind::SuggestedArg, ContextValue::String(near));
    }
    error
}

/// Does it stand after `--`? Then it is no option, whatever it begins with.
fn is_after_dashes(value: &OsStr) -> bool {
    std::env::args_os().skip_while(|argument| argument != "--").skip(1).any(|argument| argument == value)
}

/// The option that a misspelt one was most likely meant to be.
fn nearest(command: &Command, text: &str) -> Option<String> {
    let name = text.trim_start_matches('-').split('=').next()?.to_lowercase();
    let longs: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
    let begins = |long: &&&str| name.len() > 1 && long.starts_with(&name);
    let near = |long: &str| fold::distance(&name, long, 2).map(|distance| (distance, long.to_owned()));
    let limited = longs.iter().filter_map(|long| near(long)).min().map(|(_, long)| long);
    let format = ["json", "csv", "vcf", "names", "table", "emails", "bcc", "mailto", "checklist"].contains(&name.as_str());
    let found = limited.or_else(|| longs.iter().find(begins).map(|long| (*long).to_owned()));
    if format { Some(format!("--format {name}")) } else { found.map(|long| format!("--{long}")) }
}

/// Reads a query; what is wrong with it is shown with a caret.
pub fn parse(text: &str) -> Result<Query, Failure> {
    Query::parse(text).map_err(|error| report::query_failure(text, &AskError::Syntax(error)))
}

/// The same for one that decides who receives something, or whose files change.
pub fn parse_strict(text: &str) -> Result<Query, Failure> {
    Query::parse_strict(text).map_err(|error| report::query_failure(text, &AskError::Syntax(error)))
}
