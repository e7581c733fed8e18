//! Progress messages of costly steps.

use std::sync::Arc;

/// A callback for progress messages.
#[derive(Clone, Default)]
pub struct ProgressListener(Option<Arc<Callback>>);

type Callback = dyn Fn(&str) + Send + Sync;

impl ProgressListener {
    /// Calls `callback` with every message.
    pub fn new(callback: impl Fn(&str) + Send + Sync + 'static) -> Self {
        ProgressListener(Some(Arc::new(callback)))
    }

    /// Reports the current step.
    pub fn step(&self, message: &str) {
        self.0.iter().for_each(|callback| callback(message));
    }
}

impl std::fmt::Debug for ProgressListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProgressListener")
    }
}
