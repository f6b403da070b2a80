//! Where things come from and where they are used: definition, references, highlights.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;
use tower_lsp::ls_types::*;

use super::asked::Asked;
use super::convert::{Ruler, to_uri};
use super::space::Space;
use super::world::{World, disk_path};
use crate::features::definition::{Aim, definition};
use crate::features::references::{self, Search};
use crate::features::{highlight, places};

/// Is there a file? Asked by features that know no disk.
pub fn exists(space: &Arc<Space>) -> places::Exists {
    let space = Arc::clone(space);
    Arc::new(move |path: &str| space.exists(path))
}

/// `textDocument/definition`
pub fn definitions(asked: &Asked<'_>, position: Position) -> Option<GotoDefinitionResponse> {
    let understands = asked.world.understands();
    let found = definition(asked.here, asked.ruler.offset(position), &|path| asked.space.exists(path));
    let mut links = Vec::new();
    for target in found {
        let (uri, range) = match target.aim {
            Aim::Here => (asked.uri.clone(), asked.ruler.range(target.span)),
            Aim::File(id) => {
                let file = asked.vault().file(id);
                (asked.world.uri_of(asked.space, file.path()), Ruler::new(file.text(), understands.encoding).range(target.span))
            }
            Aim::Path(path) => (to_uri(&disk_path(asked.space.root(), &path)), Range::default()),
        };
        links.push((uri, range, asked.ruler.range(target.origin)));
    }
    if links.is_empty() {
        return None;
    }
    if !understands.location_links {
        let locations = links.into_iter().map(|(uri, range, _)| Location { uri, range });
        return Some(GotoDefinitionResponse::Array(locations.collect()));
    }
    let links = links.into_iter().map(|(target_uri, range, origin)| LocationLink {
        origin_selection_range: Some(origin),
        target_uri,
        target_range: range,
        target_selection_range: range,
    });
    Some(GotoDefinitionResponse::Link(links.collect()))
}

/// `textDocument/documentHighlight`
pub fn highlights(asked: &Asked<'_>, position: Position) -> Vec<DocumentHighlight> {
    let found = highlight::highlight(asked.here, asked.ruler.offset(position));
    let kind = |writes| Some(if writes { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ });
    found.into_iter().map(|found| DocumentHighlight { range: asked.ruler.range(found.span), kind: kind(found.writes) }).collect()
}

/// The first half of `textDocument/references`: what must be asked of the vault.
pub fn gather(asked: &Asked<'_>, position: Position, declaration: bool) -> Option<Search> {
    references::gather(asked.here, asked.ruler.offset(position), declaration, &exists(asked.space))
}

/// The second half: without the vault, for as long as it takes.
pub fn references(world: &World, space: &Space, asked_in: &Uri, search: &Search, cancelled: &AtomicBool) -> Vec<Location> {
    let found = search.run(&|| cancelled.load(std::sync::atomic::Ordering::Relaxed));
    let encoding = world.understands().encoding;
    // All places of a file stand together: its lines are counted once.
    let files: Vec<_> = found.chunk_by(|a, b| a.path == b.path).collect();
    let in_file = |places: &[references::Found]| {
        let uri = world.uri_beside(space, &places[0].path, asked_in);
        let ruler = Ruler::new(&places[0].text, encoding);
        places.iter().map(|place| Location { uri: uri.clone(), range: ruler.range(place.span) }).collect::<Vec<_>>()
    };
    files.par_iter().flat_map_iter(|places| in_file(places)).collect()
}
