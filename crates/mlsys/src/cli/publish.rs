//! `mlsys publish`: triggers a build hook, or builds the site and puts it on its host.

use super::error::CommandError;
use super::{Outcome, build, say, write_out};
use crate::output::gh_pages::{GhPages, Published, publish};
use crate::output::hook::{BuildHook, PublishOptions, post};
use crate::output::rsync::transfer;
use clap::{Args, Subcommand};
use mlsys_engine::project::Book;
use std::time::Duration;

/// The options of `publish`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    host: Option<Host>,
    #[command(flatten)]
    hook: HookArguments,
}

/// Where the site goes.
#[derive(Debug, Subcommand)]
enum Host {
    /// Build the site and commit it to a branch for GitHub Pages.
    GhPages(GhPagesArguments),
    /// Build the site and transfer it to a folder, on this or another machine.
    Rsync(RsyncArguments),
}

/// The options of `publish` with a build hook.
#[derive(Args, Debug)]
struct HookArguments {
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

/// The options of `publish gh-pages`.
#[derive(Args, Debug)]
struct GhPagesArguments {
    #[command(flatten)]
    build: build::Arguments,
    /// The branch of the site.
    #[arg(long, value_name = "BRANCH", default_value = "gh-pages")]
    branch: String,
    /// The remote.
    #[arg(long, value_name = "NAME", default_value = "origin")]
    remote: String,
    /// The message of the commit [default: the commit of the sources].
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    /// Replace the branch's history by one commit.
    #[arg(long)]
    force: bool,
    /// Publish a site with errors.
    #[arg(long)]
    allow_errors: bool,
    /// Build and commit, but push nothing.
    #[arg(long)]
    dry_run: bool,
}

/// The options of `publish rsync`.
#[derive(Args, Debug)]
struct RsyncArguments {
    /// The folder, as rsync names it: `host:folder` or a path.
    #[arg(value_name = "DESTINATION")]
    destination: String,
    #[command(flatten)]
    build: build::Arguments,
    /// Publish a site with errors.
    #[arg(long)]
    allow_errors: bool,
    /// Show what would be transferred.
    #[arg(long)]
    dry_run: bool,
}

/// Publishes.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    match &arguments.host {
        Some(Host::GhPages(arguments)) => to_gh_pages(arguments),
        Some(Host::Rsync(arguments)) => to_folder(arguments),
        None => to_hook(&arguments.hook),
    }
}

/// Builds the whole site. `None` if it has errors and these are not allowed.
fn built(arguments: &build::Arguments, allow_errors: bool) -> Result<Option<Book>, CommandError> {
    let outcome = build::run(arguments)?;
    let book = arguments.book()?;
    if book.output == book.root {
        return Err(CommandError::SiteAmongSources);
    }
    if book.is_partial() {
        return Err(CommandError::PartOfSite);
    }
    match outcome {
        Outcome::Clean => Ok(Some(book)),
        Outcome::BookHasErrors if allow_errors => Ok(Some(book)),
        Outcome::BookHasErrors => {
            say("not published, because the site has errors; `--allow-errors` publishes it anyway\n");
            Ok(None)
        }
    }
}

fn to_gh_pages(arguments: &GhPagesArguments) -> Result<Outcome, CommandError> {
    let Some(book) = built(&arguments.build, arguments.allow_errors)? else { return Ok(Outcome::BookHasErrors) };
    let GhPagesArguments { branch, remote, message, force, dry_run, build: _, allow_errors: _ } = arguments;
    let published = publish(&GhPages {
        repository: &book.root,
        site: &book.output,
        remote,
        branch,
        message: message.as_deref(),
        force: *force,
        dry_run: *dry_run,
    })?;
    let short = |commit: &str| commit.get(..10).unwrap_or(commit).to_owned();
    say(&match published {
        Published::Unchanged => format!("branch {branch} of {remote} has this site already\n"),
        Published::Pushed(commit) => format!("pushed commit {} to branch {branch} of {remote}\n", short(&commit)),
        Published::NotPushed(commit) => {
            format!("would push commit {} to branch {branch} of {remote}; see `git show --stat {0}`\n", short(&commit))
        }
    });
    Ok(Outcome::Clean)
}

fn to_folder(arguments: &RsyncArguments) -> Result<Outcome, CommandError> {
    let Some(book) = built(&arguments.build, arguments.allow_errors)? else { return Ok(Outcome::BookHasErrors) };
    let changes = transfer(&book.output, &arguments.destination, arguments.dry_run)?;
    if arguments.dry_run {
        write_out(&changes)?;
    }
    let verb = if arguments.dry_run { "would change" } else { "changed" };
    say(&format!("{} entries {verb} in {}\n", changes.lines().count(), arguments.destination));
    Ok(Outcome::Clean)
}

/// Posts to the hook.
fn to_hook(arguments: &HookArguments) -> Result<Outcome, CommandError> {
    let Some(url) = arguments.hook.as_deref().filter(|url| !url.is_empty()) else {
        return Err(CommandError::NoHook);
    };
    let hook = BuildHook::new(url, arguments.branch.as_deref(), &arguments.title, arguments.clear_cache)?;
    if arguments.dry_run {
        write_out(&hook.request_text())?;
        return Ok(Outcome::Clean);
    }
    let options = PublishOptions { timeout: Duration::from_secs(30), retries: 2, pause: Duration::from_secs(1) };
    post(&hook, &options)?;
    say(&format!("{} accepted the request and is building the site\n", hook.host()));
    Ok(Outcome::Clean)
}
