//! Rates: how often somebody may do something.
//!
//! The generic cell rate algorithm (ITU-T I.371): for each key one number, the moment at which its allowance is whole
//! again. Our own, because the known libraries cannot forget a key when its owner logs in, nor take the time from
//! outside.

use std::{collections::HashMap, hash::Hash, net::IpAddr, sync::Mutex};
use telicat_domain::{ApiError, Timestamp};

/// The most keys that are remembered: about 6 MB. A flood of addresses empties the memory rather than fill the machine.
const KEYS_MAX: usize = 100_000;

/// `burst` at once, and then `burst` in every `period`.
pub struct Limiter<K> {
    burst: i64,
    /// Microseconds that one use costs.
    cost: i64,
    enabled: bool,
    whole_at: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Limiter<K> {
    /// Allows `burst` in `period_seconds`. A limiter that is not enabled allows everything.
    #[must_use]
    pub fn new(burst: i64, period_seconds: i64, enabled: bool) -> Self {
        Self { burst, cost: period_seconds * Timestamp::SECOND / burst, enabled, whole_at: Mutex::default() }
    }

    /// Uses the allowance once.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`] when it is used up; that itself costs nothing.
    pub fn take(&self, key: K, now: Timestamp) -> Result<(), ApiError> {
        self.look(&key, now)?;
        self.count(key, now);
        Ok(())
    }

    /// Whether the allowance would cover one more use.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`] when it is used up.
    pub fn look(&self, key: &K, now: Timestamp) -> Result<(), ApiError> {
        if !self.enabled {
            return Ok(());
        }
        let whole_at = self.lock().get(key).copied().unwrap_or(now.0);
        let wait = whole_at - now.0 - (self.burst - 1) * self.cost;
        if wait <= 0 {
            return Ok(());
        }
        let seconds = u32::try_from((wait + Timestamp::SECOND - 1) / Timestamp::SECOND).unwrap_or(u32::MAX);
        Err(ApiError::RateLimited { retry_after: seconds })
    }

    /// Uses the allowance once, whether or not it covers that.
    pub fn count(&self, key: K, now: Timestamp) {
        if !self.enabled {
            return;
        }
        let mut map = self.lock();
        if map.len() >= KEYS_MAX && !map.contains_key(&key) {
            map.retain(|_, whole_at| *whole_at > now.0);
            if map.len() >= KEYS_MAX {
                map.clear();
            }
        }
        let whole_at = map.entry(key).or_insert(now.0);
        // A clock that was set back must not lock anybody out for longer than the period.
        *whole_at = (*whole_at).clamp(now.0, now.0 + self.burst * self.cost) + self.cost;
    }

    /// Gives a key its whole allowance back.
    pub fn forget(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, i64>> {
        self.whole_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The key of limits by address: an IPv4 address, or the /64 network that an IPv6 host may choose its addresses in.
pub type Network = [u8; 16];

/// The key of an address.
#[must_use]
pub fn network(address: IpAddr) -> Network {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            octets
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = Timestamp::SECOND;

    #[test]
    fn the_burst_is_allowed_and_then_the_rate() {
        let limiter = Limiter::new(20, 10, true);
        for _ in 0..20 {
            limiter.take("mei", Timestamp(0)).unwrap();
        }
        assert_eq!(limiter.take("mei", Timestamp(0)), Err(ApiError::RateLimited { retry_after: 1 }));
        assert_eq!(limiter.take("ines", Timestamp(0)), Ok(()));
        limiter.take("mei", Timestamp(SECOND / 2)).unwrap();
        assert!(limiter.take("mei", Timestamp(SECOND / 2)).is_err());
        for _ in 0..20 {
            limiter.take("mei", Timestamp(11 * SECOND)).unwrap();
        }
    }

    #[test]
    fn the_wait_is_said_and_is_enough() {
        let limiter = Limiter::new(5, 300, true);
        for _ in 0..5 {
            limiter.take((), Timestamp(0)).unwrap();
        }
        let Err(ApiError::RateLimited { retry_after }) = limiter.take((), Timestamp(0)) else { panic!("not limited") };
        assert_eq!(retry_after, 60);
        assert!(limiter.take((), Timestamp(59 * SECOND)).is_err());
        limiter.take((), Timestamp(60 * SECOND)).unwrap();
        limiter.forget(&());
        for _ in 0..5 {
            limiter.take((), Timestamp(60 * SECOND)).unwrap();
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let limiter = Limiter::new(2, 10, true);
        limiter.take((), Timestamp(1_000_000 * SECOND)).unwrap();
        for _ in 0..3 {
            limiter.count((), Timestamp(0));
        }
        limiter.take((), Timestamp(30 * SECOND)).unwrap();
    }

    #[test]
    fn a_million_addresses_do_not_fill_the_memory() {
        let limiter = Limiter::new(1, 1_000_000, true);
        for key in 0..1_000_000_u32 {
            limiter.count(key, Timestamp(0));
        }
        assert!(limiter.lock().len() <= KEYS_MAX);
    }
}
