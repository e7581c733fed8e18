//! Errors of the page templates.

use thiserror::Error;

/// An error in a page template. The message is for the template's author.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// Tera's own message, with template, line and column.
    #[error("{0}")]
    Tera(#[from] tera::Error),
    /// Templates use undefined names.
    #[error("there is {0}")]
    UndefinedNames(String),
    /// A template exceeds a limit.
    #[error("`{template}` {exceeded} (an endless loop?)")]
    LimitExceeded {
        /// The template that was rendered.
        template: String,
        /// The limit, as what the template does.
        exceeded: String,
    },
    /// The rendered text is not UTF-8.
    #[error("{0}")]
    NotUtf8(#[from] std::string::FromUtf8Error),
    /// The project has no such page.
    #[error("there is no page {0}")]
    NoPage(u32),
}
