//! Documents: which are open, and at which version. The editor opens one that is not open; the server speaks of versions that it was told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shapes::Met;

#[derive(Default)]
pub struct Documents {
    open: BTreeSet<String>,
    /// The highest version of each document that is or was open.
    versions: BTreeMap<String, i64>,
}

impl Documents {
    /// The editor told something about a document. What it must not tell is its fault (or its plugin's), and no less a fault.
    pub fn told(&mut self, method: &str, params: &Value, faults: &mut Vec<String>) {
        let document = &params["textDocument"];
        let uri = document["uri"].as_str().unwrap_or_default();
        match method {
            "textDocument/didOpen" if !self.open.insert(uri.to_owned()) => {
                faults.push(format!("the client opened {uri} a second time, without closing it before"));
            }
            "textDocument/didClose" => drop(self.open.remove(uri)),
            _ => {}
        }
        if matches!(method, "textDocument/didOpen" | "textDocument/didChange") {
            let version = document["version"].as_i64().unwrap_or(0);
            // A document that is opened again may begin anew while something about its former life is on its way.
            let highest = self.versions.entry(uri.to_owned()).or_insert(version);
            *highest = version.max(*highest);
        }
    }

    /// A URI that the client itself wrote so is the client's own, whatever RFC 3986 allows: it recognizes its documents by it.
    pub fn without_own_spellings(&self, faults: &mut Vec<String>) {
        let says = |fault: &str, uri: &str| ["is no URI", "lacks"].iter().any(|says| fault.contains(&format!("{uri:?} {says}")));
        faults.retain(|fault| !self.versions.keys().any(|uri| says(fault, uri)));
    }

    /// A version that the server names is one that the client has told.
    pub fn named(&self, met: &Met, faults: &mut Vec<String>) {
        let Some(version) = met.value["version"].as_i64() else { return };
        let uri = met.value["uri"].as_str().unwrap_or_default();
        match self.versions.get(uri) {
            None => faults.push(format!("{}: the version {version} of {uri}, which was never open", met.path)),
            Some(last) if version > *last => {
                faults.push(format!("{}: the version {version} of {uri}, which is at {last}", met.path));
            }
            Some(_) => {}
        }
    }
}
