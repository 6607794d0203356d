//! Who may do what. Every right is decided here, and asked at every way in.

use crate::room::RoomKind;

/// What somebody wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See that the room exists, and read it.
    Read,
    /// Write in it.
    Post,
}

/// What a member may do beyond reading and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Takes part.
    Member,
    /// Also looks after the room and its members.
    Admin,
    /// Also decides on roles and on the room's end.
    Owner,
}

/// How somebody stands to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not signed in.
    Visitor,
    /// Signed in, and no member.
    Stranger,
    /// A member.
    Member(Role),
}

/// The one place where a right is decided.
#[must_use]
pub fn may(action: Action, kind: RoomKind, standing: Standing) -> bool {
    match (action, kind, standing) {
        (_, _, Standing::Visitor) | (_, RoomKind::Group | RoomKind::Direct, Standing::Stranger) => false,
        (Action::Read | Action::Post, RoomKind::Public, Standing::Stranger)
        | (Action::Read | Action::Post, _, Standing::Member(_)) => true,
    }
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
    fn the_whole_table() {
        for action in [Action::Read, Action::Post] {
            for kind in [RoomKind::Public, RoomKind::Group, RoomKind::Direct] {
                assert!(!may(action, kind, Standing::Visitor));
                assert_eq!(may(action, kind, Standing::Stranger), kind == RoomKind::Public);
                for role in [Role::Member, Role::Admin, Role::Owner] {
                    assert!(may(action, kind, Standing::Member(role)));
                }
            }
        }
    }
}
