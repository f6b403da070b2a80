//! Addresses in texts: every mail address, phone number and name in a service that a text holds, in the form in which two that are the
//! same are equal. Reads what people, input methods and other programs write.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::fields::{self, FieldKind};
use super::reach::{Address, SHORTEST, mail_identity};
use super::{date, mend, tag, without_extension};
use crate::text::{fold, invisible, lines};

/// The significant digits of a number: without `+`, `00`, `(0)`, extension and leading zeros. `None` without digits.
pub fn number(text: &str) -> Option<Address> {
    let folded = folded(text);
    let bare = without_extension(folded.trim().trim_start_matches("tel:")).replace("(0)", "");
    let digits = fold::digits(&with_digits(&bare));
    let significant = digits.trim_start_matches('0');
    (!significant.is_empty()).then(|| Address::Number(significant.to_owned()))
}

/// Letters that are typed for digits, in a word of digits: `555-O444`. In `555 0147 or 555 0190` the `o` begins another word.
fn with_digits(text: &str) -> String {
    let digit_of = |c| match c {
        'O' | 'o' => Some('0'),
        'l' | 'I' => Some('1'),
        _ => None,
    };
    let mut result = String::with_capacity(text.len());
    let (mut rest, mut has_digits) = (text, false);
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        rest = after;
        let is_number = word.chars().all(|c| c.is_numeric() || digit_of(c).is_some())
            && (word.contains(char::is_numeric) || result.ends_with(['-', '.']))
            && (first.is_numeric() || has_digits);
        let digit = |c| if is_number { digit_of(c).unwrap_or(c) } else { c };
        result.extend(word.chars().map(digit));
        has_digits |= word.contains(char::is_numeric);
    }
    result
}

/// NFKC without invisible characters; nearly all texts are that already.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().filter(|&c| !invisible::is_ignorable(c)).collect()) }
}

/// Services that people have names in, beside those of the table of fields.
const SERVICES: &[&str] = &[
    "instagram",
    "facebook",
    "twitter",
    "skype",
    "viber",
    "threema",
    "discord",
    "slack",
    "teams",
    "xmpp",
    "jabber",
    "bluesky",
    "imessage",
    "icq",
    "snapchat",
    "tiktok",
    "kakaotalk",
    "zalo",
];

/// Other names of services.
const SERVICE_NAMES: &[(&str, &str)] =
    &[("weixin", "wechat"), ("微信", "wechat"), ("微信号", "wechat"), ("wx", "wechat"), ("tg", "telegram"), ("fb", "facebook")];

/// The service whose names a key holds, in any spelling: `WeChat`, `wechat_id`, `X-WECHAT`, `微信`.
pub(super) fn service_of(key: &str) -> Option<Cow<'static, str>> {
    let known =
        |key: &str| fields::find(key).filter(|field| field.kind == FieldKind::Handle).map(|field| Cow::Borrowed(field.key));
    if let Some(service) = known(key) {
        return Some(service);
    }
    // Nearly every other key is a field of another kind.
    if fields::find(key).is_some() || key.len() > 40 {
        return None;
    }
    if is_service_property(key) {
        return fields::label(key).and_then(service_of);
    }
    let folded: String = fold::search_key(key).chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = folded.strip_prefix('x').filter(|rest| known(rest).is_some()).unwrap_or(&folded);
    let bare =
        ["id", "name", "handle"].iter().find_map(|end| bare.strip_suffix(end)).filter(|rest| rest.len() > 1).unwrap_or(bare);
    let named = SERVICE_NAMES.iter().find(|(name, _)| *name == bare).map(|(_, service)| Cow::Borrowed(*service));
    let other = SERVICES.iter().find(|service| **service == bare).map(|service| Cow::Borrowed(*service));
    known(bare).or(named).or(other).or_else(|| fields::near_miss(key).and_then(known))
}

/// Is this a property of vCard whose parameter names the service: `IMPP` (RFC 6350 §6.4.3), `SOCIALPROFILE` (RFC 9554 §4.9)?
pub(super) fn is_service_property(key: &str) -> bool {
    let base = key.split(['[', ';']).next().unwrap_or(key).trim();
    let base = base.rsplit('.').next().unwrap_or(base);
    ["impp", "socialprofile", "x-socialprofile", "x_socialprofile"].iter().any(|name| base.eq_ignore_ascii_case(name))
}

/// Every name in a text: several may stand in one.
pub(super) fn handles(text: &str) -> Vec<String> {
    let bare = |part: &str| {
        let part = part.split_once(" (").map_or(part, |(name, _)| name);
        let part = part.split_once(": ").map_or(part, |(_, name)| name);
        handle(part.trim().trim_matches(['"', '\'', '“', '”', '«', '»', '‘', '’', '.']))
    };
    let mut found: Vec<String> = text.split([',', '，', '、', ';', '；']).flat_map(|part| part.split(" / ")).map(bare).collect();
    found.retain(|name| name.chars().any(char::is_alphanumeric));
    found
}

pub(super) fn handle(text: &str) -> String {
    let text = text.trim();
    // A profile's page: its last part is the name.
    let name = match text.split_once("://") {
        Some((_, rest)) => rest.trim_end_matches('/').rsplit('/').next().unwrap_or(rest),
        None => text,
    };
    tag::key(name).trim().trim_start_matches('@').trim().to_owned()
}

/// Every mail address in a text, and what `check` would correct it to.
pub fn mails(text: &str) -> Vec<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'-' | b'_' | b'+');
    let is_inside = text.len() > 2 && !text.starts_with('@') && !text.ends_with(['@', '.']);
    if is_inside && text.bytes().all(plain) && text.bytes().filter(|&byte| byte == b'@').count() == 1 {
        return vec![mail_identity(text)];
    }
    let mut found: Vec<String> = mend::emails(text).iter().map(|mail| mail_identity(mail)).collect();
    let mut folded = folded(text).into_owned();
    if folded.contains("%40") || folded.to_ascii_lowercase().contains("mailto:") {
        folded = crate::text::percent_decoded(&folded);
    }
    let mut folded = folded.replace('。', ".");
    for (written, sign) in [("(at)", "@"), ("[at]", "@"), (" at ", "@"), ("(dot)", "."), ("[dot]", "."), (" dot ", ".")] {
        folded = folded.replace(written, sign);
    }
    while folded.contains("@@") {
        folded = folded.replace("@@", "@");
    }
    let folded = folded.replace(" @", "@").replace("@ ", "@");
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>()[]{},;:\"'`|\\?&=/!“”«»‹›„‚‘’、".contains(c);
    for (at, _) in folded.match_indices('@').take(MOST_MAILS) {
        // No address is longer (RFC 5321 §4.5.3.1), so that a text of nothing but `@` costs no more than its length.
        let from = lines::floor(&folded, at.saturating_sub(LONGEST_PART));
        let to = lines::floor(&folded, (at + 1 + LONGEST_PART).min(folded.len()));
        let before = &folded[from..at];
        let start = before.rfind(ends).map_or(from, |end| from + end + before[end..].chars().next().map_or(1, char::len_utf8));
        let end = folded[at + 1..to].find(|c| ends(c) || c == '@').map_or(to, |end| at + 1 + end);
        let (local, domain) = (&folded[start..at], folded[at + 1..end].trim_matches('.'));
        let local = local.rsplit('@').next().unwrap_or(local);
        if !local.is_empty() && !domain.is_empty() {
            found.push(mail_identity(&format!("{local}@{domain}")));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// No part of a mail address is longer, in bytes, and no text has more addresses that are looked at.
const LONGEST_PART: usize = 320;
const MOST_MAILS: usize = 1000;

/// Every phone number in a text. Of a text for something else only what has seven digits and is no date.
pub(super) fn numbers(text: &str, is_for: bool, found: &mut Vec<Address>) {
    let folded = folded(text);
    if date::parse(folded.trim()).is_some() {
        return;
    }
    let folded = if is_for { Cow::Owned(with_digits(&folded)) } else { folded };
    let is_part =
        |c: char| c.is_numeric() || matches!(c, ' ' | '.' | '(' | ')' | '+' | '/' | '-' | '\u{a0}' | '\u{2010}'..='\u{2015}');
    // Digits in a name or a mail address are no number; a short one stands alone.
    let is_bare = folded.chars().all(is_part);
    let short = if is_for && is_bare { 1 } else { SHORTEST };
    let folded: String = folded.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    for run in without_extension(&folded).split(|c: char| !is_part(c)).chain(folded.split([',', ';', '、', '|'])) {
        let mut add = |text: &str| {
            if let Some(Address::Number(digits)) = number(text).filter(|one| one.text().len() >= short) {
                found.push(Address::Number(digits));
            }
        };
        // `030 1234 / 0170 7654321`, `212 555 0147 (9-17h)`, `…0147-49`: two numbers, a remark, an extension, or one number.
        run.split('/').filter(|part| fold::digits(part).len() >= SHORTEST).for_each(&mut add);
        if let Some((before, _)) = run.trim().split_once('(').filter(|(before, _)| fold::digits(before).len() >= SHORTEST) {
            add(before);
        }
        if let Some((before, after)) = run.trim().rsplit_once(['-', '.'])
            && fold::digits(after).len() <= 2
            && fold::digits(before).len() >= SHORTEST
        {
            add(before);
        }
        run.split_whitespace().filter(|part| fold::digits(part).len() >= SHORTEST).for_each(&mut add);
        if date::parse(run.trim()).is_none() {
            add(run);
        }
    }
}
