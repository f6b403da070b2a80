//! VS Code: its own server and workbench, with the packed extension installed as a person installs it. Once through the programming
//! interface that extensions have, in a folder that is not trusted; once with keys and mouse in a window, which makes the pictures;
//! once where the program is missing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use super::stage::Stage;
use super::{find, tools};
use crate::picture;

/// The extension as it is packed. One that is older than what it is made of would prove nothing.
fn packed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode");
    let packed = folder.join("guanxi.vsix");
    let made = fs::metadata(&packed).ok()?.modified().unwrap();
    for part in ["package.json", "package-lock.json", "src", "syntaxes", "walkthrough", "media"] {
        let newest = newest(&folder.join(part));
        assert!(newest <= made, "{part} is newer than the packed extension: .ci/editors/setup vscode");
    }
    Some(packed)
}

fn newest(path: &Path) -> SystemTime {
    if !path.is_dir() {
        return fs::metadata(path).unwrap().modified().unwrap();
    }
    fs::read_dir(path).unwrap().map(|entry| newest(&entry.unwrap().path())).max().unwrap()
}

/// A driver of `tests/editors/vscode`, ready to run on a stage. Nothing where VS Code or a part of it is not installed.
fn driver(stage: &Stage, name: &str) -> Option<Command> {
    let (server, node, chromium) = (find("vscode-server")?, find("node")?, find("chromium")?);
    let Some(packed) = packed() else {
        // Says so, or fails where nothing may be missing.
        find("guanxi.vsix");
        return None;
    };
    let mut command = stage.command(&node);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors/vscode").join(name));
    command
        .env("VSCODE_SERVER", server)
        .env("CHROMIUM", chromium)
        .env("PLAYWRIGHT", tools().join("vscode/driver"))
        .env("VSIX", packed)
        .env("VAULT", stage.vault())
        .env("REPORT", stage.home().join("report.txt"));
    if picture::updating() {
        command.env("PICTURES", Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures"));
    }
    Some(command)
}

/// The sunflower before anybody gave it a name; and a folder whose own settings would like to choose the program that is run.
fn set_the_scene(stage: &Stage) {
    let path = stage.vault().join("contacts/clients/kittykat123.md");
    let text = fs::read_to_string(&path).unwrap().replacen("alias: Wang Xiaoming  ", "alias:  ", 1);
    fs::write(path, text).unwrap();
    let foreign = stage.home().join("foreign");
    fs::write(&foreign, format!("#!/bin/sh\ntouch '{}'\n", stage.home().join("foreign-was-run").display())).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&foreign, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    fs::create_dir(stage.vault().join(".vscode")).unwrap();
    let settings = serde_json::json!({ "guanxi.server.path": foreign });
    fs::write(stage.vault().join(".vscode/settings.json"), settings.to_string()).unwrap();
}

/// Tells a story on a stage of its own; it starts so many servers. A window on a busy machine may miss a key, so one that fails is told
/// once more from its beginning, and the failure is said: a fault of this project's fails both times.
fn tell(name: &'static str, story: &str, servers: usize, set: impl Fn(&Stage)) {
    for is_last in [false, true] {
        let stage = Stage::new(name);
        let Some(driver) = driver(&stage, story) else { return };
        set(&stage);
        match run(&stage, driver) {
            Ok(()) => {
                assert!(!stage.home().join("foreign-was-run").exists(), "the folder chose the program");
                return stage.judge_all(servers);
            }
            Err(failure) if is_last => panic!("{failure}"),
            Err(failure) => {
                // Past the harness, which keeps to itself what a test prints.
                let _ = writeln!(std::io::stderr(), "TOLD AGAIN: {story} failed once:\n{failure}");
            }
        }
    }
}

/// Runs a driver. The error is what it said, the chapter that failed at the end.
fn run(stage: &Stage, mut driver: Command) -> Result<(), String> {
    let output = driver.output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    let read = |name: &str| fs::read_to_string(stage.home().join(name)).unwrap_or_default();
    let seen = stage.home().join("failed.png");
    if seen.is_file() {
        // What the window looked like then, for whoever mends it.
        fs::copy(&seen, tools().join("vscode-failed.png")).unwrap();
    }
    let server = read("server.log");
    let server = server.lines().rev().take(15).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).join("\n");
    Err(format!("the server said at last:\n{server}\n{said}\n{}", read("report.txt")))
}

#[test]
fn the_story_by_the_programming_interface() {
    tell("vscode-host", "host.mjs", 1, set_the_scene);
}

#[test]
fn the_story_by_keys_and_mouse() {
    tell("vscode-desk", "desk.mjs", 1, set_the_scene);
}

#[test]
fn the_first_minute_without_the_program() {
    // One that came with the extension, the same again after it was gone, and the one that the settings name.
    tell("vscode-alone", "alone.mjs", 3, |_| {});
}

#[test]
fn a_folder_of_notes_becomes_a_vault() {
    tell("vscode-begin", "begin.mjs", 1, |_| {});
}

#[test]
fn queries_and_templates_have_their_colours() {
    let stage = Stage::new("vscode-colours");
    let Some(mut driver) = driver(&stage, "colours.mjs") else { return };
    driver.env("EXTENSION", Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode"));
    driver.env("VSCODE", tools().join("vscode/vscode"));
    let output = driver.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The pages give the same three commands. The second is run by `.ci/editors/setup`, out of the page; the third opens the sample vault.
#[test]
fn the_first_minute_is_three_commands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap().replace("\r\n", "\n");
    for page in ["docs/vscode.md", "docs/editor.md", "editors/vscode/README.md"] {
        let text = read(page);
        let block =
            text.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap()).find(|block| block.contains("npm"));
        let lines: Vec<&str> = block.unwrap_or_else(|| panic!("{page}: no commands")).lines().collect();
        let commands = ["cargo install --path .", "npm run --prefix editors/vscode setup", "code sample-vault"];
        assert_eq!(lines, commands, "{page}");
    }
    let package: serde_json::Value = serde_json::from_str(&read("editors/vscode/package.json")).unwrap();
    assert_eq!(package["scripts"]["setup"], "npm ci && code --install-extension guanxi.vsix");
    assert!(root.join("sample-vault/guanxi.yaml").is_file());
}
