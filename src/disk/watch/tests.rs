//! What only the inside of a watcher shows: lost events, refusals of the system, doubts.

use super::*;

fn watched(mode: Mode) -> (tempfile::TempDir, Watcher) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("its real path");
    let watcher = Watcher::start(&root, Rules::new(&root, &[]), mode).expect("a watcher");
    (folder, watcher)
}

/// The files that were found, with their texts; anything else fails the test.
fn found(changes: &[Change]) -> Vec<(&str, &str)> {
    fn pair(change: &Change) -> (&str, &str) {
        match change {
            Change::Found { path, text } => (path.as_str(), text),
            other => panic!("not expected: {other:?}"),
        }
    }
    changes.iter().map(pair).collect()
}

#[test]
fn when_the_system_gives_up_polling_goes_on_and_says_why() {
    let (folder, mut watcher) = watched(Mode::Native);
    std::fs::write(folder.path().join("a.md"), "a").expect("a file");
    watcher.sender.send(Signal::Trouble("no more watches".to_owned())).expect("an open channel");
    assert_eq!(found(&watcher.next(None)), [("a.md", "a")]);
    assert_eq!(watcher.status(), Status::Polling { reason: "no more watches".to_owned() });
    std::fs::write(folder.path().join("b.md"), "b").expect("a file");
    assert_eq!(found(&watcher.next(None)), [("b.md", "b")]);
}

#[test]
fn lost_events_are_made_up_for_and_the_watch_goes_on() {
    let (folder, mut watcher) = watched(Mode::Native);
    std::fs::create_dir(folder.path().join("sub")).expect("a folder");
    std::fs::write(folder.path().join("sub/a.md"), "a").expect("a file");
    while watcher.signals.recv_timeout(QUIET).is_ok() {}
    watcher.sender.send(Signal::Lost).expect("an open channel");
    assert_eq!(found(&watcher.next(None)), [("sub/a.md", "a")]);
    assert_eq!(watcher.status(), Status::Native);
    std::fs::write(folder.path().join("sub/b.md"), "b").expect("a file");
    assert_eq!(found(&watcher.next(None)), [("sub/b.md", "b")]);
}

#[test]
fn another_thread_can_ask_for_a_sweep_and_for_attention() {
    let (folder, mut watcher) = watched(Mode::Off);
    let remote = watcher.remote();
    remote.wake();
    assert!(watcher.next(None).is_empty());
    std::fs::write(folder.path().join("a.md"), "a").expect("a file");
    remote.sweep();
    assert_eq!(found(&watcher.next(None)), [("a.md", "a")]);
}

#[test]
fn a_doubt_does_not_outlive_the_root() {
    let (folder, mut watcher) = watched(Mode::Poll);
    std::fs::write(folder.path().join("a.md"), "").expect("a file");
    assert!(watcher.sweep().is_empty() && watcher.doubt_due.is_some());
    std::fs::remove_dir_all(folder.path()).expect("removed");
    assert!(watcher.sweep().is_empty() && watcher.doubt_due.is_none());
}

#[test]
fn what_is_too_much_to_watch_beside_the_vault_is_looked_through() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("its real path");
    std::fs::write(root.join(".ignore"), "old/\n").expect("a file");
    (0..1100).for_each(|number| std::fs::create_dir_all(root.join(format!("old/{number}"))).expect("a folder"));
    let rules = Rules::new(&root, &[]).with_beside();
    let mut watcher = Watcher::start(&root, rules, Mode::Native).expect("a watcher");
    assert_eq!(watcher.status(), Status::Native);
    let wait = |watcher: &Watcher| watcher.next_sweep.expect("a time").saturating_duration_since(Instant::now());
    assert!(wait(&watcher) <= BESIDE_INTERVAL);
    std::fs::remove_dir_all(root.join("old")).expect("removed");
    watcher.sweep();
    assert!(wait(&watcher) > BESIDE_INTERVAL);
}

/// A watcher is handed to the thread that waits.
const _: fn() = || {
    fn can_be_sent<T: Send>() {}
    can_be_sent::<Watcher>();
};
