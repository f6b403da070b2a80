//! A picture or an attachment: what it looks like, and where it is. Whether it is there nobody asks the disk.

use super::HoverOptions;
use crate::features::Here;
use crate::features::card;
use crate::features::markup::{Line, Page};

/// What there is to say about a path.
pub fn page(here: &Here<'_>, written: &str, options: &HoverOptions<'_>) -> Page {
    if written.contains("://") {
        return Page::new().line(Line::new().code(written).text(" is an address, not a file of this vault"));
    }
    if let Some((place, uri)) = card::find_picture(&here.path, written, options.picture) {
        return Page::new().captioned_picture(&place, uri);
    }
    match here.path.places(written).first() {
        Some(place) => Page::new().line(Line::new().code(place)),
        None => Page::new().line(Line::new().code(written).text(" lies outside the vault: copy the file into it")),
    }
}
