//! Files beside the vault: what is read once and what is told later must add up to the same.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use guanxi::cli::load;
use guanxi::disk::{Mode, Rules, Standing, Watcher};
use guanxi::vault::{Coverage, Vault, VaultPath};

use super::Folder;

/// As for the other tests of the watcher.
const PATIENCE: Duration = Duration::from_secs(30);

const BO: &str = "---\nalias: Bo\nemails: [bo@panda.example]\n---\n";
const BO_SAYS_NO: &str = "---\nalias: Bo\nemails: [bo@panda.example]\nopt_out: true\n---\n";

/// What a vault knows: its files, what is beside it, and what cannot be read of either.
fn picture(vault: &Vault) -> Vec<String> {
    let of = |vault: &Vault, place: &str| -> Vec<String> {
        let files = vault.files().map(|(_, file)| format!("{place} {}: {}", file.path(), file.text()));
        files.chain(vault.unreadable().map(|(path, reason)| format!("{place} {path} unread: {reason}"))).collect()
    };
    let mut lines = of(vault, "in");
    lines.extend(vault.beside().into_iter().flat_map(|beside| of(beside, "beside")));
    lines.sort();
    lines
}

/// The names alone, with `in` or `beside` before them.
fn names(vault: &Vault) -> Vec<String> {
    let name = |line: &String| line.split([':', '\n']).next().unwrap_or("").to_owned();
    picture(vault).iter().map(name).collect()
}

fn loaded(root: &Path) -> Vault {
    load(root, &Rules::new(root, &[]).with_beside(), Coverage::Whole)
}

struct Follower {
    folder: Folder,
    watcher: Watcher,
    vault: Vault,
}

impl Follower {
    fn start(files: &[(&str, &str)], mode: Mode) -> Follower {
        let folder = Folder::new();
        // A vault above which nobody looks for settings.
        folder.write("guanxi.yaml", "");
        files.iter().for_each(|(path, text)| drop(folder.write(path, text)));
        let rules = Rules::new(&folder.root, &[]).with_beside();
        let mut watcher = Watcher::start(&folder.root, rules, mode).expect("a watcher");
        let vault = loaded(&folder.root);
        let members = vault.files().map(|(_, file)| (file, Standing::Member));
        let beside = vault.beside().into_iter().flat_map(Vault::files).map(|(_, file)| (file, Standing::Beside));
        watcher.known(members.chain(beside).map(|(file, standing)| (file.path().clone(), standing, file.text())));
        Follower { folder, watcher, vault }
    }

    /// Takes in changes until they add up to what reading everything anew gives.
    fn catches_up(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for change in self.watcher.next(Some(Duration::from_millis(50))) {
                self.vault.apply(change);
            }
            let fresh = picture(&loaded(&self.folder.root));
            if picture(&self.vault) == fresh {
                return;
            }
            assert!(Instant::now() < deadline, "told:\n{:#?}\non disk:\n{fresh:#?}", picture(&self.vault));
        }
    }
}

#[test]
fn what_is_beside_the_vault_is_loaded_where_it_is_wanted() {
    let folder = Folder::new();
    folder.write("guanxi.yaml", "");
    folder.write("a.md", BO);
    folder.write("sub/guanxi.yaml", "broadcast:\n  exclude: \"#x\"\n");
    folder.write("sub/b.md", BO);
    folder.write("old/c.md", BO);
    folder.write("old/README.md", "# A library\n");
    folder.write(".gitignore", "old/\n");
    folder.write("latin.md", b"---\nalias: Zo\xeb\n---\n");
    let expected = [
        "beside latin.md",
        "beside old/c.md",
        "beside sub/b.md",
        "beside sub/guanxi.yaml",
        "in a.md",
        "in guanxi.yaml",
        "in latin.md unread",
    ];
    assert_eq!(names(&loaded(&folder.root)), expected);
    let without = load(&folder.root, &Rules::new(&folder.root, &[]), Coverage::Whole);
    assert!(without.beside().is_none());
    assert_eq!(names(&without), ["in a.md", "in guanxi.yaml", "in latin.md unread"]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_opened_beside_the_vault_is_known_by_name() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    folder.write("guanxi.yaml", "");
    folder.write(".ignore", "old/\n");
    let file = folder.write("old/a.md", BO);
    folder.write("closed/b.md", BO);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("permissions");
    fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o000)).expect("permissions");
    std::os::unix::fs::symlink(folder.at("nowhere"), folder.at("old/link.md")).expect("a link");
    let may_read_all = fs::read(&file).is_ok();
    let vault = loaded(&folder.root);
    fs::set_permissions(folder.at("closed"), fs::Permissions::from_mode(0o755)).expect("permissions");
    let unread: Vec<&str> = vault.beside().expect("something").unreadable().map(|(path, _)| path.as_str()).collect();
    if may_read_all {
        assert_eq!(unread, ["old/link.md"]);
    } else {
        assert_eq!(unread, ["closed", "old/a.md", "old/link.md"]);
    }
}

fn a_no_beside_the_vault_arrives(mode: Mode) {
    let mut follower = Follower::start(&[(".gitignore", "old/\n"), ("old/bo.md", BO), ("a.md", BO)], mode);
    follower.folder.write("old/bo.md", BO_SAYS_NO);
    follower.folder.write("old/new/deep/li.md", BO_SAYS_NO);
    follower.catches_up();
    assert_eq!(names(&follower.vault), ["beside old/bo.md", "beside old/new/deep/li.md", "in a.md", "in guanxi.yaml"]);
    // Beside the vault or in it, as the rules say at the moment.
    follower.folder.write(".gitignore", "*.md\n");
    follower.catches_up();
    assert!(follower.vault.contacts().is_empty());
    fs::remove_file(follower.folder.at(".gitignore")).expect("removed");
    follower.catches_up();
    assert!(follower.vault.beside().is_none());
    follower.folder.write(".ignore", "old/new/\n");
    follower.catches_up();
    fs::remove_dir_all(follower.folder.at("old")).expect("removed");
    follower.catches_up();
    assert_eq!(names(&follower.vault), ["in a.md", "in guanxi.yaml"]);
}

#[test]
fn a_no_in_an_ignored_file_arrives() {
    a_no_beside_the_vault_arrives(Mode::Native);
}

#[test]
fn a_no_in_an_ignored_file_arrives_while_polling() {
    a_no_beside_the_vault_arrives(Mode::Poll);
}

fn a_nested_vault_comes_and_goes_by(mode: Mode) {
    let mut follower = Follower::start(&[("sub/bo.md", BO), ("sub/deep/li.md", BO)], mode);
    follower.folder.write("sub/guanxi.yaml", "watch: off\n");
    follower.catches_up();
    assert_eq!(names(&follower.vault), ["beside sub/bo.md", "beside sub/deep/li.md", "beside sub/guanxi.yaml", "in guanxi.yaml"]);
    follower.folder.write("sub/bo.md", BO_SAYS_NO);
    follower.folder.write("sub/guanxi.yaml", "broadcast:\n  exclude: \"#x\"\n");
    follower.catches_up();
    fs::rename(follower.folder.at("sub"), follower.folder.at("renamed")).expect("renamed");
    follower.catches_up();
    fs::rename(follower.folder.at("renamed/guanxi.yaml"), follower.folder.at("renamed/guanxi.yml")).expect("renamed");
    follower.catches_up();
    assert!(names(&follower.vault).contains(&"beside renamed/guanxi.yml".to_owned()));
    fs::remove_file(follower.folder.at("renamed/guanxi.yml")).expect("removed");
    follower.catches_up();
    assert!(follower.vault.beside().is_none());
    assert_eq!(follower.vault.contacts().len(), 2);
}

#[test]
fn a_nested_vault_comes_and_goes() {
    a_nested_vault_comes_and_goes_by(Mode::Native);
}

#[test]
fn a_nested_vault_comes_and_goes_while_polling() {
    a_nested_vault_comes_and_goes_by(Mode::Poll);
}

#[test]
fn a_nested_vault_that_ends_gives_its_people_back_where_nobody_reads_beside_the_vault() {
    let folder = Folder::new();
    folder.write("sub/guanxi.yaml", "");
    folder.write("sub/bo.md", BO);
    let rules = Rules::new(&folder.root, &[]);
    let mut watcher = Watcher::start(&folder.root, rules.clone(), Mode::Native).expect("a watcher");
    let mut vault = load(&folder.root, &rules, Coverage::Whole);
    assert!(vault.contacts().is_empty());
    fs::remove_file(folder.at("sub/guanxi.yaml")).expect("removed");
    watcher.next(Some(PATIENCE)).into_iter().for_each(|change| vault.apply(change));
    assert_eq!(names(&vault), ["in sub/bo.md"]);
}

#[test]
fn the_beginning_of_a_file_that_turns_unreadable_counts() {
    let mut follower = Follower::start(&[("a.md", BO)], Mode::Native);
    follower.folder.write("a.md", b"---\nalias: Zo\xeb\nopt_out: no \n---\n");
    follower.catches_up();
    assert_eq!(names(&follower.vault), ["beside a.md", "in a.md unread", "in guanxi.yaml"]);
    // The fault is where it was, and the file says something else.
    follower.folder.write("a.md", b"---\nalias: Zo\xeb\nopt_out: true\n---\n");
    follower.catches_up();
    follower.folder.write("a.md", BO);
    follower.catches_up();
    assert!(follower.vault.beside().is_none());
}

#[test]
fn settings_under_a_wrong_name_stop_every_broadcast() {
    let mut follower = Follower::start(&[("a.md", BO)], Mode::Native);
    assert_eq!(follower.vault.config_fault(), None);
    follower.folder.write("guanxi.yml", "broadcast:\n  exclude: \"#x\"\n");
    follower.catches_up();
    let fault = follower.vault.config_fault();
    assert_eq!(fault.as_deref(), Some("guanxi.yml: settings are read from guanxi.yaml only: rename this file"));
    fs::rename(follower.folder.at("guanxi.yml"), follower.folder.at("guanxi.yaml")).expect("renamed");
    follower.catches_up();
    assert_eq!(follower.vault.config_fault(), None);
    assert_eq!(follower.vault.config().exclude.as_ref().map(|(query, _)| query.as_str()), Some("#x"));
}

#[test]
fn settings_above_the_vault_that_are_not_read_stop_every_broadcast() {
    let around = Folder::new();
    around.write("vault/a.md", BO);
    let root = around.at("vault");
    let mut watcher = Watcher::start(&root, Rules::new(&root, &[]), Mode::Off).expect("a watcher");
    let mut vault = loaded(&root);
    watcher.known(vault.files().map(|(_, file)| (file.path().clone(), Standing::Member, file.text())));
    let mut sweep = |vault: &mut Vault| watcher.sweep().into_iter().for_each(|change| vault.apply(change));
    let own = |vault: &Vault| vault.unreadable().any(|(path, _)| path.as_str() == "../Guanxi.yaml");
    around.write("Guanxi.yaml", "");
    assert!(own(&loaded(&root)));
    sweep(&mut vault);
    assert!(own(&vault) && vault.config_fault().is_some());
    fs::remove_file(around.at("Guanxi.yaml")).expect("removed");
    sweep(&mut vault);
    assert!(!own(&vault));
    // A folder of the right name is none either.
    fs::create_dir(root.join("guanxi.yaml")).expect("a folder");
    sweep(&mut vault);
    assert!(vault.is_unreadable(&VaultPath::new("guanxi.yaml")) && vault.config_fault().is_some());
    sweep(&mut vault);
    assert!(vault.config_fault().is_some());
}

#[cfg(unix)]
#[test]
fn the_target_of_a_link_that_comes_later_is_followed() {
    let elsewhere = Folder::new();
    elsewhere.write("bo.md", BO);
    elsewhere.write("li.md", BO);
    let mut follower = Follower::start(&[(".ignore", "old/\n"), ("old/c.md", BO)], Mode::Native);
    for (target, link) in [("bo.md", "bo.md"), ("li.md", "old/li.md")] {
        std::os::unix::fs::symlink(elsewhere.at(target), follower.folder.at(link)).expect("a link");
    }
    follower.catches_up();
    assert_eq!(names(&follower.vault), ["beside old/c.md", "beside old/li.md", "in bo.md", "in guanxi.yaml"]);
    elsewhere.write("bo.md", BO_SAYS_NO);
    elsewhere.write("li.md", BO_SAYS_NO);
    follower.catches_up();
    elsewhere.replace("bo.md", BO);
    follower.catches_up();
    fs::remove_file(elsewhere.at("bo.md")).expect("removed");
    follower.catches_up();
    assert_eq!(follower.vault.unreadable().count(), 1);
}

#[cfg(unix)]
#[test]
fn the_target_of_a_link_that_was_there_is_followed() {
    let elsewhere = Folder::new();
    elsewhere.write("bo.md", BO);
    let folder = Folder::new();
    folder.write("guanxi.yaml", "");
    std::os::unix::fs::symlink(elsewhere.at("bo.md"), folder.at("bo.md")).expect("a link");
    let rules = Rules::new(&folder.root, &[]);
    let mut watcher = Watcher::start(&folder.root, rules.clone(), Mode::Native).expect("a watcher");
    let mut vault = load(&folder.root, &rules, Coverage::Whole);
    watcher.known(vault.files().map(|(_, file)| (file.path().clone(), Standing::Member, file.text())));
    elsewhere.write("bo.md", BO_SAYS_NO);
    watcher.next(Some(PATIENCE)).into_iter().for_each(|change| vault.apply(change));
    let text = vault.id_of("bo.md").map(|id| vault.file(id).text().to_owned());
    assert_eq!(text.as_deref(), Some(BO_SAYS_NO));
}
