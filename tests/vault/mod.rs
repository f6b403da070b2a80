//! Floor 3.

mod index;
mod law;
mod query;
mod search;

use guanxi::vault::{Change, Coverage, FileId, Vault, VaultPath};

/// A vault from a picture: lines `== path` begin files.
pub fn vault(picture: &str) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for (path, text) in files(picture) {
        vault.apply(Change::Found { path: VaultPath::new(&path), text: text.into() });
    }
    vault.prepare_search();
    vault
}

/// The files of a picture.
pub fn files(picture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in picture.lines() {
        if let Some(path) = line.strip_prefix("== ") {
            files.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

/// A contact in a line: `wang.md: Wang | lead, new-york | org: P; emails: w@x.example`.
pub fn contacts(lines: &str) -> Vault {
    let mut vault = Vault::new(Coverage::Whole);
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (path, rest) = line.split_once(": ").unwrap();
        let mut parts = rest.split('|').map(str::trim);
        let (alias, tags) = (parts.next().unwrap(), parts.next().unwrap_or(""));
        let fields: String =
            parts.next().unwrap_or("").split("; ").filter(|field| !field.is_empty()).map(|field| format!("{field}\n")).collect();
        let text = format!("---\nalias: {alias}\ntags: [{tags}]\n{fields}---\n");
        vault.apply(Change::Found { path: VaultPath::new(path), text: text.into() });
    }
    vault.prepare_search();
    vault
}

/// Aliases of some files.
pub fn aliases(vault: &Vault, files: &[FileId]) -> Vec<String> {
    files.iter().map(|&id| vault.file(id).alias().to_owned()).collect()
}
