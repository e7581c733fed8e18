//! Marks in the environment of processes, by which those are found that a program has started and left behind.

use std::hash::{BuildHasher, RandomState};

/// The variable with the mark.
pub const MARK: &str = "MLSYS_MARK";

/// 32 hexadecimal digits that others cannot guess: hashes under keys from the system's source of randomness.
pub fn random_name() -> String {
    let keys = RandomState::new();
    format!("{:016x}{:016x}", keys.hash_one(1), keys.hash_one(2))
}

/// Kills the processes with a mark, on Linux. They may have left the group and the session of the program that started them.
#[cfg(target_os = "linux")]
pub fn kill_marked(mark: &str) {
    use rustix::process::{Signal, kill_process};
    // A process that forks while we look is found with the second look.
    for _ in 0..2 {
        for (pid, _) in marked(mark) {
            // It may have ended.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// The names of the processes with a mark that are running, on Linux, sorted, without those that run the guard's script.
#[cfg(target_os = "linux")]
pub fn names_of_marked(mark: &str, guard: &str) -> Vec<String> {
    let name = |process: &std::path::Path| {
        let arguments = std::fs::read(process.join("cmdline")).ok()?;
        let is_guard = arguments.split(|byte| *byte == 0).any(|argument| argument == guard.as_bytes());
        let stat = String::from_utf8_lossy(&std::fs::read(process.join("stat")).ok()?).into_owned();
        let (name, fields) = stat.split_once('(')?.1.rsplit_once(')')?;
        let has_ended = fields.trim_start().starts_with(['Z', 'X']);
        (!is_guard && !has_ended).then(|| name.to_owned())
    };
    let mut names: Vec<String> = marked(mark).iter().filter_map(|(_, process)| name(process)).collect();
    names.sort();
    names
}

/// The processes with a mark, and their folders in `/proc`.
#[cfg(target_os = "linux")]
fn marked(mark: &str) -> Vec<(rustix::process::Pid, std::path::PathBuf)> {
    let mark = format!("{MARK}={mark}").into_bytes();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok().and_then(rustix::process::Pid::from_raw)?;
        // The environments of other users' processes cannot be read.
        let environment = std::fs::read(entry.path().join("environ")).ok()?;
        let is_marked = environment.split(|byte| *byte == 0).any(|variable| variable == mark);
        is_marked.then(|| (pid, entry.path()))
    });
    processes.collect()
}

/// Other systems do not show environments.
#[cfg(not(target_os = "linux"))]
pub fn kill_marked(_: &str) {}

/// Other systems do not show environments.
#[cfg(not(target_os = "linux"))]
pub fn names_of_marked(_: &str, _: &str) -> Vec<String> {
    Vec::new()
}
