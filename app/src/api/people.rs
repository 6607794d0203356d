//! People.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::Profile;

/// What others see of a person; visitors too.
#[server(name = ShowProfile, prefix = "/api", endpoint = "people/show", input = GetUrl)]
pub async fn show_profile(handle: String) -> Result<Profile, Failure> {
    use crate::request::{RequestContext, refuse};
    RequestContext::current()?.services.accounts.profile(&handle).await.map_err(refuse)
}
