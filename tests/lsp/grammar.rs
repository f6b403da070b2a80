//! Reads `shapes.txt`: from its few signs to shapes. A mistake in that file ends the tests at once.

use std::collections::BTreeMap;

/// What a value may look like.
#[derive(Clone, Debug)]
pub enum Shape {
    Any,
    /// Nothing may stand here, not even `null`.
    Absent,
    Null,
    Bool,
    Text,
    Uri,
    Word(String),
    /// A whole number, first and last included.
    Number(i64, i64),
    List(Box<Shape>),
    /// Keys of any name.
    Map(Box<Shape>, Box<Shape>),
    Record(Record),
    OneOf(Vec<Shape>),
    Named(String),
}

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub members: Vec<Member>,
    /// Takes members that it does not list.
    pub open: bool,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    pub required: bool,
    pub shape: Shape,
}

/// All of the file: shapes by name, and shapes of messages by sort and method.
#[derive(Default)]
pub struct Shapes {
    pub named: BTreeMap<String, Shape>,
    pub messages: BTreeMap<(String, String), Shape>,
}

const SORTS: &[&str] = &["answer", "partial", "note", "ask", "options"];
const SIGNS: &[&str] = &["...", "..", "{", "}", "(", ")", "[]", "|", "?", ":", ",", "="];

pub fn read(text: &str) -> Shapes {
    let mut reader = Reader { signs: signs(text), at: 0, shapes: Shapes::default() };
    while reader.at < reader.signs.len() {
        let first = reader.next();
        if SORTS.contains(&first.as_str()) && reader.peek() != "=" {
            let method = reader.next();
            reader.must("=");
            let shape = reader.shape();
            let before = reader.shapes.messages.insert((first, method.clone()), shape);
            assert!(before.is_none(), "shapes.txt: {method} stands there twice");
        } else {
            reader.must("=");
            let shape = reader.shape();
            let before = reader.shapes.named.insert(first.clone(), shape);
            assert!(before.is_none(), "shapes.txt: {first} stands there twice");
        }
    }
    reader.shapes
}

fn signs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut rest = line.trim_start();
        while !rest.is_empty() {
            let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                sign.len()
            } else if let Some(word) = rest.strip_prefix('\'') {
                word.find('\'').expect("shapes.txt: a word without an end") + 2
            } else if rest.starts_with(|c: char| c.is_ascii_digit()) {
                rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
            } else {
                rest.find(|c: char| !(c.is_alphanumeric() || "/$_".contains(c))).unwrap_or(rest.len())
            };
            assert!(length > 0, "shapes.txt: what is {rest:?}?");
            found.push(rest[..length].to_owned());
            rest = rest[length..].trim_start();
        }
    }
    found
}

struct Reader {
    signs: Vec<String>,
    at: usize,
    shapes: Shapes,
}

impl Reader {
    fn peek(&self) -> &str {
        self.signs.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.signs.get(self.at - 1).cloned().expect("shapes.txt ends too early")
    }

    fn takes(&mut self, sign: &str) -> bool {
        let there = self.peek() == sign;
        self.at += usize::from(there);
        there
    }

    fn must(&mut self, sign: &str) {
        let before = self.signs[self.at.saturating_sub(4)..self.at].join(" ");
        assert!(self.takes(sign), "shapes.txt: after {before:?} comes {:?}, not {sign:?}", self.peek());
    }

    fn shape(&mut self) -> Shape {
        let mut ways = vec![self.one()];
        while self.takes("|") {
            ways.push(self.one());
        }
        if ways.len() == 1 { ways.remove(0) } else { Shape::OneOf(ways) }
    }

    fn one(&mut self) -> Shape {
        let first = self.next();
        let mut shape = match first.as_str() {
            "any" => Shape::Any,
            "none" => Shape::Absent,
            "null" => Shape::Null,
            "bool" => Shape::Bool,
            "text" => Shape::Text,
            "uri" => Shape::Uri,
            "int" => Shape::Number(i64::from(i32::MIN), i64::from(i32::MAX)),
            "uint" => Shape::Number(0, i64::from(i32::MAX)),
            "{" => Shape::Record(self.record()),
            "(" => {
                let inside = self.shape();
                self.must(")");
                inside
            }
            "map" => {
                self.must("(");
                let key = self.shape();
                self.must(",");
                let value = self.shape();
                self.must(")");
                Shape::Map(Box::new(key), Box::new(value))
            }
            word if word.starts_with('\'') => Shape::Word(word.trim_matches('\'').to_owned()),
            number if number.starts_with(|c: char| c.is_ascii_digit()) => {
                let low = number.parse().unwrap();
                let high = if self.takes("..") { self.next().parse().unwrap() } else { low };
                Shape::Number(low, high)
            }
            name => Shape::Named(name.to_owned()),
        };
        while self.takes("[]") {
            shape = Shape::List(Box::new(shape));
        }
        shape
    }

    fn record(&mut self) -> Record {
        let mut record = Record::default();
        while !self.takes("}") {
            if self.takes("...") {
                let name = self.next();
                match self.shapes.named.get(&name) {
                    _ if name == "any" => record.open = true,
                    Some(Shape::Record(other)) => record.members.extend(other.members.iter().cloned()),
                    _ => panic!("shapes.txt: {name} is no record that stands above"),
                }
            } else {
                let name = self.next();
                let required = !self.takes("?");
                self.must(":");
                let shape = self.shape();
                record.members.push(Member { name, required, shape });
            }
            if self.peek() != "}" {
                self.must(",");
            }
        }
        record
    }
}
