//! Rooms: which there are, what they are, who is in them.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::room::{Door, MemberPage, ReadState, RoomEntry, RoomPage, RoomSettings};

/// All that a room's page needs: at its newest messages, or round the one with the number `at`. The rooms of the person
/// are left out when `list` is `false`.
#[server(name = ShowRoom, prefix = "/api", endpoint = "rooms/show", input = GetUrl)]
pub async fn show_room(room: String, at: Option<i64>, list: Option<bool>) -> Result<RoomPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let list = list.unwrap_or(true);
    let page = request.services.rooms.page_at(request.signed()?, &room, at, list).await.map_err(refuse)?;
    // Whoever comes back comes to this room.
    let cookie = request.cookies.set(request.cookies.room_name(), page.room.room.slug.as_str(), Some(ROOM_MAX_AGE));
    crate::http::set_cookie(cookie);
    Ok(page)
}

/// For so many seconds a browser knows which room was open last: a year.
#[cfg(feature = "ssr")]
const ROOM_MAX_AGE: i64 = 365 * 24 * 3600;

/// The room that was open last in this browser, or else the public one.
#[server(name = LastRoom, prefix = "/api", endpoint = "rooms/last", input = GetUrl)]
pub async fn last_room() -> Result<telicat_domain::RoomSlug, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.last_room(request.signed()?, request.room.as_ref()).await.map_err(refuse)
}

/// The rooms of the person.
#[server(name = ListRooms, prefix = "/api", endpoint = "rooms/list", input = GetUrl)]
pub async fn list_rooms() -> Result<Vec<RoomEntry>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.list(request.signed()?).await.map_err(refuse)
}

/// Makes a group.
#[server(name = CreateRoom, prefix = "/api", endpoint = "rooms/create")]
pub async fn create_room(name: String, topic: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::SafePath;
    let request = RequestContext::current()?;
    let topic = topic.unwrap_or_default();
    let slug = request.services.create_room(request.signed()?, &name, &topic).await.map_err(refuse)?;
    Ok(Go::to(SafePath::room(&slug)))
}

/// Opens the direct room with one person or several, by handles with commas or spaces between them.
#[server(name = OpenDirect, prefix = "/api", endpoint = "rooms/direct")]
pub async fn open_direct(people: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::SafePath;
    let request = RequestContext::current()?;
    let slug = request.services.open_direct(request.signed()?, &people).await.map_err(refuse)?;
    Ok(Go::to(SafePath::room(&slug)))
}

/// The direct room with a person, when there is one.
#[server(name = FindDirect, prefix = "/api", endpoint = "rooms/with", input = GetUrl)]
pub async fn find_direct(handle: String) -> Result<Option<telicat_domain::RoomSlug>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.find_direct(request.signed()?, &handle).await.map_err(refuse)
}

/// What is behind a link into a room.
#[server(name = ShowDoor, prefix = "/api", endpoint = "rooms/door", input = GetUrl)]
pub async fn show_door(code: String) -> Result<Door, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.door(request.signed()?, &code).await.map_err(refuse)
}

/// Goes in by a link.
#[server(name = JoinRoom, prefix = "/api", endpoint = "rooms/join")]
pub async fn join_room(code: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::SafePath;
    let request = RequestContext::current()?;
    let slug = request.services.join_room(request.signed()?, &code).await.map_err(refuse)?;
    Ok(Go::to(SafePath::room(&slug)))
}

/// Leaves a room.
#[server(name = LeaveRoom, prefix = "/api", endpoint = "rooms/leave")]
pub async fn leave_room(room: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{Notice, RoomSlug, SafePath};
    let request = RequestContext::current()?;
    request.services.leave_room(request.signed()?, &room).await.map_err(refuse)?;
    // Not `/chat`, which leads on before it could say anything.
    Ok(Go::saying(SafePath::room(&RoomSlug::public_chat()), Notice::RoomLeft))
}

/// What a room's settings show.
#[server(name = ShowRoomSettings, prefix = "/api", endpoint = "rooms/settings", input = GetUrl)]
pub async fn show_room_settings(room: String) -> Result<RoomSettings, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.room_settings(request.signed()?, &room).await.map_err(refuse)
}

/// Members of a room: those behind a handle, or whose handle or name begins with `q`.
#[server(name = ListMembers, prefix = "/api", endpoint = "rooms/members", input = GetUrl)]
pub async fn list_members(room: String, after: Option<String>, q: Option<String>) -> Result<MemberPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let (after, q) = (after.unwrap_or_default(), q.unwrap_or_default());
    request.services.members(request.signed()?, &room, &after, &q).await.map_err(refuse)
}

/// Changes name and topic.
#[server(name = EditRoom, prefix = "/api", endpoint = "rooms/edit")]
pub async fn edit_room(room: String, name: String, topic: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    request.services.edit_room(request.signed()?, &room, &name, &topic).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::RoomSaved))
}

/// Closes a room for writing, or opens it again.
#[server(name = ArchiveRoom, prefix = "/api", endpoint = "rooms/archive")]
pub async fn archive_room(room: String, on: bool) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    request.services.archive_room(request.signed()?, &room, on).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, if on { Notice::RoomArchived } else { Notice::RoomReopened }))
}

/// Ends a room. Its name has to be typed.
#[server(name = DeleteRoom, prefix = "/api", endpoint = "rooms/delete")]
pub async fn delete_room(room: String, name: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{Notice, RoomSlug, SafePath};
    let request = RequestContext::current()?;
    request.services.delete_room(request.signed()?, &room, &name).await.map_err(refuse)?;
    // Not `/chat`, which leads on before it could say anything.
    Ok(Go::saying(SafePath::room(&RoomSlug::public_chat()), Notice::RoomDeleted))
}

/// Makes a new link into a room, for a number of days and of uses; empty is without an end. The one before works no more.
#[server(name = MakeRoomLink, prefix = "/api", endpoint = "rooms/link")]
pub async fn make_room_link(room: String, days: Option<String>, uses: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let terms = telicat_domain::room_link::LinkTerms::parse(&days.unwrap_or_default(), &uses.unwrap_or_default())?;
    request.services.make_room_link(signed, &room, terms).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::RoomLinkMade))
}

/// Ends the link into a room.
#[server(name = RevokeRoomLink, prefix = "/api", endpoint = "rooms/link/revoke")]
pub async fn revoke_room_link(room: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    request.services.revoke_room_link(request.signed()?, &room).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::RoomLinkRevoked))
}

/// Brings people in, by handles with commas or spaces between them.
#[server(name = AddMembers, prefix = "/api", endpoint = "rooms/add")]
pub async fn add_members(room: String, people: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    request.services.add_members(request.signed()?, &room, &people).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::PeopleAdded))
}

/// Removes somebody.
#[server(name = RemoveMember, prefix = "/api", endpoint = "rooms/remove")]
pub async fn remove_member(room: String, person: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let person = person.parse().map_err(|_| Failure(telicat_domain::ApiError::NotFound))?;
    request.services.remove_member(signed, &room, person).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::PersonRemoved))
}

/// Gives somebody a role.
#[server(name = ChangeRole, prefix = "/api", endpoint = "rooms/role")]
pub async fn change_role(room: String, person: String, role: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::Notice;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let person = person.parse().map_err(|_| Failure(telicat_domain::ApiError::NotFound))?;
    let role = telicat_domain::permission::Role::named(&role).ok_or(Failure(telicat_domain::ApiError::BadRequest))?;
    request.services.change_role(signed, &room, person, role).await.map_err(refuse)?;
    Ok(Go::saying(settings_of(&room)?, Notice::RoleChanged))
}

/// The settings of a room that was found by this slug.
#[cfg(feature = "ssr")]
fn settings_of(room: &str) -> Result<telicat_domain::SafePath, Failure> {
    use telicat_domain::{ApiError, RoomSlug, SafePath};
    RoomSlug::parse(room).map(|slug| SafePath::room_settings(&slug)).map_err(|_| Failure(ApiError::NotFound))
}

/// Puts a room above the others, or not.
#[server(name = FavourRoom, prefix = "/api", endpoint = "rooms/favourite")]
pub async fn favour_room(room: String, on: bool) -> Result<RoomEntry, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.favour(request.signed()?, &room, on).await.map_err(refuse)
}

/// Says what the person wants to hear of a room: `everything`, `mentions` or `nothing`; and for how many minutes from now on nothing at all, 0 for no longer.
#[server(name = InvolveInRoom, prefix = "/api", endpoint = "rooms/involve")]
pub async fn involve_in_room(room: String, involvement: String, mute: Option<i64>) -> Result<RoomEntry, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.involve(request.signed()?, &room, &involvement, mute).await.map_err(refuse)
}

/// The person has read a room up to an event.
#[server(name = ReadRoom, prefix = "/api", endpoint = "rooms/read")]
pub async fn read_room(room: String, seq: i64) -> Result<ReadState, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.read(request.signed()?, &room, seq).await.map_err(refuse)
}

/// The person has read a room up to before a message, whatever was read already.
#[server(name = UnreadRoom, prefix = "/api", endpoint = "rooms/unread")]
pub async fn unread_room(room: String, seq: i64) -> Result<ReadState, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.reading.unread(request.signed()?, &room, seq).await.map_err(refuse)
}
