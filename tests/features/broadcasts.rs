//! Who gets a message, and in which shapes the list comes. These are the tests of a promise: nobody gets what they should not.

use guanxi::features::formats::{Format, write};
use guanxi::features::recipients::{Recipients, Refused, recipients};
use guanxi::vault::query::Query;
use guanxi::vault::{Change, Coverage, Vault, VaultPath};

use crate::vault::vault;

fn people(config: &str) -> Vault {
    vault(&format!(
        "== guanxi.yaml\n{config}\
         == ada.md\n---\nalias: Ada\ntags: [lead]\nemails: [ada@x.example, other@x.example]\nphones: [+1 212 555 0101]\n---\n\
         == bo.md\n---\nalias: Bo\ntags: [lead]\nemails: [bo@x.example]\nopt_out: true\n---\n\
         == cy.md\n---\nalias: Cy\ntags: [lead]\nemails: [cy@x.example]\nopt_out: [email]\nphones: [+1 212 555 0103]\n---\n\
         == di.md\n---\nalias: Di\ntags: [lead, do-not-contact]\nemails: [di@x.example]\n---\n\
         == ed.md\n---\nalias: Ed\ntags: [lead]\nphones: [(212) 555-0101]\n---\n\
         == fa.md\n---\nalias: Fa\ntags: [lead]\nemails: [ADA@X.example]\n---\n\
         == gi.md\n---\nalias: Gi\ntags: [lead]\norg: [unclosed\nemails: [gi@x.example]\n---\n\
         == hu.md\n---\nalias: Hu\ntags: [lead]\nemails: [hu@x.example]\nopt_out: [eMial]\n---\n"
    ))
}

fn picture(vault: &Vault, result: &Recipients) -> (String, String) {
    let chosen: Vec<String> = result
        .chosen
        .iter()
        .map(|one| format!("{} {}", vault.file(one.file).alias(), one.address.as_deref().unwrap_or("-")))
        .collect();
    let left: Vec<String> = result
        .left_out
        .iter()
        .map(|(file, reason)| format!("{}: {}", vault.file(*file).alias(), reason.words(vault, *file)))
        .collect();
    (chosen.join(", "), left.join(", "))
}

fn ask(vault: &Vault, via: Option<&str>) -> (String, String) {
    let result = recipients(vault, &Query::parse("#lead").unwrap(), via).unwrap();
    assert_eq!(result.chosen.len() + result.left_out.len(), 8, "everybody is in one of the two lists");
    picture(vault, &result)
}

const EXCLUDE: &str = "broadcast:\n  exclude: \"#do-not-contact\"\n";

#[test]
fn by_mail() {
    let (chosen, left) = ask(&people(EXCLUDE), Some("email"));
    assert_eq!(chosen, "Ada ada@x.example");
    assert_eq!(
        left,
        "Bo: opted out, Cy: opted out, Di: excluded, Ed: has no `emails`, Fa: same address as Ada, Gi: the front matter has a fault (see: guanxi check gi.md), Hu: opted out"
    );
}

#[test]
fn by_phone_the_same_number_in_two_formats_is_used_once() {
    let (chosen, left) = ask(&people(EXCLUDE), Some("sms"));
    assert_eq!(chosen, "Ada +1 212 555 0101, Cy +1 212 555 0103");
    assert!(left.contains("Ed: same address as Ada"), "{left}");
}

#[test]
fn without_a_channel_in_doubt_out() {
    let (chosen, left) = ask(&people(EXCLUDE), None);
    assert_eq!(chosen, "Ada -, Ed -, Fa -");
    assert!(left.contains("Cy: opted out"), "{left}");
}

/// Every way in which `do-not-contact` or an opting out may be miswritten leaves the contact out, and is told by `check`.
#[test]
fn what_decides_who_gets_a_message_must_be_beyond_doubt() {
    for line in [
        "tags: [lead, \"#do-not-contact\"]",
        "tags:\n  - lead\n  - #do-not-contact",
        "tags: [\n  lead,\n  #do-not-contact,\n  ]",
        "tags: [\n  lead, #do-not-contact,\n  new-york ]",
        "tags: [\n  #do-not-contact\n  lead ]",
        "opt_out: [\n  #email\n  ]",
        "tags: #do-not-contact",
        "tags: lead, do-not-contact",
        "tags: {do-not-contact: true}",
        "tags: [lead, do-not-contact:]",
        "tags: [lead, [do-not-contact]]",
        "tags: [lead, do-not-contact/]",
        "Tags: [lead, do-not-contact]",
        "tag: do-not-contact",
        "opt_out: #true",
        "opt-out: true",
        "Opt_out: true",
        "optout: true",
        "opt_outs: true",
        "opt_out: {email: true}",
        "opt_out: [emial]",
        "opted_out: true",
        "out_opt: true",
        "ｏｐｔ_ｏｕｔ: true",
        "opt_out: # true",
        "d: &d {opt_out: true}\n<<: *d",
        "tags: [\"do-not-contact\\u200b\"]",
        "tags: [do-not-contact / ever]",
        "note: a: b",
        "org: x\norg: y",
        "<<<<<<< HEAD\nopt_out: true\n=======\n>>>>>>> other",
    ] {
        let picture = format!(
            "== guanxi.yaml\n{EXCLUDE}== x.md\n---\nalias: X\nemails: [x@x.example]\n{line}\n---\n== y.md\n---\nalias: Y\ntags: [do-not-contact]\n---\n"
        );
        let vault = vault(&picture);
        for via in [None, Some("email")] {
            let result = recipients(&vault, &Query::parse("has:alias").unwrap(), via).unwrap();
            assert!(result.chosen.is_empty(), "{line:?} lets X in");
        }
        let document = guanxi::contact::Document::parse(vault.file(vault.id_of("x.md").unwrap()).text());
        assert!(!guanxi::contact::inspect(&document).is_empty() || line.contains("emial"), "{line:?} is not told");
    }
}

#[test]
fn who_said_no_in_one_file_is_not_reached_through_another() {
    let vault = vault(&format!(
        "== guanxi.yaml\n{EXCLUDE}\
         == a1.md\n---\nalias: Ada\nemails: [ada@x.example]\nphones: [+1 212 555 0101]\nopt_out: [email]\n---\n\
         == a2.md\n---\nalias: Ada at work\nemails: [ADA@x.example]\ntags: [lead]\n---\n\
         == a3.md\n---\nalias: Ada by phone\nphones: [(212) 555-0101]\ntags: [lead]\n---\n\
         == b1.md\n---\nalias: Bo\ntags: [do-not-contact]\nwechat: bo\n---\n\
         == b2.md\n---\nalias: Bo again\nwechat: bo\ntags: [lead]\n---\n"
    ));
    let query = Query::parse("#lead").unwrap();
    let chosen = |via: Option<&str>| picture(&vault, &recipients(&vault, &query, via).unwrap());
    let (mail, left) = chosen(Some("email"));
    assert_eq!(mail, "");
    assert!(left.contains("Ada at work: has an address of Ada (a1.md), who said no"), "{left}");
    assert_eq!(chosen(Some("sms")).0, "Ada by phone (212) 555-0101");
    assert_eq!(chosen(Some("wechat")).0, "");
    assert_eq!(chosen(None).0, "");
}

#[test]
fn an_address_cannot_smuggle_in_another() {
    let vault = vault(
        "== x.md\n---\nalias: X\nemails: [\"x@a.example>, <boss@b.example\"]\n---\n== y.md\n---\nalias: Y\nemails: [\"mailto:v@x.example\"]\n---\n",
    );
    let result = recipients(&vault, &Query::parse("has:alias").unwrap(), Some("email")).unwrap();
    assert!(result.chosen.is_empty());
    assert_eq!(result.left_out[0].1.name(), "invalid-address");
}

#[test]
fn a_misspelt_channel_is_refused_not_taken_for_nobody() {
    let vault = people(EXCLUDE);
    let query = Query::parse("#lead").unwrap();
    assert!(matches!(recipients(&vault, &query, Some("wechatt")), Err(Refused::Channel { .. })));
    for spelling in ["Email", "mail", " email "] {
        assert_eq!(recipients(&vault, &query, Some(spelling)).unwrap().chosen.len(), 1, "{spelling}");
    }
}

#[test]
fn a_fault_in_the_settings_refuses_every_broadcast() {
    let query = Query::parse("#lead").unwrap();
    let refused = |config: &str| recipients(&people(config), &query, None).unwrap_err();
    assert!(matches!(refused("broadcast:\n  exclude: [\n"), Refused::Config(_)));
    assert!(matches!(refused("broadcast:\n  exclude: #do-not-contact\n"), Refused::Config(_)));
    assert!(matches!(refused("broadcast:\n  exclude: ~\n"), Refused::Config(_)));
    assert!(matches!(refused("broadcast:\n  exclude: \"kind:note #do-not-contact\"\n"), Refused::Exclude(_)));
    assert!(matches!(refused("broadcast:\n  exclude: \"#do-not-contact (\"\n"), Refused::Exclude(_)));
    assert!(matches!(refused("broadcast:\n  exclude: \"#do-not-contcat\"\n"), Refused::ExcludeUnknown(_)));
    let unknown = recipients(&people(EXCLUDE), &Query::parse("#lead -#do-not-contcat").unwrap(), None);
    assert!(matches!(unknown, Err(Refused::Query(_))));
}

#[test]
fn nobody_opted_out_is_in_any_format_for_sending() {
    let vault = people(EXCLUDE);
    for format in Format::ALL.iter().copied().filter(|format| format.is_for_sending()) {
        let result = recipients(&vault, &Query::parse("#lead").unwrap(), format.channel()).unwrap();
        let text = write(&vault, &result.chosen, format);
        for hidden in ["bo@", "cy@", "di@", "gi@", "hu@", "Bo", "Hu", "lead"] {
            assert!(!text.contains(hidden), "{} shows {hidden}: {text}", format.name());
        }
    }
}

fn written(picture: &str, via: Option<&str>, format: Format) -> String {
    let vault = vault(picture);
    let result = recipients(&vault, &Query::parse("kind:contact").unwrap(), via).unwrap();
    write(&vault, &result.chosen, format)
}

const ODD: &str = "== a.md\n---\nalias: \"Ada \\\"The Lamp\\\" Lark, Jr.\"\nemails: [ada+led@x.example]\n---\n\
    == b.md\n---\nalias: 王小明\nemails: [w@x.example]\nwechat: wxid\n---\n\
    == c.md\n---\nalias: \"Cy\\r\\nBcc: evil@x.example\"\nemails: [cy@x.example]\norg: =cmd()|x\nphones: [+1 212 555 0101]\n---\n";

#[test]
fn bcc_is_one_header_line() {
    assert_eq!(
        written(&ODD.replace("alias:", "alias: x\nname:"), Some("email"), Format::Bcc),
        "Bcc: \"Ada \\\"The Lamp\\\" Lark, Jr.\" <ada+led@x.example>, =?UTF-8?Q?=E7=8E=8B=E5=B0=8F=E6=98=8E?= <w@x.example>, \"Cy Bcc: evil@x.example\" <cy@x.example>\n"
    );
    // The alias is a private remark: nobody reads it.
    assert_eq!(written(ODD, Some("email"), Format::Bcc), "Bcc: ada+led@x.example, cy@x.example, w@x.example\n");
}

#[test]
fn mailto_encodes_what_would_end_an_address() {
    assert_eq!(written(ODD, Some("email"), Format::Mailto), "mailto:?bcc=ada%2Bled@x.example,cy@x.example,w@x.example\n");
}

#[test]
fn csv_is_read_back_and_runs_nothing() {
    let text = written(ODD, None, Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(headers, ["path", "alias", "tags", "org", "phones", "emails", "wechat"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&rows[0][1], "Ada \"The Lamp\" Lark, Jr.");
    assert_eq!((&rows[1][3], &rows[1][4]), ("'=cmd()|x", "+1 212 555 0101"));
}

#[test]
fn checklists_and_names_keep_to_their_lines() {
    assert_eq!(written(ODD, Some("wechat"), Format::Checklist), "- [ ] [[王小明]] · wxid\n");
    assert_eq!(written(ODD, None, Format::Names).lines().count(), 3);
}

#[test]
fn vcards_are_folded_and_escaped() {
    let long = "长".repeat(60);
    let text = written(
        &format!(
            "== a.md\n---\nalias: Ada\nname: \"Lark; Ada, Dr.\\nX\"\ndescription: {long}\ntags: [\"a b\", c]\nphones:\n  - work: +1 212 555 0101\nbirthday: --04-02\nupdated: 2026-01-02\n---\n"
        ),
        None,
        Format::Vcf,
    );
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert!(text.split("\r\n").all(|line| !line.contains('\n')));
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "FN:Lark\\; Ada\\, Dr.\\nX",
        "NICKNAME:Ada",
        "TEL;TYPE=work:+1 212 555 0101",
        "BDAY:--0402",
        "REV:20260102T000000Z",
        "CATEGORIES:a b,c",
        "END:VCARD",
    ] {
        assert!(unfolded.split("\r\n").any(|own| own == line), "{line} in {unfolded}");
    }
}

#[test]
fn json_is_an_array_of_what_is_written() {
    let text = written("== a.md\n---\nalias: Ada\nphones: +1\nopt: no\nx: {a: [1, ~]}\nempty:\n---\n", None, Format::Json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected = serde_json::json!([{ "path": "a.md", "alias": "Ada", "tags": [], "phones": ["+1"], "opt": "no", "x": { "a": ["1", "~"] }, "empty": null }]);
    assert_eq!(value, expected);
}

/// A list or a map in `opt_out` is a no, whatever is in it, and so is the address of whoever wrote it.
#[test]
fn an_opt_out_without_a_word_is_a_no_too() {
    for no in ["{}", "[[]]", "[{}]", "[email, {}]", "!x {a: }"] {
        let drawn = format!(
            "== a.md\n---\nalias: A\nemails: [a@x.example]\nopt_out: {no}\n---\n== b.md\n---\nalias: B\nemails: [A@x.example]\n---\n"
        );
        let vault = vault(&drawn);
        for via in [Some("email"), None] {
            let found = recipients(&vault, &Query::parse("kind:contact").unwrap(), via).unwrap();
            assert_eq!(found.chosen, [], "{no} {via:?}: {:?}", picture(&vault, &found));
        }
    }
}

proptest::proptest! {
    #![proptest_config(crate::law(300))]

    /// Nobody gets a message at an address of somebody who must not get it, whichever way the vault knows its addresses: by its
    /// index, or by reading the files.
    #[test]
    fn no_address_of_who_said_no(people in proptest::collection::vec((0_usize..6, 0_usize..6, 0_usize..5), 1..9), via in 0_usize..5) {
        let mails = ["", "a@x.example", "A@X.example", "b@x.example", "a@x.example, b@x.example", "n/a"];
        let phones = ["", "+1 212 555 0101", "(212) 555-0101", "12", "'12', +1 212 555 0102", "n/a"];
        let mut drawn = format!("== guanxi.yaml\n{EXCLUDE}");
        for (number, (mail, phone, no)) in people.iter().enumerate() {
            let no = ["", "opt_out: true", "opt_out: [email]", "tags: [do-not-contact]", "org: [unclosed"][*no];
            let tags = if no.starts_with("tags") { "" } else { "tags: [lead]\n" };
            drawn.push_str(&format!(
                "== {number}.md\n---\nalias: P{number}\n{tags}emails: [{}]\nphones: [{}]\nwechat: w{}\n{no}\n---\n",
                mails[*mail], phones[*phone], mail % 3
            ));
        }
        drawn.push_str("== last.md\n---\nalias: Last\ntags: [do-not-contact, other]\n---\n");
        let whole = vault(&drawn);
        let mut read = Vault::new(Coverage::Tags);
        for (path, text) in crate::vault::files(&drawn) {
            read.apply(Change::Found { path: VaultPath::new(&path), text: text.into() });
        }
        let via = [Some("email"), Some("sms"), Some("wechat"), None, Some("phones")][via];
        let query = Query::parse("kind:contact").unwrap();
        let (Ok(indexed), Ok(plain)) = (recipients(&whole, &query, via), recipients(&read, &query, via)) else {
            // Nobody has such a field at all: then nobody gets anything, in both.
            proptest::prop_assert!(recipients(&whole, &query, via).is_err() && recipients(&read, &query, via).is_err());
            return Ok(());
        };
        proptest::prop_assert_eq!(picture(&whole, &indexed), picture(&read, &plain));
        read.deepen_further(usize::MAX);
        proptest::prop_assert!(read.is_whole());
        proptest::prop_assert_eq!(picture(&whole, &indexed), picture(&read, &recipients(&read, &query, via).unwrap()));
    }
}
