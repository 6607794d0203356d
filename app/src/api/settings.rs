//! The settings of one's own account.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::account::AccountSettings;

/// All that the settings show.
#[server(name = ShowSettings, prefix = "/api", endpoint = "profile/settings", input = GetUrl)]
pub async fn show_settings() -> Result<AccountSettings, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.account_settings(request.signed()?).await.map_err(refuse)
}
