//! Links that lead to nobody, or to several.

use super::Surroundings;
use crate::contact::{Code, Problem};
use crate::text::markdown::{Body, Link};
use crate::text::percent_decoded;
use crate::vault::{Resolution, Vault, VaultPath};

/// Problems of the links in a body.
pub fn check(vault: &Vault, path: &VaultPath, body: &Body, around: &Surroundings<'_>, problems: &mut Vec<Problem>) {
    for link in &body.links {
        match vault.resolve_link(path, link) {
            Some(Resolution::Nobody) if !is_file(path, link, around) => {
                let message = format!("`{}` leads to nobody here", link.target);
                problems.push(Problem::new(Code::LinkUnresolved, link.target_span, message));
            }
            Some(Resolution::Several(several)) => {
                let message = format!("`{}` fits {}: name one of them", link.target, super::listed(vault, &several));
                let related = several.iter().take(5).map(|&other| super::related(vault, other, "fits")).collect();
                problems.push(Problem::new(Code::LinkAmbiguous, link.target_span, message).with_related(related));
            }
            _ => {}
        }
    }
}

/// Does the link lead to a file that is no contact and no note, such as a picture?
fn is_file(path: &VaultPath, link: &Link, around: &Surroundings<'_>) -> bool {
    let target = percent_decoded(&link.target);
    let has_ending = target
        .rsplit_once('.')
        .is_some_and(|(_, ending)| (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    has_ending && matches!(super::place(path, &target, around.exists), Some(Ok(_)))
}
