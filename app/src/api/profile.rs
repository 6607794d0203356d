//! One's own profile. What is sent with a picture, `profile/edit`, is no server function: the server reads it as it comes.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::account::OwnProfile;
#[cfg(feature = "ssr")]
use telicat_domain::{Notice, SafePath};

/// What a form calls it when everybody may see a profile.
pub const EVERYBODY: &str = "everybody";
/// What a form calls it when visitors may not.
pub const PEOPLE: &str = "people";

/// What one sees of one's own profile.
#[server(name = ShowOwnProfile, prefix = "/api", endpoint = "profile/own", input = GetUrl)]
pub async fn own_profile() -> Result<OwnProfile, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.people.own(request.signed()?).await.map_err(refuse)
}

/// Takes one's picture away.
#[server(name = RemovePicture, prefix = "/api", endpoint = "profile/picture/remove")]
pub async fn remove_picture() -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.people.remove_picture(request.signed()?).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::profile_edit(), Notice::ProfileSaved))
}

/// Takes another handle.
#[server(name = ChangeUsername, prefix = "/api", endpoint = "profile/username")]
pub async fn change_username(username: String, current_password: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let signed = request.prove(current_password).await?;
    request.services.people.rename(signed, &username).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::settings(), Notice::UsernameChanged))
}

/// Says who may see one's profile: `everybody` or `people`, which is who is signed in.
#[server(name = SetVisibility, prefix = "/api", endpoint = "profile/visibility")]
pub async fn set_visibility(visibility: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::ApiError;
    let request = RequestContext::current()?;
    let is_public = match visibility.as_str() {
        EVERYBODY => true,
        PEOPLE => false,
        _ => return Err(Failure(ApiError::BadRequest)),
    };
    request.services.people.set_public(request.signed()?, is_public).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::settings(), Notice::VisibilitySaved))
}
