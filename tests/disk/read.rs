//! Reading one file, finding a vault's root, and naming paths.

use std::path::Path;

use guanxi::disk::{MAX_BYTES, ReadFault, beginning, find_root, from_disk, misplaced_settings, read, to_disk};
use guanxi::vault::path::VaultPath;

use super::{Folder, make_pipe};

#[test]
fn one_buffer_serves_long_and_short_files() {
    let folder = Folder::new();
    let long = "x".repeat(100_000);
    let (a, b) = (folder.write("a.md", &long), folder.write("b.md", "short"));
    let mut buffer = Vec::new();
    assert_eq!(&*read(&a, &mut buffer).expect("text"), long);
    assert_eq!(&*read(&b, &mut buffer).expect("text"), "short");
}

#[test]
fn faults_say_what_is_wrong() {
    let folder = Folder::new();
    let mut buffer = Vec::new();
    let mut reason = |path: &Path| read(path, &mut buffer).expect_err("a fault").to_string();
    assert_eq!(reason(&folder.at("none.md")), "no such file");
    assert_eq!(reason(&folder.root), "not a regular file");
    assert_eq!(reason(&folder.write("latin.md", b"caf\xe9")), "not UTF-8 (byte 4): save it as UTF-8");
    let large = vec![b'x'; MAX_BYTES as usize + 1];
    assert_eq!(reason(&folder.write("large.md", &large)), "larger than 4 MiB: split it, or exclude it");
}

/// A text in UTF-16, with or without a byte order mark.
fn wide(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

/// ASCII in UTF-16 is valid UTF-8 with a NUL in every second byte: without its byte order mark too it is not read as that.
#[test]
fn utf_16_is_no_utf_8_and_its_beginning_is_decoded() {
    let folder = Folder::new();
    for text in [
        "---\nalias: Bo\nopt_out: true\n---\n",
        "---\r\nalias: 王小明\r\nopt_out: true\r\ndescription: 他买灯，喜欢语音消息，不要再给他发邮件。\r\n---\r\n",
        "\n\n---\nalias: Bo\n---\n",
        "王小明\nopt_out: true\n",
    ] {
        for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            for text in [text.to_owned(), format!("{text}{}", "x王".repeat(1000))] {
                let path = folder.write("a.md", wide(&text, little, mark));
                let fault = read(&path, &mut Vec::new()).expect_err("not UTF-8");
                assert!(matches!(fault, ReadFault::NotUtf8 { .. }), "{fault}");
                let decoded = beginning(&path).expect("a beginning");
                assert_eq!(decoded.trim_start_matches('\u{feff}'), text, "little {little}, mark {mark}");
            }
        }
    }
    // A NUL here and there is a fault of the text, not of its encoding.
    for text in ["---\nalias: Nul\0\n---\n", "---\nalias: \0N\0u\0l\n---\nSome text.\n", "---\nalias: 王\n---\n", ""] {
        assert_eq!(&*read(&folder.write("a.md", text), &mut Vec::new()).expect("text"), text);
    }
}

#[test]
fn four_mebibytes_are_still_read() {
    let folder = Folder::new();
    let path = folder.write("a.md", vec![b'x'; MAX_BYTES as usize]);
    assert_eq!(read(&path, &mut Vec::new()).expect("text").len() as u64, MAX_BYTES);
}

#[test]
fn a_pipe_does_not_block() {
    let folder = Folder::new();
    if make_pipe(&folder.at("pipe.md")) {
        assert_eq!(read(&folder.at("pipe.md"), &mut Vec::new()), Err(ReadFault::NotAFile));
    }
}

#[test]
fn the_root_is_the_nearest_folder_with_settings() {
    let folder = Folder::new();
    let file = folder.write("vault/a/b/c.md", "");
    assert_eq!(find_root(&folder.at("vault/a")), Ok(folder.at("vault/a")));
    assert_eq!(find_root(&file), Ok(folder.at("vault/a/b")));
    folder.write("vault/guanxi.yaml", "");
    assert_eq!(find_root(&folder.at("vault/a")), Ok(folder.at("vault")));
    assert_eq!(find_root(&file), Ok(folder.at("vault")));
    assert_eq!(find_root(&folder.at("vault/a/../a/b")), Ok(folder.at("vault")));
    let message = find_root(&folder.at("nowhere")).expect_err("a message");
    assert!(message.ends_with("no such folder; name the folder that holds your contacts, or create it"), "{message}");
}

#[test]
fn of_a_file_that_cannot_be_read_as_a_whole_the_beginning_is_decoded() {
    let folder = Folder::new();
    let decoded = |bytes: &[u8]| beginning(&folder.write("a.md", bytes)).map(|text| text.to_string());
    let text = "---\nalias: Zoë\n---\n";
    let units = || text.encode_utf16();
    let wide = |bytes: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        mark.then_some(0xfeff).into_iter().chain(units()).flat_map(bytes).collect()
    };
    let marked = Some(format!("\u{feff}{text}"));
    assert_eq!(decoded(&wide(u16::to_le_bytes, true)), marked);
    assert_eq!(decoded(&wide(u16::to_be_bytes, true)), marked);
    assert_eq!(decoded(&wide(u16::to_le_bytes, false)).as_deref(), Some(text));
    assert_eq!(decoded(&wide(u16::to_be_bytes, false)).as_deref(), Some(text));
    assert_eq!(decoded(b"---\nalias: Zo\xeb\n---\n").as_deref(), Some("---\nalias: Zo\u{fffd}\n---\n"));
    assert_eq!(decoded(&vec![b'x'; 100_000]).map(|text| text.len()), Some(64 * 1024));
    assert_eq!(beginning(&folder.at("none.md")), None);
}

#[test]
fn settings_from_which_nothing_is_read_are_found_on_the_way_up() {
    let folder = Folder::new();
    folder.write("guanxi.yml", "");
    folder.write("a/GUANXI.yaml", "");
    folder.write("a/vault/b/Guanxi.yaml", "");
    folder.write("a/vault/b/c/d.md", "");
    let found = |start: &str, root: &str| {
        let found = misplaced_settings(&folder.at(start), &folder.at(root));
        found.into_iter().map(|(path, _)| path.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("a/vault", "a/vault"), ["../GUANXI.yaml", "../../guanxi.yml"]);
    // The root has settings: what is above it means nothing to it.
    folder.write("a/vault/guanxi.yaml", "");
    assert!(found("a/vault", "a/vault").is_empty());
    assert_eq!(found("a/vault/b/c", "a/vault"), ["b/Guanxi.yaml"]);
    folder.write("x/guanxi.yaml/a.md", "");
    assert_eq!(found("x", "x"), ["guanxi.yaml", "../guanxi.yml"]);
}

#[test]
fn paths_go_in_and_out() {
    let root = std::env::temp_dir().join("vault");
    let inside = VaultPath::new("people/王小明.md");
    let outside = to_disk(&root, &inside);
    assert_eq!(outside, root.join("people").join("王小明.md"));
    assert_eq!(from_disk(&root, &outside), Some(inside));
    assert_eq!(from_disk(&root, &root), None);
    assert_eq!(from_disk(&root, &std::env::temp_dir()), None);
    assert_eq!(from_disk(&root, &root.join("..").join("a.md")), None);
}
