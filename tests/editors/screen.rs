//! A terminal of a test's own (tmux): type into it, wait until it shows something, take its picture.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::stage::Stage;
use crate::picture;

/// How long a screen may take to show what it should: only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// When a question that brought nothing is asked again.
const AGAIN: Duration = Duration::from_secs(4);

pub struct Screen {
    socket: String,
}

impl Screen {
    /// Starts a command line of the shell in the vault, on a terminal with so many columns and rows.
    pub fn start(stage: &Stage, command: &str, columns: usize, rows: usize) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let screen = Self { socket: format!("guanxi-{}-{number}", std::process::id()) };
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

    /// Writes the picture `docs/pictures/NAME.svg` of what stands there now, where pictures are made anew.
    pub fn picture(&self, name: &str, label: &str) {
        if picture::updating() {
            let screen = self.run(&["capture-pane", "-e", "-p", "-N"]);
            let lines: Vec<String> = screen.lines().map(str::to_owned).collect();
            picture::write(&format!("docs/pictures/{name}.svg"), picture::svg(&lines, label).as_bytes());
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.tmux().arg("kill-server").output();
    }
}
