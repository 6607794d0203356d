//! Rooms: how they begin, who is in them, how one gets in and out.

use telicat_domain::{permission::Role, room::RoomLink, timestamp::Day};

pub(crate) const NEW_TITLE: &str = "New conversation";
pub(crate) const NEW_GROUP: &str = "New group";
pub(crate) const NEW_GROUP_LEAD: &str = "Members only. You get a link that lets others in, and look after it.";
pub(crate) const NAME: &str = "Name";
pub(crate) const TOPIC: &str = "Topic";
pub(crate) const TOPIC_HINT: &str = "What it is about. You can leave it empty.";
pub(crate) const CREATE_GROUP: &str = "Create group";
pub(crate) const NEW_DIRECT: &str = "New direct chat";
pub(crate) const NEW_DIRECT_LEAD: &str =
    "Between you and one person or several. There is one room for the same people.";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const PEOPLE_HINT: &str = "Usernames, with commas or spaces between them: at most 8.";
pub(crate) const START: &str = "Start the conversation";

pub(crate) const JOIN: &str = "Join";
pub(crate) const JOIN_EXPIRED_TITLE: &str = "This link lets nobody in";
pub(crate) const JOIN_EXPIRED_LEAD: &str =
    "It has expired, was used as often as it could be, or was taken back. Ask whoever sent it to bring you in.";
pub(crate) const CONFIRM_FIRST: &str = "To your settings";

pub(crate) const SETTINGS_OF: &str = "Room settings";
pub(crate) const BACK: &str = "Back to the room";
pub(crate) const ABOUT: &str = "Name and topic";
pub(crate) const ARCHIVED: &str = "Archived";
pub(crate) const ARCHIVED_NOTE: &str = "This room is archived: it can be read, and nothing is written in it any more.";
pub(crate) const NO_TOPIC: &str = "No topic";
pub(crate) const MEMBERS: &str = "Members";
pub(crate) const ADD_PEOPLE: &str = "Add people";
pub(crate) const ADD_HINT: &str = "Usernames, with commas or spaces between them: at most 50 at once.";
pub(crate) const ADD: &str = "Add";
pub(crate) const MORE_MEMBERS: &str = "More members";
pub(crate) const FIRST_MEMBERS: &str = "Back to the first members";
pub(crate) const SET_ROLE: &str = "Set role";
pub(crate) const REMOVE: &str = "Remove";

pub(crate) const LINK: &str = "Invite link";
pub(crate) const LINK_LEAD: &str =
    "Whoever opens it and has an account here joins the room. Who was removed cannot use it.";
pub(crate) const NO_LINK: &str = "There is no link at the moment.";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const MAKE_LINK: &str = "Make a link";
pub(crate) const RENEW_LINK: &str = "Make a new link";
pub(crate) const RENEW_HINT: &str = "The one before works no more then.";
pub(crate) const REVOKE_LINK: &str = "End the link";
pub(crate) const DAYS: &str = "Days until it expires";
pub(crate) const DAYS_HINT: &str = "From 1 to 365. Empty: it does not expire.";
pub(crate) const USES: &str = "Number of people";
pub(crate) const USES_HINT: &str = "From 1 to 10,000. Empty: as many as there are.";
pub(crate) const CHANGE: &str = "Change";

pub(crate) const LEAVE: &str = "Leave";
pub(crate) const LEAVE_ROOM: &str = "Leave the room";
pub(crate) const LEAVE_LEAD: &str =
    "You see nothing of it any more. You come back by its link, or when somebody adds you.";
pub(crate) const LEAVE_LAST: &str = "You are the only member: the room ends when you leave it.";
pub(crate) const ARCHIVE: &str = "Archive";
pub(crate) const ARCHIVE_ROOM: &str = "Archive the room";
pub(crate) const ARCHIVE_LEAD: &str =
    "It stays to be read, and nothing is written in it any more. You can open it again.";
pub(crate) const REOPEN_ROOM: &str = "Open it again";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const DELETE_ROOM: &str = "Delete the room";
pub(crate) const DELETE_LEAD: &str = "All that was said in it goes at once, for everybody and for good.";
pub(crate) const DELETE_NAME: &str = "Type the name of the room";

pub(crate) const LOST: &str = "You are not in this room any more.";
pub(crate) const LOST_WAY: &str = "To the other rooms";

pub(crate) const QUIET_TITLE: &str = "It is quiet here.";
pub(crate) const QUIET_ALONE: &str = "It is quiet here. You are the only one.";
pub(crate) const ADD_HERE: &str = "Or add somebody who is already here";

/// The button on somebody's profile.
pub(crate) fn chat_with(name: &str) -> String {
    format!("Chat with {name}")
}

/// Over the button that begins a conversation.
pub(crate) fn with_lead(name: &str) -> String {
    format!("You and {name} have not talked yet.")
}

/// What is behind a link.
pub(crate) fn join_lead(members: i64) -> String {
    format!("You are invited to a room with {}.", members_count(members))
}

/// How many members there are.
pub(crate) fn members_count(members: i64) -> String {
    if members == 1 { "1 member".to_owned() } else { format!("{members} members") }
}

/// What a member is.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Member => "Member",
        Role::Admin => "Admin",
        Role::Owner => "Owner",
    }
}

/// The name of the choice of somebody's role.
pub(crate) fn role_of(name: &str) -> String {
    format!("Role of {name}")
}

/// For how long a link works, and for how many.
pub(crate) fn link_terms(link: &RoomLink) -> String {
    let until = link.expires_at.map(|end| format!(" until {}", super::site::date(day(end))));
    let uses =
        link.uses_left.map(|uses| if uses == 1 { ", for 1 person".to_owned() } else { format!(", for {uses} people") });
    match (until, uses) {
        (None, None) => "Works until it is ended.".to_owned(),
        (until, uses) => format!("Works{}{}.", until.unwrap_or_default(), uses.unwrap_or_default()),
    }
}

fn day(at: telicat_domain::Timestamp) -> Day {
    at.day(0)
}

/// What the link of an empty group is for.
pub(crate) fn invite_lead(room: &str) -> String {
    format!("Whoever opens this link joins {room}. Send it to people you trust.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use telicat_domain::Timestamp;

    #[test]
    fn the_terms_of_a_link_are_said_as_people_say_them() {
        let terms = |days: Option<i64>, uses_left| {
            let expires_at = days.map(|days| Timestamp(0).plus_seconds(days * 24 * 3600));
            link_terms(&RoomLink { code: String::new(), url: String::new(), expires_at, uses_left })
        };
        assert_eq!(terms(Some(7), Some(25)), "Works until 8 January 1970, for 25 people.");
        assert_eq!(terms(None, Some(1)), "Works, for 1 person.");
        assert_eq!(terms(Some(0), None), "Works until 1 January 1970.");
        assert_eq!(terms(None, None), "Works until it is ended.");
    }
}
