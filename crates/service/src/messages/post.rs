//! Posting, inside the transaction.

use super::writer::{Desk, Written};
use crate::{Error, markdown::Draft};
use std::collections::HashMap;
use telicat_domain::{
    ApiError, Message, MessageId, Nonce, PersonId,
    event::Event,
    frame::ServerFrame,
    limits::MENTIONS_MAX,
    permission::{self, Action, Standing, may},
};
use telicat_store::{
    messages::{
        Called, EVERYBODY, NewMessage, fill, find_actor, find_called, find_first_text, find_message, find_messages,
        insert_calls, insert_follows, insert_messages, is_nonce_used, list_followers, people_called, put_called,
        update_replied,
    },
    new_id, rooms,
};

/// A new message.
pub(super) struct Post {
    pub(super) nonce: Nonce,
    pub(super) body: String,
    pub(super) draft: Draft,
    pub(super) reply_to: Option<MessageId>,
    pub(super) root: Option<MessageId>,
}

/// Where a message goes.
#[derive(Default)]
struct Target {
    reply_to: Option<Box<telicat_domain::event::Quote>>,
    root: Option<MessageId>,
    /// Who began the thread, when the message may be the first reply.
    began: Option<PersonId>,
}

impl Desk<'_> {
    /// Posts messages of this room, in their order.
    pub(super) async fn post(
        &mut self,
        posts: Vec<(usize, PersonId, &Post)>,
        written: &mut Written,
    ) -> Result<(), Error> {
        if posts.is_empty() {
            return Ok(());
        }
        let targets = self.targets(&posts).await?;
        let at = self.clock.now();
        let (mut allowed, mut new) = (Vec::with_capacity(posts.len()), Vec::with_capacity(posts.len()));
        for (index, person, post) in posts {
            let target = match self.right_to_post(person).await? {
                Ok(()) => self.target(person, post, &targets).await?,
                Err(error) => Err(error),
            };
            match target {
                Err(error) => written.answer(index, Err(error)),
                Ok(target) => {
                    new.push(NewMessage {
                        id: MessageId(new_id(at)),
                        author: person,
                        nonce: post.nonce,
                        body: post.body.clone(),
                        reply_to: target.reply_to.clone(),
                        root: target.root,
                        at,
                    });
                    allowed.push((index, post, target));
                }
            }
        }
        let inserted = insert_messages(self.tx, self.room.id, &new).await?;
        for ((index, post, target), inserted) in allowed.into_iter().zip(inserted) {
            if inserted.fresh {
                let message = self.settle(inserted.message, post, &target, written).await?;
                written.publish(self.room, Event::Posted(message.clone()));
                written.answer(index, Ok(Some(Event::Posted(message))));
            } else {
                let answer = self.earlier(inserted.message.id, post, &target).await?;
                written.answer(index, answer.map(|message| Some(Event::Posted(message))));
            }
        }
        Ok(())
    }

    /// Decided inside the transaction that writes, so that nobody posts into a room that was left meanwhile.
    async fn right_to_post(&mut self, person: PersonId) -> Result<Result<(), ApiError>, Error> {
        let place = self.room.place();
        if may(Action::Post, place, Standing::Stranger) {
            return Ok(Ok(()));
        }
        let role = rooms::find_role_in(self.tx, self.room.id, person).await?;
        Ok(self.require(Action::Post, Standing::of(self.room.kind, role, false)))
    }

    /// That somebody may do something in the room: [`permission::require`].
    pub(super) fn require(&self, action: Action, standing: Standing) -> Result<(), ApiError> {
        permission::require(action, self.room.place(), standing)
    }

    /// The messages that are answered, and those whose threads are written in.
    async fn targets(&mut self, posts: &[(usize, PersonId, &Post)]) -> Result<HashMap<MessageId, Message>, Error> {
        let ids: Vec<MessageId> = posts.iter().flat_map(|(_, _, post)| [post.reply_to, post.root]).flatten().collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = find_messages(&mut *self.tx, &ids).await?;
        let here = found.into_iter().filter(|(room, _)| *room == self.room.id);
        Ok(here.map(|(_, message)| (message.id, message)).collect())
    }

    async fn target(
        &mut self,
        person: PersonId,
        post: &Post,
        targets: &HashMap<MessageId, Message>,
    ) -> Result<Result<Target, ApiError>, Error> {
        let mut target = Target::default();
        let root = post.root.map(|id| targets.get(&id));
        // A reply to a reply goes where that one is.
        if let Some(Some(root)) = root {
            target.root = Some(root.root.map_or(root.id, |above| above.id));
            target.began = root.root.is_none().then_some(root.author.id);
        }
        let answered = post.reply_to.map(|id| targets.get(&id).filter(|message| message.has_text()));
        if let Some(Some(answered)) = answered {
            target.reply_to = Some(Box::new(answered.quote()));
        }
        let missing = matches!(root, Some(None)) || matches!(answered, Some(None));
        // What was posted before its target went is not undone by that, so a retry finds it.
        if missing && !is_nonce_used(self.tx, person, post.nonce).await? {
            return Ok(Err(ApiError::NotFound));
        }
        Ok(Ok(target))
    }

    /// What a new message brings with it: whom it calls, and what it is in its thread.
    async fn settle(
        &mut self,
        mut message: Message,
        post: &Post,
        target: &Target,
        written: &mut Written,
    ) -> Result<Message, Error> {
        let called = self.called(message.author.id, &post.draft, &Called::new()).await?;
        if !called.is_empty() {
            put_called(&mut message, &called);
            insert_calls(self.tx, self.room.id, &message, &called).await?;
        }
        message.rich = post.draft.clone().finish(&message.body, &called);
        if let Some(root) = &mut message.root {
            root.replies = update_replied(self.tx, root.id, message.seq, message.at).await?;
            let id = root.id;
            let author = message.author.id;
            let before = message.seq - 1;
            let mut follow = vec![(author, message.seq)];
            // Who began it follows from the first reply on; later ones leave them to what they chose.
            let began = target.began.filter(|_| root.replies == 1);
            let called = people_called(&called).0.into_iter().chain(began);
            follow.extend(called.filter(|person| *person != author).map(|person| (person, before)));
            follow.sort_unstable();
            follow.dedup_by_key(|(person, _)| *person);
            insert_follows(self.tx, id, self.room.id, &follow).await?;
            self.tell_followers(&message, written).await?;
        }
        Ok(message)
    }

    /// Tells those who follow a thread that there is a reply in it which they have not read.
    pub(super) async fn tell_followers(&mut self, reply: &Message, written: &mut Written) -> Result<(), Error> {
        let Some(root) = reply.root.map(|root| root.id) else { return Ok(()) };
        let followers = list_followers(self.tx, root, reply.author.id, reply.seq).await?;
        written.tell(followers, ServerFrame::ThreadNews { room: self.room.slug.clone(), root, seq: reply.seq });
        Ok(())
    }

    /// Whom a text calls that somebody writes. Names that were found before stay who they were.
    pub(super) async fn called(&mut self, author: PersonId, draft: &Draft, before: &Called) -> Result<Called, Error> {
        let mut called = Called::new();
        let names = draft.names();
        if !names.is_empty() {
            let found = find_called(self.tx, self.room.id, &names, self.clock.now()).await?;
            let known = |name: &String| before.get(name).copied().flatten().or_else(|| found.get(name).copied());
            let meant = names.iter().filter_map(|name| Some((name.clone(), Some(known(name)?))));
            called.extend(meant.take(MENTIONS_MAX));
        }
        if draft.asks_for_everybody() {
            let allowed = match find_actor(self.tx, self.room.id, author).await? {
                Some((role, runs_site)) => {
                    may(Action::CallAll, self.room.place(), Standing::of(self.room.kind, role, runs_site))
                }
                None => false,
            };
            if allowed || before.contains_key(EVERYBODY) {
                called.insert(EVERYBODY.to_owned(), None);
            }
        }
        Ok(called)
    }

    /// The message that was posted under a nonce before, as it is now. A nonce that comes again with another text or for
    /// another place is a mistake of the sender, and that text must not seem sent.
    async fn earlier(
        &mut self,
        id: MessageId,
        post: &Post,
        target: &Target,
    ) -> Result<Result<Message, ApiError>, Error> {
        let Some((room, message)) = find_message(&mut *self.tx, id).await? else {
            return Ok(Err(ApiError::NonceReused));
        };
        let root = message.root.map(|root| root.id);
        let same_place = room == self.room.id && (root == target.root || (target.root.is_none() && root == post.root));
        let same_text = message.body == post.body
            || find_first_text(self.tx, id).await?.map_or(!message.has_text(), |first| first == post.body);
        // Of what is gone it is not told any more what it answered.
        let same_quote = !message.has_text() || message.reply_to.as_ref().map(|quote| quote.message) == post.reply_to;
        if !(same_place && same_text && same_quote) {
            return Ok(Err(ApiError::NonceReused));
        }
        self.whole(message).await.map(Ok)
    }

    /// A message with all that everybody sees of it.
    pub(super) async fn whole(&mut self, mut message: Message) -> Result<Message, Error> {
        let called = fill(&mut *self.tx, &mut [&mut message]).await?;
        let none = Called::new();
        message.rich = Draft::read(&message.body).finish(&message.body, called.get(&message.id).unwrap_or(&none));
        Ok(message)
    }
}
