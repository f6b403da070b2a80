//! The lossless edit: a text and a wish become the fewest byte edits. Whatever stands outside the touched value — comments,
//! quotes, key order, line endings, a byte order mark, a missing last newline — stays as it was. Every plan is tried on the text
//! and read back; where the result does not say exactly what was asked, nothing is changed and the reason is told.

mod block;
mod flow;
mod model;
mod other_reader;

use super::quote::{self, Place};
use super::{Entry, Head, Layout, Node, Style, Value, parse, scan};
use crate::text::fences::{self, Fences};
use crate::text::{Edit, Span, edit, lines};

/// Which part of the text is YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What stands between the fences of a Markdown file.
    FrontMatter,
    /// All of it, as in `guanxi.yaml`.
    WholeFile,
}

/// What happens to one item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemChange {
    /// It stays.
    Keep,
    /// It goes.
    Drop,
    /// It says this from now on.
    Replace(String),
}

/// What is to be changed. A path is the keys that lead to a value, outermost first.
pub enum Wish<'a> {
    /// Change the items of a list, and put more behind them. A lone scalar is a list of one, a missing key an empty list.
    List {
        /// Where the list is.
        path: &'a [&'a str],
        /// Asked for every item that is text, in order.
        change: &'a dyn Fn(&str) -> ItemChange,
        /// What comes to the end.
        add: &'a [String],
    },
    /// Let a key hold this text.
    Set {
        /// Which key.
        path: &'a [&'a str],
        /// Its text from now on.
        value: &'a str,
    },
    /// Give keys of a map other names, or take them away with their values.
    Keys {
        /// Where the map is; the head itself where it is empty.
        path: &'a [&'a str],
        /// Asked for every key, in order.
        change: &'a dyn Fn(&str) -> ItemChange,
    },
}

/// Why a text was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is in the way.
    pub span: Span,
    /// In words for a person.
    pub message: String,
}

/// The edits that make `text` say what is wished; none where it says so already. `order` lists keys in the order they are
/// usually written: a new key goes behind the last one that usually stands before it.
pub fn plan(text: &str, source: Source, order: &[&str], wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
    let region = region(text, source);
    Context { text, source, region, head: &parse(text, region.head), order }.plan(wish)
}

/// The same for a text that was understood already: where its YAML is, and what that says.
pub fn plan_in(
    text: &str,
    source: Source,
    (region, head): (Fences, &Head<'_>),
    order: &[&str],
    wish: &Wish<'_>,
) -> Result<Vec<Edit>, Refusal> {
    Context { text, source, region, head, order }.plan(wish)
}

impl<'a> Wish<'a> {
    /// Which value it changes.
    pub fn path(&self) -> &'a [&'a str] {
        match self {
            Wish::List { path, .. } | Wish::Set { path, .. } | Wish::Keys { path, .. } => path,
        }
    }

    /// The same for another value.
    pub fn at<'b>(&'b self, path: &'b [&'b str]) -> Wish<'b> {
        match self {
            Wish::List { change, add, .. } => Wish::List { path, change, add },
            Wish::Set { value, .. } => Wish::Set { path, value },
            Wish::Keys { change, .. } => Wish::Keys { path, change },
        }
    }
}

fn region(text: &str, source: Source) -> Fences {
    match source {
        Source::FrontMatter => fences::find(text),
        Source::WholeFile => {
            let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
            Fences { head: Span::new(start, text.len()), body: Span::at(text.len()), present: true, closed: true }
        }
    }
}

/// A head with a fault is mended by its person first: nobody can say what an edit would do to it.
fn check_sound(region: &Fences, head: &Head<'_>, wish: &Wish<'_>) -> Result<(), Refusal> {
    if let Some(fault) = head.faults.first() {
        return Err(Refusal { span: fault.span, message: format!("fix the front matter first: {}", fault.message) });
    }
    if region.present && !region.closed {
        return Err(Refusal { span: region.head, message: "fix the front matter first: it has no closing `---`".to_owned() });
    }
    let Some(&key) = wish.path().first() else { return Ok(()) };
    match head.entries.iter().filter(|entry| entry.key == key).nth(1) {
        Some(second) => {
            Err(Refusal { span: second.key_span, message: format!("`{key}` is there twice: keep one of them first") })
        }
        None => Ok(()),
    }
}

/// Everything a plan is made from.
struct Context<'t, 'c> {
    text: &'t str,
    source: Source,
    region: Fences,
    head: &'c Head<'t>,
    order: &'c [&'c str],
}

impl<'t> Context<'t, '_> {
    fn plan(&self, wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
        check_sound(&self.region, self.head, wish)?;
        let whole = self.region.head;
        let mut expected = self.head.entries.clone();
        model::apply(&mut expected, wish).map_err(|(span, message)| Refusal { span: span.unwrap_or(whole), message })?;
        if model::same(&self.head.entries, &expected) {
            return Ok(Vec::new());
        }
        self.check_certain(wish)?;
        // Which entry another reader sees changed; where keys themselves change it is not asked.
        let changed = wish.path().first().copied();
        if let Some(edits) = self.candidates(wish).into_iter().find(|edits| self.gives(edits, &expected, changed)) {
            return Ok(edits);
        }
        let named = |entry: &&Entry<'_>| Some(&entry.key.as_ref()) == wish.path().first();
        let span = self.head.entries.iter().find(named).map_or(whole, |entry| entry.key_span);
        let message = "this is written in a way that cannot be changed safely: please change it by hand".to_owned();
        Err(Refusal { span, message })
    }

    /// What readers of YAML disagree about is not edited: an empty item that is only a tag or an anchor swallows what comes after it,
    /// and a line break to YAML 1.1 is none to YAML 1.2.
    fn check_certain(&self, wish: &Wish<'_>) -> Result<(), Refusal> {
        let path = wish.path();
        let Some(entry) = path.first().and_then(|key| self.head.get(key)) else { return Ok(()) };
        if let Some(node) = self.find(path).and_then(|entry| bare_property(&entry.value)) {
            let message = "there is an empty value with a tag, an anchor or an alias here: write what it says first".to_owned();
            return Err(Refusal { span: node.full_span(), message });
        }
        let start = lines::line_start(self.text, entry.key_span.start());
        let end = lines::line_end(self.text, self.content_end(entry).max(entry.key_span.end()));
        let written = &self.text[start..end];
        if let Some((at, c)) = written.char_indices().find(|(_, c)| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')) {
            let span = Span::new(start + at, start + at + c.len_utf8());
            let message = format!(
                "there is a U+{:04X} in this entry, which is the end of a line to some readers of YAML: take it out first",
                c as u32
            );
            return Err(Refusal { span, message });
        }
        Ok(())
    }

    /// Plans, the best first. Each is checked before it is used.
    fn candidates(&self, wish: &Wish<'_>) -> Vec<Vec<Edit>> {
        let path = wish.path();
        if let Wish::Keys { path: [], change } = wish {
            return self.change_keys(&self.head.entries, change);
        }
        let Some(entry) = self.find(path) else {
            return match (wish, path) {
                (Wish::List { add, .. }, [key]) => self.new_entry(key, &flow::written(add)),
                (Wish::Set { value, .. }, [key]) => self.new_entry(key, &quote::write(value, Style::Plain, Place::Block)),
                _ => Vec::new(),
            };
        };
        match wish {
            Wish::List { change, add, .. } => self.change_list(entry, change, add),
            Wish::Set { value, .. } => self.set(entry, value),
            Wish::Keys { change, .. } => match &entry.value.value {
                Value::Map(entries, _) => self.change_keys(entries, change),
                _ => Vec::new(),
            },
        }
    }

    /// Do these edits give a text that says what is expected, and nothing else?
    fn gives(&self, edits: &[Edit], expected: &[Entry<'_>], changed: Option<&str>) -> bool {
        let result = edit::apply(self.text, edits);
        let region = region(&result, self.source);
        let head = parse(&result, region.head);
        let body = region.body.of(&result).trim_start_matches(['\r', '\n']);
        let same_body = body == self.region.body.of(self.text).trim_start_matches(['\r', '\n']);
        let same_head = region.present && region.closed && head.faults.is_empty() && model::same(&head.entries, expected);
        let (before, after) = (self.region.head.of(self.text), region.head.of(&result));
        // What the scanner reads, every reader reads alike (a law in `tests/text/yaml_law.rs`), and asking another takes fifty times as long.
        let is_plain = |head: &str| scan::scan(head, Span::new(0, head.len())).is_some();
        same_head
            && same_body
            && ((is_plain(before) && is_plain(after)) || other_reader::agrees(before, after, changed, &head.entries))
    }

    fn find(&self, path: &[&str]) -> Option<&Entry<'t>> {
        let (key, rest) = path.split_first()?;
        let mut entry = self.head.get(key)?;
        for key in rest {
            let Value::Map(entries, _) = &entry.value.value else { return None };
            entry = entries.iter().find(|inner| inner.key == *key)?;
        }
        Some(entry)
    }

    /// A line for a key that is not there yet: behind its usual predecessors, else at the end of the head, else in a new head.
    fn new_entry(&self, key: &str, value: &str) -> Vec<Vec<Edit>> {
        let line = format!("{}: {value}", quote::write(key, Style::Plain, Place::Flow));
        let newline = lines::newline_of(self.text);
        let head = self.region.head;
        if !self.region.present {
            let body = self.region.body.of(self.text);
            let gap = if body.is_empty() || body.starts_with(['\r', '\n']) { "" } else { newline };
            return vec![vec![Edit::insert(head.start(), format!("---{newline}{line}{newline}---{newline}{gap}"))]];
        }
        let mut plans = Vec::new();
        let rank = |key: &str| self.order.iter().position(|&known| known == key);
        if let Some(own) = rank(key) {
            let predecessor = self
                .head
                .entries
                .iter()
                .filter(|entry| rank(&entry.key).is_some_and(|other| other < own))
                .max_by_key(|entry| rank(&entry.key));
            if let Some(entry) = predecessor {
                let at = lines::line_end(self.text, self.content_end(entry));
                plans.push(vec![Edit::insert(at, format!("{}{line}", lines::newline_at(self.text, at)))]);
            }
        }
        let ends_line = head.is_empty() || head.of(self.text).ends_with(['\r', '\n']);
        let end = if ends_line { format!("{line}{newline}") } else { format!("{newline}{line}") };
        plans.push(vec![Edit::insert(head.end(), end)]);
        plans
    }

    fn set(&self, entry: &Entry<'_>, value: &str) -> Vec<Vec<Edit>> {
        let node = &entry.value;
        match &node.value {
            Value::Empty => vec![vec![self.behind_colon(entry, &quote::write(value, Style::Plain, Place::Block))]],
            Value::Scalar(_, style) => {
                let written = node.span.of(self.text);
                let kept = written.len() - written.trim_end().len();
                let span = Span::new(node.span.start(), node.span.end() - kept);
                let style = if node.alias { Style::Plain } else { *style };
                [Place::Block, Place::Flow].map(|place| vec![Edit::replace(span, quote::write(value, style, place))]).into()
            }
            _ => Vec::new(),
        }
    }

    fn change_keys(&self, entries: &[Entry<'_>], change: &dyn Fn(&str) -> ItemChange) -> Vec<Vec<Edit>> {
        let edit = |entry: &Entry<'_>| match change(&entry.key) {
            ItemChange::Keep => None,
            ItemChange::Drop => Some(self.without_lines(entry.key_span.start(), self.content_end(entry))),
            ItemChange::Replace(new) => {
                let style = style_of_written(entry.key_span.of(self.text));
                Some(Edit::replace(entry.key_span, quote::write(&new, style, Place::Flow)))
            }
        };
        vec![entries.iter().filter_map(edit).collect()]
    }

    fn change_list(&self, entry: &Entry<'_>, change: &dyn Fn(&str) -> ItemChange, add: &[String]) -> Vec<Vec<Edit>> {
        let node = &entry.value;
        if node.alias {
            // What an alias stands for is written elsewhere, for others too: here it is written out.
            let mut items = Vec::new();
            for item in node.items() {
                let Some(text) = item.text() else { return Vec::new() };
                match change(text) {
                    ItemChange::Keep => items.push(text.to_owned()),
                    ItemChange::Drop => {}
                    ItemChange::Replace(new) => items.push(new),
                }
            }
            items.extend_from_slice(add);
            return vec![vec![Edit::replace(node.span, flow::written(&items))]];
        }
        let changes = |items: &[Node<'_>]| -> Vec<ItemChange> {
            items.iter().map(|item| item.text().map_or(ItemChange::Keep, change)).collect()
        };
        match &node.value {
            Value::List(items, Layout::Flow) => vec![flow::edits(self.text, node.span, items, &changes(items), add)],
            Value::List(items, Layout::Block) => vec![block::edits(self, entry, items, &changes(items), add)],
            Value::Scalar(text, style) if !node.is_null() => self.change_lone(node, text, *style, &change(text), add),
            Value::Empty => vec![vec![self.behind_colon(entry, &flow::written(add))]],
            Value::Scalar(..) => vec![vec![Edit::replace(node.span, flow::written(add))]],
            Value::Map(..) => Vec::new(),
        }
    }

    /// A lone scalar where a list is meant: it becomes a list only if it must.
    fn change_lone(&self, node: &Node<'_>, text: &str, style: Style, change: &ItemChange, add: &[String]) -> Vec<Vec<Edit>> {
        let place = if add.is_empty() { Place::Block } else { Place::Flow };
        let own = match change {
            ItemChange::Drop => return vec![vec![Edit::replace(node.full_span(), flow::written(add))]],
            ItemChange::Replace(new) => quote::write(new, style, place),
            ItemChange::Keep if style == Style::Plain && !quote::is_plain(text, place) => quote::double(text),
            ItemChange::Keep => node.span.of(self.text).to_owned(),
        };
        if add.is_empty() {
            return vec![vec![Edit::replace(node.span, own)]];
        }
        let rest = add.iter().map(|item| flow::item(item, style)).collect::<Vec<_>>().join(", ");
        if matches!(change, ItemChange::Keep) && own == node.span.of(self.text) {
            return vec![vec![Edit::insert(node.properties as usize, "["), Edit::insert(node.span.end(), format!(", {rest}]"))]];
        }
        // A tag or an anchor is the item's own: the bracket goes before it.
        let properties = Span::new(node.properties as usize, node.span.start());
        vec![vec![Edit::replace(node.full_span(), format!("[{}{own}, {rest}]", properties.of(self.text)))]]
    }

    /// A value for a key that has none.
    fn behind_colon(&self, entry: &Entry<'_>, value: &str) -> Edit {
        Edit::insert(self.colon(entry) + 1, format!(" {value}"))
    }

    fn colon(&self, entry: &Entry<'_>) -> usize {
        let from = entry.key_span.end();
        self.text[from..].find(':').map_or(from, |length| from + length)
    }

    /// Where an entry's last character stands, line endings after it left out.
    fn content_end(&self, entry: &Entry<'_>) -> usize {
        let node = &entry.value;
        if node.value == Value::Empty {
            return self.colon(entry) + 1;
        }
        self.trimmed_end(node.span)
    }

    fn trimmed_end(&self, span: Span) -> usize {
        span.start() + span.of(self.text).trim_end().len()
    }

    /// Takes `from..to` away with the lines it leaves blank. A comment behind it stays, on a line of its own.
    fn without_lines(&self, from: usize, to: usize) -> Edit {
        let line = lines::line_start(self.text, from);
        let line_end = lines::line_end(self.text, to);
        let rest = &self.text[to..line_end];
        if self.text[line..from].trim().is_empty() && rest.trim().is_empty() {
            return Edit::delete(line, lines::next_line(self.text, to));
        }
        Edit::delete(from, to + (rest.len() - rest.trim_start().len()))
    }
}

/// The first empty value in it that has a tag (`!!str`), an anchor (`&a`) or is an alias (`*a`).
fn bare_property<'n, 't>(node: &'n Node<'t>) -> Option<&'n Node<'t>> {
    match &node.value {
        Value::Empty | Value::Scalar(..) if !node.is_null() => None,
        Value::Empty | Value::Scalar(..) => (node.alias || node.properties != node.span.start).then_some(node),
        Value::List(items, _) => items.iter().find_map(bare_property),
        Value::Map(entries, _) => entries.iter().find_map(|entry| bare_property(&entry.value)),
    }
}

/// In which style a key or scalar is written.
fn style_of_written(written: &str) -> Style {
    match written.as_bytes().first() {
        Some(b'"') => Style::Double,
        Some(b'\'') => Style::Single,
        _ => Style::Plain,
    }
}
