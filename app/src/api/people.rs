//! People.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::Profile;

/// What others see of a person; visitors too, unless the person hides it from them. Who has left the handle for another
/// is found by it for a while: then the profile has the new one.
#[server(name = ShowProfile, prefix = "/api", endpoint = "people/show", input = GetUrl)]
pub async fn show_profile(handle: String) -> Result<Profile, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.people.profile(request.signed.as_ref(), &handle).await.map_err(refuse)
}

/// People whom one may want to call in a room, or bring into it: those whose handle or name has `q` in it, the ones of the room and those who wrote last first, at most 10.
#[server(name = CompletePeople, prefix = "/api", endpoint = "people/complete", input = GetUrl)]
pub async fn complete_people(room: Option<String>, q: String) -> Result<Vec<telicat_domain::Author>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.people.complete(request.signed()?, room.as_deref(), &q).await.map_err(refuse)
}
