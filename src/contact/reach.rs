//! Addresses of a person: everything in a front matter by which a message could reach them, in the form in which two that are the
//! same are equal. Who said no in one file must not be reached through another, so that this reads more than `check` accepts.

use std::borrow::Cow;

use super::addresses::{handle, handles, is_service_property, numbers, service_of};
pub use super::addresses::{mails, number};

use super::document::Document;
use super::fields::{self, FieldKind};
use super::tag;
use crate::text::yaml::{Entry, Node, Value};
use crate::text::{fold, idn};

/// An address, comparable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// A mail address: folded, its domain in ASCII.
    Mail(String),
    /// The significant digits of a phone number: without country prefix signs and leading zeros.
    Number(String),
    /// A name or number in another service: its key, and the name folded, without `@`.
    Handle(String, String),
}

/// Which addresses a channel uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Mail.
    Mail,
    /// Calls, text messages, and services that go by a number. The key where the service has one of its own.
    Number(Option<String>),
    /// The handle of this key.
    Handle(String),
    /// No channel: any of them.
    Any,
}

/// From so many digits on, a number that ends in another is the same one.
pub const SHORTEST: usize = 7;

impl Medium {
    /// What a channel uses.
    pub fn of_channel(via: Option<&str>) -> Self {
        match via.map(fields::of_channel) {
            None => Medium::Any,
            Some("emails") => Medium::Mail,
            Some("phones") => Medium::Number(None),
            Some(key @ ("whatsapp" | "signal")) => Medium::Number(Some(key.to_owned())),
            Some(key) => Medium::Handle(key.to_owned()),
        }
    }

    /// Is an address of this kind?
    pub fn holds(&self, address: &Address) -> bool {
        match (self, address) {
            (Medium::Any, _) | (Medium::Mail, Address::Mail(_)) | (Medium::Number(_), Address::Number(_)) => true,
            (Medium::Number(Some(own)) | Medium::Handle(own), Address::Handle(key, _)) => own == key,
            _ => false,
        }
    }
}

impl Address {
    /// Does a message to one arrive where one to the other would? Also with short numbers that are written alike.
    pub fn reaches_same(&self, other: &Self) -> bool {
        self == other || self.is_same(other)
    }

    /// Is it the same address? Two numbers are, if one ends in the other and the shorter has seven digits: a shorter one may be
    /// anybody's extension.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Address::Number(a), Address::Number(b)) => {
                let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
                short.len() >= SHORTEST && long.ends_with(short.as_str())
            }
            (a, b) => a == b,
        }
    }

    /// Addresses that are the same have equal keys; others may share one.
    pub fn key(&self) -> Cow<'_, str> {
        match self {
            Address::Mail(mail) => Cow::Borrowed(mail),
            Address::Number(number) => Cow::Borrowed(&number[number.len().saturating_sub(SHORTEST)..]),
            Address::Handle(key, name) => Cow::Owned(format!("{key}:{name}")),
        }
    }

    /// The address that one value of a field is, for comparing; `None` where it holds none.
    pub fn of_value(key: &str, text: &str) -> Option<Self> {
        match key {
            "emails" => Some(Address::Mail(mail_identity(text))),
            "phones" => number(text),
            key => Some(Address::Handle(key.to_owned(), handle(text))),
        }
    }

    /// In words for a person, as far as it is readable: the number's digits, the mail address, the name.
    pub fn text(&self) -> &str {
        match self {
            Address::Mail(text) | Address::Number(text) | Address::Handle(_, text) => text,
        }
    }
}

/// Mail addresses compare without regard to case, the domain by its ASCII form (IDNA).
pub fn mail_identity(address: &str) -> String {
    let key = tag::key(address.trim());
    match key.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = domain.trim_matches(['.', ' ']);
            format!("{}@{}", local.trim(), idn::to_ascii(domain).unwrap_or_else(|| domain.to_owned()))
        }
        None => key.into_owned(),
    }
}

/// The key of a UID among those of addresses.
pub fn uid_key(uid: &str) -> String {
    format!("uid:{}", uid.trim())
}

/// Two names of which each has the words of the other are one: `Bo Chen`, `Chen, Bo`, `Bo-Chen`.
pub fn name_key(name: &str) -> String {
    let folded = fold::search_key(name);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Could this key hold addresses? The fields for them and their near misses, vCard names, and any key that speaks of mail or phones.
pub fn is_address_key(key: &str) -> bool {
    if let Some(field) = fields::find(key) {
        return is_address_field(field);
    }
    let folded = fold::search_key(key);
    let base = folded.split(['[', ';', '.']).next().unwrap_or("").trim();
    ["mail", "phone", "mobile", "tel"].iter().any(|word| folded.contains(word))
        || matches!(base, "cell" | "sms")
        || is_service_property(key)
        || fields::find(base).is_some_and(is_address_field)
        || fields::near_miss(key).and_then(fields::find).is_some_and(is_address_field)
}

fn is_address_field(field: &fields::Field) -> bool {
    field.kind == FieldKind::Handle || matches!(field.key, "emails" | "phones" | "urls")
}

/// Every address under the keys that are for addresses.
pub fn own_addresses(document: &Document<'_>) -> Vec<Address> {
    let mut reader = Reader { found: Vec::new(), others: Vec::new(), via: None };
    document.head.entries.iter().filter(|entry| is_address_key(&entry.key)).for_each(|entry| reader.entry(entry, None));
    reader.found
}

/// Every address of a person that a file tells. What stands under keys for other things counts only where the file has none of that
/// kind; the body never does. `via` is a key of the person's own that is a channel.
pub fn addresses(document: &Document<'_>, via: Option<&str>) -> Vec<Address> {
    let mut reader = Reader { found: Vec::new(), others: Vec::new(), via };
    document.head.entries.iter().for_each(|entry| reader.entry(entry, None));
    // Of a line that cannot be read, what can be seen in it.
    if document.is_faulty() {
        let second = document.second_document().map_or("", |block| block.of(document.text));
        for line in document.fences.head.of(document.text).lines().chain(second.lines()) {
            let value = line.split_once(':').map_or(line, |(_, value)| value);
            reader
                .text(value.trim_matches([' ', '"', '\'', '[', ']', '{', '}', ',']), line.contains('@') || is_number_line(line));
        }
    }
    let has = |found: &[Address], mail: bool| {
        found.iter().any(|one| matches!(one, Address::Mail(_)) == mail && !matches!(one, Address::Handle(..)))
    };
    let (has_mail, has_number) = (has(&reader.found, true), has(&reader.found, false));
    let others = std::mem::take(&mut reader.others);
    reader.found.extend(others.into_iter().filter(|other| match other {
        Address::Mail(_) => !has_mail,
        Address::Number(_) => !has_number,
        Address::Handle(..) => false,
    }));
    reader.found.sort();
    reader.found.dedup();
    reader.found
}

/// A name in a service as links write it: `wechat:wxid_bo`.
pub fn named_service(text: &str) -> Option<(Cow<'static, str>, String)> {
    let (scheme, name) = text.split_once(':')?;
    Some((service_of(scheme.trim())?, handle(name))).filter(|(_, name)| !name.is_empty())
}

/// The addresses that one text is: mail addresses, else numbers; a name in a service.
pub fn in_text(text: &str) -> Vec<Address> {
    let mut found: Vec<Address> =
        if text.contains(['@', '＠']) { mails(text).into_iter().map(Address::Mail).collect() } else { Vec::new() };
    if found.is_empty() {
        numbers(text, true, &mut found);
    }
    if let Some((service, name)) = named_service(text) {
        found.push(Address::Handle(service.into_owned(), name));
    }
    found
}

/// Does the key of a line, as far as one can be seen, speak of numbers?
fn is_number_line(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, _)| is_address_key(key.trim().trim_start_matches('-').trim()))
}

struct Reader<'v> {
    found: Vec<Address>,
    /// Under keys for other things.
    others: Vec<Address>,
    via: Option<&'v str>,
}

impl Reader<'_> {
    /// Reads an entry; inside one that is for addresses everything is.
    fn entry(&mut self, entry: &Entry<'_>, outer: Option<bool>) {
        let key = entry.key.as_ref();
        if let Some(service) = service_of(key).or_else(|| self.via.filter(|via| *via == key).map(Cow::Borrowed)) {
            each_text(&entry.value, &mut |text| {
                let names = handles(text).into_iter();
                self.found.extend(names.map(|name| Address::Handle(service.clone().into_owned(), name)));
            });
        }
        let is_date = fields::find(key).is_some_and(|field| matches!(field.kind, FieldKind::Date | FieldKind::Card));
        let is_for = outer == Some(true) || is_address_key(key);
        if !is_date {
            self.node(&entry.value, is_for);
        }
    }

    fn node(&mut self, node: &Node<'_>, is_for: bool) {
        match &node.value {
            Value::Empty => {}
            Value::Scalar(text, _) => self.text(text, is_for),
            Value::List(items, _) => items.iter().for_each(|item| self.node(item, is_for)),
            Value::Map(entries, _) => entries.iter().for_each(|entry| {
                // `- bo@x.example: home`: label and value changed places.
                if is_for {
                    self.text(&entry.key, true);
                }
                self.entry(entry, Some(is_for));
            }),
        }
    }

    fn text(&mut self, text: &str, is_for: bool) {
        // `wechat:wxid_bo`, as vCard and links write it.
        if let Some((service, name)) = named_service(text) {
            self.found.push(Address::Handle(service.into_owned(), name));
        }
        let found = if is_for { &mut self.found } else { &mut self.others };
        let at_signs = ["@", "＠", "﹫", " at ", "(at)", "[at]", "%40"];
        if at_signs.iter().any(|sign| text.contains(sign)) {
            found.extend(mails(text).into_iter().map(Address::Mail));
        }
        if text.bytes().filter(u8::is_ascii_digit).count() >= SHORTEST || !text.is_ascii() || is_for {
            numbers(text, is_for, found);
        }
    }
}

fn each_text(node: &Node<'_>, take: &mut dyn FnMut(&str)) {
    match &node.value {
        Value::Empty => {}
        Value::Scalar(text, _) if text.trim().is_empty() => {}
        Value::Scalar(text, _) => take(text),
        Value::List(items, _) => items.iter().for_each(|item| each_text(item, take)),
        Value::Map(entries, _) => entries.iter().for_each(|entry| each_text(&entry.value, take)),
    }
}
