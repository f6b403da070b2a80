//! A broadcast: its list written or brought up to date, its messages shown. The commands do it; here they are only offered.

use super::{ActionKind, Change, Found};
use crate::contact::Kind;
use crate::features::checklist::block;

pub(super) fn actions(found: &mut Found<'_, '_>) {
    let document = &found.here.document;
    if document.kind != Kind::Broadcast {
        return;
    }
    let title = if matches!(block::find(document), Ok(None)) { "Generate list" } else { "Refresh list" };
    found.offer(title, ActionKind::Source, Change::Command { name: "guanxi.broadcast.list" });
    found.offer("Preview", ActionKind::Source, Change::Command { name: "guanxi.broadcast.preview" });
}
