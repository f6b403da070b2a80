//! Every form of a link, and every feature on each of them. A new form is one line of [`FORMS`].

mod check;
mod edits;

use guanxi::features::Here;
use guanxi::features::links::{Destination, destination};
use guanxi::features::places::Exists;
use guanxi::text::markdown::Link;
use guanxi::vault::{Change, Coverage, FileId, Vault, VaultPath};

use super::existing;

/// What a form leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum To {
    /// To Li Na, by her alias.
    Alias,
    /// To Li Na, by her file's name or path.
    File,
    /// To a picture.
    Picture,
    /// To the file in which it is written.
    Own,
    /// To an address.
    Address,
    /// It is no link.
    Nothing,
}

/// A form of a link as a line of the table.
struct Form {
    /// The file in which it is written, with the cursor `‸` in the link.
    text: &'static str,
    to: To,
    /// What it reads after Li Na's alias has become `Na Li`; empty where nothing changes.
    renamed: &'static str,
    /// What it reads after her file has become `people/na li.md`, the picture `pics/a 1.png`; empty where nothing changes.
    moved: &'static str,
}

const fn form(text: &'static str, to: To, renamed: &'static str, moved: &'static str) -> Form {
    Form { text, to, renamed, moved }
}

use To::{Address, Alias, File, Nothing, Own, Picture};

#[rustfmt::skip]
const FORMS: &[Form] = &[
    // By alias, in the body.
    form("[[Li N‸a]]", Alias, "[[Na Li]]", ""),
    form("[[Li Na|h‸er]]", Alias, "[[Na Li|her]]", ""),
    form("[[ Li N‸a | her ]]", Alias, "[[ Na Li | her ]]", ""),
    form("[[li n‸a]]", Alias, "[[Na Li]]", ""),
    form("![[Li N‸a]]", Alias, "![[Na Li]]", ""),
    form("[[Li N‸a#Notes]]", Alias, "[[Na Li#Notes]]", ""),
    form("[[Li N‸a#Notes|her]]", Alias, "[[Na Li#Notes|her]]", ""),
    form("[[Li N‸a^block-1]]", Alias, "[[Na Li^block-1]]", ""),
    form("[[Li N‸a#^block-1]]", Alias, "[[Na Li#^block-1]]", ""),
    form("| a | b |\n|---|---|\n| [[Li N‸a\\|her]] | x |", Alias, "| a | b |\n|---|---|\n| [[Na Li\\|her]] | x |", ""),
    form("| a |\n|---|\n| ![[Li N‸a#Notes\\|200]] |", Alias, "| a |\n|---|\n| ![[Na Li#Notes\\|200]] |", ""),
    form("[[Li N‸a\\|her]]", Alias, "[[Na Li\\|her]]", ""),
    form("x[^1]\n\n[^1]: [[Li N‸a]]", Alias, "x[^1]\n\n[^1]: [[Na Li]]", ""),
    form("- [ ] **[[Li N‸a]]**, #tag", Alias, "- [ ] **[[Na Li]]**, #tag", ""),
    form("> # [[Li N‸a]] and [[Bob]]", Alias, "> # [[Na Li]] and [[Bob]]", ""),
    // By alias, in the front matter.
    form("---\nrelated: \"[[Li N‸a]]\"\n---", Alias, "---\nrelated: \"[[Na Li]]\"\n---", ""),
    form("---\nrelated: '[[Li N‸a|her]]' # x\n---", Alias, "---\nrelated: '[[Na Li|her]]' # x\n---", ""),
    form("---\nrelated: [\"[[Bob]]\", \"[[Li N‸a#Notes]]\"]\n---", Alias, "---\nrelated: [\"[[Bob]]\", \"[[Na Li#Notes]]\"]\n---", ""),
    form("---\nrelated:\n  - '[[Li N‸a]]'\n  - '[[Bob]]'\n---", Alias, "---\nrelated:\n  - '[[Na Li]]'\n  - '[[Bob]]'\n---", ""),
    form("---\nteam:\n  lead: \"[[Li N‸a]]\"\n---", Alias, "---\nteam:\n  lead: \"[[Na Li]]\"\n---", ""),
    form("---\nalias: Me\ndescription: met [[Li N‸a]] in Rome\n---", Alias, "---\nalias: Me\ndescription: met [[Na Li]] in Rome\n---", ""),
    form("---\nsummary: |\n  with [[Li N‸a]]\n  and \"me\"\n---", Alias, "---\nsummary: |\n  with [[Na Li]]\n  and \"me\"\n---", ""),
    form("---\nalias: Me\ndistinct: [\"[[Li N‸a]]\"]\n---", Alias, "---\nalias: Me\ndistinct: [\"[[Na Li]]\"]\n---", ""),
    // By the file's name or path, as names.
    form("[[li‸na]]", File, "", "[[na li]]"),
    form("[[li‸na.md]]", File, "", "[[na li.md]]"),
    form("![[li‸na#Notes|x]]", File, "", "![[na li#Notes|x]]"),
    form("[[contacts/li‸na]]", File, "", "[[people/na li]]"),
    form("[[../contacts/li‸na]]", File, "", "[[../people/na li]]"),
    form("[[../contacts/li‸na.md#Notes|x]]", File, "", "[[../people/na li.md#Notes|x]]"),
    form("[[./../contacts/li‸na]]", File, "", "[[../people/na li]]"),
    form("| a |\n|---|\n| [[contacts/li‸na\\|x]] |", File, "", "| a |\n|---|\n| [[people/na li\\|x]] |"),
    form("---\nrelated: ['[[../contacts/li‸na]]']\n---", File, "", "---\nrelated: ['[[../people/na li]]']\n---"),
    // By path.
    form("[x](../contacts/li‸na.md)", File, "", "[x](../people/na%20li.md)"),
    form("[x‸](../contacts/lina.md)", File, "", "[x](../people/na%20li.md)"),
    form("[x](<../contacts/li‸na.md>)", File, "", "[x](<../people/na%20li.md>)"),
    form("[x](../contacts/li%6E‸a.md \"lina.md\")", File, "", "[x](../people/na%20li.md \"lina.md\")"),
    form("[x](../contacts/li‸na.md#Notes)", File, "", "[x](../people/na%20li.md#Notes)"),
    form("[a [b] `](`](../contacts/li‸na.md)", File, "", "[a [b] `](`](../people/na%20li.md)"),
    form("[x](../contacts\\/li‸na.md)", File, "", "[x](../people/na%20li.md)"),
    form("![x](../contacts/li‸na.md)", File, "", "![x](../people/na%20li.md)"),
    form("[r‸][d]\n\n[d]: ../contacts/lina.md \"t\"", File, "", "[r][d]\n\n[d]: ../people/na%20li.md \"t\""),
    form("[‸d][]\n\n[d]: ../contacts/lina.md", File, "", "[d][]\n\n[d]: ../people/na%20li.md"),
    form("[‸d]\n\n[d]: ../contacts/lina.md#Notes", File, "", "[d]\n\n[d]: ../people/na%20li.md#Notes"),
    form("[r][d]\n\n[d]: <../contacts/li‸na.md>", File, "", "[r][d]\n\n[d]: <../people/na%20li.md>"),
    form("x[^1]\n\n[^1]: [y](../contacts/li‸na.md)", File, "", "x[^1]\n\n[^1]: [y](../people/na%20li.md)"),
    // Pictures and other files.
    form("![[a‸.png]]", Picture, "", "![[../pics/a 1.png]]"),
    form("[[a‸.png|300]]", Picture, "", "[[../pics/a 1.png|300]]"),
    form("[[./a‸.png]]", Picture, "", "[[../pics/a 1.png]]"),
    form("![[notes/a‸.png]]", Picture, "", "![[pics/a 1.png]]"),
    form("![x](a‸.png)", Picture, "", "![x](../pics/a%201.png)"),
    form("[![x](a‸.png)](../contacts/bob.md)", Picture, "", "[![x](../pics/a%201.png)](../contacts/bob.md)"),
    form("![i‸][d]\n\n[d]: a.png", Picture, "", "![i][d]\n\n[d]: ../pics/a%201.png"),
    form("---\nbanner: \"[[a‸.png]]\"\n---", Picture, "", "---\nbanner: \"[[../pics/a 1.png]]\"\n---"),
    // A place in the same file.
    form("# Notes\n[[#No‸tes]]", Own, "", ""),
    form("# Notes\n[x](#no‸tes)", Own, "", ""),
    // Addresses.
    form("[m](mailto:x‸@obsidian.md)", Address, "", ""),
    form("[m](https://x‸.example/li.md?a=1#b)", Address, "", ""),
    form("[m](tel:+1‸2125550147)", Address, "", ""),
    form("[m][d]\n\n[d]: mailto:x‸@obsidian.md", Address, "", ""),
    // No links.
    form("<https://x‸.md>", Nothing, "", ""),
    form("`[[Li N‸a]]` `![[gone]]`", Nothing, "", ""),
    form("```\n[[Li N‸a]] [[gone]]\n```", Nothing, "", ""),
    form("a <!-- [[Li N‸a]] [[gone]] -->", Nothing, "", ""),
    form("\\[[Li N‸a]] \\[[gone]]", Nothing, "", ""),
    form("---\ntags: \"[[Li N‸a]]\"\n---", Nothing, "", ""),
    form("---\nnote: code `[[Li N‸a]]` `[[gone]]`\n---", Nothing, "", ""),
];

const LI_NA: &str = "---\nalias: Li Na\nuid: li\n---\n# Notes\n";
const BOB: &str = "---\nalias: Bob\n---\n";
const PICTURE: &str = "notes/a.png";

/// A vault with one form of a link in `notes/from.md`, and a cursor in it.
struct Asked {
    vault: Vault,
    from: FileId,
    offset: usize,
}

impl Asked {
    fn new(form: &Form) -> Self {
        Self::beside(form, &[("contacts/lina.md", LI_NA), ("contacts/bob.md", BOB)])
    }

    fn beside(form: &Form, others: &[(&str, &str)]) -> Self {
        let text = form.text.replace('‸', "");
        let mut files = others.to_vec();
        files.push(("notes/from.md", &text));
        let vault = vault(&files);
        let from = vault.id_of("notes/from.md").unwrap();
        Self { vault, from, offset: form.text.find('‸').expect(form.text) }
    }

    fn here(&self) -> Here<'_> {
        Here::of_file(&self.vault, self.from)
    }

    fn li_na(&self) -> FileId {
        self.vault.id_of("contacts/lina.md").unwrap()
    }

    /// The link at the cursor.
    fn link(&self) -> Link {
        self.here().link_at(self.offset).expect("a link")
    }
}

fn vault(files: &[(&str, &str)]) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files {
        vault.apply(Change::Found { path: VaultPath::new(path), text: (*text).into() });
    }
    vault.prepare_search();
    vault
}

fn exists() -> Exists {
    existing(&[PICTURE])
}

/// Where the links of a text at `notes/from.md` lead.
fn destinations(vault: &Vault, text: &str) -> Vec<Option<Destination>> {
    let from = VaultPath::new("notes/from.md");
    let document = guanxi::contact::Document::parse(text);
    document.links().iter().map(|link| destination(vault, &from, link, exists().as_ref())).collect()
}

fn leading_to(to: &[To]) -> impl Iterator<Item = &'static Form> {
    FORMS.iter().filter(move |form| to.contains(&form.to))
}
