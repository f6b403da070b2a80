//! A terminal of a test's own (tmux): type into it, wait until it shows something, take its picture.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::stage::Stage;
use super::tools;
use crate::picture;

/// How long a screen may take to show what it should: only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// When a question that brought nothing is asked again.
const AGAIN: Duration = Duration::from_secs(4);

pub struct Screen {
    socket: String,
    /// Where the vault is, which no picture shows: it is another folder in each run.
    vault: String,
}

impl Screen {
    /// Starts a command line of the shell in the vault, on a terminal with so many columns and rows.
    pub fn start(stage: &Stage, command: &str, columns: usize, rows: usize) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let vault = stage.vault().display().to_string();
        let screen = Self { socket: format!("guanxi-{}-{number}", std::process::id()), vault };
        let mut tmux = screen.tmux();
        tmux.env_clear().envs(stage.environment()).current_dir(stage.vault());
        // One call, so that the settings hold before the command starts: full colours, and no waiting after Escape.
        tmux.args([
            "start-server",
            ";",
            "set",
            "-sg",
            "escape-time",
            "0",
            ";",
            "set",
            "-sg",
            "default-terminal",
            "tmux-256color",
            ";",
        ]);
        tmux.args([
            "set",
            "-sag",
            "terminal-features",
            ",*:RGB",
            ";",
            "set",
            "-g",
            "remain-on-exit",
            "on",
            ";",
            "set",
            "-g",
            "status",
            "off",
            ";",
        ]);
        let (columns, rows) = (columns.to_string(), rows.to_string());
        tmux.args(["new-session", "-d", "-x", &columns, "-y", &rows, command]);
        let output = tmux.output().expect("tmux starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        screen
    }

    fn tmux(&self) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.socket, "-f", "/dev/null", "-u"]);
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.tmux().args(arguments).output().expect("tmux runs");
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Types text as it stands.
    pub fn types(&self, text: &str) {
        self.run(&["send-keys", "-l", "--", text]);
    }

    /// Presses keys by tmux's names: `Escape`, `Enter`, `C-x`, `Down`.
    pub fn press(&self, keys: &[&str]) {
        self.run(&[&["send-keys"], keys].concat());
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        self.run(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows all these texts.
    pub fn shows(&self, texts: &[&str]) {
        self.until(&format!("shows {texts:?}"), |screen| texts.iter().all(|text| screen.contains(text)));
    }

    /// Presses keys until the screen shows all these texts: an editor may drop a question when something else comes in between.
    pub fn presses_until(&self, keys: &[&str], texts: &[&str]) {
        let began = Instant::now();
        loop {
            self.press(keys);
            let asked = Instant::now();
            while asked.elapsed() < AGAIN {
                if texts.iter().all(|text| self.text().contains(text)) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            assert!(began.elapsed() < PATIENCE, "the screen never shows {texts:?}:\n{}", self.text());
        }
    }

    /// Waits until the screen is as it should be.
    pub fn until(&self, what: &str, right: impl Fn(&str) -> bool) {
        let began = Instant::now();
        loop {
            let text = self.text();
            if right(&text) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the screen never {what}:\n{text}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the command has ended.
    pub fn ends(&self) {
        self.until("ends", |_| self.run(&["display-message", "-p", "#{pane_dead}"]).trim() == "1");
    }

    /// What stands there, line by line, with its colours. The vault is in a folder of the same length that is always the same.
    pub fn lines(&self) -> Vec<String> {
        let (begins, ends) = ("/home/", "/contacts");
        let name = "everybody".chars().cycle().take(self.vault.len().saturating_sub(begins.len() + ends.len()));
        let folder = format!("{begins}{}{ends}", name.collect::<String>());
        self.run(&["capture-pane", "-e", "-p", "-N"]).lines().map(|line| line.replace(&self.vault, &folder)).collect()
    }

    /// The column and the row of the cursor, where it can be seen.
    pub fn cursor(&self) -> Option<(usize, usize)> {
        let told = self.run(&["display-message", "-p", "#{cursor_flag} #{cursor_x} #{cursor_y}"]);
        let mut numbers = told.split_whitespace().map(|number| number.parse().unwrap());
        let (visible, x, y) = (numbers.next()?, numbers.next()?, numbers.next()?);
        (visible == 1usize).then_some((x, y))
    }

    /// Waits until nothing moves any more: only who makes a picture anew needs that.
    pub fn rests(&self) {
        let (mut last, mut same) = (self.lines(), 0);
        while same < 12 {
            std::thread::sleep(Duration::from_millis(50));
            let now = self.lines();
            same = if now == last { same + 1 } else { 0 };
            last = now;
        }
    }

    /// Waits until the screen says what a picture in the repository says. How `now` reads the screen is how the picture was read.
    pub fn agrees(&self, path: &str, said: &[String], now: impl Fn(&[String]) -> Vec<String>) {
        let began = Instant::now();
        while is_held() {
            let lines = now(&self.lines());
            if lines == said {
                return;
            }
            let there = |line: &&String| !said.contains(line);
            let gone = |line: &&String| !lines.contains(line);
            assert!(
                began.elapsed() < PATIENCE,
                "{path} is out of date: GUANXI_UPDATE=1 cargo test editors\nonly on the screen: {:#?}\nonly in the picture: {:#?}",
                lines.iter().filter(there).collect::<Vec<_>>(),
                said.iter().filter(gone).collect::<Vec<_>>()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Writes the picture `docs/pictures/NAME.svg` of what stands there now, where pictures are made anew. Else the picture that is
    /// there must say what the screen says.
    pub fn picture(&self, name: &str, label: &str) {
        let path = format!("docs/pictures/{name}.svg");
        if picture::updating() {
            self.rests();
            picture::write(&path, picture::svg(&self.lines(), label).as_bytes());
        } else {
            let said = picture::words(&picture::read(&path));
            self.agrees(&path, &said, |lines| picture::words(&picture::svg(lines, label)));
        }
    }
}

/// Whether pictures are compared: where `.ci/editors/setup` installed the editors. Another version of one may draw another screen.
pub fn is_held() -> bool {
    tools().join("bin").is_dir()
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}
