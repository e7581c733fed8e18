//! Results of drawing a diagram.

use super::svg::{Svg, SvgError};
use serde::{Deserialize, Serialize};

/// The result of drawing a diagram.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Outcome {
    /// The drawing. There may be one in spite of problems.
    pub svg: Option<Svg>,
    /// Errors reported by the program.
    pub problems: Vec<Problem>,
    /// True if drawing it again gives the same result, so that it may be cached. False after a time-out.
    pub is_reproducible: bool,
    /// The reason why no diagram of its kind can be drawn. It is reported once for all of them.
    #[serde(skip)]
    pub unavailable: Option<DiagramError>,
}

/// An error reported by a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Problem {
    /// The line in the diagram's source, from 1.
    pub line: Option<usize>,
    /// The message.
    pub message: String,
}

impl Problem {
    pub fn new(message: String) -> Problem {
        Problem { line: None, message }
    }
}

impl Outcome {
    /// The reproducible result of a program.
    pub fn drawn(svg: Option<Svg>, problems: Vec<Problem>) -> Outcome {
        Outcome { svg, problems, is_reproducible: true, unavailable: None }
    }

    /// A diagram that was not drawn this time.
    pub fn failed(error: &DiagramError) -> Outcome {
        let problems = vec![Problem::new(error.to_string())];
        Outcome { svg: None, problems, is_reproducible: false, unavailable: None }
    }

    /// A diagram that was not drawn for a reason outside of it.
    pub fn unavailable(error: DiagramError) -> Outcome {
        Outcome { unavailable: Some(error.clone()), ..Outcome::failed(&error) }
    }

    /// The outcome, or the reason why there is none.
    pub fn or_unavailable(self) -> Result<Outcome, DiagramError> {
        match self.unavailable {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// Why diagrams are not drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DiagramError {
    /// Programs are missing.
    #[error("{} not found", not_found(.0))]
    NotFound(Vec<String>),
    /// No supported program draws this language.
    #[error("mlsys does not draw `{0}`")]
    Unsupported(&'static str),
    /// TeX cannot read the preamble.
    #[error("the preamble has an error: {0}")]
    Preamble(String),
    /// There is no temporary folder.
    #[error("cannot create a temporary folder: {0}")]
    NoFolder(String),
    /// A file in the temporary folder cannot be written.
    #[error("`{0}`: {1}")]
    File(String, String),
    /// A program cannot be started.
    #[error("cannot start {0}: {1}")]
    NotStarted(&'static str, String),
    /// A program took too long.
    #[error("{0} took too long and was stopped")]
    TimedOut(&'static str),
    /// TeX stopped without an error in the diagram.
    #[error("TeX stopped: {0}")]
    Stopped(String),
    /// `dvisvgm` did not write all drawings.
    #[error("`dvisvgm`: {0}")]
    Dvisvgm(String),
    /// A program wrote something else than SVG.
    #[error("{0} wrote no SVG: {1}")]
    Svg(&'static str, SvgError),
    /// The drawing is missing for an unknown reason.
    #[error("it was not drawn")]
    NotDrawn,
}

fn not_found(programs: &[String]) -> String {
    let names = programs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    format!("{names} {}", if programs.len() == 1 { "was" } else { "were" })
}
