//! Saving: whole or not at all, never over somebody else's change.

use std::fs;
use std::path::Path;
use std::time::Duration;

use guanxi::disk::{Busy, SaveFault, Writing, save};

use super::Folder;

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

/// What lies in a folder, hidden or not.
fn listing(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_was_expected_is_replaced() {
    let folder = Folder::new();
    let path = folder.write("a.md", "old");
    assert_eq!(save(&path, Some("old"), "new\r\n王"), Ok(()));
    assert_eq!(text(&path), "new\r\n王");
    assert_eq!(listing(&folder.root), ["a.md"]);
}

#[test]
fn another_programs_change_is_not_overwritten() {
    let folder = Folder::new();
    let path = folder.write("a.md", "theirs");
    assert_eq!(save(&path, Some("old"), "mine"), Err(SaveFault::ChangedUnderneath));
    assert_eq!(save(&path, Some("old"), "old"), Err(SaveFault::ChangedUnderneath));
    assert_eq!(text(&path), "theirs");
    fs::remove_file(&path).expect("removed");
    assert_eq!(save(&path, Some("old"), "mine"), Err(SaveFault::ChangedUnderneath));
    assert!(listing(&folder.root).is_empty());
}

#[test]
fn a_new_file_gets_its_folders_and_replaces_nothing() {
    let folder = Folder::new();
    let path = folder.at("contacts/new york/a.md");
    assert_eq!(save(&path, None, "first"), Ok(()));
    assert_eq!(text(&path), "first");
    assert_eq!(save(&path, None, "second"), Err(SaveFault::AlreadyThere));
    assert_eq!(text(&path), "first");
    assert_eq!(listing(&folder.at("contacts/new york")), ["a.md"]);
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new();
    assert_eq!(save(&folder.root, Some(""), "x"), Err(SaveFault::NotAFile));
    folder.write("a.md", "x");
    let message = save(&folder.at("a.md/b.md"), None, "x").expect_err("a fault").to_string();
    assert!(message.starts_with("cannot be saved: "), "{message}");
    assert_eq!(text(&folder.at("a.md")), "x");
}

#[test]
fn a_read_only_file_is_left_alone() {
    let folder = Folder::new();
    let path = folder.write("a.md", "old");
    let mut permissions = fs::metadata(&path).expect("metadata").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions.clone()).expect("permissions");
    let fault = save(&path, Some("old"), "new").expect_err("a fault");
    assert_eq!(fault.to_string(), "is read-only; nothing was written: make it writable and try again");
    assert_eq!((text(&path).as_str(), listing(&folder.root)), ("old", vec!["a.md".to_owned()]));
    // On Windows a read-only file could not be cleaned up.
    #[allow(clippy::permissions_set_readonly_false)]
    permissions.set_readonly(false);
    fs::set_permissions(&path, permissions).expect("permissions");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("metadata").mode() & 0o7777
    }

    #[test]
    fn permissions_are_kept() {
        let folder = Folder::new();
        let path = folder.write("a.md", "old");
        for bits in [0o600, 0o640, 0o664, 0o755] {
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).expect("permissions");
            let old = text(&path);
            assert_eq!(save(&path, Some(&old), &format!("{bits:o}")), Ok(()));
            assert_eq!((mode(&path), text(&path)), (bits, format!("{bits:o}")));
        }
    }

    #[test]
    fn a_new_file_has_the_permissions_of_any_new_file() {
        let folder = Folder::new();
        let other = folder.write("other.md", "");
        assert_eq!(save(&folder.at("a.md"), None, "x"), Ok(()));
        assert_eq!(mode(&folder.at("a.md")), mode(&other));
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = Folder::new();
        let real = folder.write("elsewhere/real.md", "old");
        fs::create_dir_all(folder.at("vault")).expect("a folder");
        let link = folder.at("vault/a.md");
        symlink("../elsewhere/real.md", &link).expect("a link");
        assert_eq!(save(&link, Some("old"), "new"), Ok(()));
        assert!(fs::symlink_metadata(&link).expect("metadata").is_symlink());
        assert_eq!(text(&real), "new");
        assert_eq!(listing(&folder.at("elsewhere")), ["real.md"]);
        assert_eq!(listing(&folder.at("vault")), ["a.md"]);
    }

    #[test]
    fn what_lies_outside_is_never_written() {
        let folder = Folder::new();
        let real = folder.write("elsewhere/real.md", "old");
        fs::create_dir_all(folder.at("vault")).expect("a folder");
        symlink("../elsewhere/real.md", folder.at("vault/a.md")).expect("a link");
        symlink("../elsewhere", folder.at("vault/linked")).expect("a link");
        let writing = Writing::begin(&folder.at("vault"), Duration::ZERO, &mut || {}).expect("the lock");
        for (path, old) in [("vault/a.md", Some("old")), ("vault/linked/real.md", Some("old")), ("vault/linked/new/x.md", None)] {
            let fault = writing.save(&folder.at(path), old, "new").expect_err("refused");
            assert!(matches!(&fault, SaveFault::Outside(target) if target.starts_with(folder.at("elsewhere"))), "{path} {fault}");
        }
        assert_eq!((text(&real).as_str(), listing(&folder.at("elsewhere"))), ("old", vec!["real.md".to_owned()]));
        folder.write("vault/b.md", "old");
        symlink("b.md", folder.at("vault/c.md")).expect("a link");
        assert_eq!(writing.save(&folder.at("vault/c.md"), Some("old"), "new"), Ok(()));
        assert_eq!(text(&folder.at("vault/b.md")), "new");
    }

    /// The guide says so: a rename replaces a file whole, so its other name keeps the old text.
    #[test]
    fn a_hard_link_is_split() {
        let folder = Folder::new();
        let path = folder.write("a.md", "old");
        fs::hard_link(&path, folder.at("b.md")).expect("a hard link");
        assert_eq!(save(&path, Some("old"), "new"), Ok(()));
        assert_eq!((text(&path).as_str(), text(&folder.at("b.md")).as_str()), ("new", "old"));
    }

    #[test]
    fn a_link_to_nothing_is_refused() {
        let folder = Folder::new();
        symlink(folder.at("nothing"), folder.at("a.md")).expect("a link");
        assert_eq!(save(&folder.at("a.md"), Some("old"), "new"), Err(SaveFault::NotAFile));
        assert_eq!(save(&folder.at("a.md"), None, "new"), Err(SaveFault::AlreadyThere));
        assert_eq!(listing(&folder.root), ["a.md"]);
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_named() {
        let folder = Folder::new();
        let path = folder.write("closed/a.md", "old");
        fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o555)).expect("permissions");
        let outcome = save(&path, Some("old"), "new");
        fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o755)).expect("permissions");
        match outcome {
            // An administrator may write everywhere.
            Ok(()) => assert_eq!(text(&path), "new"),
            Err(fault) => {
                assert_eq!(fault.to_string(), "cannot be saved: permission denied in its folder");
                assert_eq!(text(&path), "old");
            }
        }
        assert_eq!(listing(&folder.at("closed")), ["a.md"]);
    }
}

/// Two commands that read, think and write: the lock makes each see what the other wrote.
#[test]
fn who_writes_waits_for_who_is_writing() {
    let folder = Folder::new();
    let path = folder.write("a.md", "0");
    let add = || {
        for _ in 0..40 {
            let writing = Writing::begin(&folder.root, Duration::from_secs(60), &mut || {}).expect("the lock");
            let old = text(&path);
            let new = (old.parse::<u32>().expect("a number") + 1).to_string();
            writing.save(&path, Some(&old), &new).expect("saved");
        }
    };
    std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(add))));
    assert_eq!((text(&path).as_str(), listing(&folder.root)), ("120", vec!["a.md".to_owned()]));
}

#[cfg(unix)]
#[test]
fn nobody_waits_for_ever() {
    let folder = Folder::new();
    let begin = |patience: u64, told: &mut usize| {
        Writing::begin(&folder.root, Duration::from_millis(patience), &mut || *told += 1).map(drop)
    };
    let mut told = 0;
    let writing = Writing::begin(&folder.root, Duration::ZERO, &mut || {}).expect("the lock");
    assert_eq!((begin(50, &mut told), told), (Err(Busy), 0));
    assert_eq!((begin(1200, &mut told), told), (Err(Busy), 1));
    drop(writing);
    assert_eq!(begin(0, &mut told), Ok(()));
}

/// An editor that saves at the same moment, by a rename or into the file itself: none of its lines is lost.
#[cfg(any(target_os = "linux", target_os = "macos"))]
#[test]
fn an_editor_loses_no_line() {
    for by_rename in [true, false] {
        let folder = Folder::new();
        let path = folder.write("a.md", "\n");
        let done = std::sync::atomic::AtomicBool::new(false);
        let mut lines = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for turn in 0..300 {
                    let old = text(&path);
                    let new = format!("{turn}{}", old.trim_start_matches(|c: char| c.is_ascii_digit()));
                    let _ = save(&path, Some(&old), &new);
                }
                done.store(true, std::sync::atomic::Ordering::SeqCst);
            });
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                let line = format!("line {}\n", lines.len());
                if by_rename {
                    let old = text(&path);
                    folder.write(".editor", format!("{old}{line}"));
                    if text(&path) != old {
                        continue;
                    }
                    fs::rename(folder.at(".editor"), &path).expect("renamed");
                } else {
                    use std::io::Write;
                    let file = fs::OpenOptions::new().append(true).open(&path);
                    file.expect("opened").write_all(line.as_bytes()).expect("written");
                }
                lines.push(line);
                std::thread::sleep(Duration::from_micros(700));
            }
        });
        let after = text(&path);
        let lost: Vec<&String> = lines.iter().filter(|line| !after.contains(line.as_str())).collect();
        // The editor here looks once more and then renames: between the two it overwrites others, as editors do, but loses nothing
        // of its own.
        assert!(lost.is_empty(), "by rename {by_rename}: {} of {} lost", lost.len(), lines.len());
    }
}

/// What a killed process left is removed; what is being written, and what only looks similar, is not.
#[cfg(unix)]
#[test]
fn leftovers_of_dead_processes_are_removed() {
    use std::process::Command;
    let folder = Folder::new();
    let outbox = guanxi::disk::NewFolder::begin(&folder.at("outbox")).expect("a folder");
    let own = listing(&folder.root).remove(0);
    let of = |process: u32, random: &str| {
        let machine = own.split('-').nth(1).expect("the machine").to_owned();
        format!(".guanxi-{machine}-{process}-{random}.tmp")
    };
    let mut dead = Command::new("true").spawn().expect("a process");
    dead.wait().expect("ended");
    let mut alive = Command::new("sleep").arg("30").spawn().expect("a process");
    let (gone, kept) = (of(dead.id(), "aBcDe1"), of(alive.id(), "aBcDe2"));
    let others =
        ["notes.guanxi-x.tmp", ".guanxi-x.tmp", ".guanxi-aBcDe3.tmp", ".guanxi-00000000-1-aBcDe4.tmp", ".guanxi-mine.md"];
    for name in others.iter().copied().chain([gone.as_str(), kept.as_str()]) {
        folder.write(name, "");
    }
    folder.write(&format!("deep/er/{}/mail.eml", of(dead.id(), "aBcDe5")), "To: a@x.example");
    let rules = guanxi::disk::Rules::new(&folder.root, &[]);
    drop(outbox);
    guanxi::disk::sweep(&rules);
    alive.kill().expect("killed");
    alive.wait().expect("ended");
    let mut expected: Vec<String> = others.iter().map(|name| (*name).to_owned()).chain(["deep".to_owned(), kept]).collect();
    expected.sort();
    assert_eq!(listing(&folder.root), expected);
    assert!(listing(&folder.at("deep/er")).is_empty());
    // An empty folder for mails counts as empty where a killed run left some.
    folder.write(&format!("mails/{}/mail.eml", of(dead.id(), "aBcDe6")), "To: a@x.example");
    assert!(guanxi::disk::NewFolder::begin(&folder.at("mails")).is_ok());
    assert!(listing(&folder.at("mails")).is_empty());
}
