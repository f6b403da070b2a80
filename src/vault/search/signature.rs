//! Which triples of neighbouring bytes a text has, in 12 words of 64 bits, which of a text of a few hundred bytes tells well: a text
//! that lacks one of the needle's triples cannot hold the needle. A Chinese character is three bytes, so one character is enough to
//! tell.

/// So many words of 64 bits.
const WORDS: usize = 12;

/// The triples of a text, each as one bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signature([u64; WORDS]);

/// The triples that a needle asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted(Vec<u16>);

impl Signature {
    /// The triples of a text.
    pub fn of(text: &str) -> Self {
        let mut signature = Self::default();
        for triple in text.as_bytes().windows(3) {
            let (word, bit) = place(number(triple));
            signature.0[word] |= 1 << bit;
        }
        signature
    }

    /// Can the needle be in the text?
    pub fn may_hold(&self, wanted: &Wanted) -> bool {
        wanted.0.iter().all(|&number| {
            let (word, bit) = place(number);
            self.0[word] >> bit & 1 == 1
        })
    }
}

impl Wanted {
    /// What a needle asks for; nothing where it is shorter than a triple.
    pub fn of(needle: &str) -> Self {
        Self(needle.as_bytes().windows(3).map(number).collect())
    }
}

/// Its first bits choose the word, its last ones the bit in it.
fn place(number: u16) -> (usize, u16) {
    ((usize::from(number) * WORDS) >> 16, number & 63)
}

/// A number for a triple; its last bits say no less than its first.
fn number(triple: &[u8]) -> u16 {
    let number = u32::from(triple[0]) << 16 | u32::from(triple[1]) << 8 | u32::from(triple[2]);
    (number.wrapping_mul(0x9e37_79b1) >> 16) as u16
}
