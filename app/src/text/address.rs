//! Addresses, and the links that confirm them.
