//! Helix, with nothing but the lines of `editors/helix/languages.toml`: the story of a contact, typed into it in a terminal.

use std::fs;
use std::time::Duration;

use super::find;
use super::screen::Screen;
use super::shelf;
use super::stage::Stage;

/// A stage with Helix's settings in the home; nothing where Helix or the terminal is not installed.
fn set() -> Option<Stage> {
    find("hx").and(find("tmux"))?;
    let stage = Stage::new("helix");
    let settings = stage.home().join(".config/helix");
    fs::create_dir_all(&settings).unwrap();
    fs::write(settings.join("languages.toml"), include_str!("../../editors/helix/languages.toml")).unwrap();
    Some(stage)
}

/// Types like a hand: Helix 25.01 may tell a server of two letters in the wrong order that come within the same millisecond.
fn types(screen: &Screen, text: &str) {
    for letter in text.chars() {
        screen.types(letter.encode_utf8(&mut [0; 4]));
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// A line for Helix's prompt: a search, a command.
fn enters(screen: &Screen, line: &str) {
    types(screen, line);
    screen.press(&["Enter"]);
}

/// Presses Escape, and waits until what it ends is gone. A key that came right behind it would be read as Alt and that key.
fn escapes(screen: &Screen, what: &str) {
    screen.press(&["Escape"]);
    screen.until(&format!("leaves {what:?}"), |screen| !screen.contains(what));
}

/// Waits until the vault is read. Helix 25.01 passes over the end of a progress that comes while its prompt is open, and turns its
/// wheel for ever.
fn reads(stage: &Stage, screen: &Screen) {
    screen.until("says that the vault is read", |_| stage.heard("\"value\":{\"kind\":\"end\""));
}

/// The line of this number, as it stands in the editor.
fn line(screen: &str, number: usize) -> &str {
    let is_numbered = |line: &&str| line.trim_start_matches([' ', '●']).starts_with(&format!("{number} "));
    screen.lines().find(is_numbered).unwrap_or("")
}

const WANG: &str = "contacts/clients/kittykat123.md";
const TRIP: &str = "notes/boston-trip.md";
const AUTUMN: &str = "broadcasts/autumn-catalogue.md";

/// A text without its colours.
fn plain(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, text)| text)).collect::<String>()
}

#[test]
fn its_own_check_finds_the_server() {
    let Some(stage) = set() else { return };
    for language in ["markdown", "yaml"] {
        let output = stage.command(&find("hx").unwrap()).args(["--health", language]).output().unwrap();
        let said = plain(&String::from_utf8_lossy(&output.stdout));
        let found = said.lines().any(|line| line.contains("✓ guanxi: /") && line.ends_with("/bin/guanxi"));
        assert!(output.status.success() && found, "{said}");
    }
}

#[test]
fn the_story_of_a_contact() {
    let Some(stage) = set() else { return };
    let screen = Screen::start(&stage, &format!("exec hx {WANG}"), 116, 40);

    // The nickname gets the name he is known by: what is wrong says so, and offers one.
    screen.shows(&["alias: Wang Xiaoming"]);
    reads(&stage, &screen);
    enters(&screen, "/^alias:");
    types(&screen, "xd");
    screen.until("marks what is wrong", |screen| screen.contains("● 1") && !screen.contains("alias: Wang"));
    types(&screen, "]d");
    screen.shows(&["no contact: add `alias:`"]);
    types(&screen, " a");
    screen.shows(&["Set alias to `王小明`", "Set alias to `Kittykat123`"]);
    screen.press(&["Enter"]);
    screen.until("has an alias", |screen| screen.contains("alias: 王小明") && !screen.contains("● 1"));
    enters(&screen, "/^alias:");
    types(&screen, "xcalias: Wang Xiaoming");
    escapes(&screen, " INS ");

    // Half a word of a tag.
    enters(&screen, "/ces-2026");
    types(&screen, "a, bost");
    let offers = |screen: &str, name: &str| {
        screen
            .lines()
            .any(|line| line.split_once(&format!(" {name} ")).is_some_and(|(_, rest)| rest.trim().starts_with("keyword")))
    };
    screen.until("offers the tag", |screen| screen.contains("ces-2026, bost]") && offers(screen, "boston"));
    // Helix 25.01 asks once and then sieves what it was given, so what it offers hangs on when it asked. Ctrl-X asks for this word.
    escapes(&screen, " INS ");
    types(&screen, "a");
    screen.press(&["C-x"]);
    screen.until("offers the word as a new tag too", |screen| offers(screen, "bost") && offers(screen, "boston"));
    screen.press(&["Tab"]);
    screen.shows(&["boston · 6 carry it", "Boston and Cambridge"]);
    screen.picture("helix-completion", "Helix completes a tag from half a word");
    screen.press(&["Enter"]);
    screen.until("closes the menu", |screen| !screen.contains("boston · 6 carry it"));
    escapes(&screen, " INS ");
    screen.shows(&["tags: [lead, new-york, event/ces-2026, boston]"]);
    enters(&screen, ":write");
    screen.until("writes the contact", |_| stage.holds(WANG, "alias: Wang Xiaoming\n"));
    assert!(stage.text(WANG).contains("tags: [lead, new-york, event/ces-2026, boston]\n"));

    // A link by the sound of his name, and his card.
    enters(&screen, &format!(":open {TRIP}"));
    screen.shows(&["Boston, two days in June"]);
    types(&screen, "geoCall [[wxm");
    screen.until("offers him", |screen| screen.contains("Call [[wxm") && screen.contains("Wang Xiaoming"));
    screen.press(&["Tab"]);
    screen.shows(&["Call [[Wang Xiaoming]]", "Purchasing manager, Panda Lighting"]);
    screen.press(&["Enter"]);
    screen.until("closes the menu", |screen| !screen.contains("Panda Lighting"));
    escapes(&screen, " INS ");
    enters(&screen, ":write");
    screen.until("writes the note", |_| stage.holds(TRIP, "\nCall [[Wang Xiaoming]]\n"));
    types(&screen, "hhh k");
    screen.shows(&["Wang Xiaoming · 王小明", "Purchasing manager, Panda Lighting", "Buys LED panels."]);
    screen.picture("helix-hover", "Helix shows the card of a person behind a link");
    escapes(&screen, "Panda Lighting");
    types(&screen, "gd");
    screen.shows(&["username: Kittykat123"]);

    // People by their tags, and by pinyin.
    types(&screen, " S#lead #new-york");
    screen.shows(&["#lead #new-york", "6/6", "class Ada Thornquist", "class Wang Xiaoming"]);
    screen.picture("helix-people", "Helix finds everybody who carries two tags");
    escapes(&screen, "6/6");
    types(&screen, " Swxm");
    screen.shows(&["wxm", "1/1", "class Wang Xiaoming"]);
    screen.press(&["Enter"]);
    screen.until("goes to him", |screen| screen.contains(WANG) && !screen.contains("1/1"));

    // A tag gets another name: in every file as the command line would have done it.
    let expected = shelf::after(&stage, &["tag", "rename", "lead", "prospect"]);
    enters(&screen, "/lead");
    types(&screen, " r");
    screen.shows(&["rename-to:lead"]);
    screen.press(&["C-u"]);
    types(&screen, "prospect");
    screen.shows(&["rename-to:prospect"]);
    screen.press(&["Enter"]);
    screen.shows(&["tags: [prospect, new-york, event/ces-2026, boston]"]);
    enters(&screen, ":write-all");
    screen.until("has every file right", |_| shelf::of(&stage.vault()) == expected);

    // A broadcast: who gets it, the list to tick off, and what it says to one of them.
    enters(&screen, &format!(":open {AUTUMN}"));
    screen.shows(&["subject: The autumn catalogue"]);
    enters(&screen, "/prospect");
    types(&screen, " k");
    screen.shows(&["3 recipients, 3 left out (1 unreachable)", "Ada Thornquist · ada@quillfeather.example"]);
    escapes(&screen, "3 recipients");
    types(&screen, " a");
    screen.shows(&["Generate list", "Preview"]);
    screen.press(&["Down", "Enter"]);
    screen.shows(&["3 messages: generate the list, then hover over one of its lines"]);
    types(&screen, " a");
    screen.shows(&["Generate list", "Preview"]);
    screen.press(&["Enter"]);
    screen.until("has the list", |screen| line(screen, 22).contains("- [ ] [[Wang Xiaoming]] · wang@panda.example"));
    enters(&screen, ":write");
    screen.until("writes the list", |_| stage.holds(AUTUMN, "- [ ] [[Ada Thornquist]] · ada@quillfeather.example\n"));
    types(&screen, "22Gzt k");
    screen.shows(&["The autumn catalogue", "Dear Wang Xiaoming,", "I hope all is well at Panda Lighting."]);
    screen.picture("helix-broadcast", "Helix shows a line of a broadcast's list, and the message to that person");
    escapes(&screen, "Dear Wang Xiaoming");
    enters(&screen, ":quit-all");
    screen.ends();
    stage.judge();
}

/// Helix asks before it moves a file: links by path follow.
#[test]
fn a_file_moves_and_links_follow() {
    let Some(stage) = set() else { return };
    let screen = Screen::start(&stage, &format!("exec hx {WANG}"), 116, 40);
    screen.shows(&["alias: Wang Xiaoming"]);
    reads(&stage, &screen);
    enters(&screen, "/lead");
    types(&screen, " k");
    screen.shows(&["Could buy within a year"]);
    escapes(&screen, "Could buy within a year");
    enters(&screen, ":move contacts/clients/wang-xiaoming.md");
    let is_there = |line: &str| line.starts_with(" NOR ") && line.contains("contacts/clients/wang-xiaoming.md");
    screen.until("has moved", |screen| screen.lines().any(is_there));
    enters(&screen, ":write-all");
    let link = "[the file of Kittykat123](contacts/clients/wang-xiaoming.md)";
    screen.until("has the link right", |_| stage.holds("README.md", link));
    assert!(!stage.vault().join(WANG).exists());
    enters(&screen, ":quit-all");
    screen.ends();
    stage.judge();
}

/// What the page tells besides: all places of a tag, all fixes at once, and what a message fills in.
#[test]
fn what_the_page_tells_besides() {
    let Some(stage) = set() else { return };
    let text = "---\nalias: Pat Quill\nTags: [lead, boston]\n---\n\n[[Li Na]] knows Some Person. #lead, #lead.\n";
    fs::write(stage.vault().join("contacts/pat.md"), text).unwrap();
    fs::copy(stage.vault().join("cards/li-na.png"), stage.vault().join("cards/pat.png")).unwrap();
    let screen = Screen::start(&stage, "exec hx contacts/pat.md", 116, 40);
    screen.shows(&["alias: Pat Quill", "● 1"]);
    reads(&stage, &screen);
    enters(&screen, "/lead");
    types(&screen, " h");
    screen.shows(&["3 sels"]);
    types(&screen, ",gr");
    screen.shows(&["contacts/pat.md:3", "contacts/clients/kittykat123.md:5"]);
    escapes(&screen, "contacts/clients/kittykat123.md:5");
    enters(&screen, "gg/Tags");
    types(&screen, " a");
    screen.shows(&["Rename `Tags` to `tags`", "Sort the tags", "Apply all safe fixes in this file", "Explain `key-unknown`"]);
    screen.press(&["Up", "Up", "Enter"]);
    screen.shows(&["key-unknown", "Severity: warning"]);
    types(&screen, " a");
    screen.shows(&["Apply all safe fixes in this file"]);
    screen.press(&["Up", "Up", "Up", "Enter"]);
    screen.until("has fixed it", |screen| line(screen, 3).contains("tags: [lead, boston]"));
    enters(&screen, "gg/alias");
    types(&screen, " a");
    screen.shows(&["Set card to `cards/pat.png`"]);
    escapes(&screen, "Set card to");
    enters(&screen, "gg/Some Person");
    types(&screen, " a");
    screen.shows(&["Create contact “Some Person”"]);
    escapes(&screen, "Create contact");
    enters(&screen, ":write");
    screen.until("writes", |_| stage.holds("contacts/pat.md", "tags: [lead, boston]\n"));

    enters(&screen, &format!(":open {AUTUMN}"));
    enters(&screen, "/greeting");
    types(&screen, " k");
    screen.shows(&["how you address them in a message", "for Ada Thornquist: Ada Thornquist"]);
    escapes(&screen, "for Ada Thornquist");
    types(&screen, "gr");
    screen.shows(&["broadcasts/autumn-catalogue.md:7", "broadcasts/reunion.md:6"]);
    escapes(&screen, "broadcasts/reunion.md:6");
    types(&screen, "gd");
    screen.shows(&["greeting: Mira"]);
    enters(&screen, ":quit-all");
    screen.ends();
    stage.judge();
}

/// Markdown that is no vault's is left alone.
#[test]
fn outside_a_vault_no_server_is_started() {
    let Some(stage) = set() else { return };
    fs::create_dir(stage.home().join("plain")).unwrap();
    fs::write(stage.home().join("plain/note.md"), "# Plain\n").unwrap();
    let screen = Screen::start(&stage, "cd ~/plain && exec hx note.md", 100, 12);
    screen.shows(&["# Plain"]);
    types(&screen, " k");
    screen.shows(&["No configured language server supports hover"]);
    assert!(stage.conversations() == 0);
    enters(&screen, ":quit-all");
    screen.ends();
}
