//! The command `mlsys`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlsys::cli::main()
}
