//! What becomes of the rooms of somebody whose account ends.

use super::News;
use crate::Error;
use telicat_domain::{Author, Timestamp, permission::Role, room::RoomKind};
use telicat_store::{
    Tx,
    members::{self, PrivateRoom},
    room_changes::insert_member_change,
    rooms,
};

/// Takes somebody out of rooms that the transaction holds. A group without an owner gets the admin who has been there
/// longest, else the member; what nobody is left in ends. `gone` is what is left of the person.
pub(crate) async fn hand_over(
    tx: &mut Tx,
    gone: &Author,
    of: &[PrivateRoom],
    now: Timestamp,
) -> Result<Vec<News>, Error> {
    let mut all = Vec::with_capacity(of.len());
    for room in of {
        let mut news = News::of(room.id, &room.slug);
        if !members::has_living(tx, room.id).await? {
            rooms::end_room(tx, room.id, now).await?;
            news.end();
        } else if room.kind == RoomKind::Group {
            members::delete_member(tx, room.id, gone.id).await?;
            let count = members::count_members_in(tx, room.id).await?;
            news.push(insert_member_change(tx, room.id, gone.clone(), None, count, now).await?);
            if members::count_owners(tx, room.id).await? == 0
                && let Some(heir) = members::find_heir(tx, room.id).await?
            {
                let person = heir.id;
                members::update_role(tx, room.id, person, Role::Owner).await?;
                let role = Some(Role::Owner);
                news.push_gain(insert_member_change(tx, room.id, heir, role, count, now).await?, person);
                tracing::info!(%person, room = %room.id, "looks after a room whose owner is gone");
            }
        }
        all.push(news);
    }
    Ok(all)
}
