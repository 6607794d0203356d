//! What may be said on a socket: whoever is in a room is heard there and hears of it, and nobody else.

use super::{
    on_both,
    people::People,
    scene::{Kind, Scene, Talk},
    sockets::kinds,
};
use crate::listener::Listener;
use serde_json::{Value, json};

async fn says(listener: &mut Listener, frame: Value) {
    listener.sends(frame.to_string()).await;
}

/// The next frame of that type, whatever comes before it.
async fn next(listener: &mut Listener, kind: &str) -> Value {
    loop {
        let frame = listener.frame().await;
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The types of what waits, but for what is told once a second of who is here.
async fn told(listener: &mut Listener) -> Vec<String> {
    let mut kinds = kinds(listener).await;
    kinds.retain(|kind| kind != "presence" && kind != "here");
    kinds
}

async fn try_all(kind: Kind) {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, kind, Talk::Much).await;
        let slug = scene.slug.as_str();
        for who in &kind.who()[1..] {
            let (mut listener, mut witness) = (people.user(who).listens().await, scene.witness(who).listens().await);
            let typing = if kind.has(who) { vec!["typing"] } else { Vec::new() };

            // Somebody writes, in the room and in a thread: that is passed on once in three seconds.
            says(&mut listener, json!({"type": "typing", "room": slug})).await;
            says(&mut listener, json!({"type": "typing", "room": slug, "root": scene.root})).await;
            assert!(told(&mut listener).await.is_empty(), "{kind:?}, {who}: nobody hears themselves");
            assert_eq!(told(&mut witness).await, typing, "{kind:?}, {who}");
            says(&mut witness, json!({"type": "typing", "room": slug})).await;
            assert!(told(&mut witness).await.is_empty());
            assert_eq!(told(&mut listener).await, typing, "{kind:?}, {who}");

            // Who asks for what was missed gets it, or is told to fetch it.
            says(&mut listener, json!({"type": "resume", "cursors": {slug: 0}})).await;
            let missed = told(&mut listener).await;
            assert_eq!(!missed.is_empty(), kind.has(who), "{kind:?}, {who}: {missed:?}");

            // Both look: what one is told, the other is told at the same moment, or never.
            says(&mut listener, json!({"type": "look", "room": slug})).await;
            let mut told = kinds(&mut listener).await;
            says(&mut witness, json!({"type": "look", "room": slug})).await;
            assert_eq!(next(&mut witness, "here").await["room"], slug);
            told.extend(kinds(&mut listener).await);
            assert_eq!(told.iter().any(|told| told == "here"), kind.has(who), "{kind:?}, {who}: {told:?}");

            // People are not a room's: everybody sees whether somebody is here.
            let owner = people.id("owner");
            says(&mut listener, json!({"type": "watch", "people": [owner]})).await;
            assert!(next(&mut listener, "presence").await["people"][owner].is_string(), "{kind:?}, {who}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_on_a_socket_in_a_group() {
    try_all(Kind::Group).await;
}

#[tokio::test]
async fn what_is_said_on_a_socket_in_an_archived_group() {
    try_all(Kind::Archived).await;
}

#[tokio::test]
async fn what_is_said_on_a_socket_in_a_public_room() {
    try_all(Kind::Public).await;
}

#[tokio::test]
async fn what_is_said_on_a_socket_in_a_direct_room() {
    try_all(Kind::Direct).await;
}
