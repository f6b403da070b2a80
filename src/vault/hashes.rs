//! The hashes under which a file stands in the tables: of its names, its links, what it mentions, and where it can be reached.
//! Four sorted lists in one allocation; a hundred thousand files have a hundred thousand of them.

/// Four sorted lists of hashes.
#[derive(Clone, Debug, Default)]
pub struct Hashes {
    all: Box<[u32]>,
    /// Where the second, third and fourth list begin.
    borders: [u32; 3],
}

impl Hashes {
    /// The four lists, each sorted here and freed of repetition.
    pub fn new(names: Vec<u32>, links: Vec<u32>, mentions: Vec<u32>, reach: Vec<u32>) -> Self {
        let mut all = sorted(names);
        let mut borders = [0; 3];
        for (border, list) in borders.iter_mut().zip([links, mentions, reach]) {
            *border = u32::try_from(all.len()).unwrap_or(u32::MAX);
            all.extend(sorted(list));
        }
        Self { all: all.into(), borders }
    }

    /// Of the names it goes by.
    pub fn names(&self) -> &[u32] {
        &self.all[..self.borders[0] as usize]
    }

    /// Of what it links to.
    pub fn links(&self) -> &[u32] {
        &self.all[self.borders[0] as usize..self.borders[1] as usize]
    }

    /// Of the tags it mentions.
    pub fn mentions(&self) -> &[u32] {
        &self.all[self.borders[1] as usize..self.borders[2] as usize]
    }

    /// Of its mail addresses and phone numbers.
    pub fn reach(&self) -> &[u32] {
        &self.all[self.borders[2] as usize..]
    }
}

fn sorted(mut hashes: Vec<u32>) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
