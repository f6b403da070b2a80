//! Editors that cannot be had here: what ships for them is read, as far as it is settings the server is started by it, and it must
//! complete something.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::Desk;
use crate::lsp::capabilities;
use crate::lsp::client::Client;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(path)).unwrap()
}

/// The command line of a server in settings is that of ours, and it serves.
fn serves(command: &Value) {
    assert_eq!(*command, serde_json::json!(["guanxi", "lsp"]));
    let desk = Desk::new("== guanxi.yaml\n== a.md\n---\nalias: A\n---\n");
    let mut client = Client::start(desk.root(), capabilities::full());
    assert!(client.server()["completionProvider"].is_object());
    client.round_trip();
    client.shutdown();
}

#[test]
fn sublime_text_starts_the_server_for_markdown() {
    let settings: Value = serde_json::from_str(&read("sublime/LSP.sublime-settings")).unwrap();
    let server = &settings["clients"]["guanxi"];
    assert_eq!((&server["enabled"], &server["selector"]), (&Value::Bool(true), &Value::from("text.html.markdown")));
    serves(&server["command"]);
}

#[test]
fn kate_starts_the_server_for_markdown() {
    let settings: Value = serde_json::from_str(&read("kate/settings.json")).unwrap();
    let server = &settings["servers"]["markdown"];
    assert_eq!(server["rootIndicationFileNames"], serde_json::json!(["guanxi.yaml"]));
    assert_eq!(server["highlightingModeRegex"], "^Markdown$");
    serves(&server["command"]);
}

#[test]
fn zed_knows_the_server_by_the_name_that_its_settings_use() {
    let manifest = read("zed/extension.toml");
    for line in ["id = \"guanxi\"", "schema_version = 1", "[language_servers.guanxi]", "languages = [\"Markdown\"]"] {
        assert!(manifest.lines().any(|one| one == line), "{line}");
    }
    // The same version as everywhere.
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&version) && read("zed/Cargo.toml").contains(&version));
}

fn cargo(arguments: &[&str]) {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/zed/Cargo.toml");
    let output = Command::new(env!("CARGO")).args(arguments).arg("--manifest-path").arg(manifest).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_zed_extension_is_formatted() {
    cargo(&["fmt", "--check"]);
}

#[test]
#[ignore = "compiles for a minute or more, and wants `rustup target add wasm32-wasip2`"]
fn the_zed_extension_compiles() {
    let target = super::tools().join("zed");
    cargo(&["check", "--locked", "--target", "wasm32-wasip2", "--target-dir", target.to_str().unwrap()]);
}
