//! Vim 9: with ALE for what the server says while one types, and with `:Guanxi` for what the command line answers.

use std::fs;
use std::path::Path;

use super::find;
use super::screen::Screen;
use super::shelf;
use super::stage::Stage;

const WANG: &str = "contacts/clients/kittykat123.md";
const TRIP: &str = "notes/boston-trip.md";
const AUTUMN: &str = "broadcasts/autumn-catalogue.md";

/// The piece of the README's settings that begins with this line.
fn snippet(first: &str) -> String {
    let page = include_str!("../../editors/vim/README.md");
    let found = page.split("```vim\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    found.into_iter().find(|block| block.starts_with(first)).unwrap_or_else(|| panic!("the README has no {first}")).to_owned()
}

/// A home with the plugin and with settings as the README gives them; nothing where Vim or the terminal is not installed.
fn set(settings: &str) -> Option<Stage> {
    find("vim").and(find("tmux"))?;
    let stage = Stage::new("vim");
    let packages = stage.home().join(".vim/pack/guanxi/start");
    fs::create_dir_all(&packages).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vim"), packages.join("guanxi")).unwrap();
    let own = "set nocompatible hidden noswapfile viminfo=\nfiletype plugin on\nsyntax on\n";
    fs::write(stage.home().join(".vimrc"), format!("{own}{settings}")).unwrap();
    Some(stage)
}

fn with_ale() -> Option<Stage> {
    let is_there = Path::new("/usr/share/vim-ale").is_dir();
    let required = std::env::var_os("REQUIRE_EDITORS").is_some_and(|value| value == "1");
    assert!(is_there || !required, "ALE is not installed: .ci/editors/setup vim");
    if !is_there {
        return None;
    }
    set(&format!("packadd! ale\n{}", snippet("let g:ale_linters")))
}

fn enters(screen: &Screen, line: &str) {
    screen.types(line);
    screen.press(&["Enter"]);
}

/// Leaves inserting. A key that came right behind Escape would be read together with it.
fn escapes(screen: &Screen) {
    screen.press(&["Escape"]);
    screen.until("leaves inserting", |screen| !screen.contains("-- INSERT --") && !screen.contains("completion ("));
}

#[test]
fn the_story_of_a_contact() {
    let Some(stage) = with_ale() else { return };
    let screen = Screen::start(&stage, &format!("exec vim {WANG}"), 112, 36);

    // The nickname gets the name he is known by: what is wrong says so, and offers one.
    screen.shows(&["alias: Wang Xiaoming", "All"]);
    enters(&screen, "/^alias:");
    screen.types("dd");
    screen.until("marks what is wrong", |screen| screen.contains(">>") && screen.contains("no contact: add `alias:`"));
    enters(&screen, ":ALENext");
    enters(&screen, ":ALECodeAction");
    screen.shows(&["1) Set alias to `王小明`", "Type number and <Enter>"]);
    enters(&screen, "1");
    screen.until("has an alias", |screen| screen.contains("alias: 王小明") && !screen.contains(">>"));
    enters(&screen, "/^alias:");
    screen.types("Calias: Wang Xiaoming");
    escapes(&screen);

    // Half a word of a tag.
    enters(&screen, "/^tags:");
    screen.types("f]i, bost");
    screen.press(&["C-x", "C-o"]);
    screen.shows(&["6 · Boston and Cambridge", "new tag"]);
    screen.picture("vim-completion", "Vim completes a tag from half a word");
    screen.press(&["C-n", "C-y"]);
    screen.shows(&["tags: [lead, new-york, event/ces-2026, boston]"]);
    escapes(&screen);
    enters(&screen, ":write");
    screen.until("writes the contact", |_| stage.holds(WANG, "alias: Wang Xiaoming\n"));
    assert!(stage.text(WANG).contains("tags: [lead, new-york, event/ces-2026, boston]\n"));

    // A link by the sound of his name, and his card.
    enters(&screen, &format!(":edit {TRIP}"));
    screen.shows(&["# Boston, two days in June"]);
    screen.types("GoCall [[wxm");
    screen.press(&["C-x", "C-u"]);
    screen.shows(&["Wang Xiaoming Panda Lighting"]);
    screen.press(&["C-n", "C-y"]);
    screen.shows(&["Call [[Wang Xiaoming]]"]);
    escapes(&screen);
    enters(&screen, ":write");
    screen.until("writes the note", |_| stage.holds(TRIP, "\nCall [[Wang Xiaoming]]\n"));
    screen.types("F[l");
    enters(&screen, ":ALEHover");
    screen.shows(&["picture: cards/wang-xiaoming.png", "Purchasing manager, Panda Lighting"]);
    screen.picture("vim-hover", "Vim with ALE shows the card of a person behind a link");
    screen.types("h");

    // People by their tags, and by pinyin.
    enters(&screen, ":Guanxi list #lead #new-york");
    screen.shows(&["ada-thornquist.md|2| Ada Thornquist · Quillfeather Books", "mira-okolund.md|2| Mira Okolund · #lead"]);
    screen.picture("vim-people", "Vim lists everybody who carries two tags");
    enters(&screen, ":Guanxi find wxm");
    screen.until("finds him alone", |screen| screen.contains("Guanxi find wxm") && !screen.contains("ada-thornquist.md|"));
    screen.press(&["Enter"]);
    screen.until("goes to him", |screen| screen.lines().any(|line| line.starts_with(WANG) && line.contains("16,1")));
    enters(&screen, ":cclose");

    // A tag gets another name: in every file as the command line would have done it.
    let expected = shelf::after(&stage, &["tag", "rename", "lead", "prospect"]);
    enters(&screen, "/lead");
    enters(&screen, ":ALERename");
    screen.shows(&["New name: lead"]);
    screen.press(&["C-u"]);
    enters(&screen, "prospect");
    screen.shows(&["tags: [prospect, new-york, event/ces-2026, boston]"]);
    // What ALE opened is shown by its whole path; from here, by the one within the vault.
    enters(&screen, ":wall | cd .");
    screen.until("has every file right", |_| shelf::of(&stage.vault()) == expected);

    // A broadcast: who gets it, the list to tick off, and what it says to one of them.
    enters(&screen, &format!(":edit {AUTUMN}"));
    screen.shows(&["subject: The autumn catalogue"]);
    enters(&screen, ":Guanxi broadcast list");
    screen.shows(&["Wang Xiaoming · wang@panda.example", "left out: Hoshi Marlowe: has no `emails`", "3 recipients, 3 left out"]);
    enters(&screen, ":cclose");
    enters(&screen, ":Guanxi refresh");
    screen.until("writes the list", |_| stage.holds(AUTUMN, "- [ ] [[Ada Thornquist]] · ada@quillfeather.example\n"));
    screen.shows(&["3 added, 0 kept, 0 dropped"]);
    enters(&screen, "G:Guanxi preview Wang Xiaoming");
    screen.shows(&["To: Wang Xiaoming · wang@panda.example", "Dear Wang Xiaoming,", "- [ ] [[Mira Okolund]]"]);
    screen.picture("vim-preview", "Vim with a broadcast, its list, and the message to one person below it");
    // The preview follows what is saved.
    enters(&screen, ":%s/^Dear/Hello/");
    enters(&screen, ":write");
    screen.shows(&["Hello Wang Xiaoming,"]);
    enters(&screen, ":qall");
    screen.ends();
    stage.judge();
}

/// The other commands of ALE that the page tells of.
#[test]
fn what_ale_can_do_besides() {
    let Some(stage) = with_ale() else { return };
    let text = "---\nalias: Pat Quill\nTags: [lead, boston]\nemails: [pat]\n---\n\nMet Some Person.\n";
    fs::write(stage.vault().join("contacts/pat.md"), text).unwrap();
    let screen = Screen::start(&stage, "exec vim contacts/pat.md", 112, 36);
    screen.shows(&["`Tags` is read as `tags`", "`pat` is not a mail address"]);
    enters(&screen, ":ALEPopulateQuickfix | copen");
    screen.shows(&["contacts/pat.md|3 col 1-4 warning| key-unknown: `Tags` is read as `tags`", "email-invalid:"]);
    enters(&screen, ":cclose");
    enters(&screen, "/^emails");
    enters(&screen, ":ALEDetail");
    screen.shows(&["[guanxi] `pat` is not a mail address"]);
    screen.types("k");
    enters(&screen, ":ALESymbolSearch #lead #boston");
    screen.shows(&["caleb-ashgrove.md:2:8 Caleb Ashgrove"]);
    enters(&screen, ":only");
    enters(&screen, ":buffer contacts/pat.md");
    screen.shows(&["Met Some Person."]);
    enters(&screen, "/Some");
    screen.types("vee");
    enters(&screen, ":ALECodeAction");
    screen.shows(&["1) Create contact “Some Person”", "2) Apply all safe fixes in this file"]);
    enters(&screen, "1");
    screen.shows(&["Met [[Some Person]]."]);
    enters(&screen, "gg/boston");
    enters(&screen, ":ALEFindReferences -quickfix");
    screen.shows(&["(1 of "]);
    enters(&screen, ":copen");
    screen.shows(&["caleb-ashgrove.md|3 col"]);
    enters(&screen, ":qall!");
    screen.ends();
    stage.judge();
}

/// Vim alone, without a plugin for language servers: every `:Guanxi` command.
#[test]
fn commands_without_a_server() {
    let Some(stage) = set("") else { return };
    let screen = Screen::start(&stage, &format!("exec vim {WANG}"), 112, 36);
    screen.shows(&["alias: Wang Xiaoming"]);
    // Words of a shell are words of a query: nothing runs them.
    enters(&screen, ":Guanxi find $(>na) `>na` ;>na | li");
    screen.shows(&["[Quickfix List] Guanxi find $(>na) `>na` ;>na | li"]);
    assert!(!stage.vault().join("na").exists());
    enters(&screen, ":Guanxi list #laed");
    screen.shows(&["no contact has the tag `laed`"]);
    screen.press(&["Enter"]);
    enters(&screen, ":Guanxi frobnicate");
    screen.shows(&["there is no `:Guanxi frobnicate`"]);
    screen.press(&["Enter"]);

    enters(&screen, ":Guanxi tags");
    screen.shows(&["architect", "Specifies light, rarely buys it", "guanxi://tags"]);
    enters(&screen, "/^boston");
    screen.press(&["Enter"]);
    screen.shows(&["Guanxi list tag:\"boston\"", "saoirse-quillinan.md|2|"]);
    enters(&screen, ":only");
    enters(&screen, ":Guanxi show 王小明");
    screen.shows(&["guanxi://show", "Purchasing manager"]);
    screen.types("q");
    screen.until("closes the window", |screen| !screen.contains("guanxi://show"));

    // What writes wants everything saved, and buffers follow the disk.
    enters(&screen, ":edit contacts/suppliers/li-na.md");
    screen.shows(&["alias: Li Na"]);
    screen.types("Goand more");
    escapes(&screen);
    enters(&screen, ":Guanxi tag add choir");
    screen.shows(&["not saved: li-na.md: `:wall` first"]);
    enters(&screen, ":write");
    screen.until("writes", |_| stage.holds("contacts/suppliers/li-na.md", "and more\n"));
    enters(&screen, ":Guanxi tag add trade\\ press");
    screen.shows(&["event/light-build-2025, trade press]"]);
    enters(&screen, ":Guanxi tag add vip tag:\"trade press\" #供应商");
    screen.shows(&["trade press, vip]"]);
    assert_eq!(shelf::of(&stage.vault()).values().filter(|text| text.contains("vip")).count(), 1);
    enters(&screen, ":Guanxi tag rename vip trade\\ press");
    screen.shows(&["`trade press` exists already"]);
    screen.press(&["Enter"]);
    enters(&screen, ":Guanxi! tag rename vip trade\\ press");
    screen.until("merges", |screen| screen.contains("event/light-build-2025, trade press]") && !screen.contains("press, vip"));
    enters(&screen, ":Guanxi tag remove trade\\ press");
    screen.shows(&["event/light-build-2025]"]);
    screen.types(":Guanxi tag remove nei");
    screen.press(&["Tab"]);
    screen.shows(&[":Guanxi tag remove neighbour"]);
    screen.press(&["C-c"]);
    // What is typed right behind an interruption goes with it.
    screen.until("leaves the line", |screen| !screen.contains(":Guanxi tag remove nei"));
    enters(&screen, ":Guanxi new Chen Jie #lead #trade\\ press");
    screen.shows(&["alias: Chen Jie", "tags: [lead, trade press]", "contacts/chen-jie.md"]);

    // A place behind wide letters is found by its byte.
    fs::write(stage.vault().join("notes/茶.md"), "茶🍵 and [[Nobody At All]]\n").unwrap();
    enters(&screen, ":Guanxi check notes");
    screen.shows(&["notes/茶.md|1 col 15 warning| no contact or note named `Nobody At All`", "(link-unresolved)"]);
    enters(&screen, ":qall");
    screen.ends();
    assert_eq!(stage.conversations(), 0);
}

/// The settings for other plugins reach the functions of those plugins, which stand-ins take here, as they should.
#[test]
fn settings_for_other_plugins_are_understood() {
    let stand_ins = [
        (
            "lsp.vim",
            "function! lsp#register_server(told) abort\n  let g:told = [a:told.name, a:told.cmd({}), a:told.allowlist, a:told.root_uri({})]\nendfunction\n",
        ),
        ("lsp/utils.vim", "function! lsp#utils#path_to_uri(path) abort\n  return 'file://' . a:path\nendfunction\n"),
    ];
    let servers = "function! LspAddServer(servers) abort\n  let [l:one] = a:servers\n  let g:told = [l:one.name, [l:one.path] + l:one.args, l:one.filetype, l:one.rootSearch]\nendfunction\n";
    let Some(stage) = set("") else { return };
    fs::create_dir_all(stage.home().join(".vim/autoload/lsp")).unwrap();
    stand_ins.into_iter().for_each(|(name, text)| fs::write(stage.home().join(".vim/autoload").join(name), text).unwrap());
    for (first, root) in [
        ("autocmd User lsp_setup", format!("'file://{}'", stage.vault().display())),
        ("autocmd VimEnter", "['guanxi.yaml']".to_owned()),
    ] {
        let script = stage.home().join("try.vim");
        let rest = "doautocmd <nomodeline> User lsp_setup\ndoautocmd <nomodeline> VimEnter\ncall writefile([string(g:told)], $HOME . '/told')\nqall!\n";
        fs::write(&script, format!("{servers}edit {WANG}\n{}{rest}", snippet(first))).unwrap();
        let mut vim = stage.command(&find("vim").unwrap());
        let output = vim.args(["-N", "-es", "-u"]).arg(stage.home().join(".vimrc")).arg("-S").arg(&script).output().unwrap();
        let told = fs::read_to_string(stage.home().join("told")).unwrap_or_else(|error| panic!("{first}: {error}: {output:?}"));
        assert_eq!(told.trim(), format!("['guanxi', ['guanxi', 'lsp'], ['markdown', 'yaml'], {root}]"), "{first}");
        fs::remove_file(stage.home().join("told")).unwrap();
    }
}
