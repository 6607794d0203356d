//! What happens to those who wrote: another name, or the end of all that they said.

use super::Timeline;
use crate::{event::Message, id::PersonId, person::Author};

impl Timeline {
    /// Takes in that a person has another name, handle or picture: all their messages show it, and those that come.
    pub fn rename(&mut self, author: &Author) {
        self.renamed.insert(author.id, author.clone());
        self.root.iter_mut().chain(&mut self.messages).for_each(|message| name(message, author));
    }

    /// Takes away everything that a person wrote, and whatever of it still arrives: a page may have been read before.
    pub fn erase(&mut self, author: PersonId) {
        self.erased.insert(author);
        self.root.iter_mut().chain(&mut self.messages).for_each(|message| erase(message, author));
    }

    /// A message as its author is called now, and without its text when the author took that back.
    pub(super) fn as_it_is_now(&self, mut message: Message) -> Message {
        let quoted = message.reply_to.as_ref().map(|quote| quote.author.id);
        for id in [Some(message.author.id), quoted].into_iter().flatten() {
            if let Some(author) = self.renamed.get(&id) {
                name(&mut message, author);
            }
            if self.erased.contains(&id) {
                erase(&mut message, id);
            }
        }
        message
    }
}

fn name(message: &mut Message, author: &Author) {
    if message.author.id == author.id {
        message.author = author.clone();
    }
    if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.author.id == author.id) {
        quote.author = author.clone();
    }
}

fn erase(message: &mut Message, author: PersonId) {
    if message.author.id == author {
        message.erase();
    }
    if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.author.id == author) {
        quote.text = String::new();
        quote.gone = true;
    }
}
