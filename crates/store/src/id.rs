//! New identifiers.

use telicat_domain::Timestamp;
use uuid::{Builder, Uuid};

/// A new identifier: a UUID of version 7 (RFC 9562 section 5.7), the milliseconds of `at` and 74 random bits. Later
/// ones sort behind earlier ones, so that they are added at the end of an index.
///
/// # Panics
/// When the operating system has no random bytes to give. Nothing that needs them could go on.
#[must_use]
pub fn new_id(at: Timestamp) -> Uuid {
    let mut random = [0; 10];
    if let Err(error) = getrandom::fill(&mut random) {
        panic!("the operating system gives no random bytes: {error}");
    }
    Builder::from_unix_timestamp_millis(at.millis().unsigned_abs(), &random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_differ_and_sort_by_time() {
        let at = Timestamp(1_763_247_720_000_000);
        let (first, second, later) = (new_id(at), new_id(at), new_id(at.plus_seconds(1)));
        assert_ne!(first, second);
        assert!(first < later && second < later);
        assert_eq!(first.get_version_num(), 7);
    }
}
