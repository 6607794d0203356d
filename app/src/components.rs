//! The parts that pages are made of.

pub(crate) mod avatar;
pub(crate) mod cat;
pub(crate) mod composer;
pub(crate) mod connection;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod involvement;
pub(crate) mod logo;
pub(crate) mod message;
pub(crate) mod moment;
pub(crate) mod overlays;
pub(crate) mod portrait;
pub(crate) mod profile_form;
pub(crate) mod redirect;
pub(crate) mod room_head;
pub(crate) mod room_menu;
pub(crate) mod rooms;
pub(crate) mod sessions;
pub(crate) mod switcher;
pub(crate) mod timeline;
pub(crate) mod toasts;
pub(crate) mod typing;
