//! What a broadcast says to one recipient: its subject and body are templates over the fields of the recipient's own file. The
//! engine is minijinja, in its strictest mode, without files, macros or anything that could run long.

mod check;
mod fields;
mod source;
mod tags;

use std::borrow::Cow;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter};

use super::checklist::block;
use super::formats::one_line;
use crate::contact::{Code, Document};
use crate::text::{Span, invisible};
use crate::vault::{FileId, Vault};
use source::Source;

pub use check::check;
pub use fields::{fault as name_fault, is_withheld, near as near_name};
pub use tags::blocks_around;

/// No template is longer, in bytes.
const LONGEST_TEMPLATE: usize = 256 * 1024;

/// No message is longer, in bytes.
const LONGEST_MESSAGE: usize = 256 * 1024;

/// What one message may cost: one a step, and one for each 64 bytes that it makes. A few milliseconds.
const FUEL: u64 = 20_000;

/// No list is written with more items.
const MOST_ITEMS: usize = 1000;

/// How deep loops may lie in each other.
const DEEPEST: usize = 30;

/// Filters of the engine that are of no use in a message, or pass over what is missing without a word.
const NO_FILTERS: &[&str] = &[
    "e",
    "escape",
    "safe",
    "pprint",
    "indent",
    "bool",
    "chain",
    "zip",
    "attr",
    "items",
    "dictsort",
    "groupby",
    "selectattr",
    "rejectattr",
    "batch",
    "slice",
];

/// A message to one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// One line; `None` where the broadcast has none.
    pub subject: Option<String>,
    /// The text: no blank lines around it, one line feed at its end.
    pub body: String,
}

/// Why there is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which kind of problem.
    pub code: Code,
    /// Where in the broadcast.
    pub span: Span,
    /// What is wrong, in words for a person.
    pub message: String,
    /// The field that is missing, where that is what is wrong.
    pub lacks: Option<String>,
    /// Whom the message was tried for; `None` where it is wrong for everybody.
    pub recipient: Option<FileId>,
}

/// The templates of one broadcast, read once for all recipients.
pub struct Templates {
    engine: Environment<'static>,
    subject: Option<Source>,
    body: Source,
    nature: Nature,
}

/// How much messages may differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nature {
    /// At most by an alias.
    Same,
    /// By fields that not everybody has.
    Differs,
    /// And one may cost more than its length.
    Loops,
}

/// The message of a broadcast to one recipient.
pub fn message(vault: &Vault, document: &Document<'_>, recipient: FileId) -> Result<Message, Fault> {
    Templates::new(vault, document)?.message(vault, recipient)
}

/// How somebody is addressed: by their own wish, their name, or what the sender calls them.
pub fn greeting<'d>(document: &'d Document<'_>, alias: &'d str) -> &'d str {
    document.text_of("greeting").or_else(|| document.text_of("name")).unwrap_or(alias)
}

/// How many of these people are greeted by their alias, for they have neither `greeting` nor `name`; 0 where the message greets nobody.
pub fn greeted_by_alias(vault: &Vault, document: &Document<'_>, recipients: impl Iterator<Item = FileId>) -> usize {
    if hole(document, "greeting").is_none() {
        return 0;
    }
    let has_none = |file: &FileId| {
        let document = vault.file(*file).document();
        document.text_of("greeting").is_none() && document.text_of("name").is_none()
    };
    recipients.filter(has_none).count()
}

/// Where the message shows the alias.
pub fn alias_hole(document: &Document<'_>) -> Option<Span> {
    hole(document, "alias").or_else(|| alias_by_key(document))
}

/// Where the message shows the alias by `fields`.
fn alias_by_key(document: &Document<'_>) -> Option<Span> {
    let list = block::find(document).ok()?;
    let sources = Source::subject(document).into_iter().chain([Source::body(document, list)]);
    sources.into_iter().find_map(|source| {
        let bare: Vec<usize> = ["fields[\"alias\"]", "fields['alias']", "fields.alias"]
            .iter()
            .filter_map(|written| source.text.find(written))
            .collect();
        bare.into_iter().min().map(|at| source.span(at, at + "fields".len()))
    })
}

/// Where a name first stands in the message.
fn hole(document: &Document<'_>, name: &str) -> Option<Span> {
    let list = block::find(document).ok()?;
    let sources = Source::subject(document).into_iter().chain([Source::body(document, list)]);
    sources.into_iter().find_map(|source| {
        let found = tags::look(&source.text).ok()?;
        let at = found.names.iter().find(|(word, _)| *word == name).map(|(_, at)| *at)?;
        Some(source.span(at, at + name.len()))
    })
}

impl Templates {
    /// Reads the templates. What is refused is no message to anybody: a list that would be sent along, a template that cannot be
    /// read, a field that does not exist.
    pub fn new(vault: &Vault, document: &Document<'_>) -> Result<Self, Fault> {
        let broken = |fault: block::Fault| Fault::new(Code::TemplateSyntax, fault.span, fault.message);
        let list = block::find(document).map_err(broken)?;
        if let Some(stray) = block::stray(vault, document, list) {
            return Err(broken(stray));
        }
        let (subject, body) = (Source::subject(document), Source::body(document, list));
        let mut templates = Self { engine: engine(), subject: None, body, nature: Nature::Same };
        if let Some(subject) = &subject {
            templates.add("subject", subject, vault)?;
        }
        templates.subject = subject;
        let body = templates.body.clone();
        templates.add("body", &body, vault)?;
        Ok(templates)
    }

    fn add(&mut self, name: &'static str, source: &Source, vault: &Vault) -> Result<(), Fault> {
        let syntax = |range: std::ops::Range<usize>, message: String| {
            Fault::new(Code::TemplateSyntax, source.span(range.start, range.end), message)
        };
        if source.text.len() > LONGEST_TEMPLATE {
            return Err(syntax(0..0, "a message has no more than 256 KiB".to_owned()));
        }
        let tags = tags::look(&source.text).map_err(|(range, message)| syntax(range, message))?;
        let added = self.engine.add_template_owned(Cow::Borrowed(name), source.text.clone());
        added.map_err(|error| syntax(error.range().unwrap_or(0..0), syntax_words(&error)))?;
        let asked = self.engine.get_template(name).map(|template| template.undeclared_variables(false)).unwrap_or_default();
        let first = tags.names.iter().find(|(name, _)| asked.contains(*name) && fields::fault(vault, name).is_some());
        if let Some((name, at)) = first {
            let message = fields::fault(vault, name).unwrap_or_default();
            return Err(Fault::new(Code::TemplateUnknownField, source.span(*at, at + name.len()), message));
        }
        let differs = tags.names.iter().any(|(name, _)| *name != "alias");
        let nature = if tags.loops { Nature::Loops } else { Nature::Differs };
        self.nature = self.nature.max(if differs || tags.loops { nature } else { Nature::Same });
        Ok(())
    }

    /// What the broadcast says to one recipient.
    pub fn message(&self, vault: &Vault, recipient: FileId) -> Result<Message, Fault> {
        let fields = fields::of(vault, recipient);
        let write = |name: &str, source: &Source| -> Result<String, Fault> {
            let template = self.engine.get_template(name);
            let written = template.and_then(|template| template.render(fields.clone()));
            let text = written.map_err(|error| fault(vault, recipient, source, &error))?;
            if text.len() > LONGEST_MESSAGE {
                let message = "a message has no more than 256 KiB".to_owned();
                return Err(Fault::new(Code::TemplateSyntax, source.span(0, 0), message));
            }
            Ok(text)
        };
        let subject = self.subject.as_ref().map(|source| write("subject", source)).transpose()?;
        // Characters that drive a terminal or a printer are no text, whoever wrote them into a field.
        let text = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
        let body = write("body", &self.body)?.replace("\r\n", "\n").replace('\r', "\n").replace(|c| !text(c), "");
        let trimmed = without_blank_lines(&body);
        if trimmed.chars().all(|c| c.is_whitespace() || invisible::is_ignorable(c)) {
            let who = super::markup::shortened(vault.file(recipient).alias(), 80);
            let fault = Fault::new(Code::MessageEmpty, self.body.span(0, 0), format!("the message to {who} has no text"));
            return Err(Fault { recipient: Some(recipient), ..fault });
        }
        // A line break in a name must not begin another header.
        let subject = subject.map(|subject| one_line(subject.trim()));
        Ok(Message { subject, body: format!("{trimmed}\n") })
    }
}

impl Fault {
    fn new(code: Code, span: Span, message: String) -> Self {
        Self { code, span, message, lacks: None, recipient: None }
    }
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_debug(true);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(DEEPEST);
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    engine.set_formatter(write_value);
    engine.remove_global("debug");
    NO_FILTERS.iter().for_each(|name| engine.remove_filter(name));
    engine
}

/// Lists as people write them, with commas; what is missing in them is missing.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            for (count, item) in value.try_iter()?.enumerate() {
                // The engine repeats a list without making it, and so without charging for it.
                if count == MOST_ITEMS {
                    return Err(Error::from(ErrorKind::OutOfFuel));
                }
                if item.is_undefined() || !matches!(item.kind(), ValueKind::String | ValueKind::Number) {
                    return Err(Error::new(ErrorKind::InvalidOperation, "this list holds more than texts"));
                }
                if count > 0 {
                    out.write_str(", ").map_err(|_| Error::from(ErrorKind::WriteFailure))?;
                }
                escape_formatter(out, state, &item)?;
            }
            Ok(())
        }
        ValueKind::String | ValueKind::Number | ValueKind::Bool => escape_formatter(out, state, value),
        _ => Err(Error::new(ErrorKind::InvalidOperation, "this is no text")),
    }
}

/// What went wrong while a message was written.
fn fault(vault: &Vault, recipient: FileId, source: &Source, error: &Error) -> Fault {
    let range = error.range().unwrap_or(0..0);
    let span = source.span(range.start, range.end);
    let tried = |code: Code, message: String| Fault { recipient: Some(recipient), ..Fault::new(code, span, message) };
    let detail = error.detail().unwrap_or("");
    let missing = detail.split_once("` is undefined").and_then(|(before, _)| before.rsplit('`').next());
    if let Some(name) = missing {
        let root = name.split(['.', '[']).next().unwrap_or(name);
        if let Some(message) = fields::fault(vault, root) {
            return tried(Code::TemplateUnknownField, message);
        }
        let who = super::markup::shortened(vault.file(recipient).alias(), 80);
        let lacks = Some(name.to_owned());
        return Fault { lacks, ..tried(Code::TemplateMissingValue, format!("{who} has no `{name}`")) };
    }
    let message = match error.kind() {
        ErrorKind::OutOfFuel => "this takes too long, or makes too much text, for one message".to_owned(),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            detail.replace(" is unknown", " is not known in messages")
        }
        _ if detail.is_empty() => error.kind().to_string(),
        _ => detail.to_owned(),
    };
    tried(Code::TemplateSyntax, message)
}

/// What the engine could not read, in words for a person.
fn syntax_words(error: &Error) -> String {
    let detail = error.detail().unwrap_or("this cannot be read");
    match detail.strip_prefix("unknown statement ") {
        Some(word) if word.starts_with("end") || word == "else" || word == "elif" => format!("`{word}` closes nothing here"),
        Some(word) => format!("`{word}` is not known in messages: there are `if`, `for`, `set` and `with`"),
        None => detail.replace("end of input", "end of the message").replace("variable block", "`{{ … }}`"),
    }
}

fn without_blank_lines(text: &str) -> &str {
    let text = text.trim_end();
    let start = text.len() - text.trim_start().len();
    &text[crate::text::lines::line_start(text, start)..]
}
