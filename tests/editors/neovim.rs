//! Neovim, with the plugin of `editors/neovim` where its README puts it, and without it. A driver in Lua (`neovim/*.lua`) types into a
//! second Neovim and looks at it; what stands on the disk afterwards is looked at here. The chapter of the guide is typed in a terminal.

use std::fs;
use std::path::{Path, PathBuf};

use super::find;
use super::stage::Stage;

fn here(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

/// The plugin as the README says: a folder of its own below Neovim's packages.
fn install(stage: &Stage) {
    let packages = stage.home().join(".local/share/nvim/site/pack/guanxi/start");
    fs::create_dir_all(&packages).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(here("editors/neovim"), packages.join("guanxi")).unwrap();
}

/// Runs a driver to its end.
fn drive(stage: &Stage, driver: &str, arguments: &[&str]) {
    let Some(nvim) = find("nvim") else { return };
    let mut command = stage.command(&nvim);
    command.args(["--clean", "-n", "--headless", "-l"]).arg(here("tests/editors/neovim").join(driver)).args(arguments);
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("FAIL"), "{driver}:\n{said}");
    stage.judge();
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
    if find("nvim").is_none() {
        return;
    }
    let stage = Stage::new("neovim-story");
    install(&stage);
    drive(&stage, "story.lua", &[]);

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
