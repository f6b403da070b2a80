//! `guanxi.yaml`, understood: the vocabulary of tags, who is never written to, where things go, what is left out, how to watch.

use super::doubtful::hidden_word;
use super::mailbox;
use super::problem::{Code, Fix, Problem};
use super::{tag, unfinished};
use crate::text::Span;
use crate::text::yaml::{self, Entry, Node, Value, quote};
use crate::text::{Edit, fold, lines};

/// The name of the file, at the root of a vault.
pub const FILE: &str = "guanxi.yaml";

/// What `guanxi.yaml` says; the defaults where it is silent or missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Is a tag that is not listed an error?
    pub strict: bool,
    /// The vocabulary: tags and their meanings, in the order of the file.
    pub known: Vec<KnownTag>,
    /// The query that is always taken away from a broadcast, and where it stands.
    pub exclude: Option<(String, Span)>,
    /// Addresses that are never written to, whoever has them: mail addresses, numbers, `@domain`.
    pub never: Vec<String>,
    /// Who writes mail: a mailbox.
    pub from: Option<String>,
    /// An account of the person's own settings, by its name.
    pub account: Option<String>,
    /// Where new contacts go, relative to the root.
    pub contacts: String,
    /// Where pictures are.
    pub cards: String,
    /// Where broadcasts are.
    pub broadcasts: String,
    /// Globs of what is left out.
    pub ignore: Vec<String>,
    /// `auto`, `native`, `poll` or `off`.
    pub watch: String,
    /// A tag that is being renamed, and its new name: see [`super::unfinished`].
    pub unfinished: Option<(String, String)>,
    /// Has the file a fault? Then every broadcast refuses: the broken line may have been `exclude`.
    pub faulty: bool,
}

/// A tag of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTag {
    /// As it is written there.
    pub tag: String,
    /// What it means; may be empty.
    pub meaning: String,
    /// Where the tag is written.
    pub span: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            strict: false,
            known: Vec::new(),
            exclude: None,
            never: Vec::new(),
            from: None,
            account: None,
            contacts: "contacts".to_owned(),
            cards: "cards".to_owned(),
            broadcasts: "broadcasts".to_owned(),
            ignore: Vec::new(),
            watch: "auto".to_owned(),
            unfinished: None,
            faulty: false,
        }
    }
}

impl Config {
    /// Reads the text of `guanxi.yaml`. What is wrong with it is in the second answer; the rest still counts.
    pub fn parse(text: &str) -> (Self, Vec<Problem>) {
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let head = yaml::parse(text, Span::new(start, text.len()));
        let mut reader = Reader { text, config: Config::default(), problems: Vec::new() };
        for fault in &head.faults {
            let fix = fault.fix.clone().map(|edit| Fix::of_edit(text, edit));
            reader.problems.push(Problem::new(Code::YamlSyntax, fault.span, fault.message.clone()).with_optional_fix(fix));
        }
        reader.duplicates(&head.entries);
        for entry in &head.entries {
            reader.entry(entry);
        }
        reader.config.faulty = reader.problems.iter().any(|problem| problem.severity() == super::Severity::Error);
        (reader.config, reader.problems)
    }
}

/// The settings there are, each with the section that it stands in.
const SETTINGS: &[(&str, &str)] = &[
    ("", "tags"),
    ("", "broadcast"),
    ("", "vault"),
    ("", "watch"),
    ("tags", "strict"),
    ("tags", "known"),
    ("broadcast", "exclude"),
    ("broadcast", "never"),
    ("broadcast", "from"),
    ("broadcast", "account"),
    ("vault", "contacts"),
    ("vault", "cards"),
    ("vault", "broadcasts"),
    ("vault", "ignore"),
];

struct Reader<'t> {
    text: &'t str,
    config: Config,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry<'_>) {
        let node = &entry.value;
        match entry.key.as_ref() {
            "tags" => self.inside(entry, |reader, inner| match inner.key.as_ref() {
                "strict" => reader.config.strict = reader.truth(&inner.value),
                "known" => reader.known(&inner.value),
                _ => reader.unknown(inner, "tags"),
            }),
            "broadcast" => self.inside(entry, |reader, inner| match inner.key.as_ref() {
                "exclude" => reader.exclude(&inner.value),
                "never" => reader.never(&inner.value),
                "from" => reader.from(&inner.value),
                "account" => reader.account(&inner.value),
                _ => reader.unknown(inner, "broadcast"),
            }),
            "vault" => self.inside(entry, |reader, inner| match inner.key.as_ref() {
                "contacts" => reader.folder(&inner.value, |config| &mut config.contacts),
                "cards" => reader.folder(&inner.value, |config| &mut config.cards),
                "broadcasts" => reader.folder(&inner.value, |config| &mut config.broadcasts),
                "ignore" => {
                    reader.config.ignore = inner.value.items().iter().filter_map(|item| item.text().map(str::to_owned)).collect();
                }
                _ => reader.unknown(inner, "vault"),
            }),
            "watch" => match node.text() {
                Some(word @ ("auto" | "native" | "poll" | "off")) => self.config.watch = word.to_owned(),
                text => {
                    let near = near(text.unwrap_or(""), ["auto", "native", "poll", "off"].into_iter());
                    self.problem_with(node.span, "`watch` is auto, native, poll or off", near);
                }
            },
            unfinished::KEY => self.unfinished(entry),
            _ => self.unknown(entry, ""),
        }
    }

    /// An error, so that every broadcast refuses.
    fn unfinished(&mut self, entry: &Entry<'_>) {
        let words: Vec<&str> = entry.value.items().iter().filter_map(Node::text).collect();
        let ["tag", "rename", old, new] = words[..] else {
            return self.problem(entry.key_span, "a change is not finished: no broadcast until the command is run again");
        };
        self.config.unfinished = Some((old.to_owned(), new.to_owned()));
        self.problem(
            entry.key_span,
            &format!(
                "the tag `{old}` is being renamed to `{new}`; if no guanxi is at it any more: guanxi tag rename '{old}' '{new}'"
            ),
        );
    }

    fn inside(&mut self, entry: &Entry<'_>, read: impl Fn(&mut Self, &Entry<'_>)) {
        match &entry.value.value {
            Value::Map(entries, _) => {
                self.duplicates(entries);
                entries.iter().for_each(|inner| read(self, inner));
            }
            Value::Empty => {}
            _ => self.problem(entry.value.span, &format!("`{}` holds lines of `key: value`", entry.key)),
        }
    }

    fn duplicates(&mut self, entries: &[Entry<'_>]) {
        let mut seen = std::collections::HashSet::new();
        for entry in entries {
            if !seen.insert(entry.key.as_ref()) {
                let message = format!("`{}` is there twice: keep one of them", entry.key);
                self.problems.push(Problem::new(Code::KeyDuplicate, entry.key_span, message));
            }
        }
    }

    fn known(&mut self, node: &Node<'_>) {
        let mut listed: Vec<(String, String, Span)> = Vec::new();
        match &node.value {
            Value::Map(entries, _) => {
                self.duplicates(entries);
                for entry in entries {
                    let meaning = if entry.value.is_null() { "" } else { entry.value.text().unwrap_or("") };
                    listed.push((entry.key.trim().to_owned(), meaning.trim().to_owned(), entry.key_span));
                }
            }
            Value::Empty => {}
            _ => {
                for item in node.items() {
                    match item.text() {
                        Some(text) => listed.push((text.trim().to_owned(), String::new(), item.span)),
                        None => self.problem(item.span, "a tag of the vocabulary is one text"),
                    }
                }
            }
        }
        for (tag, meaning, span) in listed {
            if let Some(message) = tag::fault(&tag) {
                self.problems.push(Problem::new(Code::TagInvalid, span, message));
                continue;
            }
            self.config.known.push(KnownTag { tag, meaning, span });
        }
    }

    fn exclude(&mut self, node: &Node<'_>) {
        if node.is_null() {
            let message = "`exclude` is empty, or a comment to YAML: put the query in quotes, or remove the line";
            let start = node.span.start().min(self.text.len());
            let hidden = hidden_word(self.text, Span::new(start, lines::line_end(self.text, start)));
            let fix = hidden.map(|word| Fix {
                title: format!("quote `{}`", word.of(self.text)),
                edits: vec![Edit::replace(word, quote::double(word.of(self.text)))],
            });
            self.problems.push(Problem::new(Code::QueryUnquoted, hidden.unwrap_or(node.span), message).with_optional_fix(fix));
            return;
        }
        if let Some(comment) = comment_in(self.text, node) {
            let message = "YAML reads this as a comment: put the whole query in quotes, or a space after the `#` of a comment";
            self.problems.push(Problem::new(Code::QueryUnquoted, comment, message));
        }
        match (&node.value, node.text()) {
            (Value::List(items, _), _) if !items.is_empty() => self.exclude_tags(node, items),
            (_, Some(text)) => self.config.exclude = Some((text.to_owned(), node.span)),
            _ => self.problem(node.span, "`exclude` is a query in quotes (\"#do-not-contact\"), or a list of tags"),
        }
    }

    /// A list of tags, any of which excludes.
    fn exclude_tags(&mut self, node: &Node<'_>, items: &[Node<'_>]) {
        let mut terms = Vec::new();
        for item in items {
            match item.text().map(|text| (text.trim(), tag::list_item_fault(text))) {
                Some((text, None)) => terms.push(tag::as_term(text)),
                Some((_, Some(message))) => self.problem(item.span, &message),
                None => self.problem(item.span, "each item of this list is one tag"),
            }
        }
        self.config.exclude = Some((terms.join(" OR "), node.span));
    }

    fn never(&mut self, node: &Node<'_>) {
        let is_list = matches!(node.value, Value::List(..) | Value::Scalar(..)) && !node.is_null();
        if let Some(comment) = comment_in(self.text, node).filter(|_| is_list) {
            self.problems.push(Problem::new(Code::QueryUnquoted, comment, "YAML reads this as a comment: put it in quotes"));
        }
        if !is_list {
            self.problem(node.span, NEVER);
            return;
        }
        for item in node.items() {
            match item.text().map(str::trim).filter(|_| !item.is_null()) {
                Some(text) if is_address(text) => self.config.never.push(text.to_owned()),
                Some(text) if text.contains(WILD) => self.pattern(item.span, text),
                _ => self.problem(item.span, NEVER),
            }
        }
    }

    /// An entry of `never` with a wildcard, which would bar nobody.
    fn pattern(&mut self, span: Span, text: &str) {
        // `*@x.example` and `@*.x.example` say what `@x.example` does, which bars what is below the domain too.
        let domain = text.rsplit_once('@').and_then(|(name, domain)| {
            let whole = format!("@{}", domain.strip_prefix("*.").unwrap_or(domain));
            (name.chars().all(|c| c == '*') && is_address(&whole)).then_some(whole)
        });
        let hint = domain.as_ref().map_or_else(String::new, |domain| format!(": write `{domain}` for everybody there"));
        let fix = domain.map(|domain| Fix {
            title: format!("change to `{domain}`"),
            edits: vec![Edit::replace(span, quote::write(&domain, yaml::Style::Double, quote::Place::Flow))],
        });
        let message = format!("`{text}` is a pattern, and `never` lists addresses{hint}");
        self.problems.push(Problem::new(Code::ConfigInvalid, span, message).with_optional_fix(fix));
    }

    fn account(&mut self, node: &Node<'_>) {
        match node.text().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => self.config.account = Some(text.to_owned()),
            None => self.problem(node.span, "`account` is the name of an account in your own settings"),
        }
    }

    fn from(&mut self, node: &Node<'_>) {
        match mailbox::parse(node.text().unwrap_or("")) {
            Ok(_) => self.config.from = node.text().map(str::to_owned),
            Err(message) => self.problem(node.span, &message),
        }
    }

    fn folder(&mut self, node: &Node<'_>, field: impl Fn(&mut Config) -> &mut String) {
        let inside =
            |text: &str| !text.starts_with('/') && !text.contains(':') && text.split(['/', '\\']).all(|part| part != "..");
        match node.text().map(|text| text.trim().trim_end_matches('/')) {
            Some(text) if inside(text) => *field(&mut self.config) = text.trim_start_matches("./").to_owned(),
            _ => self.problem(node.span, "this is a folder inside the vault, such as `contacts`"),
        }
    }

    fn truth(&mut self, node: &Node<'_>) -> bool {
        match node.text() {
            Some("true" | "yes" | "on") => true,
            Some("false" | "no" | "off") => false,
            _ => {
                self.problem(node.span, "this is true or false");
                false
            }
        }
    }

    fn unknown(&mut self, entry: &Entry<'_>, parent: &str) {
        let place = if parent.is_empty() { String::new() } else { format!(" in `{parent}`") };
        let settings = SETTINGS.iter().filter(|(section, _)| *section == parent).map(|(_, key)| *key);
        let near = near(&entry.key, settings);
        self.problem_with(entry.key_span, &format!("guanxi knows no setting `{}`{place}", entry.key), near);
    }

    fn problem_with(&mut self, span: Span, message: &str, near: Option<&str>) {
        let fix = near.map(|near| Fix { title: format!("change to `{near}`"), edits: vec![Edit::replace(span, near)] });
        self.problems.push(Problem::new(Code::ConfigInvalid, span, message).with_optional_fix(fix));
    }

    fn problem(&mut self, span: Span, message: &str) {
        self.problems.push(Problem::new(Code::ConfigInvalid, span, message));
    }
}

/// What `broadcast.never` holds.
const NEVER: &str =
    "`never` is a list of mail addresses, phone numbers, domains (`@rival.example`) and names in a service (`wechat:wxid_bo`)";

/// Signs of patterns. Mail addresses may hold them, and none does.
const WILD: [char; 2] = ['*', '?'];

/// Is it what `broadcast.never` holds, beyond doubt: a mail address, a phone number, `@domain` or a name in a service?
pub fn is_address(text: &str) -> bool {
    if text.contains(WILD) {
        return false;
    }
    match text.strip_prefix('@') {
        Some(domain) => domain.contains('.') && super::email_fault(&format!("x@{domain}")).is_none(),
        None => {
            let is_service = super::reach::named_service(text).is_some();
            super::email_fault(text).is_none() || super::phone_fault(text).is_none() || is_service
        }
    }
}

/// A comment in a value, or right after it, that begins with `#` and a letter: most likely it was to be a part of the value.
fn comment_in(text: &str, node: &Node<'_>) -> Option<Span> {
    let end = lines::line_end(text, node.span.end().min(text.len()));
    let mut at = node.span.start();
    while let Some(start) = text[at..end].find('#').map(|hash| at + hash) {
        at = start + 1;
        let is_comment = text[..start].ends_with(char::is_whitespace) && !super::doubtful::is_in_scalar(node, start);
        let Some(letter) = text[at..].chars().next().filter(|_| is_comment) else { continue };
        let line_end = lines::line_end(text, start);
        // A line of its own is a remark, except inside brackets.
        let own_line = text[lines::line_start(text, start)..start].trim().is_empty() && start >= node.span.end();
        if letter.is_alphanumeric() && !own_line {
            return Some(Span::new(start, line_end.min(end)));
        }
        at = line_end.min(end);
    }
    None
}

/// The word that a misspelt one was most likely meant to be.
fn near<'a>(written: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold::search_key(written.trim());
    words.filter_map(|word| Some((fold::distance(&folded, word, 2)?, word))).min().map(|(_, word)| word)
}
