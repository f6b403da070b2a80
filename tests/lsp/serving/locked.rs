//! A folder that nobody may read: nobody knows whom it holds, and that is said wherever problems are.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::json;

use super::probe::{card, until_codes, until_tag};
use crate::cli::{Desk, said};

/// Somebody for whom permissions hold, where the tests run as root.
const SOMEBODY: u32 = 65534;

fn mode(desk: &Desk, path: &str, mode: u32) {
    fs::set_permissions(desk.path(path), Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    let own = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::MetadataExt::uid(&own.as_file().metadata().unwrap()) == 0
}

/// Is the folder really closed to whoever runs this command? Some systems know no such thing, or do not let us be somebody else.
fn is_locked(desk: &Desk, mut list: Command) -> bool {
    list.arg(desk.path("locked"));
    list.output().is_ok_and(|output| !output.status.success())
}

fn desk() -> Desk {
    let desk = Desk::new(&format!("== guanxi.yaml\n== a.md\n{}== locked/b.md\n{}", card("Anna", "lead"), card("Bert", "hidden")));
    if is_root() {
        for path in ["", "guanxi.yaml", "a.md", "locked", "locked/b.md"] {
            chown(desk.path(path), Some(SOMEBODY), Some(SOMEBODY)).unwrap();
        }
    }
    mode(&desk, "locked", 0o000);
    desk
}

fn by_somebody(mut command: Command) -> Command {
    if is_root() {
        command.uid(SOMEBODY).gid(SOMEBODY);
    }
    command
}

#[test]
fn the_terminal_names_it() {
    let desk = desk();
    let mut list = by_somebody(Command::new("ls"));
    list.env("LC_ALL", "C");
    let runs = by_somebody(desk.command(&["--version"])).output().is_ok_and(|output| output.status.success());
    if runs && is_locked(&desk, list) {
        let checked = said(by_somebody(desk.command(&["check"])));
        assert_eq!(checked.code, 1, "{}{}", checked.out, checked.err);
        assert!(checked.out.contains("locked: cannot be read: permission denied"), "{}", checked.out);
        assert!(checked.out.contains("file-unreadable") && checked.err.contains("1 error"), "{}{}", checked.out, checked.err);
        let listed = said(by_somebody(desk.command(&["list", "#lead"])));
        assert_eq!((listed.code, listed.out.as_str()), (0, "Anna\n"), "{}", listed.err);
        assert_eq!(listed.err.matches("locked: cannot be read").count(), 1, "{}", listed.err);
        let listed = said(by_somebody(desk.command(&["broadcast", "list", "#lead"])));
        assert_eq!(listed.err.matches("locked: cannot be read").count(), 1, "{}", listed.err);
    }
    mode(&desk, "locked", 0o755);
    // The program itself may lie where only its owner can go.
    if runs {
        assert_eq!(said(by_somebody(desk.command(&["check"]))).code, 0);
    }
}

#[test]
fn the_server_tells_of_it_until_it_can_be_read() {
    let desk = desk();
    // The server of these tests runs as who they run: where that is root, nothing is locked.
    if !is_locked(&desk, Command::new("ls")) {
        mode(&desk, "locked", 0o755);
        return;
    }
    let mut client = super::probe::client(desk.root());
    until_codes(&mut client, "locked", &["file-unreadable"]);
    let warned = client.expect("window/logMessage", |params| params["message"].as_str().unwrap().contains("locked"));
    assert!(warned["message"].as_str().unwrap().contains("cannot be read: permission denied"), "{warned}");
    // An editor says that something changed: it is still so.
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    fs::write(desk.path("a.md"), card("Anna", "changed")).unwrap();
    until_tag(&mut client, "changed", 1);
    until_codes(&mut client, "locked", &["file-unreadable"]);
    mode(&desk, "locked", 0o755);
    until_tag(&mut client, "hidden", 1);
    until_codes(&mut client, "locked", &[]);
    mode(&desk, "locked", 0o000);
    until_codes(&mut client, "locked", &["file-unreadable"]);
    mode(&desk, "locked", 0o755);
    until_codes(&mut client, "locked", &[]);
    client.shutdown();
}
