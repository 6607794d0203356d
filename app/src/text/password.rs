//! Passwords and sessions.
