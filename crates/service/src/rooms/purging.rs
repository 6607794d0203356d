//! What is left of rooms that were deleted.

use crate::{Error, Services};
use telicat_store::purging as store;

/// Rows that go in one transaction: a few milliseconds, in which nobody else writes on `SQLite`.
const ROWS: i64 = 500;
/// Transactions at one go, at most: what is left then waits for the next time.
const STEPS: usize = 200;

impl Services {
    /// Removes rows of rooms that were deleted, at most 100,000 of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn purge_rooms(&self) -> Result<(), Error> {
        let mut steps = STEPS;
        while let Some(room) = store::list_deleted_rooms(&self.db, 1).await?.first() {
            let mut gone = false;
            while !gone {
                if steps == 0 {
                    return Ok(());
                }
                steps -= 1;
                let mut tx = self.db.begin().await?;
                gone = store::purge_room(&mut tx, *room, ROWS).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
