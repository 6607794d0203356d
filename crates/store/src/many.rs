//! Statements over many rows, in few different texts.
//!
//! A statement for every number of rows would be a new text each time, and the cache of prepared statements would
//! never hit. So there are nine of each: for 1, 2, 4, … 256 rows.

/// The most rows in one statement.
pub(crate) const ROWS_MAX: usize = 256;

/// A statement with a list of rows of placeholders in its middle, for each power of two.
pub(crate) struct Many([String; 9]);

impl Many {
    /// The statement `head (…), (…), … tail`, with `columns` placeholders in each row.
    pub(crate) fn new(head: &str, columns: usize, tail: &str) -> Self {
        Self(std::array::from_fn(|power| {
            let row = |row: usize| {
                let placeholders: Vec<_> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
                format!("({})", placeholders.join(", "))
            };
            let rows: Vec<_> = (0..1 << power).map(row).collect();
            format!("{head} {} {tail}", rows.join(", ")).trim_end().to_owned()
        }))
    }

    /// For rows that must be there once each: the statement for the largest part of `rows` that has one, and how many
    /// rows that is.
    pub(crate) fn part_of(&'static self, rows: usize) -> (&'static str, usize) {
        let power = rows.clamp(1, ROWS_MAX).ilog2();
        (&self.0[power as usize], 1 << power)
    }

    /// For rows that may be there twice: the statement for at least `rows`, which are [`ROWS_MAX`] at most, and how
    /// many it takes.
    pub(crate) fn room_for(&'static self, rows: usize) -> (&'static str, usize) {
        let rows = rows.clamp(1, ROWS_MAX).next_power_of_two();
        (&self.0[rows.ilog2() as usize], rows)
    }

    /// All texts.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    #[test]
    fn texts_fit_their_rows() {
        static MANY: LazyLock<Many> = LazyLock::new(|| Many::new("VALUES", 2, "LIMIT 1"));
        let many = &*MANY;
        assert_eq!(many.part_of(1), ("VALUES ($1, $2) LIMIT 1", 1));
        assert_eq!(many.part_of(3), ("VALUES ($1, $2), ($3, $4) LIMIT 1", 2));
        assert_eq!(many.room_for(3).1, 4);
        assert_eq!(many.part_of(1000).1, 256);
        assert_eq!(many.room_for(256).1, 256);
        assert!(many.part_of(256).0.contains("($511, $512)"));
    }
}
