//! `guanxi help`: a command's help, the query language, or what a problem's code means. Nothing is looked up elsewhere.

use clap::{Args, CommandFactory};

use super::out::{Exit, Outcome};
use crate::contact::Code;
use crate::features::explain;
use crate::text::fold;

/// The arguments of `guanxi help`.
#[derive(Debug, Args)]
pub struct Help {
    /// A command, `query`, or the code of a problem such as `email-invalid`; without one, all commands
    #[arg(value_name = "TOPIC")]
    topic: Vec<String>,
}

/// Prints it.
pub fn run(help: &Help) -> Outcome {
    let topic: Vec<&str> = help.topic.iter().map(String::as_str).collect();
    let page = match topic.as_slice() {
        ["query"] => Some(explain::QUERY),
        [code] => explain::code(code),
        _ => None,
    };
    if let Some(page) = page {
        super::out::print(&format!("{}\n", page.trim_end()))?;
        return Ok(Exit::Done);
    }
    let mut all = super::Arguments::command();
    all.build();
    let mut command = &mut all;
    for name in &topic {
        let Some(inner) = command.find_subcommand_mut(name) else { return Err(unknown(&topic.join(" ")).into()) };
        command = inner;
    }
    super::out::print(&command.render_long_help().to_string())?;
    Ok(Exit::Done)
}

fn unknown(topic: &str) -> String {
    let commands = super::Arguments::command();
    let names = commands.get_subcommands().map(clap::Command::get_name).chain(["query"]);
    let known: Vec<&str> = names.chain(Code::ALL.iter().map(|code| code.name())).collect();
    let near = known.iter().filter_map(|known| Some((fold::distance(topic, known, 3)?, known))).min();
    let hint = near.map_or_else(String::new, |(_, known)| format!(": is `{known}` meant?"));
    format!("there is no help on `{topic}`{hint}")
}
