//! Mail: it is queued with its cause, handed over once in the ordinary case, and never lost.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{collections::BTreeSet, sync::Arc};
use telicat_domain::ApiError;
use telicat_service::{
    accounts::SignUp,
    mail::Undelivered,
    secret::Secret,
    testing::{ADDRESS, PASSWORD, TestService, origin},
};
use telicat_store::{
    Db,
    mails::{self, NewMail},
    testing::both,
};
use tokio::sync::oneshot;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

async fn queue(service: &TestService, db: &Db, recipient: &str) {
    let mut tx = db.begin().await.unwrap();
    mails::insert_mail(&mut tx, &mail(service, recipient)).await.unwrap();
    tx.commit().await.unwrap();
}

fn mail(service: &TestService, recipient: &str) -> NewMail {
    NewMail {
        recipient: recipient.to_owned(),
        subject: "subject".to_owned(),
        text: "text".to_owned(),
        html: "<p>html</p>".to_owned(),
        at: service.services.now(),
    }
}

fn later() -> Undelivered {
    Undelivered::Later("451 not now".to_owned())
}

#[tokio::test]
async fn what_is_queued_is_handed_over_once() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        for n in 0..20 {
            queue(&service, &db, &format!("{n}@hollowhill.example")).await;
        }
        let taken = service.deliver().await;
        let recipients: BTreeSet<&str> = taken.iter().map(|mail| mail.recipient.as_str()).collect();
        assert_eq!((taken.len(), recipients.len()), (20, 20));
        assert_eq!((taken[0].text.as_str(), taken[0].html.as_str(), taken[0].attempts), ("text", "<p>html</p>", 1));
        service.clock.advance_seconds(DAY);
        assert!(service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_its_cause_there_is_no_mail() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mut tx = db.begin().await.unwrap();
        mails::insert_mail(&mut tx, &mail(&service, "mei@hollowhill.example")).await.unwrap();
        tx.rollback().await.unwrap();
        service.sign_up("mei").await;
        assert_eq!(service.deliver().await.len(), 1);
        // A signup that fails at its last step.
        for (email, username) in [("other@hollowhill.example", "mei"), ("mei@hollowhill.example", "other")] {
            let form = SignUp { email, username, password: Secret::new(PASSWORD.to_owned()) };
            let refused = service.services.accounts.sign_up(form, ADDRESS, &origin()).await;
            assert!(matches!(refused.map_err(|error| error.api()), Err(ApiError::Invalid { .. })));
        }
        assert!(service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_refused_is_tried_again_after_ever_longer_waits() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        queue(&service, &db, "mei@hollowhill.example").await;
        service.mail.refuse(4, &later());
        for (try_number, wait) in [(1, 15), (2, 30), (3, 60), (4, 120)] {
            assert!(service.deliver().await.is_empty());
            assert_eq!(service.mail.tried(), try_number);
            service.clock.advance_seconds(wait / 2 - 1);
            service.deliver().await;
            assert_eq!(service.mail.tried(), try_number, "not before half of {wait} seconds");
            service.clock.advance_seconds(wait - wait / 2 + 1);
        }
        let taken = service.deliver().await;
        assert_eq!((taken.len(), taken[0].attempts), (1, 5));
        service.clock.advance_seconds(DAY);
        assert!(service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_given_up_after_three_days() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        queue(&service, &db, "mei@hollowhill.example").await;
        service.mail.refuse(1_000, &later());
        for _ in 0..3 * 24 - 1 {
            service.deliver().await;
            service.clock.advance_seconds(HOUR);
        }
        assert!((15..40).contains(&service.mail.tried()), "{} tries", service.mail.tried());
        service.clock.advance_seconds(6 * HOUR);
        service.deliver().await;
        let tried = service.mail.tried();
        service.clock.advance_seconds(DAY);
        service.deliver().await;
        assert_eq!(service.mail.tried(), tried, "it is gone");
        let now = service.services.now();
        assert_eq!(mails::count_due_mails(&db, now.plus_seconds(30 * DAY)).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_could_take_is_given_up_at_once_and_holds_up_nothing() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        queue(&service, &db, "bad").await;
        service.mail.refuse(1, &Undelivered::Never("no address".to_owned()));
        assert!(service.deliver().await.is_empty());
        queue(&service, &db, "good@hollowhill.example").await;
        service.clock.advance_seconds(DAY);
        let taken = service.deliver().await;
        assert_eq!((taken.len(), taken[0].recipient.as_str()), (1, "good@hollowhill.example"));
    })
    .await;
}

#[tokio::test]
async fn a_crash_after_a_mail_was_taken_does_not_lose_it() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        queue(&service, &db, "mei@hollowhill.example").await;
        // The process takes it and dies.
        let now = service.services.now();
        let mut tx = db.begin().await.unwrap();
        let taken = mails::claim_mails(&mut tx, now, now.plus_seconds(5 * MINUTE), 10).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(taken.len(), 1);
        assert!(service.deliver().await.is_empty(), "for a while it is the other's");
        service.clock.advance_seconds(5 * MINUTE);
        assert_eq!(service.deliver().await[0].id, taken[0].id);
    })
    .await;
}

#[tokio::test]
async fn a_crash_between_handing_over_and_forgetting_repeats_the_same_mail() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        queue(&service, &db, "mei@hollowhill.example").await;
        service.mail.stall(true);
        let mails = service.services.mails.clone();
        let process = tokio::spawn(async move { mails.send_due().await });
        let first = service.mail.take_many(1).await;
        process.abort();
        assert!(process.await.unwrap_err().is_cancelled());
        service.mail.stall(false);
        assert!(service.deliver().await.is_empty());
        service.clock.advance_seconds(5 * MINUTE);
        let again = service.deliver().await;
        assert_eq!((again.len(), again[0].id), (1, first[0].id), "programs can tell that it is the same");
        service.clock.advance_seconds(DAY);
        assert!(service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn processes_that_share_a_database_send_each_mail_once() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let others = [TestService::on(db.clone()).await, TestService::on(db.clone()).await];
        for n in 0..60 {
            queue(&service, &db, &format!("{n}@hollowhill.example")).await;
        }
        let (a, b, c) = tokio::join!(service.deliver(), others[0].deliver(), others[1].deliver());
        // Each ends when it finds nothing more, and by then another may still hand over what it took.
        let mut all: Vec<String> = [a, b, c].into_iter().flatten().map(|mail| mail.recipient).collect();
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!((count, all.len()), (60, 60));
    })
    .await;
}

#[tokio::test]
async fn a_mail_goes_at_once_and_a_slow_server_holds_up_no_other_thing() {
    both(|db| async move {
        let service = Arc::new(TestService::on(db.clone()).await);
        service.mail.stall(true);
        let (stop, stopped) = oneshot::channel::<()>();
        let worker = tokio::spawn(service.services.mails.clone().run(async { drop(stopped.await) }));
        // The server takes the first and says nothing; signing up is done all the same, and the next mail goes too.
        service.sign_up("mei").await;
        assert_eq!(service.mail.take_many(1).await[0].recipient, "mei@hollowhill.example");
        service.sign_up("ines").await;
        assert_eq!(service.mail.take_many(1).await[0].recipient, "ines@hollowhill.example");
        service.mail.stall(false);
        stop.send(()).unwrap();
        worker.await.unwrap();
        // What was on its way when it stopped was finished, so nothing is repeated.
        service.clock.advance_seconds(DAY);
        assert!(service.deliver().await.is_empty());
    })
    .await;
}
