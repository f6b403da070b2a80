//! The films of the README and the guide: the story in Neovim, and the command line, each typed in a terminal as a person types it.
//! A frame is taken where the run waits for something, so every one of them is a screen that was there.

use std::cell::Cell;

use super::film::Film;
use super::find;
use super::neovim::install;
use super::screen::Screen;
use super::stage::Stage;

/// Chooses this entry of the list of completions. An answer that comes late takes the choice back: then it is made again, as a person
/// would, until it stays.
fn chooses(screen: &Screen, entry: &str) {
    let row = || screen.lines().into_iter().find(|line| line.contains(entry));
    let plain = row();
    assert!(plain.is_some(), "{entry} is not offered");
    let (marked, missed) = (Cell::new(0), Cell::new(0));
    screen.press(&["C-n"]);
    screen.until(&format!("marks {entry}"), |_| {
        if row() != plain {
            marked.set(marked.get() + 1);
            missed.set(0);
        } else {
            marked.set(0);
            missed.set(missed.get() + 1);
            if missed.get() % 20 == 0 {
                screen.press(&["C-n"]);
            }
        }
        marked.get() > 5
    });
}

#[test]
fn neovim() {
    let (Some(nvim), Some(_)) = (find("nvim"), find("tmux")) else { return };
    let stage = Stage::new("neovim-film");
    install(&stage);
    let command = format!("{} contacts/clients/kittykat123.md; echo the end; exec cat", nvim.display());
    let screen = Screen::start(&stage, &command, 112, 24);
    let mut film = Film::new(
        "neovim-film",
        "A film of Neovim: tags and links complete, a tag gets another name, a message is written to many",
    );

    screen.shows(&["6 links here", "alias: Wang Xiaoming"]);
    film.takes(&screen, "A contact is a Markdown file");
    screen.types("/^tags\r");
    screen.types("f]i, bos");
    screen.shows(&["Boston and Cambridge", "new tag"]);
    film.takes(&screen, "Half a tag is enough: , bos");
    screen.presses_until(&["C-n"], &["boston · 7 carry it", "often with"]);
    film.tells(&screen, "Ctrl-n chooses it, with who carries it");
    screen.press(&["C-y", "Escape"]);
    screen.shows(&["boston 7]"]);
    film.takes(&screen, "Ctrl-y takes it");
    screen.types(":write\r");
    screen.shows(&["written"]);

    screen.types(":edit notes/boston-trip.md\r");
    screen.shows(&["Caleb Ashgrove"]);
    screen.types("GoCall [[wxm");
    screen.shows(&["[[wxm", "王小明"]);
    film.takes(&screen, "A link by pinyin: [[wxm finds 王小明");
    chooses(&screen, "Wang Xiaoming 王小明");
    screen.press(&["C-y", "Escape"]);
    screen.shows(&["Call [[Wang Xiaoming]]"]);
    screen.types("F[K");
    screen.shows(&["Kittykat123", "Purchasing manager, Panda Lighting"]);
    film.takes(&screen, "K on a link shows the card");
    screen.types("lh");
    screen.until("has closed the card", |screen| !screen.contains("Purchasing manager, Panda"));
    screen.types(":write\r");
    screen.shows(&["written"]);

    screen.types("\u{1d}");
    screen.shows(&["alias: Wang Xiaoming"]);
    screen.types("/^tags:\rfle");
    film.takes(&screen, "Ctrl-] follows the link. The tag under the cursor shall have another name");
    screen.types("grn");
    screen.shows(&["New Name: lead"]);
    screen.press(&["C-u"]);
    screen.types("prospect");
    screen.shows(&["New Name: prospect"]);
    film.takes(&screen, "grn, and the new name");
    screen.press(&["Enter"]);
    screen.shows(&["[prospect 12, new-york"]);
    screen.types(":wall\r");
    screen.shows(&["written"]);
    film.takes(&screen, "Every file has it now; :wall writes them");

    screen.types(":edit broadcasts/autumn-catalogue.md\r");
    screen.shows(&["to: \"#prospect #new-york\"", "3 recipients"]);
    film.takes(&screen, "A message to many: who gets it stands behind to:, and the query has followed");
    screen.types("/^to:\rgrx");
    screen.shows(&["1: 3 recipients", "2: generate list", "3: preview"]);
    film.takes(&screen, "grx asks what you want");
    screen.types("2\r");
    screen.shows(&["guanxi: 3 added"]);
    screen.types("G");
    screen.until("shows the end of the list", |screen| screen.contains("<!-- /guanxi:list -->"));
    film.takes(&screen, "The list, to be ticked off");
    screen.types(":write\r");
    screen.shows(&["written"]);
    screen.types(":Guanxi broadcast preview\r");
    screen.shows(&["1 of 3"]);
    film.takes(&screen, ":Guanxi broadcast preview: each message as it will be read");
    screen.types("n");
    screen.shows(&["2 of 3"]);
    film.takes(&screen, "n is the next one, with their own words in it");
    film.ends();

    screen.types(":wall\r:qall\r");
    screen.shows(&["the end"]);
    stage.judge();
}

#[test]
fn the_command_line() {
    if find("tmux").is_none() {
        return;
    }
    let stage = Stage::new("terminal-film");
    let screen = Screen::start(&stage, "PS1='$ ' exec sh", 100, 20);
    let mut film =
        Film::new("terminal-film", "A film of the command line: who carries two tags, who is meant, who gets a message");
    screen.shows(&["$"]);

    let mut steps = 0;
    let mut shows = |typed: &str, comes: &str, first, then| {
        screen.types(typed);
        screen.until("shows what was typed", |screen| screen.trim_end().ends_with(typed));
        film.takes(&screen, first);
        screen.press(&["Enter"]);
        screen.until("shows what comes, and the prompt", |screen| screen.contains(comes) && screen.trim_end().ends_with("\n$"));
        film.takes(&screen, then);
        steps += 1;
    };
    shows("guanxi list '#lead #new-york'", "Mira Okolund", "Who carries both tags?", "Exactly these");
    shows("guanxi find wxm", "Panda Lighting", "Somebody, by the initials of the name", "王小明 is found");
    shows(
        "guanxi list '#lead -#do-not-contcat'",
        "near:",
        "A misspelt tag …",
        "… is an error, and never reaches those who said no",
    );
    shows(
        "clear; guanxi broadcast list '#lead #new-york' --via email --reasons",
        "Ivo",
        "A message by mail",
        "Who gets it; who does not, and why",
    );
    assert_eq!(steps, 4);
    film.ends();
}
