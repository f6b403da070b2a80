//! Simulated broadcasts: random vaults with several files of one person, "no" in all shapes, excluded and hidden tags, faults. What
//! comes is compared with an oracle that knows only the contract: nobody wrong, nobody twice, nobody silently missing.
//!
//! `cargo test` runs 200, twenty of them by the command line too and five by the language server.
//! More: `GUANXI_BROADCASTS=10000 cargo test simulation -- --nocapture`; a tenth of them by the command line.
//! Each is made from its number alone; a failure names the number, `GUANXI_BROADCASTS_FROM=N` begins there.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::never_wider::{Answer, Ask, Scene};
use super::oracle::{Out, Person, Q, Same, Verdict, World};
use crate::cli::Desk;
use crate::lsp::capabilities;
use crate::lsp::serving::client_of;
use crate::slips::Chance;

const FIRST: &[&str] =
    &["Bo", "Ada", "Cy", "Di", "Ed", "Fay", "Gil", "Hua", "Ivo", "Jun", "Kim", "Lea", "Max", "Nora", "Otto", "Pia"];
const LAST: &[&str] = &["Lund", "Quill", "Okoro", "Marsh", "Weber", "Santos", "Novak", "Tanaka", "Moreau", "Lindt"];
const CLEAN: &[&str] = &[
    "lead",
    "boston",
    "new-york",
    "york",
    "client",
    "vip-client",
    "do-not-contact",
    "event/ces-2026",
    "event",
    "keine post",
    "客户",
    "老客户",
    "gdpr",
];
const EXCLUDED: &[&str] = &["client", "york", "do-not-contact", "keine post", "客户", "gdpr"];
/// Tags that hide an excluded one, and some that only look so.
const ODD: &[&str] = &[
    "do_not_contact",
    "x/do-not-contact",
    "do-not-contcat",
    "don-ot-contact",
    "Do Not Contact",
    "“client”",
    "lead；client",
    "clients",
    "cilent",
    "clint",
    "client/retail",
    "ＣＬＩＥＮＴ",
    "new york",
    "york/old",
    "yorks",
    "keine-post",
    "keinepost",
    "keine posst",
    "客户（北京）",
    "old gdpr",
    "gdpr2018",
    "lead，boston",
    "lead、client",
    "my-client",
    "yo-rk",
    "gdrp",
    "reclient",
    "clientele",
    "event/client",
    "client2",
    "kein post",
    "lead；boston",
    "boston；lead",
];

fn world(seed: u64) -> World {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9).wrapping_add(7));
    let chance = &mut chance;
    let mut people = Vec::new();
    for number in 0..20 + chance.below(41) {
        let twin: Option<Person> = (number > 0 && chance.percent(22)).then(|| {
            let all: &Vec<Person> = &people;
            all[chance.below(all.len())].clone()
        });
        people.push(person(number, twin.as_ref(), chance));
    }
    let via = *chance.pick(&[&Some("email"), &Some("email"), &Some("sms"), &Some("wechat"), &None]);
    let mut excludes = Vec::new();
    for _ in 0..chance.below(3) {
        excludes.push(exclude(chance));
    }
    let mut never = Vec::new();
    if chance.percent(30) {
        let all: Vec<&String> = people
            .iter()
            .flat_map(|one| one.emails.iter().chain(&one.phones))
            .filter(|one| !one.contains('<') && !one.eq_ignore_ascii_case("n/a"))
            .collect();
        never = (0..1 + chance.below(3)).map(|_| all[chance.below(all.len())].clone()).collect();
        never.push("@rival.example".to_owned());
    }
    World { people, known: CLEAN.to_vec(), never, to: query(chance), excludes, via }
}

fn exclude(chance: &mut Chance) -> Q {
    match chance.below(4) {
        0 => Q::Or(vec![Q::Tag(chance.pick(EXCLUDED)), Q::Tag(chance.pick(EXCLUDED))]),
        1 => Q::Or(vec![Q::Tag(chance.pick(EXCLUDED)), Q::Org("rival")]),
        _ => Q::Tag(chance.pick(EXCLUDED)),
    }
}

fn query(chance: &mut Chance) -> Q {
    let asked = Q::Tag(chance.pick(&["lead", "lead", "boston", "event", "new-york"]));
    let other = match chance.below(8) {
        0 => Q::Has("emails"),
        1 => Q::Missing("org"),
        2 => Q::Org("panda"),
        3 => Q::OrgBegins("p"),
        4 => Q::Tag("boston"),
        5 => Q::Exactly("event"),
        _ => Q::Contact,
    };
    let not = Q::Not(Box::new(if chance.percent(30) {
        Q::Or(vec![Q::Tag(chance.pick(EXCLUDED)), Q::Tag("gdpr")])
    } else {
        Q::Tag(chance.pick(EXCLUDED))
    }));
    match chance.below(7) {
        0 | 1 => asked,
        2 => Q::And(vec![asked, not]),
        3 => Q::And(vec![Q::Or(vec![asked, other]), not]),
        4 => Q::Or(vec![asked, other]),
        5 => Q::And(vec![asked, other]),
        _ => Q::Contact,
    }
}

fn person(number: usize, twin: Option<&Person>, chance: &mut Chance) -> Person {
    let mut one = Person {
        path: format!("people/{number:02}.md"),
        alias: format!("{} {}", chance.pick(FIRST), chance.pick(LAST)),
        emails: vec![format!("p{number}@{}", chance.pick(&["x.example", "rival.example", "exämple.de", "hill.example"]))],
        phones: vec![format!("+1 212 555 {:04}", 1000 + number * 7)],
        wechat: chance.percent(40).then(|| format!("wxid_{number}")),
        org: chance.percent(40).then(|| (*chance.pick(&["Panda Lighting", "Rival Ltd", "River"])).to_owned()),
        ..Person::default()
    };
    if chance.percent(20) {
        one.emails.push(format!("second{number}@y.example"));
    }
    if chance.percent(20) {
        one.emails.clear();
        one.remark = chance.percent(30).then(|| format!("write to p{number}@x.example"));
    } else if chance.percent(3) {
        one.emails[0] = "n/a".to_owned();
    }
    if chance.percent(30) {
        one.phones.clear();
    }
    if let Some(twin) = twin {
        match chance.below(6) {
            // Two files of one person; the second in other spellings.
            0 | 1 => {
                one.alias = twin.alias.clone();
                one.emails = twin.emails.iter().map(|mail| respelled(mail, chance)).collect();
                one.phones = twin.phones.iter().map(|phone| phone.replace("+1 ", "001").replace(' ', "-")).collect();
            }
            // A part of the name, the number only.
            2 => {
                one.alias = twin.alias.split(' ').next().unwrap().to_owned();
                one.phones = twin.phones.clone();
            }
            // A shared address of two people.
            3 => one.emails = twin.emails.clone(),
            4 => one.phones = twin.phones.clone(),
            _ => {
                one.alias = twin.alias.clone();
                one.uid = twin.uid.clone();
                one.wechat = twin.wechat.as_ref().map(|handle| format!("@{handle}"));
            }
        }
        if chance.percent(10) && twin.alias != one.alias {
            one.distinct = Some(twin.alias.clone());
        }
    }
    if one.uid.is_none() && chance.percent(20) {
        one.uid = Some(format!("urn:uuid:{number}"));
    }
    for _ in 0..1 + chance.below(3) {
        let from = if chance.percent(15) { ODD } else { CLEAN };
        one.tags.push(chance.pick(from).to_owned());
    }
    if chance.percent(60) && !one.tags.contains(&"lead".to_owned()) {
        one.tags.push((*chance.pick(&["lead", "lead", "Lead", "ｌｅａｄ"])).to_owned());
    }
    one.tags.dedup();
    one.out = match chance.below(20) {
        0 | 1 => Out::All,
        2 => Out::Of(vec!["email"]),
        3 => Out::Of(vec!["sms", "wechat"]),
        _ => Out::Never,
    };
    one.faulty = chance.percent(4);
    one.beside = chance.percent(6);
    if one.beside {
        one.path = format!("archive/{number:02}.md");
    }
    one
}

fn respelled(mail: &str, chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => mail.to_uppercase().replace("EXÄMPLE", "exämple"),
        1 => mail.replace("exämple", "xn--exmple-cua"),
        _ => mail.to_owned(),
    }
}

fn text(one: &Person, chance: &mut Chance) -> String {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let list = |items: &[String]| items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ");
    let mut lines = format!("---\nalias: {}\ntags: [{}]\n", quoted(&one.alias), list(&one.tags));
    if !one.emails.is_empty() {
        let key = if !one.beside { "emails" } else { chance.pick(&["emails", "email", "E-Mail", "mail"]) };
        lines += &format!("{key}: [{}]\n", list(&one.emails));
    }
    if !one.phones.is_empty() {
        lines += &format!("phones: [{}]\n", list(&one.phones));
    }
    for (key, value) in [("wechat", &one.wechat), ("org", &one.org), ("remark", &one.remark), ("uid", &one.uid)] {
        if let Some(value) = value {
            lines += &format!("{key}: {}\n", quoted(value));
        }
    }
    if let Some(other) = &one.distinct {
        lines += &format!("distinct: [\"[[{other}]]\"]\n");
    }
    lines += match &one.out {
        Out::Never => chance.pick(&["", "", "", "opt_out: false\n"]),
        Out::All => chance.pick(&[
            "opt_out: true\n",
            "opt_out: yes\n",
            "Opt-Out: true\n",
            "optout: TRUE\n",
            "opt_out: [email, pigeon]\n",
            "opt_out: {email: true}\n",
            "meta:\n  opt_out: true\n",
            "opted_out: since May\n",
            "opt_out: \"“true”\"\n",
        ]),
        Out::Of(channels) if channels.len() == 1 => {
            chance.pick(&["opt_out: email\n", "opt_out: [email]\n", "opt_out: [E-Mail]\n", "opt_out: mail\n", "opt-out: Email\n"])
        }
        Out::Of(_) => chance.pick(&["opt_out: [sms, wechat]\n", "opt_out:\n  - sms\n  - WeChat\n"]),
    };
    if one.faulty {
        lines += chance.pick(&["title: [unclosed\n", "note: a: b\n", "role: x\nrole: y\n", "title: \"x\n", "note: @x\n"]);
    }
    lines + "---\nMet at the fair.\n"
}

fn exclusion(exclude: &Q, indent: &str, chance: &mut Chance) -> String {
    match exclude {
        Q::Tag(tag) if chance.percent(50) => format!("{indent}exclude: [{tag}]\n"),
        _ => format!("{indent}exclude: {}\n", serde_json::to_string(&exclude.text()).unwrap()),
    }
}

fn scene(world: &World, seed: u64) -> Scene {
    let mut chance = Chance(seed ^ 0xfeed);
    let chance = &mut chance;
    let known: String = world.known.iter().map(|tag| format!("    {tag}: A group\n")).collect();
    let mut settings = format!("tags:\n  known:\n{known}vault:\n  ignore: [\"archive/**\"]\n");
    let (first, second) = (world.excludes.first(), world.excludes.get(1));
    if first.is_some() || !world.never.is_empty() {
        settings += "broadcast:\n";
        settings += &first.map_or(String::new(), |exclude| exclusion(exclude, "  ", chance));
        if !world.never.is_empty() {
            settings += &format!("  never: {}\n", serde_json::to_string(&world.never).unwrap());
        }
    }
    let own = second.map_or(String::new(), |exclude| exclusion(exclude, "", chance));
    let via = world.via.map_or(String::new(), |via| format!("via: {via}\n"));
    let to = match &world.to {
        Q::Tag(tag) if chance.percent(50) => format!("[{tag}]"),
        query => serde_json::to_string(&query.text()).unwrap(),
    };
    let mut files = vec![
        ("guanxi.yaml".to_owned(), settings),
        ("b.md".to_owned(), format!("---\nto: {to}\n{via}{own}subject: Hi\nstatus: draft\n---\nHello.\n")),
    ];
    let mut beside = Vec::new();
    for one in &world.people {
        if one.beside { &mut beside } else { &mut files }.push((one.path.clone(), text(one, chance)));
    }
    Scene { files, beside, ask: Ask::File("b.md") }
}

/// What is wrong with an answer, by the contract.
fn wrong(world: &World, answer: &Answer) -> Vec<String> {
    let (chosen, left_out) = match answer {
        Answer::Lists { chosen, left_out } => (chosen, left_out),
        // A channel that nobody has is taken for a misspelt one.
        Answer::Refused(_) if !has_channel(world) => return Vec::new(),
        Answer::Refused(words) => return vec![format!("refused: {words}")],
    };
    let mut wrong = Vec::new();
    let listed =
        |path: &str| chosen.iter().filter(|one| *one == path).count() + left_out.iter().filter(|(one, _)| one == path).count();
    let gets = |one: &Person| chosen.contains(&one.path);
    let verdicts = world.verdicts();
    for (one, verdict) in world.people.iter().zip(&verdicts) {
        let count = listed(&one.path);
        let why = left_out.iter().find(|(path, _)| *path == one.path).map_or("", |(_, why)| why);
        match verdict {
            Verdict::NoMatch if gets(one) => wrong.push(format!("{} is no match, and gets it", one.path)),
            Verdict::NoMatch if count != 1 && world.is_glued_match(one) => {
                wrong.push(format!("{} is silently missing (glued)", one.path))
            }
            Verdict::NoMatch => {}
            _ if count != 1 => wrong.push(format!("{} is in {count} lists ({verdict:?})", one.path)),
            Verdict::Not(expected) if gets(one) => wrong.push(format!("{} must not get it ({expected})", one.path)),
            Verdict::Eligible
                if !gets(one)
                    && !world
                        .people
                        .iter()
                        .zip(&verdicts)
                        .any(|(other, _)| other.path != one.path && gets(other) && linked(world, one, other, &verdicts)) =>
            {
                wrong.push(format!("{} must get it ({why})", one.path));
            }
            _ => {}
        }
    }
    let getting: Vec<&Person> = world.people.iter().filter(|one| gets(one)).collect();
    for (at, one) in getting.iter().enumerate() {
        for other in getting[at + 1..].iter().filter(|other| world.same(one, other) == Same::Surely) {
            wrong.push(format!("{} and {} are one recipient, twice", one.path, other.path));
        }
    }
    wrong
}

/// Whether one person's files lead from one to the other.
fn linked(world: &World, one: &Person, other: &Person, verdicts: &[Verdict]) -> bool {
    let (mut reached, mut open) = (vec![one.path.clone()], vec![one]);
    while let Some(from) = open.pop() {
        if from.path == other.path {
            return true;
        }
        for (next, verdict) in world.people.iter().zip(verdicts) {
            let may = matches!(verdict, Verdict::Eligible | Verdict::Either);
            if may && !reached.contains(&next.path) && world.same(from, next) != Same::No {
                reached.push(next.path.clone());
                open.push(next);
            }
        }
    }
    false
}

fn has_channel(world: &World) -> bool {
    world.people.iter().filter(|one| !one.beside).any(|one| match world.via {
        Some("email") => !one.emails.is_empty(),
        Some("sms") => !one.phones.is_empty(),
        Some("wechat") => one.wechat.is_some(),
        _ => true,
    })
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn nobody_wrong_nobody_twice_nobody_missing() {
    let from = number("GUANXI_BROADCASTS_FROM", 0);
    let count = number("GUANXI_BROADCASTS", 200);
    let (mut sums, mut failures): (BTreeMap<&str, usize>, Vec<String>) = (BTreeMap::new(), Vec::new());
    for seed in from..from + count {
        let world = world(seed);
        let scene = scene(&world, seed);
        let answer = scene.answer();
        match &answer {
            Answer::Refused(_) => *sums.entry("refused").or_default() += 1,
            Answer::Lists { chosen, left_out } => {
                *sums.entry("recipients").or_default() += chosen.len();
                *sums.entry("left out").or_default() += left_out.len();
            }
        }
        for verdict in world.verdicts() {
            *sums
                .entry(match verdict {
                    Verdict::Eligible => "oracle: eligible",
                    Verdict::Not(_) => "oracle: must not",
                    Verdict::Either => "oracle: either",
                    Verdict::NoMatch => "oracle: no match",
                })
                .or_default() += 1;
        }
        let wrong = wrong(&world, &answer);
        if !wrong.is_empty() {
            failures.push(format!("broadcast {seed}: {}\n", wrong.join("; ")));
            if failures.len() == 1 {
                failures.push(format!("{}\n{answer:?}\n", scene.picture()));
            }
        }
    }
    println!("{count} broadcasts: {sums:?}");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len() - 1, failures.concat());
}

/// The command line on the same files says the same. (`GUANXI_BROADCASTS`, a tenth of it.)
#[test]
fn the_command_line_says_the_same() {
    for seed in 0..number("GUANXI_BROADCASTS", 200) / 10 {
        let scene = scene(&world(seed), seed);
        let desk = desk(&scene);
        let said = desk.run(&["broadcast", "list", "b.md", "--reasons", "--format", "json"]);
        match scene.answer() {
            Answer::Refused(words) => assert!(said.code == 2 && said.out.is_empty(), "{seed}: {words}\n{said:?}"),
            // To nobody is an error of the file.
            Answer::Lists { chosen, .. } if chosen.is_empty() => assert!(said.code != 0, "{seed}: {said:?}"),
            Answer::Lists { chosen, left_out } => {
                let report: Value = serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{seed}: {error} {said:?}"));
                assert_eq!(paths(&report["recipients"]), chosen, "{seed}");
                let out: Vec<String> = left_out.into_iter().map(|(path, _)| path).collect();
                assert_eq!(paths(&report["left_out"]), out, "{seed}");
            }
        }
    }
}

/// And so does the language server.
#[test]
fn the_language_server_says_the_same() {
    for seed in 0..5 {
        let scene = scene(&world(seed), seed);
        let desk = desk(&scene);
        let Answer::Lists { chosen, left_out } = scene.answer() else { continue };
        if chosen.is_empty() {
            continue;
        }
        let mut client = client_of(desk.root(), capabilities::full());
        client.open_file("b.md");
        let asked = json!({ "command": "guanxi.broadcast.list", "arguments": [{ "uri": client.uri("b.md") }] });
        let answer = client.request("workspace/executeCommand", asked);
        assert_eq!(paths(&answer["recipients"]), chosen, "{seed}");
        let out: Vec<String> = left_out.into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths(&answer["left_out"]), out, "{seed}");
        client.shutdown();
    }
}

fn desk(scene: &Scene) -> Desk {
    let picture: String = scene.files.iter().chain(&scene.beside).map(|(path, text)| format!("== {path}\n{text}")).collect();
    Desk::new(&picture)
}

fn paths(people: &Value) -> Vec<String> {
    people.as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect()
}
