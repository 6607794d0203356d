//! What stands for a person who has no picture.

use crate::person::Author;

/// The number of colours that faces are painted in; the style sheet has one class for each.
pub const HUES: u32 = 10;

/// The letter that stands for a person: the first of the name, in upper case.
#[must_use]
pub fn initial(author: &Author) -> String {
    let first = author.called().chars().find(|c| c.is_alphanumeric());
    first.map_or_else(|| "?".to_owned(), |c| c.to_uppercase().collect())
}

/// The colour of a person, 0 to 9, the same everywhere and for ever: FNV-1a (Fowler, Noll, Vo) over the folded handle.
#[must_use]
pub fn hue(author: &Author) -> u32 {
    let folded = author.handle.folded();
    let hash = folded.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits of FNV-1a are its weakest.
    (hash ^ (hash >> 16)) % HUES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{handle::Handle, id::PersonId};

    #[test]
    fn the_letter_is_of_the_name_and_the_colour_of_the_handle() {
        let mut author = Author {
            id: PersonId(uuid::Uuid::nil()),
            handle: Handle::parse("mei").unwrap(),
            name: Some("ßä".into()),
            picture: None,
            deleted: false,
        };
        let before = hue(&author);
        assert_eq!(initial(&author), "SS");
        author.name = None;
        author.handle = Handle::parse("MEI").unwrap();
        assert_eq!(initial(&author), "M");
        assert_eq!(hue(&author), before);
        assert!(before < HUES);
    }
}
