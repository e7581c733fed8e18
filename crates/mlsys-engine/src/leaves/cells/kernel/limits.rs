//! How long a page may run, and how much it may write.

use std::time::Duration;

/// The limits of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    /// Wall-clock time from the first step to the last, and as much again for the start of the kernel.
    pub time: Duration,
    /// Bytes of outputs.
    pub output: u64,
}
