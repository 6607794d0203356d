use std::time::Instant;
use telicat_domain::room::RoomKind;
use telicat_domain::*;
use telicat_store::{messages::*, testing::TestDb, *};
async fn run(t: TestDb) {
    let db = &t.db;
    let at = Timestamp(1_763_247_720_000_000);
    let mut people_ids = vec![];
    let mut tx = db.begin().await.unwrap();
    for i in 0..100 {
        let id = PersonId(new_id(at));
        people::insert_person(
            &mut tx,
            &people::NewPerson {
                id,
                handle: Handle::parse(&format!("p{i}")).unwrap(),
                email: Email::parse(&format!("p{i}@x.y")).unwrap(),
                password_hash: "x".into(),
                at,
            },
        )
        .await
        .unwrap();
        people_ids.push(id);
    }
    tx.commit().await.unwrap();
    let room = testing::insert_room(db, &RoomSlug::public_chat(), RoomKind::Public, &[], at).await.unwrap();
    for size in [1usize, 10, 100, 256] {
        let (mut ins, mut com, mut beg) = (vec![], vec![], vec![]);
        for _ in 0..300 {
            let new: Vec<_> = (0..size)
                .map(|i| NewMessage {
                    id: MessageId(new_id(at)),
                    author: people_ids[i % 100],
                    nonce: Nonce(new_id(at)),
                    body: "x".repeat(200),
                    at,
                })
                .collect();
            let t0 = Instant::now();
            let mut tx = db.begin().await.unwrap();
            let t1 = Instant::now();
            insert_messages(&mut tx, room, &new).await.unwrap();
            let t2 = Instant::now();
            tx.commit().await.unwrap();
            beg.push((t1 - t0).as_micros());
            ins.push((t2 - t1).as_micros());
            com.push(t2.elapsed().as_micros());
        }
        db.checkpoint().await.unwrap();
        for v in [&mut beg, &mut ins, &mut com] {
            v.sort();
        }
        println!(
            "{} n={size} begin p50 {} | insert p50 {} p95 {} | commit p50 {} p95 {} us",
            db.backend_name(),
            beg[150],
            ins[150],
            ins[285],
            com[150],
            com[285]
        );
    }
    let t0 = Instant::now();
    for _ in 0..200 {
        list_messages_before(db, room, i64::MAX, 50).await.unwrap();
    }
    println!("page of 50: {} us", t0.elapsed().as_micros() / 200);
    let t0 = Instant::now();
    for _ in 0..200 {
        sessions::find_session(db, &[1; 32], at).await.unwrap();
    }
    println!("find_session: {} us", t0.elapsed().as_micros() / 200);
    let t0 = Instant::now();
    for _ in 0..50 {
        db.checkpoint().await.unwrap();
    }
    println!("checkpoint empty: {} us", t0.elapsed().as_micros() / 50);
    if let Db::Sqlite { writer, .. } = db {
        let path = std::path::PathBuf::from(t.location());
        let len = std::fs::metadata(&path).unwrap().len();
        let t0 = Instant::now();
        let _: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(writer).await.unwrap();
        println!("quick_check of {} MiB: {} us", len >> 20, t0.elapsed().as_micros());
    }
    t.drop_database().await;
}
#[tokio::test(flavor = "multi_thread")]
async fn adhoc() {
    run(TestDb::sqlite().await).await;
    if let Some(t) = TestDb::postgres().await {
        run(t).await;
    }
}
