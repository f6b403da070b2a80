//! The folded texts of 64 files, one behind the other in one piece of memory: what is looked for in all of them is looked for in one
//! go, as fast as memory comes, and the answer is a word of 64 bits.

use memchr::memmem::Finder;

/// So many files are in a block, the last one apart: as many as a [`Set`] has bits.
pub const SIZE: usize = 64;

/// Some of a block's files, one bit each, the first file the lowest.
pub type Set = u64;

/// Of so few files each is asked for itself.
const FEW: u32 = 16;

/// A file's texts as they are searched, one behind the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts<'b> {
    /// All of them.
    pub all: &'b str,
    /// Where in it the details, the reading and the accents begin.
    pub borders: [u32; 3],
}

impl<'b> Texts<'b> {
    /// The names, each ended by `\n`.
    pub fn names(self) -> &'b str {
        &self.all[..self.borders[0] as usize]
    }

    /// The details, each ended by `\n`.
    pub fn details(self) -> &'b str {
        &self.all[self.borders[0] as usize..self.borders[1] as usize]
    }

    /// How a Chinese name is read, where the file says.
    pub fn phonetic(self) -> Option<&'b str> {
        Some(&self.all[self.borders[1] as usize..self.borders[2] as usize]).filter(|text| !text.is_empty())
    }

    /// What is around the accents of the body: all else of it is searched as it stands in the file, without a copy.
    pub fn accents(self) -> &'b str {
        &self.all[self.borders[2] as usize..]
    }
}

/// The texts of up to [`SIZE`] files.
#[derive(Clone, Debug, Default)]
pub struct Block {
    all: Box<str>,
    /// Where each file's texts end, and the borders between them.
    places: Vec<(u32, [u32; 3])>,
}

impl Block {
    /// A block of these.
    pub fn new<'t>(texts: impl Iterator<Item = Texts<'t>> + Clone) -> Self {
        // Just as long as it must be: shortened in place, it would leave a gap behind it.
        let mut all = String::with_capacity(texts.clone().map(|texts| texts.all.len()).sum());
        let append = |texts: Texts<'_>| {
            all.push_str(texts.all);
            (u32::try_from(all.len()).unwrap_or(u32::MAX), texts.borders)
        };
        let places = texts.map(append).collect();
        Self { all: all.into_boxed_str(), places }
    }

    /// So many files are in it.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// The texts of one of them; none where there is no such file.
    pub fn texts(&self, place: usize) -> Texts<'_> {
        let Some(&(end, borders)) = self.places.get(place) else { return Texts::default() };
        Texts { all: &self.all[self.begin(place)..end as usize], borders }
    }

    /// The block with other texts in the place of one file's, or of the next's.
    pub fn with(&self, place: usize, texts: Texts<'_>) -> Self {
        let others = |other| if other == place { texts } else { self.texts(other) };
        Self::new((0..self.len().max(place + 1)).map(others))
    }

    /// Which of these files have it, and maybe some whose texts have it only together with the next one's.
    pub fn holding(&self, finder: &Finder<'_>, among: Set) -> Set {
        let bytes = self.all.as_bytes();
        if among.count_ones() <= FEW {
            let holds = |&place: &usize| finder.find(&bytes[self.begin(place)..self.end(place)]).is_some();
            return places(among).filter(|&place| place < self.len()).filter(holds).fold(0, |set, place| set | 1 << place);
        }
        let (mut set, mut at) = (0, 0);
        while let Some(found) = finder.find(&bytes[at..]) {
            let place = self.places.partition_point(|&(end, _)| end as usize <= at + found);
            if place >= self.len() {
                break;
            }
            set |= 1 << place;
            at = self.end(place);
        }
        set & among
    }

    fn begin(&self, place: usize) -> usize {
        place.checked_sub(1).map_or(0, |before| self.end(before))
    }

    fn end(&self, place: usize) -> usize {
        self.places[place].0 as usize
    }
}

/// Which files are in the set.
pub fn places(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < Set::BITS).then_some(place as usize)
    })
}
