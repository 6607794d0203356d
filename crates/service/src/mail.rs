//! Letters: how they are written, and how they get out of the house.

pub(crate) mod letters;
