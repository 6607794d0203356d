//! A copy of all of one's data.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::account::Export;

/// Has a copy made.
#[server(name = StartExport, prefix = "/api", endpoint = "profile/export")]
pub async fn start_export() -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{Notice, SafePath};
    let request = RequestContext::current()?;
    request.services.exports.request(request.signed()?).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::settings(), Notice::ExportStarted))
}

/// How far the copy is that was asked for last.
#[server(name = ShowExport, prefix = "/api", endpoint = "profile/export", input = GetUrl)]
pub async fn show_export() -> Result<Option<Export>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.exports.latest(request.signed()?).await.map_err(refuse)
}
