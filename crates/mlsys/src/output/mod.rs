//! Where a build writes: its site goes to a folder, to Netlify, to a branch for GitHub Pages, to a build hook; frozen results go to
//! the sources.

pub mod among_sources;
pub mod frozen;
pub mod gh_pages;
pub mod hook;
pub mod netlify;
pub mod rsync;
pub mod write;
