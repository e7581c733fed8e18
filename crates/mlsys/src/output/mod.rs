//! Where a site goes: to a folder, to Netlify, to a build hook.

pub mod hook;
pub mod netlify;
pub mod write;
