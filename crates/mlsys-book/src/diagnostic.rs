//! What a pass has to say to the author.

use crate::source::Place;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad a finding is. Errors make the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Something the reader gets wrong or not at all.
    Error,
    /// Something that probably differs from what the author meant.
    Warning,
    /// Something worth knowing.
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
        /// What kind of finding a diagnostic is. Each has a kebab-case name, a default severity and a page in the guide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[doc = $doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the guide.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it means, in a sentence or two.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The code of a name.
            pub fn of_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// The severity unless the project says otherwise.
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
    /// A citation of a key that no bibliography holds.
    MissingCitation = "missing-citation", Error;
    /// Two bibliography files define the same key differently.
    ConflictingBibliographyEntry = "conflicting-bibliography-entry", Warning;
    /// A bibliography entry that cannot be read.
    MalformedBibliographyEntry = "malformed-bibliography-entry", Warning;
    /// A bibliography entry by another author and of another year than its key says.
    SuspiciousEntry = "suspicious-entry", Hint;
    /// A citation whose brackets hold something that is not a citation.
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
    /// A note that nothing refers to.
    UnusedFootnote = "unused-footnote", Warning;
    /// A note that is defined twice.
    DuplicateFootnote = "duplicate-footnote", Warning;
    /// A fenced div that is not closed.
    UnclosedDiv = "unclosed-div", Warning;
    /// A code fence that is not closed.
    UnclosedFence = "unclosed-fence", Warning;
    /// A shortcode of an unknown name.
    UnknownShortcode = "unknown-shortcode", Warning;
    /// A `var`, `meta`, `env`, `brand` or `contents` shortcode that names nothing.
    UnknownVariable = "unknown-variable", Warning;
    /// A configuration key that nothing reads.
    UnknownConfigKey = "unknown-config-key", Warning;
    /// A configuration value of the wrong type.
    InvalidConfigValue = "invalid-config-value", Warning;
    /// A file of the configuration that cannot be read or is not YAML.
    InvalidConfig = "invalid-config", Error;
    /// A filter that mlsys does not know.
    UnsupportedFilter = "unsupported-filter", Warning;
    /// A quiz for a section that the chapter does not have.
    QuizWithoutSection = "quiz-without-section", Warning;
    /// A quiz file that cannot be read.
    InvalidQuiz = "invalid-quiz", Error;
    /// A heading that is more than one level below the one before it.
    HeadingLevelSkip = "heading-level-skip", Hint;
    /// TeX that has no meaning in HTML and is left out.
    LostRawTex = "lost-raw-tex", Warning;
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
    /// HTML of the sources that is not valid: a tag without its other half, an unknown or obsolete element or attribute, an id
    /// that stands twice.
    InvalidRawHtml = "invalid-raw-html", Warning;
    /// Pseudocode that cannot be read: an unknown command, a block without its end.
    MalformedAlgorithm = "malformed-algorithm", Warning;
    /// A table whose rows do not fit its columns.
    MalformedTable = "malformed-table", Warning;
    /// A figure, table, listing or equation with a label that nothing refers to.
    UnreferencedLabel = "unreferenced-label", Hint;
    /// The word for a reference before a reference that prints it too: "Figure @fig-x".
    DoubledReferenceWord = "doubled-reference-word", Warning;
    /// A labelled figure, table or listing without a caption.
    MissingCaption = "missing-caption", Hint;
    /// LaTeX's quotation marks in the text.
    LatexQuotes = "latex-quotes", Warning;
    /// Carets or tildes that make text a superscript or subscript by accident.
    AccidentalScript = "accidental-script", Warning;
    /// A note where notes are hard to find or to set: in a table, caption, heading or callout.
    MisplacedFootnote = "misplaced-footnote", Hint;
    /// A heading without the class that the project asks of it.
    MissingHeadingClass = "missing-heading-class", Warning;
    /// A grid table whose lines are not equally long.
    UnevenTable = "uneven-table", Hint;
    /// A figure whose image is on another host.
    RemoteImage = "remote-image", Hint;
    /// An image file whose content is not what its name says.
    ImageTypeMismatch = "image-type-mismatch", Warning;
    /// A JSON or YAML file that cannot be read as such.
    InvalidDataFile = "invalid-data-file", Error;
    /// A file that the front matter names and that does not exist.
    MissingMetadataFile = "missing-metadata-file", Warning;
    /// A picture or data file that nothing names.
    UnusedFile = "unused-file", Hint;
    /// A part of the book without a description.
    UnknownPart = "unknown-part", Warning;
    /// A cited work without author, title or year.
    IncompleteBibliographyEntry = "incomplete-bibliography-entry", Hint;
    /// Works of a bibliography file that no page cites.
    UncitedWorks = "uncited-works", Hint;
    /// HTML or unknown TeX in a bibliography entry.
    BibliographyMarkup = "bibliography-markup", Hint;
    /// Citation keys that differ only in capitals.
    SimilarCitationKeys = "similar-citation-keys", Hint;
    /// A link to another host that does not answer, or answers with an error.
    UnreachableLink = "unreachable-link", Warning;
    /// A link to another host that has moved.
    RedirectedLink = "redirected-link", Hint;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One finding: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of finding.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// One lower-case sentence without a full stop.
    pub message: String,
    /// What to do about it, one sentence each.
    pub hints: Vec<String>,
    /// Other places that belong to the finding, with a short label each.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A finding with the code's default severity.
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

    /// The finding with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The finding with one more place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// A value and what was found on the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked<T> {
    /// The result; there always is one.
    pub value: T,
    /// The findings, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value without findings.
    pub fn clean(value: T) -> Self {
        Checked { value, diagnostics: Vec::new() }
    }

    /// Applies `f` to the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Checked<U> {
        Checked { value: f(self.value), diagnostics: self.diagnostics }
    }

    /// The value, after moving the findings to `all`.
    pub fn take(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.diagnostics);
        self.value
    }
}
