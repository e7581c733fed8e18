//! Publishing to a branch of a Git repository, and to a folder.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write sites and run Git")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys::output::gh_pages::{GhPages, GitError, Published, publish};
use mlsys::output::rsync::{RsyncError, transfer};
use std::process::Command;

/// A repository with a bare remote, and a site in a folder that it ignores.
struct Repository {
    _folder: tempfile::TempDir,
    work: Utf8PathBuf,
    remote: Utf8PathBuf,
}

fn git(folder: &Utf8Path, arguments: &[&str]) -> String {
    let output = Command::new("git").args(arguments).current_dir(folder).output().expect("git");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Repository {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8Path::from_path(folder.path()).expect("UTF-8").to_owned();
        let (work, remote) = (root.join("work"), root.join("remote.git"));
        git(&root, &["init", "--quiet", "--bare", "remote.git"]);
        git(&root, &["init", "--quiet", "work"]);
        git(&work, &["remote", "add", "origin", remote.as_str()]);
        for (key, value) in [("user.name", "Author"), ("user.email", "author@example.org"), ("core.autocrlf", "true")] {
            git(&work, &["config", key, value]);
        }
        let repository = Repository { _folder: folder, work, remote };
        repository.write(".gitignore", "site\n");
        git(&repository.work, &["add", "."]);
        git(&repository.work, &["commit", "--quiet", "-m", "Sources"]);
        repository.write("site/index.html", "<p>One</p>\r\n");
        repository.write("site/.gitignore", "*.css\n");
        repository.write("site/a/style.css", "p {}\n");
        repository.write("site/.mlsys-files", "index.html\n");
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.work.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn publish(&self, force: bool, dry_run: bool) -> Result<Published, GitError> {
        let site = self.work.join("site");
        let (repository, branch) = (&*self.work, "gh-pages");
        publish(&GhPages { repository, site: &site, remote: "origin", branch, message: None, force, dry_run })
    }

    /// The files of the published branch, and its commits.
    fn published(&self) -> (Vec<String>, usize) {
        let files = git(&self.remote, &["ls-tree", "-r", "--name-only", "gh-pages"]);
        let commits = git(&self.remote, &["rev-list", "gh-pages"]);
        (files.lines().map(str::to_owned).collect(), commits.lines().count())
    }

    fn show(&self, path: &str) -> String {
        let output = Command::new("git").args(["show", &format!("gh-pages:{path}")]).current_dir(&self.remote).output();
        String::from_utf8(output.expect("git").stdout).expect("UTF-8")
    }

    /// Rejects pushes from now on, or no longer.
    fn reject(&self, rejects: bool) {
        let hook = self.remote.join("hooks/pre-receive");
        if rejects {
            std::fs::write(&hook, "#!/bin/sh\necho 'the host is closed' >&2\nexit 1\n").expect("a hook");
            #[cfg(unix)]
            std::fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
        } else {
            std::fs::remove_file(&hook).expect("a hook");
        }
    }
}

#[test]
fn a_site_is_one_commit_on_its_branch() {
    let repository = Repository::new();
    assert!(matches!(repository.publish(false, false), Ok(Published::Pushed(_))));
    let all = [".gitignore", ".nojekyll", "a/style.css", "index.html"].map(str::to_owned).to_vec();
    assert_eq!(repository.published(), (all.clone(), 1));
    assert_eq!(repository.show("index.html"), "<p>One</p>\r\n", "the bytes of the site");
    assert_eq!(git(&repository.work, &["status", "--porcelain"]), "", "the checkout is as it was");
    assert_eq!(repository.publish(false, false), Ok(Published::Unchanged));

    repository.write("site/index.html", "<p>Two</p>\n");
    assert!(matches!(repository.publish(false, true), Ok(Published::NotPushed(_))));
    assert_eq!(repository.published().1, 1, "a dry run pushes nothing");
    repository.reject(true);
    let error = repository.publish(false, false).expect_err("a rejected push");
    assert!(error.to_string().contains("the host is closed"), "{error}");
    assert_eq!(repository.show("index.html"), "<p>One</p>\r\n", "the old site is whole");
    repository.reject(false);
    assert!(matches!(repository.publish(false, false), Ok(Published::Pushed(_))));
    assert_eq!(repository.published(), (all, 2), "the history goes on");
    assert_eq!(repository.show("index.html"), "<p>Two</p>\n");
}

#[test]
fn the_domain_stays_and_the_history_goes_only_when_asked() {
    let repository = Repository::new();
    repository.write("site/CNAME", "book.example\n");
    repository.publish(false, false).expect("published");
    std::fs::remove_file(repository.work.join("site/CNAME")).expect("a file");
    repository.write("site/index.html", "<p>Two</p>\n");
    repository.publish(false, false).expect("published");
    assert_eq!(repository.show("CNAME"), "book.example\n");
    assert_eq!(repository.published().1, 2);
    assert!(matches!(repository.publish(true, false), Ok(Published::Pushed(_))));
    assert_eq!(repository.published().1, 1);
}

#[test]
fn a_folder_without_a_repository_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let (remote, branch) = ("origin", "gh-pages");
    let options = GhPages { repository: root, site: root, remote, branch, message: None, force: false, dry_run: false };
    let error = publish(&options).expect_err("no repository");
    assert!(error.to_string().starts_with("`git rev-parse` failed: "), "{error}");
}

#[test]
fn a_folder_gets_the_site_and_loses_old_files() {
    let repository = Repository::new();
    let (site, folder) = (repository.work.join("site"), repository.work.join("host"));
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("old.html"), "").expect("a file");
    match transfer(&site, folder.as_str(), true) {
        Err(RsyncError::NotStarted(error)) => {
            assert!(std::env::var_os("CI").is_none(), "{error}");
            eprintln!("skipped: rsync is not installed");
            return;
        }
        changes => assert!(changes.expect("changes").contains("index.html")),
    }
    assert!(folder.join("old.html").exists(), "a dry run changes nothing");
    transfer(&site, folder.as_str(), false).expect("transferred");
    let names = |name: &str| folder.join(name).exists();
    assert_eq!(["index.html", "a/style.css", "old.html", ".mlsys-files"].map(names), [true, true, false, false]);
}
