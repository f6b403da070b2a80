//! Following what other programs do. Each test ends by comparing what the changes add up to with a fresh scan.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use guanxi::disk::{Mode, Rules, Standing, Status, Watcher, scan};
use guanxi::vault::Change;

use super::{Folder, files};

/// So long a change may take to arrive on a machine that is busy. Nothing waits so long when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// A vault as its changes tell it: each file with its text, or `None` where it cannot be read.
struct Follower {
    watcher: Watcher,
    index: BTreeMap<String, Option<String>>,
    changes: usize,
}

impl Follower {
    fn start(root: &Path, mode: Mode) -> Follower {
        let rules = Rules::new(root, &[]);
        let mut watcher = Watcher::start(root, rules.clone(), mode).expect("a watcher");
        let scanned = scan(root, &rules, |path, text| (path, text));
        watcher.known(
            scanned.results.iter().filter_map(|(path, text)| Some((path.clone(), Standing::Member, &**text.as_ref().ok()?))),
        );
        let index = scanned.results.into_iter().map(|(path, text)| (path.to_string(), text.ok().map(|text| text.to_string())));
        Follower { watcher, index: index.collect(), changes: 0 }
    }

    fn apply(&mut self, changes: Vec<Change>) {
        self.changes += changes.len();
        for change in changes {
            match change {
                Change::Found { path, text } => {
                    self.index.insert(path.to_string(), Some(text.to_string()));
                }
                Change::Unreadable { path, .. } => {
                    self.index.insert(path.to_string(), None);
                }
                Change::Gone { path } => {
                    let before = self.index.remove(path.as_str());
                    assert!(before.is_some(), "{path} is gone but was never there");
                }
                #[allow(unreachable_patterns)]
                _ => panic!("not a change that a disk makes"),
            }
        }
    }

    /// Takes in changes until they add up to what a fresh scan finds.
    fn catches_up(&mut self, root: &Path) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let changes = self.watcher.next(Some(Duration::from_millis(50)));
            self.apply(changes);
            let fresh: BTreeMap<String, Option<String>> = files(root).into_iter().map(|(path, text)| (path, text.ok())).collect();
            if self.index == fresh {
                return;
            }
            assert!(Instant::now() < deadline, "the changes add up to\n{:#?}\nbut on disk is\n{fresh:#?}", self.index);
        }
    }
}

fn followed(files: &[(&str, &str)]) -> (Folder, Follower) {
    let folder = Folder::new();
    for (path, text) in files {
        folder.write(path, text);
    }
    let follower = Follower::start(&folder.root, Mode::Native);
    assert_eq!(follower.watcher.status(), Status::Native);
    (folder, follower)
}

#[test]
fn created_written_removed() {
    let (folder, mut follower) = followed(&[("a.md", "1"), ("sub/b.md", "1")]);
    folder.write("a.md", "2");
    folder.write("sub/c.md", "new");
    folder.write("sub/photo.jpg", "no text");
    fs::remove_file(folder.at("sub/b.md")).expect("removed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 2);
    folder.write("guanxi.yaml", "watch: auto\n");
    follower.catches_up(&folder.root);
    assert!(follower.index.contains_key("guanxi.yaml"));
}

#[test]
fn what_is_the_same_is_no_change() {
    let (folder, mut follower) = followed(&[("a.md", "1"), ("b.md", "1")]);
    folder.replace("a.md", "1");
    folder.replace("b.md", "2");
    follower.catches_up(&folder.root);
    assert_eq!(follower.changes, 1);
    assert!(follower.watcher.sweep().is_empty());
}

#[test]
fn a_change_between_the_watch_and_the_scan_is_not_lost() {
    let folder = Folder::new();
    let path = folder.write("a.md", "old");
    let rules = Rules::new(&folder.root, &[]);
    let mut watcher = Watcher::start(&folder.root, rules.clone(), Mode::Native).expect("a watcher");
    let scanned = scan(&folder.root, &rules, |path, text| (path, text.expect("text")));
    fs::write(path, "new").expect("written");
    watcher.known(scanned.results.iter().map(|(path, text)| (path.clone(), Standing::Member, &**text)));
    let mut follower = Follower { watcher, index: BTreeMap::from([("a.md".to_owned(), Some("old".to_owned()))]), changes: 0 };
    follower.catches_up(&folder.root);
}

#[test]
fn a_burst_of_two_thousand_files() {
    let (folder, mut follower) = followed(&[("deep/er/a.md", "1")]);
    for number in 0..2000 {
        folder.write(&format!("deep/er/{number}.md"), number.to_string());
    }
    follower.catches_up(&folder.root);
    for number in 0..2000 {
        folder.write(&format!("deep/er/{number}.md"), format!("again {number}"));
    }
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 2001);
}

#[test]
fn written_beside_and_renamed_over() {
    let (folder, mut follower) = followed(&[("a.md", "old")]);
    let beside = folder.write("a.md.tmp.123", "new");
    fs::rename(beside, folder.at("a.md")).expect("renamed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.changes, 1);
}

#[test]
fn vims_backup_is_no_rename_of_the_contact() {
    let (folder, mut follower) = followed(&[("a.md", "old")]);
    fs::remove_file(folder.write("4913", "")).expect("removed");
    fs::rename(folder.at("a.md"), folder.at("a.md~")).expect("renamed");
    folder.write("a.md", "new");
    fs::remove_file(folder.at("a.md~")).expect("removed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index, BTreeMap::from([("a.md".to_owned(), Some("new".to_owned()))]));
}

#[test]
fn truncated_then_written() {
    let (folder, mut follower) = followed(&[("a.md", "old"), ("b.md", "old")]);
    fs::write(folder.at("a.md"), "").expect("truncated");
    fs::write(folder.at("b.md"), "").expect("truncated");
    fs::write(folder.at("a.md"), "new").expect("written");
    // The one is full again, the other stays empty, which must be believed in the end.
    follower.catches_up(&folder.root);
    assert_eq!(follower.index["b.md"].as_deref(), Some(""));
}

#[test]
fn a_file_renamed_and_one_moved() {
    let (folder, mut follower) = followed(&[("a.md", "a"), ("sub/b.md", "b")]);
    fs::rename(folder.at("a.md"), folder.at("A b.md")).expect("renamed");
    fs::rename(folder.at("sub/b.md"), folder.at("b.md")).expect("moved");
    follower.catches_up(&folder.root);
    // The case alone, where the file system makes no difference between the two.
    fs::rename(folder.at("b.md"), folder.at("B.md")).expect("renamed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.keys().collect::<Vec<_>>(), ["A b.md", "B.md"]);
}

#[test]
fn a_folder_renamed_and_lived_in() {
    let (folder, mut follower) = followed(&[("old/a.md", "a"), ("old/deep/b.md", "b")]);
    fs::rename(folder.at("old"), folder.at("new")).expect("renamed");
    follower.catches_up(&folder.root);
    folder.write("new/deep/b.md", "changed");
    folder.write("new/deep/c.md", "created");
    follower.catches_up(&folder.root);
    // The old name comes back, as another folder.
    folder.write("old/deep/d.md", "d");
    follower.catches_up(&folder.root);
    folder.write("old/deep/d.md", "changed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 4);
}

#[test]
fn a_folder_moved_in_and_out_again() {
    let elsewhere = Folder::new();
    elsewhere.write("team/a.md", "a");
    elsewhere.write("team/deep/b.md", "b");
    let (folder, mut follower) = followed(&[("c.md", "c")]);
    if fs::rename(elsewhere.at("team"), folder.at("team")).is_err() {
        // On another file system: nothing can be moved.
        return;
    }
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 3);
    folder.write("team/deep/b.md", "changed");
    follower.catches_up(&folder.root);
    fs::rename(folder.at("team"), elsewhere.at("team")).expect("moved out");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 1);
}

#[test]
fn a_folder_removed_and_made_again() {
    let (folder, mut follower) = followed(&[("sub/a.md", "a"), ("sub/deep/b.md", "b"), ("c.md", "c")]);
    fs::remove_dir_all(folder.at("sub")).expect("removed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 1);
    folder.write("sub/deep/b.md", "again");
    follower.catches_up(&folder.root);
    fs::remove_dir_all(folder.at("sub")).expect("removed");
    folder.write("sub/deep/b.md", "and at once");
    follower.catches_up(&folder.root);
    folder.write("sub/deep/b.md", "still watched");
    follower.catches_up(&folder.root);
}

#[test]
fn new_folders_with_files_created_at_once() {
    let (folder, mut follower) = followed(&[]);
    for number in 0..50 {
        folder.write(&format!("new/{number}/deep/a.md"), number.to_string());
    }
    follower.catches_up(&folder.root);
    for number in 0..50 {
        folder.write(&format!("new/{number}/deep/a.md"), "changed");
    }
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 50);
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let (folder, mut follower) = followed(&[("a.md", "a"), ("b.md/c.md", "c")]);
    fs::remove_file(folder.at("a.md")).expect("removed");
    folder.write("a.md/d.md", "d");
    fs::remove_dir_all(folder.at("b.md")).expect("removed");
    folder.write("b.md", "b");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.keys().collect::<Vec<_>>(), ["a.md/d.md", "b.md"]);
}

#[test]
fn an_ignore_file_comes_and_goes() {
    let (folder, mut follower) = followed(&[("sub/a.md", "a"), ("sub/out/b.md", "b"), ("out/c.md", "c")]);
    folder.write("sub/.gitignore", "out/\n");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 2);
    folder.write("sub/out/d.md", "unseen");
    folder.write(".ignore", "*.md\n");
    follower.catches_up(&folder.root);
    assert!(follower.index.is_empty());
    fs::remove_file(folder.at(".ignore")).expect("removed");
    fs::remove_file(folder.at("sub/.gitignore")).expect("removed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 4);
    folder.write("sub/out/d.md", "seen");
    follower.catches_up(&folder.root);
}

#[test]
fn ignored_and_hidden_places_raise_nothing() {
    let (folder, mut follower) = followed(&[(".gitignore", "target/\n"), ("a.md", "a"), (".git/x.md", ""), ("target/y.md", "")]);
    folder.write(".git/x.md", "changed");
    folder.write("target/y.md", "changed");
    folder.write("target/new/z.md", "new");
    folder.write(".obsidian/z.md", "new");
    folder.replace("a.md", "changed");
    follower.catches_up(&folder.root);
    assert_eq!(follower.changes, 1);
}

#[test]
fn a_file_turns_unreadable_and_back() {
    let (folder, mut follower) = followed(&[("a.md", "a")]);
    folder.write("a.md", b"\xff");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index["a.md"], None);
    folder.write("a.md", "a");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index["a.md"].as_deref(), Some("a"));
}

#[test]
fn polling_finds_the_same() {
    let folder = Folder::new();
    folder.write("a.md", "1");
    folder.write("sub/b.md", "1");
    let mut follower = Follower::start(&folder.root, Mode::Poll);
    let reason = "the settings say `watch: poll`".to_owned();
    assert_eq!(follower.watcher.status(), Status::Polling { reason });
    // The same length, at once: only the distrust of young files finds it.
    folder.write("a.md", "2");
    folder.write("new/c.md", "c");
    fs::rename(folder.at("sub"), folder.at("renamed")).expect("renamed");
    follower.catches_up(&folder.root);
    folder.write("a.md", "3");
    fs::remove_file(folder.at("new/c.md")).expect("removed");
    folder.write("renamed/.ignore", "b.md\n");
    follower.catches_up(&folder.root);
    assert_eq!(follower.index, BTreeMap::from([("a.md".to_owned(), Some("3".to_owned()))]));
}

#[test]
fn without_watching_a_sweep_still_finds_everything() {
    let folder = Folder::new();
    folder.write("a.md", "1");
    let mut follower = Follower::start(&folder.root, Mode::Off);
    folder.write("a.md", "2");
    folder.write("b.md", "2");
    assert!(follower.watcher.next(Some(Duration::from_millis(1))).is_empty());
    let changes = follower.watcher.sweep();
    follower.apply(changes);
    follower.catches_up(&folder.root);
    assert_eq!(follower.changes, 2);
}

fn root_goes_and_comes(mode: Mode) {
    let around = Folder::new();
    around.write("vault/a.md", "a");
    around.write("vault/sub/b.md", "b");
    let root = around.at("vault");
    let mut follower = Follower::start(&root, mode);
    fs::remove_dir_all(&root).expect("removed");
    follower.catches_up(&root);
    assert!(follower.index.is_empty());
    around.write("vault/sub/c.md", "c");
    follower.catches_up(&root);
    around.write("vault/sub/c.md", "changed");
    follower.catches_up(&root);
    // Another folder in its place, at once.
    around.write("other/d.md", "d");
    fs::rename(&root, around.at("was")).expect("renamed");
    fs::rename(around.at("other"), &root).expect("renamed");
    follower.catches_up(&root);
    around.write("vault/d.md", "changed");
    around.write("was/sub/c.md", "not ours any more");
    follower.catches_up(&root);
    assert_eq!(follower.index, BTreeMap::from([("d.md".to_owned(), Some("changed".to_owned()))]));
}

#[test]
fn the_root_is_removed_and_comes_back() {
    root_goes_and_comes(Mode::Native);
}

#[test]
fn the_root_is_removed_and_comes_back_while_polling() {
    root_goes_and_comes(Mode::Poll);
}

#[test]
fn a_root_that_is_not_there_cannot_be_watched() {
    let folder = Folder::new();
    let root = folder.at("none");
    let message = Watcher::start(&root, Rules::new(&root, &[]), Mode::Auto).expect_err("a message");
    assert!(message.ends_with("none: is not a folder that can be watched"), "{message}");
}

#[test]
fn other_rules_take_effect() {
    let (folder, mut follower) = followed(&[("a.md", "a"), ("archive/b.md", "b")]);
    follower.watcher.use_rules(Rules::new(&folder.root, &["archive/".to_owned()]));
    let changes = follower.watcher.next(Some(PATIENCE));
    assert!(matches!(&changes[..], [Change::Gone { path }] if path.as_str() == "archive/b.md"), "{changes:?}");
    follower.apply(changes);
    follower.watcher.use_rules(Rules::new(&folder.root, &[]));
    follower.catches_up(&folder.root);
    assert_eq!(follower.index.len(), 2);
}
