//! Programs that end with this process, however it ends, and take the processes with them that they have started.

use super::process::{Run, Service};
use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;

/// The variable that marks a program and all of its processes.
#[cfg(unix)]
const MARK: &str = "MLSYS_GUARDED";

/// Starts a program with a guard beside it, a shell in its process group. The guard waits for the end of standard input, which is
/// the end of this process also when that was killed. It then kills the group, and on Linux also processes that have left the
/// group: they carry the mark in their environment. What the program prints goes to standard error, which is a file.
///
/// Linux's own signal at the end of a parent is lost to processes that the program starts.
#[cfg(unix)]
const SCRIPT: &str = r#"
ulimit -c 0
exec 3<&0 </dev/null >&2
(
  read -r _ <&3
  own=$(exec sh -c 'echo $PPID')
  for pass in 1 2; do
    for file in $(grep -ls "MLSYS_GUARDED=$MLSYS_GUARDED" /proc/[0-9]*/environ 2>/dev/null); do
      pid=${file#/proc/} pid=${pid%/environ}
      [ "$pid" = "$own" ] || kill -KILL "$pid" 2>/dev/null
    done
  done
  kill -KILL 0
) &
exec "$@" 3<&-"#;

impl Run<'_> {
    /// Starts the program under a guard and does not wait for it. Its output and its errors go to the file `NAME.err` in the
    /// folder `errors`. Dropping the service ends the program and what it has started, without asking first.
    #[cfg(unix)]
    pub fn start_guarded(&self, name: &str, errors: &Path) -> std::io::Result<Service> {
        let mut arguments: Vec<OsString> = vec!["-c".into(), SCRIPT.into(), "sh".into(), self.program.into()];
        arguments.extend(self.arguments.iter().cloned());
        let mut environment = self.environment.to_vec();
        environment.push((MARK, random_name()));
        let run = Run {
            program: Path::new("/bin/sh"),
            arguments: &arguments,
            folder: self.folder,
            environment: &environment,
        };
        run.start(name, errors)
    }

    /// Other systems have no process groups.
    #[cfg(not(unix))]
    pub fn start_guarded(&self, name: &str, errors: &Path) -> std::io::Result<Service> {
        self.start(name, errors)
    }
}

/// 32 hexadecimal digits that others cannot guess: hashes under keys from the system's source of randomness.
pub fn random_name() -> String {
    let keys = RandomState::new();
    format!("{:016x}{:016x}", keys.hash_one(1), keys.hash_one(2))
}
