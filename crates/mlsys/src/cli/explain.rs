//! `mlsys explain`: what a diagnostic means.

use super::error::CommandError;
use super::{Outcome, write_out};
use clap::Args;
use mlsys_book::{Code, did_you_mean};

/// The options of `explain`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The code of a diagnostic, such as `broken-link`. Without it, all codes are listed.
    code: Option<String>,
}

/// Prints the meaning of a code, or of all codes.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let Some(name) = &arguments.code else {
        let lines = Code::ALL.iter().map(|code| format!("{:<32}{}\n", code.name(), code.description()));
        write_out(&lines.collect::<String>())?;
        return Ok(Outcome::Clean);
    };
    let Some(code) = Code::of_name(name) else {
        let hint = did_you_mean(name, Code::ALL.iter().map(|code| code.name()));
        return Err(CommandError::UnknownCode {
            name: name.clone(),
            hint: hint.unwrap_or_else(|| "`mlsys explain` lists all".to_owned()),
        });
    };
    let severity = code.severity();
    write_out(&format!(
        "{severity}[{code}]\n\n{}\n\nCause and fix: the guide, \"Diagnostics\", section {code}.\n\
         Another severity: `--severity {code}=hint`, or in _quarto.yml\n\n\
         mlsys:\n  check:\n    severities:\n      {code}: hint   # error, warning, hint or off\n",
        code.description(),
    ))?;
    Ok(Outcome::Clean)
}
