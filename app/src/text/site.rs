//! Who may be here: invitations, the owner, leaving for good.
