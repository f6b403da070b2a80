//! `guanxi find`: forgiving, the best answers first.

use clap::Args;

use super::list::format_parser;
use super::out::{self, Exit, Outcome, say};
use super::{Global, open, report};
use crate::features::find::find;
use crate::features::formats::{self, Format};
use crate::features::recipients::Recipient;
use crate::vault::Coverage;
use crate::vault::search::Options;

/// The arguments of `guanxi find`.
#[derive(Debug, Args)]
pub struct Find {
    /// Any part of a name, pinyin or its initials, a number, a mail address, a word; terms such as '#lead' stay exact
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// The shape of the answer
    #[arg(short, long, value_parser = format_parser(), default_value = "table")]
    format: Format,
    /// At most so many answers
    #[arg(short = 'n', long, default_value_t = 50, value_name = "COUNT")]
    limit: usize,
    /// Search names and fields only, not what stands below them
    #[arg(long)]
    no_body: bool,
}

/// Runs it.
pub fn run(global: &Global, arguments: &Find) -> Outcome {
    let text = arguments.words.join(" ");
    if arguments.format.is_for_sending() {
        return Err("what `find` finds is a guess, and a guess gets no mail: use `list` or `broadcast list` for this format"
            .to_owned()
            .into());
    }
    let mut opened = open::open(global, Coverage::Texts)?;
    opened.vault.prepare_search();
    let options = Options { bodies: !arguments.no_body, limit: arguments.limit };
    let (found, total) = find(&opened.vault, &text, options).map_err(|error| report::query_failure(&text, &error))?;
    if let Ok(query) = crate::vault::query::Query::parse(&text) {
        report::unknown(&text, &crate::vault::query::compile(&query, &opened.vault).1);
    }
    let listed: Vec<Recipient> = found.iter().map(|found| Recipient { file: found.file, address: None }).collect();
    out::print_list(arguments.format, &formats::write(&opened.vault, &listed, arguments.format))?;
    if total > found.len() {
        say(&format!("{} more fit: say more, or use --limit", total - found.len()));
    }
    Ok(if found.is_empty() { Exit::Nothing } else { Exit::Done })
}
