//! Formats as others read them: what a contact says arrives in another library as it was written, whatever it is.

use std::fs;
use std::path::PathBuf;

use calcard::vcard::{VCard, VCardProperty, VCardValue, VCardVersion};
use guanxi::contact::tag;
use guanxi::features::formats::{Format, one_line, write};
use guanxi::features::recipients::recipients;
use guanxi::text::yaml::Value;
use guanxi::vault::query::Query;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};
use proptest::prelude::*;
use serde_json::json;

use crate::{hostile, python};

/// Contacts whose every field is one of these texts.
fn people(texts: &[String]) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (number, text) in texts.iter().enumerate() {
        let quoted = serde_json::to_string(text).unwrap();
        // A broken tag is a fault, and in doubt, out.
        let tag = if tag::fault(text).is_none() { quoted.as_str() } else { "other" };
        // A key of YAML has 1024 characters at most.
        let label = serde_json::to_string(&text.chars().take(100).collect::<String>()).unwrap();
        let text = format!(
            "---\nalias: {quoted}\nname: {quoted}\naliases: [{quoted}, Other {number}]\ntags: [lead, {tag}]\ndescription: {quoted}\norg: {quoted}\nphones:\n  - {label}: +1 212 555 {number:04}\n  - {quoted}\nemails: [\"p{number}+{number}@x.example\"]\naddresses: [{quoted}]\nurls: [\"https://x.example/{number}\"]\nwechat: {quoted}\nlinkedin: {quoted}\nbirthday: 1988-04-02\nupdated: 2026-01-02\nown: {quoted}\n---\n"
        );
        vault.apply(Change::Found { path: VaultPath::new(&format!("p{number}.md")), text: text.into() });
    }
    vault
}

/// Everybody by mail, as a broadcast would write them.
fn written(vault: &Vault, format: Format) -> String {
    let result = recipients(vault, &Query::parse("kind:contact").unwrap(), Some("email")).unwrap();
    write(vault, &result.chosen, format)
}

/// The recipients' numbers, in the order of the list.
fn numbers(vault: &Vault) -> Vec<usize> {
    let emails = written(vault, Format::Emails);
    emails.lines().map(|line| line[1..].split('+').next().unwrap().parse().unwrap()).collect()
}

/// What a text is in a vCard, which has line feeds and tabs and no other control characters.
fn in_card(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace(|c: char| c.is_control() && c != '\n' && c != '\t', "")
}

fn texts_of(card: &VCard, property: &VCardProperty) -> Vec<String> {
    let values = card.properties(property).flat_map(|entry| &entry.values);
    let text = |value: &VCardValue| match value {
        VCardValue::Component(parts) => parts.concat(),
        other => other.as_text().unwrap_or_default().to_owned(),
    };
    values.map(text).collect()
}

/// Every card, read by a library that shares no code with what writes them, in its strict mode.
fn cards_say_what_contacts_say(vault: &Vault) {
    let text = written(vault, Format::Vcf);
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");
    let mut parser = calcard::Parser::new(&text).strict();
    for number in numbers(vault) {
        let file = vault.file(vault.id_of(&format!("p{number}.md")).unwrap());
        let document = file.document();
        let card = match parser.entry() {
            calcard::Entry::VCard(card) => card,
            other => panic!("{other:?} in {text}"),
        };
        assert_eq!(card.version(), Some(VCardVersion::V4_0));
        let one = |key: &str| document.text_of(key).map(in_card).into_iter().collect::<Vec<_>>();
        let all = |key: &str| document.values_of(key).iter().map(|value| in_card(value.text)).collect::<Vec<_>>();
        let alias = vec![in_card(file.alias())];
        let (full, nick) = if one("name").is_empty() { (alias, Vec::new()) } else { (one("name"), alias) };
        for (property, expected) in [
            (VCardProperty::Fn, full),
            (VCardProperty::Note, one("description")),
            (VCardProperty::Org, one("org")),
            (VCardProperty::Email, all("emails")),
            (VCardProperty::Tel, all("phones")),
            (VCardProperty::Url, all("urls")),
            (VCardProperty::Socialprofile, one("linkedin")),
        ] {
            assert_eq!(texts_of(&card, &property), expected, "{property:?} of {:?} in {text}", file.alias());
        }
        // Where values stand in a row, this library makes less of the blanks in them.
        let bare = |texts: Vec<String>| texts.iter().map(|text| squeezed(text)).collect::<Vec<_>>();
        for (property, expected) in [
            (VCardProperty::Nickname, [nick, all("aliases")].concat()),
            (VCardProperty::Categories, document.tags().iter().map(|tag| in_card(tag.text)).collect()),
        ] {
            assert_eq!(bare(texts_of(&card, &property)), bare(expected), "{property:?} of {:?} in {text}", file.alias());
        }
        assert_eq!(texts_of(&card, &VCardProperty::Adr).concat(), all("addresses").concat(), "{text}");
    }
    assert_eq!(parser.entry(), calcard::Entry::Eof, "{text}");
}

#[test]
fn vcards_of_hostile_names_are_read_by_another_library() {
    let vault = people(&hostile::texts());
    let result = recipients(&vault, &Query::parse("kind:contact").unwrap(), Some("email")).unwrap();
    // Two whose name holds the same address are one person.
    let left = result.left_out.iter().filter(|(file, _)| !vault.file(*file).alias().contains('@'));
    let left: Vec<String> = left.map(|(file, reason)| reason.words(&vault, *file)).collect();
    assert!(left.is_empty(), "a name alone keeps nobody out: {left:?}");
    cards_say_what_contacts_say(&vault);
}

proptest! {
    #![proptest_config(crate::law(100))]
    #[test]
    fn vcards_of_any_name_are_read_by_another_library(texts in prop::collection::vec("\\PC{0,60}|.{0,40}", 1..4)) {
        cards_say_what_contacts_say(&people(&texts));
    }

    /// Lists for eyes and for mail programs have one line for each, and nothing in them drives a terminal.
    #[test]
    fn a_line_is_a_line(texts in prop::collection::vec(prop_oneof![any::<String>(), prop::sample::select(hostile::texts())], 1..5)) {
        let vault = people(&texts);
        let count = numbers(&vault).len();
        for (format, lines) in [(Format::Names, count), (Format::Checklist, count), (Format::Emails, count), (Format::Table, count + usize::from(count > 0)), (Format::Bcc, count.min(1)), (Format::Mailto, count.min(1))] {
            let text = written(&vault, format);
            prop_assert_eq!(text.matches('\n').count(), lines, "{}: {:?}", format.name(), text);
            let drives = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!text.contains(drives), "{}: {:?}", format.name(), text);
        }
        let header = written(&vault, Format::Bcc);
        prop_assert!(header.is_ascii(), "{}", header);
    }
}

fn in_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const READ_HEADER: &str = "
import email, email.policy, json, sys
with open(sys.argv[1], encoding='ascii', newline='') as file:
    mail = email.message_from_string(file.read() + '\\n', policy=email.policy.default)
print(json.dumps({
    'keys': mail.keys(), 'defects': [str(d) for d in list(mail.defects) + list(mail['bcc'].defects)],
    'addresses': [[a.display_name, a.addr_spec] for a in mail['bcc'].addresses],
}))
";

#[test]
fn python_reads_every_name_in_a_bcc_line() {
    let vault = people(&hostile::texts());
    let (_folder, path) = in_file(&written(&vault, Format::Bcc));
    let Some(read) = python::json(READ_HEADER, &[path.as_os_str()]) else { return };
    assert_eq!((&read["keys"], &read["defects"]), (&json!(["Bcc"]), &json!([])));
    let addresses = read["addresses"].as_array().unwrap();
    let numbers = numbers(&vault);
    assert_eq!(addresses.len(), numbers.len());
    for (address, number) in addresses.iter().zip(numbers) {
        let alias = vault.file(vault.id_of(&format!("p{number}.md")).unwrap()).alias();
        // Python keeps the blanks between encoded words, which are none (RFC 2047 §6.2).
        let shown = address[0].as_str().unwrap().replace(char::is_whitespace, "");
        let is_long = alias.chars().count() > 200;
        let expected = if is_long { String::new() } else { one_line(alias).replace(char::is_whitespace, "") };
        assert_eq!((shown, &address[1]), (expected, &json!(format!("p{number}+{number}@x.example"))));
    }
}

const READ_LINK: &str = "
import json, sys, urllib.parse
with open(sys.argv[1], encoding='ascii') as file:
    link = urllib.parse.urlsplit(file.read().strip())
fields = [field.split('=', 1) for field in link.query.split('&')]
print(json.dumps([link.scheme, link.path, link.fragment, [[key, [urllib.parse.unquote(a) for a in value.split(',')]] for key, value in fields]]))
";

#[test]
fn python_reads_every_address_in_a_link() {
    let picture = "== a.md\n---\nalias: A\nemails: [\"a+b&c=d?e#f%g@x.example\"]\n---\n== b.md\n---\nalias: B\nemails: [\"'\\\"q, r\\\"@x.example'\"]\n---\n== c.md\n---\nalias: C\nemails: ['\"q r&bcc=z\"@x.example']\n---\n== d.md\n---\nalias: D\nemails: [王@例え.example]\n---\n";
    let vault = crate::vault::vault(picture);
    let (_folder, path) = in_file(&written(&vault, Format::Mailto));
    let Some(read) = python::json(READ_LINK, &[path.as_os_str()]) else { return };
    let listed: Vec<String> = written(&vault, Format::Emails).lines().map(str::to_owned).collect();
    assert!(listed.len() >= 3, "{listed:?}");
    assert_eq!(read, json!(["mailto", "", "", [["bcc", listed]]]));
}

const READ_TABLE: &str = "
import csv, io, json, re, sys
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    text = file.read()
rows = list(csv.reader(io.StringIO(text, newline=''), strict=True))
cut = [re.split('[;\\t\\r\\n\\v\\f\\x85\\u2028\\u2029]', cell) for row in rows for cell in row]
print(json.dumps([rows, [piece for pieces in cut for piece in pieces]]))
";

#[test]
fn python_reads_every_cell_and_none_is_a_formula() {
    let texts = hostile::texts();
    let vault = people(&texts);
    let (_folder, path) = in_file(&written(&vault, Format::Csv));
    let Some(read) = python::json(READ_TABLE, &[path.as_os_str()]) else { return };
    let (rows, pieces): (Vec<Vec<String>>, Vec<String>) = serde_json::from_value(read).unwrap();
    let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    let numbers = numbers(&vault);
    assert_eq!(rows.len(), numbers.len() + 1);
    for (row, number) in rows[1..].iter().zip(numbers) {
        assert_eq!(row.len(), rows[0].len());
        assert_eq!(row[column("path")], format!("p{number}.md"));
        for key in ["alias", "name", "description", "org", "wechat", "own"] {
            let cell = &row[column(key)];
            let document = vault.file(vault.id_of(&format!("p{number}.md")).unwrap()).document();
            let Value::Scalar(written, _) = &document.entry(key).unwrap().value.value else { panic!("{key}") };
            assert_eq!(squeezed(&cell.replace('\'', "")), squeezed(&written.replace('\'', "")), "{key} of {number}");
        }
    }
    // Whole cells, and what would be one in a spreadsheet that cuts elsewhere.
    for cell in rows[1..].iter().flatten().chain(&pieces) {
        let bare = cell.trim_start_matches('"');
        let runs = bare.starts_with(['=', '@', '＝', '＋', '－', '＠']) || cell.starts_with(['\t', '\r', '\n']);
        let signed = bare.starts_with(['+', '-']) && bare.chars().any(char::is_alphabetic);
        assert!(!runs && !signed, "{cell:?} would be run");
    }
}

/// A table with one contact of this firm.
fn as_table(org: &str) -> String {
    let escaped: String =
        org.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\U{:08x}", c as u32) }).collect();
    let vault = crate::vault::vault(&format!("== a.md\n---\nalias: A\norg: \"{escaped}\"\nemails: [a@x.example]\n---\n"));
    written(&vault, Format::Csv)
}

/// What a program on the way drops, or does not see, hides no formula.
#[test]
fn a_formula_is_found_behind_what_nobody_sees() {
    let hidden = [
        "\u{1}",
        "\u{7f}",
        "\u{9b}",
        " ",
        "\u{a0}",
        "\u{3000}",
        "\u{200b}",
        "\u{feff}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{ad}",
        "\"",
        "'",
        "“",
        "\u{1b}[0m",
        "",
    ];
    let signs = ["=", "+", "-", "@", "＝", "＠", "﹢", "﹣", "\u{2212}"];
    for before in hidden.iter().flat_map(|a| hidden.iter().map(move |b| format!("{a}{b}"))) {
        // An escape sequence is text for a spreadsheet: what begins the cell is the bracket.
        if before.contains('[') {
            continue;
        }
        for sign in signs {
            let formula = format!("{before}{sign}cmd|' /C calc'!A0");
            for text in [formula.clone(), format!("a;{formula}"), format!("a\n{formula}"), format!("a\u{2028}{formula}")] {
                let listed = as_table(&text);
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(listed.as_bytes());
                let cell = reader.records().nth(1).unwrap().unwrap()[3].to_owned();
                // Spaces around a value are none of it.
                let formula = if text == formula { formula.trim() } else { &formula };
                assert_eq!(cell, text.trim().replace(formula, &format!("'{formula}")));
            }
        }
    }
    for text in ["+1 (212) 555-0147", " +1 212 555 0147", "-5", "a = b", "\u{200b}Ann", "'tis"] {
        assert!(as_table(text).contains(&format!(",{},", text.trim())), "{text}");
    }
}
