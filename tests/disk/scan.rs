//! The whole vault at once, with everything odd that a folder may hold.

use guanxi::disk::{MAX_BYTES, ReadFault, Rules, Stamp, scan, stamps};

use super::{Folder, files, make_pipe, names};

#[test]
fn results_come_in_the_order_of_their_paths() {
    let folder = Folder::new();
    // More than one batch, and names that sort differently as folders and as whole paths.
    for number in 0..1500 {
        folder.write(&format!("a/{number}.md"), number.to_string());
    }
    for path in ["a.md", "a-b.md", "a b.md", "A.md", "é.md", "z/z/z.md"] {
        folder.write(path, path);
    }
    let scanned = scan(&folder.root, &Rules::new(&folder.root, &[]), |path, text| (path, text.expect("text")));
    assert_eq!(scanned.results.len(), 1506);
    assert!(scanned.results.is_sorted_by_key(|(path, _)| path.clone()));
    assert!(scanned.faults.is_empty());
    let (path, text) = &scanned.results[3];
    assert_eq!((path.as_str(), &**text), ("a.md", "a.md"));
}

#[test]
fn an_empty_folder_is_a_vault() {
    assert!(names(&Folder::new().root).is_empty());
}

#[test]
fn what_cannot_be_read_is_handed_over_with_the_reason() {
    let folder = Folder::new();
    folder.write("good.md", "text");
    folder.write("latin.md", b"\xff");
    folder.write("large.md", vec![b'x'; MAX_BYTES as usize + 5]);
    let found = files(&folder.root);
    assert_eq!(found["good.md"], Ok("text".to_owned()));
    assert_eq!(found["latin.md"], Err(ReadFault::NotUtf8 { offset: 0 }));
    assert_eq!(found["large.md"], Err(ReadFault::TooLarge { bytes: MAX_BYTES + 5 }));
}

#[test]
fn a_pipe_does_not_hold_up_the_scan() {
    let folder = Folder::new();
    if make_pipe(&folder.at("pipe.md")) {
        assert_eq!(files(&folder.root)["pipe.md"], Err(ReadFault::NotAFile));
    }
}

#[test]
fn a_folder_may_be_called_like_a_file() {
    let folder = Folder::new();
    folder.write("notes.md/a.md", "");
    assert_eq!(names(&folder.root), ["notes.md/a.md"]);
}

#[cfg(unix)]
mod links {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn linked_files_are_read_and_linked_folders_are_not() {
        let elsewhere = Folder::new();
        elsewhere.write("deep/a.md", "a");
        let folder = Folder::new();
        symlink(elsewhere.at("deep/a.md"), folder.at("linked.md")).expect("a link");
        symlink(elsewhere.at("deep"), folder.at("folder")).expect("a link");
        symlink(elsewhere.at("deep"), folder.at("folder.md")).expect("a link");
        let scanned = scan(&folder.root, &Rules::new(&folder.root, &[]), |path, text| (path.to_string(), text));
        assert_eq!(scanned.results, [("linked.md".to_owned(), Ok("a".into()))]);
        assert_eq!(scanned.faults, []);
    }

    #[test]
    fn link_loops_are_named_and_the_rest_goes_on() {
        let folder = Folder::new();
        folder.write("sub/a.md", "a");
        symlink(folder.at("sub"), folder.at("sub/back")).expect("a link");
        symlink(folder.at("x.md"), folder.at("y.md")).expect("a link");
        symlink(folder.at("y.md"), folder.at("x.md")).expect("a link");
        symlink(folder.at("nothing"), folder.at("z.md")).expect("a link");
        let scanned = scan(&folder.root, &Rules::new(&folder.root, &[]), |path, text| {
            (path.to_string(), text.map_err(|fault| fault.to_string()))
        });
        let itself = || Err("a symbolic link that leads back to itself".to_owned());
        let nowhere = Err("a symbolic link that leads nowhere".to_owned());
        let expected = [("sub/a.md", Ok("a".into())), ("x.md", itself()), ("y.md", itself()), ("z.md", nowhere)];
        assert_eq!(scanned.results, expected.map(|(path, text)| (path.to_owned(), text)));
        let reason = "a link loop: it leads back to a folder around it; not followed";
        assert_eq!(scanned.faults, [("sub/back".to_owned(), reason.to_owned())]);
    }

    #[test]
    fn the_root_itself_may_be_a_link() {
        let folder = Folder::new();
        folder.write("real/a.md", "a");
        symlink(folder.at("real"), folder.at("vault")).expect("a link");
        assert_eq!(names(&folder.at("vault")), ["a.md"]);
    }

    #[test]
    fn unreadable_files_and_folders_are_named_and_the_rest_goes_on() {
        use std::os::unix::fs::PermissionsExt;

        let folder = Folder::new();
        let file = folder.write("closed.md", "x");
        folder.write("closed/b.md", "x");
        folder.write("open.md", "x");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
        fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o000)).expect("permissions");
        if fs::read(&file).is_ok() {
            // An administrator may read everything: nothing to test.
            return;
        }
        let scanned = scan(&folder.root, &Rules::new(&folder.root, &[]), |path, text| (path.to_string(), text.is_ok()));
        assert_eq!(scanned.results, [("closed.md".to_owned(), false), ("open.md".to_owned(), true)]);
        assert_eq!(scanned.faults, [("closed".to_owned(), "cannot be read: permission denied".to_owned())]);
        fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o755)).expect("permissions");
    }

    /// Only some systems allow such names at all.
    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_unicode_are_reported() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let folder = Folder::new();
        folder.write("good.md", "");
        for name in [&b"b\xffd.md"[..], b"b\xffd.txt", b".h\xff.md"] {
            fs::write(folder.root.join(OsStr::from_bytes(name)), "").expect("a file");
        }
        let scanned = scan(&folder.root, &Rules::new(&folder.root, &[]), |path, _| path.to_string());
        assert_eq!(scanned.results, ["good.md"]);
        assert_eq!(scanned.faults, [("b\u{fffd}d.md".to_owned(), "its name is not UTF-8: rename it".to_owned())]);
    }
}

#[test]
fn stamps_cover_the_same_files_and_distrust_the_young() {
    let folder = Folder::new();
    folder.write("a.md", "a");
    folder.write("sub/b.md", "b");
    folder.write("c.txt", "c");
    let found = stamps(&folder.root, &Rules::new(&folder.root, &[]));
    let mut paths: Vec<String> = found.keys().map(ToString::to_string).collect();
    paths.sort();
    assert_eq!(paths, ["a.md", "sub/b.md"]);
    // Just written: another write could follow within the same tick of the clock.
    assert!(found.values().all(|stamp| !stamp.proves_same(*stamp)));
    assert!(!Stamp::UNKNOWN.proves_same(Stamp::UNKNOWN));
}

#[test]
fn a_panic_in_the_work_comes_back() {
    let folder = Folder::new();
    for number in 0..600 {
        folder.write(&format!("{number}.md"), "");
    }
    let rules = Rules::new(&folder.root, &[]);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        scan(&folder.root, &rules, |path, _| assert!(path.as_str() != "7.md", "seven"));
    }));
    assert!(outcome.is_err());
}
