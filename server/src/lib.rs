//! The executable: settings, HTTP, the socket, the site's files, start and stop.
//!
//! Everything that Telicat does is in `telicat_service`, and everything that it shows in `telicat_app`; here they meet
//! the network.

pub mod admin;
pub mod assets;
pub mod background;
pub mod data;
pub mod exports;
pub mod forms;
pub mod headers;
pub mod listener;
pub mod live;
pub mod logging;
pub mod media;
pub mod observe;
pub mod profile_form;
pub mod request;
pub mod router;
pub mod serve;
pub mod settings;
pub mod state;
