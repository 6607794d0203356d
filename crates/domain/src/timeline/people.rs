//! What happens to those who wrote: another name, or the end of all that they said.

use super::Timeline;
use crate::{
    event::{Event, Message},
    id::PersonId,
    person::Author,
};

impl Timeline {
    /// Shows everything that a person wrote under the name that they have now.
    pub fn rename(&mut self, author: &Author) {
        let early = self.early.values_mut().map(|Event::Posted(message)| message);
        for message in self.messages.iter_mut().chain(early).filter(|message| message.author.id == author.id) {
            message.author = author.clone();
        }
    }

    /// Takes away everything that a person wrote, and whatever of it still arrives: a page may have been read before.
    pub fn erase(&mut self, author: PersonId) {
        self.erased.insert(author);
        self.messages.iter_mut().filter(|message| message.author.id == author).for_each(Message::erase);
        self.early.values_mut().for_each(|event| event.erase_of(author));
    }

    pub(super) fn blank(&self, event: &mut Event) {
        let Event::Posted(message) = &*event;
        let author = message.author.id;
        if self.erased.contains(&author) {
            event.erase_of(author);
        }
    }
}
