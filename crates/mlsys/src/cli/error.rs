//! Errors of the command. They are printed as one line, and the command exits with 2.

use crate::output::gh_pages::GitError;
use crate::output::hook::HookError;
use crate::output::rsync::RsyncError;
use crate::output::write::WriteError;
use camino::Utf8PathBuf;
use mlsys_engine::parallel::ThreadsError;
use mlsys_engine::project::ProjectError;
use mlsys_engine::report::BaselineError;
use mlsys_serve::WatchError;
use std::io;
use std::path::PathBuf;

/// Why a subcommand failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no project, or it cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The site cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The baseline cannot be read or written.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The number of threads cannot be set.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// The project's files cannot be watched.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// The build hook failed.
    #[error(transparent)]
    Hook(#[from] HookError),
    /// There is no diagnostic of this name.
    #[error("unknown diagnostic `{name}`; {hint}")]
    UnknownCode {
        /// The name.
        name: String,
        /// What may have been meant.
        hint: String,
    },
    /// There is no build hook.
    #[error(
        "no build hook: pass --hook URL or set MLSYS_BUILD_HOOK; on Netlify, create one under Site configuration, \
         Build & deploy, Build hooks"
    )]
    NoHook,
    /// Git failed to publish the site.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The site could not be transferred.
    #[error(transparent)]
    Rsync(#[from] RsyncError),
    /// The pages are written beside the sources.
    #[error("the project writes its pages among its sources; name another folder with `output-dir` or `--output-dir`")]
    SiteAmongSources,
    /// Only some pages were built.
    #[error("a part of a site cannot be published; build all pages")]
    PartOfSite,
    /// The folder for a new book is in use.
    #[error("`{folder}` is not empty (it contains `{name}`); choose another folder")]
    FolderNotEmpty {
        /// The folder.
        folder: Utf8PathBuf,
        /// A file in it.
        name: String,
    },
    /// A file or folder cannot be read, written or removed.
    #[error("`{path}`: {error}")]
    File {
        /// Its path.
        path: Utf8PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// The current folder is unknown.
    #[error("the current folder: {0}")]
    CurrentFolder(io::Error),
    /// The path of the current folder is not UTF-8.
    #[error("`{}` is not UTF-8", .0.display())]
    FolderNotUtf8(PathBuf),
    /// The output stream is broken.
    #[error("cannot write to stdout: {0}")]
    Stdout(io::Error),
    /// The language server ended.
    #[error(transparent)]
    Editor(#[from] mlsys_lsp::ServerError),
    /// The report cannot be written.
    #[error("cannot write the report: {0}")]
    Report(serde_json::Error),
    /// The man pages cannot be written.
    #[error("cannot write the man pages: {0}")]
    ManPages(io::Error),
    /// The default port and those after it are in use.
    #[error("port {0} and the next ones are in use; choose another with --port")]
    PortsInUse(u16),
    /// The port is in use.
    #[error("port {0} is in use; choose another, or omit --port to take a free one")]
    PortInUse(u16),
    /// The port is reserved.
    #[error("no permission to use port {0}: {1}")]
    PortDenied(u16, io::Error),
    /// The server cannot listen.
    #[error("cannot listen on `{host}` port {port}: {error}")]
    Listen {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// The system's error.
        error: io::Error,
    },
}
