//! Emacs, with the package in `editors/emacs`: the whole story in batch, through eglot and through lsp-mode; and keys typed at a real
//! terminal. The package itself passes its compiler, checkdoc and package-lint.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::find;
use super::screen::Screen;
use super::stage::Stage;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What a run said, where all went well.
fn run(mut command: Command) -> String {
    let output = command.output().expect("Emacs starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Is this package of Emacs's own world there?
fn has(stage: &Stage, emacs: &Path, library: &str) -> bool {
    let mut command = stage.command(emacs);
    let there = format!("(kill-emacs (if (locate-library \"{library}\") 0 1))");
    command.args(["--batch", "-f", "package-initialize", "--eval", &there]);
    let there = command.output().expect("Emacs starts").status.success();
    let required = std::env::var_os("REQUIRE_EDITORS").is_some_and(|value| value == "1");
    assert!(there || !required, "Emacs lacks {library}: .ci/editors/setup emacs");
    if !there {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED: Emacs lacks {library} (.ci/editors/setup emacs)");
    }
    there
}

/// The story, told by this Emacs through this client.
fn story(name: &'static str, emacs: &str, client: &str, version: &str) {
    let Some(emacs) = find(emacs) else { return };
    let stage = Stage::new(name);
    if !(has(&stage, &emacs, client) && has(&stage, &emacs, "markdown-mode")) {
        return;
    }
    let mut command = stage.command(&emacs);
    command.env("CLIENT", client).args(["--batch", "-f", "package-initialize", "-L"]).arg(at("editors/emacs"));
    let said = run({
        command.arg("-l").arg(at("tests/editors/emacs/story.el"));
        command
    });
    assert!(said.contains(&format!("the end, with Emacs {version}")), "{said}");
    // What the disk says now.
    let wang = stage.text("contacts/clients/kittykat123.md");
    for line in [
        "alias: Wang Xiaoming\n",
        "tags: [prospect, new-york, event/ces-2026, client/museum, autumn]\n",
        "username: Kittykat123             # what WeChat shows\n",
        "Met [[单晓明]]\n",
    ] {
        assert!(wang.contains(line), "{line}{wang}");
    }
    assert!(stage.text("guanxi.yaml").contains("    prospect: Could buy within a year\n"));
    assert!(stage.text("guanxi.yaml").contains("    classmate: Classmates from Hangzhou\n"));
    assert!(stage.text("broadcasts/autumn-catalogue.md").contains("to: \"#prospect #new-york\"\n"));
    assert!(stage.text("broadcasts/autumn-catalogue.md").contains("- [ ] [[Ada Thornquist]] · ada@quillfeather.example\n"));
    assert!(stage.text("broadcasts/reunion.md").contains("to:\n  - classmate\n"));
    assert!(stage.text("notes/boston-trip.md").contains("```guanxi\n#prospect #boston\n```"));
    assert!(!stage.vault().join("contacts/chen-jie.md").exists(), "the merged contact is gone");
    let mut check = stage.command(Path::new(env!("CARGO_BIN_EXE_guanxi")));
    check.args(["list", "#lead | #老同学", "--format", "names"]);
    let output = check.output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("no contact has the tag"), "{output:?}");
    stage.judge();
}

#[test]
fn emacs_28_with_eglot_tells_the_story() {
    story("emacs-28-eglot", "emacs", "eglot", "");
}

#[test]
fn emacs_28_with_lsp_mode_tells_the_story() {
    story("emacs-28-lsp-mode", "emacs", "lsp-mode", "");
}

#[test]
fn emacs_30_with_its_own_eglot_tells_the_story() {
    story("emacs-30-eglot", "emacs30", "eglot", "30");
}

/// Completion at empty places, before and inside words, and of what is longer than its completion, through eglot.
fn completion(name: &'static str, emacs: &str) {
    let Some(emacs) = find(emacs) else { return };
    let stage = Stage::new(name);
    if !(has(&stage, &emacs, "eglot") && has(&stage, &emacs, "markdown-mode")) {
        return;
    }
    let mut command = stage.command(&emacs);
    command.args(["--batch", "-f", "package-initialize", "-L"]).arg(at("editors/emacs"));
    command.arg("-l").arg(at("tests/editors/emacs/completion.el"));
    let said = run(command);
    assert!(said.contains("the end, with Emacs"), "{said}");
    stage.judge();
}

#[test]
fn emacs_28_completes_at_every_place() {
    completion("emacs-28-completion", "emacs");
}

#[test]
fn emacs_30_completes_at_every_place() {
    completion("emacs-30-completion", "emacs30");
}

/// The package's files, copied to where nothing compiled lies about.
fn package(stage: &Stage) -> Vec<PathBuf> {
    let folder = stage.home().join("package");
    fs::create_dir(&folder).unwrap();
    let mut files = Vec::new();
    for entry in fs::read_dir(at("editors/emacs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "el") {
            let copy = folder.join(path.file_name().unwrap());
            fs::copy(&path, &copy).unwrap();
            files.push(copy);
        }
    }
    files.sort();
    assert_eq!(files.len(), 5, "{files:?}");
    files
}

fn compiles(emacs: &str) {
    let Some(emacs) = find(emacs) else { return };
    let stage = Stage::new("emacs");
    let files = package(&stage);
    let mut command = stage.command(&emacs);
    command.args(["--batch", "-f", "package-initialize", "-L"]).arg(files[0].parent().unwrap());
    command.args(["--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile"]).args(&files);
    run(command);
    assert!(files.iter().all(|file| file.with_extension("elc").exists()));
}

#[test]
fn the_package_compiles_without_a_warning() {
    compiles("emacs");
    compiles("emacs30");
}

#[test]
fn checkdoc_and_package_lint_find_nothing() {
    let Some(emacs) = find("emacs") else { return };
    let stage = Stage::new("emacs");
    let files = package(&stage);
    let mut command = stage.command(&emacs);
    command.args(["--batch", "--eval", "(mapc #'checkdoc-file command-line-args-left)"]).args(&files);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.lines().filter(|line| line.contains(".el:")).collect();
    assert!(output.status.success() && said.is_empty(), "{said:#?}");
    if !has(&stage, &emacs, "package-lint") {
        return;
    }
    let mut command = stage.command(&emacs);
    let load = "(progn (require 'package-lint) (setq package-lint-main-file \"guanxi.el\"))";
    command.current_dir(files[0].parent().unwrap());
    command.args(["--batch", "-f", "package-initialize", "--eval", load, "-f", "package-lint-batch-and-exit"]);
    command.args(files.iter().filter_map(|file| file.file_name()));
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // So says release 0.16 of every Emacs after 27.
    let known = "This makes the package uninstallable in all released Emacs versions.";
    let is_new = |line: &&str| (line.contains("error: ") || line.contains("warning: ")) && !line.contains(known);
    let new: Vec<&str> = said.lines().filter(is_new).collect();
    assert!(new.is_empty() && said.contains("guanxi.el:"), "{said}");
}

/// A person's own settings: those of the README.
const SETTINGS: &str = "(require 'package)
(package-initialize)
(setq native-comp-deferred-compilation nil native-comp-async-report-warnings-errors nil)
(setq inhibit-startup-screen t make-backup-files nil create-lockfiles nil eglot-sync-connect 30)
(menu-bar-mode -1)
(add-to-list 'load-path \"PACKAGE\")
(require 'guanxi)
(global-guanxi-mode 1)
";

#[test]
fn emacs_in_a_terminal_with_typed_keys() {
    let (Some(emacs), Some(_)) = (find("emacs"), find("tmux")) else { return };
    let stage = Stage::new("emacs");
    if !(has(&stage, &emacs, "eglot") && has(&stage, &emacs, "markdown-mode")) {
        return;
    }
    let settings = SETTINGS.replace("PACKAGE", at("editors/emacs").to_str().unwrap());
    fs::write(stage.home().join("init.el"), settings).unwrap();
    let start =
        format!("{} -nw -q -l ../home/init.el contacts/clients/kittykat123.md; echo Emacs has ended; exec cat", emacs.display());
    let screen = Screen::start(&stage, &start, 120, 34);
    screen.shows(&["Kittykat123", "eglot:"]);

    // Somebody by the letters of a name: he is shown while one types.
    screen.press(&["C-c", ",", "f"]);
    screen.shows(&["Find: "]);
    screen.types("sxm");
    screen.shows(&["单晓明", "#老同学"]);
    screen.press(&["Enter"]);
    screen.shows(&["单晓明.md"]);

    // The menu of commands, and a card beside the text.
    screen.press(&["C-x", "b", "Enter"]);
    screen.shows(&["Kittykat123"]);
    screen.press(&["C-c", ",", ","]);
    screen.shows(&["who gets it", "rename a tag"]);
    screen.press(&["C-g"]);
    screen.press(&["C-s"]);
    screen.types("[[Li N");
    screen.press(&["Enter"]);
    screen.press(&["C-c", ",", "c"]);
    screen.shows(&["Export manager, Knows everybody"]);

    // Half a word, and the list of what it may be.
    screen.press(&["M-<", "C-s"]);
    screen.types("ces-2026");
    screen.press(&["Enter"]);
    screen.types(", cl");
    // It could be a tag as it stands, so Emacs lists the others when it is asked again.
    screen.press(&["C-M-i"]);
    screen.shows(&["Complete, but not unique"]);
    screen.presses_until(&["C-M-i"], &["client/hospitality", "client/museum"]);
    screen.picture("emacs", "Emacs in a terminal: a contact, the card of a person whom it mentions, and tags to choose from");
    screen.press(&["C-x", "C-c"]);
    screen.shows(&["Save file"]);
    screen.types("n");
    screen.shows(&["exit anyway"]);
    screen.types("yes");
    screen.press(&["Enter"]);
    screen.shows(&["Emacs has ended"]);
    stage.judge();
}
