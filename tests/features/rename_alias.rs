//! A contact gets another alias: queries that find people by name or text must not match others unnoticed.

use guanxi::features::rename::gather;

use super::Asked;

/// The first lines: Bo Chen, to whom Ada links, and the cursor on his alias.
const PEOPLE: &str = "\
== bo.md
---
alias: Bo ‸Chen
tags: [lead]
---
== ada.md
---
alias: Ada
tags: [lead]
---
Met through [[Bo Chen]].
";

fn objection(picture: &str, new: &str) -> Option<String> {
    let asked = Asked::new(picture);
    let job = gather(&asked.here(), asked.offset, new).map_err(|fault| fault.message).unwrap();
    let renaming = job.run(&|| false).unwrap();
    assert!(renaming.refused.is_empty());
    renaming.objection()
}

#[test]
fn an_alias_that_a_query_finds_people_by_is_not_renamed() {
    for (asking, words) in [
        ("== b.md\n---\nto: 'alias:\"Bo\"'\n---\n", "`to` in b.md no longer matches 1 contact (Bo Chen)"),
        ("== b.md\n---\nto: 'any:\"Bo Chen\"'\n---\n", "`to` in b.md no longer matches 2 contacts (Ada, Bo Chen)"),
        ("== b.md\n---\nto: '#lead -alias:=\"Li Bai\"'\n---\n", "`to` in b.md no longer matches 1 contact (Bo Chen)"),
        ("== b.md\n---\nto: 'alias:/^li/'\n---\n", "`to` in b.md would also match 1 contact (Bo Chen)"),
        ("== b.md\n---\nto: 'body:\"[[Bo Chen]]\"'\n---\n", "`to` in b.md no longer matches 1 contact (Ada)"),
        ("== b.md\n---\nto: '#lead'\nexclude: 'any:\"Bo\"'\n---\n", "`exclude` in b.md no longer matches 2 contacts"),
        ("== guanxi.yaml\nbroadcast:\n  exclude: 'alias:\"bo chen\"'\n", "`broadcast.exclude` in guanxi.yaml no longer matches"),
        ("== note.md\n```guanxi\nBo\n```\n", "the query block in note.md no longer matches 2 contacts (Ada, Bo Chen)"),
        // A value of the front matter that links there.
        (
            "== cy.md\n---\nalias: Cy\nvia: '[[Bo Chen]]'\n---\n== b.md\n---\nto: '#lead'\nexclude: 'via:\"Bo Chen\"'\n---\n",
            "`exclude` in b.md no longer matches 1 contact (Cy)",
        ),
        // The block of a file that links there too.
        (
            "== note.md\n[[Bo Chen]]\n```guanxi\nalias:bo\n```\n",
            "the query block in note.md no longer matches 1 contact (Bo Chen)",
        ),
    ] {
        let told = objection(&format!("{PEOPLE}{asking}"), "Li Bai").unwrap_or_else(|| panic!("renamed: {asking}"));
        assert!(told.contains(words), "{told}\n{asking}");
        assert!(told.ends_with("; change that query first") && !told.contains("--yes"), "{told}");
    }
}

#[test]
fn an_alias_is_renamed_where_everybody_is_matched_as_before() {
    for asking in [
        "",
        "== b.md\n---\nto: '#lead path:*.md has:alias -birthday:>1980'\nexclude: [lead]\n---\n",
        "== b.md\n---\nto: 'any:\"lead\"'\n---\n",
        "== b.md\n---\nto: 'alias:\"Ada\"'\n---\n",
        "== b.md\n---\nto: 'alias:/chen|bai/'\n---\n",
        "== note.md\n```guanxi\nalias:\n```\n[[Bo Chen]]\n",
        // Not a query, and one that cannot be understood.
        "== note.md\n```\nBo\n```\n== b.md\n---\nto: '((('\n---\n",
    ] {
        assert_eq!(objection(&format!("{PEOPLE}{asking}"), "Li Bai"), None, "{asking}");
    }
}
