//! How the pages look in this browser.

use super::Failure;
use leptos::prelude::*;
use telicat_domain::Theme;

/// Remembers the appearance in this browser for a year.
#[server(name = SetTheme, prefix = "/api", endpoint = "appearance/set")]
pub async fn set_theme(theme: String) -> Result<Theme, Failure> {
    use crate::request::RequestContext;
    use telicat_domain::ApiError;
    const YEAR: i64 = 365 * 24 * 3600;
    let cookies = RequestContext::current()?.cookies;
    let theme = Theme::named(&theme).ok_or(ApiError::BadRequest)?;
    crate::http::set_cookie(cookies.set(cookies.theme_name(), theme.name(), Some(YEAR)));
    Ok(theme)
}
