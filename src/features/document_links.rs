//! Document links: what an editor can open from a text. Mail addresses, phone numbers, web pages, pictures and attachments, and
//! the contacts that links lead to. What could run something or leave the vault is no link.

use super::Here;
use super::formats::percent_encoded;
use super::links::{Destination, destination};
use super::markup::shortened;
use crate::contact::document::FieldValue;
use crate::contact::{Kind, email_fault, phone_fault};
use crate::text::links::has_scheme;
use crate::text::markdown::Link;
use crate::text::{Span, fold};
use crate::vault::FileId;

/// A place that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    /// Where it is written, quotes left out.
    pub span: Span,
    /// What opens.
    pub target: Target,
    /// The same in words.
    pub tooltip: String,
}

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A mail address.
    Mail(String),
    /// A phone number: digits, perhaps behind a `+`, perhaps with `;ext=` and an extension.
    Phone(String),
    /// A web page, `http:` or `https:`.
    Web(String),
    /// A file, by its path in the vault.
    File(String),
    /// A file of the vault that is known to it.
    Contact(FileId),
}

impl Target {
    /// The address as a URI (RFC 3986, 3966, 6068). Files have none here: where the vault is, only a door knows.
    pub fn uri(&self) -> Option<String> {
        match self {
            Target::Mail(address) => Some(format!("mailto:{}", percent_encoded(address))),
            Target::Phone(number) => Some(format!("tel:{number}")),
            Target::Web(address) => Some(address.clone()),
            Target::File(_) | Target::Contact(_) => None,
        }
    }
}

/// Every link of a text, in its order. `exists` tells whether there is a file at a path of the vault: a picture may be meant
/// relative to its file or to the root.
pub fn document_links(here: &Here<'_>, exists: &dyn Fn(&str) -> bool) -> Vec<DocumentLink> {
    let document = &here.document;
    let mut links = Vec::new();
    let mut each = |key: &str, open: &dyn Fn(&str) -> Option<Target>| {
        for value in document.values_of(key) {
            if let Some(target) = open(value.text) {
                links.push(link(here, inner(here.text(), &value), target));
            }
        }
    };
    let file = |written: &str| file(here, written, exists);
    match document.kind {
        Kind::Contact => {
            each("card", &file);
            each("emails", &mail);
            each("phones", &|text| number(text).map(Target::Phone));
            each("urls", &|text| web(text).map(Target::Web));
            for (key, page) in &PROFILES {
                each(key, &|text| profile(text, page).map(Target::Web));
            }
        }
        Kind::Broadcast => each("attach", &file),
        Kind::Note | Kind::Config => {}
    }
    for written in document.links() {
        if let Some(target) = of_link(here, &written, exists).filter(|_| !written.is_local()) {
            links.push(link(here, written.whole_target(here.text()), target));
        }
    }
    links.sort_by_key(|link| link.span.start);
    links
}

fn link(here: &Here<'_>, span: Span, target: Target) -> DocumentLink {
    let tooltip = match &target {
        Target::Mail(address) => format!("write to {address}"),
        Target::Phone(number) => format!("call {number}"),
        Target::Web(address) => format!("open {address}"),
        Target::File(path) => format!("open {path}"),
        Target::Contact(id) => format!("open {}", here.vault.file(*id).alias()),
    };
    DocumentLink { span, target, tooltip: shortened(&tooltip, 280) }
}

/// Where the text itself stands, quotes left out.
fn inner(text: &str, value: &FieldValue<'_>) -> Span {
    let written = value.span.of(text);
    let quoted = written.len() >= 2 && ['"', '\''].iter().any(|&mark| written.starts_with(mark) && written.ends_with(mark));
    if quoted { Span::new(value.span.start() + 1, value.span.end() - 1) } else { value.span }
}

fn of_link(here: &Here<'_>, link: &Link, exists: &dyn Fn(&str) -> bool) -> Option<Target> {
    match destination(here.vault, &here.path, link, exists)? {
        Destination::File(id) => Some(Target::Contact(id)),
        Destination::Other(path) => Some(Target::File(path)),
        Destination::Address(address) => match address.split_once(':')? {
            (scheme, rest) if scheme.eq_ignore_ascii_case("mailto") => mail(rest),
            (scheme, rest) if scheme.eq_ignore_ascii_case("tel") => number(rest).map(Target::Phone),
            _ => web(&address).map(Target::Web),
        },
        // Several, or nobody: nothing is guessed. And a text that is shown already needs no opening.
        Destination::Several(_) | Destination::Nobody | Destination::Here => None,
    }
}

fn file(here: &Here<'_>, written: &str, exists: &dyn Fn(&str) -> bool) -> Option<Target> {
    if has_scheme(written) {
        return web(written).map(Target::Web);
    }
    let mut places = here.path.places(written);
    places.retain(|place| !place.is_empty());
    let there = places.iter().position(|place| exists(place)).unwrap_or(0);
    (there < places.len()).then(|| Target::File(places.swap_remove(there)))
}

fn mail(text: &str) -> Option<Target> {
    let address = text.trim();
    email_fault(address).is_none().then(|| Target::Mail(address.to_owned()))
}

/// A number as a phone dials it (RFC 3966).
fn number(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("tel:");
    if phone_fault(text).is_some() {
        return None;
    }
    let lower = text.to_lowercase();
    let cut = [";ext=", "ext.", "ext", "x", "#"].iter().find_map(|mark| lower.split_once(mark));
    let (number, extension) = cut.unwrap_or((&lower, ""));
    let abroad = number.trim_start().starts_with(['+', '\u{ff0b}']);
    // `+44 (0)20 …`: from abroad the nought is not dialled.
    let number = if abroad { number.replace("(0)", "") } else { number.to_owned() };
    let digits = fold::digits(&number);
    let extension = fold::digits(extension);
    let behind = if extension.is_empty() { String::new() } else { format!(";ext={extension}") };
    Some(format!("{}{digits}{behind}", if abroad { "+" } else { "" }))
}

/// A web address; a bare `example.com` is one too. Anything else than `http` and `https` is none.
fn web(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let (begin, rest) = match ["https://", "http://"].iter().find(|scheme| lower.starts_with(**scheme)) {
        Some(scheme) => (*scheme, &text[scheme.len()..]),
        None => ("https://", text),
    };
    let bare = rest.len() == text.len();
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
    });
    let fits = if bare { is_domain(name) } else { is_host(name) };
    let sound = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    (fits && sound).then(|| format!("{begin}{}", encoded(rest)))
}

/// A name with a dot and a last part of letters.
fn is_domain(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or("");
    name.contains('.') && is_host(name) && last.chars().count() >= 2 && last.chars().all(char::is_alphabetic)
}

/// Labels of letters, digits and hyphens. Who hides the host behind `name@` means no good.
fn is_host(name: &str) -> bool {
    name.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')))
}

/// What a URI may not hold, as bytes behind `%`; what is behind `%` already stays.
fn encoded(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if fits(c) {
            result.push(c);
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| result.push_str(&format!("%{byte:02X}")));
        }
    }
    result
}

/// Services whose names lead to one page for certain, and how.
static PROFILES: [(&str, Page); 4] = [
    ("github", Page { hosts: &["github.com/"], of_name: github }),
    ("telegram", Page { hosts: &["t.me/", "telegram.me/"], of_name: telegram }),
    ("linkedin", Page { hosts: &["www.linkedin.com/", "linkedin.com/"], of_name: linkedin }),
    ("mastodon", Page { hosts: &[], of_name: mastodon }),
];

/// Where the page of a name is.
struct Page {
    /// Addresses of the service, as people write them without `https://`.
    hosts: &'static [&'static str],
    of_name: fn(&str) -> Option<String>,
}

/// The page of a name in a service; `None` in the slightest doubt.
fn profile(text: &str, page: &Page) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if has_scheme(text) || page.hosts.iter().any(|host| lower.starts_with(host)) {
        return web(text);
    }
    (page.of_name)(text)
}

fn is_name(text: &str, length: std::ops::RangeInclusive<usize>, others: &[char]) -> bool {
    length.contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(&c))
}

fn github(text: &str) -> Option<String> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let fits = is_name(name, 1..=39, &['-']) && !name.starts_with('-') && !name.ends_with('-') && !name.contains("--");
    fits.then(|| format!("https://github.com/{name}"))
}

fn telegram(text: &str) -> Option<String> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let fits = is_name(name, 5..=32, &['_']) && name.starts_with(|c: char| c.is_ascii_alphabetic());
    fits.then(|| format!("https://t.me/{name}"))
}

/// A lone name may be a person's or a firm's: only `in/…` says which.
fn linkedin(text: &str) -> Option<String> {
    let name = text.trim_start_matches('/').strip_prefix("in/")?;
    let name = name.trim_end_matches('/');
    let fits = (3..=100).contains(&name.chars().count()) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    fits.then(|| format!("https://www.linkedin.com/in/{}", encoded(name)))
}

fn mastodon(text: &str) -> Option<String> {
    let (name, host) = text.strip_prefix('@').unwrap_or(text).split_once('@')?;
    (is_name(name, 1..=30, &['_', '.', '-']) && is_domain(host)).then(|| format!("https://{host}/@{name}"))
}
