//! Profiles and how they are edited.
