//! The server, asked over real connections: the whole site in this process, and the executable alone in an empty folder.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

mod accounts;
mod admin;
mod api;
mod app;
mod beside;
mod crowd;
mod executable;
mod files;
mod headers;
mod history;
mod listener;
mod mail;
mod messages;
mod owners;
mod pages;
mod passwords;
mod profiles;
mod reading;
mod rights;
mod rooms;
mod sessions;
mod site;
mod sockets;
