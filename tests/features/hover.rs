//! Hover, as a person sees it: what is pointed at between brackets, then the page.

use guanxi::features::Here;
use guanxi::features::card::card;
use guanxi::features::code_lens::lenses;
use guanxi::features::document_links::document_links;
use guanxi::features::hover::{Hover, HoverOptions, hover};
use guanxi::features::inlay_hints::hints;
use guanxi::features::markup::{Line, Page, escaped, shortened};
use guanxi::text::Span;
use guanxi::vault::VaultPath;

use super::Asked;

fn answer(picture: &str) -> Option<(String, Hover)> {
    let asked = Asked::new(picture);
    let here = asked.here();
    let there = |path: &str| path.ends_with(".jpg").then(|| format!("file:///vault/{path}"));
    let hover = hover(&here, asked.offset, &HoverOptions { picture: &there })?;
    Some((hover.span.of(here.text()).to_owned(), hover))
}

fn markdown(picture: &str) -> String {
    answer(picture).map_or("nothing".to_owned(), |(word, hover)| format!("[{word}]\n{}\n", hover.markdown))
}

fn plain(picture: &str) -> String {
    answer(picture).map_or("nothing".to_owned(), |(word, hover)| format!("[{word}]\n{}\n", hover.plain()))
}

/// Some people, and one file more.
fn among(rest: &str) -> String {
    let people = "\
== guanxi.yaml
tags:
  known:
    lead: Could buy within a year
    someday:
broadcast:
  exclude: \"#do-not-contact\"
== wang.md
---
alias: Wang Xiaoming
username: Kittykat123
aliases: [王小明, Tom Wang]
tags: [lead, new-york, event/ces-2026]
description: |
  Buys LED panels.
  Prefers <b>voice</b> messages.
card: cards/wang.jpg
org: Panda & Sons
title: Purchasing manager
wechat: wxid_kitty123
phones:
  - work: +1 212 555 0147
emails: [wang@panda.example]
children: two
---
== li.md
---
alias: Li Na
tags: [lead, new-york]
phones: [(212) 555-0147, +86 10 5555 0123]
---
== li-2.md
---
alias: Li Na
tags: [lead, do-not-contact]
emails: [li@x.example]
---
== ana.md
---
alias: ána
tags: [Event]
emails: [ana@x.example]
opt_out: true
---
";
    format!("{people}{rest}")
}

/// The card of Wang Xiaoming, as a link to him shows it.
const WANG: &str = r"**Wang Xiaoming** · 王小明, Tom Wang, Kittykat123

Purchasing manager, Panda & Sons

Buys LED panels. Prefers \<b\>voice\</b\> messages.

`#lead` `#new-york` `#event/ces-2026`

- phones: [+1 212 555 0147](tel:+12125550147) (work)
- emails: [wang@panda.example](mailto:wang@panda.example)
- wechat: wxid\_kitty123
- children: two

`wang.md`

![wang.jpg](file:///vault/cards/wang.jpg)";

fn assert_page(rest: &str, expected: &str) {
    assert_eq!(markdown(&among(rest)).trim_end(), expected.trim(), "{rest}");
}

#[test]
fn a_tag_with_its_meaning_its_companions_and_its_members() {
    assert_page(
        "== n.md\nsee #le‸ad\n",
        "
[lead]
**lead** · 3 carry it

Could buy within a year

often with `#new-york` (2), `#do-not-contact` (1), `#event/ces-2026` (1)

- Li Na
- Li Na
- Wang Xiaoming",
    );
    assert_page(
        "== c.md\n---\nalias: Bo\ntags:\n  - eve‸nt\n---\n",
        "
[event]
**Event** · 2 carry it, 3 with the tags below it

often with `#lead` (1), `#new-york` (1)

- ána
- Bo
- Wang Xiaoming",
    );
}

#[test]
fn a_tag_that_nobody_carries() {
    assert_page("== n.md\nsee #some‸day\n", "[someday]\n**someday** · no contact has it yet");
    assert_page(
        "== n.md\nsee #leed‸\n",
        "[leed]\n**leed** · no contact has it, and the vocabulary does not list it\n\nnear: `#lead` (3)",
    );
    assert_page("== n.md\nsee #🐼‸\n", "[🐼]\n**🐼** · no contact has it, and the vocabulary does not list it");
}

#[test]
fn many_members_are_counted_and_the_first_named() {
    let many: String = (0..40).map(|n| format!("== p{n}.md\n---\nalias: 李{n:02}\ntags: [老同学]\n---\n")).collect();
    let page = markdown(&format!("{many}== n.md\n#老同‸学\n"));
    assert_eq!(page, "[老同学]\n**老同学** · 40 carry it\n\n- 李00\n- 李01\n- 李02\n- 李03\n- 李04\n\nand 35 more\n");
}

#[test]
fn a_link_shows_the_card() {
    for link in ["[[Wang Xiao‸ming]]", "[[王小明|h‸im]]", "[[wa‸ng]]", "[him](wan‸g.md)"] {
        let page = markdown(&among(&format!("== n.md\nsee {link}\n")));
        let card = page.split_once('\n').map(|(_, card)| card.trim_end());
        assert_eq!(card, Some(WANG), "{link}");
    }
    assert_page("== b.md\n---\nto: \"#lead\"\n---\n- [ ] [[Wang ‸Xiaoming]] · x", &format!("[Wang Xiaoming]\n{WANG}"));
    let vault = crate::vault::vault(&among(""));
    let there = |path: &str| Some(format!("file:///vault/{path}"));
    assert_eq!(card(&vault, vault.id_of("wang.md").unwrap(), &there), WANG);
}

#[test]
fn a_line_of_a_list_shows_the_message_below_the_card() {
    let list = |who: &str, body: &str| {
        let head = "---\nto: \"#lead\"\nsubject: For {{ alias }}\n---\n";
        format!("== b.md\n{head}{body}\n\n<!-- guanxi:list -->\n- [ ] [[{who}]]\n<!-- /guanxi:list -->\n")
    };
    let letter = "**For Wang Xiaoming**\n\nDear \\<b\\>,\n\n\\# all well at Panda & Sons?";
    assert_page(
        &list("Wang ‸Xiaoming", "Dear <b>,\n\n# all well at {{ org }}?"),
        // Without his picture, which would push the message out of sight.
        &format!("[Wang Xiaoming]\n{}\n\n---\n\n{letter}", WANG.split_once("\n\n![").unwrap().0),
    );
    // Beside the name, the message alone: the box is what one ticks.
    for beside in ["‸- [ ] [[Wang Xiaoming]]", "- [‸ ] [[Wang Xiaoming]]", "- [x] [[Wang Xiaoming]] · wa‸ng — rang him"]
    {
        let text = list("", "Hi").replace("- [ ] [[]]", beside);
        assert_page(&text, &format!("[{}]\n**For Wang Xiaoming**\n\nHi", beside.replace('‸', "")));
    }
    assert_page(&list("", "Hi").replace("- [ ] [[]]", "- [ ] no‸body"), "nothing");
    assert_page(&list("Wang Xiaoming", "H‸i"), "nothing");
    let page = markdown(&among(&list("án‸a", "Hi")));
    assert!(page.contains("---\n\ngets no message: the query does not match them"), "{page}");
    let page = markdown(&among(&list("li‸-2", "Hi")));
    assert!(page.contains("gets no message: excluded"), "{page}");
    let page = markdown(&among(&list("Wang ‸Xiaoming", "{{ signal }}")));
    assert!(page.contains("Wang Xiaoming has no `signal`"), "{page}");
}

#[test]
fn a_link_in_plain_text() {
    let page = plain(&among("== n.md\nsee [[王小‸明]]\n"));
    let expected = "\
[王小明]
Wang Xiaoming · 王小明, Tom Wang, Kittykat123
Purchasing manager, Panda & Sons
Buys LED panels. Prefers <b>voice</b> messages.
#lead #new-york #event/ces-2026
- phones: +1 212 555 0147 (work)
- emails: wang@panda.example
- wechat: wxid_kitty123
- children: two
wang.md
picture: cards/wang.jpg
";
    assert_eq!(page, expected);
}

#[test]
fn a_link_to_several_to_nobody_to_the_web() {
    assert_page(
        "== n.md\nsee [[Li Na‸]]\n",
        "[Li Na]\n**Li Na** fits 2 files: name one of them\n\n- Li Na · `li-2.md`\n- Li Na · `li.md`",
    );
    assert_page("== n.md\nsee [[Wang Xiaomng‸]]\n", "[Wang Xiaomng]\nnobody goes by **Wang Xiaomng**\n\nnear: Wang Xiaoming");
    assert_page("== n.md\nsee [[Zzyzx‸]]\n", "[Zzyzx]\nnobody goes by **Zzyzx**");
    assert_page("== n.md\nsee [him](no‸body.md)\n", "[nobody.md]\nthere is no file `nobody.md` in this vault");
    assert_page("== n.md\nsee [him](https://exa‸mple.org)\n", "nothing");
    assert_page("== n.md\nsee [[‸]]\n", "nothing");
    assert_page("== n.md\n# Plans\nsee [[n‸]]\n", "[n]\n**n** · note\n\nPlans\n\n`n.md`");
}

#[test]
fn own_names_show_the_own_card_even_where_the_front_matter_is_broken() {
    assert_page(
        "== c.md\n---\nalias: Bo ‸Chen\norg: [broken\n---\n",
        "[Bo Chen]\n**Bo Chen**\n\nthe front matter has a fault: in no broadcast until it is mended\n\n`c.md`",
    );
    assert_page(
        "== c.md\n---\nalias: Bo\naliases: [Wang Xiaom‸ing]\nopt_out: [wechat]\n---\n",
        "
[Wang Xiaoming]
**Bo** · Wang Xiaoming

opted out of broadcasts: wechat

`c.md`

---

links to **Wang Xiaoming** lead to Wang Xiaoming · `wang.md`",
    );
}

#[test]
fn pictures_and_attachments() {
    assert_page(
        "== people/c.md\n---\nalias: Bo\ncard: ../cards/b‸o.jpg\n---\n",
        "[../cards/bo.jpg]\n![bo.jpg](file:///vault/cards/bo.jpg)\n\n`cards/bo.jpg`",
    );
    assert_page("== c.md\n---\nalias: Bo\ncard: b‸o.png\n---\n", "[bo.png]\n`bo.png`");
    assert_page("== b.md\n---\nto: \"#lead\"\nattach: [do‸cs/a.pdf]\n---\n", "[docs/a.pdf]\n`docs/a.pdf`");
    assert_page(
        "== c.md\n---\nalias: Bo\ncard: ../b‸o.jpg\n---\n",
        "[../bo.jpg]\n`../bo.jpg` lies outside the vault: copy the file into it",
    );
    let picture = among("== c.md\n---\nalias: Bo\ncard: b‸o.jpg\n---\n");
    assert_eq!(plain(&picture), "[bo.jpg]\npicture: bo.jpg\n");
}

#[test]
fn keys_and_values() {
    assert_page(
        "== c.md\n---\nalias: Bo\nphon‸es: x\n---\n",
        "[phones]\n**phones** · phone numbers\n\na list, each perhaps with a label: `- work: …`\n\nvCard: TEL",
    );
    assert_page("== c.md\n---\nalias: Bo\nphn‸es: x\n---\n", "[phnes]\nguanxi knows no field `phnes`: is `phones` meant?");
    assert_page(
        "== c.md\n---\nalias: Bo\nhob‸by: x\n---\n",
        "[hobby]\n**hobby** · a field of your own\n\nfound as `hobby:value`, and never touched",
    );
    assert_page(
        "== c.md\n---\nalias: Bo\nphones:\n  - home: 12125‸550147\n---\n",
        "[12125550147]\n**phones** (home) · phone numbers\n\nalso of\n\n- Li Na · `li.md`\n- Wang Xiaoming · `wang.md`",
    );
    assert_page("== c.md\n---\nalias: Bo\nbirthday: 1988-04‸-02\n---\n", "[1988-04-02]\n**birthday** · date of birth");
    assert_page("== b.md\n---\nto: \"#lead\"\nsub‸ject: Hi\n---\n", "[subject]\n**subject** · the subject line of the mail");
    assert_page("== n.md\n---\nwhat‸ever: x\n---\n", "nothing");
    let settings = "== guanxi.yaml\nvault:\n  ignore‸: []\nwatch: auto\n";
    assert_eq!(markdown(settings), "[ignore]\n**ignore** · globs of what is left out, such as `archive/**`\n");
}

#[test]
fn a_query_names_who_matches() {
    assert_page(
        "== n.md\n```guanxi\n#lead ‸ has:emails\n```\n",
        "[#lead  has:emails]\n**2 contacts**\n\n- Li Na\n- Wang Xiaoming",
    );
    assert_page("== n.md\n```guanxi\n#lead (‸\n```\n", "[#lead (]\nthe query ends too early; expected a tag, a field or a word");
    assert_page("== n.md\n```guanxi\n‸\n```\n", "nothing");
    let settings = among("").replace("exclude: \"#do", "exclude: \"#‸do");
    assert_eq!(
        markdown(&settings),
        "[do-not-contact]\n**do-not-contact** · 1 carries it\n\noften with `#lead` (1)\n\n- Li Na\n\n---\n\nnever in a broadcast\n\n**1 contact**\n\n- Li Na\n"
    );
}

/// Who gets it, who does not and why, at the query and at the tags inside it.
#[test]
fn a_broadcast_names_who_gets_it() {
    let reached = "\
**1 recipient**, 3 left out (1 unreachable)

- Wang Xiaoming · wang@panda.example

left out

- ána: opted out
- Li Na: excluded
- Li Na: has no `emails`";
    assert_page("== b.md\n---\nto: \"#lead |‸ #event\"\nvia: email\n---\n", &format!("[#lead | #event]\n{reached}"));
    assert_page(
        "== b.md\n---\nto: \"#lead | #eve‸nt\"\nvia: email\n---\n",
        &format!(
            "[event]\n**Event** · 1 carries it, 2 with the tags below it\n\noften with `#lead` (1), `#new-york` (1)\n\n- ána\n- Wang Xiaoming\n\n---\n\n{reached}"
        ),
    );
    assert_page(
        "== b.md\n---\nto: [lead, someday‸]\n---\n",
        "[someday]\n**someday** · no contact has it yet\n\n---\n\n**0 recipients**",
    );
    assert_page(
        "== b.md\n---\nto: #someday‸\n---\n",
        "[someday]\n**someday** · no contact has it yet\n\n---\n\nto YAML, `to: #…` is a comment: put the query in quotes",
    );
    assert_page(
        "== b.md\n---\nto: \"-#leed ‸\"\n---\n",
        "[-#leed ]\nno contact has the tag `leed`, and the vocabulary does not list it: is \\#lead meant?",
    );
    assert_page(
        "== b.md\n---\nto: \"#lead\"\nvia: pige‸on\n---\n",
        "[pigeon]\n**pigeon** · reaches those who have `pigeon`\n\n---\n\nno contact has `pigeon`, so nobody can be reached by `pigeon`: known are email, sms, phone, wechat and other handles",
    );
}

#[test]
fn a_hole_in_a_message() {
    let hole = |written: &str, expected: &str| {
        assert_page(&format!("== b.md\n---\nto: \"#new-york\"\n---\n{written}"), expected);
    };
    hole("Dear {{ ali‸as }}", "[alias]\n**alias** · the name you know them by\n\nfor Li Na: Li Na");
    hole("{% if or‸g %}", "[org]\n**org** · company or organisation\n\nfor Li Na: nothing\n\n1 of 2 recipients has none");
    hole("{{ child‸ren }}", "[children]\n**children** · a field of your own\n\nfor Li Na: nothing");
    hole("{{ allias‸ }}", "[allias]\nno contact has the field `allias`: is `alias` meant?");
    for silent in ["{% i‸f org %}", "{{ org | default(\"your fi‸rm\") }}", "{{ org | upp‸er }}"] {
        hole(silent, "nothing");
    }
    hole("{% for phone in phones %}{{ pho‸ne }}", "nothing");
}

#[test]
fn nothing_where_there_is_nothing() {
    assert_page("== c.md\n---\nalias: Bo\n---\n‸\n", "nothing");
    assert_page("== c.md\n‸", "nothing");
}

/// What a file says is never markup.
#[test]
fn texts_from_files_are_shown_as_they_stand() {
    assert_eq!(escaped("<script>alert(1)</script>"), "\\<script\\>alert(1)\\</script\\>");
    assert_eq!(escaped("x](https://evil.example)![y](z)"), "x\\](https://evil.example)!\\[y\\](z)");
    assert_eq!(
        escaped("AT&T &amp; `rm` *b* _i_ ~~s~~ a|b #x \\"),
        "AT\\&T \\&amp; \\`rm\\` \\*b\\* \\_i\\_ \\~\\~s\\~\\~ a\\|b \\#x \\\\"
    );
    let line = |text: &str| Page::new().line(Line::new().value(text)).markdown();
    assert_eq!(line("# a\nb\r\n\r\n- c\u{202e}d"), "\\# a b - c d");
    assert_eq!(line("12. x"), "12\\. x");
    assert_eq!(line("- x"), "\\- x");
    assert_eq!(line("    code"), "code");
    assert_eq!(Page::new().line(Line::new().code("a``b`")).markdown(), "``` a``b` ```");
    assert_eq!(Page::new().line(Line::new().words("no `key`: `a")).markdown(), "no \\`key\\`: \\`a");
    let uri = Some("file:///a (b)\"<c>".to_owned());
    assert_eq!(Page::new().picture("x.png", uri).markdown(), "![x.png](file:///a%20%28b%29%22%3Cc%3E)");
    assert_eq!(shortened(&"王".repeat(10_000), 3), "王王王…");
    assert_eq!(shortened("👩\u{200d}👧", 2), "👩…");
    let name = "n".repeat(10_000);
    let page = markdown(&format!("== a.md\n---\nalias: {name}\n---\n== n.md\n[[{name}‸]]\n"));
    assert_eq!(page.split_once('\n').unwrap().1, format!("**{}…**\n\n`a.md`\n", "n".repeat(80)));
}

/// Whatever is typed so far, wherever the cursor: an answer or none, on characters that are there.
#[test]
fn no_place_is_too_strange() {
    let texts = [
        "---\nalias: 王\ntags: [a, \"b\nphones:\n- x: [\n---\n[[王|x]] #🐼 {{ x }}",
        "---\nalias: \"\nemails: '\nurls: [\"https://x.example]\ncard: ..\n---\n[a](<b c>) [](x) ![a](b)",
        "---\nto: \"#a (\nvia:\nattach: [x, ../../y]\n---\n{{ {% for }} `#x` [a](<b c>) [[",
        "\u{feff}---\r\nto:\r\n  - \r\n  - [x]\r\n---\r\n```guanxi\r\n#a /[/\r\n```\r\n",
        "```guanxi\n#a",
    ];
    for (text, end) in texts.iter().flat_map(|text| (0..=text.len()).map(move |end| (text, end))) {
        let Some(text) = text.get(..end) else { continue };
        for name in ["a.md", "guanxi.yaml"] {
            let vault = crate::vault::vault(&format!("== {name}\n{text}"));
            let here = Here::beside(&vault, VaultPath::new(name), text);
            for offset in 0..text.len() + 3 {
                if let Some(hover) = hover(&here, offset, &HoverOptions { picture: &|_| None }) {
                    assert!(text.get(hover.span.range()).is_some(), "{text} {offset}");
                    assert!(!hover.plain().is_empty());
                }
            }
            for here in [Here::of_file(&vault, vault.id_of(name).unwrap()), here] {
                assert!(lenses(&here).iter().all(|lens| here.text().get(lens.span.range()).is_some()), "{text}");
                let links = document_links(&here, &|_| true);
                assert!(links.iter().all(|link| here.text().get(link.span.range()).is_some()), "{text}");
                let hints = hints(&here, Span::new(0, text.len()));
                assert!(hints.iter().all(|hint| here.text().is_char_boundary(hint.offset)), "{text}");
            }
        }
    }
}
