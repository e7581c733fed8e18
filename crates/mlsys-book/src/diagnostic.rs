//! What a pass has to say to the author.

use crate::source::Place;
use std::fmt;

/// How bad a finding is. Errors make the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// What kind of finding a diagnostic is. Each has a kebab-case name, a default severity and a page in the guide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the guide.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
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
    /// A `var` or `meta` shortcode that names nothing.
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
    /// A table whose rows do not fit its columns.
    MalformedTable = "malformed-table", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One finding: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
