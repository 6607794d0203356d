//! Who may do what. Every right is decided here, and asked at every way in.

use crate::{error::ApiError, room::RoomKind};
use serde::{Deserialize, Serialize};

/// What somebody wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See that the room exists, and read it and who is in it.
    Read,
    /// Write in it, react, change and delete what one has written.
    Post,
    /// Call everybody at once.
    CallAll,
    /// Pin messages, and take them off.
    Pin,
    /// Delete what others have written.
    Moderate,
    /// Change the name and what it is about.
    Arrange,
    /// Bring people in, and make links that do.
    Invite,
    /// Remove somebody of a role.
    Remove(Role),
    /// Give roles and take them.
    ChangeRoles,
    /// Close it for writing, and open it again.
    Archive,
    /// End it.
    Delete,
    /// Go. That somebody has to look after the room afterwards is not decided here.
    Leave,
}

/// What a member may do beyond reading and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes part.
    Member,
    /// Also looks after the room and its members.
    Admin,
    /// Also decides on roles and on the room's end.
    Owner,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Member, Self::Admin, Self::Owner];

    /// Its name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What of a room matters for rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// Whether nothing is written in it any more.
    pub archived: bool,
}

/// How somebody stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not signed in.
    Visitor,
    /// Signed in, and no member. Who was removed is one.
    Stranger,
    /// A member.
    Member(Role),
}

impl Standing {
    /// How somebody who is signed in stands to a room: by their role in it; who runs the site looks after its public
    /// rooms, and has no right in any other room for that.
    #[must_use]
    pub fn of(kind: RoomKind, role: Option<Role>, runs_site: bool) -> Self {
        match role {
            _ if runs_site && kind == RoomKind::Public => Self::Member(Role::Owner),
            Some(role) => Self::Member(role),
            None => Self::Stranger,
        }
    }

    /// What somebody may do beyond reading and writing: in public rooms everybody is at least a member.
    fn role(self, kind: RoomKind) -> Option<Role> {
        match self {
            Self::Visitor => None,
            Self::Stranger => (kind == RoomKind::Public).then_some(Role::Member),
            Self::Member(role) => Some(role),
        }
    }
}

/// The one place where a right is decided.
#[must_use]
pub fn may(action: Action, place: Place, standing: Standing) -> bool {
    let Some(role) = standing.role(place.kind) else { return false };
    let Place { kind, archived } = place;
    let (public, group) = (kind == RoomKind::Public, kind == RoomKind::Group);
    match action {
        Action::Read => true,
        Action::Post => !archived,
        Action::CallAll | Action::Pin => !archived && (!public || role >= Role::Admin),
        Action::Moderate => kind != RoomKind::Direct && role >= Role::Admin,
        Action::Arrange => kind != RoomKind::Direct && !archived && role >= Role::Admin,
        Action::Invite => group && !archived && role >= Role::Admin,
        // One looks after those below oneself.
        Action::Remove(other) => group && role >= Role::Admin && other < role,
        Action::ChangeRoles | Action::Delete => group && role == Role::Owner,
        Action::Archive => kind != RoomKind::Direct && role == Role::Owner,
        Action::Leave => group,
    }
}

/// That somebody may do something, or what they are told instead.
///
/// # Errors
/// [`ApiError::NotFound`] for what they may not even see; [`ApiError::Archived`] when that is the only reason why not;
/// [`ApiError::Forbidden`].
pub fn require(action: Action, place: Place, standing: Standing) -> Result<(), ApiError> {
    if may(action, place, standing) {
        return Ok(());
    }
    let open = Place { archived: false, ..place };
    Err(if !may(Action::Read, place, standing) {
        ApiError::NotFound
    } else if may(action, open, standing) {
        ApiError::Archived
    } else {
        ApiError::Forbidden
    })
}

/// Whether somebody may come in by a link: where mail is sent, whose address is known to be theirs.
#[must_use]
pub fn may_join_by_link(has_verified_address: bool, mail_is_sent: bool) -> bool {
    has_verified_address || !mail_is_sent
}

/// Whether somebody may see a profile and its picture: who is signed in may, visitors when its owner lets them.
#[must_use]
pub fn may_see_profile(is_public: bool, signed_in: bool) -> bool {
    is_public || signed_in
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_hidden_from_visitors_only() {
        assert!(may_see_profile(true, true) && may_see_profile(true, false) && may_see_profile(false, true));
        assert!(!may_see_profile(false, false));
    }

    #[test]
    fn a_link_asks_for_a_verified_address_where_mail_is_sent() {
        assert!(may_join_by_link(true, true) && may_join_by_link(true, false) && may_join_by_link(false, false));
        assert!(!may_join_by_link(false, true));
    }

    /// Visitor, stranger, member, admin, owner.
    const STANDINGS: [Standing; 5] = [
        Standing::Visitor,
        Standing::Stranger,
        Standing::Member(Role::Member),
        Standing::Member(Role::Admin),
        Standing::Member(Role::Owner),
    ];

    fn row(action: Action, kind: RoomKind, archived: bool) -> String {
        let sign = |standing| if may(action, Place { kind, archived }, standing) { 'y' } else { '-' };
        STANDINGS.into_iter().map(sign).collect()
    }

    #[test]
    fn the_whole_table() {
        use Action::{
            Archive, Arrange, CallAll, ChangeRoles, Delete, Invite, Leave, Moderate, Pin, Post, Read, Remove,
        };
        // Public, group, direct, and a group that is archived. Visitor, stranger, member, admin, owner.
        let table = [
            (Read, ["-yyyy", "--yyy", "--yyy", "--yyy"]),
            (Post, ["-yyyy", "--yyy", "--yyy", "-----"]),
            (CallAll, ["---yy", "--yyy", "--yyy", "-----"]),
            (Pin, ["---yy", "--yyy", "--yyy", "-----"]),
            (Moderate, ["---yy", "---yy", "-----", "---yy"]),
            (Arrange, ["---yy", "---yy", "-----", "-----"]),
            (Invite, ["-----", "---yy", "-----", "-----"]),
            (Remove(Role::Member), ["-----", "---yy", "-----", "---yy"]),
            (Remove(Role::Admin), ["-----", "----y", "-----", "----y"]),
            (Remove(Role::Owner), ["-----", "-----", "-----", "-----"]),
            (ChangeRoles, ["-----", "----y", "-----", "----y"]),
            (Archive, ["----y", "----y", "-----", "----y"]),
            (Delete, ["-----", "----y", "-----", "----y"]),
            (Leave, ["-----", "--yyy", "-----", "--yyy"]),
        ];
        for (action, expected) in table {
            let rows = [
                row(action, RoomKind::Public, false),
                row(action, RoomKind::Group, false),
                row(action, RoomKind::Direct, false),
                row(action, RoomKind::Group, true),
            ];
            assert_eq!(rows, expected, "{action:?}");
        }
    }

    #[test]
    fn who_is_refused_learns_why_and_no_more() {
        let group = |archived| Place { kind: RoomKind::Group, archived };
        let (member, admin) = (Standing::Member(Role::Member), Standing::Member(Role::Admin));
        assert_eq!(require(Action::Post, group(false), member), Ok(()));
        for archived in [false, true] {
            assert_eq!(require(Action::Post, group(archived), Standing::Stranger), Err(ApiError::NotFound));
            // An archive that were opened again would not help.
            assert_eq!(require(Action::Arrange, group(archived), member), Err(ApiError::Forbidden));
        }
        assert_eq!(require(Action::Arrange, group(true), admin), Err(ApiError::Archived));
    }

    #[test]
    fn who_runs_the_site_looks_after_public_rooms_only() {
        assert_eq!(Standing::of(RoomKind::Public, None, true), Standing::Member(Role::Owner));
        assert_eq!(Standing::of(RoomKind::Public, Some(Role::Member), true), Standing::Member(Role::Owner));
        assert_eq!(Standing::of(RoomKind::Group, None, true), Standing::Stranger);
        assert_eq!(Standing::of(RoomKind::Group, Some(Role::Member), true), Standing::Member(Role::Member));
        assert_eq!(Standing::of(RoomKind::Public, None, false), Standing::Stranger);
    }
}
