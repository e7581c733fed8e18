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
    use rustix::process::{Pid, Signal, kill_process};
    let mark = format!("{MARK}={mark}").into_bytes();
    // A process that forks while we look is found with the second look.
    for _ in 0..2 {
        let Ok(entries) = std::fs::read_dir("/proc") else { return };
        for entry in entries.flatten() {
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
            // The environments of other users' processes cannot be read.
            let (Some(pid), Ok(environment)) = (pid, std::fs::read(entry.path().join("environ"))) else { continue };
            if environment.split(|byte| *byte == 0).any(|variable| variable == mark) {
                // It may have ended.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Other systems do not show environments.
#[cfg(not(target_os = "linux"))]
pub fn kill_marked(_: &str) {}
