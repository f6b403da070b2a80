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
