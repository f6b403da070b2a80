//! What each key is for, in a few words: the keys of a broadcast, the settings of `guanxi.yaml`. (Those of a contact are in the
//! table of fields.)

/// The keys that only broadcasts have, and what they are for.
pub static BROADCAST: &[(&str, &str)] = &[
    ("to", "who gets the message: a query in quotes, or a list of tags that must all be there"),
    ("via", "the channel: email, sms, phone, wechat, …; who lacks its field is left out"),
    (
        "exclude",
        "who is left out of this broadcast, beside `broadcast.exclude`: a query in quotes, or a list of tags, any of which excludes",
    ),
    ("from", "who writes, for mail files: `Robin Glim <robin@glim.example>`; else `broadcast.from` in guanxi.yaml"),
    ("subject", "the subject line of the mail"),
    ("attach", "files that go with the message, relative to this file or to the vault"),
    ("reply_to", "where answers go, if not to the sender"),
    ("account", "an account of your own settings that sends it"),
];

/// The settings of `guanxi.yaml`, the outer key first, and what they are for.
pub static SETTINGS: &[(&str, &str)] = &[
    ("tags", "the vocabulary of tags"),
    ("tags.strict", "`true`: a tag that is not listed is an error"),
    ("tags.known", "tags and what they mean, before their first contact too"),
    ("broadcast", "what holds for every broadcast"),
    ("broadcast.exclude", "a query, or a list of tags any of which excludes: whoever matches is left out of every broadcast"),
    ("broadcast.never", "addresses that are never written to, whoever has them: mail addresses, numbers, `@domain`"),
    ("broadcast.account", "an account of your own settings that sends broadcasts"),
    ("broadcast.from", "who writes, for mail files: `Robin Glim <robin@glim.example>`"),
    ("vault", "where things are"),
    ("vault.contacts", "the folder where new contacts go"),
    ("vault.cards", "the folder of the pictures"),
    ("vault.broadcasts", "the folder of the broadcasts"),
    ("vault.ignore", "globs of what is left out, such as `archive/**`"),
    ("watch", "how changes on disk are noticed: `auto`, `native`, `poll` or `off`"),
];

/// What a key of a broadcast is for.
pub fn in_broadcast(key: &str) -> Option<&'static str> {
    of(BROADCAST, key)
}

/// What a setting is for, by the keys that lead to it.
pub fn of_setting(path: &[&str]) -> Option<&'static str> {
    of(SETTINGS, &path.join("."))
}

fn of(table: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == key).map(|(_, meaning)| *meaning)
}
