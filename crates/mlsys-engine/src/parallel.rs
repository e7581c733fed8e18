//! Parallel loops. Only this file and the command's `write.rs` use rayon.

use rayon::prelude::*;

/// Limits the threads of this process; the minimum is one.
///
/// # Errors
/// If the thread pool is already running.
pub fn limit_threads(count: usize) -> Result<(), ThreadsError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count.max(1));
    pool.build_global().map_err(|error| ThreadsError { count, error })
}

/// The number of threads cannot be set.
#[derive(Debug, thiserror::Error)]
#[error("cannot use {count} threads: {error}")]
pub struct ThreadsError {
    count: usize,
    error: rayon::ThreadPoolBuildError,
}

/// Maps items in parallel, even if there are few, and returns the results in order.
pub fn in_parallel<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().with_max_len(1).map(f).collect()
}

/// Runs two independent closures in parallel.
pub fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}
