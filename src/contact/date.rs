//! Dates as contacts write them: `1988-04-02`, or `--04-02` where nobody knows the year (RFC 6350 §4.3.1).

/// A day, the year perhaps unknown. Ordered by year, then month and day; without a year they come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, where it is known.
    pub year: Option<u16>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Reads a date; `None` for anything else, and for days that do not exist. A time behind the date is allowed.
pub fn parse(text: &str) -> Option<Date> {
    let text = text.split(['T', ' ']).next()?;
    let (year, rest) = match text.strip_prefix("--") {
        Some(rest) => (None, rest),
        None => {
            let (year, rest) = text.split_once('-')?;
            (Some(number(year, 4)?), rest)
        }
    };
    let (month, day) = rest.split_once('-')?;
    let (month, day) = (number(month, 2)?, number(day, 2)?);
    let leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    Some(Date { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
}

/// Reads a date, or as much of one as a query may compare with: a year, a year and month, a month and day.
pub fn partial(text: &str) -> Option<Partial> {
    if let Some(date) = parse(text) {
        return Some(Partial { year: date.year, month: Some(date.month), day: Some(date.day) });
    }
    let (year, month) = match text.split_once('-') {
        Some((year, month)) => (year, Some(month)),
        None => (text, None),
    };
    let year = Some(number(year, 4)?);
    let month = match month {
        Some(month) => Some(u8::try_from(number(month, 2).filter(|month| (1..=12).contains(month))?).ok()?),
        None => None,
    };
    Some(Partial { year, month, day: None })
}

/// As much of a date as somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

impl Partial {
    /// Is it this day, or does the day lie in it? `--04-02` is that day of every year.
    pub fn holds(&self, date: Date) -> bool {
        let year = self.year.is_none_or(|year| date.year == Some(year));
        year && self.month.is_none_or(|month| date.month == month) && self.day.is_none_or(|day| date.day == day)
    }
}

fn number(text: &str, digits: usize) -> Option<u16> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
