//! Groups and direct rooms: who gets in and out, who may what, and what becomes of a room.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{collections::BTreeMap, sync::Arc};
use telicat_domain::{
    ApiError, Event, Field, PersonId, Problem, RoomSlug,
    permission::Role,
    room::{Member, RoomKind},
    room_link::LinkTerms,
};
use telicat_service::{
    Error, Services, Settings, Signed,
    deletion::Fate,
    live::Connection,
    secret::Secret,
    testing::{PASSWORD, TestService, settings, token_in},
};
use telicat_store::{
    Db, owners,
    testing::{both, dump, make_thread},
};

/// Seconds in a day.
const DAY: i64 = 24 * 3600;

/// A site with several people and without limits by rate.
struct Cast {
    service: TestService,
    db: Db,
}

impl Cast {
    async fn on(db: Db) -> Self {
        let settings = Settings { rate_limits: false, ..settings() };
        Self { service: TestService::with(db.clone(), settings).await, db }
    }

    fn services(&self) -> &Services {
        &self.service.services
    }

    async fn person(&self, name: &str) -> Signed {
        self.service.sign_up(name).await
    }

    async fn group(&self, owner: &Signed, others: &str) -> RoomSlug {
        let slug = self.services().create_room(owner, "Dome rota", "who opens").await.unwrap();
        if !others.is_empty() {
            self.services().add_members(owner, slug.as_str(), others).await.unwrap();
        }
        slug
    }

    async fn post(&self, who: &Signed, slug: &RoomSlug, text: &str) -> Result<i64, ApiError> {
        let posted = self.services().messages.post(who, slug.as_str(), text, None).await;
        posted.map(|message| message.seq).map_err(|error| error.api())
    }

    /// Handles and roles, as somebody sees them.
    async fn members(&self, who: &Signed, slug: &RoomSlug) -> Vec<(String, Role)> {
        let page = self.services().members(who, slug.as_str(), "", "").await.unwrap();
        assert_eq!(page.count, page.members.len() as i64);
        page.members.into_iter().map(|Member { person, role, .. }| (person.handle.to_string(), role)).collect()
    }

    async fn role(&self, owner: &Signed, slug: &RoomSlug, who: &Signed, role: Role) -> Result<(), ApiError> {
        told(self.services().change_role(owner, slug.as_str(), who.person, role).await)
    }

    async fn leave(&self, who: &Signed, slug: &RoomSlug) -> Result<(), ApiError> {
        told(self.services().leave_room(who, slug.as_str()).await)
    }

    async fn code(&self, owner: &Signed, slug: &RoomSlug) -> String {
        self.services().room_settings(owner, slug.as_str()).await.unwrap().link.unwrap().code
    }

    async fn join(&self, who: &Signed, code: &str) -> Result<RoomSlug, ApiError> {
        self.services().join_room(who, code).await.map_err(|error| error.api())
    }

    async fn events(&self, who: &Signed, slug: &RoomSlug) -> Vec<Event> {
        self.services().rooms.since(who, slug.as_str(), 0).await.unwrap().events
    }

    async fn delete_account(&self, who: &Signed) {
        self.services().delete_account(who, Secret::new(PASSWORD.to_owned()), Fate::Keep).await.unwrap();
    }

    async fn listen(&self, who: &Signed) -> Arc<Connection> {
        let connection = self.services().listen(who).await.unwrap().unwrap();
        assert_eq!(heard(&connection).await[0]["type"], "hello");
        connection
    }
}

fn told<T>(outcome: Result<T, Error>) -> Result<T, ApiError> {
    outcome.map_err(|error| error.api())
}

fn refused(problem: Problem) -> ApiError {
    ApiError::field(Field::People, problem)
}

/// All frames that wait, in order. Answered at once: a frame of its own marks the end.
async fn heard(connection: &Connection) -> Vec<serde_json::Value> {
    let mut frames = Vec::new();
    connection.pong();
    connection.next(&mut frames).await.unwrap();
    let mut frames: Vec<serde_json::Value> =
        frames.iter().map(|frame| serde_json::from_slice(frame.content()).unwrap()).collect();
    assert_eq!(frames.pop().unwrap()["type"], "pong");
    frames
}

fn kinds(frames: &[serde_json::Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["event"]["kind"].as_str().or(frame["type"].as_str()).unwrap()).collect()
}

#[tokio::test]
async fn a_group_is_its_makers_and_has_a_name_in_its_address() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "").await;
        let suffix = slug.as_str().strip_prefix("dome-rota-").unwrap();
        assert!(suffix.len() == 6 && suffix.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)));
        assert_eq!(cast.members(&mei, &slug).await, [("mei".to_owned(), Role::Owner)]);
        let settings = cast.services().room_settings(&mei, slug.as_str()).await.unwrap();
        assert_eq!((settings.room.room.name.as_str(), settings.room.room.topic.as_str()), ("Dome rota", "who opens"));
        assert_eq!(
            (settings.room.role, settings.room.head, settings.room.room.kind),
            (Some(Role::Owner), 1, RoomKind::Group)
        );
        let link = settings.link.unwrap();
        assert_eq!(link.url, format!("https://chat.example/chat/join/{}", link.code));
        assert_eq!((link.code.len(), link.uses_left), (26, Some(25)));
        assert_ne!(cast.group(&mei, "").await, slug, "another of the same name is another room");
        assert!(matches!(&cast.events(&mei, &slug).await[..], [Event::Member { seq: 1, role: Some(Role::Owner), .. }]));
        // A nameless group was open to all.
        let error = told(cast.services().create_room(&ines, " \u{200b}", &"t".repeat(251)).await).unwrap_err();
        assert_eq!(error.problem(Field::Name), Some(Problem::Empty));
        assert_eq!(error.problem(Field::Topic), Some(Problem::TooLong { max: 250 }));
        let gone = told(cast.services().members(&ines, slug.as_str(), "", "").await);
        assert_eq!(gone.unwrap_err(), ApiError::NotFound);
    })
    .await;
}

#[tokio::test]
async fn people_are_brought_in_by_their_handles_or_nobody_is() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let (_tom, out, gone) = (cast.person("tomasz").await, cast.person("out").await, cast.person("gone").await);
        let mut tx = cast.db.begin().await.unwrap();
        owners::update_deactivated(&mut tx, out.person, Some(cast.services().now())).await.unwrap();
        tx.commit().await.unwrap();
        cast.delete_account(&gone).await;
        let slug = cast.group(&mei, "").await;
        for (named, problem) in [
            ("", Problem::Empty),
            ("ines, nobody", Problem::Unknown),
            ("ines out", Problem::Unknown),
            ("ines gone", Problem::Unknown),
            ("ines ü", Problem::Unknown),
        ] {
            let outcome = told(cast.services().add_members(&mei, slug.as_str(), named).await);
            assert_eq!(outcome, Err(refused(problem)), "{named}");
            assert_eq!(cast.members(&mei, &slug).await.len(), 1, "{named}");
        }
        cast.services().add_members(&mei, slug.as_str(), "@Ines, tomasz ines mei").await.unwrap();
        let names: Vec<_> = cast.members(&ines, &slug).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ines", "mei", "tomasz"]);
        let page = cast.services().members(&ines, slug.as_str(), "@Ines", "").await.unwrap();
        assert_eq!((page.members.len(), page.count, page.next), (2, 3, None));
        for (typed, found) in [("@TOM", 1), ("i", 1), ("%", 0), ("_", 0), ("", 3)] {
            let page = cast.services().members(&ines, slug.as_str(), "", typed).await.unwrap();
            assert_eq!(page.members.len(), found, "{typed}");
        }
        let by_member = told(cast.services().add_members(&ines, slug.as_str(), "out").await);
        assert_eq!(by_member, Err(ApiError::Forbidden));
    })
    .await;
}

#[tokio::test]
async fn a_pair_has_one_room_whoever_begins_it() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines, tom) = (cast.person("mei").await, cast.person("ines").await, cast.person("tomasz").await);
        assert_eq!(cast.services().find_direct(&mei, "INES").await.unwrap(), None);
        let room = cast.services().open_direct(&mei, "@Ines").await.unwrap();
        assert_eq!(cast.services().open_direct(&ines, "mei").await.unwrap(), room);
        assert_eq!(cast.services().open_direct(&mei, "mei, ines").await.unwrap(), room);
        assert_eq!(cast.services().find_direct(&ines, "mei").await.unwrap(), Some(room.clone()));
        let three = cast.services().open_direct(&tom, "ines mei").await.unwrap();
        assert_ne!(three, room);
        assert_eq!(cast.services().open_direct(&mei, "tomasz ines").await.unwrap(), three);
        let settings = cast.services().room_settings(&ines, three.as_str()).await.unwrap();
        assert_eq!(settings.room.room.called(), "mei, tomasz");
        assert_eq!((settings.room.role, settings.link), (Some(Role::Member), None));
        cast.post(&ines, &room, "between us").await.unwrap();
        assert_eq!(cast.post(&tom, &room, "me too").await, Err(ApiError::NotFound));
        assert_eq!(cast.leave(&ines, &room).await, Err(ApiError::Forbidden), "one does not leave it");
        for (named, problem) in [
            ("mei", Problem::Unchanged),
            ("nobody", Problem::Unknown),
            ("", Problem::Empty),
            ("a b c d e f g h i j", Problem::TooMany { max: 9 }),
        ] {
            assert_eq!(told(cast.services().open_direct(&mei, named).await), Err(refused(problem)), "{named}");
        }
        assert_eq!(told(cast.services().find_direct(&mei, "nobody").await), Err(ApiError::NotFound));
        assert_eq!(told(cast.services().find_direct(&mei, "mei").await), Err(refused(Problem::Unchanged)));
    })
    .await;
}

#[tokio::test]
async fn who_starts_the_same_room_at_the_same_instant_gets_the_same_room() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        for _ in 0..3 {
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..12 {
                let (services, mei, ines) = (cast.services().clone(), mei.clone(), ines.clone());
                tasks.spawn(async move {
                    if n % 2 == 0 {
                        services.open_direct(&mei, "ines").await
                    } else {
                        services.open_direct(&ines, "mei").await
                    }
                });
            }
            let rooms: Vec<RoomSlug> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
            assert!(rooms.iter().all(|room| *room == rooms[0]), "{rooms:?}");
            assert_eq!(cast.members(&mei, &rooms[0]).await.len(), 2);
        }
        let rows = dump(&cast.db).await;
        assert_eq!(rows.iter().filter(|row| row.starts_with("rooms: ")).count(), 2, "the public one and theirs");
    })
    .await;
}

#[tokio::test]
async fn the_last_use_of_a_link_lets_one_in() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let owner = cast.person("mei").await;
        let slug = cast.group(&owner, "").await;
        cast.services().make_room_link(&owner, slug.as_str(), LinkTerms { days: None, uses: Some(2) }).await.unwrap();
        let code = cast.code(&owner, &slug).await;
        let mut guests = Vec::new();
        for n in 0..6 {
            guests.push(cast.person(&format!("guest{n}")).await);
        }
        let mut tasks = tokio::task::JoinSet::new();
        for guest in guests {
            let (services, code) = (cast.services().clone(), code.clone());
            // Each twice: who is in takes no second use.
            tasks.spawn(async move {
                let first = services.join_room(&guest, &code).await.is_ok();
                let again = services.join_room(&guest, &code).await.is_ok();
                assert_eq!(first, again);
                first
            });
        }
        let joined = tasks.join_all().await.into_iter().filter(|joined| *joined).count();
        assert_eq!((joined, cast.members(&owner, &slug).await.len()), (2, 3));
        assert_eq!(cast.services().room_settings(&owner, slug.as_str()).await.unwrap().link, None, "it is used up");
    })
    .await;
}

#[tokio::test]
async fn a_link_works_as_long_as_it_says_and_no_longer_than_it_is_wanted() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines, tom) = (cast.person("mei").await, cast.person("ines").await, cast.person("tomasz").await);
        let slug = cast.group(&mei, "").await;
        let first = cast.code(&mei, &slug).await;
        let door = cast.services().door(&ines, &first).await.unwrap();
        assert_eq!((door.name.as_str(), door.members, door.inside), ("Dome rota", 1, None));
        assert_eq!(cast.members(&mei, &slug).await.len(), 1, "looking lets nobody in");
        assert_eq!(cast.join(&ines, &first).await, Ok(slug.clone()));
        assert_eq!(cast.services().door(&ines, &first).await.unwrap().inside, Some(slug.clone()));
        // Renewed: the old one works no more.
        cast.services().make_room_link(&mei, slug.as_str(), LinkTerms { days: Some(1), uses: None }).await.unwrap();
        let second = cast.code(&mei, &slug).await;
        assert_eq!(cast.join(&tom, &first).await, Err(ApiError::LinkExpired));
        cast.service.clock.advance_seconds(DAY);
        assert_eq!(cast.join(&tom, &second).await, Err(ApiError::LinkExpired));
        assert_eq!(told(cast.services().door(&tom, &second).await), Err(ApiError::LinkExpired));
        // Revoked, and never made.
        cast.services().make_room_link(&mei, slug.as_str(), LinkTerms { days: None, uses: None }).await.unwrap();
        let third = cast.code(&mei, &slug).await;
        cast.services().revoke_room_link(&mei, slug.as_str()).await.unwrap();
        for code in [third.as_str(), "", "a", &"a".repeat(26), &"é".repeat(13)] {
            assert_eq!(cast.join(&tom, code).await, Err(ApiError::LinkExpired), "{code}");
            assert_eq!(told(cast.services().door(&tom, code).await), Err(ApiError::LinkExpired), "{code}");
        }
        // Nobody comes into an archived room, and who is in is let through.
        cast.services().make_room_link(&mei, slug.as_str(), LinkTerms::default()).await.unwrap();
        let fourth = cast.code(&mei, &slug).await;
        cast.services().archive_room(&mei, slug.as_str(), true).await.unwrap();
        assert_eq!(cast.join(&tom, &fourth).await, Err(ApiError::LinkExpired));
        assert_eq!(cast.join(&ines, &fourth).await, Ok(slug.clone()));
        assert_eq!(
            told(cast.services().make_room_link(&mei, slug.as_str(), LinkTerms::default()).await),
            Err(ApiError::Archived)
        );
        // A room that is gone is behind no link.
        cast.services().archive_room(&mei, slug.as_str(), false).await.unwrap();
        cast.services().delete_room(&mei, slug.as_str(), "Dome rota").await.unwrap();
        assert_eq!(cast.join(&ines, &fourth).await, Err(ApiError::LinkExpired));
    })
    .await;
}

#[tokio::test]
async fn where_mail_is_sent_a_link_asks_for_a_confirmed_address() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "").await;
        let code = cast.code(&mei, &slug).await;
        cast.service.mail.pretend_to_send(true);
        assert_eq!(cast.join(&ines, &code).await, Err(ApiError::AddressUnconfirmed));
        assert_eq!(
            cast.services().room_settings(&mei, slug.as_str()).await.unwrap().link.unwrap().uses_left,
            Some(25),
            "it was not used"
        );
        let letters = cast.service.deliver().await;
        let letter = letters.iter().find(|mail| mail.recipient.starts_with("ines@")).unwrap();
        cast.services().addresses.confirm(&token_in(letter)).await.unwrap();
        assert_eq!(cast.join(&ines, &code).await, Ok(slug));
    })
    .await;
}

#[tokio::test]
async fn who_was_removed_stays_out_until_invited_again() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines, tom) = (cast.person("mei").await, cast.person("ines").await, cast.person("tomasz").await);
        let slug = cast.group(&mei, "ines tomasz").await;
        let code = cast.code(&mei, &slug).await;
        assert_eq!(
            told(cast.services().remove_member(&tom, slug.as_str(), ines.person).await),
            Err(ApiError::Forbidden)
        );
        cast.services().remove_member(&mei, slug.as_str(), ines.person).await.unwrap();
        assert_eq!(cast.post(&ines, &slug, "still here?").await, Err(ApiError::NotFound));
        assert_eq!(told(cast.services().rooms.since(&ines, slug.as_str(), 0).await), Err(ApiError::NotFound));
        // Neither by the same link nor by a new one, and the link says no more than of any other.
        assert_eq!(cast.join(&ines, &code).await, Err(ApiError::LinkExpired));
        cast.services().make_room_link(&mei, slug.as_str(), LinkTerms::default()).await.unwrap();
        let code = cast.code(&mei, &slug).await;
        assert_eq!(cast.join(&ines, &code).await, Err(ApiError::LinkExpired));
        assert_eq!(told(cast.services().door(&ines, &code).await), Err(ApiError::LinkExpired));
        assert_eq!(
            told(cast.services().remove_member(&mei, slug.as_str(), ines.person).await),
            Err(ApiError::NotFound)
        );
        cast.services().add_members(&mei, slug.as_str(), "ines").await.unwrap();
        cast.post(&ines, &slug, "here again").await.unwrap();
        // Who leaves of their own accord may come back by the link.
        cast.leave(&ines, &slug).await.unwrap();
        assert_eq!(cast.join(&ines, &code).await, Ok(slug));
    })
    .await;
}

#[tokio::test]
async fn roles_are_given_by_owners_and_lost_with_the_room() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines, tom) = (cast.person("mei").await, cast.person("ines").await, cast.person("tomasz").await);
        let slug = cast.group(&mei, "ines tomasz").await;
        assert_eq!(cast.role(&ines, &slug, &tom, Role::Admin).await, Err(ApiError::Forbidden));
        assert_eq!(cast.role(&mei, &slug, &mei, Role::Member).await, Err(ApiError::LastRoomOwner));
        cast.role(&mei, &slug, &ines, Role::Admin).await.unwrap();
        assert_eq!(cast.role(&ines, &slug, &ines, Role::Owner).await, Err(ApiError::Forbidden));
        let nobody = PersonId(uuid_of(9));
        assert_eq!(
            told(cast.services().change_role(&mei, slug.as_str(), nobody, Role::Admin).await),
            Err(ApiError::NotFound)
        );
        // An admin looks after the members, and not after those above.
        assert_eq!(
            told(cast.services().remove_member(&ines, slug.as_str(), mei.person).await),
            Err(ApiError::Forbidden)
        );
        cast.services().edit_room(&ines, slug.as_str(), "Dome", "").await.unwrap();
        cast.services().remove_member(&ines, slug.as_str(), tom.person).await.unwrap();
        // An admin who left kept all rights.
        cast.leave(&ines, &slug).await.unwrap();
        for outcome in [
            told(cast.services().edit_room(&ines, slug.as_str(), "Mine", "").await),
            told(cast.services().add_members(&ines, slug.as_str(), "tomasz").await),
            told(cast.services().make_room_link(&ines, slug.as_str(), LinkTerms::default()).await),
            cast.post(&ines, &slug, "hello").await.map(drop),
        ] {
            assert_eq!(outcome, Err(ApiError::NotFound));
        }
        // And comes back as anybody.
        let code = cast.code(&mei, &slug).await;
        cast.join(&ines, &code).await.unwrap();
        let expected = [("ines".to_owned(), Role::Member), ("mei".to_owned(), Role::Owner)];
        assert_eq!(cast.members(&mei, &slug).await, expected);
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_hands_over_before_leaving() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "ines").await;
        assert_eq!(cast.leave(&mei, &slug).await, Err(ApiError::LastRoomOwner));
        cast.role(&mei, &slug, &ines, Role::Owner).await.unwrap();
        cast.leave(&mei, &slug).await.unwrap();
        assert_eq!(cast.leave(&mei, &slug).await, Err(ApiError::NotFound));
        // Alone: the room ends.
        cast.leave(&ines, &slug).await.unwrap();
        assert_eq!(told(cast.services().room_settings(&ines, slug.as_str()).await), Err(ApiError::NotFound));
        cast.services().tidy().await.unwrap();
        assert_eq!(dump(&cast.db).await.iter().filter(|row| row.starts_with("rooms: ")).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        for n in 0..4 {
            let (a, b) = (cast.person(&format!("a{n}")).await, cast.person(&format!("b{n}")).await);
            let member = cast.person(&format!("c{n}")).await;
            let slug = cast.group(&a, &format!("b{n} c{n}")).await;
            cast.role(&a, &slug, &b, Role::Owner).await.unwrap();
            let (left_a, left_b) = tokio::join!(cast.leave(&a, &slug), cast.leave(&b, &slug));
            assert!(left_a.is_ok() != left_b.is_ok(), "{left_a:?} {left_b:?}");
            assert_eq!(left_a.and(left_b), Err(ApiError::LastRoomOwner));
            let owners =
                cast.members(&member, &slug).await.into_iter().filter(|(_, role)| *role == Role::Owner).count();
            assert_eq!(owners, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_room_is_arranged_archived_and_opened_again() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "ines").await;
        cast.services().edit_room(&mei, slug.as_str(), " Moon  watch ", "").await.unwrap();
        // The same again is no event.
        cast.services().edit_room(&mei, slug.as_str(), "Moon watch", "").await.unwrap();
        cast.services().archive_room(&mei, slug.as_str(), true).await.unwrap();
        cast.services().archive_room(&mei, slug.as_str(), true).await.unwrap();
        assert_eq!(cast.post(&mei, &slug, "late").await, Err(ApiError::Archived));
        for outcome in [
            told(cast.services().edit_room(&mei, slug.as_str(), "Other", "").await),
            told(cast.services().add_members(&mei, slug.as_str(), "ines").await),
        ] {
            assert_eq!(outcome, Err(ApiError::Archived));
        }
        assert_eq!(told(cast.services().archive_room(&ines, slug.as_str(), false).await), Err(ApiError::Forbidden));
        assert!(cast.services().room_settings(&ines, slug.as_str()).await.unwrap().room.room.archived, "it is read");
        cast.services().archive_room(&mei, slug.as_str(), false).await.unwrap();
        assert_eq!(cast.post(&ines, &slug, "open again").await, Ok(6));
        let events = cast.events(&ines, &slug).await;
        let rooms: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::Room { seq, name, topic, archived } => Some((*seq, name.as_str(), topic.as_str(), *archived)),
                _ => None,
            })
            .collect();
        let expected = [(3, "Moon watch", "", false), (4, "Moon watch", "", true), (5, "Moon watch", "", false)];
        assert_eq!(rooms, expected);
        assert!(events.iter().map(Event::seq).eq(1..=6));
        let wrong = told(cast.services().edit_room(&mei, slug.as_str(), "", &"x".repeat(251)).await).unwrap_err();
        assert_eq!(wrong.problem(Field::Name), Some(Problem::Empty));
        assert!(wrong.problem(Field::Topic).is_some());
    })
    .await;
}

#[tokio::test]
async fn who_runs_the_site_looks_after_the_public_room_and_no_other() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let owner = Signed { is_owner: true, ..ines.clone() };
        let group = cast.group(&mei, "").await;
        let public = RoomSlug::public_chat();
        assert_eq!(told(cast.services().edit_room(&mei, public.as_str(), "Ours", "").await), Err(ApiError::Forbidden));
        cast.services().edit_room(&owner, public.as_str(), "Hollow Hill", "stars").await.unwrap();
        cast.services().archive_room(&owner, public.as_str(), true).await.unwrap();
        assert_eq!(cast.post(&mei, &public, "hello").await, Err(ApiError::Archived));
        cast.services().archive_room(&owner, public.as_str(), false).await.unwrap();
        for outcome in [
            told(cast.services().delete_room(&owner, public.as_str(), "Hollow Hill").await),
            told(cast.services().add_members(&owner, public.as_str(), "mei").await),
            cast.leave(&owner, &public).await,
        ] {
            assert_eq!(outcome, Err(ApiError::Forbidden));
        }
        assert_eq!(told(cast.services().edit_room(&owner, group.as_str(), "Mine", "").await), Err(ApiError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_room_is_gone_at_once_and_its_rows_go_later() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "ines").await;
        for n in 0..620 {
            cast.post(&mei, &slug, &format!("line {n}")).await.unwrap();
        }
        let kept = cast.group(&mei, "ines").await;
        cast.post(&mei, &kept, "stays").await.unwrap();
        let room = telicat_store::rooms::find_room(&cast.db, slug.as_str(), mei.person).await.unwrap().unwrap();
        make_thread(&cast.db, room.id).await.unwrap();
        for (typed, problem) in [("", Problem::Empty), ("Dome", Problem::Wrong), ("dome rota", Problem::Wrong)] {
            let outcome = told(cast.services().delete_room(&mei, slug.as_str(), typed).await);
            assert_eq!(outcome, Err(ApiError::field(Field::Name, problem)));
        }
        assert_eq!(
            told(cast.services().delete_room(&ines, slug.as_str(), "Dome rota").await),
            Err(ApiError::Forbidden)
        );
        let hears = cast.listen(&ines).await;
        cast.services().delete_room(&mei, slug.as_str(), "Dome rota").await.unwrap();
        assert_eq!(heard(&hears).await, [serde_json::json!({"type": "lost", "room": slug})]);
        assert_eq!(cast.post(&mei, &slug, "anybody?").await, Err(ApiError::NotFound));
        assert_eq!(told(cast.services().rooms.page(&ines, slug.as_str()).await.map(drop)), Err(ApiError::NotFound));
        cast.services().tidy().await.unwrap();
        let left: Vec<String> = dump(&cast.db).await.into_iter().filter(|row| row.contains("line 1")).collect();
        assert!(left.is_empty(), "{left:?}");
        let rows = dump(&cast.db).await;
        let count = |table: &str| rows.iter().filter(|row| row.starts_with(&format!("{table}: "))).count();
        assert_eq!((count("rooms"), count("messages"), count("events")), (2, 1, 3));
    })
    .await;
}

#[tokio::test]
async fn a_group_whose_owner_goes_for_good_is_looked_after() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let mut people = BTreeMap::new();
        for name in ["mei", "ines", "tomasz", "walter"] {
            people.insert(name, cast.person(name).await);
        }
        let (mei, ines, tom, walter) = (&people["mei"], &people["ines"], &people["tomasz"], &people["walter"]);
        let (with_admin, with_members) = (cast.group(mei, "walter").await, cast.group(mei, "tomasz").await);
        let alone = cast.group(mei, "").await;
        cast.service.clock.advance_seconds(1);
        cast.services().add_members(mei, with_admin.as_str(), "tomasz").await.unwrap();
        cast.services().add_members(mei, with_members.as_str(), "ines").await.unwrap();
        cast.role(mei, &with_admin, tom, Role::Admin).await.unwrap();
        let direct = cast.services().open_direct(mei, "ines").await.unwrap();
        let hears = cast.listen(tom).await;
        cast.delete_account(mei).await;

        let walter_sees = cast.members(walter, &with_admin).await;
        assert_eq!(walter_sees, [("tomasz".to_owned(), Role::Owner), ("walter".to_owned(), Role::Member)]);
        let ines_sees = cast.members(ines, &with_members).await;
        assert_eq!(ines_sees, [("ines".to_owned(), Role::Member), ("tomasz".to_owned(), Role::Owner)]);
        let events = cast.events(walter, &with_admin).await;
        let Some([Event::Member { person: gone, role: None, .. }, Event::Member { person: heir, role, .. }]) =
            events.last_chunk::<2>()
        else {
            panic!("{events:?}")
        };
        assert!(gone.deleted && gone.id == mei.person && heir.id == tom.person && *role == Some(Role::Owner));
        let frames = heard(&hears).await;
        let rooms = frames.iter().filter(|frame| frame["type"] == "room").count();
        assert_eq!(rooms, 2, "he is told that they are his now: {frames:?}");
        // The other one of a pair still sees with whom it was.
        let left = cast.services().room_settings(ines, direct.as_str()).await.unwrap();
        assert_eq!(left.room.room.called(), "Deleted person");
        cast.delete_account(ines).await;
        cast.services().tidy().await.unwrap();
        for slug in [&alone, &direct] {
            assert!(!dump(&cast.db).await.iter().any(|row| row.contains(slug.as_str())), "nobody is left in {slug}");
        }
    })
    .await;
}

#[tokio::test]
async fn open_connections_gain_and_lose_rooms_at_once() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let (first, second, own) = (cast.listen(&ines).await, cast.listen(&ines).await, cast.listen(&mei).await);
        let slug = cast.group(&mei, "").await;
        assert_eq!(kinds(&heard(&own).await), ["room", "member"]);
        assert!(heard(&first).await.is_empty());
        cast.services().add_members(&mei, slug.as_str(), "ines").await.unwrap();
        cast.post(&mei, &slug, "welcome").await.unwrap();
        for connection in [&first, &second] {
            let frames = heard(connection).await;
            assert_eq!(kinds(&frames), ["room", "member", "posted"]);
            assert_eq!(
                (&frames[0]["room"]["room"]["name"], &frames[0]["room"]["head"]),
                (&"Dome rota".into(), &2.into())
            );
        }
        cast.role(&mei, &slug, &ines, Role::Admin).await.unwrap();
        let frames = heard(&first).await;
        assert_eq!((kinds(&frames), &frames[0]["room"]["role"]), (vec!["room", "member"], &"admin".into()));
        heard(&second).await;

        cast.services().remove_member(&mei, slug.as_str(), ines.person).await.unwrap();
        cast.post(&mei, &slug, "not for her").await.unwrap();
        for connection in [&first, &second] {
            assert_eq!(heard(connection).await, [serde_json::json!({"type": "lost", "room": slug})]);
            // Not by asking for what was missed either.
            cast.services().hub.resume(connection, &[(slug.clone(), 0)].into());
            assert!(heard(connection).await.is_empty());
        }
        assert_eq!(kinds(&heard(&own).await), ["member", "posted", "member", "member", "posted"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_while_others_write_hears_nothing_of_what_came_after() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        let slug = cast.group(&mei, "ines").await;
        let (hers, own) = (cast.listen(&ines).await, cast.listen(&mei).await);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..60 {
            let (services, mei, ines, slug) = (cast.services().clone(), mei.clone(), ines.person, slug.clone());
            tasks.spawn(async move {
                if n == 30 {
                    services.remove_member(&mei, slug.as_str(), ines).await.unwrap();
                } else {
                    services.messages.post(&mei, slug.as_str(), &n.to_string(), None).await.unwrap();
                }
            });
        }
        tasks.join_all().await;
        let seqs = |frames: &[serde_json::Value]| -> Vec<i64> {
            frames.iter().filter_map(|frame| frame["event"]["seq"].as_i64()).collect()
        };
        let all = heard(&own).await;
        assert!(seqs(&all).into_iter().eq(3..=62), "in order and without a gap: {:?}", seqs(&all));
        let removal =
            all.iter().find(|frame| frame["event"]["kind"] == "member").unwrap()["event"]["seq"].as_i64().unwrap();
        let hers = heard(&hers).await;
        assert_eq!(hers.last().unwrap()["type"], "lost");
        assert!(seqs(&hers).into_iter().eq(3..removal), "{removal}: {:?}", seqs(&hers));
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_while_they_write_says_nothing_after_it() {
    both(|db| async move {
        let cast = Cast::on(db).await;
        let (mei, ines) = (cast.person("mei").await, cast.person("ines").await);
        for _ in 0..4 {
            let slug = cast.group(&mei, "ines").await;
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..24 {
                let (services, mei, ines, slug) = (cast.services().clone(), mei.clone(), ines.clone(), slug.clone());
                tasks.spawn(async move {
                    if n == 12 {
                        services.remove_member(&mei, slug.as_str(), ines.person).await.unwrap();
                        return Ok(0);
                    }
                    let posted = services.messages.post(&ines, slug.as_str(), &n.to_string(), None).await;
                    posted.map(|message| message.seq).map_err(|error| error.api())
                });
            }
            let answers = tasks.join_all().await;
            assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(ApiError::NotFound))), "{answers:?}");
            let events = cast.events(&mei, &slug).await;
            assert!(events.iter().map(Event::seq).eq(1..=events.len() as i64));
            assert!(matches!(events.last(), Some(Event::Member { role: None, .. })), "{events:?}");
        }
    })
    .await;
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}
