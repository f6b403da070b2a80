//! Kakoune with kak-lsp. kak-lsp takes minutes to compile, so this is for a desk that has both; the gate does not ask for it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::find;
use super::screen::Screen;
use super::stage::Stage;

/// Installed or not: never a failure.
fn there(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = super::tools().join("bin").join(program).is_file()
        || std::env::split_paths(&folders).any(|folder| folder.join(program).is_file());
    if !found {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {program} is not installed (editors/kakoune/README.md)");
    }
    found
}

#[test]
fn kakoune_completes_shows_renames_and_mends() {
    if !(there("kak") && there("kak-lsp")) || find("tmux").is_none() {
        return;
    }
    let stage = Stage::new("kakoune");
    let folder = stage.home().join(".config/kak");
    fs::create_dir_all(&folder).unwrap();
    let snippet = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/kakoune/guanxi.kak");
    let settings =
        format!("set-option global startup_info_version 99991231\neval %sh{{kak-lsp}}\nsource '{}'\n", snippet.display());
    fs::write(folder.join("kakrc"), settings).unwrap();
    let session = format!("story-{}", std::process::id());
    let screen = Screen::start(&stage, &format!("kak -s {session} contacts/clients/kittykat123.md"), 120, 40);
    // Commands come from outside, as Kakoune offers it: typed ones would race with the Escape before them.
    let run = |command: &str| {
        let mut kak = stage.command(Path::new("kak")).args(["-p", &session]).stdin(Stdio::piped()).spawn().unwrap();
        write!(kak.stdin.take().unwrap(), "evaluate-commands -client client0 %§{command}§").unwrap();
        assert!(kak.wait().unwrap().success(), "{command}");
    };
    let leave = || {
        screen.press(&["Escape"]);
        screen.until("no text is typed any more", |text| !text.contains("insert "));
    };
    let saved = |inside: &str, text: &str| {
        let began = std::time::Instant::now();
        while !stage.text(inside).contains(text) {
            assert!(began.elapsed().as_secs() < 30, "{text}\n{}\n{}", stage.text(inside), screen.text());
            run("write-all");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    };
    screen.shows(&["Kittykat123"]);

    // A name is missing: that is marked, and mended.
    screen.types("jxd");
    screen.shows(&["*wechat"]);
    screen.types("/wechat:");
    screen.press(&["Enter"]);
    run("lsp-code-action 'Set alias to `王小明`'");
    saved("contacts/clients/kittykat123.md", "alias: 王小明\n");

    // A card, a tag by half a word, somebody by pinyin.
    screen.types("gg/Li Na");
    screen.press(&["Enter"]);
    run("lsp-hover");
    screen.shows(&["Mingque Lighting"]);
    screen.press(&["Escape"]);
    screen.types("gg/ces-2026");
    screen.press(&["Enter"]);
    screen.types("a, muse");
    screen.shows(&["client/museum"]);
    // It is offered; which of two a key chooses depends on when kak-lsp asks again, so it is typed out.
    screen.press(&["BSpace", "BSpace", "BSpace", "BSpace"]);
    screen.types("client/museum");
    leave();
    saved("contacts/clients/kittykat123.md", "event/ces-2026, client/museum]");
    screen.types("geo[[sxm");
    screen.shows(&["单晓明"]);
    // At once: kak-lsp asks again after a moment, and takes the choice back.
    screen.press(&["C-n", "Escape"]);
    leave();
    saved("contacts/clients/kittykat123.md", "[[单晓明]]");

    // A tag gets another name everywhere.
    screen.types("gg/\\blead\\b");
    screen.press(&["Enter"]);
    run("lsp-rename prospect");
    saved("contacts/clients/kittykat123.md", "tags: [prospect, new-york");
    saved("broadcasts/autumn-catalogue.md", "to: \"#prospect #new-york\"");

    // A broadcast's list.
    run("edit broadcasts/autumn-catalogue.md");
    screen.shows(&["autumn-catalogue.md"]);
    screen.types("gg/to:");
    screen.press(&["Enter"]);
    run("lsp-code-action 'Generate list'");
    saved("broadcasts/autumn-catalogue.md", "- [ ] [[Ada Thornquist]]");
    run("kill!");
    // kak-lsp makes a buffer for a file that it edits, and tells of it; `edit` tells of it once more.
    stage.judge_but("autumn-catalogue.md a second time");
}
