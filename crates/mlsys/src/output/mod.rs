//! Where a site goes: to a folder, to Netlify, to a branch for GitHub Pages, to a build hook.

pub mod gh_pages;
pub mod hook;
pub mod netlify;
pub mod rsync;
pub mod write;
