//! Who must get a broadcast and who must not, written anew from the contract: plain and slow, with nothing of the product in it.
//! Where the contract leaves room, or where two of its rules meet, the answer is "either".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// A contact as its file says it.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub path: String,
    pub alias: String,
    pub tags: Vec<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub wechat: Option<String>,
    pub org: Option<String>,
    /// Text under a key that is no address key.
    pub remark: Option<String>,
    pub out: Out,
    pub distinct: Option<String>,
    pub uid: Option<String>,
    /// The front matter has a fault (in its last line).
    pub faulty: bool,
    /// Not a part of the vault, but its "no" counts.
    pub beside: bool,
}

/// What `opt_out` comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Out {
    #[default]
    Never,
    All,
    Of(Vec<&'static str>),
}

#[derive(Clone, Debug)]
pub enum Q {
    Tag(&'static str),
    Exactly(&'static str),
    Has(&'static str),
    Missing(&'static str),
    Org(&'static str),
    OrgBegins(&'static str),
    Contact,
    And(Vec<Q>),
    Or(Vec<Q>),
    Not(Box<Q>),
}

/// All that decides.
#[derive(Clone, Debug)]
pub struct World {
    pub people: Vec<Person>,
    pub known: Vec<&'static str>,
    pub never: Vec<String>,
    pub to: Q,
    pub excludes: Vec<Q>,
    pub via: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A match whom nothing keeps out; of several files of one person, one.
    Eligible,
    /// Must not, and why.
    Not(&'static str),
    Either,
    /// No match, or not in the vault.
    NoMatch,
}

fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase().trim().to_owned()
}

/// Only letters, marks, digits and pictographs.
fn bare(text: &str) -> String {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{L}\p{M}\p{N}\p{So}]").unwrap());
    KEPT.find_iter(&fold(text)).map(|found| found.as_str()).collect()
}

fn tags_of(person: &Person) -> Vec<String> {
    person.tags.iter().flat_map(|item| item.split([',', '，', '、'])).map(fold).filter(|tag| !tag.is_empty()).collect()
}

impl Q {
    fn matches(&self, person: &Person, tags: &[String]) -> bool {
        let has = |key: &str| match key {
            "emails" => !person.emails.is_empty(),
            "phones" => !person.phones.is_empty(),
            "wechat" => person.wechat.is_some(),
            "org" => person.org.is_some(),
            _ => unreachable!("{key}"),
        };
        match self {
            Q::Tag(tag) => tags.iter().any(|own| *own == fold(tag) || own.starts_with(&format!("{}/", fold(tag)))),
            Q::Exactly(tag) => tags.contains(&fold(tag)),
            Q::Has(key) => has(key),
            Q::Missing(key) => !has(key),
            Q::Org(text) => person.org.as_ref().is_some_and(|org| fold(org).contains(&fold(text))),
            Q::OrgBegins(text) => person.org.as_ref().is_some_and(|org| fold(org).starts_with(&fold(text))),
            Q::Contact => true,
            Q::And(all) => all.iter().all(|one| one.matches(person, tags)),
            Q::Or(any) => any.iter().any(|one| one.matches(person, tags)),
            Q::Not(inner) => !inner.matches(person, tags),
        }
    }

    /// Tags that are named where somebody is kept out (`out`), or where somebody is asked for.
    fn tags(&self, negated: bool, out: bool, into: &mut BTreeSet<String>) {
        match self {
            Q::Tag(tag) | Q::Exactly(tag) if negated == out => drop(into.insert(fold(tag))),
            Q::And(parts) | Q::Or(parts) => parts.iter().for_each(|part| part.tags(negated, out, into)),
            Q::Not(inner) => inner.tags(!negated, out, into),
            _ => {}
        }
    }

    /// What stands under a `-`.
    fn negated(&self) -> Vec<Q> {
        match self {
            Q::And(parts) | Q::Or(parts) => parts.iter().flat_map(Q::negated).collect(),
            Q::Not(inner) => vec![(**inner).clone()],
            _ => Vec::new(),
        }
    }

    pub fn text(&self) -> String {
        let quoted = |tag: &str| if tag.contains(' ') { format!("\"{tag}\"") } else { tag.to_owned() };
        let join = |parts: &[Q], sign: &str| format!("({})", parts.iter().map(Q::text).collect::<Vec<_>>().join(sign));
        match self {
            Q::Tag(tag) => format!("#{}", quoted(tag)),
            Q::Exactly(tag) => format!("tag:={}", quoted(tag)),
            Q::Has(key) => format!("has:{key}"),
            Q::Missing(key) => format!("missing:{key}"),
            Q::Org(text) => format!("org:{text}"),
            Q::OrgBegins(text) => format!("org:/^{text}/"),
            Q::Contact => "kind:contact".to_owned(),
            Q::And(parts) => join(parts, " "),
            Q::Or(parts) => join(parts, " | "),
            Q::Not(inner) => format!("-{}", inner.text()),
        }
    }
}

/// Edit distance of at most one, where a swap of neighbours is one edit.
fn near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    match (a.len(), b.len()) {
        (0, 0) => true,
        (long, short) if long == short => a[1..] == b[1..] || long > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..],
        (long, short) if long == short + 1 => a[1..] == *b,
        (short, long) if long == short + 1 => *a == b[1..],
        _ => false,
    }
}

fn is_the_excluded(piece: &str, excluded: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    piece == excluded || excluded.chars().count() >= 6 && near(piece, excluded) && digits(piece) == digits(excluded)
}

/// Whether a tag hides an excluded one.
fn hides(tag: &str, excluded: &str) -> bool {
    let excluded = bare(excluded);
    let tag = fold(tag);
    let pieces: Vec<String> = tag
        .split(|c: char| ",、;:/|・·+&#()[]{}<>\"'`“”‘’「」【】".contains(c) || c.is_whitespace())
        .map(bare)
        .filter(|piece| !piece.is_empty())
        .collect();
    let runs = (0..pieces.len()).flat_map(|from| (from + 1..=pieces.len()).map(move |to| (from, to)));
    is_the_excluded(&bare(&tag), &excluded)
        || runs.into_iter().any(|(from, to)| is_the_excluded(&pieces[from..to].concat(), &excluded))
}

fn mail(text: &str) -> Option<String> {
    static MAIL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z0-9.+_-]+[@＠][\p{L}0-9.-]+\.[a-zA-Z]+").unwrap());
    let address = MAIL.find(text)?.as_str().replace('＠', "@").to_lowercase();
    Some(address.replace("exämple", "xn--exmple-cua"))
}

fn number(text: &str) -> String {
    let text = text.split(" ext").next().unwrap().replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

fn same_number(a: &str, b: &str) -> bool {
    let (a, b) = (number(a), number(b));
    a.len().min(b.len()) >= 7 && (a.ends_with(&b) || b.ends_with(&a))
}

/// A channel's kind of address.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Mail,
    Number,
    Handle,
}

const KINDS: [Kind; 3] = [Kind::Mail, Kind::Number, Kind::Handle];

fn kinds(via: Option<&str>) -> &'static [Kind] {
    match via {
        Some("email") => &KINDS[..1],
        Some("sms") => &KINDS[1..2],
        Some("wechat") => &KINDS[2..],
        _ => &KINDS,
    }
}

fn addresses(person: &Person, kind: Kind, remarks: bool) -> Vec<String> {
    let own: Vec<String> = match kind {
        Kind::Mail => person.emails.iter().filter_map(|text| mail(text)).collect(),
        Kind::Number => person.phones.clone(),
        Kind::Handle => person.wechat.iter().map(|handle| handle.trim_start_matches('@').to_owned()).collect(),
    };
    if own.is_empty() && remarks && kind == Kind::Mail {
        person.remark.iter().filter_map(|text| mail(text)).collect()
    } else {
        own
    }
}

fn share(a: &Person, b: &Person, kind: Kind, remarks: bool) -> bool {
    let (a, b) = (addresses(a, kind, remarks), addresses(b, kind, false));
    a.iter().any(|a| b.iter().any(|b| if kind == Kind::Number { same_number(a, b) } else { a == b }))
}

fn names_agree(a: &Person, b: &Person) -> bool {
    let words = |person: &Person| fold(&person.alias).split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let (a, b) = (words(a), words(b));
    a.is_subset(&b) || b.is_subset(&a)
}

fn are_distinct(a: &Person, b: &Person) -> bool {
    let says = |one: &Person, other: &Person| one.distinct.as_ref() == Some(&other.alias);
    says(a, b) || says(b, a)
}

/// How sure it is that two files are one recipient.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Same {
    No,
    Perhaps,
    Surely,
}

impl World {
    pub fn verdicts(&self) -> Vec<Verdict> {
        let states: Vec<Verdict> = self.people.iter().map(|person| self.alone(person)).collect();
        (0..self.people.len()).map(|at| self.verdict(at, &states)).collect()
    }

    fn excluded_tags(&self) -> BTreeSet<String> {
        let mut tags = BTreeSet::new();
        self.to.tags(false, true, &mut tags);
        self.excludes.iter().for_each(|exclude| exclude.tags(false, false, &mut tags));
        tags
    }

    fn is_excluded(&self, person: &Person) -> bool {
        self.excludes.iter().any(|exclude| exclude.matches(person, &tags_of(person)))
    }

    fn opted_out(&self, person: &Person) -> bool {
        match &person.out {
            Out::Never => false,
            Out::All => true,
            Out::Of(channels) => self.via.is_none_or(|via| channels.contains(&via)),
        }
    }

    fn in_doubt(&self, person: &Person) -> bool {
        let excluded = self.excluded_tags();
        let below = |tag: &str| excluded.iter().any(|out| tag == out || tag.starts_with(&format!("{out}/")));
        let known = |tag: &String| self.known.iter().any(|known| fold(known) == *tag);
        tags_of(person).iter().filter(|tag| !below(tag) && !known(tag)).any(|tag| excluded.iter().any(|out| hides(tag, out)))
    }

    fn is_never(&self, person: &Person, via: Option<&str>) -> bool {
        kinds(via).iter().any(|&kind| {
            addresses(person, kind, false).iter().any(|own| {
                self.never.iter().any(|entry| match kind {
                    Kind::Number => same_number(own, entry),
                    _ => {
                        own == &mail(entry).unwrap_or(entry.clone())
                            || entry.starts_with('@') && own.ends_with(&entry.to_lowercase())
                    }
                })
            })
        })
    }

    /// By the person's own file.
    fn alone(&self, person: &Person) -> Verdict {
        if self.opted_out(person) {
            return Verdict::Not("opted-out");
        }
        if self.is_excluded(person) {
            return Verdict::Not("excluded");
        }
        if self.is_never(person, self.via) {
            return Verdict::Not("never");
        }
        if person.faulty {
            return Verdict::Not("faulty");
        }
        if self.in_doubt(person) {
            return Verdict::Not("in-doubt");
        }
        let reachable = match self.via {
            Some("email") => !person.emails.is_empty(),
            Some("sms") => !person.phones.is_empty(),
            Some("wechat") => person.wechat.is_some(),
            _ => true,
        };
        if !reachable {
            return Verdict::Not("unreachable");
        }
        if self.via == Some("email") && mail(&person.emails[0]).is_none() {
            return Verdict::Not("invalid-address");
        }
        // An address of another kind than the channel's is in `never`: the contract does not say.
        if self.is_never(person, None) { Verdict::Either } else { Verdict::Eligible }
    }

    pub fn is_match(&self, person: &Person) -> bool {
        !person.beside && self.to.matches(person, &tags_of(person))
    }

    /// Whether somebody would match if `；` stood between two tags.
    pub fn is_glued_match(&self, person: &Person) -> bool {
        let split: Vec<String> = tags_of(person).iter().flat_map(|tag| tag.split(';')).map(fold).collect();
        let mut negated = BTreeSet::new();
        self.to.tags(false, true, &mut negated);
        negated.is_empty() && !person.beside && !self.is_match(person) && self.to.matches(person, &split)
    }

    fn verdict(&self, at: usize, states: &[Verdict]) -> Verdict {
        let person = &self.people[at];
        if !self.is_match(person) {
            return Verdict::NoMatch;
        }
        if states[at] != Verdict::Eligible {
            return states[at];
        }
        let negated = self.to.negated();
        let mut verdict = Verdict::Eligible;
        for (other, no) in self.people.iter().enumerate().filter(|&(other, _)| other != at) {
            if are_distinct(person, no) {
                // A link that could lead to several is never guessed.
                verdict = if self.is_ambiguous(person, no) { Verdict::Either } else { verdict };
                continue;
            }
            let held = kinds(self.via).iter().any(|&kind| share(no, person, kind, true));
            let by_number = self.via == Some("email") && names_agree(no, person) && share(no, person, Kind::Number, false);
            let without = kinds(self.via).iter().all(|&kind| addresses(no, kind, true).is_empty());
            let by_name = without && fold(&no.alias) == fold(&person.alias);
            // A tie of another kind, between names that agree: the contract says nothing of it.
            let loosely = names_agree(no, person) && KINDS.iter().any(|&kind| share(no, person, kind, true));
            let by_query = no.beside && Q::Or(negated.clone()).matches(no, &tags_of(no));
            let same_uid = no.uid.is_some() && no.uid == person.uid;
            match states[other] {
                Verdict::Not("opted-out") | Verdict::Not("excluded") if no.faulty || no.beside && no.out == Out::Never => {
                    verdict = if held || by_number || by_name || loosely || same_uid { Verdict::Either } else { verdict };
                }
                Verdict::Not("opted-out") | Verdict::Not("excluded") if held || by_number => {
                    return Verdict::Not("shared-address");
                }
                Verdict::Not("opted-out") | Verdict::Not("excluded") if by_name => return Verdict::Not("same-name"),
                // A tag under a `-` of the query, in a file beside the vault: whether that is a "no" to others, the contract does not say.
                _ if by_query && (held || by_number || by_name || loosely) => verdict = Verdict::Either,
                Verdict::Not("unreachable") | Verdict::Not("invalid-address") | Verdict::Eligible => {}
                _ if held || by_number || by_name || loosely || same_uid => verdict = Verdict::Either,
                _ => {}
            }
        }
        verdict
    }

    /// Whether `distinct` of one of them could lead to several.
    fn is_ambiguous(&self, a: &Person, b: &Person) -> bool {
        let named = |name: &String| self.people.iter().filter(|person| fold(&person.alias) == fold(name)).count() > 1;
        a.distinct.iter().chain(&b.distinct).any(named)
    }

    /// Whether two eligible files are one recipient.
    pub fn same(&self, a: &Person, b: &Person) -> Same {
        let first = |a: &[String], b: &[String]| matches!((a.first(), b.first()), (Some(a), Some(b)) if mail(a).is_some() && mail(a) == mail(b) || mail(a).is_none() && same_number(a, b));
        let by_address = match self.via {
            Some("email") => first(&a.emails, &b.emails),
            Some("sms") => first(&a.phones, &b.phones),
            Some(_) => share(a, b, Kind::Handle, false),
            None => false,
        };
        let tied = share(a, b, Kind::Mail, false) || share(a, b, Kind::Number, false);
        let any = tied || share(a, b, Kind::Handle, false) || a.uid.is_some() && a.uid == b.uid;
        let as_person = a.uid.is_some() && a.uid == b.uid || tied && names_agree(a, b);
        if are_distinct(a, b) {
            if by_address || self.is_ambiguous(a, b) { Same::Perhaps } else { Same::No }
        } else if by_address || as_person {
            Same::Surely
        } else if any && (self.via.is_none() || names_agree(a, b)) {
            Same::Perhaps
        } else {
            Same::No
        }
    }
}
