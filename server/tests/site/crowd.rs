//! Many who listen, of whom one does not read.

use crate::{
    app::App,
    listener::Listener,
    site::{ROOM, User, numbers, within},
};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{
    net::TcpSocket,
    sync::{mpsc, watch},
    task::JoinSet,
};

const PEOPLE: usize = 10;
/// The most that one person may have.
const SOCKETS_EACH: usize = 20;
const LISTENERS: usize = PEOPLE * SOCKETS_EACH - 1;
/// Messages that are posted before anybody waits for anybody.
const ROUND: u64 = 25;
const POSTS_MIN: u64 = 300;
/// The one who does not read must be cut off before so many, or nobody is ever cut off.
const POSTS_MAX: u64 = 4_000;

/// The number in a frame of an event, found without reading all of it.
fn number_in(frame: &str) -> Option<u64> {
    let rest = frame.split_once("\"seq\":")?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Reads until `last` is known and heard. Says each number that it hears; they must come in order.
async fn hear_all(mut listener: Listener, mut last: watch::Receiver<u64>, heard: mpsc::UnboundedSender<u64>) {
    let mut seq = 0;
    loop {
        if seq > 0 && seq == *last.borrow_and_update() {
            return;
        }
        tokio::select! {
            text = listener.text() => {
                let text = text.unwrap_or_else(|end| panic!("cut off after {seq}: {end:?}"));
                assert!(text.len() > 6_000, "{text:.200}");
                assert_eq!(number_in(&text), Some(seq + 1));
                seq += 1;
                heard.send(seq).unwrap();
            }
            changed = last.changed() => changed.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_who_does_not_read_harms_nobody_and_misses_nothing() {
    let app = App::start().await;
    let people = app.sign_up_all((0..PEOPLE).map(|n| format!("person{n}"))).await;
    let (tell_last, last) = watch::channel(0);
    let (heard, mut hears) = mpsc::unbounded_channel();
    let mut listeners = JoinSet::new();
    for n in 0..LISTENERS {
        let listener = people[n % PEOPLE].listens().await;
        listeners.spawn(hear_all(listener, last.clone(), heard.clone()));
    }
    drop(heard);
    let sleeper = &people[PEOPLE - 1];
    let mut asleep = sleeps(sleeper).await;
    assert_eq!(app.services.hub.connection_count(), LISTENERS + 1);

    let posted = AtomicU64::new(0);
    let mut count = vec![0; POSTS_MAX as usize + 1];
    loop {
        for _ in 0..ROUND {
            let seq = posted.fetch_add(1, Ordering::Relaxed) + 1;
            let text = format!("{seq} {}", "meow ".repeat(1_200));
            people[seq as usize % PEOPLE].posts(&text).await;
        }
        // All others have what was posted, so that none of them is slow because the test is.
        let seq = posted.load(Ordering::Relaxed);
        while count[seq as usize] < LISTENERS {
            count[within(hears.recv()).await.unwrap() as usize] += 1;
        }
        if seq >= POSTS_MIN && app.services.hub.connection_count() == LISTENERS {
            break;
        }
        assert!(seq < POSTS_MAX, "who does not read is never cut off");
    }
    let total = posted.load(Ordering::Relaxed);
    tell_last.send(total).unwrap();
    within(listeners.join_all()).await;
    assert!(count[1..=total as usize].iter().all(|heard| *heard == LISTENERS), "each message once to each");

    // What was on its way still arrives, without a hole, and then comes the end.
    let mut seq = 0;
    let (code, _) = loop {
        match asleep.text().await {
            Ok(text) => {
                assert_eq!(number_in(&text), Some(seq + 1));
                seq += 1;
            }
            Err(end) => break end,
        }
    };
    assert!(seq < total && matches!(code, 4408 | 1006), "{seq} of {total}, {code}");
    catches_up(sleeper, i64::try_from(seq).unwrap(), i64::try_from(total).unwrap()).await;
}

/// A socket with a small buffer, of which nothing is read.
async fn sleeps(who: &User) -> Listener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(who.site.address).await.unwrap();
    let mut listener = Listener::knock(stream, Some(&who.cookie), Some(&who.site.origin())).await.unwrap();
    assert_eq!(listener.frame().await["type"], "hello");
    listener
}

/// Comes back as the protocol says: resumes, and fetches what is not sent.
async fn catches_up(who: &User, cursor: i64, total: i64) {
    let mut listener = who.listens().await;
    listener.resumes(cursor).await;
    let answer = listener.frame().await;
    let missed: Vec<Value> = if answer["type"] == "behind" {
        assert_eq!((&answer["room"], &answer["seq"]), (&ROOM.into(), &total.into()));
        who.since(cursor).await
    } else {
        let mut events = vec![answer["event"].clone()];
        events.extend(listener.events(usize::try_from(total - cursor - 1).unwrap()).await);
        events
    };
    assert!(numbers(&missed).into_iter().eq(cursor + 1..=total));
    let next = who.posts("awake again").await;
    assert_eq!((next["seq"].as_i64(), listener.event().await["seq"].as_i64()), (Some(total + 1), Some(total + 1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_post_at_once_are_heard_alike_by_all() {
    const POSTS: usize = 200;
    let app = App::start().await;
    let people = app.sign_up_all((0..PEOPLE).map(|n| format!("person{n}"))).await;
    let mut listeners = Vec::new();
    for who in &people {
        listeners.push(who.listens().await);
    }
    let people = Arc::new(people);
    let mut posts = JoinSet::new();
    for n in 0..POSTS {
        let people = people.clone();
        posts.spawn(async move { people[n % PEOPLE].posts(&format!("post {n}")).await });
    }
    let mut answers = posts.join_all().await;
    answers.sort_by_key(|message| message["seq"].as_i64());
    assert!(numbers(&answers).into_iter().eq(1..=POSTS as i64));
    for listener in &mut listeners {
        for message in &answers {
            assert_eq!(listener.event().await["id"], message["id"]);
        }
    }
}
