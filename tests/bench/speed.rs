//! How long things take: the whole program against ripgrep, queries and searches in a loaded vault, a file that changes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use guanxi::features::find::find;
use guanxi::features::list::{list, matching};
use guanxi::features::places::Exists;
use guanxi::features::{Here, move_files, references, rename};
use guanxi::vault::query::Query;
use guanxi::vault::search::Options;
use guanxi::vault::{Change, Vault, VaultPath};

use super::measure::{Row, median, median_of, micros, millis, time};

const PAIRS: usize = 15;

/// The whole program against ripgrep over the same files, one after the other in turns.
pub fn list_against_ripgrep(vault: &Path, name: &str) -> Row {
    let what = format!("`guanxi list '#lead #new-york'` at {name}, against `rg -c new-york`");
    let mut guanxi = Command::new(env!("CARGO_BIN_EXE_guanxi"));
    guanxi.arg("--vault").arg(vault).args(["list", "#lead #new-york"]);
    let mut ripgrep = Command::new("rg");
    ripgrep.args(["--no-config", "-c", "new-york"]).arg(vault);
    if ripgrep.stdout(Stdio::piped()).stderr(Stdio::null()).output().is_err() {
        return Row::skipped(what, "ripgrep (rg) is not installed");
    }
    guanxi.stdin(Stdio::null());
    ripgrep.stdin(Stdio::null());
    if !guanxi.output().is_ok_and(|output| output.status.success() && !output.stdout.is_empty()) {
        return Row::skipped(what, "it finds nobody: something is wrong");
    }
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        times.0.push(time(|| guanxi.output()).1);
        times.1.push(time(|| ripgrep.output()).1);
    }
    let (own, other) = (median(times.0), median(times.1));
    let remark = format!("{:.0} ms, {:.0} ms", millis(own), millis(other));
    Row::new(what, own.as_secs_f64() / other.as_secs_f64(), 1.5, "×").remark(&remark)
}

/// Tags as they are typed, of three terms each.
const PLAIN: [&str; 4] = [
    "#lead #new-york #follow-up",
    "#lead #new-york -#do-not-contact",
    "#lead (#new-york | #boston)",
    "#lead -#new-york -#boston",
];

/// The same with tags that have hundreds of others below them.
const NESTED: [&str; 3] = ["#event #lead -#new-york", "#client #lead #event", "#lead #new-york -#project"];

/// Tag queries: the set of everybody who is meant, from the query's text on.
pub fn queries(vault: &Vault, name: &str) -> Vec<Row> {
    let ask = |text: &str| median_of(1000, |_| drop(Query::parse(text).map(|query| matching(vault, &query))));
    let row = |texts: &[&'static str], how: &str| {
        let (time, text) = worst(texts, ask);
        let what = format!("tag query of three terms at {name}, {how}, the slowest of {}", texts.len());
        Row::new(what, micros(time), 50.0, "µs").remark(&format!("`{text}`"))
    };
    let ordered = Query::parse(PLAIN[0]).ok().map(|query| median_of(200, |_| drop(list(vault, &query)))).unwrap_or_default();
    let told = Row::told(format!("`{}` at {name}, ordered by alias", PLAIN[0]), format!("{:.1} µs", micros(ordered)));
    vec![row(&PLAIN, "plain"), row(&NESTED, "nested"), told]
}

/// One word, as `find` takes it: names, pinyin and its initials, numbers, details, bodies, nothing at all.
const WORDS: [&str; 10] = ["thornq", "ødegr", "wxm", "wangxm", "小明", "2125550", "panda", "brochure", "marzipan", "zzyzx"];

/// What is there when typing has only begun: a large part of the vault fits.
const BEGINNINGS: [&str; 4] = ["l", "li", "86", "exa"];

/// `find` with one word, without and with bodies.
pub fn finds(vault: &Vault, name: &str) -> Vec<Row> {
    let row = |words: &[&'static str], bodies: bool, most: f64, what: &str| {
        let options = Options { bodies, limit: 50 };
        let (time, text) = worst(words, |text| median_of(40, |_| drop(find(vault, text, options))));
        let how = if bodies { "bodies too" } else { "without bodies" };
        let what = format!("`find` {what} at {name}, {how}, the slowest of {}", words.len());
        Row::new(what, millis(time), most, "ms").remark(&format!("`{text}`"))
    };
    vec![
        row(&WORDS, false, 3.0, "one word"),
        row(&WORDS, true, 20.0, "one word"),
        row(&BEGINNINGS, false, 3.0, "one, two or three letters"),
        row(&BEGINNINGS, true, 20.0, "one, two or three letters"),
    ]
}

/// Each word by itself, for whoever wants to know which one is slow.
pub fn finds_in_detail(vault: &Vault) {
    for text in WORDS.into_iter().chain(BEGINNINGS) {
        for bodies in [false, true] {
            let options = Options { bodies, limit: 50 };
            let total = find(vault, text, options).map_or(0, |found| found.1);
            let time = median_of(40, |_| drop(find(vault, text, options)));
            println!("find {text:10} bodies {bodies:5}: {:7.3} ms, {total} fit", millis(time));
        }
    }
}

/// A tag that very many carry: every place of it, and every edit that renaming it takes. What the vault is asked for, and what is
/// read without it.
pub fn places(vault: &Vault, name: &str) -> Vec<Row> {
    let here = Here::beside(vault, VaultPath::new("asking.md"), "#lead");
    let exists: Exists = Arc::new(|_| false);
    let asked = |gather: Duration| format!("of which the vault is kept busy {:.1}", millis(gather));
    let references = || references::gather(&here, 2, true, &exists);
    let found = references().map_or(0, |search| search.run(&|| false).len());
    let time = median_of(15, |_| drop(references().map(|search| search.run(&|| false))));
    let what = format!("references of `lead` at {name}, {found} places");
    let row = Row::new(what, millis(time), 80.0, "ms").remark(&asked(median_of(15, |_| drop(references()))));
    let rename = || rename::gather(&here, 2, "prospect").ok();
    let files = rename().and_then(|job| job.run(&|| false)).map_or(0, |renaming| renaming.edits.len());
    let time = median_of(15, |_| drop(rename().map(|job| job.run(&|| false))));
    let what = format!("renaming `lead` at {name}, {files} files");
    let renaming = Row::new(what, millis(time), 150.0, "ms").remark(&asked(median_of(15, |_| drop(rename()))));
    let moves = [(VaultPath::new("contacts"), VaultPath::new("people"))];
    let folder = || move_files::gather(vault, &moves, &exists, &|_, paths| vec![false; paths.len()]);
    let files = folder().run(&|| false).map_or(0, |renaming| renaming.edits.len());
    let time = median_of(5, |_| drop(folder().run(&|| false)));
    let what = format!("moving the folder of all contacts at {name}, {files} files change");
    let moving = format!("{:.0} ms ({})", millis(time), asked(median_of(5, |_| drop(folder()))));
    vec![row, renaming, Row::told(what, moving)]
}

fn worst<'t>(texts: &[&'t str], ask: impl Fn(&str) -> Duration) -> (Duration, &'t str) {
    texts.iter().map(|&text| (ask(text), text)).max().unwrap_or_default()
}

/// A contact gets a tag and a sentence, and loses both again: what one edited file costs, search included.
pub fn apply(vault: &mut Vault, name: &str) -> Row {
    let step = (vault.contacts().len() / 500).max(1);
    let some: Vec<(VaultPath, String)> = vault
        .contacts()
        .iter()
        .step_by(usize::try_from(step).unwrap_or(1))
        .map(|id| (vault.file(id).path().clone(), vault.file(id).text().to_owned()))
        .collect();
    let mut times = Vec::new();
    for (path, text) in &some {
        let edited = text.replacen("tags: [", "tags: [seen in spring, ", 1) + "\nCalled [[Li Na]] again. #follow-up\n";
        for text in [edited.as_str(), text] {
            let change = Change::Found { path: path.clone(), text: Arc::from(text) };
            times.push(time(|| vault.apply(change)).1);
        }
    }
    times.sort_unstable();
    let last = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    let what = format!("one edited file applied at {name}, search kept fresh");
    Row::new(what, micros(median(times)), 100.0, "µs").remark(&format!("99 of 100 within {:.0}", micros(last)))
}
