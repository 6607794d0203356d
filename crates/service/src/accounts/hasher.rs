//! argon2id, as many at once as there are cores, with a short queue before it.

use crate::{
    Error,
    cores::Cores,
    secret::{Secret, random_bytes},
};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString,
};

/// KiB of memory, passes and lanes: the least that the OWASP Password Storage Cheat Sheet allows for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Passwords that may wait for a core.
const QUEUE: usize = 20;

/// Hashes and verifies passwords.
pub(crate) struct Hasher {
    cores: Cores,
    /// The hash of a password that nobody has, verified when there is no account, so that both take as long.
    nobody: String,
}

/// What came of verifying a password.
pub(super) struct Verified {
    pub(super) matches: bool,
    /// Whether the stored hash was made with weaker parameters than today's.
    pub(super) outdated: bool,
}

impl Hasher {
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self { cores: Cores::new(QUEUE), nobody: nobody()? })
    }

    pub(crate) async fn hash(&self, password: Secret) -> Result<String, Error> {
        self.cores.run(move || hash(&password)).await?
    }

    /// Compares a password with a stored hash; with a hash that nothing matches when there is none.
    pub(super) async fn verify(&self, password: Secret, stored: Option<String>) -> Result<Verified, Error> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let work = move || {
            let parsed =
                PasswordHash::new(&stored).map_err(|_| Error::Fault("a stored password hash cannot be read"))?;
            let matches = argon2()?.verify_password(password.reveal().as_bytes(), &parsed).is_ok();
            let outdated = Params::try_from(&parsed).map_or(true, |params| {
                params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES || params.p_cost() < LANES
            });
            Ok(Verified { matches: matches && exists, outdated })
        };
        self.cores.run(work).await?
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| Error::Fault("argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash that no password has: made up rather than computed, so that starting costs neither the time nor the memory.
fn nobody() -> Result<String, Error> {
    let text = |bytes: &[u8]| SaltString::encode_b64(bytes).map_err(|_| Error::Fault("a salt cannot be encoded"));
    let (salt, output) = (text(&random_bytes::<16>()?)?, text(&random_bytes::<32>()?)?);
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${output}"))
}

fn hash(password: &Secret) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&random_bytes::<16>()?).map_err(|_| Error::Fault("a salt cannot be encoded"))?;
    let hash = argon2()?.hash_password(password.reveal().as_bytes(), &salt);
    Ok(hash.map_err(|_| Error::Fault("hashing a password failed"))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_matches_and_every_character_counts() {
        let hasher = Hasher::new().unwrap();
        let long = "x".repeat(99);
        let stored = hasher.hash(Secret::new(format!("{long}a"))).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(hasher.verify(Secret::new(format!("{long}a")), Some(stored.clone())).await.unwrap().matches);
        assert!(!hasher.verify(Secret::new(format!("{long}b")), Some(stored)).await.unwrap().matches);
        // Nobody's hash is verified like any other, so that it takes as long.
        let unknown = hasher.verify(Secret::new(format!("{long}a")), None).await.unwrap();
        assert!(!unknown.matches && !unknown.outdated);
    }

    #[tokio::test]
    async fn a_weaker_hash_is_noticed() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let stored = weak.hash_password(b"a-long-password", &salt).unwrap().to_string();
        let verified =
            Hasher::new().unwrap().verify(Secret::new("a-long-password".into()), Some(stored)).await.unwrap();
        assert!(verified.matches && verified.outdated);
    }
}
