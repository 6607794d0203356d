//! Heavy work: as much at once as there are cores, with a short queue before it.

use crate::Error;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::available_parallelism,
};
use telicat_domain::ApiError;
use tokio::sync::Semaphore;

/// Seconds after which it makes sense to come back when the queue is full.
const RETRY_AFTER: u32 = 2;

/// A share of the machine for one sort of work.
pub(crate) struct Cores {
    cores: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
    places: usize,
}

impl Cores {
    /// As many workers as there are cores, and `queue` who wait for one.
    pub(crate) fn new(queue: usize) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)), inside: Arc::default(), places: cores + queue }
    }

    /// Does the work outside of the runtime's threads.
    ///
    /// # Errors
    /// [`ApiError::Busy`] when the queue is full; [`Error::Fault`] when the work panics.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let place = Place::take(&self.inside, self.places).ok_or(ApiError::Busy { retry_after: RETRY_AFTER })?;
        let permit = self.cores.clone().acquire_owned().await.map_err(|_| Error::Fault("heavy work has stopped"))?;
        // The permit goes along: a request that was given up does not free the core that still works for it.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, permit);
            work()
        });
        done.await.map_err(|_| Error::Fault("heavy work failed"))
    }
}

/// A place among those who work or wait.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(inside: &Arc<AtomicUsize>, places: usize) -> Option<Self> {
        let taken = inside.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < places).then_some(n + 1));
        taken.is_ok().then(|| Self(inside.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn when_all_places_are_taken_the_next_is_told_to_come_back() {
        let cores = Cores::new(3);
        let taken: Vec<_> = (0..cores.places).map(|_| Place::take(&cores.inside, cores.places).unwrap()).collect();
        let refused = cores.run(|| 1).await;
        assert!(matches!(refused, Err(Error::Api(ApiError::Busy { .. }))));
        drop(taken);
        assert_eq!(cores.run(|| 2).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_place_back() {
        let cores = Cores::new(0);
        for _ in 0..2 * cores.places {
            let failed = cores.run(|| assert!(std::hint::black_box(false), "on purpose")).await;
            assert!(matches!(failed, Err(Error::Fault(_))));
        }
    }
}
