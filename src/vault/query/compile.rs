//! A query made ready for one vault: tags become sets of files, and what asks about text is looked up only in the files that
//! the sets leave over.

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::{Operator, Query, TagPattern, Term, Value};
use crate::contact::document::{self, Document};
use crate::contact::{Kind, date, fields, tag};
use crate::text::{Span, fold};
use crate::vault::{File, FileId, Vault};

/// From so many files on, the work is shared among the cores.
const PARALLEL_FROM: u64 = 512;

/// The kinds of file that `kind:` knows.
const KINDS: [Kind; 4] = [Kind::Contact, Kind::Broadcast, Kind::Note, Kind::Config];

/// A tag or key that the vault does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// Where the query names it.
    pub span: Span,
    /// What is wrong, in words for a person.
    pub message: String,
    /// What may have been meant, the nearest first, as it would stand in the query.
    pub nearest: Vec<String>,
    /// Is it a tag (else a key)?
    pub is_tag: bool,
    /// Is it no name, but a term that keeps nobody out, and nothing is near it? It may be there for somebody to come.
    pub may_be_meant: bool,
}

impl UnknownName {
    fn new(span: Span, message: String, nearest: Vec<String>) -> Self {
        Self { span, message, nearest, is_tag: false, may_be_meant: false }
    }

    /// A term that keeps nobody out, and what may have been meant.
    pub(super) fn keeping_nobody_out(span: Span, message: String, near: Option<String>) -> Self {
        let may_be_meant = near.is_none();
        Self { may_be_meant, ..Self::new(span, message, near.into_iter().collect()) }
    }

    /// In words for a person, with what may have been meant.
    pub fn words(&self) -> String {
        let hint = if self.nearest.is_empty() { String::new() } else { format!(": is {} meant?", self.nearest.join(", ")) };
        format!("{}{hint}", self.message)
    }
}

/// A query ready to run on the vault it was compiled for.
#[derive(Debug)]
pub struct Compiled<'q> {
    root: Step<'q>,
    names_kind: bool,
}

#[derive(Debug)]
enum Step<'q> {
    And(Vec<Step<'q>>),
    Or(Vec<Step<'q>>),
    Not(Box<Step<'q>>),
    Set(RoaringBitmap),
    Test(Test<'q>),
}

/// Something to look up in a file.
#[derive(Debug)]
enum Test<'q> {
    Present { bit: u32, missing: bool },
    Has { key: &'q str, missing: bool },
    Kind(&'q Value),
    Path(&'q globset::GlobMatcher),
    PathText(Operator, &'q Value),
    Body(Operator, &'q Value),
    Anything(Operator, &'q Value),
    Field { key: &'q str, operator: Operator, value: &'q Value },
}

/// Makes a query ready. The second answer names every tag and key that the vault does not know: in a list or broadcast that is
/// an error, for who is left out by a misspelt name would be let in.
pub fn compile<'q>(query: &'q Query, vault: &Vault) -> (Compiled<'q>, Vec<UnknownName>) {
    let mut compiler = Compiler { vault, unknown: Vec::new() };
    let root = compiler.step(&query.root);
    (Compiled { root, names_kind: query.names_kind() }, compiler.unknown)
}

impl Compiled<'_> {
    /// Everybody whom the query means. Contacts only, unless the query asks for kinds of file itself.
    pub fn run(&self, vault: &Vault) -> RoaringBitmap {
        if self.names_kind {
            return run(&self.root, &vault.everything(), vault);
        }
        // A set of tags holds contacts only: the common query needs no copy of everybody.
        match &self.root {
            Step::Set(set) => set.clone(),
            root => run(root, vault.contacts(), vault),
        }
    }
}

impl Compiled<'_> {
    /// Does it match this file, whatever kind of file that is?
    pub fn matches(&self, id: FileId, vault: &Vault) -> bool {
        !run(&self.root, &RoaringBitmap::from([id]), vault).is_empty()
    }
}

struct Compiler<'v> {
    vault: &'v Vault,
    unknown: Vec<UnknownName>,
}

impl Compiler<'_> {
    fn step<'q>(&mut self, term: &'q Term) -> Step<'q> {
        match term {
            Term::And(terms) => Step::And(self.steps(terms)),
            Term::Or(terms) => Step::Or(self.steps(terms)),
            Term::Not(inner) => Step::Not(Box::new(self.step(inner))),
            Term::Tag { pattern, name_span, .. } => Step::Set(self.tag(pattern, *name_span)),
            Term::Has { key, missing, key_span, .. } => {
                self.check_key(key, *key_span);
                match fields::FIELDS.iter().position(|field| field.key == key) {
                    Some(bit) => Step::Test(Test::Present { bit: u32::try_from(bit).unwrap_or(0), missing: *missing }),
                    None => Step::Test(Test::Has { key, missing: *missing }),
                }
            }
            Term::Path { glob, .. } => Step::Test(Test::Path(&glob.matcher)),
            Term::Word { value, .. } => Step::Test(Test::Anything(Operator::Contains, value)),
            Term::Field { key, operator, value, key_span, span } => Step::Test(match key.as_str() {
                "body" => Test::Body(*operator, value),
                "any" => Test::Anything(*operator, value),
                "kind" => {
                    self.check_kind(value, *span);
                    Test::Kind(value)
                }
                "path" => Test::PathText(*operator, value),
                _ => {
                    self.check_key(key, *key_span);
                    Test::Field { key, operator: *operator, value }
                }
            }),
        }
    }

    fn steps<'q>(&mut self, terms: &'q [Term]) -> Vec<Step<'q>> {
        let mut steps: Vec<Step<'q>> = terms.iter().map(|term| self.step(term)).collect();
        // Sets first, lookups in text last: the order changes the cost, never the answer.
        steps.sort_by_key(cost);
        steps
    }

    fn tag(&mut self, pattern: &TagPattern, span: Span) -> RoaringBitmap {
        let tags = self.vault.tags();
        let mut set = RoaringBitmap::new();
        match pattern {
            TagPattern::Nested(name) => {
                let key = tag::key(name);
                if !tags.exists(&key) {
                    self.unknown_tag(name, span);
                }
                set = tags.carriers_at_or_below(&key);
            }
            TagPattern::Exact(name) => match tags.get(&tag::key(name)) {
                Some(view) => view.add_carriers(&mut set),
                None if tags.exists(&tag::key(name)) => {}
                None => self.unknown_tag(name, span),
            },
            TagPattern::Matching(expression) => {
                let mut is_any = false;
                for view in tags.iter().filter(|view| expression.regex.is_match(view.key())) {
                    view.add_carriers(&mut set);
                    is_any = true;
                }
                if !is_any {
                    let message = format!("no tag matches `/{}/`", expression.source);
                    self.unknown.push(UnknownName::new(span, message, Vec::new()));
                }
            }
        }
        set
    }

    fn unknown_tag(&mut self, name: &str, span: Span) {
        let key = tag::key(name);
        let nearest = self.vault.tags().nearest(&key).into_iter().map(|view| tag::as_term(self.vault.shown(view))).collect();
        let message = format!("no contact has the tag `{name}`, and the vocabulary does not list it");
        self.unknown.push(UnknownName { is_tag: true, ..UnknownName::new(span, message, nearest) });
    }

    fn check_kind(&mut self, value: &Value, span: Span) {
        let Value::Text { text, folded } = value else { return };
        if !KINDS.iter().any(|kind| kind.name() == folded) {
            let nearest = KINDS.iter().map(|kind| kind.name()).find(|name| fold::distance(folded, name, 2).is_some());
            let nearest = nearest.into_iter().map(|name| format!("kind:{name}")).collect();
            self.unknown.push(UnknownName::new(span, format!("no file is of the kind `{text}`"), nearest));
        }
    }

    fn check_key(&mut self, key: &str, span: Span) {
        let known = fields::find(key).is_some()
            || fields::BROADCAST_KEYS.contains(&key)
            || matches!(key, "body" | "any" | "kind" | "path");
        if known || self.vault.own_keys().any(|own| own == key) {
            return;
        }
        let all = fields::FIELDS.iter().map(|field| field.key).chain(self.vault.own_keys());
        let mut near: Vec<(usize, &str)> = all.filter_map(|known| Some((fold::distance(key, known, 2)?, known))).collect();
        near.sort_unstable();
        let nearest = near.into_iter().take(3).map(|(_, key)| key.to_owned()).collect();
        self.unknown.push(UnknownName::new(span, format!("no file has the key `{key}`"), nearest));
    }
}

fn cost(step: &Step<'_>) -> u8 {
    match step {
        Step::Set(_) => 0,
        Step::Not(inner) => cost(inner),
        Step::Test(Test::Present { .. } | Test::Path(_) | Test::PathText(..) | Test::Kind(_)) => 1,
        Step::And(steps) | Step::Or(steps) => steps.iter().map(cost).max().unwrap_or(0),
        Step::Test(_) => 2,
    }
}

/// Those of `candidates` that pass the step.
fn run(step: &Step<'_>, candidates: &RoaringBitmap, vault: &Vault) -> RoaringBitmap {
    match step {
        Step::Set(set) => set & candidates,
        Step::Not(inner) => candidates - run(inner, candidates, vault),
        Step::Or(steps) => steps.iter().fold(RoaringBitmap::new(), |all, step| all | run(step, candidates, vault)),
        Step::And(steps) => {
            let mut left: Option<RoaringBitmap> = None;
            for step in steps {
                let next = run(step, left.as_ref().unwrap_or(candidates), vault);
                if next.is_empty() {
                    return next;
                }
                left = Some(next);
            }
            left.unwrap_or_default()
        }
        Step::Test(test) => filter(test, candidates, vault),
    }
}

fn filter(test: &Test<'_>, candidates: &RoaringBitmap, vault: &Vault) -> RoaringBitmap {
    if candidates.len() < PARALLEL_FROM {
        return candidates.iter().filter(|&id| passes(test, vault.file(id))).collect();
    }
    let ids: Vec<FileId> = candidates.iter().collect();
    let passing: Vec<FileId> = ids.into_par_iter().with_min_len(64).filter(|&id| passes(test, vault.file(id))).collect();
    passing.into_iter().collect()
}

fn passes(test: &Test<'_>, file: &File) -> bool {
    match test {
        Test::Present { bit, missing } => (file.present() >> bit & 1 == 1) != *missing,
        Test::Has { key, missing } => has(key, file) != *missing,
        Test::Kind(value) => compare(Operator::Equals, value, file.kind().name()),
        Test::Path(glob) => glob.is_match(file.path().as_str()),
        Test::PathText(operator, value) => compare(*operator, value, file.path().as_str()),
        Test::Body(operator, value) => compare(*operator, value, file.document().body_text()),
        Test::Anything(operator, value) => anything(*operator, value, &file.document()),
        Test::Field { key, operator, value } => {
            let bit = fields::FIELDS.iter().position(|field| field.key == *key);
            if bit.is_some_and(|bit| file.present() >> bit & 1 == 0) {
                return false;
            }
            field(key, *operator, value, &file.document())
        }
    }
}

fn has(key: &str, file: &File) -> bool {
    match key {
        "body" => !file.document().body_text().trim().is_empty(),
        // Every file has these.
        "any" | "kind" | "path" => true,
        key => file.text().contains(key) && !file.document().values_of(key).is_empty(),
    }
}

fn anything(operator: Operator, value: &Value, document: &Document<'_>) -> bool {
    let in_head = document.head.entries.iter().any(|entry| field_value(&entry.key, operator, value, &entry.value));
    in_head || compare(operator, value, document.body_text())
}

fn field(key: &str, operator: Operator, value: &Value, document: &Document<'_>) -> bool {
    let has = |entry: &crate::text::yaml::Entry<'_>| {
        // `EMAIL[HOME]`: the label is in the key.
        let label = fields::label(document.written(entry));
        field_value(key, operator, value, &entry.value) || label.is_some_and(|label| compare(operator, value, label))
    };
    document.head.entries.iter().filter(|entry| entry.key == key).any(has)
}

fn field_value(key: &str, operator: Operator, wanted: &Value, node: &crate::text::yaml::Node<'_>) -> bool {
    let phone = matches!(key, "phones" | "whatsapp" | "signal");
    if let (true, Value::Text { text, .. }) = (is_date(key), wanted) {
        return document::values(node).iter().any(|value| compare_dates(operator, text.trim(), value.text));
    }
    document::values(node).iter().any(|value| {
        compare(operator, wanted, value.text)
            || value.label.is_some_and(|label| compare(operator, wanted, label))
            || (phone && same_digits(operator, wanted, value.text))
    })
}

fn is_date(key: &str) -> bool {
    fields::find(key).is_some_and(|field| field.kind == fields::FieldKind::Date)
}

/// Dates compare as dates: a value that is not one never does.
fn compare_dates(operator: Operator, wanted: &str, text: &str) -> bool {
    let (Some(asked), Some(own)) = (date::partial(wanted), date::parse(text.trim())) else { return false };
    match operator {
        Operator::Contains | Operator::Equals => asked.holds(own),
        _ => compare(operator, &Value::text(wanted), text),
    }
}

/// `phones:2125550147` finds `+1 (212) 555-0147`.
fn same_digits(operator: Operator, wanted: &Value, text: &str) -> bool {
    let Value::Text { folded, .. } = wanted else { return false };
    let number = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '.' | '/'));
    let digits = fold::digits(folded);
    if !number || digits.len() < 3 {
        return false;
    }
    let own = fold::digits(text);
    if operator == Operator::Equals { own == digits } else { operator == Operator::Contains && own.contains(&digits) }
}

/// Does the text stand to the value as the operator says?
fn compare(operator: Operator, wanted: &Value, text: &str) -> bool {
    let (written, folded) = match wanted {
        Value::Matching(expression) => return expression.regex.is_match(text),
        Value::Text { text, folded } => (text.as_str(), folded.as_str()),
    };
    match operator {
        Operator::Contains => fold::contains_folded(text, folded),
        Operator::Equals => *fold::search_key(text.trim()) == *folded,
        _ => {
            let order = order(text.trim(), written.trim());
            match operator {
                Operator::Greater => order.is_gt(),
                Operator::GreaterOrEqual => order.is_ge(),
                Operator::Less => order.is_lt(),
                _ => order.is_le(),
            }
        }
    }
}

/// Dates and numbers in their order, everything else as folded text. `2024` compared with a date means its first day.
fn order(a: &str, b: &str) -> std::cmp::Ordering {
    if let (Some(a), Some(b)) = (date::parse(a), date::parse(b)) {
        return a.cmp(&b);
    }
    let dated = |date: &str, other: &str| {
        date::parse(date).is_some() && other.len() <= 7 && other.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    if dated(a, b) || dated(b, a) {
        return a.cmp(b);
    }
    if let (Ok(a), Ok(b)) = (a.parse::<f64>(), b.parse::<f64>()) {
        return a.total_cmp(&b);
    }
    fold::search_key(a).cmp(&fold::search_key(b))
}
