//! The text of one contact, as people write them: not every field, tags in a line or in a list, a comment now and then, a few
//! paragraphs with links.

use std::fmt::Write;

use super::chance::{Chance, Zipf};
use super::person::Person;
use super::words::Words;

/// What all contacts of a vault have in common.
pub struct World {
    pub words: Words,
    pub seed: u64,
    pub count: usize,
    /// Every tag but the two that the table asks for, the common ones first.
    pub tags: Vec<String>,
    zipf: Zipf,
}

impl World {
    pub fn new(seed: u64, count: usize) -> Self {
        let words = Words::new();
        let tags = vocabulary(&words, (count.isqrt() * 10).clamp(300, 3000));
        let zipf = Zipf::new(tags.len());
        Self { words, seed, count, tags, zipf }
    }

    /// The names of somebody.
    pub fn person(&self, index: usize) -> Person {
        Person::new(&self.words, self.seed, index)
    }

    /// A tag, the common ones more often.
    pub fn tag(&self, chance: &mut Chance) -> &str {
        &self.tags[self.zipf.draw(chance)]
    }

    /// The whole file of a contact, for the person of this number.
    pub fn contact(&self, index: usize, person: &Person) -> String {
        let mut chance = Chance::new(self.seed, index * 2 + 1);
        let mut text = String::with_capacity(1024);
        text.push_str("---\n");
        // Writing to a string cannot fail.
        let _ = self.head(&mut text, &mut chance, person);
        text.push_str("---\n");
        for _ in 0..chance.between(1, 3) {
            text.push('\n');
            text.push_str(&self.paragraph(&mut chance, index, person.is_chinese));
        }
        text
    }

    fn head(&self, text: &mut String, chance: &mut Chance, person: &Person) -> std::fmt::Result {
        let words = &self.words;
        let comment = if chance.percent(4) { "   # as on the card" } else { "" };
        writeln!(text, "alias: {}{comment}", person.alias)?;
        if let Some(name) = &person.name {
            writeln!(text, "name: {name}")?;
        }
        if chance.percent(40) {
            writeln!(text, "username: {}", person.username)?;
        }
        list(text, chance, "aliases", &person.aliases, 10)?;
        let tags = self.tags_of_one(chance);
        list(text, chance, "tags", &tags, 30)?;
        if chance.percent(40) {
            writeln!(text, "description: {}", chance.pick(&words.descriptions))?;
        }
        let firm = format!("{} {}", chance.pick(&words.firm_begins), chance.pick(&words.firm_ends));
        if chance.percent(75) {
            writeln!(text, "org: {firm}")?;
        }
        if chance.percent(60) {
            writeln!(text, "title: {}", chance.pick(&words.titles))?;
        }
        if chance.percent(if person.is_chinese { 85 } else { 12 }) {
            writeln!(text, "wechat: {}{}", chance.pick(&["wxid_", "", ""]), person.username.to_lowercase())?;
        }
        if chance.percent(80) {
            self.phones(text, chance, person.is_chinese)?;
        }
        if chance.percent(75) {
            let at_work = format!("{}@{}.example", person.mailbox, firm.to_lowercase().replace(' ', ""));
            let at_home = format!("{}@mail.example", person.username.to_lowercase());
            let both = if chance.percent(20) { vec![at_work, at_home] } else { vec![at_work] };
            list(text, chance, "emails", &both, 30)?;
        }
        if chance.percent(30) {
            let (month, day) = (chance.between(1, 12), chance.between(1, 28));
            let year = if chance.percent(80) { chance.between(1945, 2005).to_string() } else { "-".to_owned() };
            writeln!(text, "birthday: {year}-{month:02}-{day:02}")?;
        }
        if chance.percent(3) {
            text.push_str("# ask again before writing\n");
        }
        if chance.percent(20) {
            writeln!(text, "source: {}, {}", chance.pick(&words.places), chance.between(2008, 2026))?;
        }
        Ok(())
    }

    fn tags_of_one(&self, chance: &mut Chance) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        if chance.percent(15) {
            tags.push(if chance.percent(2) { "Lead" } else { "lead" }.to_owned());
        }
        if chance.percent(10) {
            tags.push("new-york".to_owned());
        }
        for _ in 0..chance.below(5) {
            let tag = self.tag(chance);
            if !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        tags
    }

    fn phones(&self, text: &mut String, chance: &mut Chance, is_chinese: bool) -> std::fmt::Result {
        // Exchanges and prefixes that are set aside for stories, or given to nobody.
        let american =
            ["+1 212 555 NNNN", "+1 617 555 NNNN", "(312) 555-NNNN", "415-555-NNNN", "+1 (646) 555-NNNN", "+1503555NNNN"];
        let european = ["+44 20 0NNN NNNN", "+49 30 00NN NNNN", "+33 1 00 NN NN NN", "0044 1632 NNNNNN", "+46 70 00N NN NN"];
        let chinese = ["+86 100 NNNN NNNN", "100 NNNN NNNN", "+86100NNNNNNNN"];
        let pattern = match chance.below(3) {
            _ if is_chinese => chance.pick(&chinese),
            0 => chance.pick(&european),
            _ => chance.pick(&american),
        };
        let mut numbers = vec![chance.digits(pattern)];
        if chance.percent(25) {
            let second = chance.pick(&american);
            numbers.push(chance.digits(second));
        }
        if chance.percent(50) {
            return list(text, chance, "phones", &numbers, 40);
        }
        text.push_str("phones:\n");
        for number in numbers {
            writeln!(text, "  - {}: {number}", chance.pick(&["work", "mobile", "home", "assistant"]))?;
        }
        Ok(())
    }

    /// Two to five sentences on a line, as editors wrap them for show.
    fn paragraph(&self, chance: &mut Chance, index: usize, is_chinese: bool) -> String {
        let mut text = String::new();
        for _ in 0..chance.between(2, 5) {
            let han = is_chinese && chance.percent(25);
            let sentence = chance.pick(if han { &self.words.han_sentences } else { &self.words.sentences });
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&self.filled(chance, sentence, index));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// A sentence with its holes filled.
    pub fn filled(&self, chance: &mut Chance, sentence: &str, index: usize) -> String {
        let mut text = String::new();
        let mut rest = sentence;
        while let Some((before, (hole, after))) =
            rest.split_once('{').and_then(|(before, tail)| Some((before, tail.split_once('}')?)))
        {
            text.push_str(before);
            match hole {
                "link" => self.link(&mut text, chance, index),
                "thing" => text.push_str(chance.pick(&self.words.things)),
                "place" => text.push_str(chance.pick(&self.words.places)),
                _ if chance.percent(30) => {
                    let tag = self.tag(chance);
                    let plain = tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/'));
                    text.push('#');
                    text.push_str(if plain { tag } else { "follow-up" });
                }
                _ => text.truncate(text.trim_end().len()),
            }
            rest = after;
        }
        text + rest
    }

    /// Mostly to somebody whose file is near, sometimes to one of the hundred whom everybody knows.
    fn link(&self, text: &mut String, chance: &mut Chance, index: usize) {
        let to = if chance.percent(20) { chance.below(100) } else { (index + chance.between(1, 400)) % self.count.max(1) };
        let person = self.person(to % self.count.max(1));
        let name = if chance.percent(15) { &person.stem } else { &person.alias };
        text.push_str("[[");
        text.push_str(name);
        if chance.percent(8) {
            text.push_str(chance.pick(&["|her", "|him", "|them"]));
        }
        text.push_str("]]");
    }
}

/// A list in a line, or so often in a hundred one below the other; nothing where it is empty.
fn list(text: &mut String, chance: &mut Chance, key: &str, items: &[String], block: usize) -> std::fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    if !chance.percent(block) {
        return writeln!(text, "{key}: [{}]", items.join(", "));
    }
    writeln!(text, "{key}:")?;
    items.iter().try_for_each(|item| writeln!(text, "  - {item}"))
}

/// So many tags, the common ones first: what people call each other, then every fair of every year, then small projects.
fn vocabulary(words: &Words, size: usize) -> Vec<String> {
    let mut tags: Vec<String> = words.plain_tags.iter().map(|&tag| tag.to_owned()).collect();
    let years = (2012..=2026).rev();
    tags.extend(years.flat_map(|year| words.fairs.iter().map(move |fair| format!("event/{fair}-{year}"))));
    let firms = words.firm_ends.iter().flat_map(|end| words.firm_begins.iter().map(move |begin| (begin, end)));
    tags.extend(firms.map(|(begin, end)| format!("project/{}-{}", begin.to_lowercase(), end.to_lowercase())));
    tags.truncate(size);
    tags
}
