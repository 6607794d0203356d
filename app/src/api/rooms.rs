//! Rooms.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::room::RoomPage;

/// All that a room's page needs.
#[server(name = ShowRoom, prefix = "/api", endpoint = "rooms/show", input = GetUrl)]
pub async fn show_room(room: String) -> Result<RoomPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.rooms.page(request.signed()?, &room).await.map_err(refuse)
}
