//! A film of a terminal: screens that a run came to, one after the other, each with what was typed, as one SVG that moves by itself
//! without a script. How a screen looks is `picture`'s; here is what changes from one to the next. A line that several frames show is
//! there once. Who asked for less motion sees one telling frame, and so do programs that know no motion.

use std::collections::HashMap;
use std::fmt::Write;

use super::screen::Screen;
use crate::picture::{self, CELL, ROW};

/// The longest that the end stands still before the film begins again, in hundredths of a second.
const END: usize = 400;

pub struct Film {
    path: String,
    label: &'static str,
    /// The frame for who asked for less motion.
    telling: usize,
    frames: Vec<Frame>,
    /// What the frames of the film in the repository say.
    said: Vec<Vec<String>>,
}

struct Frame {
    lines: Vec<String>,
    cursor: Option<(usize, usize)>,
    caption: &'static str,
}

impl Film {
    /// The film `docs/pictures/NAME.svg`, which is called `label`.
    pub fn new(name: &str, label: &'static str) -> Self {
        let path = format!("docs/pictures/{name}.svg");
        let said = frames(&picture::read(&path));
        Self { path, label, telling: 0, frames: Vec::new(), said }
    }

    /// Takes what the screen shows. Where films are not made anew, waits until it says what the film's next frame says.
    pub fn takes(&mut self, screen: &Screen, caption: &'static str) {
        let number = self.frames.len();
        if picture::updating() {
            screen.rests();
        } else {
            let said = self.said.get(number).cloned().unwrap_or_default();
            let alone =
                |lines: &[String]| frames(&svg(&[Frame { lines: lines.to_vec(), cursor: None, caption }], 0, "")).remove(0);
            screen.agrees(&format!("{}, frame {number} ({caption}),", self.path), &said, alone);
        }
        self.frames.push(Frame { lines: screen.lines(), cursor: screen.cursor(), caption });
    }

    /// As `takes`, and this frame stands for the film where nothing moves.
    pub fn tells(&mut self, screen: &Screen, caption: &'static str) {
        self.telling = self.frames.len();
        self.takes(screen, caption);
    }

    /// Writes the film, where films are made anew. Else it must have ended with the one in the repository.
    pub fn ends(self) {
        if picture::updating() {
            picture::write(&self.path, svg(&self.frames, self.telling, self.label).as_bytes());
        } else if super::screen::is_held() {
            assert_eq!(self.frames.len(), self.said.len(), "{} has other frames: GUANXI_UPDATE=1 cargo test editors", self.path);
        }
    }
}

/// What each frame of a film says, line by line, the caption last.
fn frames(film: &str) -> Vec<Vec<String>> {
    let mut lines = HashMap::new();
    let mut frames: Vec<Vec<String>> = Vec::new();
    for line in film.lines() {
        let named = |begins: &str| line.strip_prefix(begins).and_then(|rest| rest.split('"').next());
        if let Some(name) = named("<g id=\"") {
            lines.insert(name, picture::said(line));
        } else if line.starts_with("<g class=\"frame") {
            frames.push(Vec::new());
        } else if let Some(frame) = frames.last_mut() {
            let said = match named("<use href=\"#") {
                Some(name) => lines[name].clone(),
                None => picture::said(line),
            };
            frame.extend(Some(said).filter(|said| !said.is_empty()));
        }
    }
    frames
}

/// How long a frame stands, in hundredths of a second: time to see what changed, and to read the caption.
fn stands(frame: &Frame, is_last: bool) -> usize {
    140 + 4 * frame.caption.chars().count() + if is_last { END } else { 0 }
}

fn svg(film: &[Frame], telling: usize, label: &str) -> String {
    let screens: Vec<_> = film.iter().map(|frame| picture::styled(&frame.lines)).collect();
    let columns = screens.iter().map(|lines| picture::columns(lines)).max().unwrap_or(0);
    let rows = screens.iter().map(Vec::len).max().unwrap_or(0);

    // Each line that is seen, once, as if it stood at the top; and which of them each frame shows.
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut lines = String::new();
    let mut shown = String::new();
    for (number, (frame, screen)) in film.iter().zip(&screens).enumerate() {
        let telling = if number == telling { " telling" } else { "" };
        let _ = writeln!(shown, "<g class=\"frame{telling}\" style=\"animation-name:f{number}\">");
        for (at, line) in screen.iter().enumerate() {
            let line = picture::row(line, 14).replace('\n', "");
            if line.is_empty() {
                continue;
            }
            let next = names.len();
            let name = *names.entry(line.clone()).or_insert_with(|| {
                let _ = writeln!(lines, "<g id=\"l{next}\">{line}</g>");
                next
            });
            let _ = writeln!(shown, "<use href=\"#l{name}\" y=\"{}\"/>", 18 + at * ROW);
        }
        if let Some((column, row)) = frame.cursor {
            let (x, y) = (picture::x(column), 18 + row * ROW);
            let _ = writeln!(shown, "<rect class=\"cursor\" x=\"{x:.1}\" y=\"{y}\" width=\"{CELL}\" height=\"{ROW}\"/>");
        }
        let caption = picture::escaped(frame.caption);
        let _ = writeln!(shown, "<text class=\"caption\" x=\"20\" y=\"{}\">{caption}</text>\n</g>", rows * ROW + 50);
    }

    let mut film_itself = picture::opening(columns, rows * ROW + 30, label);
    let _ = writeln!(film_itself, "<title>{}</title>", picture::escaped(label));
    film_itself.push_str(&style(film));
    let _ = writeln!(film_itself, "<defs>\n{lines}</defs>\n{shown}</g>\n</svg>");
    film_itself
}

/// When each frame is seen.
fn style(film: &[Frame]) -> String {
    let times: Vec<usize> = film.iter().enumerate().map(|(number, frame)| stands(frame, number + 1 == film.len())).collect();
    let whole: usize = times.iter().sum();
    let mut style = format!(
        "<style>\n\
         .frame{{visibility:hidden;animation:{}.{:02}s step-end infinite}}\n\
         .telling{{visibility:visible}}\n\
         .cursor{{fill:#ebdbb2;opacity:.55}}\n\
         .caption{{font:bold 17px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#fabd2f}}\n",
        whole / 100,
        whole % 100
    );
    let mut begins = 0;
    for (number, time) in times.into_iter().enumerate() {
        let share = |moment: usize| format!("{:.3}%", moment as f64 * 100.0 / whole as f64);
        let before = if begins == 0 { String::new() } else { "0%{visibility:hidden}".to_owned() };
        let ends = begins + time;
        // The last one is followed by the beginning.
        let after = if ends == whole { String::new() } else { format!("{}{{visibility:hidden}}", share(ends)) };
        let _ = writeln!(
            style,
            "@keyframes f{number}{{{before}{}{{visibility:visible}}{after}100%{{visibility:hidden}}}}",
            share(begins)
        );
        begins = ends;
    }
    style.push_str("@media(prefers-reduced-motion:reduce){.frame{animation:none}}\n</style>\n");
    style
}

#[test]
fn a_line_that_stays_is_there_once_and_frames_say_what_they_show() {
    let frame = |lines: &[&str], caption| Frame {
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        cursor: Some((2, 1)),
        caption,
    };
    let film = [frame(&["a <tag>", "", "茶"], "first"), frame(&["a <tag>", "茶"], "then & last")];
    let picture = svg(&film, 1, "a film");
    assert_eq!(picture.matches("a &lt;tag&gt;").count(), 1, "{picture}");
    assert_eq!(frames(&picture), [["a &lt;tag&gt;", "茶", "first"], ["a &lt;tag&gt;", "茶", "then &amp; last"]]);
    for expected in [
        "<g class=\"frame telling\" style=\"animation-name:f1\">",
        "@keyframes f0{0.000%{visibility:visible}",
        "prefers-reduced-motion",
        "<title>a film</title>",
        "<rect class=\"cursor\" x=\"36.8\" y=\"37\"",
    ] {
        assert!(picture.contains(expected), "{expected}\n{picture}");
    }
    assert!(!picture.contains("<script"));
}
