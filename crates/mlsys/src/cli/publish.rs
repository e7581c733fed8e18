//! `mlsys publish`: triggers a build hook.

use super::error::CommandError;
use super::{Outcome, say};
use crate::output::hook::{BuildHook, PublishOptions, post};
use clap::Args;
use std::time::Duration;

/// The options of `publish`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The URL of the build hook. Keep it secret: anyone who knows it can start builds.
    #[arg(long, value_name = "URL", env = "MLSYS_BUILD_HOOK", hide_env_values = true)]
    hook: Option<String>,
    /// The branch to build, instead of the hook's own.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The title of the build in the host's list of deployments.
    #[arg(long, value_name = "TEXT", default_value = "mlsys publish")]
    title: String,
    /// Build without the host's cache.
    #[arg(long)]
    clear_cache: bool,
    /// Show the request without sending it.
    #[arg(long)]
    dry_run: bool,
}

/// Posts to the hook.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Some(url) = arguments.hook.as_deref().filter(|url| !url.is_empty()) else {
        return Err(CommandError::NoHook);
    };
    let hook = BuildHook::new(url, arguments.branch.as_deref(), &arguments.title, arguments.clear_cache)?;
    if arguments.dry_run {
        super::write_out(&hook.request_text())?;
        return Ok(Outcome::Clean);
    }
    let options = PublishOptions { timeout: Duration::from_secs(30), retries: 2, pause: Duration::from_secs(1) };
    post(&hook, &options)?;
    say(&format!("{} accepted the request and is building the site\n", hook.host()));
    Ok(Outcome::Clean)
}
