//! What commands that take long have in common: threads, the signal to stop, the bar.

use std::io::IsTerminal as _;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Common, INTERRUPTED};

/// A flag that Ctrl-C sets.
pub fn stop_flag() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    // a second handler in one process (steps of the demo) is no reason to fail
    let _ = ctrlc::set_handler(move || {
        // who asks again does not want to wait; what is not committed the store takes back
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    });
    stop
}

/// The threads to work on: as many as asked for, else as the machine has.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into))
}

/// A bar with rate and time left, where there is somebody to see it and work worth one.
pub fn progress(common: &Common, of: usize, least: usize) -> indicatif::ProgressBar {
    if common.quiet || !std::io::stderr().is_terminal() || of < least {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len}  {rate}  {eta}");
    let rate = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
        // a rate that cannot be written is no reason to stop
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    indicatif::ProgressBar::new(of as u64).with_style(
        style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()).with_key("rate", rate),
    )
}

/// What `work` makes of the items, in their order, on several threads. Once the flag is set no
/// further item is begun.
pub fn in_order<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    stop: &AtomicBool,
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { break };
            done.push((at, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let threads = threads.clamp(1, items.len().max(1));
        let shares: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        let joined = shares.into_iter().map(|s| s.join().unwrap_or_else(|p| resume_unwind(p)));
        joined.flatten().collect()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_hands_make_stands_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        let go = AtomicBool::new(false);
        let twice: Vec<usize> = items.iter().map(|n| n * 2).collect();
        for threads in [0, 1, 4] {
            assert_eq!(in_order(&items, threads, &go, |n| n * 2), twice);
        }
    }

    #[test]
    fn nothing_is_begun_after_the_signal() {
        let stop = AtomicBool::new(false);
        let made = in_order(&[1, 2, 3, 4], 1, &stop, |n| {
            stop.store(*n == 2, Ordering::Relaxed);
            *n
        });
        assert_eq!(made, [1, 2]);
    }
}
