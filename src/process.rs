//! Processes that the program starts: each apart from its own, so that Ctrl-C is the program's, and
//! ended with all that it has started itself.

use std::process::{Child, Command};

/// Puts a process that is to be started into a group of its own.
pub fn set_apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends a process that was set apart, with what it has started, which would hold its pipes open. It
/// must not have been waited for: its number may be another's since.
pub fn end(process: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(process.id().cast_signed()) {
        // gone already is as well
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = process.kill();
    let _ = process.wait();
}
