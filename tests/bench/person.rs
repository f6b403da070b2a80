//! Who somebody is: names, handle, file name. It depends on the seed and the person's number alone, so that one file can link
//! to another without anybody keeping a list.

use super::chance::Chance;
use super::words::Words;

/// The names of one generated person.
pub struct Person {
    /// What the contact goes by.
    pub alias: String,
    /// Other names that find it.
    pub aliases: Vec<String>,
    /// The full formal name, where it is longer than the alias.
    pub name: Option<String>,
    /// One word, the kind that people choose for themselves.
    pub username: String,
    /// The name of the file, without its ending.
    pub stem: String,
    /// The part of a mail address before the `@`.
    pub mailbox: String,
    /// Does this person write Chinese?
    pub is_chinese: bool,
}

impl Person {
    /// Person number `index` of a seed.
    pub fn new(words: &Words, seed: u64, index: usize) -> Self {
        let mut chance = Chance::new(seed, index * 2);
        let mut person = if chance.percent(35) { chinese(words, &mut chance) } else { western(words, &mut chance) };
        person.username = username(words, &mut chance);
        if chance.percent(3) {
            // Somebody of whom only the handle is known.
            person.aliases.clear();
            person.name = None;
            person.alias.clone_from(&person.username);
            person.stem.clone_from(&person.username);
        }
        person
    }
}

fn western(words: &Words, chance: &mut Chance) -> Person {
    let given = chance.pick(&words.given);
    let surname = if chance.percent(15) {
        chance.pick(&words.accented).to_owned()
    } else {
        chance.pick(&words.surname_begins).to_owned() + chance.pick(&words.surname_ends)
    };
    let alias = format!("{given} {surname}");
    let mut aliases = Vec::new();
    if chance.percent(20) {
        aliases.push(given.chars().take(3).collect());
    }
    let middle = chance.pick(&words.given);
    let name = chance.percent(10).then(|| format!("{given} {middle} {surname}"));
    let plain = plain(&alias);
    let stem = if chance.percent(10) { alias.to_lowercase().replace(' ', "-") } else { plain.replace(' ', "-") };
    let mailbox = plain.replace(' ', ".");
    Person { alias, aliases, name, username: String::new(), stem, mailbox, is_chinese: false }
}

fn chinese(words: &Words, chance: &mut Chance) -> Person {
    let (surname, surname_read) = words.han_surnames[common(chance, words.han_surnames.len())];
    let mut han = surname.to_owned();
    let mut read = String::new();
    for _ in 0..if chance.percent(80) { 2 } else { 1 } {
        let (character, sound) = words.han_given[common(chance, words.han_given.len())];
        han.push_str(character);
        read.push_str(sound);
    }
    let pinyin = format!("{surname_read} {}", capital(&read));
    let plain = plain(&pinyin);
    let mut aliases = Vec::new();
    if chance.percent(30) {
        aliases.push(format!("{} {surname_read}", chance.pick(&words.given)));
    }
    let han_first = chance.percent(40);
    let (alias, other) = if han_first { (han.clone(), pinyin) } else { (pinyin, han.clone()) };
    if !han_first || chance.percent(60) {
        aliases.insert(0, other);
    }
    let stem = if han_first && chance.percent(50) { han } else { plain.replace(' ', "-") };
    let mailbox = plain.replace(' ', "_");
    Person { alias, aliases, name: None, username: String::new(), stem, mailbox, is_chinese: true }
}

/// The first of a list more often than the last, as names go.
fn common(chance: &mut Chance, length: usize) -> usize {
    chance.below(length).min(chance.below(length))
}

fn username(words: &Words, chance: &mut Chance) -> String {
    let mut name = chance.pick(&words.handle_begins).to_owned() + chance.pick(&words.handle_ends);
    match chance.below(4) {
        0 => name = capital(&name) + &chance.digits("NNN"),
        1 => name += &chance.digits("NN"),
        2 => name = name + "_" + &chance.digits("NNNN"),
        _ => name += chance.pick(&["x", "ly", "zz", "io", "ish", "ette"]),
    }
    name
}

/// Without accents, in small letters: for addresses and file names.
fn plain(name: &str) -> String {
    deunicode::deunicode(name).to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
