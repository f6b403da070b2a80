//! A path inside a vault: relative to its root, `/`-separated, never empty, the same on every system.

use std::fmt;
use std::sync::Arc;

use crate::contact::config;
use crate::text::{fold, invisible};

/// Where a file is, relative to the vault's root. Compared byte by byte, as git does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VaultPath(Arc<str>);

impl VaultPath {
    /// The path as it is written, with `/` between folders.
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file's own name.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The file's name without its ending.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// Was it meant for the settings, wherever it is and however it is spelled?
    pub fn names_settings(&self) -> bool {
        self.file_name() == config::FILE || misspells_settings(self.as_str())
    }

    /// The folder it is in; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Is the other path below this folder?
    pub fn contains(&self, other: &VaultPath) -> bool {
        other.0.strip_prefix(&*self.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// What a relative path written in this file means: `../cards/li.png` in `people/li.md` is `cards/li.png`. `None` where it
    /// leads out of the vault, or is no relative path at all.
    pub fn join(&self, relative: &str) -> Option<String> {
        join(self.folder(), relative)
    }

    /// Where a picture or attachment that is written so may be: as seen from this file, or else from the vault's root. Nowhere
    /// where both lead out of the vault.
    pub fn places(&self, written: &str) -> Vec<String> {
        let mut places: Vec<String> = [self.join(written), join("", written)].into_iter().flatten().collect();
        places.dedup();
        places
    }

    /// How a Markdown link in this file writes another one: `../people/li%20na.md`. What would end the link is escaped.
    pub fn link_to(&self, other: &VaultPath) -> String {
        let mut from: Vec<&str> = self.folder().split('/').filter(|part| !part.is_empty()).collect();
        let mut to: Vec<&str> = other.as_str().split('/').collect();
        while to.len() > 1 && from.first() == to.first() {
            from.remove(0);
            to.remove(0);
        }
        let steps = std::iter::repeat_n("..", from.len()).chain(to).collect::<Vec<_>>().join("/");
        steps.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29").replace('#', "%23")
    }
}

/// The ending of a Markdown file as it is written, with its dot: `.md` and `.markdown` in any case. `None` for other files.
pub fn markdown_ending(name: &str) -> Option<&str> {
    let (_, ending) = name.rsplit_once('.')?;
    let is_one = ["md", "markdown"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    is_one.then(|| &name[name.len() - ending.len() - 1..])
}

/// Is this the name of a Markdown file?
pub fn is_markdown(name: &str) -> bool {
    markdown_ending(name).is_some()
}

/// A name or path without the ending of a Markdown file.
pub fn without_ending(name: &str) -> &str {
    markdown_ending(name).map_or(name, |ending| &name[..name.len() - ending.len()])
}

/// `relative` as seen from `folder`, both `/`-separated; `None` where it leads out of the vault.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let relative = relative.replace('\\', "/");
    let drive = relative.as_bytes().get(1) == Some(&b':');
    if relative.starts_with('/') || drive || relative.contains("://") || relative.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Does this path end in a name that was meant for `guanxi.yaml`, and is not read: another spelling (`Guanxi.yaml`) or ending
/// (`guanxi.yml`, `guanxi.yaml.txt`)? Settings that count for nothing could have excluded somebody.
pub fn misspells_settings(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    // Asked of every file at the root, most of which are Markdown.
    let begins = |name: &str| name.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("guanxi"));
    if let Some(shown) = name.strip_prefix('.') {
        // Hidden as other programs hide theirs. What editors hide has more around it: `.#guanxi.yaml`, `.guanxi.yaml.swp`.
        return begins(shown) && matches!(fold::search_key(shown).as_ref(), "guanxi.yaml" | "guanxi.yml");
    }
    let may_be = (!name.is_ascii() && !is_markdown(name)) || begins(name);
    if !may_be || name == config::FILE {
        return false;
    }
    let folded = fold::search_key(&invisible::taken_out(name)).replace(' ', "");
    let mut endings = folded.strip_prefix("guanxi.").unwrap_or("").split('.');
    let first = endings.next().unwrap_or("");
    // Copies that sync clients and file managers make: `guanxi (1).yaml`, `guanxi.sync-conflict-….yaml`.
    let is_copy = folded.starts_with("guanxi")
        && (folded.ends_with(".yaml") || folded.ends_with(".yml"))
        && ["conflict", "(", "copy"].iter().any(|sign| folded.contains(sign));
    if is_copy
        || (matches!(first, "json" | "toml" | "yam" | "conf" | "config" | "cfg" | "ini") && endings.clone().next().is_none())
    {
        return true;
    }
    matches!(first, "yaml" | "yml") && endings.all(|ending| matches!(ending, "yaml" | "yml" | "txt"))
}

impl fmt::Display for VaultPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{markdown_ending, misspells_settings, without_ending};

    #[test]
    fn endings_of_markdown_in_any_case() {
        for (name, ending) in
            [("a.md", ".md"), ("a.MD", ".MD"), ("王.Md", ".Md"), ("x/a.b.MarkDown", ".MarkDown"), (".md", ".md")]
        {
            assert_eq!(markdown_ending(name), Some(ending), "{name}");
            assert_eq!(format!("{}{ending}", without_ending(name)), name);
        }
        for name in ["md", "a.mdx", "a.m", "a.md/b", "a.md~", "", "a.", "王.ｍｄ"] {
            assert_eq!((markdown_ending(name), without_ending(name)), (None, name));
        }
    }

    #[test]
    fn other_spellings_and_endings_of_the_settings() {
        for name in [
            "guanxi.yml",
            "Guanxi.yaml",
            "guanxi.YAML",
            "GUANXI.YML",
            "guanxi.yaml.txt",
            "guanxi .yaml",
            "ｇuanxi.yaml",
            "guanxi\u{200b}.yaml",
            "guanxi.json",
            "guanxi.conf",
            ".guanxi.yml",
            "guanxi (1).yaml",
            "guanxi.sync-conflict-20260101-120000-ABC.yaml",
        ] {
            assert!(misspells_settings(name) && misspells_settings(&format!("a/{name}")), "{name}");
        }
        for name in [
            "guanxi.yaml",
            "a/guanxi.yaml",
            "guanxi.md",
            "guanxi",
            ".guanxi.yaml.swp",
            ".#guanxi.yaml",
            "guanxi.yaml~",
            "guanxi.yaml/a.md",
            "my-guanxi.yml",
            "王.md",
            "",
        ] {
            assert!(!misspells_settings(name), "{name}");
        }
    }
}
