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
