//! Slips: how a person, an input method or another program miswrites what keeps somebody out. A line of [`SLIPS`] for each kind.
//!
//! Only slips that the contract recognises are here ("what is not understood beyond doubt refuses, or keeps its contact out"). Not
//! made, since the contract lets them mean something else:
//! - two slips of spelling in one tag, or one in a tag of fewer than six letters ("from six letters on, at edit distance 1"); a
//!   changed digit ("digits must agree");
//! - a tag glued to another by a dash or `_` ("never at dashes and `_`": `vip-client` is free of `client`), `=` or a full stop;
//! - an opening `---` that is miswritten in a file whose closing one is missing: no head at all;
//! - a comment with a space after its `#` ("begins with `#` and a letter");
//! - a minus that is missing, a minus in an `exclude` written as a query, and what narrows an `exclude` by AND: well-formed queries
//!   with another meaning.

/// A small seeded source of chance (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// What a slip can be made in.
pub type On = u16;
/// A query that decides who receives something; the excluded tag stands behind `-` or `NOT`.
pub const QUERY: On = 1;
/// A query in `exclude`.
pub const EXCLUDE: On = 2;
/// An item of a list of tags in `exclude`.
pub const ITEM: On = 4;
/// A tag of a contact.
pub const TAG: On = 8;
/// What stands in `opt_out`.
pub const NO: On = 16;
/// Addresses.
pub const MAIL: On = 32;
pub const NUMBER: On = 64;
pub const HANDLE: On = 128;
/// An entry of `broadcast.never`.
pub const NEVER: On = 256;
/// The whole text of a contact that said no.
pub const FILE: On = 512;
/// The name of somebody who said no and has no address.
pub const NAME: On = 1024;

/// A kind of slip. `None`: not possible in this text.
pub struct Slip {
    pub name: &'static str,
    pub on: On,
    make: fn(&str, &mut Chance) -> Option<String>,
}

const fn slip(name: &'static str, on: On, make: fn(&str, &mut Chance) -> Option<String>) -> Slip {
    Slip { name, on, make }
}

/// Words about tags: in a query, a list or a contact.
const TAGS: On = QUERY | EXCLUDE | ITEM | TAG;
/// Texts that stand for one thing.
const TEXTS: On = TAGS | NO;

#[rustfmt::skip]
pub const SLIPS: &[Slip] = &[
    // Width.
    slip("one full-width sign", TEXTS | NAME | NUMBER, |text, chance| replace_one(text, chance, wide)),
    slip("all full-width", TEXTS | NAME | NUMBER, |text, _| Some(text.chars().map(|c| wide(c).unwrap_or(c)).collect())),
    slip("full-width punctuation", TEXTS | NUMBER, |text, _| Some(text.chars().map(|c| if c.is_ascii_punctuation() { wide(c).unwrap() } else { c }).collect())),
    slip("＠", MAIL | HANDLE | NEVER, |text, _| text.contains('@').then(|| text.replace('@', "＠"))),
    // Dashes and quotes.
    slip("typographic dash", TAGS | NUMBER, |text, chance| { let dash = chance.pick(DASHES); replace_one(text, chance, |c| (c == '-').then(|| dash.chars().next().unwrap())) }),
    slip("all dashes typographic", TAGS | NUMBER, |text, chance| { let dash = chance.pick(DASHES); text.contains('-').then(|| text.replace('-', dash)) }),
    slip("quotes", ITEM | TAG | NO, |text, chance| { let (open, close) = *chance.pick(QUOTES); Some(format!("{open}{text}{close}")) }),
    slip("quotes around a term", QUERY | EXCLUDE, |text, chance| { let (open, close) = *chance.pick(QUOTES); around_term(text, open, close) }),
    slip("quotes around a name", QUERY | EXCLUDE, |text, chance| { let (open, close) = *chance.pick(QUOTES); around_name(text, open, close) }),
    slip("brackets around a term", QUERY | EXCLUDE, |text, chance| { let (open, close) = *chance.pick(BRACKETS); around_term(text, open, close) }),
    slip("brackets", TAG | ITEM, |text, chance| { let (open, close) = *chance.pick(BRACKETS); Some(format!("{open}{text}{close}")) }),
    // Invisible characters.
    slip("invisible", TEXTS | NAME | MAIL | NUMBER | HANDLE | NEVER, |text, chance| { let sign = chance.pick(INVISIBLE); Some(insert(text, chance, sign)) }),
    slip("invisible before", TEXTS | NAME | MAIL | NUMBER | HANDLE | NEVER, |text, chance| Some(format!("{}{text}", chance.pick(INVISIBLE)))),
    // Case.
    slip("upper case", TEXTS | NAME | MAIL | NEVER, |text, _| Some(text.to_uppercase())),
    slip("lower case", QUERY, |text, _| Some(text.to_lowercase())),
    slip("capital", TEXTS | NAME | MAIL | NEVER, |text, _| { let mut rest = text.chars(); rest.next().map(|c| c.to_uppercase().chain(rest).collect()) }),
    // Spaces.
    slip("space between digits", NUMBER, |text, chance| text.chars().all(|c| c.is_ascii_digit() || " +-".contains(c)).then(|| insert(text, chance, " "))),
    slip("space inside", QUERY | TAG, |text, chance| { let sign = chance.pick(SPACES); Some(insert(text, chance, sign)) }),
    slip("space around", TEXTS | MAIL | NUMBER | HANDLE | NEVER, |text, chance| { let sign = chance.pick(SPACES); Some(if chance.percent(50) { format!("{sign}{text}") } else { format!("{text}{sign}") }) }),
    slip("space missing", QUERY, |text, chance| { let mut once = Some(()); let from = chance.below(text.len()); text.char_indices().any(|(at, c)| at >= from && c == ' ').then(|| text.char_indices().filter(|&(at, c)| !(at >= from && c == ' ' && once.take().is_some())).map(|(_, c)| c).collect()) }),
    slip("other spaces", QUERY | EXCLUDE | TAG | NUMBER, |text, chance| text.contains(' ').then(|| text.replace(' ', chance.pick(SPACES)))),
    slip("space for dash", TAG, |text, chance| text.contains('-').then(|| text.replace('-', chance.pick(&[" ", "_", "", "/", " - ", "·"])))),
    // Separators. In a query only behind the tag, and never what would make an exclusion narrower.
    slip("glued behind", TAG, |text, chance| Some(format!("{text}{}boston", chance.pick(SEPARATORS)))),
    slip("glued before", TAG, |text, chance| Some(format!("boston{}{text}", chance.pick(SEPARATORS)))),
    slip("glued item", ITEM, |text, chance| Some(format!("{text}{}boston", chance.pick(SEPARATORS)))),
    slip("glued terms", QUERY, |text, chance| Some(format!("{text}{}#boston", chance.pick(SEPARATORS)))),
    slip("glued exclusions", EXCLUDE, |text, chance| Some(format!("{text}{}#boston", chance.pick(WIDER)))),
    slip("glued channels", NO, |text, chance| Some(format!("{text}{}sms", chance.pick(SEPARATORS)))),
    // Nesting.
    slip("nested in another", TAG | ITEM, |text, chance| Some(format!("{}/{text}", chance.pick(&["x", "event", "group/a"])))),
    slip("nested term", QUERY | EXCLUDE, |text, _| text.rfind('#').filter(|&at| !text[at + 1..].starts_with('"')).map(|at| format!("{}#x/{}", &text[..at], &text[at + 1..]))),
    slip("something below", TAGS, |text, chance| Some(format!("{text}/{}", chance.pick(&["x", "gdpr", "2024"])))),
    slip("slash around", TAG, |text, chance| Some(if chance.percent(50) { format!("/{text}") } else { format!("{text}/") })),
    // Spelling, once.
    slip(SPELLING, TAGS | NO, misspell),
    slip(SPELLING, TAGS | NO, misspell),
    slip(SPELLING, TAGS | NO, misspell),
    // Other programs' ways to write.
    slip("#tag", TAG | ITEM | NO, |text, _| Some(format!("#{text}"))),
    slip("-#tag in a tag", TAG, |text, chance| Some(format!("{}{text}", chance.pick(&["-#", "- ", "-", "!", "+", "~", "^", "*", "\\", "@", "&", "%", "=", "?", ">", "|", "\\#", "not ", "NOT ", "no: "])))),
    slip("[[tag]]", TAG | ITEM | NO, |text, _| Some(format!("[[{text}]]"))),
    slip("[[tag|text]]", TAG, |text, _| Some(format!("[[{text}|x]]"))),
    slip("tag: x", TAG | ITEM, |text, chance| Some(format!("{}{text}", chance.pick(&["tag: ", "tag:", "tags: ", "Tag："])))),
    slip("x: true", TAG | ITEM, |text, chance| Some(format!("{text}{}", chance.pick(&[": true", ":", ": yes", " :", ";", ".", "!"])))),
    slip("an item with a sign", ITEM, |text, chance| Some(format!("{}{text}", chance.pick(&["-", "!", "NOT ", "-#", "@", "#", "not ", "tag="])))),
    slip("other minus", QUERY, |text, chance| { let other = chance.pick(&["not ", "Not ", "nor ", "~", "^", "--", "-!", "!-", "!!", "- -", "NOT -", "!=", "-=", "\\-", "and not ", "&& !", "&& -", "|| -", "+-", ",-", ", -", "; -", "without ", "except ", "minus ", "<> ", "%2D", "-+", "-*", "-@", "-:", "AND-"]); replace_last(text, "-#", &format!("{other}#")) }),
    slip("other sign of a tag", QUERY, |text, chance| { let other = chance.pick(&["-@", "-tag=", "-tag：", "-tag:", "-tag: ", "-", "- ", "-tags=", "-label:", "-category:", "-has:", "-##", "-#:", "-\\#", "-#@", "-[[", "-/", "-<", "-{", "-`", "-'", "-\"", "-$", "-%", "-is:", "-in:", "-tagged:", "-group:", "-t:", "-tag #", "-tag ", "-hashtag ", "-no "]); replace_last(text, "-#", other) }),
    slip("other sign of a tag", EXCLUDE, |text, chance| { let other = chance.pick(&["@", "tag=", "tag：", "tag:", "tag: ", "", "tags=", "label:", "category:", "has:", "##", "#:", "\\#", "[[", "/", "<", "{", "`", "'", "\"", "$", "is:", "in:", "tag #", "tag "]); replace_last(text, "#", other) }),
    slip("other operators before", QUERY, |text, chance| { let other = chance.pick(&[" and -", " && -", " & -", " + -", " AND -", ", -", "; -", "，-", "；", "、-", ": -", " , -", " and not -"]); replace_last(text, " -", other) }),
    slip("words behind", QUERY | EXCLUDE, |text, chance| Some(format!("{text} {}", chance.pick(&["or #boston", "|| #boston", ", #boston", "; #boston", "、#boston", "，#boston", "^2", "~", "\"", "(", ")", "*", "please"])))),
    slip("*", QUERY | EXCLUDE, |text, chance| Some(format!("{text}{}", chance.pick(&["*", "/*", "/**", "?", "~", "~1", "^", "\\", "…", ".", "!", ")", "(", "\"", "]", "}"])))),
    // Addresses.
    slip("Name <address>", MAIL | NEVER, |text, chance| is_mail(text).then(|| format!("{} <{text}>", chance.pick(&["Bo", "\"Lund, Bo\"", "Bo Lund", "包", "“Bo”"])))),
    slip("<address>", MAIL, |text, _| Some(format!("<{text}>"))),
    slip("mailto:", MAIL | NEVER, |text, chance| is_mail(text).then(|| format!("{}{text}", chance.pick(&["mailto:", "MAILTO:", "Mailto:", "mailto: ", "mailto："])))),
    slip("two mails", MAIL, |text, chance| { let sign = chance.pick(&[", ", ",", "; ", ";", " / ", "，", "；", "、", " | ", " ", " & ", " or "]); Some(if chance.percent(50) { format!("{text}{sign}second@y.example") } else { format!("second@y.example{sign}{text}") }) }),
    slip("trailing dot", MAIL | NEVER, |text, _| (is_mail(text) && !text.ends_with(['.', '>'])).then(|| format!("{text}."))),
    slip("IDN", MAIL | NEVER, |text, _| if text.contains("exämple") { Some(text.replace("exämple", "xn--exmple-cua")) } else { text.contains("xn--exmple-cua").then(|| text.replace("xn--exmple-cua", "exämple")) }),
    slip("a word behind a mail", MAIL, |text, chance| Some(format!("{text} {}", chance.pick(&["(work)", "(private)", "old", "- do not use"])))),
    slip("tel:", NUMBER, |text, chance| Some(format!("{}{text}", chance.pick(&["tel:", "TEL:", "tel: ", "Tel. "])))),
    slip("other separators", NUMBER, |text, chance| { let sign = chance.pick(&["", ".", "-", "/", "\u{a0}", "\u{2009}", "‑", "–"]); text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c)).then(|| text.replace([' ', '-'], sign)) }),
    slip("national", NUMBER, |text, chance| ["+1 ", "+44 ", "+852 "].iter().find_map(|country| text.strip_prefix(country)).map(|rest| format!("{}{rest}", chance.pick(&["", "0"])))),
    slip("without area", NUMBER, |text, _| text.strip_prefix("+1 212 ").map(str::to_owned)),
    slip("00", NUMBER, |text, _| text.strip_prefix('+').map(|rest| format!("00{rest}"))),
    slip("(0)", NUMBER, |text, _| text.strip_prefix("+44 ").map(|rest| format!("+44 (0){rest}"))),
    slip("extension", NUMBER, |text, chance| text.ends_with(|c: char| c.is_ascii_digit()).then(|| format!("{text}{}", chance.pick(&[" ext. 12", " x12", " ext 7", ";ext=12", " extension 3"])))),
    slip("area in brackets", NUMBER, |text, _| text.strip_prefix("+1 ").and_then(|rest| rest.split_once(' ')).map(|(area, rest)| format!("+1 ({area}) {rest}"))),
    slip("two numbers", NUMBER, |text, chance| { let sign = chance.pick(&[", ", "; ", " / ", "，", "；", "、", " | ", " or "]); Some(if chance.percent(50) { format!("{text}{sign}+1 646 555 0190") } else { format!("+1 646 555 0190{sign}{text}") }) }),
    slip("@handle", HANDLE, |text, _| if text.starts_with(char::is_whitespace) { None } else if let Some(bare) = text.strip_prefix('@') { Some(bare.to_owned()) } else { Some(format!("@{text}")) }),
    // Files of somebody who said no: what other programs and editors make of them.
    slip("byte order mark", FILE, |text, _| Some(format!("\u{feff}{text}"))),
    slip("blank line above", FILE, |text, chance| text.contains("\n---").then(|| format!("{}{text}", chance.pick(&["\n", "  \n", "\n\n", "\u{200b}\n", "\r\n"])))),
    slip("invisible above", FILE, |text, chance| text.contains("\n---").then(|| format!("{}{text}", chance.pick(INVISIBLE)))),
    slip("space before ---", FILE, |text, _| text.contains("\n---").then(|| format!(" {text}"))),
    slip("--- # x", FILE, |text, chance| text.strip_prefix("---\n").filter(|rest| rest.contains("\n---")).map(|rest| format!("---{}\n{rest}", chance.pick(&[" # contact", " ", "\t", "-", " yaml"])))),
    slip("CRLF", FILE, |text, _| Some(text.replace("\r\n", "\n").replace('\n', "\r\n"))),
    slip("a broken line", FILE, |text, chance| replace_last(text, "\n---\n", &format!("\n{}\n---\n", chance.pick(&["org: [unclosed", "note: a: b", "title: \"x", "role: @x", "just a line", "? x", "note: *x", "%x", "x: {a", "- x"])))),
    slip("a broken line above", FILE, |text, chance| replace_first(text, "---\n", &format!("---\n{}\n", chance.pick(&["note: a: b", "role: @x", "note: *x", "role: `x`", "note: 'it's'"])))),
    slip("a tab", FILE, |text, _| replace_last(text, "\n---\n", "\n\torg: X\n---\n")),
    slip("no closing ---", FILE, |text, _| text.starts_with("---\n").then(|| replace_last(text, "\n---\n", "\n"))?),
    slip("... closes", FILE, |text, _| text.starts_with("---\n").then(|| replace_last(text, "\n---\n", "\n...\n"))?),
    slip("near miss of alias", FILE, |text, chance| { let key = chance.pick(&["Alias", "alais", "ALIAS", "aliass", "\"alias\"", "ａｌｉａｓ", "alias\u{200b}"]); replace_first(text, "alias:", &format!("{key}:")) }),
    slip("conflict", FILE, |text, _| replace_last(text, "\n---\n", "\n<<<<<<< ours\norg: A\n=======\norg: B\n>>>>>>> theirs\n---\n")),
    slip("line breaks", FILE, |text, _| replace_last(text, "\n---\n", "\n\n\n---\n")),
];

pub const SPELLING: &str = "spelling at distance 1";

const DASHES: &[&str] = &["–", "—", "−", "‐", "‑", "﹣", "－", "‒", "―"];
const QUOTES: &[&(&str, &str)] = &[
    &("“", "”"),
    &("‘", "’"),
    &("„", "“"),
    &("«", "»"),
    &("「", "」"),
    &("\"", "\""),
    &("'", "'"),
    &("`", "`"),
    &("＂", "＂"),
    &("”", "”"),
];
const BRACKETS: &[&(&str, &str)] = &[
    &("(", ")"),
    &("（", "）"),
    &("[", "]"),
    &("{", "}"),
    &("【", "】"),
    &("<", ">"),
    &("[[", "]]"),
    &("［", "］"),
    &("〈", "〉"),
];
/// Without variation selectors and fillers, which Unicode counts as marks and letters.
const INVISIBLE: &[&str] = &[
    "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{200e}", "\u{200f}", "\u{202a}", "\u{61c}",
    "\u{180e}",
];
const SPACES: &[&str] = &[" ", "  ", "\u{a0}", "\u{3000}", "\u{2009}", "\u{202f}", "\t", "\u{2003}"];
const SEPARATORS: &[&str] =
    &[",", ", ", "，", "、", " ", ";", "; ", "；", ":", "：", "/", "|", " | ", "｜", "+", " + ", "＋", "&", "＆", "·", "・", " "];
/// What may stand between two exclusions and cannot make them one narrower exclusion.
const WIDER: &[&str] = &[",", ", ", "，", "、", ";", "; ", "；", ":", "：", "/", "|", " | ", "｜", "+", " + ", "·", "・"];

/// Applies some slips of a kind that fits, and says which they were. Of spelling there is one slip at most.
pub fn apply(text: &str, on: On, picks: &[usize], chance: &mut Chance) -> (String, Vec<&'static str>) {
    let fitting: Vec<&Slip> = SLIPS.iter().filter(|slip| slip.on & on != 0).collect();
    let (mut text, mut names) = (text.to_owned(), Vec::new());
    // Spelling first, while the text is the tag alone: how many letters it has decides.
    let mut chosen: Vec<&Slip> = picks.iter().map(|pick| fitting[pick % fitting.len()]).collect();
    chosen.sort_by_key(|slip| slip.name != SPELLING);
    for slip in chosen {
        if slip.name == SPELLING && names.contains(&SPELLING) {
            continue;
        }
        if let Some(slipped) = (slip.make)(&text, chance) {
            text = slipped;
            names.push(slip.name);
        }
    }
    (text, names)
}

fn wide(c: char) -> Option<char> {
    match c {
        ' ' => Some('\u{3000}'),
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0),
        _ => None,
    }
}

fn replace_one(text: &str, chance: &mut Chance, with: impl Fn(char) -> Option<char>) -> Option<String> {
    let places: Vec<(usize, char, char)> = text.char_indices().filter_map(|(at, c)| with(c).map(|new| (at, c, new))).collect();
    let &(at, old, new) = (!places.is_empty()).then(|| &places[chance.below(places.len())])?;
    Some(format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]))
}

fn insert(text: &str, chance: &mut Chance, sign: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let at = places[chance.below(places.len())];
    format!("{}{sign}{}", &text[..at], &text[at..])
}

fn replace_last(text: &str, old: &str, new: &str) -> Option<String> {
    text.rfind(old).map(|at| format!("{}{new}{}", &text[..at], &text[at + old.len()..]))
}

fn replace_first(text: &str, old: &str, new: &str) -> Option<String> {
    text.find(old).map(|at| format!("{}{new}{}", &text[..at], &text[at + old.len()..]))
}

/// The last term that begins with `#`, to its end.
fn term(text: &str) -> Option<(usize, usize)> {
    let start = text.rfind('#')?;
    let end = text[start..].find([' ', ')']).map_or(text.len(), |end| start + end);
    Some((
        start,
        if text[start + 1..].starts_with('"') {
            text[start + 2..].find('"').map_or(text.len(), |end| start + 3 + end)
        } else {
            end
        },
    ))
}

fn around_term(text: &str, open: &str, close: &str) -> Option<String> {
    term(text).map(|(start, end)| format!("{}{open}{}{close}{}", &text[..start], &text[start..end], &text[end..]))
}

fn around_name(text: &str, open: &str, close: &str) -> Option<String> {
    term(text).map(|(start, end)| format!("{}#{open}{}{close}{}", &text[..start], &text[start + 1..end], &text[end..]))
}

/// One substitution, swap, deletion or insertion of a letter, in a text of six letters or more.
fn misspell(text: &str, chance: &mut Chance) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.iter().filter(|c| c.is_alphabetic()).count() < 6 {
        return None;
    }
    let places: Vec<usize> = (0..letters.len()).filter(|&at| letters[at].is_ascii_alphabetic()).collect();
    if places.is_empty() {
        return None;
    }
    let at = places[chance.below(places.len())];
    match chance.below(4) {
        0 => letters[at] = if letters[at] == 'q' { 'z' } else { 'q' },
        1 if letters.get(at + 1).is_some_and(char::is_ascii_alphabetic) => letters.swap(at, at + 1),
        2 => drop(letters.remove(at)),
        _ => letters.insert(at, ['q', letters[at]][chance.below(2)]),
    }
    Some(letters.into_iter().collect())
}

fn is_mail(text: &str) -> bool {
    text.find(['@', '＠']).is_some_and(|at| text[..at].contains(char::is_alphanumeric))
}

/// Ways to write that somebody opted out, as lines of the head. `{}` is a channel or `true`.
#[rustfmt::skip]
pub const NO_LINES: &[&str] = &[
    "Opt_Out: {}", "OPT_OUT: {}", "opt-out: {}", "opt out: {}", "Opt-Out: {}", "optout: {}", "OptOut: {}", "opted_out: {}", "opted out: {}", "opted-out: {}",
    "\"opt_out\": {}", "'opt_out': {}", "“opt_out”: {}", "opt_out : {}", "opt\u{200b}_out: {}", "\u{feff}opt_out: {}", "ｏｐｔ＿ｏｕｔ: {}", "opt＿out: {}", "opt_out：{}",
    "opt_out:{}", "opt_out:\t{}", "opt_out = {}", "- opt_out: {}", "\topt_out: {}", "opt_out:\n  - {}", "opt_out:\n- {}", "opt_out:\n  -{}", "opt_out:\n  #{}",
    "opt_out: #{}", "opt_out: sms #{}", "opt_out: [sms, #{}]", "opt_out: [sms, #{}\n  ]", "opt_out: {{}: true}", "opt_out: {x: {}}", "opt_out: [[{}]]", "opt_out: \"{}",
    "opt_out: |\n  {}", "opt_out: >\n  {}", "opt_out: !x {}", "opt_out: &x {}", "settings:\n  opt_out: {}", "meta: {opt_out: {}}", "custom:\n  - opt_out: {}",
    "privacy:\n  mail:\n    Opt-Out: {}", "<<: {opt_out: {}}", "opt_out: false\nopt_out: {}", "opt_out: {}\nopt_out: false", "opt_out: {} # since May", "opt_out: [{}, ]",
    "---\nopt_out: {}", "note: x\n---\nopt-out: {}", "? opt_out\n: {}", "opt_out:\n\n  {}", "opt_out: {},", "opt_out: «{}»", "opt_out: yes, {}", "opt_out: [sms; {}]",
];

/// Ways to write the tags `lead` and `{}` in a head, by hand and by other programs.
#[rustfmt::skip]
pub const TAG_LINES: &[&str] = &[
    "Tags: [lead, {}]", "TAGS: [lead, {}]", "tags : [lead, {}]", "\"tags\": [lead, {}]", "“tags”: [lead, {}]", "ta\u{200b}gs: [lead, {}]", "ｔａｇｓ: [lead, {}]", "tags：[lead, {}]",
    "tags:[lead, {}]", "tag: {}\ntags: [lead]", "tags: [lead]\ntag: {}", "tags: [lead]\nTag: [{}]", "tags: [lead]\ncategories: [{}]", "tags: [lead]\nCATEGORIES: {}", "tags: lead\ntags: {}",
    "tags: lead, {}", "tags: lead，{}", "tags: lead、{}", "tags: lead {}", "tags: lead; {}", "tags: lead #{}", "tags: [lead] #{}", "tags: [lead, #{}]", "tags: [lead, #{}\n  ]", "tags: #lead #{}",
    "tags: \"#lead #{}\"", "tags: [\"#lead\", \"#{}\"]", "tags:\n  - lead\n  - #{}", "tags:\n  - lead #{}", "tags:\n  - lead\n  -{}", "tags:\n  - lead\n  {}", "tags:\n  - lead\n  * {}",
    "tags:\n  - lead\n  • {}", "tags:\n\t- lead\n\t- {}", "tags:\n  - lead\n- {}", "tags:\n  - lead\n   - {}", "tags:\n  - lead\n  - - {}", "tags:\n  - lead\n  - {}: true", "tags:\n  lead: true\n  {}: true",
    "tags: {lead: 1, {}: 1}", "tags: [lead, [{}]]", "tags: [lead, [[{}]]]", "tags: [lead, \"[[{}]]\"]", "tags: [[lead]], [[{}]]", "tags: \"[[lead]], [[{}]]\"", "tags: [lead, {}", "tags: lead, {}]", "tags: [lead; {}]",
    "tags: [lead {}]", "tags: [lead / {}]", "tags: (lead, {})", "tags: 【lead，{}】", "tags: ［lead，{}］", "tags: |\n  lead\n  {}", "tags: >\n  lead\n  {}", "tags: \"lead\" \"{}\"", "tags: 'lead', '{}'", "tags: “lead”, “{}”",
    "tags: [lead, &{}]", "tags: [lead, !{}]", "tags: [lead, *{}]", "tags: [lead, @{}]", "tags: [lead, `{}`]", "tags: [lead, -{}]", "tags: [lead, +{}]", "<<: {tags: [{}]}\ntags: [lead]", "x: &x {tags: [{}]}\n<<: *x\ntags: [lead]",
];

/// Ways to write an exclusion, as lines of a head or of `broadcast:`. `{}` is the excluded tag.
#[rustfmt::skip]
pub const EXCLUDE_LINES: &[&str] = &[
    "Exclude: \"#{}\"", "EXCLUDE: \"#{}\"", "exlude: \"#{}\"", "excluded: \"#{}\"", "excludes: \"#{}\"", "exclude_tags: [{}]", "except: \"#{}\"", "not: \"#{}\"", "without: \"#{}\"", "exclude：\"#{}\"", "“exclude”: \"#{}\"",
    "exclude\u{200b}: \"#{}\"", "ｅｘｃｌｕｄｅ: \"#{}\"", "exclude : \"#{}\"", "exclude:\"#{}\"", "exclude = \"#{}\"", "\"exclude\": \"#{}\"", "exclude: #{}", "exclude: #boston #{}", "exclude: boston #{}", "exclude: \"#sealed\" #{}",
    "exclude: \"#sealed\" | \"#{}\"", "exclude: [sealed] #{}", "exclude: [sealed, #{}]", "exclude: [\"#sealed\", \"#{}\"]", "exclude: [sealed; {}]", "exclude: [sealed {}]", "exclude: [sealed，{}]", "exclude: [sealed | {}]", "exclude: [sealed OR {}]", "exclude: {}",
    "exclude: sealed, {}", "exclude: \"#sealed, #{}\"", "exclude: '\"#{}\"'", "exclude: “#{}”", "exclude: \"＃{}\"", "exclude: \"# {}\"", "exclude: [[{}]]", "exclude: {tags: [{}]}", "exclude: {{}: true}", "exclude: {tag: {}}", "exclude: !x {}",
    "exclude: [-{}]", "exclude: [NOT {}]", "exclude: [\"-#{}\"]", "exclude: [\"!{}\"]", "exclude: ~", "exclude:", "exclude: \"\"", "exclude: []", "exclude:\n  - sealed\n  - #{}", "exclude:\n  - sealed #{}", "exclude:\n  #{}", "exclude:\n  -{}",
    "exclude:\n  - sealed\n  -{}", "exclude:\n  - sealed\n  {}", "exclude:\n  {}\n  sealed", "exclude: |\n  #{}", "exclude: \"#sealed\"\nexclude: \"#{}\"", "exclude: [sealed]\nexclude: [{}]", "\texclude: \"#{}\"", "- exclude: \"#{}\"",
    "exclude: [\"{}\", ~]", "exclude: [{}, ]", "exclude: [@{}]", "exclude: [\"tag:{}\"]", "exclude: [{}: true]", "exclude: &x", "exclude: &{}", "exclude: !{}",
];

/// Keys that hold mail addresses, as other programs write them.
#[rustfmt::skip]
pub const MAIL_KEYS: &[&str] =
    &["emails", "email", "mail", "Email", "E-Mail", "e_mail", "EMAIL", "EMAIL[HOME]", "EMAIL;TYPE=HOME", "work email", "mail2", "Email 1", "e-mail address", "ｅｍａｉｌ", "“email”", "email\u{200b}", "mails", "old_mail"];

/// Keys that hold numbers.
#[rustfmt::skip]
pub const NUMBER_KEYS: &[&str] =
    &["phones", "phone", "tel", "TEL", "mobile", "Mobile Phone", "TEL[CELL]", "TEL;TYPE=CELL", "telephone", "phone 1", "Phone", "whatsapp", "signal", "WhatsApp", "mobile2", "work tel", "cellphone"];
