//! Diagnostics: mistakes in the sources, as values.

use crate::source::{Place, SourceId, Span};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The severity of a diagnostic. Errors make the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Readers see something wrong, or do not see it at all.
    Error,
    /// Probably not what the author meant.
    Warning,
    /// Worth knowing.
    Hint,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        })
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// The kind of a diagnostic. Each has a kebab-case name, a default severity and a section in the guide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[doc = $doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the guide.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Its meaning, in a sentence or two.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The code with a name.
            pub fn of_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The severity, unless the project's configuration changes it.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A cross-reference to a label that no page defines.
    UnresolvedReference = "unresolved-reference", Error;
    /// A label that is defined twice where it must be unique.
    DuplicateLabel = "duplicate-label", Error;
    /// A citation of a key that is in no bibliography.
    MissingCitation = "missing-citation", Error;
    /// Two bibliography files define the same key differently.
    ConflictingBibliographyEntry = "conflicting-bibliography-entry", Warning;
    /// A bibliography entry that cannot be read.
    MalformedBibliographyEntry = "malformed-bibliography-entry", Warning;
    /// A bibliography entry whose author and year differ from those in its key.
    SuspiciousEntry = "suspicious-entry", Hint;
    /// Brackets with something in them that is no citation.
    MalformedCitation = "malformed-citation", Warning;
    /// An image file that does not exist.
    MissingImage = "missing-image", Error;
    /// An image without alternative text.
    MissingAltText = "missing-alt-text", Hint;
    /// A link to a file that does not exist.
    BrokenLink = "broken-link", Warning;
    /// A link to an id that its page does not have.
    BrokenAnchor = "broken-anchor", Warning;
    /// A reference to a note that is not defined.
    UndefinedFootnote = "undefined-footnote", Error;
    /// A note without a reference to it.
    UnusedFootnote = "unused-footnote", Warning;
    /// A note that is defined twice.
    DuplicateFootnote = "duplicate-footnote", Warning;
    /// A fenced div that is not closed.
    UnclosedDiv = "unclosed-div", Warning;
    /// A code fence that is not closed.
    UnclosedFence = "unclosed-fence", Warning;
    /// A line of colons that neither opens nor closes a div.
    MalformedDiv = "malformed-div", Warning;
    /// Text in braces that was meant as attributes and cannot be read.
    MalformedAttributes = "malformed-attributes", Warning;
    /// A class, an attribute, a value or an id that is nearly spelled like one of Quarto's.
    MisspelledAttribute = "misspelled-attribute", Warning;
    /// A shortcode of an unknown name.
    UnknownShortcode = "unknown-shortcode", Warning;
    /// A `var`, `meta`, `env`, `brand` or `contents` shortcode with an unknown name.
    UnknownVariable = "unknown-variable", Warning;
    /// An unknown configuration key.
    UnknownConfigKey = "unknown-config-key", Warning;
    /// A configuration value of the wrong type.
    InvalidConfigValue = "invalid-config-value", Warning;
    /// A file of the configuration that cannot be read or is not YAML.
    InvalidConfig = "invalid-config", Error;
    /// A filter that mlsys does not support.
    UnsupportedFilter = "unsupported-filter", Warning;
    /// An option or a format that has no effect yet.
    UnsupportedSetting = "unsupported-setting", Warning;
    /// A quiz whose section is not in the chapter.
    QuizWithoutSection = "quiz-without-section", Warning;
    /// A quiz file that cannot be read.
    InvalidQuiz = "invalid-quiz", Error;
    /// A heading that is more than one level below the one before it.
    HeadingLevelSkip = "heading-level-skip", Hint;
    /// TeX that is not supported in HTML and is dropped.
    LostRawTex = "lost-raw-tex", Warning;
    /// Content that an EPUB cannot show: scripts, frames, sound, video, images of other hosts.
    LostInEpub = "lost-in-epub", Warning;
    /// Lines that look like a list but are part of a paragraph.
    AmbiguousList = "ambiguous-list", Hint;
    /// Front matter that is not YAML.
    InvalidFrontMatter = "invalid-front-matter", Error;
    /// A formula that cannot be typeset.
    MathError = "math-error", Warning;
    /// A code language without a grammar.
    UnknownLanguage = "unknown-language", Hint;
    /// A diagram that could not be drawn.
    DiagramFailed = "diagram-failed", Warning;
    /// A code cell that was not run.
    CellNotExecuted = "cell-not-executed", Warning;
    /// An error in the code of a cell, which ends the run of its page.
    CellFailed = "cell-failed", Error;
    /// A warning of the code of an inline value, or a thread or process that a page's code left running.
    CellWarning = "cell-warning", Warning;
    /// A script before or after rendering that failed.
    ScriptFailed = "script-failed", Error;
    /// A script before or after rendering that was not run.
    ScriptNotRun = "script-not-run", Warning;
    /// Options of a cell that are not YAML or have a wrong value.
    InvalidCellOption = "invalid-cell-option", Error;
    /// An option of a cell that looks like a misspelled one.
    UnknownCellOption = "unknown-cell-option", Warning;
    /// Frozen results of another text than the page's.
    StaleResults = "stale-results", Warning;
    /// A file of frozen results that cannot be read.
    InvalidResults = "invalid-results", Warning;
    /// A notebook that cannot be read.
    InvalidNotebook = "invalid-notebook", Error;
    /// An `embed` shortcode that names no cell of a notebook.
    InvalidEmbed = "invalid-embed", Error;
    /// A link whose scheme, host or extension has changed its case.
    CaseMangledUrl = "case-mangled-url", Warning;
    /// Blocks or inlines that nest deeper than the limit.
    NestingTooDeep = "nesting-too-deep", Warning;
    /// Bytes that are not UTF-8.
    InvalidUtf8 = "invalid-utf8", Error;
    /// A file that cannot be read.
    UnreadableFile = "unreadable-file", Error;
    /// An included file that does not exist, cannot be read or includes itself.
    InvalidInclude = "invalid-include", Error;
    /// A theme or style sheet that cannot be compiled.
    InvalidTheme = "invalid-theme", Error;
    /// A template that cannot be rendered.
    InvalidTemplate = "invalid-template", Error;
    /// Invalid HTML in the sources: an unbalanced tag, an unknown or obsolete element or attribute, a duplicate id.
    InvalidRawHtml = "invalid-raw-html", Warning;
    /// Pseudocode that cannot be read: an unknown command, a block without an end.
    MalformedAlgorithm = "malformed-algorithm", Warning;
    /// A table whose rows do not fit its columns.
    MalformedTable = "malformed-table", Warning;
    /// A figure, table, listing or equation whose label is never referenced.
    UnreferencedLabel = "unreferenced-label", Hint;
    /// A word that the reference after it prints, too: "Figure @fig-x".
    DoubledReferenceWord = "doubled-reference-word", Warning;
    /// A labelled figure, table or listing without a caption.
    MissingCaption = "missing-caption", Hint;
    /// LaTeX quotation marks in the text.
    LatexQuotes = "latex-quotes", Warning;
    /// Carets or tildes that accidentally make superscripts or subscripts.
    AccidentalScript = "accidental-script", Warning;
    /// A note in a table, caption, heading or callout, where it is hard to find or to typeset.
    MisplacedFootnote = "misplaced-footnote", Hint;
    /// A heading without the class that the project requires.
    MissingHeadingClass = "missing-heading-class", Warning;
    /// A grid table whose lines differ in length.
    UnevenTable = "uneven-table", Hint;
    /// A figure whose image is on another host.
    RemoteImage = "remote-image", Hint;
    /// Images that make a page slow to load.
    HeavyImages = "heavy-images", Hint;
    /// An image file whose content does not match its extension.
    ImageTypeMismatch = "image-type-mismatch", Warning;
    /// A JSON or YAML file that cannot be parsed.
    InvalidDataFile = "invalid-data-file", Error;
    /// A file in the front matter that does not exist.
    MissingMetadataFile = "missing-metadata-file", Warning;
    /// An image or data file that no page uses.
    UnusedFile = "unused-file", Hint;
    /// A part of the book without a description.
    UnknownPart = "unknown-part", Warning;
    /// A cited reference without author, title or year.
    IncompleteBibliographyEntry = "incomplete-bibliography-entry", Hint;
    /// References of a bibliography file that no page cites.
    UncitedWorks = "uncited-works", Hint;
    /// A place for the list of references on a page that has none to list.
    EmptyReferences = "empty-references", Hint;
    /// HTML or unknown TeX in a bibliography entry.
    BibliographyMarkup = "bibliography-markup", Hint;
    /// Citation keys that differ only in case.
    SimilarCitationKeys = "similar-citation-keys", Hint;
    /// An external link whose host does not answer, or answers with an error.
    UnreachableLink = "unreachable-link", Warning;
    /// An external link that has moved.
    RedirectedLink = "redirected-link", Hint;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A diagnostic: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Its severity.
    pub severity: Severity,
    /// Its place.
    pub place: Place,
    /// One lower-case sentence without a full stop.
    pub message: String,
    /// Suggested fixes, one sentence each.
    pub hints: Vec<String>,
    /// Related places, each with a short label.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A diagnostic with the code's default severity.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            place,
            message: message.into(),
            hints: Vec::new(),
            related: Vec::new(),
        }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// The diagnostics of one source, in the order in which a pass reports them.
///
/// ```
/// use mlsys_book::{Code, Diagnostics, SourceId, Span};
///
/// let mut diagnostics = Diagnostics::new(SourceId(0));
/// diagnostics.report(Code::UnclosedDiv, Span::new(0, 3), "this div is not closed").hints.push("add `:::`".into());
/// assert_eq!(diagnostics.list.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    /// The source that spans refer to.
    pub source: SourceId,
    /// The diagnostics.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new(source: SourceId) -> Self {
        Diagnostics { source, list: Vec::new() }
    }

    /// Reports a mistake at a span of the source. The result takes hints and related places.
    pub fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let last = self.list.len();
        self.list.push(Diagnostic::new(code, Place { source: self.source, span }, message));
        &mut self.list[last]
    }
}

/// The result of a pass: a value, and the diagnostics reported while computing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked<T> {
    /// The value; a pass always has one.
    pub value: T,
    /// The diagnostics, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value without diagnostics.
    pub fn clean(value: T) -> Self {
        Checked { value, diagnostics: Vec::new() }
    }

    /// Applies `f` to the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Checked<U> {
        Checked { value: f(self.value), diagnostics: self.diagnostics }
    }

    /// The value; the diagnostics are moved to `all`.
    pub fn take(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.diagnostics);
        self.value
    }
}
