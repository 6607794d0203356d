//! What happens to those who wrote: another name, or the end of all that they said.

use super::Timeline;
use crate::{
    event::{Event, Message, Quote},
    id::PersonId,
    person::Author,
};

impl Timeline {
    /// Takes in that a person has another name, handle or picture: all their messages show it, and those that come.
    pub fn rename(&mut self, author: &Author) {
        self.renamed.insert(author.id, author.clone());
        self.root.iter_mut().chain(&mut self.messages).for_each(|message| name(message, author));
        self.outgoing.iter_mut().filter_map(|outgoing| outgoing.reply_to.as_mut()).for_each(|quote| {
            name_quote(quote, author);
        });
    }

    /// Takes away everything that a person wrote, and whatever of it still arrives: a page may have been read before.
    pub fn erase(&mut self, author: PersonId) {
        self.erased.insert(author);
        let kept = self.early.values_mut().chain(&mut self.changes).filter_map(Event::message_mut);
        self.root.iter_mut().chain(&mut self.messages).chain(kept).for_each(|message| erase(message, author));
        self.outgoing.iter_mut().filter_map(|outgoing| outgoing.reply_to.as_mut()).for_each(|quote| {
            erase_quote(quote, author);
        });
    }

    /// A message has its author's name as it is now, and no text when the author took that back.
    pub(super) fn bring_up_to_date(&self, message: &mut Message) {
        let quoted = message.reply_to.as_ref().map(|quote| quote.author.id);
        for id in [Some(message.author.id), quoted].into_iter().flatten() {
            if let Some(author) = self.renamed.get(&id) {
                name(message, author);
            }
            if self.erased.contains(&id) {
                erase(message, id);
            }
        }
    }
}

fn name(message: &mut Message, author: &Author) {
    if message.author.id == author.id {
        message.author = author.clone();
    }
    if let Some(quote) = &mut message.reply_to {
        name_quote(quote, author);
    }
}

fn name_quote(quote: &mut Quote, author: &Author) {
    if quote.author.id == author.id {
        quote.author = author.clone();
    }
}

fn erase(message: &mut Message, author: PersonId) {
    if message.author.id == author {
        message.erase();
    }
    if let Some(quote) = &mut message.reply_to {
        erase_quote(quote, author);
    }
}

fn erase_quote(quote: &mut Quote, author: PersonId) {
    if quote.author.id == author {
        quote.text = String::new();
        quote.gone = true;
    }
}
