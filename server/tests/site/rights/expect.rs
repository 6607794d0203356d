//! What comes of trying, for each standing. The names are those of the rights in `domain::permission`.

use super::scene::Kind;

/// Statuses, in the order of [`Kind::who`]. What is not there for somebody is not found.
#[derive(Clone, Copy)]
pub(super) struct Expect {
    pub(super) group: [u16; 7],
    pub(super) archived: [u16; 7],
    pub(super) public: [u16; 3],
    pub(super) direct: [u16; 5],
}

impl Expect {
    pub(super) fn of(&self, kind: Kind) -> &[u16] {
        match kind {
            Kind::Group => &self.group,
            Kind::Archived => &self.archived,
            Kind::Public => &self.public,
            Kind::Direct => &self.direct,
        }
    }
}

/// What is in the room is for who is in it.
pub(super) const READ: Expect = Expect {
    group: [401, 404, 404, 404, 200, 200, 200],
    archived: [401, 404, 404, 404, 200, 200, 200],
    public: [401, 200, 200],
    direct: [401, 404, 404, 200, 200],
};

/// The same for a page.
pub(super) const PAGE: Expect = Expect {
    group: [302, 404, 404, 404, 200, 200, 200],
    archived: [302, 404, 404, 404, 200, 200, 200],
    public: [302, 200, 200],
    direct: [302, 404, 404, 200, 200],
};

pub(super) const POST: Expect = Expect { archived: [401, 404, 404, 404, 409, 409, 409], ..READ };

pub(super) const PIN: Expect = Expect { public: [401, 403, 200], ..POST };

pub(super) const MODERATE: Expect = Expect {
    group: [401, 404, 404, 404, 403, 200, 200],
    archived: [401, 404, 404, 404, 403, 200, 200],
    public: [401, 403, 200],
    direct: [401, 404, 404, 403, 403],
};

pub(super) const ARRANGE: Expect = Expect { archived: [401, 404, 404, 404, 403, 409, 409], ..MODERATE };

pub(super) const INVITE: Expect = Expect { public: [401, 403, 403], ..ARRANGE };

/// Removing a member.
pub(super) const REMOVE: Expect = Expect { public: [401, 403, 403], ..MODERATE };

/// What nobody may.
pub(super) const NOBODY: Expect = Expect {
    group: [401, 404, 404, 404, 403, 403, 403],
    archived: [401, 404, 404, 404, 403, 403, 403],
    public: [401, 403, 403],
    direct: [401, 404, 404, 403, 403],
};

/// What a group's owner decides: roles, and its end.
pub(super) const OWN: Expect =
    Expect { group: [401, 404, 404, 404, 403, 403, 200], archived: [401, 404, 404, 404, 403, 403, 200], ..NOBODY };

/// Also what who runs the site decides of a public room.
pub(super) const ARCHIVE: Expect = Expect { public: [401, 403, 200], ..OWN };

/// What is nobody's in particular.
pub(super) const ANYBODY: Expect = Expect {
    group: [401, 200, 200, 200, 200, 200, 200],
    archived: [401, 200, 200, 200, 200, 200, 200],
    public: [401, 200, 200],
    direct: [401, 200, 200, 200, 200],
};

/// What visitors may see too.
pub(super) const EVERYBODY: Expect = Expect { group: [200; 7], archived: [200; 7], public: [200; 3], direct: [200; 5] };
