//! `guanxi broadcast list`: who gets a message, and who does not and why.

use clap::Args;

use crate::cli::list::{format_parser, query_text, reasons, refuse_blank, tell_counts, warn};
use crate::cli::open::{self, Opened};
use crate::cli::out::{self, Exit, Failure, Outcome, say};
use crate::cli::query::{QueryArgument, parse_strict};
use crate::cli::{Global, report};
use crate::features::Here;
use crate::features::audience::{self, Request};
use crate::features::diagnostics::Surroundings;
use crate::features::formats::{self, Format};
use crate::features::recipients::Recipients;
use crate::features::record;
use crate::vault::query::{Query, Term};
use crate::vault::{Coverage, FileId, Vault, path};

/// The arguments of `broadcast list`.
#[derive(Debug, Args)]
pub struct List {
    /// A query, or a broadcast file
    #[arg(value_name = "QUERY or FILE", required_unless_present = "tags", allow_hyphen_values = true, value_parser = QueryArgument)]
    target: Option<String>,
    /// Carries this tag; may be repeated
    #[arg(short, long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// The channel: email, sms, phone, wechat, …; who lacks its field is left out
    #[arg(long, value_name = "CHANNEL")]
    via: Option<String>,
    /// The shape of the answer
    #[arg(short, long, value_parser = format_parser(), default_value = "names")]
    format: Format,
    /// Name everybody who is left out, with the reason
    #[arg(short, long)]
    reasons: bool,
}

/// Runs it.
pub fn run(global: &Global, arguments: &List) -> Outcome {
    let opened = open::open_to_send(global, Coverage::Whole)?;
    let file = match &arguments.target {
        Some(one) if names_file(one) && !arguments.tags.is_empty() => {
            return Err(format!("-t goes with a query, and {one} says itself who is meant: take one of the two").into());
        }
        Some(one) if names_file(one) => match opened.contact(one) {
            Err(_) if is_query(one) => None,
            found => Some(found?),
        },
        _ => None,
    };
    let mut request = match file {
        Some(id) => of_file(&opened, id)?,
        None => {
            refuse_blank(arguments.target.as_deref(), &arguments.tags)?;
            let text = query_text(arguments.target.as_deref(), &arguments.tags)?;
            let query = parse_strict(&text)?;
            Request::of_query(text, query, None)
        }
    };
    let via = arguments.format.via(arguments.via.as_deref().or(request.via.as_deref()))?.map(str::to_owned);
    request.via = via;
    let result = request.recipients(&opened.vault).map_err(|refused| report::refused(&request.text, &refused))?;
    if arguments.format == Format::Json && arguments.reasons {
        out::print_data(&full_json(&opened.vault, &result))?;
    } else {
        let mut written = formats::write(&opened.vault, &result.chosen, arguments.format);
        let told = if arguments.reasons { reasons(&opened.vault, &result) } else { Vec::new() };
        // For eyes they follow the list; what is made for sending holds nothing but the list.
        let is_for_eyes = matches!(arguments.format, Format::Names | Format::Table);
        if is_for_eyes && !told.is_empty() {
            written.push_str(&format!("\n{}\n", told.join("\n")));
        }
        out::print_list(arguments.format, &written)?;
        warn(arguments.format, &result.chosen, &written);
        told.iter().filter(|_| !is_for_eyes).for_each(|line| say(line));
    }
    tell_counts(&result);
    Ok(if result.chosen.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Is it a query, whatever it ends with: `#lead -path:people/bo.md`?
fn is_query(target: &str) -> bool {
    let is_term = |term: &Term| !matches!(term, Term::Word { .. } | Term::And(_) | Term::Or(_) | Term::Not(_));
    Query::parse(target).is_ok_and(|query| query.terms().into_iter().any(is_term))
}

/// What ends so is a file, anything else a query.
fn names_file(target: &str) -> bool {
    path::is_markdown(target)
}

/// What a broadcast file asks; refused while the file has an error.
fn of_file(opened: &Opened, id: FileId) -> Result<Request, Failure> {
    let exists = super::exists(opened);
    Ok(audience::request(&Here::of_file(&opened.vault, id), &Surroundings::new(&exists))?)
}

/// Both lists, with the reasons.
fn full_json(vault: &Vault, result: &Recipients) -> String {
    format!("{:#}\n", record::report(vault, result, |file| record::json(vault, file)))
}
