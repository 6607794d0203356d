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
    request.services.rooms.page_at(request.signed()?, &room, at, list).await.map_err(refuse)
}

/// The rooms of the person.
#[server(name = ListRooms, prefix = "/api", endpoint = "rooms/list", input = GetUrl)]
pub async fn list_rooms() -> Result<Vec<RoomEntry>, Failure> {
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Makes a group.
#[server(name = CreateRoom, prefix = "/api", endpoint = "rooms/create")]
pub async fn create_room(name: String, topic: Option<String>) -> Result<Go, Failure> {
    let _ = (name, topic);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Opens the direct room with one person or several, by handles with commas or spaces between them.
#[server(name = OpenDirect, prefix = "/api", endpoint = "rooms/direct")]
pub async fn open_direct(people: String) -> Result<Go, Failure> {
    let _ = (people,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// The direct room with a person, when there is one.
#[server(name = FindDirect, prefix = "/api", endpoint = "rooms/with", input = GetUrl)]
pub async fn find_direct(handle: String) -> Result<Option<telicat_domain::RoomSlug>, Failure> {
    let _ = (handle,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// What is behind a link into a room.
#[server(name = ShowDoor, prefix = "/api", endpoint = "rooms/door", input = GetUrl)]
pub async fn show_door(code: String) -> Result<Door, Failure> {
    let _ = (code,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Goes in by a link.
#[server(name = JoinRoom, prefix = "/api", endpoint = "rooms/join")]
pub async fn join_room(code: String) -> Result<Go, Failure> {
    let _ = (code,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Leaves a room.
#[server(name = LeaveRoom, prefix = "/api", endpoint = "rooms/leave")]
pub async fn leave_room(room: String) -> Result<Go, Failure> {
    let _ = (room,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// What a room's settings show.
#[server(name = ShowRoomSettings, prefix = "/api", endpoint = "rooms/settings", input = GetUrl)]
pub async fn show_room_settings(room: String) -> Result<RoomSettings, Failure> {
    let _ = (room,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Members of a room: those behind a handle, or whose handle or name begins with `q`.
#[server(name = ListMembers, prefix = "/api", endpoint = "rooms/members", input = GetUrl)]
pub async fn list_members(room: String, after: Option<String>, q: Option<String>) -> Result<MemberPage, Failure> {
    let _ = (room, after, q);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Changes name and topic.
#[server(name = EditRoom, prefix = "/api", endpoint = "rooms/edit")]
pub async fn edit_room(room: String, name: String, topic: String) -> Result<Go, Failure> {
    let _ = (room, name, topic);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Closes a room for writing, or opens it again.
#[server(name = ArchiveRoom, prefix = "/api", endpoint = "rooms/archive")]
pub async fn archive_room(room: String, on: bool) -> Result<Go, Failure> {
    let _ = (room, on);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Ends a room. Its name has to be typed.
#[server(name = DeleteRoom, prefix = "/api", endpoint = "rooms/delete")]
pub async fn delete_room(room: String, name: String) -> Result<Go, Failure> {
    let _ = (room, name);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Makes a new link into a room, for a number of days and of uses; empty is without an end. The one before works no more.
#[server(name = MakeRoomLink, prefix = "/api", endpoint = "rooms/link")]
pub async fn make_room_link(room: String, days: Option<String>, uses: Option<String>) -> Result<Go, Failure> {
    let _ = (room, days, uses);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Ends the link into a room.
#[server(name = RevokeRoomLink, prefix = "/api", endpoint = "rooms/link/revoke")]
pub async fn revoke_room_link(room: String) -> Result<Go, Failure> {
    let _ = (room,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Brings people in, by handles with commas or spaces between them.
#[server(name = AddMembers, prefix = "/api", endpoint = "rooms/add")]
pub async fn add_members(room: String, people: String) -> Result<Go, Failure> {
    let _ = (room, people);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Removes somebody.
#[server(name = RemoveMember, prefix = "/api", endpoint = "rooms/remove")]
pub async fn remove_member(room: String, person: String) -> Result<Go, Failure> {
    let _ = (room, person);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Gives somebody a role.
#[server(name = ChangeRole, prefix = "/api", endpoint = "rooms/role")]
pub async fn change_role(room: String, person: String, role: String) -> Result<Go, Failure> {
    let _ = (room, person, role);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Puts a room above the others, or not.
#[server(name = FavourRoom, prefix = "/api", endpoint = "rooms/favourite")]
pub async fn favour_room(room: String, on: bool) -> Result<RoomEntry, Failure> {
    let _ = (room, on);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Says what the person wants to hear of a room: `everything`, `mentions` or `nothing`; and for how many minutes from now on nothing at all, 0 for no longer.
#[server(name = InvolveInRoom, prefix = "/api", endpoint = "rooms/involve")]
pub async fn involve_in_room(room: String, involvement: String, mute: Option<i64>) -> Result<RoomEntry, Failure> {
    let _ = (room, involvement, mute);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// The person has read a room up to an event.
#[server(name = ReadRoom, prefix = "/api", endpoint = "rooms/read")]
pub async fn read_room(room: String, seq: i64) -> Result<ReadState, Failure> {
    let _ = (room, seq);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// The person has read a room up to before a message, whatever was read already.
#[server(name = UnreadRoom, prefix = "/api", endpoint = "rooms/unread")]
pub async fn unread_room(room: String, seq: i64) -> Result<ReadState, Failure> {
    let _ = (room, seq);
    Err(Failure(telicat_domain::ApiError::Internal))
}
