//! A believable vault on disk: a hundred contacts to a folder, some notes, some broadcasts, the settings. The same seed and
//! count write the same bytes everywhere.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use rayon::prelude::*;

use super::chance::Chance;
use super::contact::World;

/// Raised whenever other bytes are written than before, so that vaults that were kept are written anew.
const EDITION: u32 = 2;

/// The seed of the vaults that the table is measured on.
pub const SEED: u64 = 20_260_401;

const IN_A_FOLDER: usize = 100;

/// What a vault is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub files: u64,
    pub bytes: u64,
}

/// The vault of so many contacts, written if it is not there yet. A small file beside it says that it is complete.
pub fn kept(folder: &Path, count: usize) -> io::Result<Written> {
    let mark = folder.with_extension("complete");
    let title = format!("edition {EDITION}, seed {SEED}, contacts {count}");
    if let Some(written) = fs::read_to_string(&mark).ok().and_then(|text| read_mark(&text, &title)) {
        return Ok(written);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    eprintln!("writing {} ...", folder.display());
    let written = vault(folder, count, SEED)?;
    fs::write(mark, format!("{title}\nfiles {}\nbytes {}\n", written.files, written.bytes))?;
    Ok(written)
}

fn read_mark(text: &str, title: &str) -> Option<Written> {
    let mut lines = text.lines();
    let fits = lines.next()? == title;
    let files = lines.next()?.strip_prefix("files ")?.parse().ok()?;
    let bytes = lines.next()?.strip_prefix("bytes ")?.parse().ok()?;
    fits.then_some(Written { files, bytes })
}

/// Writes a vault into a new folder.
pub fn vault(folder: &Path, count: usize, seed: u64) -> io::Result<Written> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is not empty", folder.display())));
    }
    let world = World::new(seed, count);
    let folders = (0..count.div_ceil(IN_A_FOLDER)).into_par_iter();
    let contacts = folders.map(|number| contacts_of_folder(&world, folder, number)).try_reduce(nothing, together)?;
    let rest = [notes(&world, folder)?, broadcasts(&world, folder)?, settings(&world, folder)?];
    rest.into_iter().try_fold(contacts, together)
}

fn nothing() -> Written {
    Written { files: 0, bytes: 0 }
}

fn together(a: Written, b: Written) -> io::Result<Written> {
    Ok(Written { files: a.files + b.files, bytes: a.bytes + b.bytes })
}

fn write_all(folder: &Path, files: impl Iterator<Item = (String, String)>) -> io::Result<Written> {
    fs::create_dir_all(folder)?;
    let mut written = nothing();
    for (name, text) in files {
        fs::write(folder.join(name), &text)?;
        written = together(written, Written { files: 1, bytes: text.len() as u64 })?;
    }
    Ok(written)
}

fn contacts_of_folder(world: &World, folder: &Path, number: usize) -> io::Result<Written> {
    let first = number * IN_A_FOLDER;
    let mut taken = HashSet::new();
    let files = (first..world.count.min(first + IN_A_FOLDER)).map(|index| {
        let person = world.person(index);
        let mut stem = person.stem.clone();
        if !taken.insert(stem.clone()) {
            stem = format!("{stem}-{index}");
        }
        (stem + ".md", world.contact(index, &person))
    });
    write_all(&folder.join("contacts").join(format!("{number:03}")), files)
}

fn notes(world: &World, folder: &Path) -> io::Result<Written> {
    let files = (0..world.count / 200 + 5).map(|number| {
        let mut chance = Chance::new(world.seed ^ 0x6e6f_7465, number);
        let place = chance.pick(&world.words.places);
        let mut text = format!("# {place}, what came of it\n\n");
        for _ in 0..chance.between(4, 12) {
            let sentence = chance.pick(&world.words.sentences);
            let index = chance.below(world.count);
            let _ = writeln!(text, "- {}", world.filled(&mut chance, sentence, index));
        }
        if chance.percent(20) {
            text.push_str("\n```guanxi\n#lead #new-york -#do-not-contact\n```\n");
        }
        (format!("{}-{number}.md", place.to_lowercase()), text)
    });
    write_all(&folder.join("notes"), files)
}

fn broadcasts(world: &World, folder: &Path) -> io::Result<Written> {
    let files = (0..world.count / 1000 + 3).map(|number| {
        let mut chance = Chance::new(world.seed ^ 0x7365_6e64, number);
        let tag = hashed(world.tag(&mut chance));
        let thing = chance.pick(&world.words.things);
        let text = format!(
            "---\nto: '#lead {tag}'\nvia: email\nsubject: About {thing}\n---\nDear {{{{ alias }}}},\n\n\
             this is about {thing}. It is ready, come and see it in {}.\n\nAll the best\n",
            chance.pick(&world.words.places)
        );
        (format!("letter-{number:03}.md"), text)
    });
    write_all(&folder.join("broadcasts"), files)
}

fn settings(world: &World, folder: &Path) -> io::Result<Written> {
    let mut text =
        String::from("# the settings of this vault\ntags:\n  known:\n    lead: Could buy within a year\n    new-york:\n");
    for tag in world.tags.iter().take(60) {
        let _ = writeln!(text, "    {tag}:");
    }
    text.push_str("broadcast:\n  exclude: \"#do-not-contact\"\nvault:\n  ignore: [\"archive/**\"]\n");
    write_all(folder, [("guanxi.yaml".to_owned(), text)].into_iter())
}

/// A tag as a query names it.
fn hashed(tag: &str) -> String {
    if tag.contains(' ') { format!("tag:\"{tag}\"") } else { format!("#{tag}") }
}
