//! `guanxi.show`: where something is. What a code lens tells of, when it is chosen; or a contact, when a picker has picked one.
//!
//! A lens must have a command, and editors have none of their own for a list of places that all of them know. So this one answers
//! the places as data, for an editor that can list them, and has the first of them shown, which every editor can that shows
//! documents at all. A lens that tells of no places elsewhere (what is wrong with a query, say) leads to where it stands.

use serde_json::{Value, json};
use tower_lsp::ls_types::{Position, Range, Uri};

use super::super::asked::Asked;
use super::super::convert::Ruler;
use super::{Call, Outcome};
use crate::features::code_lens::{self, Action};
use crate::text::{Span, lines};
use crate::vault::Place;

/// The places that the lens of `uri` at `line` and `character` tells of (of several the one with this `title`); or where the
/// `contact` of that name gives its alias. With `show: false` it only answers: an editor that lists the places itself wants no other
/// document before them.
pub fn show(call: &Call<'_>) -> Result<Outcome, String> {
    let found = match call.given.text("contact") {
        Some(name) => contact(call, name)?,
        None => {
            let uri = call.given.uri().ok_or("say what: a `contact`, or `uri`, `line` and `character` of a lens")?;
            let number = |name| call.given.number(name).and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
            let position = Position { line: number("line"), character: number("character") };
            let title = call.given.text("title");
            let answer = call.world.ask(&uri, |asked| lens(asked, position, title));
            answer.ok_or_else(|| format!("{} is no file of this vault", uri.as_str()))?
        }
    };
    let silent = call.given.has("show") && !call.given.truth("show");
    let show = found.first().filter(|_| !silent).map(|found| (found.uri.clone(), Some(found.range)));
    Ok(Outcome { show, ..Outcome::answer(found.iter().map(Found::json).collect()) })
}

/// A place, with the line it stands in.
struct Found {
    path: String,
    uri: Uri,
    range: Range,
    line: String,
}

impl Found {
    fn new(path: &str, uri: Uri, ruler: &Ruler<'_>, text: &str, span: Span) -> Self {
        let line = Span::new(lines::line_start(text, span.start()), lines::line_end(text, span.start()));
        Self { path: path.to_owned(), uri, range: ruler.range(span), line: line.of(text).trim().to_owned() }
    }

    /// A `Location` of the protocol, with what a person reads besides.
    fn json(&self) -> Value {
        json!({ "path": self.path, "uri": self.uri.as_str(), "range": self.range, "text": self.line })
    }
}

fn contact(call: &Call<'_>, name: &str) -> Result<Vec<Found>, String> {
    let vault = call.space.vault();
    let file = vault.file(call.contact(&vault, name)?);
    let ruler = Ruler::new(file.text(), call.world.understands().encoding);
    let uri = call.world.uri_of(call.space, file.path());
    Ok(vec![Found::new(file.path().as_str(), uri, &ruler, file.text(), file.document().name_span())])
}

fn lens(asked: &Asked<'_>, position: Position, title: Option<&str>) -> Vec<Found> {
    let mut lenses = code_lens::lenses(asked.here);
    lenses.retain(|lens| asked.ruler.position(lens.span.start()) == position);
    // The text may have changed since the lens was drawn: then all that is told there now is as near as one can get.
    if lenses.iter().any(|lens| Some(lens.title.as_str()) == title) {
        lenses.retain(|lens| Some(lens.title.as_str()) == title);
    }
    let mut found = Vec::new();
    for lens in lenses {
        match &lens.action {
            Action::References { places } => elsewhere(asked, places, &mut found),
            _ => {
                let (path, text) = (asked.here.path.as_str(), asked.here.text());
                found.push(Found::new(path, asked.uri.clone(), asked.ruler, text, lens.span));
            }
        }
    }
    found
}

fn elsewhere(asked: &Asked<'_>, places: &[Place], found: &mut Vec<Found>) {
    // The lines of a file are counted once, however many places it has.
    for places in places.chunk_by(|a, b| a.file == b.file) {
        let file = asked.vault().file(places[0].file);
        let ruler = Ruler::new(file.text(), asked.world.understands().encoding);
        let uri = asked.world.uri_of(asked.space, file.path());
        let one = |place: &Place| Found::new(file.path().as_str(), uri.clone(), &ruler, file.text(), place.span);
        found.extend(places.iter().map(one));
    }
}
