//! Options of a build that the project itself does not state.

use crate::leaves::diagrams::DiagramOptions;
use crate::leaves::images::responsive::Images;
use std::path::PathBuf;

/// How to build a site.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// When and with which programs diagrams are drawn.
    pub diagrams: DiagramOptions,
    /// Whether large images get smaller versions.
    pub images: Images,
    /// The command's own executable, which compiles the project's Sass in a process with limits of time and memory. Without it
    /// Sass compiles in this process, where an endless loop does not end.
    pub sass: Option<PathBuf>,
    /// Whether the search index is built, where the site has one.
    pub search: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions { diagrams: DiagramOptions::default(), images: Images::default(), sass: None, search: true }
    }
}
