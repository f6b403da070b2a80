//! Code actions as pictures: the file before, with a cursor or a selection between two, and every file that an action changes.

use std::sync::Arc;

use guanxi::contact::Problem;
use guanxi::features::Here;
use guanxi::features::code_actions::{ActionKind, Around, Change, CodeAction, code_actions, explanations, fix_all};
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::features::places::Exists;
use guanxi::text::{Span, edit};
use guanxi::vault::{Change as VaultChange, Coverage, FileId, Vault, VaultPath};

struct Asked {
    vault: Vault,
    file: FileId,
    range: Span,
    pictures: Vec<String>,
}

impl Asked {
    fn new(picture: &str) -> Self {
        Self::of(crate::vault::files(picture))
    }

    fn of(files: Vec<(String, String)>) -> Self {
        let mut vault = Vault::new(Coverage::Whole);
        let mut asked = None;
        for (path, text) in &files {
            let places: Vec<usize> = text.match_indices('‸').map(|(at, _)| at).collect();
            if let Some(&start) = places.first() {
                let end = places.get(1).map_or(start, |end| end - '‸'.len_utf8());
                asked = Some((path.clone(), Span::new(start, end)));
            }
            let text = text.replace('‸', "").into();
            vault.apply(VaultChange::Found { path: VaultPath::new(path), text });
        }
        vault.prepare_search();
        let (path, range) = asked.expect("a cursor");
        let file = vault.id_of(&path).unwrap();
        Self { vault, file, range, pictures: Vec::new() }
    }

    fn with_pictures(mut self, pictures: &[&str]) -> Self {
        self.pictures = pictures.iter().map(|&path| path.to_owned()).collect();
        self
    }

    fn here(&self) -> Here<'_> {
        Here::of_file(&self.vault, self.file)
    }

    fn problems(&self) -> Vec<Problem> {
        let exists = |path: &str| self.pictures.iter().any(|picture| picture == path);
        let mut problems = diagnose(&self.here(), &Surroundings::new(&exists));
        problems.retain(|problem| problem.span.start <= self.range.end && self.range.start <= problem.span.end);
        problems
    }

    fn actions(&self) -> Vec<CodeAction> {
        let around = Around { pictures: &self.pictures, exists: nowhere() };
        code_actions(&self.here(), self.range, &self.problems(), &around)
    }

    /// One line for each: `*` where it is preferred, the code of what it mends.
    fn listed(&self) -> Vec<String> {
        let problems = self.problems();
        let told = |action: CodeAction| {
            let mends = action.mends.map(|index| format!(" ({})", problems[index].code.name())).unwrap_or_default();
            format!("{}{}{mends}", if action.preferred { "* " } else { "" }, action.title)
        };
        self.actions().into_iter().map(told).collect()
    }

    /// What the files say after the action that is called so.
    fn after(&self, title: &str) -> String {
        let found = self.actions().into_iter().find(|action| action.title == title);
        let action = found.unwrap_or_else(|| panic!("no `{title}` among {:#?}", self.listed()));
        let own = self.here().text().to_owned();
        match action.change {
            Change::Edits(edits) => edit::apply(&own, &edits),
            Change::Files(files) => files
                .iter()
                .map(|file| format!("== {}\n{}", self.vault.file(file.file).path(), file.result(&self.vault)))
                .collect(),
            Change::Create { path, text, edits_here } => format!("== {path}\n{text}== here\n{}", edit::apply(&own, &edits_here)),
            Change::Command { name } => name.to_owned(),
            Change::Explain { code } => code.to_owned(),
            Change::Merge { keep, other, delete } => format!("{} {other}, {keep}", if delete { "delete" } else { "merge" }),
        }
    }
}

fn nowhere() -> Exists {
    Arc::new(|_| false)
}

/// A contact whose head has these lines besides its alias.
fn contact(lines: &str) -> Asked {
    Asked::new(&format!("== w.md\n---\nalias: W\n{lines}\n---\n"))
}

/// The lines of such a contact after an action.
fn lines(lines: &str, title: &str) -> String {
    let after = contact(lines).after(title);
    after.strip_prefix("---\nalias: W\n").unwrap().strip_suffix("\n---\n").unwrap_or("").to_owned()
}

/// What the preferred action makes of these lines. It must leave nothing to mend.
fn mended(picture: &str) -> String {
    let asked = contact(picture);
    let preferred: Vec<CodeAction> = asked.actions().into_iter().filter(|action| action.preferred).collect();
    let [one] = preferred.as_slice() else { panic!("{picture}: {:#?}", asked.listed()) };
    assert_eq!(one.kind, ActionKind::QuickFix);
    let result = lines(picture, &one.title);
    assert_eq!(contact(&format!("‸{result}")).problems(), [], "{result}");
    result
}

#[test]
fn what_is_certain_is_mended_at_one_key() {
    for (before, after) in [
        ("emails: [mailto:‸wang@panda.example]", "emails: [wang@panda.example]"),
        ("emails: [‸wang@panda.example.]", "emails: [wang@panda.example]"),
        ("emails: ‸Wang <wang@panda.example>", "emails: wang@panda.example"),
        ("emails: [\"‸wang @panda.example\"]", "emails: [\"wang@panda.example\"]"),
        ("emails: [‸wang at panda dot example]", "emails: [wang@panda.example]"),
        ("emails: [‸王＠panda.example]", "emails: [王@panda.example]"),
        ("emails:\n  - ‸a@x.example, b@x.example\n  - c@x.example", "emails:\n  - a@x.example\n  - c@x.example\n  - b@x.example"),
        ("emails:\n  - work: ‸mailto:a@x.example", "emails:\n  - work: a@x.example"),
        ("phones: [\"‸Tel. +1 212 555 0147\"]", "phones: [\"+1 212 555 0147\"]"),
        ("phones: ‸电话：１３８ ００１３ ８０００", "phones: 138 0013 8000"),
        ("phones:\n  - ‸+1 212 555 0147; +1 212 555 0148", "phones:\n  - +1 212 555 0147\n  - +1 212 555 0148"),
        ("birthday: ‸1988/4/2", "birthday: 1988-04-02"),
        ("birthday: ‸2.4.1988", "birthday: 1988-04-02"),
        ("birthday: ‸25/12/1988", "birthday: 1988-12-25"),
        ("birthday: ‸12/25/1988", "birthday: 1988-12-25"),
        ("birthday: \"‸19880402\"", "birthday: \"1988-04-02\""),
        ("birthday: ‸1988年4月2日", "birthday: 1988-04-02"),
        ("birthday: ‸4月2日", "birthday: --04-02"),
        ("birthday: ‸2 April 1988", "birthday: 1988-04-02"),
        ("birthday: ‸April 2nd, 1988", "birthday: 1988-04-02"),
        ("birthday: ‸2.4.", "birthday: --04-02"),
        ("tags: [\"‸a,b\", c]", "tags: [\"a\", c, b]"),
        ("tags: [‸event / ces]", "tags: [event/ces]"),
        ("tags: [\"‸\", a]", "tags: [a]"),
        ("tags: [\"‸le\u{200b}ad\"]", "tags: [\"lead\"]"),
        ("tags: [\"‸#lead #vip\"]", "tags: [\"lead\", \"vip\"]"),
        ("tags:\n  - ‸lead:\n  - vip", "tags:\n  - lead\n  - vip"),
        ("tags: ‸{lead: yes, vip: true}", "tags: [lead, vip]"),
        ("tags:\n  ‸lead:\n  vip:", "tags: [lead, vip]"),
        ("tags: ‸lead, vip", "tags: [lead, vip]"),
        ("tags: ‸#lead", "tags: [lead]"),
        ("tags: ‸#lead #new-york, #2024", "tags: [lead, new-york, \"2024\"]"),
        ("tags: [\n  a,\n  #‸vip,\n]", "tags: [\n  a,\n  vip,\n]"),
        ("tags:\n‸\t- lead\n\t- vip # two\t\norg: P", "tags:\n  - lead\n  - vip # two\t\norg: P"),
        ("‸\torg: P", "org: P"),
        ("org: P\n‸\ttitle: T\ntags: [a]", "org: P\ntitle: T\ntags: [a]"),
        ("org: ‸'O'Brien' # c", "org: \"O'Brien\" # c"),
        ("org: ‸\"C:\\dir\"", "org: \"C:\\\\dir\""),
        ("opt_out: ‸{email: true}", "opt_out: [email]"),
        ("opt_‸out: # true", "opt_out: true"),
        ("phnoes‸: [1234567]", "phones: [1234567]"),
        ("org: a\n‸org: a", "org: a"),
        ("tags: [a]\norg: P\n‸tags: [b, a]", "tags: [a, b]\norg: P"),
        ("tags: [a]\n‸tags: [b]", "tags: [a, b]"),
        ("tags:\n  - a\n‸tags:\n  - b # why", "tags:\n  - a\n  - b # why"),
        ("phones:\n  - work: 1234567\n‸phones:\n  - home: 7654321", "phones:\n  - work: 1234567\n  - home: 7654321"),
    ] {
        assert_eq!(mended(before), after, "{before}");
    }
}

#[test]
fn what_could_be_meant_in_two_ways_is_left_to_the_person() {
    assert_eq!(
        contact("birthday: ‸4/2/1988").listed(),
        ["Change to `1988-04-02` (date-invalid)", "Change to `1988-02-04` (date-invalid)"]
    );
    assert_eq!(lines("birthday: '‸4/2/1988'", "Change to `1988-02-04`"), "birthday: '1988-02-04'");
    let twice = contact("org: a\n‸org: b # new");
    assert_eq!(
        twice.listed(),
        ["Keep the first one, remove this one (key-duplicate)", "Keep this one, remove the first one (key-duplicate)"]
    );
    assert_eq!(lines("org: a\n‸org: b", "Keep this one, remove the first one"), "org: b");
    for nothing in ["birthday: ‸soon", "birthday: ‸1988-02-30", "emails: [‸wang]", "phones: [‸call me]", "tags: [\"‸C#\"]"]
    {
        assert_eq!(contact(nothing).actions().iter().filter(|action| action.mends.is_some()).count(), 0, "{nothing}");
    }
}

#[test]
fn an_alias_from_what_the_file_says() {
    let asked = Asked::new("== tom-wang.md\n---\n‸alias:\nusername: Kittykat123\n---\n# Wang Xiaoming\n");
    assert_eq!(
        asked.listed(),
        [
            "* Set alias to `Wang Xiaoming` (alias-missing)",
            "Set alias to `Kittykat123` (alias-missing)",
            "Set alias to `Tom Wang` (alias-missing)"
        ]
    );
    assert_eq!(
        asked.after("Set alias to `Wang Xiaoming`"),
        "---\nalias: Wang Xiaoming\nusername: Kittykat123\n---\n# Wang Xiaoming\n"
    );
    let note = Asked::new("== 王小明.md\n---\nphones‸: [1234567]\n---\n");
    assert_eq!(note.after("Set alias to `王小明`"), "---\nphones: [1234567]\nalias: 王小明\n---\n");
    let list = Asked::new("== w.md\n---\nalias: ‸[王小明, Tom]\norg: P\n---\n");
    assert_eq!(list.after("Set alias to `王小明`"), "---\norg: P\nalias: 王小明\naliases: [Tom]\n---\n");
}

#[test]
fn a_note_becomes_a_contact() {
    let note = Asked::new("== met.md\n# ‸Li Na 🍵\n\nMet at the fair.\n");
    assert_eq!(
        note.after("Make this note a contact: `Li Na 🍵`"),
        "---\nalias: Li Na 🍵\n---\n\n# Li Na 🍵\n\nMet at the fair.\n"
    );
    assert_eq!(Asked::new("== met.md\n# Li Na\n\nMet at ‸the fair.\n").listed(), [""; 0]);
    // What it calls itself, a title that opens it, else its file: a heading further down is nobody's name.
    for (text, name) in [
        ("---\nname‸: Bo Chen\n---\n# Notes\n", "Bo Chen"),
        ("---\nFN‸: Bo Chen\n---\n# Notes\n", "Bo Chen"),
        ("---\ntype‸: person\n---\n\n# Bo Chen\n", "Bo Chen"),
        ("---\ntype‸: person\n---\nBo Chen\n=======\n", "Bo Chen"),
        ("---\ntype‸: person\n---\n## Projects\n", "Li Na"),
        ("---\ntype‸: person\n---\nA text.\n\n# Projects\n", "Li Na"),
        ("---\ntype‸: person\n---\nProjects\n--------\n", "Li Na"),
    ] {
        let listed = Asked::new(&format!("== li-na.md\n{text}")).listed();
        assert!(listed.contains(&format!("Make this note a contact: `{name}`")), "{text}: {listed:?}");
    }
}

#[test]
fn tags_that_were_meant() {
    let strict = "== guanxi.yaml\ntags:\n  strict: true\n  known:\n    lead: Could buy # soon\n    vip:\n== w.md\n---\nalias: W\ntags: [vip, \"‸leda\"]\n---\n";
    let asked = Asked::new(strict);
    assert_eq!(
        asked.listed()[..3],
        [
            "* Change to `lead` (tag-unknown)",
            "Add `leda` to the tags in guanxi.yaml (tag-unknown)",
            "Remove `leda` (tag-unknown)"
        ]
    );
    assert_eq!(
        asked.after("Add `leda` to the tags in guanxi.yaml"),
        "== guanxi.yaml\ntags:\n  strict: true\n  known:\n    lead: Could buy # soon\n    vip:\n    leda:\n"
    );
    assert_eq!(asked.after("Remove `leda`"), "---\nalias: W\ntags: [vip]\n---\n");
    assert_eq!(asked.after("Change to `lead`"), "---\nalias: W\ntags: [vip, \"lead\"]\n---\n");
}

#[test]
fn the_vocabulary_takes_a_tag_however_it_is_written() {
    for (before, after) in [
        ("tags:\n  known:\n    a:\n", "tags:\n  known:\n    a:\n    new york:\n"),
        ("tags:\n  known: [a]\n", "tags:\n  known: [a, new york]\n"),
        ("tags:\n  known:\n    - a\n", "tags:\n  known:\n    - a\n    - new york\n"),
        ("tags:\n  strict: false\nwatch: off\n", "tags:\n  known:\n    new york:\n  strict: false\nwatch: off\n"),
        ("watch: off", "watch: off\ntags:\n  known:\n    new york:\n"),
        ("# mine\r\nwatch: off\r\n", "# mine\r\nwatch: off\r\ntags:\r\n  known:\r\n    new york:\r\n"),
    ] {
        let mut vault = Vault::new(Coverage::Whole);
        vault.apply(VaultChange::Found { path: VaultPath::new("guanxi.yaml"), text: before.into() });
        let edits =
            guanxi::features::vocabulary::list_tag(&vault, "new york").unwrap_or_else(|error| panic!("{before}: {error}"));
        assert_eq!(edits.result(&vault), after);
    }
}

#[test]
fn tags_that_go_together() {
    let mut picture = String::new();
    for number in 0..6 {
        picture.push_str(&format!("== c{number}.md\n---\nalias: C{number}\ntags: [lead, new-york, 老同学]\n---\n"));
    }
    picture.push_str("== w.md\n---\nalias: W\ntags: [lead‸] # mine\n---\n");
    let asked = Asked::new(&picture);
    assert!(asked.listed().contains(&"Add tag `new-york`".to_owned()), "{:?}", asked.listed());
    assert_eq!(asked.after("Add tag `老同学`"), "---\nalias: W\ntags: [lead, 老同学] # mine\n---\n");
}

#[test]
fn lists_said_in_another_way() {
    assert_eq!(lines("tags: ‸lead", "Convert `tags` to a list"), "tags: [lead]");
    assert_eq!(lines("aliases: ‸Wang, Tom", "Convert `aliases` to a list"), "aliases: [\"Wang, Tom\"]");
    assert_eq!(
        lines("tags: [lead, ‸\"new york\"]", "Put each item of `tags` on its own line"),
        "tags:\n  - lead\n  - \"new york\""
    );
    assert_eq!(
        lines("aliases:\n  - ‸Wang, Tom\n  - 王\norg: P", "Put `aliases` on one line"),
        "aliases: [\"Wang, Tom\", 王]\norg: P"
    );
    assert_eq!(lines("tags: [b‸, \"A\", 王] # mine", "Sort the tags"), "tags: [\"A\", b, 王] # mine");
    assert_eq!(lines("tags:\n  - b‸ # two\n  - a\n", "Sort the tags"), "tags:\n  - a\n  - b # two\n");
    let titles = contact("tags:\n  - a‸ # why\n  - b").listed();
    assert!(titles.is_empty(), "a comment would be lost: {titles:?}");
}

#[test]
fn links_that_lead_to_nobody() {
    let picture =
        "== people/wang.md\n---\nalias: Wang Xiaoming\naliases: [王小明]\n---\n== note.md\nMet [[Wnag Xiaoming‸|him]].\n";
    let asked = Asked::new(picture);
    assert_eq!(
        asked.listed(),
        ["Change to `Wang Xiaoming` (link-unresolved)", "Create contact “Wnag Xiaoming” (link-unresolved)"]
    );
    assert_eq!(asked.after("Change to `Wang Xiaoming`"), "Met [[Wang Xiaoming|him]].\n");
    assert_eq!(
        Asked::new("== note.md\nMet [[李娜‸]].\n").after("Create contact “李娜”"),
        "== contacts/李娜.md\n---\nalias: 李娜\n---\n== here\nMet [[李娜]].\n"
    );
    let moved = Asked::new("== people/li na.md\n---\nalias: Li Na\n---\n== notes/a.md\nSee [her](../li%20na.m‸d).\n");
    assert_eq!(moved.after("Change to `../people/li%20na.md`"), "See [her](../people/li%20na.md).\n");
    assert_eq!(moved.after("Create contact “her”"), "== li na.md\n---\nalias: her\n---\n== here\nSee [her](../li%20na.md).\n");
}

#[test]
fn links_that_fit_several() {
    let picture = "== a/li-na.md\n---\nalias: Li Na\n---\n== b/li-na.md\n---\nalias: Li Na\n---\n== n.md\nMet [[Li Na‸]] and [[Li Na|her]].\n";
    let asked = Asked::new(picture);
    assert_eq!(asked.listed(), ["Link to Li Na (a/li-na.md) (link-ambiguous)", "Link to Li Na (b/li-na.md) (link-ambiguous)"]);
    assert_eq!(asked.after("Link to Li Na (b/li-na.md)"), "Met [[b/li-na|Li Na]] and [[Li Na|her]].\n");
}

#[test]
fn what_is_selected_becomes_somebody() {
    let asked = Asked::new("== note.md\nMet ‸Bruno Haas ‸at the fair.\n");
    assert_eq!(
        asked.after("Create contact “Bruno Haas”"),
        "== contacts/bruno-haas.md\n---\nalias: Bruno Haas\n---\n== here\nMet [[Bruno Haas]] at the fair.\n"
    );
    let known = Asked::new("== w.md\n---\nalias: Wang\naliases: [王小明]\n---\n== note.md\n🍵 with ‸王小明‸\n");
    assert_eq!(known.after("Link to Wang"), "🍵 with [[王小明]]\n");
    for nothing in ["`‸code‸`", "[[‸Wang‸]]", "two\n‸lines\nof‸ text", "‸#tag‸", "‸   ‸"] {
        assert_eq!(
            Asked::new(&format!("== n.md\n{nothing}\n")).listed().iter().filter(|title| title.ends_with('”')).count(),
            0,
            "{nothing}"
        );
    }
}

#[test]
fn queries_are_closed_and_names_in_them_mended() {
    let lead = "== l.md\n---\nalias: L\ntags: [lead, new york]\n---\n";
    for (before, after) in [
        ("```guanxi\n(#lead | #lead‸\n```", "```guanxi\n(#lead | #lead)\n```"),
        ("```guanxi\n#lead \"led panel‸\n```", "```guanxi\n#lead \"led panel\"\n```"),
        ("```guanxi\n#lead)‸\n```", "```guanxi\n#lead\n```"),
        ("```guanxi\n#lead OR‸\n```", "```guanxi\n#lead\n```"),
        ("```guanxi\n#lead (‸\n```", "```guanxi\n#lead\n```"),
        ("```guanxi\n#le‸da\n```", "```guanxi\n#lead\n```"),
        ("---\nto: ‸#lead\n---", "---\nto: \"#lead\"\n---"),
        ("---\nto: \"(#lead‸\"\n---", "---\nto: \"(#lead)\"\n---"),
        ("---\nto: '#lead \"x‸'\n---", "---\nto: '#lead #x'\n---"),
        ("---\nto: \"#new-yor‸k\"\n---", "---\nto: \"#\\\"new york\\\"\"\n---"),
        ("---\nto: [lead, ‸leda]\n---", "---\nto: [lead, lead]\n---"),
        ("---\nto: [\"new-‸york\"]\n---", "---\nto: [\"new york\"]\n---"),
    ] {
        let asked = Asked::new(&format!("{lead}== b.md\n{before}\n"));
        let preferred = asked.actions().into_iter().find(|action| action.preferred);
        let title = preferred.unwrap_or_else(|| panic!("{before}: {:?}", asked.problems())).title;
        assert_eq!(asked.after(&title), format!("{after}\n"), "{before}");
    }
}

#[test]
fn settings_are_mended() {
    for (before, after) in [
        ("broadcast:\n  exclude: ‸#no\n", "broadcast:\n  exclude: \"#no\"\n"),
        ("tags:\n  strickt‸: true\n", "tags:\n  strict: true\n"),
        ("watch: aut‸\n", "watch: auto\n"),
        ("valut‸:\n  contacts: c\n", "vault:\n  contacts: c\n"),
    ] {
        let asked = Asked::new(&format!("== guanxi.yaml\n{before}"));
        let title = asked.actions().into_iter().find(|action| action.preferred).unwrap_or_else(|| panic!("{before}")).title;
        assert_eq!(asked.after(&title), after);
    }
}

#[test]
fn a_list_below_a_query() {
    let lead = "== l.md\n---\nalias: Li Na\ntags: [lead]\n---\n== w.md\n---\nalias: 王小明\ntags: [lead]\n---\n";
    let asked = Asked::new(&format!("{lead}== n.md\nWho:\n\n```guanxi\n#lea‸d\n```\nMore.\n"));
    assert_eq!(asked.after("Insert the list below"), "Who:\n\n```guanxi\n#lead\n```\n\n- [[Li Na]]\n- [[王小明]]\n\nMore.\n");
    assert_eq!(
        Asked::new("== n.md\n```guanxi\n#nob‸ody\n```\n").listed().iter().filter(|title| title.contains("list")).count(),
        0
    );
}

#[test]
fn one_side_of_a_conflict() {
    let text = "---\nalias: W\n<<<<<<< HEAD\ntags: [a]‸\n||||||| base\n=======\ntags: [b]\norg: P\n>>>>>>> theirs\n---\n";
    let asked = Asked::new(&format!("== w.md\n{text}"));
    assert_eq!(asked.after("Keep ours (HEAD)"), "---\nalias: W\ntags: [a]\n---\n");
    assert_eq!(asked.after("Keep theirs (theirs)"), "---\nalias: W\ntags: [b]\norg: P\n---\n");
    assert_eq!(asked.after("Keep both, ours first"), "---\nalias: W\ntags: [a]\ntags: [b]\norg: P\n---\n");
}

#[test]
fn pictures_are_found() {
    let asked = contact("card: ‸cards/wong.jpg").with_pictures(&["cards/w.png", "photos/wong.jpg"]);
    assert_eq!(asked.after("Change to `photos/wong.jpg`"), "---\nalias: W\ncard: photos/wong.jpg\n---\n");
    let bare =
        Asked::new("== p/wang-xiaoming.md\n---\nalias‸: W\ntags: [a]\n---\n").with_pictures(&["p/cards/Wang Xiaoming.jpg"]);
    assert_eq!(
        bare.after("Set card to `cards/Wang Xiaoming.jpg`"),
        "---\nalias: W\ntags: [a]\ncard: cards/Wang Xiaoming.jpg\n---\n"
    );
}

/// The only way to fix a problem is the preferred one; of two, neither is.
#[test]
fn the_only_fix_is_preferred() {
    let pictured = |pictures: &[&str]| contact("card: ‸cards/wong.jpg").with_pictures(pictures).listed();
    assert_eq!(pictured(&["photos/wong.jpg"])[0], "* Change to `photos/wong.jpg` (card-missing)");
    assert_eq!(pictured(&["photos/wong.jpg", "old/wong.jpg"])[0], "Change to `photos/wong.jpg` (card-missing)");
    let merge = "== a.md\n---\nalias: Wang\nemails: [‸w@x.example]\n---\n== b.md\n---\nalias: Wei\nemails: [W@x.example]\n---\n";
    // It changes more than this text.
    assert_eq!(Asked::new(merge).listed()[0], "Merge Wei (b.md) into this contact (contact-duplicate)");
}

#[test]
fn a_broadcast_is_listed_and_previewed() {
    let asked = Asked::new("== l.md\n---\nalias: L\ntags: [lead]\n---\n== b.md\n---\nto: \"#lead\"\n---\nDear‸\n");
    assert_eq!(asked.listed(), ["Generate list", "Preview"]);
    assert_eq!(asked.after("Preview"), "guanxi.broadcast.preview");
}

#[test]
fn two_files_of_one_person() {
    let picture = "== a.md\n---\nalias: Wang\nemails: [‸w@x.example]\n---\n== b.md\n---\nalias: 王小明\nemails: [W@x.example]\ntags: [lead]\n---\nTea.\n";
    assert_eq!(Asked::new(picture).after("Merge 王小明 (b.md) into this contact"), "merge b.md, a.md");
    // Once it holds everything the other may go, from either side.
    let merged = "== a.md\n---\nalias: Wang\naliases: [王小明]\ntags: [lead]\nemails: [‸w@x.example]\n---\nTea.\n";
    let (_, other) = picture.split_once("== b.md").unwrap();
    let deleting = format!("{merged}== b.md{other}");
    assert_eq!(Asked::new(&deleting).after("Delete b.md: everything in it is in this file"), "delete b.md, a.md");
    let from_there = deleting.replace('‸', "").replace("emails: [W@", "emails: [‸W@");
    assert_eq!(Asked::new(&from_there).after("Delete this file: everything in it is in a.md"), "delete b.md, a.md");
}

#[test]
fn line_endings_and_marks_stay() {
    let text = "\u{feff}---\r\nalias: W\r\nemails: [‸w@x.example.]\r\ntags: [b, a]\r\n---\r\nTea 🍵\r\n";
    let asked = Asked::of(vec![("w.md".to_owned(), text.to_owned())]);
    assert_eq!(asked.after("Change to `w@x.example`"), text.replace('‸', "").replace("example.", "example"));
    let text = "\u{feff}---\r\nalias: W\r\ntags: [b‸, a]\r\n---\r\n";
    let asked = Asked::of(vec![("w.md".to_owned(), text.to_owned())]);
    assert_eq!(
        asked.after("Put each item of `tags` on its own line"),
        "\u{feff}---\r\nalias: W\r\ntags:\r\n  - b\r\n  - a\r\n---\r\n"
    );
}

/// The vaults that hold one of every fault: what has no way to mend it stands here, with the reason.
#[test]
fn nearly_everything_can_be_mended() {
    let mut left: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for folder in ["tests/vaults/faulty", "tests/vaults/strict"] {
        let (mut vault, _) = super::diagnostics::load(folder);
        vault.prepare_search();
        for (id, _) in vault.files() {
            let here = Here::of_file(&vault, id);
            for problem in diagnose(&here, &Surroundings::new(&|_| false)) {
                let actions = code_actions(&here, problem.span, std::slice::from_ref(&problem), &Around::default());
                if !actions.iter().any(|action| action.mends.is_some()) {
                    left.insert(format!("{} {}", problem.code.name(), here.path));
                }
            }
        }
    }
    let left: Vec<&str> = left.iter().map(String::as_str).collect();
    assert_eq!(
        left,
        [
            // No other file is called so.
            "attachment-missing attachment-missing.md",
            // Who should have a copy is a question of `to`.
            "broadcast-key-unknown broadcast-key-unknown.md",
            "card-missing card-missing.md",
            "card-outside-vault card-outside-vault.md",
            // `1988-02-30`, `ask at the bar`: nobody can say what is meant.
            "date-invalid date-invalid.md",
            // What to say only its person knows.
            "message-empty message-empty.md",
            "phone-invalid phone-invalid.md",
            // Whom to write to, and how they are reached, only its person knows.
            "recipients-none recipients-none.md",
            "recipients-unreachable recipients-unreachable.md",
            // A map whose values say something: a list would lose it.
            "tags-not-a-list tags-not-a-list.md",
            // Where a brace is missing, nobody can say how far the field was to reach.
            "template-syntax template-syntax.md",
        ]
    );
}

proptest::proptest! {
    #![proptest_config(crate::law(600))]

    /// Whatever is typed and wherever somebody stands: no action fails, and each changes what it says without falling out of the text.
    #[test]
    fn no_action_fails(
        text in "(\u{feff}?---\r?\n)?((alias|tags|to|emails|phones|birthday|org|tags|card|opt_out): ?(\\[|\"|'|\r?\n  - |#)?[a-z#,\\]\"' 王🍵/@0-9.]{0,10}\r?\n|  - ?[a-z\":]{0,5}\n|\\[\\[[a-z|\\]]{0,5}|```(guanxi)?\n|<<<<<<< a\n|=======\n|>>>>>>> b\n|# h\n|\n){0,12}(---\r?\n)?.{0,10}",
        from in 0.0..1.0f64,
        to in 0.0..1.0f64,
    ) {
        let mut vault = Vault::new(Coverage::Whole);
        vault.apply(VaultChange::Found { path: VaultPath::new("l.md"), text: "---\nalias: a\ntags: [a, lead]\n---\n".into() });
        vault.apply(VaultChange::Found { path: VaultPath::new("t.md"), text: text.as_str().into() });
        vault.prepare_search();
        let here = Here::of_file(&vault, vault.id_of("t.md").unwrap());
        let problems = diagnose(&here, &Surroundings::new(&|_| false));
        let place = |share: f64| (text.len() as f64 * share) as usize;
        let range = Span::new(place(from.min(to)), place(from.max(to)));
        let pictures = ["cards/t.png".to_owned()];
        let around = Around { pictures: &pictures, exists: nowhere() };
        for action in code_actions(&here, range, &problems, &around) {
            match action.change {
                Change::Edits(edits) | Change::Create { edits_here: edits, .. } => _ = edit::apply(&text, &edits),
                Change::Files(files) => files.iter().for_each(|file| _ = file.result(&vault)),
                Change::Command { .. } | Change::Explain { .. } | Change::Merge { .. } => {}
            }
        }
    }
}

/// What `source.fixAll` makes of a file; the same where it is not offered.
fn fixed(picture: &str) -> String {
    fixed_in(Asked::new(picture))
}

fn fixed_in(asked: Asked) -> String {
    let around = Around { pictures: &asked.pictures, exists: nowhere() };
    let exists = |_: &str| false;
    let diagnose = |here: &Here<'_>| diagnose(here, &Surroundings::new(&exists));
    let text = asked.here().text().to_owned();
    let Some(action) = fix_all(&asked.here(), &around, &diagnose) else { return text };
    assert_eq!((action.kind, action.preferred), (ActionKind::SourceFixAll, false));
    let Change::Edits(edits) = action.change else { panic!("edits") };
    let mut ends: Vec<_> = edits.iter().map(|edit| edit.span).collect();
    ends.sort_by_key(|span| span.start);
    assert!(ends.windows(2).all(|pair| pair[0].end <= pair[1].start), "{edits:?}");
    edit::apply(&text, &edits)
}

/// Each fix is tried on the whole text, so that one answer holds so many: the next one has the rest.
#[test]
fn of_very_many_faults_some_are_fixed_at_a_time() {
    let faults = |text: &str| text.matches('＠').count();
    let mails: String = (0..1000).map(|number| format!("  - bo{number}＠x.example\n")).collect();
    let mut text = format!("---\nalias: Bo\nemails:\n{mails}---\n");
    let right = text.replace('＠', "@");
    for (before, after) in [(1000, 600), (600, 200), (200, 0), (0, 0)] {
        assert_eq!(faults(&text), before);
        text = fixed(&format!("== b.md\n‸{text}"));
        assert_eq!(faults(&text), after);
    }
    assert_eq!(text, right);
}

#[test]
fn all_safe_fixes_at_once() {
    assert_eq!(
        fixed("== w.md\n---\n‸alias: W\nTags: lead, vip # why\ne-mail: [mailto:w@x.example]\nbirthday: 2.4.1988\n---\n"),
        "---\nalias: W\ntags: [lead, vip] # why\nemails: [w@x.example]\nbirthday: 1988-04-02\n---\n"
    );
    // Two ways to fix it: a person chooses.
    let doubtful = "---\nalias: W\nbirthday: 4/2/1988\norg: A\norg: B\n---\n";
    assert_eq!(fixed(&format!("== w.md\n‸{doubtful}")), doubtful);
    // Who receives a message is never guessed.
    let lead = "== l.md\n---\nalias: L\ntags: [lead]\nname: Lo\n---\n";
    let broadcast = "---\nto: \"#laed\"\n---\nHello\n";
    assert_eq!(fixed(&format!("{lead}== b.md\n‸{broadcast}")), broadcast);
    assert_eq!(fixed(&format!("{lead}== b.md\n‸---\nto: #lead\n---\nHello\n")), "---\nto: \"#lead\"\n---\nHello\n");
    // Nor is a name: a tag, an alias, a link.
    let vip: String = (0..9).map(|n| format!("== v{n}.md\n---\nalias: V{n}\ntags: [customer]\n---\n")).collect();
    let near = "---\nalias: W\ntags: [custmer]\n---\n[[V0 ]] and [V](v0x.md)\n";
    assert_eq!(fixed(&format!("{vip}== w.md\n‸{near}")), near);
    // A comment is never lost, though the rest is fixed.
    assert_eq!(
        fixed("== w.md\n---\n‸alias: W\norg: A\norg: A # since May\nemails: [mailto:w@x.example]\n---\n"),
        "---\nalias: W\norg: A\norg: A # since May\nemails: [w@x.example]\n---\n"
    );
    assert_eq!(fixed("== guanxi.yaml\n‸tags:\n  strct: true\n"), "tags:\n  strict: true\n");
    let crlf = vec![("w.md".to_owned(), "‸---\r\nalias: W\r\nTags: [a]\r\n---\r\n".to_owned())];
    assert_eq!(fixed_in(Asked::of(crlf)), "---\r\nalias: W\r\ntags: [a]\r\n---\r\n");
    // Nor does anybody become a contact by it.
    let misplaced = "\n---\nalias: W\nemials: [mailto:a@x.example]\n---\nx\n";
    assert_eq!(fixed(&format!("== w.md\n‸{misplaced}")), misplaced);
}

#[test]
fn each_kind_of_problem_is_explained_once() {
    let asked = Asked::new("== w.md\n---\nalias: W\nemails: ‸[a, b]\nbirthday: ‸soon\n---\n");
    let found = explanations(&asked.problems());
    let told: Vec<(&str, &Change)> = found.iter().map(|action| (action.title.as_str(), &action.change)).collect();
    assert_eq!(
        told,
        [
            ("Explain `email-invalid`", &Change::Explain { code: "email-invalid" }),
            ("Explain `date-invalid`", &Change::Explain { code: "date-invalid" })
        ]
    );
    assert!(found.iter().all(|action| !action.preferred));
}

#[test]
fn comments_stay_with_their_tags() {
    let sort = "Sort the tags";
    assert_eq!(
        lines("tags:\n  - b‸ # two\n  # the first\n  # of all\n  - a\n  - c\n", sort),
        "tags:\n  # the first\n  # of all\n  - a\n  - b # two\n  - c\n"
    );
    for unclear in [
        "tags:\n  # both\n  - b‸\n  - a",
        "tags:\n  - b‸\n  - a\n  # about a",
        "tags: [\n  b‸,\n  a # one\n  ]",
        "tags: [b‸, # two\n  a]",
    ] {
        assert!(!contact(unclear).listed().contains(&sort.to_owned()), "{unclear}");
    }
    assert_eq!(lines("tags: # mine\n  - b‸\n  - a", sort), "tags: # mine\n  - a\n  - b");
}

#[test]
fn two_lists_are_merged_where_no_comment_is_lost() {
    let merge = "Merge both into one list";
    assert_eq!(lines("tags: [a] # mine\n‸tags: [b, a]", merge), "tags: [a, b] # mine");
    let maps = "phones:\n  - work: 1234567\n‸phones:\n  - home: 7654321 # at night\n  # old\n  - 1112223";
    assert_eq!(lines(maps, merge), "phones:\n  - work: 1234567\n  - home: 7654321 # at night\n  # old\n  - 1112223");
    for lossy in [
        "tags: [a]\n‸tags: [b] # his",
        "tags: [a]\n# his\n‸tags: [b]",
        "tags:\n  - a\n‸tags: # his\n  - b",
        "tags:\n  - b\n‸tags:\n  - b # two\n  - c",
        "phones:\n  - work: 1234567\n‸phones: # his\n  - home: 7654321",
    ] {
        let listed = contact(lossy).listed();
        assert!(!listed.iter().any(|title| title.contains(merge)), "{lossy}: {listed:?}");
    }
}

#[test]
fn a_misplaced_front_matter_is_put_in_its_place() {
    for (before, alias, after) in [
        ("‸\n---\ntitle: Fair\nname: Li Na\n---\nText\n", "Li Na", "---\ntitle: Fair\nname: Li Na\nalias: Li Na\n---\nText\n"),
        ("\u{200b}‸---\ntitle: Fair\n---\n# Li Na\n", "Li Na", "---\ntitle: Fair\nalias: Li Na\n---\n# Li Na\n"),
        ("\n\n---\ntitle‸: Fair\n---\n# Li Na\n", "Li Na", "---\ntitle: Fair\nalias: Li Na\n---\n# Li Na\n"),
    ] {
        let asked = Asked::new(&format!("== n.md\n{before}"));
        assert_eq!(asked.after(&format!("Make this note a contact: `{alias}`")), after, "{before:?}");
    }
    // Nothing of it is lost.
    for (before, after) in [
        ("\n---‸\nalias: W\n---\nx\n", "---\nalias: W\n---\nx\n"),
        ("# Wang\n\n---‸\nalias: W\n---\nx\n", "---\nalias: W\n---\n# Wang\nx\n"),
        ("<!-- mine -->\n---‸\nalias: W\n---\nx\n", "---\nalias: W\n---\n<!-- mine -->\nx\n"),
        ("--- # ‸mine\nalias: W\n---\nx\n", "---\n# mine\nalias: W\n---\nx\n"),
        ("---alias: W‸\nphones: [1234567]\n---\nx\n", "---\nalias: W\nphones: [1234567]\n---\nx\n"),
        ("```yaml‸\nalias: W\n```\nx\n", "---\nalias: W\n---\nx\n"),
        ("—‸——\nalias: W\n———\nx\n", "---\nalias: W\n---\nx\n"),
        ("‸alias: W\nemails: [a@x.example]\n\nx\n", "---\nalias: W\nemails: [a@x.example]\n---\n\nx\n"),
    ] {
        assert_eq!(Asked::new(&format!("== n.md\n{before}")).after("Move the front matter to the top"), after, "{before:?}");
    }
    let crlf = "‸\r\n---\r\nphones: [1234567]\r\n---\r\n# Li Na\r\n";
    assert_eq!(
        Asked::of(vec![("n.md".to_owned(), crlf.to_owned())]).after("Make this note a contact: `Li Na`"),
        "---\r\nphones: [1234567]\r\nalias: Li Na\r\n---\r\n# Li Na\r\n"
    );
    let toml = Asked::new("== n.md\n+++\nalias = \"W\"‸\n+++\n# Li\n").listed();
    assert!(!toml.iter().any(|title| title.contains("contact:") || title.contains("Move")), "{toml:?}");
}
