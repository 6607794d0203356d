//! Direct rooms: one for a pair or a set of people, whoever begins it.

use super::{News, beginning::random_name};
use crate::{Error, Services, Signed};
use telicat_domain::{
    ApiError, Author, Field, Handle, PersonId, Problem, RoomId, RoomSlug, limits::DIRECT_MAX, permission::Role,
    room::RoomKind,
};
use telicat_store::{Tx, members, new_id, room_changes, rooms as store};

/// Characters of the slug of a direct room: it has no name to be told by.
const SLUG: usize = 16;

impl Services {
    /// Opens the direct room with people, by handles with commas or white space between them, and makes it when there is
    /// none. Of two who do so at the same moment both get the same room.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for [`Field::People`]: nobody is named, somebody is unknown, there are too many, or it is
    /// only who asks ([`Problem::Unchanged`]). [`ApiError::RateLimited`].
    pub async fn open_direct(&self, signed: &Signed, people: &str) -> Result<RoomSlug, Error> {
        let handles = Handle::parse_list(people, DIRECT_MAX).map_err(refused)?;
        self.rooms.begun_by_person.look(&signed.person, self.now())?;
        let signed = signed.clone();
        self.carry_out(|services| async move {
            let mut tx = services.db.begin().await?;
            let people = company(&mut tx, signed.person, &handles).await?;
            let key = store::direct_key(&people);
            if let Some((_, slug)) = store::find_direct_in(&mut tx, &key).await? {
                return Ok(slug);
            }
            let now = services.now();
            let (id, slug) = (RoomId(new_id(now)), slug()?);
            let new = store::NewRoom {
                id,
                slug: &slug,
                kind: RoomKind::Direct,
                name: "",
                topic: "",
                direct_key: Some(&key),
                at: now,
            };
            if !store::insert_room(&mut tx, &new).await? {
                // Somebody of them was faster.
                let (_, slug) = store::find_direct_in(&mut tx, &key).await?.ok_or(Error::Fault("no slug"))?;
                return Ok(slug);
            }
            let mut news = News::of(id, &slug);
            for (before, person) in (0..).zip(people) {
                members::insert_member(&mut tx, id, person, Role::Member, before + 1, now).await?;
                let author = members::find_living(&mut tx, person).await?.ok_or_else(|| refused(Problem::Unknown))?;
                let role = Some(Role::Member);
                let event = room_changes::insert_member_change(&mut tx, id, author, role, before + 1, now).await?;
                news.push_gain(event, person);
            }
            tx.commit().await?;
            services.rooms.begun_by_person.count(signed.person, now);
            tracing::info!(person = %signed.person, room = %id, "began a direct room");
            services.tell(news).await;
            Ok(slug)
        })
        .await
    }

    /// The direct room with one person, when there is one. Makes nothing.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is nobody of that handle who can be met; [`ApiError::Invalid`] when it is who
    /// asks.
    pub async fn find_direct(&self, signed: &Signed, handle: &str) -> Result<Option<RoomSlug>, Error> {
        let handle = Handle::parse(handle).map_err(|_| ApiError::NotFound)?;
        let other = members::find_living_by_handle(&self.db, &handle.folded()).await?.ok_or(ApiError::NotFound)?;
        if other.id == signed.person {
            return Err(refused(Problem::Unchanged));
        }
        Ok(store::find_direct(&self.db, &store::direct_key(&[signed.person, other.id])).await?)
    }
}

/// Who asks and those who are named, each once.
async fn company(tx: &mut Tx, me: PersonId, handles: &[Handle]) -> Result<Vec<PersonId>, Error> {
    let mut people = vec![me];
    for handle in handles {
        let found: Option<Author> = members::find_living_by_handle_in(tx, &handle.folded()).await?;
        let person = found.ok_or_else(|| refused(Problem::Unknown))?.id;
        if !people.contains(&person) {
            people.push(person);
        }
    }
    match people.len() {
        1 => Err(refused(Problem::Unchanged)),
        2..=DIRECT_MAX => Ok(people),
        _ => Err(refused(Problem::TooMany { max: DIRECT_MAX - 1 })),
    }
}

fn slug() -> Result<RoomSlug, Error> {
    RoomSlug::for_name("direct", &random_name::<SLUG>()?).map_err(|_| Error::Fault("no slug"))
}

/// What is wrong with those who were named.
pub(super) fn refused(problem: Problem) -> Error {
    ApiError::field(Field::People, problem).into()
}
