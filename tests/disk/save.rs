//! Saving: whole or not at all, never over somebody else's change.

use std::fs;
use std::path::Path;

use guanxi::disk::{SaveFault, save};

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
