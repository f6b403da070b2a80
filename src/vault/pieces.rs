//! A vector in pieces that copies share (copy-on-write): cloning it costs one reference count for each piece, and changing one element
//! copies that element's piece, only where somebody else still reads it. A snapshot of a vault is made of these.

use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;

/// `SIZE` elements are in each piece but the last: large enough that a clone is cheap, small enough that copying one piece is.
#[derive(Clone, Debug)]
pub(super) struct Pieces<T, const SIZE: usize> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T, const SIZE: usize> Default for Pieces<T, SIZE> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T, const SIZE: usize> Pieces<T, SIZE> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn get(&self, at: usize) -> Option<&T> {
        self.pieces.get(at / SIZE)?.get(at % SIZE)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flat_map(|piece| piece.iter())
    }

    /// These elements, which must all lie in one piece.
    pub fn within(&self, range: Range<usize>) -> &[T] {
        if range.is_empty() {
            return &[];
        }
        let begin = range.start % SIZE;
        &self.pieces[range.start / SIZE][begin..begin + range.len()]
    }
}

impl<T: Clone, const SIZE: usize> Pieces<T, SIZE> {
    pub fn push(&mut self, value: T) {
        if self.len.is_multiple_of(SIZE) {
            self.pieces.push(Arc::new(Vec::new()));
        }
        let last = self.pieces.last_mut().unwrap_or_else(|| unreachable!("it was pushed"));
        Arc::make_mut(last).push(value);
        self.len += 1;
    }

    /// Grows to so many elements.
    pub fn grow(&mut self, len: usize, value: &T) {
        while self.len < len {
            self.push(value.clone());
        }
    }

    /// Gives back the room that growing took.
    pub fn shrink_to_fit(&mut self) {
        self.pieces.shrink_to_fit();
        self.pieces.iter_mut().filter_map(Arc::get_mut).for_each(Vec::shrink_to_fit);
    }
}

impl<T, const SIZE: usize> Index<usize> for Pieces<T, SIZE> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.pieces[at / SIZE][at % SIZE]
    }
}

impl<T: Clone, const SIZE: usize> IndexMut<usize> for Pieces<T, SIZE> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.pieces[at / SIZE])[at % SIZE]
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    #[test]
    fn a_copy_does_not_see_what_is_changed_later() {
        let mut pieces: Pieces<u32, 4> = Pieces::default();
        (0..10).for_each(|number| pieces.push(number));
        let copy = pieces.clone();
        pieces[5] = 50;
        pieces.grow(12, &7);
        assert_eq!(copy.iter().copied().collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
        assert_eq!(pieces.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 50, 6, 7, 8, 9, 7, 7]);
        assert_eq!((pieces.get(11), pieces.get(12), pieces.len()), (Some(&7), None, 12));
        assert_eq!(pieces.within(4..7), [4, 50, 6]);
        // What nobody changed is still one and the same.
        assert!(std::ptr::eq(&copy[0], &pieces[0]) && !std::ptr::eq(&copy[5], &pieces[5]));
    }
}
