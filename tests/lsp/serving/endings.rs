//! `.MD`, `.Md`, `.MARKDOWN`: a Markdown file is one in any case, to every feature.

use std::fs;

use serde_json::json;

use super::probe::{card, client, items, people, tags, until, until_tag};
use crate::cli::Desk;

const ENDINGS: &[&str] = &["md", "MD", "Md", "markdown", "MARKDOWN", "MarkDown"];

#[test]
fn files_are_read_watched_linked_completed_and_renamed_in_any_case() {
    for ending in ENDINGS {
        let file = format!("people/wang-x.{ending}");
        let note =
            format!("[[wang-x]] [[wang-x.{ending}]] [[people/wang-x.{ending}|him]] [him](people/wang-x.{ending}) [[Wang]]\n");
        let desk = Desk::new(&format!("== guanxi.yaml\n== {file}\n{}== note.md\n{note}", card("Wang", "first")));
        let checked = desk.run(&["check"]);
        assert_eq!(checked.code, 0, "{ending}: {}{}", checked.out, checked.err);
        assert!(!checked.out.contains("link-unresolved"), "{ending}: {}", checked.out);
        assert_eq!(desk.run(&["list", "path:wang-x"]).out, "Wang\n", "{ending}");
        assert_eq!(desk.run(&["show", &format!("wang-x.{ending}")]).code, 0, "{ending}");
        let mut client = client(desk.root());
        until_tag(&mut client, "first", 1);
        fs::write(desk.path(&file), card("Wang", "second")).unwrap();
        until_tag(&mut client, "second", 1);
        fs::write(desk.path(&format!("new.{ending}")), card("New", "third")).unwrap();
        until_tag(&mut client, "third", 1);
        assert_eq!(people(&mut client).get(&file).map(String::as_str), Some("Wang"), "{ending}");
        client.open("note.md", &note);
        for marked in ["[[wa‸ng-x]]", &format!("[[wa‸ng-x.{ending}]]"), &format!("[him](people/wa‸ng-x.{ending})")] {
            let spot = client.spot("note.md", marked);
            let found = client.request("textDocument/definition", spot);
            assert!(found.to_string().contains(&client.uri(&file)), "{marked}: {found}");
        }
        // A file that moves takes its links along, each with its own ending.
        let moved = format!("people/old.{ending}");
        let files = json!({ "files": [{ "oldUri": client.uri(&file), "newUri": client.uri(&moved) }] });
        let edit = client.request("workspace/willRenameFiles", files);
        let wanted = format!("[[old]] [[old.{ending}]] [[people/old.{ending}|him]] [him](people/old.{ending}) [[Wang]]\n");
        assert_eq!(client.after(&edit)["note.md"], wanted, "{edit}");
        fs::remove_file(desk.path(&file)).unwrap();
        until(&mut client, tags, |tags| !tags.contains_key("second"));
        client.shutdown();
    }
}

#[test]
fn a_document_that_is_not_on_disk_yet_is_one_of_the_vault() {
    for ending in ENDINGS {
        let desk = Desk::new(&format!("== guanxi.yaml\n== a.md\n{}", card("Anna", "lead")));
        let mut client = client(desk.root());
        let path = format!("new.{ending}");
        client.open(&path, "---\nalias: New\ntags: [le]\n---\n");
        assert!(items(&mut client, &path, "tags: [le‸]").iter().any(|item| item["label"] == "lead"), "{ending}");
        assert!(people(&mut client).contains_key(&path), "{ending}");
        client.shutdown();
    }
}

/// What the server asks to be told of.
#[test]
fn filters_and_watchers_name_every_case() {
    let desk = Desk::new("== guanxi.yaml\n");
    let mut client = client(desk.root());
    for operation in ["willRename", "didRename", "willDelete", "didDelete"] {
        let filter = &client.server()["workspace"]["fileOperations"][operation]["filters"][0]["pattern"];
        assert_eq!(filter["options"], json!({ "ignoreCase": true }), "{operation}");
    }
    let registered = client
        .expect("client/registerCapability", |params| params["registrations"][0]["method"] == "workspace/didChangeWatchedFiles");
    let watchers = registered["registrations"][0]["registerOptions"]["watchers"].as_array().unwrap().clone();
    let globs = watchers.iter().map(|watcher| {
        globset::GlobBuilder::new(watcher["globPattern"].as_str().unwrap())
            .literal_separator(true)
            .build()
            .unwrap()
            .compile_matcher()
    });
    let globs: Vec<_> = globs.collect();
    for ending in ENDINGS {
        assert!(globs.iter().any(|glob| glob.is_match(format!("people/x.{ending}"))), "{ending}");
    }
    assert!(!globs.iter().any(|glob| glob.is_match("x.mdx") || glob.is_match("x.png")));
    client.shutdown();
}
