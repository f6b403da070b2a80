//! What people might be called, to do harm or because they are.

/// Names that would break out of a header, a cell, a line or a folder, drive a terminal or fill a disk.
pub fn texts() -> Vec<String> {
    [
        "Ada\r\nBcc: evil@x.example",
        "Ada\nX-Evil: 1\n\nbody",
        "\"><script>alert(1)</script>",
        "=cmd()|' /C calc'!A0",
        "+cmd()",
        "-2+3",
        "@SUM(A1)",
        "\t=cmd()",
        "＝cmd()",
        "a;b,c\"d",
        "a;=cmd()|' /C calc'!A0;b",
        "a;\"=cmd()\"",
        "x\n=cmd()",
        "END:VCARD",
        "x\nEND:VCARD\nBEGIN:VCARD",
        "- [x] [[Bo]]",
        "]] <!-- /guanxi:list -->",
        "%0D%0ABcc: e@x.example",
        "=?utf-8?q?evil?= <evil@x.example>",
        "a, b; c: d <e@x.example>",
        "שלום עולם",
        "\u{202e}gpj.exe",
        "../../etc/passwd",
        "..\\..\\con",
        "CON",
        "nul.txt",
        "...",
        "王小明🍵",
        "e\u{301}té",
        "été",
        "ÉTÉ",
        "-rf",
        "tab\there",
        "nul\0byte",
        "\\\"quoted\\\"",
        "multi  blank   s",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(["x".repeat(10_000), "界".repeat(10_000), "word ".repeat(2_000)])
    .collect()
}

/// Texts that cost their length many times over to whoever looks at everything in them for each of them.
pub fn bombs() -> Vec<(&'static str, String)> {
    let many = 5_000;
    let contact = |head: &str, body: &str| format!("---\nalias: Bo\ntags: [x]\n{head}---\n{body}\n");
    let numbered = |write: fn(usize) -> String| (0..many).map(write).collect::<String>();
    vec![
        ("a deep mention", contact("", &format!("#{}a", "a/".repeat(many * 10)))),
        ("a deep tag", format!("---\nalias: Bo\ntags: [x, {}a]\n---\n", "a/".repeat(many * 10))),
        ("a deep tag in a note", format!("---\ntags: [{}a]\n---\n#x\n", "a/".repeat(many * 10))),
        ("mentions", contact("", &"#x ".repeat(many * 4))),
        ("keys", contact(&numbered(|number| format!("k{number}: v\n")), "")),
        ("misspelt keys", contact(&numbered(|number| format!("emials{number}: x\nphnoe: y\n")), "")),
        ("anchors", contact(&numbered(|number| format!("k{number}: &a{number} v\n")), "")),
        ("tags", format!("---\nalias: Bo\ntags: [{}x]\n---\n", numbered(|number| format!("t{number}, ")))),
        ("addresses", contact(&format!("emails: [{}b@x.example]\n", numbered(|number| format!("n{number}@x.example, "))), "")),
        ("links", contact("", &numbered(|number| format!("[[nobody {number}]]\n")))),
        ("tables", contact("", &"|a|b|\n|-|-|\n|[[Bo]]|#x|\n".repeat(many))),
        ("brackets", contact(&format!("k: {}\n", "[".repeat(many * 10)), &"[[".repeat(many))),
        ("quotes", contact("", &">".repeat(many))),
        ("fences", contact("", &"```guanxi\n#x\n```\n".repeat(many))),
        ("a list in `to`", format!("---\nto: [{}x]\n---\nhi\n", "x, ".repeat(many * 4))),
        ("a template", format!("---\nto: \"#x\"\n---\n{}", "{{ alias }}{% if org %}".repeat(many))),
        ("marks", contact("", &format!("a{}", "\u{301}".repeat(many * 4)))),
    ]
}
