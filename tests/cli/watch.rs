//! `guanxi list --watch`: the watcher's proof on the command line.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::Desk;

struct Watching {
    child: Child,
    lists: Receiver<Vec<String>>,
}

impl Watching {
    /// Lists end with an empty line.
    fn start(desk: &Desk, query: &str) -> Self {
        let mut child = desk.command(&["list", "--watch", query]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lists) = channel();
        std::thread::spawn(move || {
            let mut list = Vec::new();
            for line in stdout.lines().map_while(Result::ok) {
                if line.is_empty() {
                    if sender.send(std::mem::take(&mut list)).is_err() {
                        return;
                    }
                } else {
                    list.push(line);
                }
            }
        });
        Self { child, lists }
    }

    /// Waits for a list that says this; others may come before it. Generous: slow machines are no failure.
    fn until(&self, expected: &[&str]) {
        loop {
            let list = self.lists.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("no list says {expected:?}"));
            if list == expected {
                return;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn contact(alias: &str, tags: &str) -> String {
    format!("---\nalias: {alias}\ntags: [{tags}]\n---\n")
}

#[test]
fn the_list_follows_what_other_programs_do() {
    let desk = Desk::new("== guanxi.yaml\nvault:\n  contacts: people\n== people/ada.md\n---\nalias: Ada\ntags: [lead]\n---\n");
    let watching = Watching::start(&desk, "#lead");
    watching.until(&["Ada"]);
    std::fs::write(desk.path("people/bo.md"), contact("Bo", "lead")).unwrap();
    watching.until(&["Ada", "Bo"]);
    // As an editor writes: a temporary file, then a rename over the old one.
    std::fs::write(desk.path("people/.bo.tmp"), contact("Beau", "lead")).unwrap();
    std::fs::rename(desk.path("people/.bo.tmp"), desk.path("people/bo.md")).unwrap();
    watching.until(&["Ada", "Beau"]);
    std::fs::rename(desk.path("people"), desk.path("others")).unwrap();
    std::fs::write(desk.path("others/cy.md"), contact("Cy", "lead")).unwrap();
    watching.until(&["Ada", "Beau", "Cy"]);
    // What the settings leave out leaves the list, and comes back with them.
    std::fs::write(desk.path("guanxi.yaml"), "vault:\n  ignore: [\"cy.md\"]\n").unwrap();
    watching.until(&["Ada", "Beau"]);
    std::fs::remove_dir_all(desk.path("others")).unwrap();
    watching.until(&[]);
}

#[test]
fn a_burst_of_two_thousand_files_ends_in_the_list_of_a_fresh_scan() {
    let desk = Desk::new("== a.md\n---\nalias: A 0\ntags: [lead]\n---\n");
    let watching = Watching::start(&desk, "#lead #new-york");
    // Nobody carries new-york yet: that is a mistake in a query, so the first list waits for one who does.
    drop(watching);
    std::fs::write(desk.path("b.md"), contact("B", "lead, new-york")).unwrap();
    let watching = Watching::start(&desk, "#lead #new-york");
    watching.until(&["B"]);
    for folder in 0..20 {
        std::fs::create_dir(desk.path(&format!("f{folder}"))).unwrap();
        for file in 0..100 {
            let tags = if file == 0 { "lead, new-york" } else { "lead" };
            std::fs::write(desk.path(&format!("f{folder}/{file}.md")), contact(&format!("C {folder:02} {file}"), tags)).unwrap();
        }
    }
    let expected: Vec<String> = std::iter::once("B".to_owned()).chain((0..20).map(|folder| format!("C {folder:02} 0"))).collect();
    watching.until(&expected.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(desk.run(&["list", "#lead #new-york"]).out.lines().collect::<Vec<_>>(), expected);
}
