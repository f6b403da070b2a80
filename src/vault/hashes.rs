//! The hashes under which a file stands in the tables: of its names, its links, what it mentions, and where it can be reached.
//! Four sorted lists in one allocation; a hundred thousand files have a hundred thousand of them.

/// Four sorted lists of hashes, one behind the other, and before them where the second, the third and the fourth begin. Where all
/// are empty there is nothing at all.
#[derive(Clone, Debug, Default)]
pub struct Hashes(Box<[u32]>);

/// So many borders stand before the lists.
const BORDERS: usize = 3;

impl Hashes {
    /// The four lists, each sorted here and freed of repetition.
    pub fn new(names: Vec<u32>, links: Vec<u32>, mentions: Vec<u32>, reach: Vec<u32>) -> Self {
        let mut all = vec![0; BORDERS];
        all.extend(sorted(names));
        for (border, list) in [links, mentions, reach].into_iter().enumerate() {
            all[border] = u32::try_from(all.len()).unwrap_or(u32::MAX);
            all.extend(sorted(list));
        }
        if all.len() == BORDERS { Self::default() } else { Self(Box::from(all.as_slice())) }
    }

    /// Of the names it goes by.
    pub fn names(&self) -> &[u32] {
        self.part(None, Some(0))
    }

    /// Of what it links to.
    pub fn links(&self) -> &[u32] {
        self.part(Some(0), Some(1))
    }

    /// Of the tags it mentions.
    pub fn mentions(&self) -> &[u32] {
        self.part(Some(1), Some(2))
    }

    /// Of its mail addresses and phone numbers.
    pub fn reach(&self) -> &[u32] {
        self.part(Some(2), None)
    }

    /// The list between two borders.
    fn part(&self, from: Option<usize>, to: Option<usize>) -> &[u32] {
        if self.0.is_empty() {
            return &[];
        }
        let border = |border: usize| self.0[border] as usize;
        &self.0[from.map_or(BORDERS, border)..to.map_or(self.0.len(), border)]
    }
}

fn sorted(mut hashes: Vec<u32>) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
