//! Chance that falls the same way on every machine: splitmix64, and the few draws that the generator makes from it.

/// A stream of numbers that its seed decides.
pub struct Chance(u64);

impl Chance {
    /// The stream number `place` of a seed: neighbouring places have nothing to do with each other.
    pub fn new(seed: u64, place: usize) -> Self {
        let mut chance = Self(seed ^ (place as u64).wrapping_mul(0xd134_2543_de82_ef95));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to before `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// Yes, so often in a hundred.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of these.
    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Replaces each `N` by a digit.
    pub fn digits(&mut self, pattern: &str) -> String {
        pattern.chars().map(|c| if c == 'N' { char::from(b'0' + self.below(10) as u8) } else { c }).collect()
    }
}

/// Draws ranks as words occur in a text: the second half as often as the first, the third a third as often, and so on.
pub struct Zipf {
    sums: Vec<u64>,
}

impl Zipf {
    /// Over so many ranks.
    pub fn new(ranks: usize) -> Self {
        let mut sum = 0;
        // The first few ranks are flattened a little: no single tag of a contact book is on every tenth line.
        let weights = (0..ranks as u64).map(|rank| 1_000_000_000 / (rank + 4));
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Self { sums: sums.collect() }
    }

    /// A rank, counted from 0.
    pub fn draw(&self, chance: &mut Chance) -> usize {
        let all = self.sums.last().copied().unwrap_or(1);
        let at = chance.below(all as usize) as u64;
        self.sums.partition_point(|&sum| sum <= at)
    }
}
