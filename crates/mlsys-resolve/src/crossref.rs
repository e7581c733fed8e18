//! The options of `crossref`, and the words of captions and references.

use mlsys_book::{CALLOUT_KINDS, FLOAT_KINDS, OptionName, PROOF_KINDS, THEOREM_KINDS, Value, Words, key, name};
use std::collections::BTreeMap;

/// The cross-reference options of a page.
///
/// A word comes from the first of these that has it: `crossref.KIND-prefix` (references) or `-title` (both), the options of a
/// custom kind, `language`, the page's language. So a title alone changes captions and references, a prefix only references. Source: Quarto, "Cross-Reference Options" and "Document Language".
pub(crate) struct Crossref<'a> {
    options: Option<&'a Value>,
    words: Words<'a>,
    /// The options of the project's own kinds of floats (`crossref.custom`), by key.
    custom: BTreeMap<String, &'a Value>,
    /// False if `crossref: false` turns cross-references off.
    enabled: bool,
}

impl<'a> Crossref<'a> {
    /// The options in a page's metadata.
    pub(crate) fn new(meta: &'a Value) -> Crossref<'a> {
        let custom = meta.list(name!("crossref.custom")).iter();
        // If two have the same key the first counts, so it is inserted last.
        let custom = custom.rev().filter_map(|options| Some((options.read(key!("custom", "key"))?, options))).collect();
        let enabled = meta.value(name!("crossref")).and_then(Value::as_bool) != Some(false);
        Crossref { options: meta.value(name!("crossref")), words: Words::new(meta), custom, enabled }
    }

    /// True if references to labels of this kind are possible.
    pub(crate) fn has_kind(&self, kind: &str) -> bool {
        // Authors of pseudocode write `algo-` too, because Quarto's `alg-` is a theorem.
        let other = matches!(kind, "sec" | "eq" | "algo");
        let listed = [FLOAT_KINDS, THEOREM_KINDS, CALLOUT_KINDS, PROOF_KINDS].iter().any(|kinds| kinds.contains(&kind));
        self.enabled && (other || listed || self.custom.contains_key(kind))
    }

    fn option(&self, key: &str) -> Option<String> {
        self.options?.get(key)?.to_text()
    }

    fn custom_option(&self, kind: &str, key: OptionName) -> Option<String> {
        self.custom.get(kind)?.text(key)
    }

    /// The word of a kind for a part (`title` or `prefix`); the other part is the fallback.
    fn word(&self, kind: &str, part: &str, other: &str) -> String {
        let [first, second] = [part, other].map(|part| format!("crossref-{kind}-{part}"));
        let custom = |part: &str| {
            self.custom_option(
                kind,
                if part == "title" { name!("custom", "caption-prefix") } else { name!("custom", "reference-prefix") },
            )
        };
        let block = block_title(kind);
        let keys = || [first.as_str(), second.as_str()].into_iter().chain(block);
        self.option(&format!("{kind}-{part}"))
            .or_else(|| self.option(&format!("{kind}-title")))
            .or_else(|| custom(part))
            .or_else(|| custom(other))
            .or_else(|| keys().find_map(|key| self.words.authors(key)))
            .or_else(|| keys().find_map(|key| self.words.default(key)).map(str::to_owned))
            .unwrap_or_else(|| capitalised(kind))
    }

    /// The word of a caption or title.
    pub(crate) fn title(&self, kind: &str) -> String {
        self.word(kind, "title", "prefix")
    }

    /// The word of a reference. That of appendices is also the word of their titles.
    pub(crate) fn prefix(&self, kind: &str) -> String {
        if kind == "apx"
            && let Some(title) = self.options.and_then(|options| options.text(name!("crossref", "appendix-title")))
        {
            return title;
        }
        self.word(kind, "prefix", "title")
    }

    /// The separator of word and number: a no-break space, or nothing (`space-before-numbering: false`).
    pub(crate) fn gap(&self, kind: &str) -> &'static str {
        let space = self.custom.get(kind).and_then(|options| options.read(key!("custom", "space-before-numbering")));
        if space == Some(false) { "" } else { "\u{a0}" }
    }

    /// The separator of a caption's label and its text (`title-delim`), with a space at its end.
    pub(crate) fn title_delim(&self) -> String {
        let mut delim = self
            .options
            .and_then(|options| options.text(name!("crossref", "title-delim")))
            .unwrap_or_else(|| ":".to_owned());
        if !delim.is_empty() && !delim.ends_with(char::is_whitespace) {
            delim.push(' ');
        }
        delim
    }

    /// The separator of an appendix's number and its title (`appendix-delim`).
    pub(crate) fn appendix_delim(&self) -> String {
        self.options
            .and_then(|options| options.text(name!("crossref", "appendix-delim")))
            .unwrap_or_else(|| " —".to_owned())
    }

    /// True if references are links (`crossref.ref-hyperlink`).
    pub(crate) fn hyperlinks(&self) -> bool {
        self.options.and_then(|options| options.read(key!("crossref", "ref-hyperlink"))) != Some(false)
    }
}

/// The key of the title of a proof or callout, which also names it in references.
fn block_title(kind: &str) -> Option<&'static str> {
    match kind {
        "prf" => Some("environment-proof-title"),
        "rem" => Some("environment-remark-title"),
        "sol" => Some("environment-solution-title"),
        "nte" => Some("callout-note-title"),
        "tip" => Some("callout-tip-title"),
        "wrn" => Some("callout-warning-title"),
        "imp" => Some("callout-important-title"),
        "cau" => Some("callout-caution-title"),
        _ => None,
    }
}

/// A word with its first letter in upper case.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
