//! What the body says.

use guanxi::text::Span;
use guanxi::text::markdown::{Body, parse};

fn body(text: &str) -> Body {
    parse(text, Span::new(0, text.len()))
}

fn links(text: &str) -> Vec<(String, &str)> {
    body(text).links.into_iter().map(|link| (link.target.clone(), link.target_span.of(text))).collect()
}

fn mentions(text: &str) -> Vec<&str> {
    body(text).mentions.iter().map(|mention| mention.span.of(text)).collect()
}

#[test]
fn links_by_name_and_by_path() {
    let text =
        "[[Wang Xiaoming]] met [[王小明|him]] and [her](people/li-na.md), [[li-na#Notes]]; https://a.example <b@c.example>";
    let expected =
        [("Wang Xiaoming", "Wang Xiaoming"), ("王小明", "王小明"), ("people/li-na.md", "people/li-na.md"), ("li-na", "li-na")];
    let found = links(text);
    assert_eq!(found.iter().map(|(target, written)| (target.as_str(), *written)).collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_in_code_is_a_link_or_a_mention() {
    let text = "`[[a]] #b`\n\n```\n[[c]] #d\n```\n\n    #e [[f]]\n\n<!-- #g -->\n\n[#h](x.md) #i";
    assert_eq!(mentions(text), ["#i"]);
    assert_eq!(links(text).len(), 1);
}

#[test]
fn mentions_begin_a_word_and_end_with_it() {
    let text =
        "# Heading #head\n\n#lead, (#new-york) x#no #1 #2024a #event/ces-2026. #老同学，#茶🍵 ##no #a_b_c #end/ &#35; #*x*";
    assert_eq!(
        mentions(text),
        ["#head", "#lead", "#new-york", "#2024a", "#event/ces-2026", "#老同学", "#茶🍵", "#a_b_c", "#end"]
    );
}

#[test]
fn query_blocks_know_their_text_and_place() {
    let text = "See:\n\n```guanxi\n#lead\n#boston\n```\n\n```rust\n#no\n```\n";
    let found = body(text);
    assert_eq!(found.queries.len(), 1);
    assert_eq!(found.queries[0].span.of(text), "#lead\n#boston\n");
    assert_eq!(found.queries[0].text, "#lead\n#boston\n");
}

#[test]
fn the_first_heading() {
    let text = "para\n\n## Wang *Xiaoming* ##\n\n# Other\n";
    let (heading, span) = body(text).heading.unwrap();
    assert_eq!((heading.as_str(), span.of(text)), ("Wang *Xiaoming*", "Wang *Xiaoming*"));
}

#[test]
fn a_target_is_found_where_it_is_written() {
    let text = "[a.md](a.md \"a.md\") [x](<b c.md>) ![p](p.png) [![q](q.png)](r.md) ![[s.png]] [u](a\\(b.md) [v](c(d).md#e)";
    let places: Vec<(usize, &str)> =
        body(text).links.iter().map(|link| (link.target_span.start(), link.target_span.of(text))).collect();
    let expected = ["a.md", "b c.md", "p.png", "r.md", "q.png", "s.png", "a\\(b.md", "c(d).md"];
    let found =
        |what: &'static str| (if what == "a.md" { text.find("(a.md").unwrap() + 1 } else { text.find(what).unwrap() }, what);
    assert_eq!(places, expected.map(found));
    assert_eq!(body(text).links.iter().filter(|link| link.embed).count(), 3);
}
