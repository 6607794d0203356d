//! Threads: what stands in them, who follows them, and what those are told.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::{Value, json};
use std::sync::Arc;
use telicat_domain::{ApiError, Event, Message, MessageId, RoomSlug, permission::Role, room::RoomKind};
use telicat_service::{
    Settings, Signed,
    live::Connection,
    messages::{Place, new_nonce},
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{both, insert_room, remove_member},
};

const ROOM: &str = "dome";

struct Dome {
    service: TestService,
    mei: Signed,
    ines: Signed,
    tom: Signed,
}

impl Dome {
    async fn build(db: Db) -> Self {
        let service = TestService::with(db.clone(), Settings { rate_limits: false, ..settings() }).await;
        let (mei, ines, tom) =
            (service.sign_up("mei").await, service.sign_up("ines").await, service.sign_up("tom").await);
        let members = [&mei, &ines, &tom].map(|who| (who.person, Role::Member));
        let slug = RoomSlug::parse(ROOM).unwrap();
        insert_room(&db, &slug, RoomKind::Group, &members, service.services.now()).await.unwrap();
        Self { service, mei, ines, tom }
    }

    fn messages(&self) -> &telicat_service::messages::Messages {
        &self.service.services.messages
    }

    async fn post(&self, who: &Signed, body: &str) -> Message {
        self.messages().post(who, ROOM, body, None).await.unwrap()
    }

    async fn reply(&self, who: &Signed, root: MessageId, body: &str) -> Message {
        self.service.clock.advance_seconds(1);
        let place = Place { root: Some(root), reply_to: None };
        self.messages().post_at(who, ROOM, body, None, place).await.unwrap()
    }

    async fn listen(&self, who: &Signed) -> Arc<Connection> {
        let connection = self.service.services.listen(who).await.unwrap().unwrap();
        hear(&connection).await;
        connection
    }

    /// The first message of a thread, as its reader sees it in the room.
    async fn root(&self, who: &Signed, id: MessageId) -> Message {
        let page = self.service.services.rooms.page(who, ROOM).await.unwrap();
        page.messages.into_iter().find(|message| message.id == id).unwrap()
    }

    /// How many replies are new, when one follows the thread.
    async fn unread(&self, who: &Signed, id: MessageId) -> Option<u32> {
        self.root(who, id).await.replies.unwrap().unread
    }
}

/// What has been sent beside events of the room.
async fn hear(connection: &Connection) -> Vec<Value> {
    connection.pong();
    let mut frames = Vec::new();
    connection.next(&mut frames).await.unwrap();
    let frames = frames.into_iter().map(|frame| serde_json::from_slice::<Value>(frame.content()).unwrap());
    frames.filter(|frame| !matches!(frame["type"].as_str(), Some("pong" | "event" | "hello"))).collect()
}

fn code<T>(answer: Result<T, telicat_service::Error>) -> Result<(), ApiError> {
    answer.map(drop).map_err(|error| error.api())
}

#[tokio::test]
async fn replies_stand_in_their_thread_and_count_at_its_beginning() {
    both(|db| async move {
        let dome = Dome::build(db).await;
        let root = dome.post(&dome.mei, "who has the key?").await;
        let first = dome.reply(&dome.ines, root.id, "not me").await;
        assert_eq!((first.seq, first.root.unwrap().id, first.root.unwrap().replies), (2, root.id, 1));
        let second = dome.reply(&dome.tom, first.id, "a reply to a reply").await;
        assert_eq!((second.root.unwrap().id, second.root.unwrap().replies), (root.id, 2));
        dome.post(&dome.mei, "next").await;

        let page = dome.service.services.rooms.page(&dome.tom, ROOM).await.unwrap();
        assert_eq!(page.messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 4]);
        assert_eq!((page.cursor, page.last_post), (4, 4));
        let replies = page.messages[0].replies.unwrap();
        assert_eq!((replies.count, replies.last_at), (2, second.at));
        let thread = dome.messages().thread(&dome.tom, second.id).await.unwrap();
        assert_eq!((thread.root.id, thread.cursor, thread.older, thread.following), (root.id, 4, false, true));
        let texts: Vec<&str> = thread.replies.iter().map(|reply| reply.body.as_str()).collect();
        assert_eq!(texts, ["not me", "a reply to a reply"]);

        let event = dome.messages().delete(&dome.tom, second.id).await.unwrap();
        let Event::Deleted { message, .. } = &event else { panic!("{event:?}") };
        assert_eq!(message.root.unwrap().replies, 1);
        assert_eq!(dome.root(&dome.mei, root.id).await.replies.unwrap().count, 1);
        let event = dome.messages().restore(&dome.tom, second.id).await.unwrap();
        assert_eq!(event.message().unwrap().root.unwrap().replies, 2);

        dome.messages().delete(&dome.mei, root.id).await.unwrap();
        let third = dome.reply(&dome.ines, root.id, "it goes on").await;
        assert_eq!(third.root.unwrap().replies, 3);
        assert!(dome.messages().thread(&dome.tom, root.id).await.unwrap().root.deleted);
    })
    .await;
}

#[tokio::test]
async fn long_threads_are_read_backwards() {
    both(|db| async move {
        let dome = Dome::build(db).await;
        let root = dome.post(&dome.mei, "long").await;
        for number in 0..105 {
            dome.reply(&dome.ines, root.id, &number.to_string()).await;
        }
        let thread = dome.messages().thread(&dome.tom, root.id).await.unwrap();
        assert_eq!((thread.replies.len(), thread.older, thread.replies[49].body.as_str()), (50, true, "104"));
        let page = dome.messages().replies_before(&dome.tom, root.id, thread.replies[0].seq).await.unwrap();
        assert_eq!((page.events.len(), page.next), (50, Some(page.events[0].seq())));
        let page = dome.messages().replies_before(&dome.tom, root.id, page.next.unwrap()).await.unwrap();
        assert_eq!((page.events.len(), page.next, page.at), (5, None, 106));
    })
    .await;
}

#[tokio::test]
async fn who_takes_part_follows_and_is_told() {
    both(|db| async move {
        let dome = Dome::build(db.clone()).await;
        let root = dome.post(&dome.mei, "who has the key?").await.id;
        let (mei, ines, tom) =
            (dome.listen(&dome.mei).await, dome.listen(&dome.ines).await, dome.listen(&dome.tom).await);
        let news = |seq: i64| json!([{"type": "thread_news", "room": ROOM, "root": root, "seq": seq}]);
        let read = |on: bool| json!([{"type": "thread_read", "room": ROOM, "root": root, "following": on}]);

        let nonce = new_nonce().unwrap();
        let place = Place { root: Some(root), reply_to: None };
        for _ in 0..2 {
            dome.messages().post_at(&dome.ines, ROOM, "I do", Some(nonce), place).await.unwrap();
        }
        assert_eq!(Value::from(hear(&mei).await), news(2), "who began it, once");
        assert!(hear(&ines).await.is_empty() && hear(&tom).await.is_empty());
        assert_eq!((dome.unread(&dome.mei, root).await, dome.unread(&dome.ines, root).await), (Some(1), Some(0)));
        assert_eq!(dome.unread(&dome.tom, root).await, None, "who does not follow it");

        dome.reply(&dome.mei, root, "bring it, @tom").await;
        assert_eq!(Value::from(hear(&ines).await), news(3));
        assert_eq!(Value::from(hear(&tom).await), news(3), "who is called");
        assert!(hear(&mei).await.is_empty());
        assert_eq!((dome.unread(&dome.tom, root).await, dome.unread(&dome.ines, root).await), (Some(1), Some(1)));

        // Who has stopped is left in peace until they are called by name, say something, or want to.
        let stop = async |who: &Signed| dome.messages().follow(who, root, false).await.unwrap();
        stop(&dome.tom).await;
        assert_eq!((Value::from(hear(&tom).await), dome.unread(&dome.tom, root).await), (read(false), None));
        dome.reply(&dome.mei, root, "anybody?").await;
        assert_eq!((hear(&tom).await, dome.unread(&dome.tom, root).await), (vec![], None));
        let call = dome.reply(&dome.mei, root, "@tom?").await;
        assert_eq!((Value::from(hear(&tom).await), dome.unread(&dome.tom, root).await), (news(call.seq), Some(1)));
        stop(&dome.tom).await;
        dome.reply(&dome.tom, root, "no").await;
        assert_eq!(Value::from(hear(&tom).await), read(false), "one's own words are no news");
        let please = dome.reply(&dome.mei, root, "please").await;
        assert_eq!((Value::from(hear(&tom).await), dome.unread(&dome.tom, root).await), (news(please.seq), Some(1)));
        stop(&dome.mei).await;
        assert_eq!(hear(&mei).await.len(), 2, "what tom said, and that it is followed no more");
        dome.reply(&dome.ines, root, "here it is").await;
        assert!(hear(&mei).await.is_empty(), "who began it may stop like others");
        stop(&dome.tom).await;
        hear(&tom).await;
        dome.messages().follow(&dome.tom, root, true).await.unwrap();
        assert_eq!((Value::from(hear(&tom).await), dome.unread(&dome.tom, root).await), (read(true), Some(0)));
        let thanks = dome.reply(&dome.mei, root, "thanks").await;
        assert_eq!(Value::from(hear(&tom).await), news(thanks.seq));
        dome.messages().follow(&dome.tom, root, true).await.unwrap();
        assert_eq!((hear(&tom).await, dome.unread(&dome.tom, root).await), (vec![], Some(1)), "that changes nothing");

        // Who has lost the room hears nothing of it.
        let mut tx = db.begin().await.unwrap();
        remove_member(&mut tx, ROOM, dome.tom.person).await.unwrap();
        tx.commit().await.unwrap();
        dome.reply(&dome.mei, root, "secret").await;
        assert!(hear(&tom).await.is_empty());
        for refusal in [
            code(dome.messages().thread(&dome.tom, root).await),
            code(dome.messages().replies_before(&dome.tom, root, 9).await),
            code(dome.messages().follow(&dome.tom, root, true).await),
            code(dome.messages().read_thread(&dome.tom, root, 9).await),
        ] {
            assert_eq!(refusal, Err(ApiError::NotFound));
        }
    })
    .await;
}

#[tokio::test]
async fn a_thread_is_read_up_to_somewhere_and_never_back() {
    both(|db| async move {
        let dome = Dome::build(db).await;
        let root = dome.post(&dome.mei, "who has the key?").await.id;
        let replies = [dome.reply(&dome.ines, root, "1").await.seq, dome.reply(&dome.tom, root, "2").await.seq];
        let mei = dome.listen(&dome.mei).await;
        let read = async |seq| dome.messages().read_thread(&dome.mei, root, seq).await.unwrap();
        read(replies[0]).await;
        assert_eq!((dome.unread(&dome.mei, root).await, hear(&mei).await.len()), (Some(1), 0), "one is left");
        read(replies[1]).await;
        let told = json!([{"type": "thread_read", "room": ROOM, "root": root, "following": true}]);
        assert_eq!((dome.unread(&dome.mei, root).await, Value::from(hear(&mei).await)), (Some(0), told));
        read(replies[0]).await;
        assert_eq!(dome.unread(&dome.mei, root).await, Some(0));
        read(i64::MAX).await;
        dome.reply(&dome.ines, root, "3").await;
        assert_eq!(dome.unread(&dome.mei, root).await, Some(1), "what had not happened was not read");
        assert_eq!(dome.messages().thread(&dome.mei, root).await.unwrap().read, replies[1]);
    })
    .await;
}

#[tokio::test]
async fn a_retried_reply_is_one_reply() {
    both(|db| async move {
        let dome = Arc::new(Dome::build(db.clone()).await);
        let other = Arc::new(TestService::with(db, Settings { rate_limits: false, ..settings() }).await);
        let root = dome.post(&dome.mei, "who has the key?").await.id;
        let (nonce, place) = (new_nonce().unwrap(), Place { root: Some(root), reply_to: None });
        let mut tries = tokio::task::JoinSet::new();
        for number in 0..12 {
            let (dome, other) = (dome.clone(), other.clone());
            tries.spawn(async move {
                let messages = if number % 2 == 0 { dome.messages() } else { &other.services.messages };
                messages.post_at(&dome.ines, ROOM, "I do", Some(nonce), place).await.unwrap()
            });
        }
        let answers = tries.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let thread = dome.messages().thread(&dome.mei, root).await.unwrap();
        assert_eq!((thread.replies.len(), thread.root.replies.unwrap().count), (1, 1));
        let elsewhere = dome.messages().post_at(&dome.ines, ROOM, "I do", Some(nonce), Place::default()).await;
        assert_eq!(code(elsewhere), Err(ApiError::NonceReused));
    })
    .await;
}
