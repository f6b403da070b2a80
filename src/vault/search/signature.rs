//! Which triples of neighbouring bytes a text has, in 512 bits: a text that lacks one of the needle's triples cannot hold the
//! needle. A Chinese character is three bytes, so one character is enough to tell.

/// The triples of a text, each as one bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signature([u64; 8]);

/// The triples that a needle asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted(Vec<u16>);

impl Signature {
    /// The triples of a text.
    pub fn of(text: &str) -> Self {
        let mut signature = Self::default();
        for triple in text.as_bytes().windows(3) {
            let bit = bit(triple);
            signature.0[usize::from(bit >> 6)] |= 1 << (bit & 63);
        }
        signature
    }

    /// Can the needle be in the text?
    pub fn may_hold(&self, wanted: &Wanted) -> bool {
        wanted.0.iter().all(|&bit| self.0[usize::from(bit >> 6)] >> (bit & 63) & 1 == 1)
    }
}

impl Wanted {
    /// What a needle asks for; nothing where it is shorter than a triple.
    pub fn of(needle: &str) -> Self {
        Self(needle.as_bytes().windows(3).map(bit).collect())
    }
}

fn bit(triple: &[u8]) -> u16 {
    let number = u32::from(triple[0]) << 16 | u32::from(triple[1]) << 8 | u32::from(triple[2]);
    (number.wrapping_mul(0x9e37_79b1) >> 23) as u16
}
