//! What happens to those who wrote: another name, or the end of all that they said.

use super::Timeline;
use crate::{event::Message, id::PersonId, person::Author};

impl Timeline {
    /// Takes in that a person has another name, handle or picture: all their messages show it, and those that come.
    pub fn rename(&mut self, author: &Author) {
        self.renamed.insert(author.id, author.clone());
        for message in self.messages.iter_mut().filter(|message| message.author.id == author.id) {
            message.author = author.clone();
        }
    }

    /// Takes away everything that a person wrote, and whatever of it still arrives: a page may have been read before.
    pub fn erase(&mut self, author: PersonId) {
        self.erased.insert(author);
        self.messages.iter_mut().filter(|message| message.author.id == author).for_each(Message::erase);
    }

    /// A message as its author is called now, and without its text when the author took that back.
    pub(super) fn as_it_is_now(&self, mut message: Message) -> Message {
        if let Some(author) = self.renamed.get(&message.author.id) {
            message.author = author.clone();
        }
        if self.erased.contains(&message.author.id) {
            message.erase();
        }
        message
    }
}
