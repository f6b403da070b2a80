//! What stands beside a vault, on the command line: nested vaults, and settings under a name from which none are read.

use super::Desk;

const VAULT: &str = "== guanxi.yaml\n== a.md\n---\nalias: Ada\ntags: [x]\nemails: [ada@x.example]\n---\n\
                     == sub/guanxi.yaml\n== sub/b.md\n---\nalias: Bo\ntags: [x]\nemails: [bo@x.example]\n---\n";

#[test]
fn the_people_of_a_nested_vault_are_its_own() {
    let desk = Desk::new(VAULT);
    assert_eq!(desk.run(&["list"]).out, "Ada\n");
    assert_eq!(desk.run(&["list", "-f", "emails"]).out, "ada@x.example\n");
    assert_eq!(desk.run(&["--vault", "sub", "list"]).out, "Bo\n");
    let said = desk.run(&["check"]);
    let told =
        "sub is a vault of its own, by sub/guanxi.yaml: its people are not in this one, though a \"no\" to messages counts\n";
    assert!(said.code == 0 && said.err.contains(told), "{said:?}");
    assert!(!desk.run(&["check", "a.md"]).err.contains("sub"));
}

#[test]
fn with_settings_under_a_wrong_name_nothing_is_sent() {
    for name in ["guanxi.yml", "Guanxi.yaml", "guanxi.YAML", "guanxi.yaml.txt"] {
        let desk = Desk::new(&format!("{VAULT}== {name}\nbroadcast:\n  exclude: \"#x\"\n"));
        let said = desk.run(&["broadcast", "list", "#x"]);
        let reason = format!("{name}: settings are read from guanxi.yaml only: rename this file");
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains(&reason), "{said:?}");
        let said = desk.run(&["list", "#x", "-f", "bcc"]);
        assert!(said.code == 2 && said.out.is_empty() && said.err.contains(&reason), "{said:?}");
        assert_eq!(desk.run(&["list", "#x"]).out, "Ada\n");
        let said = desk.run(&["check"]);
        assert!(said.code == 1 && said.out.contains("error[config-invalid]") && said.out.contains(&reason), "{said:?}");
        let said = desk.run(&["check", "-f", "json", name]);
        assert!(said.code == 1 && said.out.contains(&format!("\"path\":\"{name}\"")), "{said:?}");
    }
}

#[test]
fn neither_is_it_where_such_settings_lie_on_the_way_to_the_vault() {
    let desk = Desk::new("== guanxi.yml\n== vault/people/a.md\n---\nalias: Ada\ntags: [x]\n---\n");
    let said = desk.run(&["--vault", "vault/people", "broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.err.contains("../../guanxi.yml: settings are read from guanxi.yaml only"), "{said:?}");
    let said = desk.run(&["--vault", "vault", "check"]);
    assert!(said.code == 1 && said.out.contains("../guanxi.yml: settings"), "{said:?}");
    // Between where one stands and the vault.
    let desk = Desk::new(&format!("{VAULT}== c/guanxi.yml\n== c/d/e.md\n"));
    let said = desk.run(&["--vault", "c/d", "broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.err.contains("c/guanxi.yml: settings are read from guanxi.yaml only"), "{said:?}");
    // From elsewhere it is a nested vault.
    assert_eq!(desk.run(&["broadcast", "list", "#x"]).out, "Ada\n");
    let said = desk.run(&["check"]);
    assert!(said.err.contains("c is a vault of its own, by c/guanxi.yml") && said.err.contains("rename it\n"), "{said:?}");
}

#[test]
fn settings_that_are_no_file_stop_every_broadcast() {
    let desk = Desk::new("== guanxi.yaml/x.txt\n== a.md\n---\nalias: Ada\ntags: [x]\n---\n");
    let said = desk.run(&["broadcast", "list", "#x"]);
    assert!(said.code == 2 && said.out.is_empty() && said.err.contains("not a regular file"), "{said:?}");
    let said = desk.run(&["check"]);
    assert!(said.code == 1 && said.out.contains("error[config-invalid]: guanxi.yaml: not a regular file"), "{said:?}");
}
