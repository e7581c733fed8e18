//! The site in a folder of this or another machine, by rsync.

use crate::output::write::LIST;
use camino::Utf8Path;
use mlsys_engine::leaves::process::{Exit, Run};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long a transfer may take.
const LIMIT: Duration = Duration::from_secs(3600);

/// Why a site was not transferred.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RsyncError {
    /// rsync is not installed.
    #[error("`rsync` cannot be started: {0}; install rsync")]
    NotStarted(String),
    /// rsync failed or took too long.
    #[error("`rsync` failed: {0}")]
    Failed(String),
}

/// Transfers a site to a folder: new files first, all at once at the end, then old files are deleted. Returns what rsync says.
///
/// # Errors
/// If rsync is missing or fails.
pub fn transfer(site: &Utf8Path, destination: &str, dry_run: bool) -> Result<String, RsyncError> {
    let mut arguments = vec!["--archive", "--delay-updates", "--delete-after", "--itemize-changes"];
    if dry_run {
        arguments.push("--dry-run");
    }
    // With the slash, rsync transfers what is in the folder.
    let from = format!("{site}/");
    let private = format!("--exclude=/{LIST}");
    arguments.extend([&private, "--", &from, destination]);
    let arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
    let folder = tempfile::tempdir().map_err(|error| RsyncError::NotStarted(error.to_string()))?;
    let run = Run { program: Path::new("rsync"), arguments: &arguments, folder: site.as_std_path(), environment: &[] };
    let result = run.run_to(&folder.path().join("out"), LIMIT);
    match result.exit {
        Exit::Success => Ok(result.output),
        Exit::Failure => Err(RsyncError::Failed(result.output.trim().to_owned())),
        Exit::TimedOut => Err(RsyncError::Failed("it took too long".to_owned())),
        Exit::NotStarted(error) => Err(RsyncError::NotStarted(error)),
    }
}
