//! What the cursor stands in, as pictures: `‸` is the cursor, the answer names the word that a completion would replace.

use guanxi::contact::cursor::{self, Closing, Cursor, TemplatePlace, Word, WordPlace};
use guanxi::contact::{Document, QueryPlace};

fn at(picture: &str) -> String {
    let offset = picture.find('‸').unwrap();
    let text = picture.replace('‸', "");
    let document = Document::parse(&text);
    let cursor = cursor::at(&document, offset);
    told(&text, &cursor)
}

fn told(text: &str, cursor: &Cursor) -> String {
    let word = |word: &Word| {
        let place = match word.place {
            WordPlace::Text => String::new(),
            WordPlace::Flow { comma, open } => {
                format!(" flow{}{}", if comma { " comma" } else { "" }, if open { " open" } else { "" })
            }
            WordPlace::Item { blank } => format!(" item{}", if blank { " blank" } else { "" }),
            WordPlace::Line { indent } => format!(" line {indent}"),
            WordPlace::Scalar { blank } => format!(" scalar{}", if blank { " blank" } else { "" }),
        };
        format!("`{}` typed `{}` whole `{}`{place}", word.span.of(text), word.typed, word.text)
    };
    let closed = |closing: &Closing| match closing {
        Closing::Whole => " closed".to_owned(),
        Closing::Half(end) => format!(" half `{}`", &text[..*end].rsplit("[[").next().unwrap_or("")),
        Closing::Missing => String::new(),
    };
    match cursor {
        Cursor::Key { path, word: own } => {
            format!("key {}{}", path.iter().map(|key| format!("{key}.")).collect::<String>(), word(own))
        }
        Cursor::Value { path, label, word: own, others } => {
            let others: Vec<&str> = others.iter().map(|span| span.of(text)).collect();
            let label = label.as_deref().map(|label| format!(" ({label})")).unwrap_or_default();
            let beside = if others.is_empty() { String::new() } else { format!(" beside {}", others.join("|")) };
            format!("{}{label} {}{beside}", path.join("."), word(own))
        }
        Cursor::Query { span, place } => {
            let place = match place {
                QueryPlace::Quoted(_) => "quoted",
                QueryPlace::Bare => "bare",
                QueryPlace::Block => "block",
            };
            format!("query {place} `{}`", span.of(text))
        }
        Cursor::Link { word: own, closing, .. } => format!("link {}{}", word(own), closed(closing)),
        Cursor::LinkHeading { target, word: own, closing, .. } => {
            format!("heading of `{target}` {}{}", word(own), closed(closing))
        }
        Cursor::LinkPath { word: own, embed } => format!("{} {}", if *embed { "picture" } else { "path" }, word(own)),
        Cursor::LinkText { target } => format!("text of the link to `{}`", target.of(text)),
        Cursor::Mention { word: own } => format!("mention {}", word(own)),
        Cursor::Template { word: own, place } => {
            let place = match place {
                TemplatePlace::Name => "template",
                TemplatePlace::Filter => "filter",
                TemplatePlace::Statement => "statement",
            };
            format!("{place} {}", word(own))
        }
        Cursor::Nothing => "nothing".to_owned(),
    }
}

fn head(lines: &str) -> String {
    at(&format!("---\nalias: A\n{lines}\n---\nbody\n"))
}

#[test]
fn tags_between_brackets() {
    assert_eq!(head("tags: [le‸]"), "tags `le` typed `le` whole `le` flow");
    assert_eq!(head("tags: [‸]"), "tags `` typed `` whole `` flow");
    assert_eq!(head("tags: [lead, ne‸w]"), "tags `new` typed `ne` whole `new` flow beside lead");
    assert_eq!(head("tags: [lead, ne‸"), "tags `ne` typed `ne` whole `ne` flow open beside lead");
    assert_eq!(head("tags: [lead, ne‸\norg: P"), "tags `ne` typed `ne` whole `ne` flow open beside lead");
    assert_eq!(head("tags: [lead, ‸, vip]"), "tags `` typed `` whole `` flow beside lead|vip");
    assert_eq!(head("tags: [‸lead]"), "tags `` typed `` whole `` flow comma beside lead");
    assert_eq!(head("tags: [le‸ vip]"), "tags `le` typed `le` whole `le` flow comma beside vip");
    assert_eq!(head("tags: [\"new y‸\", b]"), "tags `\"new y\"` typed `new y` whole `new y` flow beside b");
    assert_eq!(head("tags: ['it''s‸"), "tags `'it''s` typed `it's` whole `it's` flow open");
    assert_eq!(head("tags: [#le‸]"), "tags `#le` typed `le` whole `#le` flow");
    assert_eq!(head("tags: [a, #‸]"), "tags `#` typed `` whole `#` flow beside a");
    assert_eq!(head("tags: [\n  lead,\n  ne‸\n]"), "tags `ne` typed `ne` whole `ne` flow beside lead");
    assert_eq!(head("tags: [王‸, b]"), "tags `王` typed `王` whole `王` flow beside b");
    assert_eq!(head("tags: [a]‸"), "nothing");
}

#[test]
fn tags_one_a_line() {
    assert_eq!(head("tags:\n  - lead\n  - ne‸"), "tags `ne` typed `ne` whole `ne` item beside lead");
    assert_eq!(head("tags:\n- ne‸\n- lead"), "tags `ne` typed `ne` whole `ne` item beside lead");
    assert_eq!(head("tags:\n  - ‸"), "tags `` typed `` whole `` item");
    assert_eq!(head("tags:\n  -‸"), "tags `` typed `` whole `` item blank");
    assert_eq!(head("tags:\n  -le‸"), "tags `le` typed `le` whole `le` item blank");
    assert_eq!(head("tags:\n  - lead\n  ‸"), "tags `` typed `` whole `` line 2 beside lead");
    assert_eq!(head("tags:\n  - lead\n‸"), "tags `` typed `` whole `` line 2 beside lead");
    assert_eq!(head("tags:\n- lead\n‸"), "tags `` typed `` whole `` line 0 beside lead");
    assert_eq!(head("tags:\n  ‸"), "tags `` typed `` whole `` line 2");
    assert_eq!(head("tags:\n  - #le‸"), "tags `#le` typed `le` whole `#le` item");
    assert_eq!(
        head("tags:\n  - lead # why\n  - \"new y‸ork\""),
        "tags `\"new york\"` typed `new y` whole `new york` item beside lead"
    );
    assert_eq!(head("tags:\n  - le‸ad # why"), "tags `lead` typed `le` whole `lead` item");
}

#[test]
fn lone_values() {
    assert_eq!(head("tags: le‸"), "tags `le` typed `le` whole `le` scalar");
    assert_eq!(head("tags:‸"), "tags `` typed `` whole `` scalar blank");
    assert_eq!(head("tags: ‸"), "tags `` typed `` whole `` scalar");
    assert_eq!(head("tags: ‸[lead]"), "nothing");
    assert_eq!(head("org: Pan‸da Lighting"), "org `Panda Lighting` typed `Pan` whole `Panda Lighting` scalar");
    assert_eq!(head("phones:\n  - work: +1 2‸12"), "phones (work) `+1 212` typed `+1 2` whole `+1 212` scalar");
    assert_eq!(head("card: cards/wa‸"), "card `cards/wa` typed `cards/wa` whole `cards/wa` scalar");
}

#[test]
fn keys() {
    assert_eq!(head("or‸"), "key `or` typed `or` whole `or`");
    assert_eq!(head("‸"), "key `` typed `` whole ``");
    assert_eq!(head("o‸rg: Panda"), "key `org` typed `o` whole `org`");
    assert_eq!(head("org: Panda\nti‸"), "key `ti` typed `ti` whole `ti`");
    assert_eq!(at("---\nalias: A\n‸---\n"), "nothing");
    // Nobody has come to the closing line yet.
    assert_eq!(at("---\nal‸"), "key `al` typed `al` whole `al`");
    assert_eq!(at("---\nal so‸"), "nothing");
    assert_eq!(head("# a com‸ment"), "nothing");
}

#[test]
fn settings() {
    let look = |picture: &str| {
        let offset = picture.find('‸').unwrap();
        let text = picture.replace('‸', "");
        told(&text, &cursor::at(&Document::parse_config(&text), offset))
    };
    assert_eq!(look("tags:\n  known:\n    le‸ad: Buys\n"), "key tags.known.`lead` typed `le` whole `lead`");
    assert_eq!(look("tags:\n  known:\n    lead: Bu‸ys\n"), "tags.known.lead `Buys` typed `Bu` whole `Buys` scalar");
    assert_eq!(look("broadcast:\n  exclude: \"#do‸\"\n"), "query quoted `#do`");
    assert_eq!(look("wat‸"), "key `wat` typed `wat` whole `wat`");
    assert_eq!(look("watch: po‸"), "watch `po` typed `po` whole `po` scalar");
    assert_eq!(look("vault:\n  con‸"), "key vault.`con` typed `con` whole `con`");
    assert_eq!(look("\u{feff}ta‸gs:\n"), "key `tags` typed `ta` whole `tags`");
}

#[test]
fn queries() {
    let to = |line: &str| at(&format!("---\n{line}\n---\nDear\n"));
    assert_eq!(to("to: \"#lead #ne‸w\""), "query quoted `#lead #new`");
    assert_eq!(to("to: \"#lead‸"), "query quoted `#lead`");
    assert_eq!(to("to: #le‸"), "query bare `#le`");
    assert_eq!(to("to: ‸"), "query bare ``");
    assert_eq!(to("to: [lead, ne‸]"), "to `ne` typed `ne` whole `ne` flow beside lead");
    assert_eq!(to("to: \"#lead\" ‸"), "nothing");
    assert_eq!(at("text\n```guanxi\n#le‸\n```\n"), "query block `#le`");
    assert_eq!(at("text\n```guanxi\n‸\n```\n"), "query block ``");
    assert_eq!(at("```guanxi\n#a\n#b‸"), "query block `#a\n#b`");
    assert_eq!(at("```rust\n#[le‸]\n```\n"), "nothing");
}

#[test]
fn links() {
    assert_eq!(at("met [[Wa‸"), "link `Wa` typed `Wa` whole `Wa`");
    assert_eq!(at("met [[Wa‸ yesterday"), "link `Wa` typed `Wa` whole `Wa`");
    assert_eq!(at("met [[Wa‸]] yesterday"), "link `Wa` typed `Wa` whole `Wa` closed");
    assert_eq!(at("met [[Wa‸ng|him]]"), "link `Wang` typed `Wa` whole `Wang` closed");
    assert_eq!(at("met [[Wang|hi‸m]]"), "text of the link to `Wang`");
    assert_eq!(at("met ‸[[Wang]]"), "link `Wang` typed `` whole `Wang` closed");
    assert_eq!(at("met [[Wang]]‸"), "link `Wang` typed `Wang` whole `Wang` closed");
    assert_eq!(at("met [[a]] and [[‸ and [[b]]"), "link `` typed `` whole ``");
    assert_eq!(at("`[[Wa‸`"), "nothing");
    assert_eq!(at("see [li](people/l‸i.md)"), "path `people/li.md` typed `people/l` whole `people/li.md`");
    assert_eq!(at("see [l‸i](people/li.md)"), "text of the link to `people/li.md`");
    assert_eq!(at("see ![li](people/l‸"), "picture `people/l` typed `people/l` whole `people/l`");
    assert_eq!(at("[d]: <people/l‸i na.md#x>"), "path `people/li na.md` typed `people/l` whole `people/li na.md`");
    assert_eq!(at("see \\[[Wa‸ng]]"), "nothing");
}

#[test]
fn mentions() {
    assert_eq!(at("call #fol‸low-up soon"), "mention `#follow-up` typed `fol` whole `follow-up`");
    assert_eq!(at("call ‸#lead"), "mention `#lead` typed `` whole `lead`");
    assert_eq!(at("call #‸"), "mention `#` typed `` whole ``");
    assert_eq!(at("call #王‸"), "mention `#王` typed `王` whole `王`");
    assert_eq!(at("茶🍵 #le‸ad"), "mention `#lead` typed `le` whole `lead`");
    assert_eq!(at("# Head‸ing"), "nothing");
    assert_eq!(at("a#b‸"), "nothing");
    assert_eq!(at("pla‸in"), "nothing");
}

#[test]
fn holes_of_a_message() {
    let body = |line: &str| at(&format!("---\nto: \"#a\"\n---\n{line}\n"));
    assert_eq!(body("Dear {{ al‸ }},"), "template `al` typed `al` whole `al`");
    assert_eq!(body("Dear {{ alias | up‸ }},"), "filter `up` typed `up` whole `up`");
    assert_eq!(body("{% if o‸rg %}"), "template `org` typed `o` whole `org`");
    assert_eq!(body("{{ alias }} ‸"), "nothing");
    assert_eq!(at("{{ al‸ }}"), "nothing");
}

proptest::proptest! {
    #![proptest_config(crate::law(2000))]

    /// Whatever is typed, wherever the cursor is: an answer, and one that lies in the text and around the cursor.
    #[test]
    fn the_cursor_never_falls_out_of_the_text(
        text in "(---\n)?((alias|tags|to|x): ?(\\[|\"|'|- |#)?[a-z#,\\]\"' 王🍵]{0,8}\r?\n|  ?- ?[a-z\"#]{0,4}\n|\\[\\[[a-z|\\]]{0,5}|#|`|```(guanxi)?\n|\\{\\{ ?[a-z|}]{0,4}|\n){0,12}(---\n)?.{0,10}",
        share in 0.0..1.0f64,
    ) {
        let mut offset = (text.len() as f64 * share) as usize;
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        for document in [Document::parse(&text), Document::parse_config(&text)] {
            let span = match cursor::at(&document, offset) {
                Cursor::Key { word, .. } | Cursor::Value { word, .. } | Cursor::Link { word, .. } | Cursor::LinkHeading { word, .. } | Cursor::LinkPath { word, .. } | Cursor::Mention { word } | Cursor::Template { word, .. } => word.span,
                Cursor::Query { span, .. } => span,
                Cursor::LinkText { .. } | Cursor::Nothing => continue,
            };
            proptest::prop_assert!(text.get(span.range()).is_some(), "{:?}", span);
        }
    }
}
