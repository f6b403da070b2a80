//! What can be wrong with a file, each kind with a stable code, a weight and a page in the guide. The table is the list.

use crate::text::yaml::quote;
use crate::text::{Edit, Span};

/// How much a problem matters. Errors make `guanxi check` exit 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is broken, or will not do what it says.
    Error,
    /// Something is most likely not meant so.
    Warning,
    /// Something worth a look.
    Information,
}

/// Something wrong at one place of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong, in words for a person.
    pub message: String,
    /// A change that fixes it, where one is certain.
    pub fix: Option<Fix>,
    /// Other changes that would fix it.
    pub more_fixes: Vec<Fix>,
    /// How much it matters here, where that is not what its kind says.
    own_severity: Option<Severity>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
}

/// A change that fixes a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, in the imperative: "quote `@bobby`".
    pub title: String,
    /// How, in the same file.
    pub edits: Vec<Edit>,
}

/// Another place that has to do with a problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The file, relative to the vault.
    pub path: String,
    /// Where in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

impl Fix {
    /// One edit of a text, named by what it changes.
    pub fn of_edit(text: &str, edit: Edit) -> Self {
        let old = edit.span.of(text).trim();
        let new = edit.new.trim();
        let title = match (old.is_empty(), new.is_empty()) {
            _ if !old.is_empty() && edit.new == quote::double(old) => format!("quote `{}`", brief(old)),
            (true, true) if edit.new.is_empty() => "remove the space".to_owned(),
            (true, true) => "add a space".to_owned(),
            (true, false) => format!("add `{}`", brief(new)),
            (false, true) => format!("remove `{}`", brief(old)),
            (false, false) => format!("change to `{}`", brief(new)),
        };
        Self { title, edits: vec![edit] }
    }
}

/// The first line of a text, as long as a title bears.
fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let kept: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if kept.len() < text.len() { format!("{kept}…") } else { kept }
}

/// A title shows no more characters of a text.
const LONGEST: usize = 40;

impl Problem {
    /// A problem without fix or other places.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), fix: None, more_fixes: Vec::new(), own_severity: None, related: Vec::new() }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.own_severity.unwrap_or_else(|| self.code.severity())
    }

    /// The same as a warning: likely, not certain.
    pub fn as_warning(mut self) -> Self {
        self.own_severity = Some(Severity::Warning);
        self
    }

    /// The same as an information: nothing is wrong, but worth a look.
    pub fn as_information(mut self) -> Self {
        self.own_severity = Some(Severity::Information);
        self
    }

    /// With these changes that would fix it, the most likely first.
    pub fn with_fixes(mut self, fixes: Vec<Fix>) -> Self {
        let mut fixes = fixes.into_iter();
        self.fix = fixes.next();
        self.more_fixes = fixes.collect();
        self
    }

    /// With a change that mends it.
    pub fn with_fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    /// With a change that mends it, where there is one.
    pub fn with_optional_fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// With another place.
    pub fn with_related(mut self, related: Vec<Related>) -> Self {
        self.related = related;
        self
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal;)*) => {
        /// The kinds of problem. Names are stable: scripts and editors filter by them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every kind, in the order of the guide.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),* }
            }

            /// What it says, in a few words.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning),* }
            }
        }
    };
}

codes! {
    FileUnreadable "file-unreadable" Error "a file could not be read and is left out";
    YamlSyntax "yaml-syntax" Error "the front matter is not YAML, or says something else than it looks like";
    KeyDuplicate "key-duplicate" Error "a key is there twice";
    KeyUnknown "key-unknown" Warning "a key looks like a misspelt field";
    AliasMissing "alias-missing" Error "a contact has no alias";
    AliasDuplicate "alias-duplicate" Warning "two contacts go by the same alias";
    TagInvalid "tag-invalid" Error "a text that cannot be a tag";
    TagsNotAList "tags-not-a-list" Error "`tags` is not a list";
    TagSimilar "tag-similar" Warning "a rare tag looks like a common one";
    TagUnknown "tag-unknown" Error "a tag is not in the vocabulary, which is strict";
    CardMissing "card-missing" Warning "the picture is not there";
    CardOutsideVault "card-outside-vault" Error "the picture is outside the vault";
    EmailInvalid "email-invalid" Warning "not a mail address";
    PhoneInvalid "phone-invalid" Warning "not a phone number";
    DateInvalid "date-invalid" Warning "not a date";
    LinkUnresolved "link-unresolved" Warning "no contact, note or file is named as a link says";
    LinkAmbiguous "link-ambiguous" Warning "a link fits several contacts";
    ContactDuplicate "contact-duplicate" Warning "two contacts share a phone number or a mail address";
    QuerySyntax "query-syntax" Error "a query cannot be understood";
    QueryUnquoted "query-unquoted" Error "`to: #…` is a comment in YAML";
    QueryUnknownTag "query-unknown-tag" Error "a query asks for a tag that no contact has";
    QueryWord "query-word" Error "a word where only tags and fields decide who receives a message";
    BroadcastKeyUnknown "broadcast-key-unknown" Error "a key that broadcasts do not have";
    MessageEmpty "message-empty" Error "a message without text";
    AliasInMessage "alias-in-message" Warning "a message shows a private alias";
    RecipientsNone "recipients-none" Warning "a broadcast reaches nobody";
    RecipientsUnreachable "recipients-unreachable" Information "a broadcast cannot reach everybody it is meant for";
    TemplateSyntax "template-syntax" Error "a message template cannot be understood";
    TemplateUnknownField "template-unknown-field" Error "a message asks for a field that does not exist";
    TemplateMissingValue "template-missing-value" Error "a recipient lacks a field that the message needs";
    AttachmentMissing "attachment-missing" Error "an attachment is not there";
    MergeConflict "merge-conflict" Error "git left a merge conflict";
    ConfigInvalid "config-invalid" Error "`guanxi.yaml` says something that guanxi does not know";
}
