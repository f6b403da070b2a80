//! What is answered about each form: nothing changes.

use guanxi::contact::Code;
use guanxi::features::code_lens::lenses;
use guanxi::features::completion::{Options, complete};
use guanxi::features::definition::{Aim, definition};
use guanxi::features::diagnostics::{Surroundings, diagnose};
use guanxi::features::document_links::{Target, document_links};
use guanxi::features::highlight::highlight;
use guanxi::features::hover::{HoverOptions, hover};
use guanxi::features::recipients::recipients;
use guanxi::features::references;
use guanxi::features::semantic_tokens::{TokenKind, semantic_tokens};
use guanxi::features::{Here, Thing};
use guanxi::text::links::Form::{Definition, Reference};
use guanxi::text::{Edit, edit};
use guanxi::vault::query::Query;

use super::{Address, Alias, Asked, BOB, FORMS, File, LI_NA, Nothing, Own, PICTURE, Picture, exists, leading_to, vault};

#[test]
fn definitions() {
    for form in FORMS {
        let asked = Asked::new(form);
        let found = definition(&asked.here(), asked.offset, exists().as_ref());
        let expected = match form.to {
            Alias | File => vec![Aim::File(asked.li_na())],
            Picture => vec![Aim::Path(PICTURE.to_owned())],
            Own => vec![Aim::File(asked.from)],
            Address | Nothing => vec![],
        };
        // A tag in the front matter has a definition of its own.
        let is_tag = matches!(asked.here().thing(asked.offset), Some(Thing::Tag { .. }));
        let aims: Vec<Aim> = found.into_iter().filter(|_| !is_tag).map(|target| target.aim).collect();
        assert_eq!(aims, expected, "{}", form.text);
    }
}

#[test]
fn references_and_the_lens_tell_of_the_same_places() {
    for form in leading_to(&[Alias, File, Nothing]) {
        let asked = Asked::new(form);
        let owner = Here::of_file(&asked.vault, asked.li_na());
        let at_alias = LI_NA.find("Li Na").unwrap();
        let all = |here: &Here<'_>, offset: usize| {
            let search = references::gather(here, offset, false, &exists());
            search.map(|search| search.run(&|| false)).unwrap_or_default()
        };
        let found = all(&owner, at_alias);
        let lens = lenses(&owner).into_iter().map(|lens| lens.title).find(|title| title.contains("here"));
        if form.to == Nothing {
            assert!(found.is_empty() && lens.is_none(), "{}", form.text);
            continue;
        }
        assert!(found.iter().any(|place| place.span == asked.link().place()), "{}: {found:?}", form.text);
        assert_eq!(all(&asked.here(), asked.offset), found, "{}", form.text);
        let count = lens.and_then(|title| title.split(' ').next().map(str::to_owned));
        assert_eq!(count, Some(found.len().to_string()), "{}", form.text);
    }
    for form in leading_to(&[Picture]) {
        let asked = Asked::new(form);
        let found = references::gather(&asked.here(), asked.offset, true, &exists()).unwrap().run(&|| false);
        assert!(found.iter().any(|place| place.span == asked.link().place()), "{}: {found:?}", form.text);
    }
}

#[test]
fn highlights() {
    for form in leading_to(&[Alias, File, Picture, Own]) {
        let asked = Asked::new(form);
        let found = highlight(&asked.here(), asked.offset);
        assert!(found.iter().any(|place| place.span == asked.link().place()), "{}: {found:?}", form.text);
    }
}

#[test]
fn hovers() {
    let picture = |path: &str| (path == PICTURE).then(|| format!("file:///vault/{path}"));
    for form in FORMS {
        let asked = Asked::new(form);
        let page = hover(&asked.here(), asked.offset, &HoverOptions { picture: &picture });
        let expected = match form.to {
            Alias | File => Some("contacts/lina.md"),
            Picture => Some(PICTURE),
            Own => Some("notes/from.md"),
            Address | Nothing => None,
        };
        let told = page.map(|page| page.plain()).filter(|_| form.to != Nothing);
        assert_eq!(told.is_some(), expected.is_some(), "{}", form.text);
        assert!(told.is_none_or(|told| told.contains(expected.unwrap())), "{}", form.text);
    }
}

#[test]
fn links_to_open() {
    for form in FORMS {
        let asked = Asked::new(form);
        let found = document_links(&asked.here(), exists().as_ref());
        let here = found.iter().find(|link| link.span.touches(asked.offset) || link.span.start >= asked.link().span.start);
        let target = here.map(|link| &link.target);
        match form.to {
            Alias | File => assert_eq!(target, Some(&Target::Contact(asked.li_na())), "{}", form.text),
            Picture => assert!(found.iter().any(|link| link.target == Target::File(PICTURE.to_owned())), "{}", form.text),
            Address => assert!(target.is_some(), "{}", form.text),
            Own | Nothing => assert!(found.is_empty(), "{}: {found:?}", form.text),
        }
    }
}

#[test]
fn colours() {
    for form in FORMS {
        let asked = Asked::new(form);
        let tokens = semantic_tokens(&asked.here(), None);
        let mut links = tokens.iter().filter(|token| token.kind == TokenKind::Link);
        if form.to == Nothing {
            assert_eq!(links.next(), None, "{}", form.text);
        } else {
            assert!(links.any(|token| token.span == asked.link().place()), "{}: {tokens:?}", form.text);
        }
    }
}

fn problems(asked: &Asked) -> Vec<Code> {
    let exists = exists();
    let found = diagnose(&asked.here(), &Surroundings::new(exists.as_ref()));
    let codes = found.into_iter().map(|problem| problem.code);
    codes.filter(|code| matches!(code, Code::LinkUnresolved | Code::LinkAmbiguous)).collect()
}

#[test]
fn problems_are_told_where_they_are_true() {
    for form in FORMS {
        assert_eq!(problems(&Asked::new(form)), [], "{}", form.text);
    }
    for form in leading_to(&[Alias, File]) {
        assert_eq!(problems(&Asked::beside(form, &[("contacts/bob.md", BOB)])), [Code::LinkUnresolved], "{}", form.text);
    }
    for form in leading_to(&[Alias]) {
        let asked = Asked::beside(form, &[("contacts/bob.md", BOB), ("contacts/lina.md", LI_NA), ("b/li.md", LI_NA)]);
        assert_eq!(problems(&asked), [Code::LinkAmbiguous], "{}", form.text);
    }
}

#[test]
fn distinct_takes_links_of_every_form() {
    let chosen = |distinct: &str| {
        let me = format!("---\nalias: Me\ndistinct: {distinct}\nemails: [house@x.example]\n---\n");
        let gil = "---\nalias: Gil\nopt_out: true\nemails: [house@x.example]\n---\n";
        let vault = vault(&[("people/me.md", &me), ("people/gil.md", gil), ("bob.md", BOB)]);
        recipients(&vault, &Query::parse("kind:contact has:emails").unwrap(), Some("email")).unwrap().chosen.len()
    };
    for distinct in [
        "Gil",
        "'[[Gil]]'",
        "['[[Gil|him]]']",
        "'[[gil#Notes]]'",
        "'[[people/gil]]'",
        "'[[./gil]]'",
        "'[[../people/gil.md|x]]'",
        "'Gil, [[Bob]]'",
        "'[[Bob]], [[Gil]]'",
    ] {
        assert_eq!(chosen(distinct), 1, "{distinct}");
    }
    for distinct in ["'[[Bob]]'", "'`[[Gil]]`'", "'[[../gil]]'", "''"] {
        assert_eq!(chosen(distinct), 0, "{distinct}");
    }
}

#[test]
fn completion_in_each_form() {
    for form in leading_to(&[Alias, File, Picture]).filter(|form| !form.text.contains('\\') || form.text.contains("[[")) {
        let asked = Asked::new(form);
        // By reference, the path is typed in the definition.
        let links = asked.here().document.links();
        let link = match asked.link() {
            link if link.form == Reference => links.into_iter().find(|link| link.form == Definition).unwrap(),
            link => link,
        };
        // What is to be shown is a picture where its path is typed; what is linked by name is a person.
        let is_offered = match (link.is_wiki(), form.to) {
            (true, Picture) => link.embed,
            (false, File) => !link.embed,
            _ => true,
        };
        if !is_offered {
            continue;
        }
        // Half of the last name is typed, and the cursor is behind it.
        let typed = link.target_span.start() + link.target.rfind('/').map_or(0, |slash| slash + 1) + 1;
        let text = edit::apply(asked.here().text(), &[Edit::delete(typed, link.target_span.end())]);
        let half: &'static str = Box::leak(format!("{}‸{}", &text[..typed], &text[typed..]).into_boxed_str());
        let half = super::Form { text: half, ..super::form("", Alias, "", "") };
        let asked = Asked::new(&half);
        let found = complete(&asked.here(), asked.offset, &Options { files: &|| vec![PICTURE.to_owned()], today: &String::new });
        let label = if form.to == Picture { PICTURE } else { "Li Na" };
        let first = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{}: {found:?}", half.text));
        let result = edit::apply(asked.here().text(), &[Edit::replace(first.span, first.new.clone())]);
        let name = match (link.is_wiki(), form.to) {
            (true, Picture) => PICTURE,
            (true, _) => "Li Na",
            (false, Picture) => "a.png",
            (false, _) => "../contacts/lina.md",
        };
        let expected = edit::apply(&form.text.replace('‸', ""), &[Edit::replace(link.target_span, name)]);
        let squeezed = |text: &str| text.replace(' ', "");
        assert_eq!(squeezed(&result), squeezed(&expected), "{}", form.text);
    }
}
