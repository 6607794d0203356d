//! Addresses, and the links that confirm them.

pub(crate) const NEW_EMAIL: &str = "New email";
pub(crate) const NEW_EMAIL_HINT: &str = "We send a link to the new address and a notice to the old one.";
pub(crate) const VERIFIED: &str = "Verified";
pub(crate) const NOT_VERIFIED: &str = "Not confirmed yet";
pub(crate) const STAYS: &str = "Stays yours until the new address is confirmed.";
pub(crate) const WAITS: &str = "Waits until you open the link that we sent there.";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const SAVE: &str = "Save";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const RESEND: &str = "Send the link again";
pub(crate) const GIVE_UP: &str = "Give this address up";

pub(crate) const CONFIRM_TITLE: &str = "Confirm your address";
pub(crate) const CONFIRM_LEAD: &str = "Is this address yours?";
pub(crate) const CONFIRM: &str = "Confirm this address";
pub(crate) const CONFIRM_TAKEN: &str = "Somebody else has confirmed this address for another account.";

pub(crate) const EXPIRED_TITLE: &str = "This link works no more.";
pub(crate) const EXPIRED_LEAD: &str = "It was used already, is older than three days, or a newer one has taken its \
                                       place. If your address is not confirmed yet, your settings send you another \
                                       link.";
pub(crate) const EXPIRED_WAY: &str = "To your settings";

pub(crate) const SENT_TITLE: &str = "Look into your mail.";
pub(crate) const SENT_LEAD: &str = "We sent a letter to the address that you typed. Your account begins when you open \
                                    the link in it, within three days.";
pub(crate) const SENT_MISSING: &str = "Nothing came? Look among the unwanted mail, or sign up again.";

/// When the next link may go.
pub(crate) const NEXT_LINK: &str = "The next link may go at";
