//! When to try again.

/// The longest that a client waits between two tries, in milliseconds.
pub const LONGEST_MS: u32 = 30_000;

/// Milliseconds to wait before try number `attempt` (0 is the first). `random` is between 0 and 1.
///
/// Exponential with full jitter from half a second, so that ten thousand clients that lost one server do not come back
/// as one; see "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[must_use]
pub fn delay_ms(attempt: u32, random: f64) -> u32 {
    let ceiling = 500_u32.saturating_mul(1 << attempt.min(10)).min(LONGEST_MS);
    let spread = f64::from(ceiling) * random.clamp(0.0, 1.0);
    // Never at once: a server that refuses must not be asked in a loop.
    (spread as u32).max(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_are_never_nothing() {
        assert_eq!(delay_ms(0, 0.0), 100);
        assert_eq!(delay_ms(0, 1.0), 500);
        assert_eq!(delay_ms(3, 1.0), 4_000);
        assert_eq!(delay_ms(6, 1.0), LONGEST_MS);
        assert_eq!(delay_ms(u32::MAX, 1.0), LONGEST_MS);
        assert_eq!(delay_ms(4, 0.5), 4_000);
    }
}
