//! Everything that is remembered between builds.

pub mod kept;
pub mod memory;
pub mod store;
pub mod up_to_date;
