//! Links whose name or path is not there, or fits several.

use super::Surroundings;
use crate::contact::{Code, Problem};
use crate::features::links::{Destination, destination};
use crate::text::markdown::{Form, Link};
use crate::vault::{Vault, VaultPath};

/// Problems of the links of a file.
pub fn check(vault: &Vault, path: &VaultPath, links: &[Link], around: &Surroundings<'_>, problems: &mut Vec<Problem>) {
    // What is wrong with a link by reference is wrong with its definition, and told once.
    for link in links.iter().filter(|link| link.form != Form::Reference) {
        match destination(vault, path, link, around.exists) {
            Some(Destination::Nobody) => {
                let message = match link.is_wiki() {
                    true => format!("no contact or note named `{}`", link.target),
                    false => format!("no file `{}`", link.target),
                };
                problems.push(Problem::new(Code::LinkUnresolved, link.target_span, message));
            }
            Some(Destination::Several(several)) => {
                let message = format!("`{}` fits {}: name one of them", link.target, super::listed(vault, &several));
                let related = several.iter().take(5).map(|&other| super::related(vault, other, "fits")).collect();
                problems.push(Problem::new(Code::LinkAmbiguous, link.target_span, message).with_related(related));
            }
            _ => {}
        }
    }
}
