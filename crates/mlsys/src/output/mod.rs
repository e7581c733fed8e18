//! Where a build writes: its site goes to a folder, to Netlify, to a build hook; frozen results go to the sources.

pub mod frozen;
pub mod hook;
pub mod netlify;
pub mod write;
