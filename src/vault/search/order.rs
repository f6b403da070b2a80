//! Contacts in the order of their names, so that those whose name begins with what is typed stand side by side. Only numbers are
//! kept; the names are asked for. Equal names go by number.

use std::sync::Arc;

use rayon::prelude::*;

use crate::vault::FileId;

/// Numbers of contacts, ordered by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordered {
    /// Copied beside a snapshot where somebody gets another name: half a megabyte at a hundred thousand contacts.
    ids: Arc<Vec<FileId>>,
}

impl Ordered {
    /// Contacts from the first whose name is not before `name`.
    pub fn from<'s>(&'s self, name: &str, names: impl Fn(FileId) -> &'s str) -> impl Iterator<Item = FileId> + 's {
        let start = self.ids.partition_point(|&id| names(id) < name);
        self.ids[start..].iter().copied()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Where a contact stands, or where it would.
    fn find<'s>(&self, id: FileId, names: impl Fn(FileId) -> &'s str) -> Result<usize, usize> {
        let wanted = (names(id), id);
        self.ids.binary_search_by(|&other| (names(other), other).cmp(&wanted))
    }

    /// Puts a contact in its place, if it is not there yet.
    pub fn insert<'s>(&mut self, id: FileId, names: impl Fn(FileId) -> &'s str) {
        if let Err(place) = self.find(id, names) {
            Arc::make_mut(&mut self.ids).insert(place, id);
        }
    }

    /// Takes a contact out, while its name is still the one by which it was put in.
    pub fn remove<'s>(&mut self, id: FileId, names: impl Fn(FileId) -> &'s str) {
        if let Ok(place) = self.find(id, names) {
            Arc::make_mut(&mut self.ids).remove(place);
        }
    }

    /// Puts many new ones in at once: what stands behind is moved once for all of them.
    pub fn extend<'s>(&mut self, new: impl Iterator<Item = FileId>, names: impl Fn(FileId) -> &'s str + Sync) {
        let mut new: Vec<FileId> = new.collect();
        new.par_sort_unstable_by_key(|&id| (names(id), id));
        let places: Vec<usize> = new.par_iter().map(|&id| self.find(id, &names).unwrap_or_else(|place| place)).collect();
        let ids = Arc::make_mut(&mut self.ids);
        let mut end = ids.len();
        ids.resize(end + new.len(), 0);
        // From the back: each stretch goes to where it will stay.
        for (shift, (&id, &place)) in new.iter().zip(&places).enumerate().rev() {
            ids.copy_within(place..end, place + shift + 1);
            ids[place + shift] = id;
            end = place;
        }
    }
}
