//! Neovim, with the plugin of `editors/neovim` where its README puts it, and without it. A driver in Lua (`neovim/*.lua`) types into a
//! second Neovim and looks at it; what stands on the disk afterwards is looked at here. The chapter of the guide is typed in a terminal.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::find;
use super::screen::Screen;
use super::stage::Stage;

fn here(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

/// The plugin as the README says: a folder of its own below Neovim's packages.
pub fn install(stage: &Stage) {
    let packages = stage.home().join(".local/share/nvim/site/pack/guanxi/start");
    fs::create_dir_all(&packages).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(here("editors/neovim"), packages.join("guanxi")).unwrap();
}

/// Runs a driver to its end, and holds what was said against the protocol, with as many servers as it starts.
fn drive(stage: &Stage, nvim: &Path, driver: &str, servers: usize) {
    let mut command = stage.command(nvim);
    command.args(["--clean", "-n", "--headless", "-l"]).arg(here("tests/editors/neovim").join(driver));
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("FAIL"), "{driver}:\n{said}");
    stage.judge_all(servers);
}

/// Every text file of a vault, by its path.
fn texts(vault: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![vault.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.push((path.strip_prefix(vault).unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_story() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-story");
    install(&stage);
    drive(&stage, &nvim, "story.lua", 1);

    // Where the tag stood, and nowhere else, the new one stands; three files have what was typed besides.
    let typed = ["contacts/clients/kittykat123.md", "notes/boston-trip.md", "broadcasts/autumn-catalogue.md"];
    let mut renamed = 0;
    for ((path, before), (same, after)) in texts(&here("sample-vault")).into_iter().zip(texts(&stage.vault())) {
        assert_eq!(path, same);
        // What the vault ignores stays.
        if path.starts_with("archive/") {
            continue;
        }
        // What stands in a block of code stays.
        let after = after.replace("list '#lead ", "list '#");
        assert!(!after.contains("#lead") && !after.contains("[lead") && !after.contains("- lead"), "{path}:\n{after}");
        if !typed.contains(&path.as_str()) && before != after && path != "README.md" {
            assert_eq!(before, after.replace("prospect", "lead"), "{path}");
            renamed += 1;
        }
    }
    assert_eq!(renamed, 12, "eleven contacts, and the vocabulary");
    assert!(stage.text("contacts/clients/kittykat123.md").contains("\ntags: [prospect, new-york, event/ces-2026, boston]\n"));
    assert!(stage.text("contacts/clients/kittykat123.md").contains("\nalias: Wang Xiaoming\n---\n\n[[Li Na]]"));
    assert!(stage.text("notes/boston-trip.md").ends_with("\n\nCall [[Wang Xiaoming]]\n"));
    let broadcast = stage.text("broadcasts/autumn-catalogue.md");
    assert!(broadcast.starts_with("---\nto: \"#prospect #new-york\"\n"), "{broadcast}");
    assert!(broadcast.contains("- [ ] [[Wang Xiaoming]] · wang@panda.example\n<!-- /guanxi:list -->"), "{broadcast}");
}

#[test]
fn every_command_and_every_lens() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-commands");
    install(&stage);
    drive(&stage, &nvim, "commands.lua", 1);
    // Contacts that the editor makes are as the command line would make them.
    assert!(stage.text("contacts/chen-jie.md").ends_with("---\n"));
    assert!(stage.text("guanxi.yaml").contains("\n    next-door: Lives or works in our street\n"));
}

#[test]
fn problems_cards_and_tags_are_shown() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-look");
    install(&stage);
    drive(&stage, &nvim, "look.lua", 1);
    // What only looks writes nothing.
    for (path, before) in texts(&here("sample-vault")) {
        assert_eq!(stage.text(&path), before, "{path}");
    }
}

#[test]
fn changes_wait_to_be_saved_and_refusals_are_said_once() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-changes");
    install(&stage);
    drive(&stage, &nvim, "changes.lua", 1);
    assert!(stage.text("contacts/clients/kittykat123.md").contains("\ntags: [prospect, new-york, event/ces-2026]\n"));
}

#[test]
fn something_is_missing() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-lost");
    install(&stage);
    // Two vaults in one editor, and two editors with other settings.
    drive(&stage, &nvim, "lost.lua", 4);
}

/// telescope.nvim and fzf-lua come from no registry, so the gate has them not: `GUANXI_PICKERS` names a folder with clones of them and of
/// plenary.nvim; fzf-lua wants `fzf` on the path.
#[test]
fn the_pickers_of_others() {
    let Some(nvim) = find("nvim") else { return };
    let Some(folder) = std::env::var_os("GUANXI_PICKERS") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: telescope.nvim and fzf-lua (GUANXI_PICKERS names no folder)");
        return;
    };
    let stage = Stage::new("neovim-pickers");
    install(&stage);
    fs::write(stage.home().join("pickers"), folder.as_encoded_bytes()).unwrap();
    let there = ["telescope.nvim", "fzf-lua"].iter().filter(|picker| Path::new(&folder).join(picker).is_dir());
    drive(&stage, &nvim, "pickers.lua", there.count());
}

/// nvim-cmp and blink.cmp come from no registry either: see the test above.
#[test]
fn completion_plugins_of_others() {
    let Some(nvim) = find("nvim") else { return };
    let Some(folder) = std::env::var_os("GUANXI_PICKERS") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: nvim-cmp and blink.cmp (GUANXI_PICKERS names no folder)");
        return;
    };
    let stage = Stage::new("neovim-completers");
    install(&stage);
    fs::write(stage.home().join("pickers"), folder.as_encoded_bytes()).unwrap();
    // The lines of the page, after a person's own.
    let page = fs::read_to_string(here("docs/neovim.md")).unwrap().replace("\r\n", "\n");
    let own = "local cmp = require('cmp')\ncmp.setup({ snippet = { expand = function(args) vim.snippet.expand(args.body) end }, \
               mapping = cmp.mapping.preset.insert({ ['<C-y>'] = cmp.mapping.confirm() }), sources = { { name = 'nvim_lsp' } } })\n";
    fs::write(stage.home().join("nvim-cmp.lua"), format!("{own}{}", block(&page, "lua\n-- nvim-cmp"))).unwrap();
    // Its matcher in Rust is downloaded.
    let blink = block(&page, "lua\n-- blink.cmp").replace("fuzzy = { ", "fuzzy = { implementation = 'lua', ");
    fs::write(stage.home().join("blink.cmp.lua"), blink).unwrap();
    let there = ["nvim-cmp", "blink.cmp"].iter().filter(|plugin| Path::new(&folder).join(plugin).is_dir());
    drive(&stage, &nvim, "completers.lua", 8 * there.count());
}

/// The lines that docs/editor.md gives for `init.lua`.
#[test]
fn without_the_plugin() {
    let Some(nvim) = find("nvim") else { return };
    let stage = Stage::new("neovim-snippet");
    let page = fs::read_to_string(here("docs/editor.md")).unwrap().replace("\r\n", "\n");
    let section = page.split("\n### ").find(|section| section.starts_with("Neovim\n")).expect("a section about Neovim");
    let blocks: Vec<&str> = section.split("```lua\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert!(!blocks.is_empty());
    let settings = stage.home().join(".config/nvim");
    fs::create_dir_all(&settings).unwrap();
    fs::write(settings.join("init.lua"), blocks.concat()).unwrap();
    drive(&stage, &nvim, "snippet.lua", 1);
}

/// The chapter of the guide, as it is typed: what is typed here stands there in this order.
struct Chapter {
    page: String,
    read: usize,
    screen: Screen,
}

impl Chapter {
    fn types(&mut self, text: &str) {
        let at = self.page[self.read..].find(&format!("`{text}`"));
        self.read += at.unwrap_or_else(|| panic!("docs/neovim.md does not say `{text}` next"));
        self.screen.types(text);
    }

    fn enters(&mut self, text: &str) {
        self.types(text);
        self.screen.press(&["Enter"]);
    }
}

/// A block of the page, by what it begins with.
fn block<'p>(page: &'p str, begins: &str) -> &'p str {
    page.split("```").find(|block| block.starts_with(begins)).expect(begins).split_once('\n').unwrap().1
}

#[test]
fn the_chapter() {
    let (Some(nvim), Some(_)) = (find("nvim"), find("tmux")) else { return };
    let stage = Stage::new("neovim-chapter");
    let page = fs::read_to_string(here("docs/neovim.md")).unwrap().replace("\r\n", "\n");

    // The second of the three commands; the first has been done, the third is done from inside the vault.
    let commands: Vec<&str> = block(&page, "sh\ncargo install").lines().collect();
    assert_eq!(commands.len(), 3, "at most three commands");
    let place = stage.command(Path::new("sh")).current_dir(here("")).args(["-c", commands[1]]).output().unwrap();
    assert!(place.status.success(), "{}", String::from_utf8_lossy(&place.stderr));
    let file = commands[2].strip_prefix("nvim sample-vault/").expect("the third opens a file");

    let screen = Screen::start(&stage, &format!("{} {file}; echo the end; exec cat", nvim.display()), 124, 32);
    let mut chapter = Chapter { page: page.clone(), read: 0, screen };
    chapter.screen.shows(&["6 links here", "alias: Wang Xiaoming"]);
    chapter.enters("/^tags");
    chapter.types("f]i, bos");
    chapter.screen.shows(&["Boston and Cambridge", "new tag"]);
    chapter.screen.press(&["C-n"]);
    chapter.screen.shows(&["boston · 7 carry it", "often with"]);
    chapter.screen.picture("neovim-completion", "Completing a tag in Neovim");
    chapter.screen.press(&["C-y", "Escape", "u"]);
    chapter.screen.until("has the old tags again", |screen| screen.contains("event/ces-2026") && !screen.contains("boston"));

    chapter.screen.types("/Li Na\r");
    chapter.types("K");
    chapter.screen.shows(&["Li Na · 黎娜"]);
    chapter.screen.picture("neovim-hover", "A contact's card in Neovim");
    chapter.screen.types("lh");
    chapter.screen.until("has closed the card", |screen| !screen.contains("Li Na · 黎娜"));

    chapter.enters(":Guanxi find");
    chapter.screen.shows(&["Find", "Anaïs Chen"]);
    chapter.types("#lead new");
    chapter.screen.until("shows who fits", |screen| screen.contains("Mira Okolund") && !screen.contains("Anaïs Chen"));
    chapter.screen.picture("neovim-picker", "Searching for people in Neovim");
    chapter.screen.press(&["Escape"]);
    chapter.screen.until("has closed the picker", |screen| !screen.contains("Mira Okolund"));

    // The message, line by line.
    chapter.enters(":edit broadcasts/spring.md");
    chapter.screen.until("shows an empty file", |screen| !screen.contains("Xiaoming"));
    chapter.screen.types("i");
    for line in block(&page, "markdown\n---\nto:").lines() {
        chapter.screen.types(line);
        chapter.screen.shows(&[line]);
        chapter.screen.press(&["Enter"]);
    }
    chapter.screen.press(&["Escape"]);
    chapter.screen.types(":write\r");
    chapter.screen.shows(&["3 recipients · 3 left out (1 unreachable)", "written"]);
    chapter.enters("/^to:");
    chapter.types("grx");
    chapter.screen.shows(&["1: 3 recipients", "2: generate list", "3: preview"]);
    chapter.enters("2");
    chapter.screen.shows(&["- [ ] [[Ada Thornquist]]", "- [ ] [[Wang Xiaoming]]"]);
    chapter.enters("/\\[ ]");
    chapter.types("lrx");
    chapter.types("nlrx");
    chapter.screen.shows(&["- [x] [[Ada Thornquist]]", "- [x] [[Mira Okolund]]"]);
    chapter.enters(":write");
    chapter.screen.shows(&["written"]);

    // In another terminal.
    let outside = block(&page, "sh\nguanxi tag add").trim();
    let done = stage.command(Path::new("sh")).args(["-c", outside]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    chapter.screen.shows(&["4 recipients"]);
    chapter.enters(":Guanxi broadcast refresh");
    let name = outside.split('\'').nth(1).unwrap();
    chapter.screen.shows(&[
        "1 added, 3 kept",
        &format!("- [ ] [[{name}]]"),
        "- [x] [[Ada Thornquist]]",
        "- [x] [[Mira Okolund]]",
    ]);
    chapter.screen.picture("neovim-broadcast", "A broadcast with its list of recipients in Neovim");

    chapter.enters(":Guanxi broadcast preview");
    chapter.screen.shows(&["To: Ada Thornquist", "1 of 4"]);
    chapter.types("n");
    chapter.screen.shows(&["2 of 4", "Subject: Come and see the spring panels"]);
    chapter.screen.picture("neovim-preview", "The preview of a message in Neovim");
    chapter.types(":wall");
    chapter.screen.press(&["Enter"]);
    chapter.screen.types(":wincmd p | only\r");

    chapter.enters(":Guanxi check");
    chapter.screen.shows(&["Hoshi Marlowe: not reachable by email (recipients-unreachable)"]);
    chapter.screen.types(":cclose\r");
    chapter.enters(":Guanxi tags");
    chapter.screen.shows(&["Tags", "Specifies light, rarely buys it"]);
    chapter.types("clas");
    chapter.screen.shows(&["老同学  6  Classmates from Hangzhou", "Yusuf Karadenli"]);
    chapter.screen.picture("neovim-tags", "Choosing a tag in Neovim");
    chapter.screen.press(&["Enter"]);
    chapter.screen.shows(&["[Quickfix List] #老同学"]);
    chapter.screen.types(":cclose\r");
    chapter.enters(":Guanxi show wxm");
    chapter.screen.shows(&["Purchasing manager, Panda Lighting", "gx opens a link"]);
    chapter.screen.types(":qall\r");
    chapter.screen.shows(&["the end"]);
    let written = stage.text("broadcasts/spring.md");
    for line in ["- [x] [[Ada Thornquist]] · ", "- [x] [[Mira Okolund]] · ", "- [ ] [[Wang Xiaoming]] · "] {
        assert!(written.contains(line), "{written}");
    }
    assert!(written.contains(&format!("- [ ] [[{name}]] · ")), "{written}");
    stage.judge();
}
