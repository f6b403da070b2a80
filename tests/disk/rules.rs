//! Which files belong to a vault. The scan and the watcher's question for single paths must agree.

use std::fs;
use std::path::Path;

use guanxi::disk::{Rules, Standing, scan, visit};

use super::Folder;

/// The vault's files, by a scan, and checked against the answer for each single path under the root.
fn admitted(root: &Path, extra: &[&str]) -> Vec<String> {
    let extra: Vec<String> = extra.iter().map(|glob| (*glob).to_owned()).collect();
    let rules = Rules::new(root, &extra);
    let scanned = scan(root, &rules, |path, _| path.to_string()).results;
    let mut single = Vec::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("an entry");
        let inside = entry.path().strip_prefix(root).expect("a path inside").to_string_lossy().replace('\\', "/");
        if entry.file_type().is_file() && rules.admits(entry.path(), false) {
            single.push(inside);
        }
    }
    single.sort();
    assert_eq!(scanned, single, "the scan and the single question disagree");
    scanned
}

/// The files beside the vault, by a walk, and checked against the answer for each single path under the root.
fn beside(root: &Path, extra: &[&str]) -> Vec<String> {
    let extra: Vec<String> = extra.iter().map(|glob| (*glob).to_owned()).collect();
    let rules = Rules::new(root, &extra).with_beside();
    let walked = std::sync::Mutex::new(Vec::new());
    let name = |path: guanxi::vault::VaultPath, standing, _: Result<&str, _>| (path.to_string(), standing);
    visit(root, &rules, name, |found| walked.lock().expect("a lock").extend(found));
    let mut walked = walked.into_inner().expect("a lock");
    walked.sort_by(|a, b| a.0.cmp(&b.0));
    let mut single = Vec::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.expect("an entry");
        let inside = entry.path().strip_prefix(root).expect("a path inside").to_string_lossy().replace('\\', "/");
        let standing = rules.standing_of(entry.path()).filter(|_| entry.file_type().is_file());
        single.extend(standing.map(|standing| (inside, standing)));
    }
    single.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(walked, single, "the walk and the single question disagree");
    walked.into_iter().filter(|(_, standing)| *standing == Standing::Beside).map(|(path, _)| path).collect()
}

#[test]
fn what_ignore_rules_exclude_stands_beside_the_vault() {
    let folder = Folder::new();
    folder.write(".gitignore", "old/\n*.tmp.md\n");
    folder.write("old/.ignore", "!kept.md\n");
    for path in [
        "a.md",
        "a.tmp.md",
        "old/b.md",
        "old/kept.md",
        "old/deep/c.markdown",
        "old/photo.jpg",
        "old/.hidden/d.md",
        "old/.e.md",
        "old/f.md~",
        "archive/g.md",
        ".git/h.md",
    ] {
        folder.write(path, "");
    }
    let expected = ["a.tmp.md", "archive/g.md", "old/b.md", "old/deep/c.markdown", "old/kept.md"];
    assert_eq!(beside(&folder.root, &["archive/**"]), expected);
    assert_eq!(admitted(&folder.root, &["archive/**"]), ["a.md"]);
}

#[test]
fn a_nested_vault_stands_beside_the_vault_around_it() {
    let folder = Folder::new();
    for path in [
        "guanxi.yaml",
        "a.md",
        "sub/guanxi.yaml",
        "sub/b.md",
        "sub/deep/c.md",
        "other/Guanxi.YML",
        "other/d.md",
        "plain/e.md",
        "plain/.guanxi.yaml.swp",
        "folder/guanxi.yaml/f.md",
    ] {
        folder.write(path, "");
    }
    let inner = ["other/Guanxi.YML", "other/d.md", "sub/b.md", "sub/deep/c.md", "sub/guanxi.yaml"];
    assert_eq!(beside(&folder.root, &[]), inner);
    assert_eq!(admitted(&folder.root, &[]), ["a.md", "folder/guanxi.yaml/f.md", "guanxi.yaml", "plain/e.md"]);
    let rules = Rules::new(&folder.root, &[]);
    assert!(!rules.admits(&folder.at("sub"), true) && rules.admits(&folder.at("plain"), true));
    assert_eq!(rules.standing_of(&folder.at("sub/b.md")), None, "nobody asked for it");
    // An editor shows settings of a folder before they are on disk.
    assert!(!rules.admits(&folder.at("plain/guanxi.yaml"), false));
}

#[cfg(unix)]
#[test]
fn linked_folders_beside_the_vault_are_not_followed_either() {
    let folder = Folder::new();
    folder.write("real/a.md", "");
    folder.write("old/b.md", "");
    std::os::unix::fs::symlink(folder.at("real"), folder.at("old/linked")).expect("a link");
    std::os::unix::fs::symlink(folder.at("old"), folder.at("old/itself")).expect("a link");
    assert_eq!(beside(&folder.root, &["old/"]), ["old/b.md"]);
}

#[test]
fn markdown_and_the_settings_at_the_root() {
    let folder = Folder::new();
    for path in ["a.md", "b.MD", "c.markdown", "d.txt", "e", "guanxi.yaml", "sub/guanxi.yaml", "sub/f.md", "sub/g.mdx", "md"] {
        folder.write(path, "");
    }
    assert_eq!(admitted(&folder.root, &[]), ["a.md", "b.MD", "c.markdown", "guanxi.yaml"]);
}

#[test]
fn hidden_files_and_droppings_are_out() {
    let folder = Folder::new();
    for path in [
        ".a.md",
        ".hidden/b.md",
        "sub/.git/c.md",
        ".#d.md",
        "d.md~",
        ".d.md.swp",
        ".d.md.swx",
        "4913",
        "#d.md#",
        ".guanxi-x.tmp",
        "d.md",
    ] {
        folder.write(path, "");
    }
    assert_eq!(admitted(&folder.root, &[]), ["d.md"]);
}

#[test]
fn ignore_files_nest_and_negate() {
    let folder = Folder::new();
    folder.write(".gitignore", "/out\n*.tmp.md\ndrafts/\n!drafts/kept.md\n# a comment\n");
    folder.write("sub/.gitignore", "!b.tmp.md\nlocal.md\n");
    folder.write("sub/deep/.gitignore", "*\n!wanted.md\n");
    for path in [
        "out/a.md",
        "sub/out/a.md",
        "a.tmp.md",
        "sub/a.tmp.md",
        "sub/b.tmp.md",
        "local.md",
        "sub/local.md",
        "sub/deep/x.md",
        "sub/deep/wanted.md",
        "drafts/kept.md",
        "sub/drafts/a.md",
    ] {
        folder.write(path, "");
    }
    // `drafts/kept.md` stays out: as in git, nothing comes back from an excluded folder.
    assert_eq!(admitted(&folder.root, &[]), ["local.md", "sub/b.tmp.md", "sub/deep/wanted.md", "sub/out/a.md"]);
}

#[test]
fn dot_ignore_beats_gitignore_wherever_they_are() {
    let folder = Folder::new();
    folder.write(".gitignore", "private.md\n");
    folder.write(".ignore", "!private.md\nnoise.md\n");
    folder.write("sub/.gitignore", "private.md\n!noise.md\n");
    for path in ["private.md", "noise.md", "sub/private.md", "sub/noise.md"] {
        folder.write(path, "");
    }
    assert_eq!(admitted(&folder.root, &[]), ["private.md", "sub/private.md"]);
}

#[test]
fn ignore_files_above_the_vault_count_up_to_the_git_root() {
    let folder = Folder::new();
    folder.write(".gitignore", "too-far.md\n");
    fs::create_dir_all(folder.at("repo/.git")).expect("a folder");
    folder.write("repo/.gitignore", "/book/vault/a.md\nvault/b.md\nc.md\n*.log.md\n");
    folder.write("repo/book/.ignore", "/vault/d.md\n!c.md\n");
    for path in ["too-far.md", "a.md", "b.md", "c.md", "d.md", "e.md", "f.log.md", "sub/a.md", "sub/f.log.md"] {
        folder.write(&format!("repo/book/vault/{path}"), "");
    }
    assert_eq!(admitted(&folder.at("repo/book/vault"), &[]), ["b.md", "c.md", "e.md", "sub/a.md", "too-far.md"]);
}

#[test]
fn without_git_nothing_above_the_vault_counts() {
    let folder = Folder::new();
    folder.write(".gitignore", "a.md\n");
    folder.write("vault/.gitignore", "b.md\n");
    folder.write("vault/a.md", "");
    folder.write("vault/b.md", "");
    assert_eq!(admitted(&folder.at("vault"), &[]), ["a.md"]);
}

#[test]
fn a_vault_that_is_itself_excluded_is_read_all_the_same() {
    let folder = Folder::new();
    fs::create_dir_all(folder.at(".git")).expect("a folder");
    folder.write(".gitignore", "vault/\n");
    folder.write("vault/a.md", "");
    assert_eq!(admitted(&folder.at("vault"), &[]), ["a.md"]);
}

#[test]
fn the_settings_have_the_last_word() {
    let folder = Folder::new();
    folder.write(".gitignore", "private.md\nguanxi.yaml\n");
    for path in ["guanxi.yaml", "private.md", "archive/a.md", "archive/deep/b.md", "sub/archive/c.md", "x.md"] {
        folder.write(path, "");
    }
    let kept = admitted(&folder.root, &["archive/**", "!private.md", "/x.md"]);
    assert_eq!(kept, ["guanxi.yaml", "private.md", "sub/archive/c.md"]);
}

#[test]
fn a_glob_that_is_none_is_named() {
    let folder = Folder::new();
    let rules = Rules::new(&folder.root, &["{a".to_owned(), "b.md".to_owned()]);
    assert_eq!(rules.faults().len(), 1);
    assert_eq!(rules.faults()[0].0, "{a");
    assert!(!rules.admits(&folder.at("b.md"), false));
}

#[test]
fn windows_lines_and_a_byte_order_mark_do_no_harm() {
    let folder = Folder::new();
    folder.write(".gitignore", "\u{feff}a.md\r\nb.md\r\n");
    for path in ["a.md", "b.md", "c.md"] {
        folder.write(path, "");
    }
    assert_eq!(admitted(&folder.root, &[]), ["c.md"]);
}

#[test]
fn folders_are_asked_for_too_and_forgotten_on_demand() {
    let folder = Folder::new();
    folder.write("sub/deep/a.md", "");
    let rules = Rules::new(&folder.root, &[]);
    let file = folder.at("sub/deep/a.md");
    assert!(rules.admits(&folder.root, true) && rules.admits(&folder.at("sub/deep"), true) && rules.admits(&file, false));
    assert!(!rules.admits(&folder.at(".git"), true) && !rules.admits(&folder.at("sub/.x/y"), true));
    assert!(!rules.admits(Path::new("elsewhere/a.md"), false));
    folder.write(".gitignore", "deep/\n");
    assert!(rules.admits(&file, false), "ignore files are read once");
    rules.forget(&folder.root);
    assert!(!rules.admits(&file, false));
    assert!(!rules.admits(&folder.at("sub/deep"), true));
}
