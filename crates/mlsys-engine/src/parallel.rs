//! Parallel loops. With the command's writer the only place that uses rayon.

use rayon::prelude::*;

/// Uses at most so many threads for every build of this process; at least one.
///
/// # Errors
/// When threads have been started before.
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

/// Does something for every item, in parallel, however few they are; results come in the items' order.
pub fn in_parallel<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().with_max_len(1).map(f).collect()
}

/// Does two things that need nothing of each other, side by side.
pub fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}
