//! Why a template cannot be read or rendered.

use thiserror::Error;

/// An error of the page templates. Messages are for the authors of templates.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// Tera's own message, which names template, line and column.
    #[error("{0}")]
    Tera(#[from] tera::Error),
    /// Templates use names that do not exist.
    #[error("there is {0}")]
    UndefinedNames(String),
    /// A template does more than a page may ask for.
    #[error("`{template}` {exceeded}: is there a loop too many?")]
    LimitExceeded {
        /// The template that was rendered.
        template: String,
        /// What it does.
        exceeded: String,
    },
    /// The rendered text is not UTF-8.
    #[error("{0}")]
    NotUtf8(#[from] std::string::FromUtf8Error),
    /// The project has no such page.
    #[error("there is no page {0}")]
    NoPage(u32),
}
