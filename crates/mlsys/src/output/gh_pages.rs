//! GitHub Pages: the site as one commit on a branch of its own.
//!
//! The commit is made with an index of its own, so neither the checkout nor its index change, and a push moves the branch in one
//! step: readers see the old site or the new one. Source: Git, "Git Internals: Git Objects"; GitHub, "About GitHub Pages".

use crate::output::write::LIST;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::leaves::process::{Exit, Run, RunResult};
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// How long a step of Git may take. A push sends the whole site the first time.
const LIMIT: Duration = Duration::from_secs(1800);

/// GitHub Pages runs Jekyll over a branch without this file.
const NO_JEKYLL: &str = ".nojekyll";

/// The file with the site's own domain.
const DOMAIN: &str = "CNAME";

/// Where and how to publish.
#[derive(Clone, Debug)]
pub struct GhPages<'a> {
    /// A folder of the repository.
    pub repository: &'a Utf8Path,
    /// The folder of the site.
    pub site: &'a Utf8Path,
    /// The remote.
    pub remote: &'a str,
    /// The branch.
    pub branch: &'a str,
    /// The message of the commit; `None` names the commit of the sources.
    pub message: Option<&'a str>,
    /// Replaces the history of the branch by one commit.
    pub force: bool,
    /// Makes the commit and pushes nothing.
    pub dry_run: bool,
}

/// The result of publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// The branch has this site already.
    Unchanged,
    /// The commit that is on the branch now.
    Pushed(String),
    /// The commit that a push would put on the branch.
    NotPushed(String),
}

/// Why a site was not published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// Git is not installed.
    #[error("`git` cannot be started: {0}; install Git")]
    NoGit(String),
    /// Git took too long.
    #[error("`git {0}` took longer than {minutes} minutes", minutes = LIMIT.as_secs() / 60)]
    TimedOut(String),
    /// Git failed.
    #[error("`git {command}` failed: {output}")]
    Failed {
        /// The command with its first argument.
        command: String,
        /// What Git said.
        output: String,
    },
    /// Files for Git cannot be written.
    #[error("a temporary folder: {0}")]
    Temporary(String),
}

/// Publishes a site.
///
/// # Errors
/// If Git is missing or fails. The branch is then as it was.
pub fn publish(options: &GhPages<'_>) -> Result<Published, GitError> {
    let GhPages { repository, site, remote, branch, message, force, dry_run } = *options;
    let temporary = |error: std::io::Error| GitError::Temporary(error.to_string());
    let folder = tempfile::tempdir().map_err(temporary)?;
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned())
        .map_err(|path| GitError::Temporary(path.display().to_string()))?;
    let mut git = Git { folder: repository.to_owned(), environment: Vec::new(), out: path.join("out") };
    let directory = git.line(&["rev-parse", "--absolute-git-dir"])?;
    let refname = format!("refs/heads/{branch}");

    let parent = git.run(&["ls-remote", remote, &refname])?;
    let of_branch =
        |line: &str| line.split_once('\t').filter(|(_, name)| *name == refname).map(|(id, _)| id.to_owned());
    let parent = parent.lines().find_map(of_branch);
    if let Some(parent) = &parent {
        git.run(&["fetch", "--quiet", "--no-tags", remote, parent])?;
    }
    let source = git.line(&["rev-parse", "--short", "HEAD"]).ok();

    git.environment = vec![("GIT_INDEX_FILE", path.join("index").into_string()), ("GIT_DIR", directory.clone())];
    git.environment.push(("GIT_WORK_TREE", site.to_string()));
    git.folder = site.to_owned();
    let private = format!(":(exclude){LIST}");
    // The site's bytes as they are: no line ends are converted, nothing is ignored.
    git.run(&[
        "-c",
        "core.autocrlf=false",
        "-c",
        "core.safecrlf=false",
        "add",
        "--all",
        "--force",
        "--",
        ".",
        &private,
    ])?;
    if !site.join(NO_JEKYLL).exists() {
        let empty = path.join("empty");
        std::fs::write(&empty, "").map_err(temporary)?;
        let blob = git.line(&["hash-object", "-w", "--no-filters", empty.as_str()])?;
        git.run(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{NO_JEKYLL}")])?;
    }
    if let Some(parent) = parent.as_ref().filter(|_| !site.join(DOMAIN).exists())
        && let Ok(blob) = git.line(&["rev-parse", "--verify", "--quiet", &format!("{parent}:{DOMAIN}")])
    {
        git.run(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{DOMAIN}")])?;
    }
    let tree = git.line(&["write-tree"])?;
    if let Some(parent) = &parent
        && !force
        && git.line(&["rev-parse", &format!("{parent}^{{tree}}")])? == tree
    {
        return Ok(Published::Unchanged);
    }
    let default = source.map_or_else(|| "Site".to_owned(), |source| format!("Site of {source}"));
    let mut arguments = vec!["commit-tree", &tree, "-m", message.unwrap_or(&default)];
    arguments.extend(parent.iter().filter(|_| !force).flat_map(|parent| ["-p", parent.as_str()]));
    let commit = git.line(&arguments)?;
    if dry_run {
        return Ok(Published::NotPushed(commit));
    }
    let target = format!("{commit}:{refname}");
    // Even then, only what was there when the commit was made.
    let lease = format!("--force-with-lease={refname}:{}", parent.as_deref().unwrap_or_default());
    let mut arguments = vec!["push", "--quiet"];
    arguments.extend(force.then_some(lease.as_str()));
    arguments.extend([remote, &target]);
    git.folder = repository.to_owned();
    git.environment = Vec::new();
    git.run(&arguments)?;
    Ok(Published::Pushed(commit))
}

/// Git in a folder.
struct Git {
    folder: Utf8PathBuf,
    environment: Vec<(&'static str, String)>,
    /// The file for what it prints.
    out: Utf8PathBuf,
}

impl Git {
    /// Runs a command and returns what it prints.
    fn run(&self, arguments: &[&str]) -> Result<String, GitError> {
        let words: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        // Nobody answers a question of Git's.
        let mut environment = self.environment.clone();
        environment.push(("GIT_TERMINAL_PROMPT", "0".to_owned()));
        let run = Run {
            program: Path::new("git"),
            arguments: &words,
            folder: self.folder.as_std_path(),
            environment: &environment,
        };
        let RunResult { exit, output } = run.run_to(self.out.as_std_path(), LIMIT);
        let command = arguments.iter().find(|word| !word.starts_with('-') && !word.contains('=')).copied();
        let command = command.unwrap_or_default().to_owned();
        match exit {
            Exit::Success => Ok(output),
            Exit::Failure => Err(GitError::Failed { command, output: output.trim().to_owned() }),
            Exit::TimedOut => Err(GitError::TimedOut(command)),
            Exit::NotStarted(error) => Err(GitError::NoGit(error)),
        }
    }

    /// Runs a command and returns the last line that it prints: warnings come before it.
    fn line(&self, arguments: &[&str]) -> Result<String, GitError> {
        Ok(self.run(arguments)?.lines().last().unwrap_or_default().trim().to_owned())
    }
}
