//! Programs that end with this process, however it ends, and take the processes with them that they have started.

use super::process::{Run, Service};
#[cfg(unix)]
use std::ffi::OsString;
use std::path::Path;

/// Starts a program with a guard beside it, a shell in its process group. The guard waits for the end of standard input, which is
/// the end of this process also when that was killed. It then kills the group, and on Linux also the marked processes that have
/// left the group, with few processes of its own, because those take long on a busy machine. What the program prints goes to
/// standard error, which is a file.
///
/// Linux's own signal at the end of a parent would not reach the processes that the program starts. The guard is no child of the
/// program: kernels end their children before they end.
#[cfg(unix)]
const SCRIPT: &str = r#"
ulimit -c 0
exec 3<&0 </dev/null >&2
(
  trap '' INT TERM HUP QUIT
  (
    { read -r own _ </proc/self/stat; } 2>/dev/null
    read -r _ <&3
    for pass in 1 2; do
      for file in $(grep -ls "MLSYS_MARK=$MLSYS_MARK" /proc/[0-9]*/environ 2>/dev/null); do
        pid=${file#/proc/} pid=${pid%/environ}
        [ "$pid" = "$own" ] || kill -KILL "$pid" 2>/dev/null
      done
    done
    kill -KILL 0
  ) &
)
exec "$@" 3<&-"#;

impl Service {
    /// The names of the processes that a guarded program has left running, sorted.
    #[cfg(unix)]
    pub fn guarded_leftovers(&self) -> Vec<String> {
        self.leftovers(SCRIPT)
    }

    /// Other systems do not show them.
    #[cfg(not(unix))]
    pub fn guarded_leftovers(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Run<'_> {
    /// Starts the program under a guard and does not wait for it. Its output and its errors go to the file `NAME.err` in the
    /// folder `errors`. Dropping the service ends the program and what it has started, without asking first.
    #[cfg(unix)]
    pub fn start_guarded(&self, name: &str, errors: &Path) -> std::io::Result<Service> {
        let mut arguments: Vec<OsString> = vec!["-c".into(), SCRIPT.into(), "sh".into(), self.program.into()];
        arguments.extend(self.arguments.iter().cloned());
        let Run { folder, environment, .. } = *self;
        Run { program: Path::new("/bin/sh"), arguments: &arguments, folder, environment }.start(name, errors)
    }

    /// Other systems have no process groups.
    #[cfg(not(unix))]
    pub fn start_guarded(&self, name: &str, errors: &Path) -> std::io::Result<Service> {
        self.start(name, errors)
    }
}
