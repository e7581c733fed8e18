//! Build options that are not part of the project's configuration.

use crate::leaves::diagrams::DiagramOptions;
use crate::leaves::images::responsive::Images;
use std::path::PathBuf;

/// How to build a site.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// When and with which programs diagrams are drawn.
    pub diagrams: DiagramOptions,
    /// The versions of large images.
    pub images: Images,
    /// The executable that compiles the project's Sass in a separate process with limits of time and memory. Without it, Sass
    /// compiles in this process, where an endless loop hangs the build.
    pub sass: Option<PathBuf>,
    /// True to build the search index, if the site has one.
    pub search: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions { diagrams: DiagramOptions::default(), images: Images::default(), sass: None, search: true }
    }
}
