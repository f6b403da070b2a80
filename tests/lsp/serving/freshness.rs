//! What is told is what is there now: open buffers before the disk, and the disk as other programs leave it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Client;
use super::probe::{card, client, codes, items, people, settle, tags, until, until_codes, until_tag};
use crate::cli::Desk;

fn book(picture: &str) -> (Desk, Client) {
    let desk = Desk::new(&format!("== guanxi.yaml\n{picture}"));
    let mut client = client(desk.root());
    // The vault is read.
    tags(&mut client);
    (desk, client)
}

fn write(desk: &Desk, path: &str, text: impl AsRef<[u8]>) {
    let path = desk.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn count(client: &mut Client, tag: &str) -> u64 {
    tags(client).get(tag).copied().unwrap_or(0)
}

/// For people who look at the output: nothing depends on it.
fn tell(what: &str, took: Duration) {
    eprintln!("{what}: {:.1} ms after the last write", took.as_secs_f64() * 1e3);
}

const ONE: &str = "== a.md\n---\nalias: Anna\ntags: [disk]\n---\n";

#[test]
fn open_wins_and_closing_shows_the_disk() {
    let (desk, mut client) = book(ONE);
    client.open_file("a.md");
    client.edit("a.md", "[disk]", "[buffer]");
    write(&desk, "a.md", card("Anna", "outside"));
    settle(&mut client);
    let seen = tags(&mut client);
    assert!(seen.contains_key("buffer") && !seen.contains_key("outside") && !seen.contains_key("disk"), "{seen:?}");
    client.close("a.md");
    // At once: nothing is read for it.
    let seen = tags(&mut client);
    assert!(seen.contains_key("outside") && !seen.contains_key("buffer"), "{seen:?}");
    client.shutdown();
}

#[test]
fn deleted_while_open() {
    let (desk, mut client) = book(ONE);
    client.open_file("a.md");
    fs::remove_file(desk.path("a.md")).unwrap();
    settle(&mut client);
    assert_eq!(people(&mut client)["a.md"], "Anna");
    client.edit("a.md", "[disk]", "[buffer, ]");
    let offered = items(&mut client, "a.md", "buffer, ‸]");
    assert!(offered.iter().any(|item| item["label"] == "settled-1"), "{offered:?}");
    client.close("a.md");
    assert!(!people(&mut client).contains_key("a.md"));
    assert_eq!(count(&mut client, "buffer"), 0);
    client.shutdown();
}

#[test]
fn created_on_disk_after_an_unsaved_buffer_of_that_name() {
    let (desk, mut client) = book(ONE);
    client.open("new.md", &card("Nora", "buffer"));
    assert_eq!(people(&mut client)["new.md"], "Nora");
    write(&desk, "new.md", card("Nobody", "outside"));
    settle(&mut client);
    assert_eq!(people(&mut client)["new.md"], "Nora");
    assert_eq!((count(&mut client, "buffer"), count(&mut client, "outside")), (1, 0));
    client.close("new.md");
    assert_eq!(people(&mut client)["new.md"], "Nobody");
    assert_eq!((count(&mut client, "buffer"), count(&mut client, "outside")), (0, 1));
    client.shutdown();
}

#[test]
fn saved_then_changed_outside() {
    let (desk, mut client) = book(ONE);
    client.open_file("a.md");
    client.edit("a.md", "[disk]", "[saved]");
    client.save("a.md");
    settle(&mut client);
    write(&desk, "a.md", card("Anna", "outside"));
    settle(&mut client);
    assert_eq!((count(&mut client, "saved"), count(&mut client, "outside")), (1, 0));
    client.close("a.md");
    assert_eq!((count(&mut client, "saved"), count(&mut client, "outside")), (0, 1));
    // Closed right after saving: what was saved counts, before anybody looked at the disk.
    client.open_file("a.md");
    client.edit("a.md", "[outside]", "[again]");
    client.save("a.md");
    client.close("a.md");
    assert_eq!(count(&mut client, "again"), 1);
    settle(&mut client);
    assert_eq!(count(&mut client, "again"), 1);
    client.shutdown();
}

/// The disk says again what it said before the save, before anybody looked: what the editor saved is not there any more.
#[test]
fn saved_then_put_back_outside_at_once() {
    let (desk, mut client) = book(ONE);
    let text = desk.text("a.md");
    for round in 0..5 {
        client.open_file("a.md");
        client.edit("a.md", "[disk]", &format!("[saved-{round}]"));
        client.save("a.md");
        write(&desk, "a.md", &text);
        client.close("a.md");
        settle(&mut client);
        until_tag(&mut client, "disk", 1);
        // And if it is gone altogether.
        client.open("gone.md", &card("Gone", "gone"));
        client.save("gone.md");
        fs::remove_file(desk.path("gone.md")).unwrap();
        client.close("gone.md");
        settle(&mut client);
        until_tag(&mut client, "gone", 0);
    }
    client.shutdown();
}

#[test]
fn another_branch_while_some_are_open() {
    let picture: String = (0..40).map(|number| format!("== {number}.md\n{}", card(&format!("N{number}"), "main"))).collect();
    let (desk, mut client) = book(&picture);
    for number in 0..10 {
        client.open_file(&format!("{number}.md"));
    }
    client.edit("3.md", "[main]", "[unsaved]");
    for number in 0..40 {
        write(&desk, &format!("{number}.md"), card(&format!("N{number}"), "branch"));
    }
    fs::remove_file(desk.path("39.md")).unwrap();
    let took = until_tag(&mut client, "branch", 29);
    tell("40 files of another branch", took);
    settle(&mut client);
    assert_eq!((count(&mut client, "main"), count(&mut client, "unsaved")), (9, 1));
    for number in 0..10 {
        client.close(&format!("{number}.md"));
    }
    assert_eq!((count(&mut client, "main"), count(&mut client, "unsaved"), count(&mut client, "branch")), (0, 0, 39));
    client.shutdown();
}

/// Replaces a file as git does: away, then new.
fn check_out(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn two_thousand_files_of_another_branch() {
    let people: String = (0..2000)
        .map(|number| format!("== people/{}/{number}.md\n{}", number % 20, card(&format!("N{number}"), "main")))
        .collect();
    let (desk, mut client) = book(&people);
    assert_eq!(count(&mut client, "main"), 2000);
    for (from, to) in [("main", "branch"), ("branch", "main")] {
        let begun = Instant::now();
        for number in 0..2000 {
            check_out(&desk.path(&format!("people/{}/{number}.md", number % 20)), &card(&format!("N{number}"), to));
        }
        let wrote = begun.elapsed();
        let took = until_tag(&mut client, to, 2000);
        assert_eq!(count(&mut client, from), 0);
        tell(&format!("2,000 files rewritten in {wrote:?}"), took);
    }
    client.shutdown();
}

#[test]
fn one_file_of_another_editor() {
    let (desk, mut client) = book(ONE);
    let mut times = Vec::new();
    for round in 0..10 {
        write(&desk, "a.md", card("Anna", &format!("round-{round}")));
        times.push(until_tag(&mut client, &format!("round-{round}"), 1));
    }
    times.sort();
    tell("one file, median", times[5]);
    tell("one file, worst", times[9]);
    // Written beside and renamed over, as most editors do.
    write(&desk, ".a.md.tmp", card("Anna", "renamed"));
    fs::rename(desk.path(".a.md.tmp"), desk.path("a.md")).unwrap();
    tell("an atomic save", until_tag(&mut client, "renamed", 1));
    client.shutdown();
}

#[test]
fn emptied_then_written() {
    let (desk, mut client) = book(&format!("{ONE}== b.md\n---\nalias: B\ntags: [b]\n---\n[[Anna]]\n"));
    let mut vanished = false;
    for round in 0..10 {
        fs::write(desk.path("a.md"), "").unwrap();
        vanished |= !people(&mut client).contains_key("a.md");
        fs::write(desk.path("a.md"), card("Anna", &format!("round-{round}"))).unwrap();
        until(
            &mut client,
            |client| {
                let people = people(client);
                (people.contains_key("a.md"), tags(client).contains_key(&format!("round-{round}")))
            },
            |(_, is_there)| *is_there,
        );
    }
    assert!(!vanished, "an empty moment was believed");
    // One that stays empty is believed in the end.
    fs::write(desk.path("a.md"), "").unwrap();
    until(&mut client, people, |people| !people.contains_key("a.md"));
    until_codes(&mut client, "b.md", &["link-unresolved"]);
    client.shutdown();
}

#[test]
fn a_folder_moved_leaves_no_stale_path() {
    let (desk, mut client) = book(
        "== old/deep/a.md\n---\nalias: Anna\ntags: [x]\n---\n[[Nobody]]\n== old/b.md\n---\nalias: Bert\n---\n\
         == c.md\n---\nalias: Carl\n---\n[[Anna]] [b](old/b.md)\n",
    );
    until_codes(&mut client, "old/deep/a.md", &["link-unresolved"]);
    fs::rename(desk.path("old"), desk.path("new")).unwrap();
    let took = until(&mut client, people, |people| people.contains_key("new/deep/a.md"));
    tell("a folder moved", took);
    let all = people(&mut client);
    let paths: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(paths, ["c.md", "new/b.md", "new/deep/a.md"]);
    until_codes(&mut client, "new/deep/a.md", &["link-unresolved"]);
    until_codes(&mut client, "old/deep/a.md", &[]);
    until_codes(&mut client, "c.md", &["link-unresolved"]);
    // The folder is followed under its new name.
    write(&desk, "new/deep/a.md", card("Anna", "moved"));
    until_tag(&mut client, "moved", 1);
    // What was open before it moved is still there under its old name, until it is closed.
    client.open_file("new/b.md");
    fs::rename(desk.path("new"), desk.path("newer")).unwrap();
    until(&mut client, people, |people| people.contains_key("newer/b.md") && people.contains_key("newer/deep/a.md"));
    settle(&mut client);
    assert!(people(&mut client).contains_key("new/b.md"));
    client.close("new/b.md");
    assert!(!people(&mut client).keys().any(|path| path.starts_with("new/")));
    client.shutdown();
}

#[test]
fn a_new_folder_with_its_files() {
    let (desk, mut client) = book(ONE);
    for number in 0..50 {
        write(&desk, &format!("new/{number}/deep/{number}.md"), card(&format!("N{number}"), "new"));
    }
    tell("50 new folders", until_tag(&mut client, "new", 50));
    for number in 0..50 {
        write(&desk, &format!("new/{number}/deep/{number}.md"), card(&format!("N{number}"), "newer"));
    }
    tell("files in 50 new folders", until_tag(&mut client, "newer", 50));
    fs::remove_dir_all(desk.path("new")).unwrap();
    tell("50 folders gone", until_tag(&mut client, "newer", 0));
    assert_eq!(people(&mut client).into_keys().collect::<Vec<_>>(), ["a.md"]);
    // The same names again.
    write(&desk, "new/1/deep/1.md", card("N1", "again"));
    until_tag(&mut client, "again", 1);
    client.shutdown();
}

#[test]
fn a_file_in_another_character_set() {
    let latin = b"---\nalias: Ren\xe9\ntags: [latin]\n---\n";
    let (desk, mut client) = book(ONE);
    write(&desk, "rene.md", latin);
    until_codes(&mut client, "rene.md", &["file-unreadable"]);
    write(&desk, "rene.md", card("René", "mended"));
    until_tag(&mut client, "mended", 1);
    until_codes(&mut client, "rene.md", &[]);
    // One that was readable turns unreadable, and is gone then.
    write(&desk, "a.md", latin);
    until_codes(&mut client, "a.md", &["file-unreadable"]);
    assert!(!people(&mut client).contains_key("a.md"));
    fs::remove_file(desk.path("a.md")).unwrap();
    until_codes(&mut client, "a.md", &[]);
    // Open in an editor that could read it: the buffer counts.
    write(&desk, "b.md", latin);
    until_codes(&mut client, "b.md", &["file-unreadable"]);
    client.open("b.md", "---\nalias: Bruno\ntags: [opened]\n---\n[[Nobody]]\n");
    until_codes(&mut client, "b.md", &["link-unresolved"]);
    assert_eq!(count(&mut client, "opened"), 1);
    client.close("b.md");
    until_codes(&mut client, "b.md", &["file-unreadable"]);
    client.shutdown();
}

/// What could not be read when the server began is forgotten too when it goes.
#[test]
fn an_unreadable_file_that_was_there_from_the_start() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: Anna\n---\n");
    for name in ["gone.md", "mended.md"] {
        write(&desk, name, b"\xe9");
    }
    let mut client = client(desk.root());
    until_codes(&mut client, "gone.md", &["file-unreadable"]);
    until_codes(&mut client, "mended.md", &["file-unreadable"]);
    fs::remove_file(desk.path("gone.md")).unwrap();
    until_codes(&mut client, "gone.md", &[]);
    write(&desk, "mended.md", card("Mended", "x"));
    until_codes(&mut client, "mended.md", &[]);
    client.shutdown();
}

#[test]
fn what_is_left_out_changes() {
    let (desk, mut client) = book(&format!("{ONE}== archive/old.md\n---\nalias: Old\ntags: [old]\n---\n[[Nobody]]\n"));
    until_codes(&mut client, "archive/old.md", &["link-unresolved"]);
    write(&desk, "guanxi.yaml", "vault:\n  ignore: [\"archive/**\"]\n");
    until_tag(&mut client, "old", 0);
    until_codes(&mut client, "archive/old.md", &[]);
    write(&desk, "archive/new.md", card("New", "new"));
    settle(&mut client);
    assert_eq!(count(&mut client, "new"), 0);
    write(&desk, "guanxi.yaml", "");
    until_tag(&mut client, "old", 1);
    until_tag(&mut client, "new", 1);
    until_codes(&mut client, "archive/old.md", &["link-unresolved"]);
    client.shutdown();
}

/// A document that is open belongs to the vault exactly as long as its settings say so.
#[test]
fn what_is_left_out_changes_under_an_open_document() {
    let (desk, mut client) = book(&format!("{ONE}== archive/old.md\n---\nalias: Old\ntags: [old]\n---\n"));
    client.open_file("archive/old.md");
    client.edit("archive/old.md", "[old]", "[open]");
    assert_eq!(count(&mut client, "open"), 1);
    write(&desk, "guanxi.yaml", "vault:\n  ignore: [\"archive/**\"]\n");
    until_tag(&mut client, "open", 0);
    client.edit("archive/old.md", "[open]", "[still, ]");
    assert_eq!(count(&mut client, "still"), 0);
    let offered = items(&mut client, "archive/old.md", "still, ‸]");
    assert!(offered.iter().any(|item| item["label"] == "disk"), "{offered:?}");
    write(&desk, "guanxi.yaml", "");
    until_tag(&mut client, "still", 1);
    client.close("archive/old.md");
    until_tag(&mut client, "old", 1);
    client.shutdown();
}

#[test]
fn the_vault_is_taken_away_and_put_back() {
    let around = Desk::new("== vault/guanxi.yaml\n== vault/sub/a.md\n---\nalias: Anna\ntags: [x]\n---\n[[Nobody]]\n");
    let mut client = client(&around.path("vault"));
    until_codes(&mut client, "sub/a.md", &["link-unresolved"]);
    fs::rename(around.path("vault"), around.path("away")).unwrap();
    until_tag(&mut client, "x", 0);
    until_codes(&mut client, "sub/a.md", &[]);
    assert!(people(&mut client).is_empty());
    fs::rename(around.path("away"), around.path("vault")).unwrap();
    until_tag(&mut client, "x", 1);
    until_codes(&mut client, "sub/a.md", &["link-unresolved"]);
    fs::write(around.path("vault/sub/a.md"), card("Anna", "y")).unwrap();
    until_tag(&mut client, "y", 1);
    assert_eq!(codes(&client, "guanxi.yaml"), [""; 0]);
    client.shutdown();
}

/// What one file's coming and going alters in others: who is rare, who is ambiguous, whether this is a book at all.
#[test]
fn problems_that_others_cause_come_and_go() {
    let five: String = (0..5).map(|number| format!("== {number}.md\n{}", card(&format!("N{number}"), "customers"))).collect();
    let (desk, mut client) = book(&format!("{five}== odd.md\n{}", card("Odd", "custmers")));
    until_codes(&mut client, "odd.md", &["tag-similar"]);
    // No longer rare: nobody touched `odd.md` itself.
    write(&desk, "more-1.md", card("M1", "custmers"));
    write(&desk, "more-2.md", card("M2", "custmers"));
    until_codes(&mut client, "odd.md", &[]);
    fs::remove_file(desk.path("more-1.md")).unwrap();
    fs::remove_file(desk.path("more-2.md")).unwrap();
    until_codes(&mut client, "odd.md", &["tag-similar"]);
    // A namesake.
    write(&desk, "twin.md", card("Odd", "customers"));
    until_codes(&mut client, "twin.md", &["alias-duplicate"]);
    until(&mut client, |client| codes(client, "odd.md"), |codes| codes.contains(&"alias-duplicate".to_owned()));
    fs::remove_file(desk.path("twin.md")).unwrap();
    until_codes(&mut client, "odd.md", &["tag-similar"]);
    until_codes(&mut client, "twin.md", &[]);
    client.shutdown();
}

#[test]
fn a_folder_becomes_a_book_with_its_first_contact() {
    let desk = Desk::new("== README.md\nSee [[Nobody]].\n");
    let mut client = client(desk.root());
    until_codes(&mut client, "README.md", &[]);
    write(&desk, "a.md", card("Anna", "x"));
    until_codes(&mut client, "README.md", &["link-unresolved"]);
    fs::remove_file(desk.path("a.md")).unwrap();
    until_codes(&mut client, "README.md", &[]);
    client.shutdown();
}

/// A document beside the vault sees it change.
#[test]
fn an_untitled_document_follows_the_vault() {
    let (desk, mut client) = book(ONE);
    client.open("untitled:draft", "[[Bert]] [him](b.md)\n");
    until_codes(&mut client, "untitled:draft", &["link-unresolved", "link-unresolved"]);
    write(&desk, "b.md", card("Bert", "x"));
    until_codes(&mut client, "untitled:draft", &[]);
    fs::remove_file(desk.path("b.md")).unwrap();
    until_codes(&mut client, "untitled:draft", &["link-unresolved", "link-unresolved"]);
    client.close("untitled:draft");
    until_codes(&mut client, "untitled:draft", &[]);
    client.shutdown();
}

/// A picture is looked for beside its file and from the root: that it is missing in both places is told the first time.
#[test]
fn pictures_come_and_go() {
    let (desk, mut client) = book("== people/a.md\n---\nalias: Anna\ncard: cards/a.png\n---\n");
    until_codes(&mut client, "people/a.md", &["card-missing"]);
    write(&desk, "cards/a.png", "");
    until_codes(&mut client, "people/a.md", &[]);
    // That it goes again is seen when the file is looked at the next time: pictures that are there are not remembered.
    fs::remove_file(desk.path("cards/a.png")).unwrap();
    write(&desk, "people/a.md", "---\nalias: Anne\ncard: cards/a.png\n---\n");
    until_codes(&mut client, "people/a.md", &["card-missing"]);
    let report = client.request("textDocument/diagnostic", client.whole("people/a.md"));
    assert_eq!(report["items"][0]["code"], "card-missing", "{report}");
    client.shutdown();
}

#[test]
fn settings_under_a_wrong_name_are_told_of_whoever_shows_them() {
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: Anna\ntags: [x]\n---\n== guanxi.yml\nbroadcast:\n");
    let mut client = client(desk.root());
    until_codes(&mut client, "guanxi.yml", &["config-invalid"]);
    client.open_as("guanxi.yml", "yaml", "broadcast:\n  exclude: x\n");
    until_codes(&mut client, "guanxi.yml", &["config-invalid"]);
    client.close("guanxi.yml");
    fs::remove_file(desk.path("guanxi.yml")).unwrap();
    until_codes(&mut client, "guanxi.yml", &[]);
    fs::write(desk.path("Guanxi.yaml"), "").unwrap();
    until_codes(&mut client, "Guanxi.yaml", &["config-invalid"]);
    client.shutdown();
}
