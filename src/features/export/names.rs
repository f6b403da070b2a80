//! File names from aliases: readable, each once, and harmless on every system.

use std::collections::{HashMap, HashSet};

use crate::contact::tag;
use crate::features::new::file_stem;

/// A name for each alias, in their order: `wang-xiaoming.eml`, and `wang-xiaoming-2.eml` for the next of that name.
pub fn of<'a>(aliases: impl Iterator<Item = &'a str>, ending: &str) -> Vec<String> {
    // Some systems take names for one that differ in case, or in how an accent is put together.
    let mut taken: HashSet<String> = HashSet::new();
    let mut next: HashMap<String, usize> = HashMap::new();
    let name = |alias: &str| {
        let stem = file_stem(alias);
        let number = next.entry(tag::key(&stem).into_owned()).or_insert(1);
        loop {
            let name = if *number == 1 { stem.clone() } else { format!("{stem}-{number}") };
            *number += 1;
            if taken.insert(tag::key(&name).into_owned()) {
                return format!("{name}.{ending}");
            }
        }
    };
    aliases.map(name).collect()
}
