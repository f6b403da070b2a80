//! Document links, as a person sees them: what is underlined, and what opens.

use guanxi::features::Here;
use guanxi::features::document_links::{Target, document_links};

use crate::vault::vault;

/// The links of `people/me.md`, one a line.
fn links(text: &str) -> String {
    let vault = vault(&format!(
        "== people/me.md\n{text}== people/li.md\n---\nalias: 李娜\n---\n== x.md\n---\nalias: X\n---\n== y/x.md\n"
    ));
    let here = Here::of_file(&vault, vault.id_of("people/me.md").unwrap());
    let there = |path: &str| path.starts_with("cards/");
    let lines = document_links(&here, &there).into_iter().map(|link| {
        let uri = link.target.uri().map(|uri| format!(" = {uri}")).unwrap_or_default();
        format!("[{}] {}{uri}\n", link.span.of(here.text()), link.tooltip)
    });
    lines.collect()
}

fn contact(lines: &str) -> String {
    links(&format!("---\nalias: Me\n{lines}\n---\n"))
}

#[test]
fn mail_and_phone() {
    let head = "emails: [\"a b\", 'o''x+y@x.example', me@x.example]\nphones:\n  - work: +44 (0)20 7946 0018 ext. 12\n  - \"(212) 555-0147\"\n  - ask Bo\n  - +８６ 10 5555 0123";
    let expected = "\
[me@x.example] write to me@x.example = mailto:me@x.example
[+44 (0)20 7946 0018 ext. 12] call +442079460018;ext=12 = tel:+442079460018;ext=12
[(212) 555-0147] call 2125550147 = tel:2125550147
[+８６ 10 5555 0123] call +861055550123 = tel:+861055550123
";
    let shown = contact(head);
    let without_quoted: String = shown.lines().skip(1).map(|line| format!("{line}\n")).collect();
    assert_eq!(shown.lines().next(), Some("[o''x+y@x.example] write to o'x+y@x.example = mailto:o'x%2By@x.example"));
    assert_eq!(without_quoted, expected);
}

#[test]
fn web_pages_and_nothing_that_runs() {
    let head = "urls: [example.com, 'HTTPS://Example.com/a b', https://例子.example/路?q=1#x, shop: panda.example:8080/x, javascript:alert(1), 'file:///etc/passwd', 'data:text/html,x', localhost, https://a@evil.example, no, ftp://x.example]";
    let expected = "\
[example.com] open https://example.com = https://example.com
[https://例子.example/路?q=1#x] open https://%E4%BE%8B%E5%AD%90.example/%E8%B7%AF?q=1#x = https://%E4%BE%8B%E5%AD%90.example/%E8%B7%AF?q=1#x
[panda.example:8080/x] open https://panda.example:8080/x = https://panda.example:8080/x
";
    assert_eq!(contact(head), expected);
}

#[test]
fn handles_only_where_the_page_is_certain() {
    let head = "github: '@octo-panda'\ntelegram: panda_lights\nlinkedin: in/wang-xiaoming\nmastodon: '@wang@social.example'\nwechat: wxid_x";
    let expected = "\
[@octo-panda] open https://github.com/octo-panda = https://github.com/octo-panda
[panda_lights] open https://t.me/panda_lights = https://t.me/panda_lights
[in/wang-xiaoming] open https://www.linkedin.com/in/wang-xiaoming = https://www.linkedin.com/in/wang-xiaoming
[@wang@social.example] open https://social.example/@wang = https://social.example/@wang
";
    assert_eq!(contact(head), expected);
    assert_eq!(contact("github: a b\ntelegram: +1 212\nlinkedin: wang-xiaoming\nmastodon: wang"), "");
    assert_eq!(
        contact("telegram: t.me/panda\ngithub: javascript:x"),
        "[t.me/panda] open https://t.me/panda = https://t.me/panda\n"
    );
}

#[test]
fn pictures_beside_the_file_or_at_the_root() {
    assert_eq!(contact("card: cards/me.jpg"), "[cards/me.jpg] open cards/me.jpg\n");
    assert_eq!(
        contact("card: [me.jpg, \"../cards/名片.png\"]"),
        "[me.jpg] open people/me.jpg\n[../cards/名片.png] open cards/名片.png\n"
    );
    assert_eq!(contact("card: [../../x.jpg, /etc/passwd, 'C:\\x.png', file:x, '']"), "");
    assert_eq!(links("---\nto: \"#x\"\nattach: [a.pdf]\nemails: [a@x.example]\n---\n"), "[a.pdf] open people/a.pdf\n");
}

#[test]
fn links_in_the_text() {
    let text = "[[李娜|her]] and [[x]] [[nobody]] [a](li.md) [b](../docs/%E4%BB%B7.pdf#p2) [c](https://x.example/?q=1) \
        [d](javascript:alert(1)) [e](file:///etc/passwd) [f](mailto:a@x.example) [g](../../../etc/x.pdf) [h](#top) [i](nobody.md) `[[李娜]]`\n";
    let expected = "\
[李娜] open 李娜
[x] open X
[li.md] open 李娜
[../docs/%E4%BB%B7.pdf#p2] open docs/价.pdf
[https://x.example/?q=1] open https://x.example/?q=1 = https://x.example/?q=1
[mailto:a@x.example] write to a@x.example = mailto:a@x.example
";
    assert_eq!(links(text), expected);
}

#[test]
fn broken_and_ambiguous() {
    assert_eq!(contact("emails: [a@x.example\norg: ["), "[a@x.example] write to a@x.example = mailto:a@x.example\n");
    let vault = vault("== a.md\n[[B]] [x](b.md)\n== b.md\n---\nalias: B\n---\n== c.md\n---\nalias: B\n---\n== e.md\n");
    let of = |path: &str| document_links(&Here::of_file(&vault, vault.id_of(path).unwrap()), &|_| false);
    let targets: Vec<Target> = of("a.md").into_iter().map(|link| link.target).collect();
    assert_eq!(targets, [Target::Contact(vault.id_of("b.md").unwrap())]);
    assert_eq!(of("e.md"), []);
}
