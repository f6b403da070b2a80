//! The one table of fields. Reading, checking, searching, completion, import and export and the reference page all read it.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// A key of a contact that guanxi knows.
#[derive(Debug)]
pub struct Field {
    /// The key as it is written.
    pub key: &'static str,
    /// What kind of value it holds.
    pub kind: FieldKind,
    /// What it is for, in a few words.
    pub meaning: &'static str,
    /// Its property in vCard 4.0 (RFC 6350; RFC 9554 for CREATED).
    pub vcard: &'static str,
    /// Other names that people, phones and mail programs give it, singular and vCard names among them: letters and digits only,
    /// folded, as [`canonical`] looks them up.
    pub names: &'static [&'static str],
}

/// The kinds of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One text.
    Text,
    /// A list of texts.
    List,
    /// The groups.
    Tags,
    /// A path to a picture, or several.
    Card,
    /// A list of values that may each carry a label: `- work: +1 212 555 0147`.
    Labelled,
    /// A name or number in some other service.
    Handle,
    /// `1988-04-02`, or `--04-02` where the year is not known.
    Date,
    /// `true`, or a list of channels.
    OptOut,
}

const fn field(key: &'static str, kind: FieldKind, meaning: &'static str, vcard: &'static str) -> Field {
    Field { key, kind, meaning, vcard, names: &[] }
}

impl Field {
    const fn called(self, names: &'static [&'static str]) -> Self {
        Self { names, ..self }
    }

    /// Does it hold several values?
    pub fn is_list(&self) -> bool {
        matches!(self.kind, FieldKind::List | FieldKind::Tags | FieldKind::Labelled | FieldKind::Card)
    }
}

/// Every known field, in the order in which people write them.
pub static FIELDS: &[Field] = &[
    field("alias", FieldKind::Text, "the name you know them by", "FN where `name` is absent, else NICKNAME"),
    field("name", FieldKind::Text, "full formal name", "FN and N").called(&["fn", "fullname", "formalname"]),
    field("username", FieldKind::Text, "the name they chose themselves", "NICKNAME;TYPE=x-username"),
    field("aliases", FieldKind::List, "other names that find them", "NICKNAME").called(&[
        "nickname",
        "nicknames",
        "aka",
        "othernames",
    ]),
    field("phonetic", FieldKind::Text, "how a Chinese name is read", "X-PHONETIC"),
    field("tags", FieldKind::Tags, "groups", "CATEGORIES").called(&["tag", "category", "categories", "xcategories", "标签"]),
    field("greeting", FieldKind::Text, "how you address them in a message", "X-GREETING"),
    field("description", FieldKind::Text, "searchable, longer than a tag", "NOTE").called(&["note"]),
    field("card", FieldKind::Card, "picture of the name card, or a photo", "PHOTO").called(&[
        "photo",
        "namecard",
        "businesscard",
    ]),
    field("org", FieldKind::Text, "company or organisation", "ORG").called(&["organization", "organisation", "company", "公司"]),
    field("title", FieldKind::Text, "job title", "TITLE").called(&["jobtitle"]),
    field("role", FieldKind::Text, "what they do there", "ROLE"),
    field("phones", FieldKind::Labelled, "phone numbers", "TEL").called(&[
        "phone",
        "tel",
        "tels",
        "telephone",
        "telephones",
        "mobile",
        "mobiles",
        "mobilephone",
        "cell",
        "cellphone",
        "phonenumber",
        "phonenumbers",
        "telephonenumber",
        "mobilenumber",
        "电话",
        "手机",
    ]),
    field("emails", FieldKind::Labelled, "mail addresses", "EMAIL").called(&[
        "email",
        "mail",
        "mails",
        "emailaddress",
        "emailaddresses",
        "mailaddress",
        "邮箱",
    ]),
    field("addresses", FieldKind::Labelled, "postal addresses", "ADR").called(&["address", "adr", "postaladdress"]),
    field("urls", FieldKind::Labelled, "web pages", "URL").called(&["url", "website", "websites", "homepage"]),
    field("wechat", FieldKind::Handle, "WeChat ID", "IMPP").called(&["weixin", "wechatid", "微信", "微信号"]),
    field("telegram", FieldKind::Handle, "Telegram name", "IMPP"),
    field("whatsapp", FieldKind::Handle, "WhatsApp number", "IMPP"),
    field("signal", FieldKind::Handle, "Signal number or name", "IMPP"),
    field("line", FieldKind::Handle, "LINE ID", "IMPP"),
    field("linkedin", FieldKind::Handle, "LinkedIn profile", "SOCIALPROFILE"),
    field("qq", FieldKind::Handle, "QQ number", "IMPP"),
    field("weibo", FieldKind::Handle, "Weibo name", "SOCIALPROFILE"),
    field("matrix", FieldKind::Handle, "Matrix ID", "IMPP"),
    field("mastodon", FieldKind::Handle, "Mastodon address", "SOCIALPROFILE"),
    field("github", FieldKind::Handle, "GitHub name", "SOCIALPROFILE"),
    field("birthday", FieldKind::Date, "date of birth", "BDAY").called(&["bday", "birthdate", "dateofbirth", "dob", "生日"]),
    field("anniversary", FieldKind::Date, "anniversary", "ANNIVERSARY"),
    field("opt_out", FieldKind::OptOut, "never in a broadcast (of these channels)", "X-OPT-OUT"),
    field("distinct", FieldKind::List, "people who are not this one", "X-DISTINCT"),
    field("source", FieldKind::Text, "where and when you met", "X-SOURCE"),
    field("created", FieldKind::Date, "when the contact was written", "CREATED"),
    field("updated", FieldKind::Date, "when it was last looked over", "REV").called(&["rev"]),
    field("uid", FieldKind::Text, "only where another system needs it", "UID"),
];

/// Keys that only broadcasts have.
pub use super::broadcast::KEYS as BROADCAST_KEYS;

/// The field with this key.
pub fn find(key: &str) -> Option<&'static Field> {
    index(key).map(|index| &FIELDS[index])
}

/// Where a key stands in the table. Asked for every line of every file.
pub fn index(key: &str) -> Option<usize> {
    static INDEX: OnceLock<FxHashMap<&str, usize>> = OnceLock::new();
    INDEX.get_or_init(|| FIELDS.iter().enumerate().map(|(index, field)| (field.key, index)).collect()).get(key).copied()
}

/// All keys, in the order in which people write them.
pub fn order() -> Vec<&'static str> {
    FIELDS.iter().map(|field| field.key).collect()
}

/// The field that a key means without doubt although it is written otherwise: in another case or width, with other signs between its
/// words, in singular, under the name that vCard or other programs give it, with vCard's parameters behind it (`Emails`, `E-Mail`,
/// `FN`, `EMAIL[HOME]`, `mobile`). `None` for the field's own key, and for `alias` and `opt_out`: what makes a contact is written as it
/// is, and a "no" is looked for in more spellings than these ([`is_opt_out`]).
pub fn canonical(key: &str) -> Option<&'static Field> {
    static NAMES: OnceLock<FxHashMap<String, usize>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let read = FIELDS.iter().enumerate().filter(|(_, field)| !matches!(field.key, "alias" | "opt_out"));
        let names = |(index, field): (usize, &'static Field)| {
            std::iter::once(field.key).chain(field.names.iter().copied()).map(move |name| (bare(name), index))
        };
        read.flat_map(names).collect()
    });
    if key.len() > LONGEST_NAME || index(key).is_some() {
        return None;
    }
    let is_bare = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let name = if is_bare { key } else { &bare(without_group(key).split(['[', ';']).next().unwrap_or(key)) };
    names.get(name).map(|&index| &FIELDS[index])
}

/// `EMAIL` of `item1.EMAIL`, as Apple's cards group a property with its label (RFC 6350 §3.3).
fn without_group(key: &str) -> &str {
    let grouped = key.split_once('.').filter(|(group, _)| {
        let number = group.to_ascii_lowercase().strip_prefix("item").map(str::to_owned);
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    grouped.map_or(key, |(_, name)| name)
}

/// No name of a field is longer, in bytes: `EMAIL;TYPE=…` with its parameters.
const LONGEST_NAME: usize = 80;

/// Letters and digits of a key, folded.
fn bare(key: &str) -> String {
    crate::text::fold::search_key(key).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Is this key `alias` in another spelling, or a near miss of it?
pub fn means_alias(key: &str) -> bool {
    if index(key).is_some() || !(4..=10).contains(&key.chars().count()) {
        return false;
    }
    let folded = bare(key);
    crate::text::fold::distance(&folded, "alias", if folded.len() < 5 { 1 } else { 2 }).is_some()
}

/// The key of the field that a key means, or the key itself where it is none.
pub fn meant(key: &str) -> &str {
    canonical(key).map_or(key, |field| field.key)
}

/// The label in a vCard name: `HOME` in `EMAIL[HOME]` and `EMAIL;TYPE=HOME`.
pub fn label(key: &str) -> Option<&str> {
    let (_, rest) = key.split_once(['[', ';'])?;
    let rest = rest.trim_end_matches(']');
    let label = rest.split_once('=').map_or(rest, |(_, value)| value).split([',', ';']).next()?.trim();
    (!label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))).then_some(label)
}

/// The known key that this unknown one was most likely meant to be. Short keys are near to everything and count only as they are.
pub fn near_miss(key: &str) -> Option<&'static str> {
    if find(key).is_some() || BROADCAST_KEYS.contains(&key) {
        return None;
    }
    if let Some(field) = canonical(key) {
        return Some(field.key);
    }
    if let Some(sacred) = sacred_miss(key) {
        return Some(sacred);
    }
    let folded = crate::text::fold::search_key(key).replace(['-', ' '], "_");
    // `Org`, `url`: nothing else can be meant.
    if let Some(field) = find(&folded).or_else(|| find(&format!("{folded}s"))) {
        return Some(field.key);
    }
    let length = folded.chars().count();
    if length < 4 {
        return None;
    }
    let limit = if length < 5 { 1 } else { 2 };
    let long = FIELDS.iter().filter(|field| field.key.len() >= 5);
    let near = long.filter_map(|field| Some((crate::text::fold::distance(&folded, field.key, limit)?, field.key)));
    near.min().map(|(_, key)| key)
}

/// `tags` or `opt_out`, if this unknown key may be meant as one of them: `Tags`, `opt-out`, `optout`. These two decide who gets a
/// message, so a contact that misspells them is in doubt.
pub fn sacred_miss(key: &str) -> Option<&'static str> {
    if key.len() < 3 || key.chars().count() > 10 || find(key).is_some() {
        return None;
    }
    let folded = crate::text::fold::search_key(key);
    let bare: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let near = |text: &str, known: &str, limit| crate::text::fold::distance(text, known, limit).is_some();
    if bare == "tag" || near(&bare, "tags", usize::from(bare.len() > 3)) {
        return Some("tags");
    }
    (near(&bare, "optout", if bare.len() > 5 { 2 } else { 1 }) || near(&folded, "opt_out", 2)).then_some("opt_out")
}

/// Is this key `opt_out`, or a near miss of it?
pub fn is_opt_out(key: &str) -> bool {
    key == "opt_out" || sacred_miss(key) == Some("opt_out") || says_no(key)
}

/// How other programs name the column of those who said no: `email_opt_out`, `Unsubscribed`, `do_not_contact`.
fn says_no(key: &str) -> bool {
    if key.len() < 6 || find(key).is_some() {
        return false;
    }
    let folded = crate::text::fold::search_key(key);
    let bare: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let whole = ["unsubscribed", "unsubscribe", "donotcontact", "donotemail", "donotmail", "donotcall", "noemail", "nomail"];
    bare.contains("optout") || bare.contains("optedout") || whole.contains(&bare.as_str())
}

/// Does this key, or what it is a near miss of, make a contact, or say who gets a message?
pub fn decides(key: &str) -> bool {
    let meant = |key: &str| matches!(key, "alias" | "aliases" | "tags" | "opt_out" | "emails" | "phones");
    meant(key) || near_miss(key).is_some_and(meant)
}

/// The field that must be there so that a channel reaches somebody: mail needs `emails`, `sms` and `phone` need `phones`,
/// any other channel the field of its name.
pub fn of_channel(channel: &str) -> &str {
    match channel {
        "sms" => "phones",
        other => meant(other),
    }
}
