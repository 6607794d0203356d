//! Statements over many rows, in few different texts.
//!
//! A statement for every number of rows would be a new text each time, and the cache of prepared statements would
//! never hit. So there are nine of each: for 1, 2, 4, … 256 rows.

use crate::backend::Backend;

/// The most rows in one statement.
pub(crate) const ROWS_MAX: usize = 256;

/// A statement with a list of rows of placeholders in its middle, for each power of two.
///
/// `SQLite` has texts of its own, with `?` for each placeholder: sqlx asks it for the name of every numbered one, and
/// it walks over all of them to answer. For 256 rows that takes as long as writing them.
pub(crate) struct Many {
    sqlite: [String; 9],
    postgres: [String; 9],
}

impl Many {
    /// The statement `head (…), (…), … tail`, with `columns` placeholders in each row.
    pub(crate) fn new(head: &str, columns: usize, tail: &str) -> Self {
        let texts = |placeholder: fn(usize) -> String| {
            std::array::from_fn(|power| {
                let row = |row: usize| {
                    let numbers = row * columns + 1..=(row + 1) * columns;
                    format!("({})", numbers.map(placeholder).collect::<Vec<_>>().join(", "))
                };
                let rows: Vec<_> = (0..1 << power).map(row).collect();
                format!("{head} {} {tail}", rows.join(", ")).trim_end().to_owned()
            })
        };
        Self { sqlite: texts(|_| "?".to_owned()), postgres: texts(|number| format!("${number}")) }
    }

    /// The same, which on `PostgreSQL` ends with a lock. `SQLite` knows none: there a transaction has all to itself.
    pub(crate) fn locking(mut self, lock: &str) -> Self {
        self.postgres.iter_mut().for_each(|text| text.push_str(lock));
        self
    }

    /// For rows that must be there once each: the statement for the largest part of `rows` that has one, and how many
    /// rows that is.
    pub(crate) fn part_of(&'static self, on: &impl Backend, rows: usize) -> (&'static str, usize) {
        let power = rows.clamp(1, ROWS_MAX).ilog2();
        (&self.texts(on)[power as usize], 1 << power)
    }

    /// For rows that may be there twice: the statement for at least `rows`, which are [`ROWS_MAX`] at most, and how
    /// many it takes.
    pub(crate) fn room_for(&'static self, on: &impl Backend, rows: usize) -> (&'static str, usize) {
        let rows = rows.clamp(1, ROWS_MAX).next_power_of_two();
        (&self.texts(on)[rows.ilog2() as usize], rows)
    }

    /// All texts for a database.
    pub(crate) fn texts(&self, on: &impl Backend) -> &[String; 9] {
        if on.is_sqlite() { &self.sqlite } else { &self.postgres }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tx, testing::both};
    use std::sync::LazyLock;

    #[tokio::test]
    async fn texts_fit_their_rows() {
        static MANY: LazyLock<Many> = LazyLock::new(|| Many::new("VALUES", 2, "LIMIT 1"));
        both(|db| async move {
            let tx = db.begin().await.unwrap();
            let [one, two] = match tx {
                Tx::Sqlite(_) => ["VALUES (?, ?) LIMIT 1", "VALUES (?, ?), (?, ?) LIMIT 1"],
                Tx::Postgres(_) => ["VALUES ($1, $2) LIMIT 1", "VALUES ($1, $2), ($3, $4) LIMIT 1"],
            };
            assert_eq!(MANY.part_of(&tx, 1), (one, 1));
            assert_eq!(MANY.part_of(&tx, 3), (two, 2));
            assert_eq!(MANY.room_for(&tx, 2), (two, 2));
            assert_eq!(MANY.room_for(&tx, 3).1, 4);
            assert_eq!((MANY.part_of(&tx, 1000).1, MANY.room_for(&tx, 256).1), (256, 256));
        })
        .await;
    }
}
