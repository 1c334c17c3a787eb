//! The `nianbao` program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    nianbao::cli::run()
}
