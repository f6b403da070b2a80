//! Every message as its recipient will read it.

use guanxi::features::Here;
use guanxi::features::diagnostics::Surroundings;
use guanxi::features::preview::{as_text, preview};
use guanxi::vault::Vault;

use crate::vault::vault;

fn people(broadcast: &str) -> Vault {
    vault(&format!(
        "== ada.md\n---\nalias: Ada\ntags: [lead]\nemails: [ada@x.example]\norg: Quill\n---\n\
         == bo.md\n---\nalias: Bo\ntags: [lead]\nemails: [bo@x.example]\n---\n\
         == cy.md\n---\nalias: Cy\ntags: [lead]\nemails: [cy@x.example]\nopt_out: true\n---\n\
         == zed.md\n---\nalias: Zed\n---\n== b.md\n---\n{broadcast}"
    ))
}

fn shown(vault: &Vault, name: Option<&str>) -> Result<String, String> {
    let here = Here::of_file(vault, vault.id_of("b.md").unwrap());
    let exists = |_: &str| false;
    preview(&here, &Surroundings::new(&exists), name.as_slice()).map(|previews| as_text(&previews))
}

const GOOD: &str = "to: \"#lead\"\nvia: email\nsubject: For {{ alias }}\n---\nDear {{ alias }},\n{% if org %}all well at {{ org }}?{% endif %}\n";

#[test]
fn everybody_has_a_message_of_their_own() {
    assert_eq!(
        shown(&people(GOOD), None).unwrap(),
        "\
──── 1 of 2 ────
To: Ada · ada@x.example
Subject: For Ada

Dear Ada,
all well at Quill?

──── 2 of 2 ────
To: Bo · bo@x.example
Subject: For Bo

Dear Bo,
"
    );
    let bo = shown(&people(GOOD), Some("bo")).unwrap();
    assert!(bo.starts_with("──── 1 of 1 ────\nTo: Bo") && !bo.contains("Ada"), "{bo}");
}

#[test]
fn who_gets_none_is_told_why() {
    assert_eq!(shown(&people(GOOD), Some("Cy")).unwrap_err(), "Cy gets no message: opted out");
    assert_eq!(shown(&people(GOOD), Some("Zed")).unwrap_err(), "Zed gets no message: the query does not match them");
    assert_eq!(shown(&people(GOOD), Some("Nobody")).unwrap_err(), "there is no contact `Nobody`");
}

#[test]
fn an_error_refuses_all_of_it() {
    for (broadcast, words) in [
        ("to: \"#lead\"\n---\n{{ org }}\n", "Bo has no `org`"),
        ("to: \"#lead\"\n---\n{{ tags }}\n", "not for messages"),
        ("to: #lead\n---\nHi\n", "comment"),
        ("to: \"#lead\"\nattach: [no.pdf]\n---\nHi\n", "there is no file at"),
        ("to: \"#lead\"\n---\nHi\n- [ ] [[Ada]]\n", "would be sent to everybody"),
        ("to: \"#led\"\n---\nHi\n", "no contact has the tag"),
    ] {
        for name in [None, Some("Ada")] {
            let refused = shown(&people(broadcast), name).unwrap_err();
            assert!(refused.contains(words) && refused.contains("b.md"), "{refused}");
        }
    }
}

/// Two files with one address: the second gets nothing, and what it lacks is no fault of the message.
#[test]
fn what_somebody_lacks_who_gets_nothing_is_no_error() {
    let again = "to: \"#lead\"\nvia: email\n---\nDear {{ alias }} of {{ org }}\n== c.md\n---\nalias: Zoe\ntags: [lead]\nemails: [ada@x.example]\n---\n";
    let mut vault = people(again);
    vault.apply(guanxi::vault::Change::Gone { path: guanxi::vault::VaultPath::new("bo.md") });
    assert!(shown(&vault, None).unwrap().ends_with("Dear Ada of Quill\n"));
}
