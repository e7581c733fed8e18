//! `mlsys man`: the man pages.

use super::error::CommandError;
use super::project::current_folder;
use super::{Outcome, say};
use camino::Utf8PathBuf;
use clap::Args;
use clap_mangen::Man;

/// The options of `man`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Write one page per command to this folder, instead of printing the main page.
    #[arg(long, value_name = "DIR")]
    output_dir: Option<Utf8PathBuf>,
}

/// Prints the main page, or writes all.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let command = super::description();
    let Some(folder) = &arguments.output_dir else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page).map_err(CommandError::ManPages)?;
        super::write_out(&String::from_utf8_lossy(&page))?;
        return Ok(Outcome::Clean);
    };
    let folder = current_folder()?.join(folder);
    std::fs::create_dir_all(&folder).map_err(CommandError::ManPages)?;
    clap_mangen::generate_to(command, &folder).map_err(CommandError::ManPages)?;
    say(&format!("wrote the man pages to {folder}\n"));
    Ok(Outcome::Clean)
}
