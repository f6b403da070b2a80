//! The mark of an unfinished change in `guanxi.yaml`: while it is there, every broadcast refuses.
//!
//! Renaming a tag writes many files, and a run can end between any two of them. Were the settings simply one of these files, the
//! contacts could have the new name while `exclude` still names the old one, and a message would go to somebody who said no. So the
//! mark is the first write and its removal, together with the edits of the settings, the last one: in between nobody gets anything,
//! whoever asks (command line, editor, another machine that shares the folder). It needs no second record of the change, and no query
//! has to be written in two spellings for a while. The mark names the command, and the same command completes the change.

use super::Config;
use crate::text::yaml::quote;

/// What is written above the mark.
const COMMENT: &str = "# guanxi stopped in the middle of this change. Until the same command is run again, no broadcast is sent.";
/// The same in a file that is there for the mark alone.
const ALONE: &str = "# guanxi stopped in the middle of this change. Run the same command again: it also removes this file.";
/// The key.
pub const KEY: &str = "unfinished";

/// The settings with the mark in them; `None` where no place for it can be found. Without settings it is a file of its own.
pub fn mark(settings: Option<&str>, old: &str, new: &str) -> Option<String> {
    let line = format!("{KEY}: [tag, rename, {}, {}]", quote::double(old), quote::double(new));
    let Some(text) = settings else { return Some(format!("{ALONE}\n{line}\n")) };
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let block = format!("{COMMENT}{ending}{line}{ending}");
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let after_fence = text[start..].strip_prefix("---").and_then(|rest| {
        let end = rest.find('\n')? + 1;
        rest[..end].trim().is_empty().then_some(start + 3 + end)
    });
    let at_end = text.ends_with('\n').then_some(text.len());
    [Some(start), after_fence, at_end].into_iter().flatten().find_map(|at| {
        let marked = format!("{}{block}{}", &text[..at], &text[at..]);
        let (before, after) = (Config::parse(text), Config::parse(&marked));
        let says = after.0.unfinished.as_ref().is_some_and(|tags| *tags == (old.to_owned(), new.to_owned()));
        // One problem more, the mark itself: it has broken nothing else.
        let fits = says && after.1.len() == before.1.len() + 1 && unmarked(&marked) == Some(Some(text.to_owned()));
        fits.then_some(marked)
    })
}

/// The settings without the mark; `Some(None)` where the file was there for the mark alone, `None` where the mark was moved or
/// rewritten by hand and cannot be removed safely.
pub fn unmarked(text: &str) -> Option<Option<String>> {
    let mut rest = String::with_capacity(text.len());
    let (mut alone, mut found) = (false, 0);
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let bare = line.trim_start_matches('\u{feff}').trim_end();
        let is_mark = |line: &str| line.trim_start_matches('\u{feff}').starts_with("unfinished:");
        let is_comment = bare == COMMENT || bare == ALONE;
        if is_comment && lines.peek().is_some_and(|next| is_mark(next)) {
            alone |= bare == ALONE;
        } else if is_mark(line) {
            found += 1;
        } else {
            rest.push_str(line);
            continue;
        }
        // A byte order mark stays where it is.
        if line.starts_with('\u{feff}') {
            rest.push('\u{feff}');
        }
    }
    if found != 1 || Config::parse(&rest).0.unfinished.is_some() {
        return None;
    }
    Some((!(alone && rest.trim().is_empty())).then_some(rest))
}
