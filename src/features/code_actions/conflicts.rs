//! A merge conflict that git left: one side of it stays, or both.

use super::{Change, Found};
use crate::contact::{Code, Problem};
use crate::text::{Edit, Span, lines};

pub(super) fn mend(found: &mut Found<'_, '_>, index: usize, problem: &Problem) {
    if problem.code != Code::MergeConflict {
        return;
    }
    let text = found.here.text();
    let Some(sides) = Sides::read(text, problem.span) else { return };
    for (whose, name, kept) in [("ours", &sides.ours, sides.first), ("theirs", &sides.theirs, sides.second)] {
        let named = if name.is_empty() { String::new() } else { format!(" ({})", super::short(name)) };
        found.fix(index, format!("keep {whose}{named}"), Change::Edits(sides.keep(&[kept])));
    }
    found.fix(index, "keep both, ours first", Change::Edits(sides.keep(&[sides.first, sides.second])));
}

/// Where both sides of a conflict stand.
struct Sides {
    /// With all marks.
    whole: Span,
    /// What git calls them.
    ours: String,
    theirs: String,
    first: Span,
    second: Span,
}

impl Sides {
    fn read(text: &str, span: Span) -> Option<Self> {
        let mark = |from: usize, sign: &str| {
            let mut at = from;
            while at < span.end() {
                if text[at..].starts_with(sign) {
                    return Some(at);
                }
                let next = lines::next_line(text, at);
                if next == at {
                    break;
                }
                at = next;
            }
            None
        };
        let name = |at: usize| text[at..lines::line_end(text, at)].trim_start_matches(['<', '>']).trim().to_owned();
        let begin = span.start();
        let middle = mark(begin, "=======")?;
        let end = mark(middle, ">>>>>>>")?;
        // With diff3 what both began with stands between as well.
        let first_end = mark(begin, "|||||||").filter(|&base| base < middle).unwrap_or(middle);
        Some(Self {
            whole: Span::new(begin, lines::next_line(text, end)),
            ours: name(begin),
            theirs: name(end),
            first: Span::new(lines::next_line(text, begin), first_end),
            second: Span::new(lines::next_line(text, middle), end),
        })
    }

    /// Takes everything away but these.
    fn keep(&self, kept: &[Span]) -> Vec<Edit> {
        let mut at = self.whole.start();
        let mut edits = Vec::new();
        for span in kept {
            edits.push(Edit::delete(at, span.start()));
            at = span.end();
        }
        edits.push(Edit::delete(at, self.whole.end()));
        edits
    }
}
