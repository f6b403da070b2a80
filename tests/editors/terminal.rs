//! No editor at all: a person who types `guanxi lsp` to see what it is.

use super::find;
use super::screen::Screen;
use super::stage::Stage;

#[test]
fn a_person_at_a_terminal_is_greeted() {
    if find("tmux").is_none() {
        return;
    }
    let stage = Stage::new("terminal");
    let screen = Screen::start(&stage, "guanxi lsp; exec cat", 120, 12);
    screen.shows(&["language server"]);
}
