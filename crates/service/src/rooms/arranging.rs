//! What a room is called and is about, and whether it goes on.

use super::{News, beginning::named, inside::Inside};
use crate::{Error, Services, Signed};
use telicat_domain::{ApiError, Field, Problem, permission::Action};
use telicat_store::{room_changes::insert_room_change, rooms as store};

impl Services {
    /// Gives a room another name and topic. Its address stays. Nothing comes of it when they are what they were.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that cannot be taken; [`ApiError::NotFound`] when there is no such room for
    /// this person; [`ApiError::Forbidden`], [`ApiError::Archived`].
    pub async fn edit_room(&self, signed: &Signed, slug: &str, name: &str, topic: &str) -> Result<(), Error> {
        let named = named(name, topic);
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::Arrange)?;
            let (name, topic) = named?;
            let (name, topic, before) = (name.as_str(), topic.as_str(), &inside.room.summary);
            if (name, topic) == (before.name.as_str(), before.topic.as_str()) {
                return Ok(());
            }
            store::update_room(&mut tx, inside.id(), name, topic).await?;
            let event =
                insert_room_change(&mut tx, inside.id(), signed.person, name, topic, before.archived, now).await?;
            tx.commit().await?;
            let mut news = News::of(inside.id(), inside.slug());
            news.push(event);
            services.tell(news).await;
            Ok(())
        })
        .await
    }

    /// Closes a room for writing, or opens it again. Nothing comes of it when that was so already.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person; [`ApiError::Forbidden`].
    pub async fn archive_room(&self, signed: &Signed, slug: &str, archived: bool) -> Result<(), Error> {
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::Archive)?;
            let room = &inside.room.summary;
            if room.archived == archived {
                return Ok(());
            }
            store::update_archived(&mut tx, inside.id(), archived.then_some(now)).await?;
            let (name, topic) = (room.name.as_str(), room.topic.as_str());
            let event = insert_room_change(&mut tx, inside.id(), signed.person, name, topic, archived, now).await?;
            tx.commit().await?;
            tracing::info!(person = %signed.person, room = %inside.id(), archived, "archived a room, or opened it again");
            let mut news = News::of(inside.id(), inside.slug());
            news.push(event);
            services.tell(news).await;
            Ok(())
        })
        .await
    }

    /// Ends a group for everybody, at once. Its name has to be typed.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for [`Field::Name`] when it is another name; [`ApiError::NotFound`] when there is no such
    /// room for this person; [`ApiError::Forbidden`].
    pub async fn delete_room(&self, signed: &Signed, slug: &str, name: &str) -> Result<(), Error> {
        let (signed, slug, typed) = (signed.clone(), slug.to_owned(), name.trim().to_owned());
        self.carry_out(|services| async move {
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::Delete)?;
            if typed != inside.room.summary.name {
                let problem = if typed.is_empty() { Problem::Empty } else { Problem::Wrong };
                return Err(ApiError::field(Field::Name, problem).into());
            }
            store::end_room(&mut tx, inside.id(), services.now()).await?;
            tx.commit().await?;
            tracing::info!(person = %signed.person, room = %inside.id(), "deleted a room");
            let mut news = News::of(inside.id(), inside.slug());
            news.end();
            services.tell(news).await;
            Ok(())
        })
        .await
    }
}
