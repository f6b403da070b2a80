//! What changes each form: it still leads where it should, and is written as it was.

use guanxi::contact::Code;
use guanxi::features::code_actions::{Around, Change as Done, code_actions};
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::features::links::Destination;
use guanxi::features::merge::merge;
use guanxi::features::rename::{self, Renaming};
use guanxi::features::{Here, move_files};
use guanxi::text::{Span, edit};
use guanxi::vault::{Change, Resolution, VaultPath};

use super::{Alias, Asked, BOB, FORMS, File, LI_NA, Own, PICTURE, destinations, exists, leading_to, vault};

/// The text of `notes/from.md` after a renaming.
fn after(asked: &Asked, renaming: &Renaming) -> String {
    assert!(renaming.refused.is_empty() && renaming.notes.is_empty(), "{:?} {:?}", renaming.refused, renaming.notes);
    let changed = renaming.edits.iter().find(|one| one.file == Some(asked.from));
    changed.map_or_else(|| asked.here().text().to_owned(), |one| edit::apply(&one.text, &one.edits))
}

fn renamed(here: &Here<'_>, offset: usize, new: &str) -> Result<Renaming, String> {
    let job = rename::gather(here, offset, new).map_err(|fault| fault.message)?;
    Ok(job.run(&|| false).unwrap())
}

fn expected(written: &str, changed: &str) -> String {
    if changed.is_empty() { written.replace('‸', "") } else { changed.to_owned() }
}

#[test]
fn an_alias_is_renamed_from_the_contact_and_from_the_link() {
    for form in FORMS {
        let asked = Asked::new(form);
        let owner = Here::of_file(&asked.vault, asked.li_na());
        let from_contact = renamed(&owner, LI_NA.find("Li Na").unwrap(), "Na Li").unwrap();
        assert_eq!(after(&asked, &from_contact), expected(form.text, form.renamed), "{}", form.text);
        let from_link = renamed(&asked.here(), asked.offset, "Na Li");
        if form.to == Alias {
            assert_eq!(after(&asked, &from_link.unwrap()), expected(form.text, form.renamed), "{}", form.text);
        } else if form.to == Own {
            assert!(from_link.is_err(), "{}", form.text);
        }
    }
}

#[test]
fn a_name_that_needs_escapes_is_written_as_each_place_needs_it() {
    for new in ["L'i \"Na\"", "Li: Na", "Li, Na", "李娜 🍵", "Li & Na (x)", "- Li", "@li"] {
        for form in leading_to(&[Alias]) {
            let mut asked = Asked::new(form);
            let owner = Here::of_file(&asked.vault, asked.li_na());
            let renaming = renamed(&owner, LI_NA.find("Li Na").unwrap(), new).unwrap();
            let text = after(&asked, &renaming);
            for one in renaming.edits {
                let text = edit::apply(&one.text, &one.edits).into();
                asked.vault.apply(Change::Found { path: one.path, text });
            }
            let led = destinations(&asked.vault, &text);
            assert!(led.contains(&Some(Destination::File(asked.li_na()))), "{new}: {text}");
            assert!(!led.contains(&Some(Destination::Nobody)), "{new}: {text}");
            let shape = |text: &str| guanxi::contact::Document::parse(text).head.faults.len();
            assert_eq!(shape(&text), 0, "{text}");
        }
    }
}

#[test]
fn a_link_in_the_way_of_a_renaming_is_named_with_its_line() {
    // A name that is written with an escape: where each of its letters stands is not known.
    let text = "---\nx: 1\nrelated: \"[[L\\u0069 Na]]\"\n---\n";
    let vault = vault(&[("contacts/lina.md", LI_NA), ("notes/from.md", text)]);
    let owner = Here::of_file(&vault, vault.id_of("contacts/lina.md").unwrap());
    let renaming = renamed(&owner, LI_NA.find("Li Na").unwrap(), "Na Li").unwrap();
    let words: Vec<String> = renaming.refused.iter().map(rename::NotChanged::words).collect();
    let expected = "notes/from.md:3: `\"[[L\\u0069 Na]]\"` cannot name `Na Li`: please change it by hand";
    assert_eq!(words, [expected]);
}

#[test]
fn names_that_no_link_can_say() {
    let asked = Asked::new(&FORMS[0]);
    let owner = Here::of_file(&asked.vault, asked.li_na());
    for name in ["a|b", "a#b", "a^b", "[[a", "a]]", "a\\", "[a", "a]", "./a", "../a"] {
        let told = renamed(&owner, LI_NA.find("Li Na").unwrap(), name).map(|_| ());
        assert!(told.as_ref().is_err_and(|told| told.contains("a link could not name it")), "{name}: {told:?}");
    }
    for name in ["a ^ b", "^a", "a^ b", "a/b", "a.png", ".a"] {
        assert!(renamed(&owner, LI_NA.find("Li Na").unwrap(), name).is_ok(), "{name}");
    }
}

#[test]
fn files_that_move() {
    for form in FORMS {
        let asked = Asked::new(form);
        let moves = [("contacts/lina.md", "people/na li.md"), (PICTURE, "pics/a 1.png")];
        let moves = moves.map(|(old, new)| (VaultPath::new(old), VaultPath::new(new)));
        for moves in [&moves[..1], &moves[1..], &moves[..]] {
            let renaming = move_files::gather(&asked.vault, moves, &exists(), &crate::features::out).run(&|| false).unwrap();
            let concerned = moves.len() == 2 || (moves[0].0.as_str() == PICTURE) == (form.to == super::Picture);
            let moved = if concerned { form.moved } else { "" };
            assert_eq!(after(&asked, &renaming), expected(form.text, moved), "{}", form.text);
        }
    }
}

#[test]
fn the_file_itself_moves() {
    for form in FORMS {
        let mut asked = Asked::new(form);
        let before = destinations(&asked.vault, asked.here().text());
        let new = VaultPath::new("from.md");
        let moves = [(VaultPath::new("notes/from.md"), new.clone())];
        let renaming = move_files::gather(&asked.vault, &moves, &exists(), &crate::features::out).run(&|| false).unwrap();
        let text = after(&asked, &renaming);
        asked.vault.apply(Change::Gone { path: VaultPath::new("notes/from.md") });
        asked.vault.apply(Change::Found { path: new.clone(), text: text.clone().into() });
        let links = guanxi::contact::Document::parse(&text).links();
        let led = links.iter().map(|link| guanxi::features::links::destination(&asked.vault, &new, link, exists().as_ref()));
        if form.to != Own {
            assert_eq!(led.collect::<Vec<_>>(), before, "{}\n{text}", form.text);
        }
    }
}

#[test]
fn links_lead_on_after_a_merge() {
    for form in leading_to(&[Alias, File]) {
        let mut asked = Asked::new(form);
        let bob = asked.vault.id_of("contacts/bob.md").unwrap();
        let merge = merge(&asked.vault, bob, asked.li_na(), &exists()).unwrap();
        let changed = merge.links.iter().find(|one| one.file == asked.from);
        let text = changed.map_or_else(|| asked.here().text().to_owned(), |one| one.result(&asked.vault));
        let kept = edit::apply(BOB, &merge.edits);
        asked.vault.apply(Change::Found { path: VaultPath::new("contacts/bob.md"), text: kept.into() });
        asked.vault.apply(Change::Gone { path: VaultPath::new("contacts/lina.md") });
        let led = destinations(&asked.vault, &text);
        assert!(led.iter().all(|one| *one == Some(Destination::File(bob))), "{}\n{text}\n{led:?}", form.text);
        // What follows the target stays.
        let rest = |text: &str| ["#Notes", "\\|", "\"lina.md\"", "![", "|x]]"].map(|part| text.contains(part));
        assert_eq!(rest(&text), rest(form.text), "{text}");
    }
}

/// The texts of `notes/from.md` after each fix of the problem, with the paths that are made.
fn fixed(asked: &Asked, code: Code) -> Vec<(String, Option<(VaultPath, String)>)> {
    let exists = exists();
    let here = asked.here();
    let problems = diagnose(&here, &Surroundings::new(exists.as_ref()));
    let problem: Vec<_> = problems.into_iter().filter(|problem| problem.code == code).collect();
    let span = problem[0].span;
    let around = Around { exists: exists.clone(), ..Around::default() };
    let actions = code_actions(&here, Span::at(span.start()), &problem, &around);
    let fixes = actions.into_iter().filter(|action| action.mends.is_some());
    let result = fixes.filter_map(|action| match action.change {
        Done::Edits(edits) => Some((edit::apply(here.text(), &edits), None)),
        Done::Create { path, text, edits_here } => {
            Some((edit::apply(here.text(), &edits_here), Some((VaultPath::new(&path), text))))
        }
        _ => None,
    });
    result.collect()
}

#[test]
fn a_contact_is_made_from_each_form() {
    for form in leading_to(&[Alias, File]) {
        let mut asked = Asked::beside(form, &[("contacts/bob.md", BOB)]);
        let made = fixed(&asked, Code::LinkUnresolved).into_iter().find_map(|(text, made)| Some((text, made?)));
        let (text, (path, contact)) = made.unwrap_or_else(|| panic!("{}", form.text));
        asked.vault.apply(Change::Found { path: path.clone(), text: contact.into() });
        let id = asked.vault.id(&path).unwrap();
        let led = destinations(&asked.vault, &text);
        assert!(led.contains(&Some(Destination::File(id))), "{}: {path}", form.text);
    }
}

#[test]
fn fixes_of_an_ambiguous_name_keep_the_form() {
    for form in leading_to(&[Alias]) {
        let asked = Asked::beside(form, &[("contacts/bob.md", BOB), ("contacts/lina.md", LI_NA), ("b/li.md", LI_NA)]);
        let fixes = fixed(&asked, Code::LinkAmbiguous);
        assert_eq!(fixes.len(), 2, "{}", form.text);
        for (text, _) in fixes {
            let led = destinations(&asked.vault, &text);
            let before = destinations(&asked.vault, asked.here().text());
            assert_eq!(led.len(), before.len(), "{text}");
            assert!(led.iter().all(|one| matches!(one, Some(Destination::File(_)))), "{text}");
            let rest = |text: &str| ["#Notes", "![", "^block-1", "| x |"].map(|part| text.contains(part));
            assert_eq!(rest(&text), rest(form.text), "{text}");
            assert_eq!(
                asked.vault.resolve("Li Na"),
                Resolution::Several(vec![asked.vault.id_of("b/li.md").unwrap(), asked.vault.id_of("contacts/lina.md").unwrap(),])
            );
        }
    }
}
