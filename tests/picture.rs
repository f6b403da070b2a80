//! What a terminal shows, as a picture (SVG): each stretch of text at its own column, so that wide letters move nothing, whatever
//! font the reader has. Understood are the colours and styles of ECMA-48's `SGR`, those of 256 and of 16 million colours included.

use std::fmt::Write;
use std::path::Path;

use unicode_width::UnicodeWidthStr;

pub const CELL: f64 = 8.4;
pub const ROW: usize = 19;
const PAPER: &str = "#1d2021";
const INK: &str = "#ebdbb2";
/// The sixteen colours of a terminal, dark ones first.
const SIXTEEN: [&str; 16] = [
    "#1d2021", "#cc241d", "#98971a", "#d79921", "#458588", "#b16286", "#689d6a", "#a89984", "#928374", "#fb4934", "#b8bb26",
    "#fabd2f", "#83a598", "#d3869b", "#8ec07c", "#ebdbb2",
];

/// Whether pictures and pages are written anew, not only compared: `GUANXI_UPDATE=1 cargo test`.
pub fn updating() -> bool {
    std::env::var_os("GUANXI_UPDATE").is_some()
}

/// Writes a file of this repository.
pub fn write(path: &str, content: &[u8]) {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
    std::fs::write(&whole, content).unwrap();
}

/// Reads a file of this repository. One that is not there says nothing.
pub fn read(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(whole).unwrap_or_default().replace("\r\n", "\n")
}

/// The lines of a screen as a picture that is called `label`.
pub fn svg(lines: &[String], label: &str) -> String {
    let lines = styled(lines);
    let mut picture = opening(columns(&lines), lines.len() * ROW, label);
    for (number, line) in lines.iter().enumerate() {
        picture.push_str(&row(line, 32 + number * ROW));
    }
    picture.push_str("</g>\n</svg>\n");
    picture
}

/// A picture's first lines: its name, its paper for so many columns and points of height, and the letters in which all is written.
pub fn opening(columns: usize, height: usize, label: &str) -> String {
    let (across, down) = ((columns as f64 * CELL) as usize + 40, height + 40);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {across} {down}\" width=\"{across}\" height=\"{down}\" role=\"img\" aria-label=\"{}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace\" font-size=\"14\" fill=\"{INK}\" xml:space=\"preserve\">\n",
        escaped(label)
    )
}

/// Lines cut into stretches of one style. A style lasts over the end of a line.
pub fn styled(lines: &[String]) -> Vec<Vec<Piece>> {
    let mut style = Style::default();
    lines.iter().map(|line| pieces(line, &mut style)).collect()
}

/// How many columns these lines take, sixty at least.
pub fn columns(lines: &[Vec<Piece>]) -> usize {
    lines.iter().map(|line| line.last().map_or(0, |piece| piece.column + piece.width)).max().unwrap_or(0).max(60)
}

/// One line of a screen, written at this height: its papers, and its letters on them.
pub fn row(line: &[Piece], base: usize) -> String {
    let mut row = String::new();
    for stretch in line.chunk_by(|one, next| one.style.paper() == next.style.paper()) {
        if let Some(paper) = stretch[0].style.paper() {
            let across = stretch.iter().map(|piece| piece.width).sum::<usize>() as f64 * CELL;
            let (x, y) = (x(stretch[0].column), base - 14);
            let _ = writeln!(row, "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{across:.1}\" height=\"{ROW}\" fill=\"{paper}\"/>");
        }
    }
    let spans: String = line.iter().filter(|piece| !piece.text.trim().is_empty()).map(Piece::span).collect();
    if !spans.is_empty() {
        let _ = writeln!(row, "<text y=\"{base}\" style=\"white-space:pre\">{spans}</text>");
    }
    row
}

/// What a picture says, line by line, without places, colours and blanks at the ends. That is what must not go stale.
pub fn words(svg: &str) -> Vec<String> {
    svg.lines().filter(|line| line.starts_with("<text ")).map(said).filter(|line| !line.is_empty()).collect()
}

/// What stands between the tags.
pub fn said(markup: &str) -> String {
    let text: String = markup.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    text.trim().to_owned()
}

pub fn x(column: usize) -> f64 {
    20.0 + column as f64 * CELL
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[derive(Clone, Default)]
struct Style {
    ink: Option<String>,
    paper: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
    swapped: bool,
}

impl Style {
    fn ink(&self) -> Option<&str> {
        if self.swapped { Some(self.paper.as_deref().unwrap_or(PAPER)) } else { self.ink.as_deref() }
    }

    fn paper(&self) -> Option<&str> {
        if self.swapped { Some(self.ink.as_deref().unwrap_or(INK)) } else { self.paper.as_deref() }
    }

    /// Takes over the parameters of one `SGR` sequence.
    fn take(&mut self, sequence: &str) {
        // Underlines of another form or colour (`4:3`, `58:…`) are underlines.
        let parameters = sequence.split(';').map(|part| part.split(':').next().unwrap_or_default());
        let mut codes = parameters.map(|part| part.parse::<u8>().unwrap_or(0));
        while let Some(code) = codes.next() {
            match code {
                0 => *self = Self::default(),
                1 => self.bold = true,
                2 => self.dim = true,
                3 => self.italic = true,
                4 => self.underlined = true,
                7 => self.swapped = true,
                22 => (self.bold, self.dim) = (false, false),
                23 => self.italic = false,
                24 => self.underlined = false,
                27 => self.swapped = false,
                30..=37 => self.ink = Some(SIXTEEN[usize::from(code - 30)].to_owned()),
                38 => self.ink = colour(&mut codes).or(self.ink.take()),
                39 => self.ink = None,
                40..=47 => self.paper = Some(SIXTEEN[usize::from(code - 40)].to_owned()),
                48 => self.paper = colour(&mut codes).or(self.paper.take()),
                49 => self.paper = None,
                58 => drop(colour(&mut codes)),
                90..=97 => self.ink = Some(SIXTEEN[usize::from(code - 82)].to_owned()),
                100..=107 => self.paper = Some(SIXTEEN[usize::from(code - 92)].to_owned()),
                _ => {}
            }
        }
    }
}

/// What stands behind 38, 48 and 58: one of 256 colours, or red, green and blue.
fn colour(codes: &mut impl Iterator<Item = u8>) -> Option<String> {
    match codes.next()? {
        5 => Some(match codes.next()? {
            code @ 0..=15 => SIXTEEN[usize::from(code)].to_owned(),
            code @ 16..=231 => {
                let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
                let cube = code - 16;
                format!("#{:02x}{:02x}{:02x}", level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            code => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (code - 232)),
        }),
        2 => {
            let (red, green, blue) = (codes.next()?, codes.next()?, codes.next()?);
            Some(format!("#{red:02x}{green:02x}{blue:02x}"))
        }
        _ => None,
    }
}

/// A stretch of text in one style.
pub struct Piece {
    style: Style,
    text: String,
    column: usize,
    width: usize,
}

impl Piece {
    fn span(&self) -> String {
        let mut attributes = format!("x=\"{:.1}\"", x(self.column));
        if let Some(ink) = self.style.ink() {
            let _ = write!(attributes, " fill=\"{ink}\"");
        }
        for (holds, attribute) in [
            (self.style.bold, " font-weight=\"bold\""),
            (self.style.dim, " opacity=\"0.6\""),
            (self.style.italic, " font-style=\"italic\""),
            (self.style.underlined, " text-decoration=\"underline\""),
        ] {
            if holds {
                attributes.push_str(attribute);
            }
        }
        format!("<tspan {attributes}>{}</tspan>", escaped(&self.text))
    }
}

/// A line's stretches, each with the style that was in force.
fn pieces(line: &str, style: &mut Style) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut column = 0;
    for (number, piece) in line.split("\u{1b}[").enumerate() {
        let text = if number == 0 {
            piece
        } else {
            let (sequence, text) = piece.split_once('m').unwrap_or((piece, ""));
            style.take(sequence);
            text
        };
        // Wide letters end a stretch, so that what follows them stands at its column in every font.
        for text in text.split_inclusive(|letter: char| !letter.is_ascii()).filter(|text| !text.is_empty()) {
            let width = text.width();
            found.push(Piece { style: style.clone(), text: text.to_owned(), column, width });
            column += width;
        }
    }
    found
}

#[test]
fn colours_columns_and_styles() {
    let picture = svg(&["\u{1b}[1;38;2;255;0;16ma茶b\u{1b}[0m<\u{1b}[48;5;196m \u{1b}[7mz".to_owned()], "a \"test\"");
    for expected in [
        "<tspan x=\"20.0\" fill=\"#ff0010\" font-weight=\"bold\">a茶</tspan>",
        "<tspan x=\"45.2\" fill=\"#ff0010\" font-weight=\"bold\">b</tspan>",
        "<tspan x=\"53.6\">&lt;</tspan>",
        "<rect x=\"62.0\" y=\"18\" width=\"8.4\" height=\"19\" fill=\"#ff0000\"/>",
        "<tspan x=\"70.4\" fill=\"#ff0000\">z</tspan>",
        "aria-label=\"a &quot;test&quot;\"",
    ] {
        assert!(picture.contains(expected), "{expected}\n{picture}");
    }
    assert_eq!(words(&picture), ["a茶b&lt;z"]);
}
