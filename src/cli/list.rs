//! `guanxi list`: exact, ordered by alias.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::open::{self, Opened};
use super::out::{self, Exit, Failure, Outcome, say};
use super::query::{QueryArgument, parse, parse_strict};
use super::{Global, report};
use crate::contact::tag;
use crate::disk::{Rules, Standing, Status, Watcher};
use crate::features::audience::counts;
use crate::features::formats::{self, Format};
use crate::features::list::list;
use crate::features::recipients::{Reason, Recipient, Recipients, recipients};
use crate::vault::query::{Query, Term, Value};
use crate::vault::{Change, Coverage, FileId, Vault, VaultPath};

/// The arguments of `guanxi list`.
#[derive(Debug, Args)]
pub struct List {
    /// A query such as '#lead #new-york'; everybody without one
    #[arg(allow_hyphen_values = true, value_name = "QUERY", value_parser = QueryArgument)]
    query: Option<String>,
    /// Carries this tag; may be repeated
    #[arg(short, long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// The shape of the answer
    #[arg(short, long, value_parser = format_parser(), default_value = "names")]
    format: Format,
    /// Stay, and print the list again whenever it changes
    #[arg(short, long)]
    watch: bool,
}

/// Reads the name of a format.
pub fn format_parser() -> impl TypedValueParser<Value = Format> {
    let names: Vec<&'static str> = Format::ALL.iter().map(|format| format.name()).collect();
    PossibleValuesParser::new(names)
        .map(|name| Format::ALL.iter().copied().find(|format| format.name() == name).unwrap_or(Format::Names))
}

/// Runs it.
pub fn run(global: &Global, arguments: &List) -> Outcome {
    if arguments.format.is_for_sending() {
        refuse_blank(arguments.query.as_deref(), &arguments.tags)?;
    }
    let text = query_text(arguments.query.as_deref(), &arguments.tags)?;
    // The query first: a wrong one costs no disk.
    let query = if arguments.format.is_for_sending() { parse_strict(&text)? } else { parse(&text)? };
    if arguments.watch {
        return watch(global, arguments, &text, &query);
    }
    let coverage = coverage(&query, arguments.format);
    let opened =
        if arguments.format.is_for_sending() { open::open_to_send(global, coverage)? } else { open::open(global, coverage)? };
    let answer = answer(&opened.vault, &text, &query, arguments.format)?;
    if !arguments.format.is_for_sending() {
        hint_at_tags(&opened.vault, &query);
    }
    out::print_list(arguments.format, &answer.0)?;
    Ok(answer.1)
}

/// A word to search for that is the name of a tag was most likely meant as one.
fn hint_at_tags(vault: &Vault, query: &Query) {
    for term in query.terms() {
        if let Term::Word { value: Value::Text { text, .. }, .. } = term
            && let Some(view) = vault.tags().get(&tag::key(text.trim()))
        {
            let shown = vault.shown(view);
            say(&format!("`{text}` is searched for in all texts; the tag is {}", tag::as_term(shown)));
        }
    }
}

/// How much of the files must be understood: a checklist links to people, and has to know which names lead to them.
fn coverage(query: &Query, format: Format) -> Coverage {
    match format {
        // Who is left out for another file's sake is told by everybody's addresses; a checklist links to people by their names.
        format if format.is_for_sending() => Coverage::Whole,
        _ if query.asks_bodies() => Coverage::Texts,
        _ => Coverage::Heads,
    }
}

/// The query that the arguments make: the query itself, tags as terms of their own.
pub fn query_text(query: Option<&str>, tags: &[String]) -> Result<String, Failure> {
    let mut text = query.unwrap_or("").to_owned();
    if !tags.is_empty() && Query::parse(&text).is_ok() {
        text = format!("({text})");
    }
    for tag in tags {
        let tag = tag.trim().trim_start_matches('#');
        if let Some(fault) = crate::contact::tag::fault(tag) {
            return Err(Failure::Message(format!("-t `{tag}`: {fault}")));
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&crate::contact::tag::as_term(tag));
    }
    Ok(if text.trim().is_empty() { "kind:contact".to_owned() } else { text })
}

/// Where messages go out, a query that is empty is no way to say everybody: it may be a variable that nobody set.
pub fn refuse_blank(query: Option<&str>, tags: &[String]) -> Result<(), Failure> {
    if tags.is_empty() && query.is_some_and(|query| query.trim().is_empty()) {
        return Err("the query is empty: to mean everybody, say `kind:contact`".to_owned().into());
    }
    Ok(())
}

fn answer(vault: &Vault, text: &str, query: &Query, format: Format) -> Result<(String, Exit), Failure> {
    let listed = if format.is_for_sending() {
        let result = recipients(vault, query, format.channel()).map_err(|refused| report::refused(text, &refused))?;
        tell_counts(&result);
        result.chosen
    } else {
        let files = list(vault, query).map_err(|error| report::query_failure(text, &error))?;
        files.into_iter().map(|file| Recipient { file, address: None }).collect()
    };
    let exit = if listed.is_empty() { Exit::Nothing } else { Exit::Done };
    let written = formats::write(vault, &listed, format);
    warn(format, &listed, &written);
    Ok((written, exit))
}

/// Says on stderr what to know of a list before it is used.
pub fn warn(format: Format, recipients: &[Recipient], written: &str) {
    formats::warnings(format, recipients, written).iter().for_each(|words| say(words));
}

/// Says on stderr how many are left out, and how many of them for a doubt that a line in some file lifts.
pub fn tell_counts(result: &Recipients) {
    let (chosen, left_out) = counts(result);
    let doubts = result.left_out.iter().filter(|(_, reason)| reason.name() == "in-doubt").count();
    say(&format!("{chosen}, {}, {doubts} in doubt", left_out.as_deref().unwrap_or("0 left out")));
}

/// A line for everybody who is left out, with the reason.
pub fn reasons(vault: &Vault, result: &Recipients) -> Vec<String> {
    let line = |(file, reason): &(FileId, Reason)| {
        let alias = formats::one_line(vault.file(*file).alias());
        format!("left out: {alias} — {}", reason.words(vault, *file))
    };
    result.left_out.iter().map(line).collect()
}

/// What a vault was told so far of files that could be read, in it and beside it.
pub fn told(vault: &Vault) -> impl Iterator<Item = (VaultPath, Standing, &str)> {
    let members = vault.files().map(|(_, file)| (file, Standing::Member));
    let beside = vault.beside().into_iter().flat_map(Vault::files).map(|(_, file)| (file, Standing::Beside));
    // The beginning of a file that cannot be read as a whole is not what it says.
    let beside = beside.filter(|(file, _)| !vault.is_unreadable(file.path()));
    members.chain(beside).map(|(file, standing)| (file.path().clone(), standing, file.text()))
}

/// Prints the list, then again after each burst of changes that alters it, until somebody ends it.
fn watch(global: &Global, arguments: &List, text: &str, query: &Query) -> Outcome {
    let root = open::root(global)?;
    let mut ignored = open::settings(&root).ignore;
    // A "no" beside the vault counts where messages may go out.
    let rules_without = |ignored: &[String]| -> Rules {
        let rules = open::rules_without(&root, ignored);
        if arguments.format.is_for_sending() { rules.with_beside() } else { rules }
    };
    let rules = rules_without(&ignored);
    // Begin to watch, then scan: what changes in between is seen twice, never missed.
    let mut watcher = Watcher::start(&root, rules.clone(), open::mode(&root))?;
    match watcher.status() {
        Status::Native => {}
        Status::Polling { reason } => say(&format!("looking for changes every few seconds: {reason}")),
        Status::Off => say("watching is off (watch: off in guanxi.yaml)"),
    }
    let coverage = if arguments.format.is_for_sending() { Coverage::Whole } else { Coverage::Texts };
    let mut vault = open::load(&root, &rules, coverage);
    open::misplaced_settings(&open::start(global)?, &root, &mut vault);
    open::tell_unreadable(&vault);
    watcher.known(told(&vault));
    let mut opened = Opened { root: root.clone(), vault: std::mem::ManuallyDrop::new(vault) };
    let mut shown: Option<String> = None;
    loop {
        let (now, _) = match answer(&opened.vault, text, query, arguments.format) {
            Ok(answer) => answer,
            // A tag that nobody carries for the moment ends a list, not the watching.
            Err(Failure::Told) if shown.is_some() => (String::new(), Exit::Nothing),
            Err(Failure::Message(message)) if shown.is_some() => {
                say(&message);
                (String::new(), Exit::Nothing)
            }
            Err(failure) => return Err(failure),
        };
        if shown.as_deref() != Some(&now) {
            out::print_list(arguments.format, &format!("{now}\n"))?;
            shown = Some(now);
        }
        if watcher.status() == Status::Off {
            return Ok(Exit::Done);
        }
        // What the vault was told, not what the disk says by now: the two agree once nothing more is told.
        if opened.vault.config().ignore != ignored {
            ignored.clone_from(&opened.vault.config().ignore);
            watcher.use_rules(rules_without(&ignored));
        }
        for change in watcher.next(None) {
            if let Change::Unreadable { path, reason } = &change {
                say(&format!("passed over {path}: {reason}"));
            }
            opened.vault.apply(change);
        }
    }
}
