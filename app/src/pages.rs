//! One page a file.

mod chat;
mod home;
mod log_in;
mod not_found;
mod profile;
mod room;
mod sign_up;

pub(crate) use chat::Chat;
pub(crate) use home::Home;
pub(crate) use log_in::LogIn;
pub(crate) use not_found::{Fault, NotFound};
pub(crate) use profile::Profile;
pub(crate) use room::Room;
pub(crate) use sign_up::SignUp;
