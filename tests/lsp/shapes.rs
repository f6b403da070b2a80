//! Holds a message against its shape: nothing unknown, nothing missing, every value of its sort.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use super::grammar::{self, Record, Shape, Shapes};

/// What is wrong with a value, and where it stands, as in `$.items[3].label`.
#[derive(Clone, Debug)]
pub struct Fault {
    pub path: String,
    pub says: String,
    /// How far the value is from the shape; the nearest of several shapes is the one that gets reported.
    far: u32,
}

impl Fault {
    /// A fault deep inside says little about what the value was meant to be; another word in one of its members says much.
    fn far_from(&self, path: &str) -> u32 {
        let inside = self.path.strip_prefix(path).unwrap_or_default();
        match inside.matches(['.', '[']).count() {
            0 => self.far,
            1 if self.far == OTHER_WORD => OTHER_WORD,
            1 if self.far == FOREIGN => 20,
            _ => 5,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.path, self.says)
    }
}

/// A value that was read as a named shape: what the further checks look at.
#[derive(Clone, Debug)]
pub struct Met<'v> {
    pub shape: &'static str,
    pub path: String,
    pub value: &'v Value,
}

/// What came of holding a value against a shape.
#[derive(Default)]
pub struct Reading<'v> {
    pub faults: Vec<Fault>,
    pub met: Vec<Met<'v>>,
}

/// The shapes of `shapes.txt`.
pub fn shapes() -> &'static Shapes {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    SHAPES.get_or_init(|| grammar::read(include_str!("shapes.txt")))
}

/// The shape of a message: `sort` is `answer`, `partial`, `note`, `ask` or `options`.
pub fn of_message(sort: &str, method: &str) -> Option<&'static Shape> {
    shapes().messages.get(&(sort.to_owned(), method.to_owned()))
}

/// The shape with this name.
pub fn named(name: &str) -> &'static Shape {
    shapes().named.get(name).unwrap_or_else(|| panic!("shapes.txt does not say what {name} is"))
}

/// Holds a value, or its absence, against a shape.
pub fn hold<'v>(shape: &'static Shape, value: Option<&'v Value>) -> Reading<'v> {
    let mut reading = Reading::default();
    match value {
        Some(value) => reading.hold(shape, value, "$"),
        None if matches!(shape, Shape::Absent) => {}
        None => reading.fault("$", format!("is missing, wanted {shape}"), 1),
    }
    reading
}

const FOREIGN: u32 = 1000;
const OTHER_WORD: u32 = 30;

impl<'v> Reading<'v> {
    fn fault(&mut self, path: &str, says: String, far: u32) {
        self.faults.push(Fault { path: path.to_owned(), says, far });
    }

    fn wants(&mut self, path: &str, shape: &Shape, value: &Value) {
        self.fault(path, format!("is {}, wanted {shape}", shown(value)), FOREIGN);
    }

    fn hold(&mut self, shape: &'static Shape, value: &'v Value, path: &str) {
        match shape {
            Shape::Any => {}
            Shape::Absent => self.fault(path, format!("is {}, and nothing may stand here", shown(value)), FOREIGN),
            Shape::Null if value.is_null() => {}
            Shape::Bool if value.is_boolean() => {}
            Shape::Text if value.is_string() => {}
            Shape::Uri if value.is_string() => {
                if let Err(says) = uri(value.as_str().unwrap_or_default()) {
                    self.fault(path, says, 1);
                }
            }
            Shape::Word(word) => match value.as_str() {
                Some(other) if other != word => self.fault(path, format!("is {other:?}, wanted {shape}"), OTHER_WORD),
                Some(_) => {}
                None => self.wants(path, shape, value),
            },
            Shape::Number(low, high) => match value.as_i64() {
                Some(number) if !(*low..=*high).contains(&number) => self.fault(path, format!("is {number}, wanted {shape}"), 10),
                Some(_) => {}
                None => self.wants(path, shape, value),
            },
            Shape::List(inside) => match value.as_array() {
                Some(values) => {
                    for (number, value) in values.iter().enumerate() {
                        self.hold(inside, value, &format!("{path}[{number}]"));
                    }
                }
                None => self.wants(path, shape, value),
            },
            Shape::Map(key, inside) => match value.as_object() {
                Some(values) => {
                    for (name, value) in values {
                        if let (Shape::Uri, Err(says)) = (&**key, uri(name)) {
                            self.fault(path, format!("the key {name:?} {says}"), 1);
                        }
                        self.hold(inside, value, &format!("{path}[{name:?}]"));
                    }
                }
                None => self.wants(path, shape, value),
            },
            Shape::Record(record) => self.record(record, shape, value, path),
            Shape::OneOf(ways) => self.nearest(ways, shape, value, path),
            Shape::Named(name) => {
                self.met.push(Met { shape: name, path: path.to_owned(), value });
                self.hold(named(name), value, path);
            }
            Shape::Null | Shape::Bool | Shape::Text | Shape::Uri => self.wants(path, shape, value),
        }
    }

    fn record(&mut self, record: &'static Record, shape: &Shape, value: &'v Value, path: &str) {
        let Some(object) = value.as_object() else { return self.wants(path, shape, value) };
        for member in &record.members {
            match object.get(&member.name) {
                Some(value) => self.hold(&member.shape, value, &format!("{path}.{}", member.name)),
                None if member.required => self.fault(path, format!("lacks `{}`", member.name), 10),
                None => {}
            }
        }
        let unknown = object.keys().filter(|key| !record.open && record.members.iter().all(|member| member.name != **key));
        for key in unknown.collect::<Vec<_>>() {
            self.fault(path, format!("has an unknown member `{key}`"), 10);
        }
    }

    /// The first of several shapes that fits; where none does, the faults of the one that is nearest.
    fn nearest(&mut self, ways: &'static [Shape], shape: &Shape, value: &'v Value, path: &str) {
        let mut best: Option<(u32, &Shape, Reading<'v>)> = None;
        for way in ways {
            let mut reading = Reading::default();
            reading.hold(way, value, path);
            let far = reading.faults.iter().map(|fault| fault.far_from(path)).sum();
            if best.as_ref().is_none_or(|(least, ..)| far < *least) {
                best = Some((far, way, reading));
            }
            if far == 0 {
                break;
            }
        }
        let Some((far, way, reading)) = best else { return };
        // One word of several: no way is nearer than another.
        if far > 0 && value.is_string() && ways.iter().all(|way| matches!(way, Shape::Word(_))) {
            return self.fault(path, format!("is {value}, wanted {shape}"), 10);
        }
        // A value of quite another sort says nothing about one of the ways: name them all.
        if reading.faults.iter().any(|fault| fault.path == path && fault.far == FOREIGN) {
            return self.wants(path, shape, value);
        }
        self.met.extend(reading.met);
        self.faults.extend(reading.faults.into_iter().map(|mut fault| {
            if fault.path == path {
                fault.says = format!("{} (read as {way})", fault.says);
            }
            fault
        }));
    }
}

/// An address: a scheme, and nothing that has to be percent-encoded.
fn uri(text: &str) -> Result<(), String> {
    let scheme = text.split(':').next().unwrap_or_default();
    let named = text.contains(':') && scheme.starts_with(|c: char| c.is_ascii_lowercase());
    if !named || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
        return Err(format!("{text:?} is no URI: it has no scheme"));
    }
    let stray = text.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c));
    match stray {
        Some(stray) => Err(format!("{text:?} is no URI: {stray:?} must be percent-encoded")),
        None if scheme == "file" && !text.starts_with("file:///") => Err(format!("{text:?} lacks the third slash")),
        None => Ok(()),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => write!(out, "anything"),
            Self::Absent => write!(out, "nothing"),
            Self::Null => write!(out, "null"),
            Self::Bool => write!(out, "true or false"),
            Self::Text => write!(out, "a text"),
            Self::Uri => write!(out, "a URI"),
            Self::Word(word) => write!(out, "{word:?}"),
            Self::Number(low, high) if low == high => write!(out, "{low}"),
            Self::Number(low, high) => write!(out, "a whole number {low}..{high}"),
            Self::List(inside) => write!(out, "[{inside}, …]"),
            Self::Map(_, inside) => write!(out, "{{…: {inside}}}"),
            Self::Record(record) => {
                let names: Vec<&str> = record.members.iter().map(|member| member.name.as_str()).collect();
                write!(out, "{{{}}}", names.join(", "))
            }
            Self::OneOf(ways) => {
                let ways: Vec<String> = ways.iter().map(Self::to_string).collect();
                write!(out, "{}", ways.join(" | "))
            }
            Self::Named(name) => write!(out, "{name}"),
        }
    }
}
