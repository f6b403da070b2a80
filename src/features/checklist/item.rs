//! A line of a list: `- [ ] [[Alias]] · handle`, and whatever somebody wrote behind it.

/// Between a name and its handle.
pub const BETWEEN: &str = " · ";

/// A line of a list, in its parts as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'t> {
    /// Up to what is in the box: `- [`
    pub before: &'t str,
    /// What is in the box.
    pub tick: char,
    /// From there to the link: `] `
    pub between: &'t str,
    /// What stands in `[[…]]`.
    pub link: &'t str,
    /// Behind the link.
    pub tail: &'t str,
}

impl<'t> Item<'t> {
    /// Whom the link names, label and heading left out.
    pub fn target(&self) -> &'t str {
        self.link.split(['|', '#']).next().unwrap_or("").trim()
    }

    /// Is it ticked? Whatever stands in the box is a tick of some kind.
    pub fn is_ticked(&self) -> bool {
        self.tick != ' '
    }

    /// The handle and what is written behind it. `known` are the handles that this may be; with `guess`, what looks like one that
    /// was there before is taken for one too. Nothing else is: what somebody wrote must not be lost.
    pub fn parts(&self, known: &[String], guess: bool) -> (&'t str, &'t str) {
        let Some(rest) = self.tail.strip_prefix(BETWEEN) else { return ("", self.tail) };
        let ends = |handle: &str| rest.strip_prefix(handle).is_some_and(|more| !more.starts_with(char::is_alphanumeric));
        let own = known.iter().filter(|handle| !handle.is_empty() && ends(handle)).map(String::len).max();
        match own.unwrap_or_else(|| if guess { handle_length(rest) } else { 0 }) {
            0 => ("", self.tail),
            length => rest.split_at(length),
        }
    }

    /// What may be a handle: the longest first.
    pub fn handles(&self) -> Vec<&'t str> {
        let Some(rest) = self.tail.strip_prefix(BETWEEN) else { return Vec::new() };
        let ends = rest.char_indices().filter(|(_, c)| c.is_whitespace() || matches!(c, ',' | ';')).map(|(at, _)| at);
        let mut found: Vec<&str> = ends.take(8).chain([rest.len()]).map(|end| rest[..end].trim_end()).collect();
        found.retain(|handle| !handle.is_empty());
        found.reverse();
        found
    }
}

/// Reads a line that is a link behind its box.
pub fn read(line: &str) -> Option<Item<'_>> {
    read_anywhere(line).filter(|item| item.between.trim_start_matches([' ', '\t', ']']).is_empty())
}

/// Reads a line, its line ending left out. Bullets and numbers, a box with one character in it, and the first link behind that,
/// whatever somebody put around it.
pub fn read_anywhere(line: &str) -> Option<Item<'_>> {
    let bare = line.trim_start_matches([' ', '\t']);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let bullet = if digits > 0 { bare[digits..].strip_prefix(['.', ')']) } else { bare.strip_prefix(['-', '*', '+']) }?;
    let inner = bullet.trim_start_matches([' ', '\t']).strip_prefix('[').filter(|_| bullet.starts_with([' ', '\t']))?;
    let tick = inner.chars().next()?;
    let behind = inner[tick.len_utf8()..].strip_prefix(']')?;
    let name = behind.split_once("[[").map(|(_, name)| name).filter(|_| behind.starts_with([' ', '\t']))?;
    let end = name.find("]]")?;
    let (link, tail) = (&name[..end], &name[end + 2..]);
    let start_of_link = line.len() - name.len() - 2;
    let item = Item {
        before: &line[..line.len() - inner.len()],
        tick,
        between: &line[line.len() - inner.len() + tick.len_utf8()..start_of_link],
        link,
        tail,
    };
    (!item.target().is_empty()).then_some(item)
}

/// What stands after a box that is ticked in some way, however the box is written: `- [ x]`, `- [x ]`.
pub fn ticked_rest(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once('[')?;
    let (inner, after) = rest.split_once(']')?;
    let is_bullet =
        before.trim().trim_end_matches(['.', ')']).chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '*' | '+'));
    (is_bullet && !before.trim().is_empty() && inner.len() <= 4 && !inner.trim().is_empty()).then_some(after)
}

/// How much of a text looks like a handle that once stood there: a number, or one word with a sign or digit in it.
fn handle_length(rest: &str) -> usize {
    let before = rest.split(" — ").next().unwrap_or(rest).trim_end();
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '.' | '(' | ')' | '/');
    if before.chars().all(is_number) && before.contains(|c: char| c.is_ascii_digit()) {
        return before.len();
    }
    let word = before.split(char::is_whitespace).next().unwrap_or("").trim_end_matches([',', ';', ':', '.', '!', '?']);
    let signs = |c: char| c.is_ascii_digit() || matches!(c, '@' | '_' | '.' | '+' | '-');
    if word.contains(signs) { word.len() } else { 0 }
}
