//! `mlsys completions`: shell completion scripts.

use super::Outcome;
use super::error::CommandError;
use clap::Args;
use clap_complete::Shell;

/// The options of `completions`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the completion script.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::description(), "mlsys", &mut script);
    super::write_out(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Clean)
}
