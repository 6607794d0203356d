//! Who asks, from where, and with what: found out once for each request.

use crate::state::{AppState, Reach};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, Method, StatusCode,
    header::{CONTENT_TYPE, SET_COOKIE, USER_AGENT},
};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use telicat_app::{cookies::Cookies, flash::Flash, request::RequestContext};
use telicat_domain::{RoomSlug, Theme};
use telicat_service::{Error, secret::Token};

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Makes the [`RequestContext`] and gives it to whatever answers.
pub async fn know(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let context = match context(&state, request.headers(), peer).await {
        Ok(context) => context,
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            return (StatusCode::SERVICE_UNAVAILABLE, "Telicat cannot reach its database. Try again in a moment.")
                .into_response();
        }
    };
    let path = request.uri().path();
    let shows_flash = context.flash.as_ref().is_some_and(|flash| request.method() == Method::GET && flash.is_for(path));
    let cookies = context.cookies;
    request.extensions_mut().insert(context);
    let mut response = next.run(request).await;
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if shows_flash && is_page {
        response.headers_mut().append(SET_COOKIE, cookies.clear(cookies.flash_name()));
    }
    response
}

async fn context(state: &AppState, headers: &HeaderMap, peer: IpAddr) -> Result<RequestContext, Error> {
    let cookies = state.reach.cookies;
    let token = |name| Cookies::read(headers, name).and_then(|text| Token::parse(&text));
    let signed = match token(cookies.session_name()) {
        Some(token) => state.services.sessions.find(&token).await?,
        None => None,
    };
    let flash = match token(cookies.flash_name()) {
        Some(token) => state.services.flashes.find(&token).await?,
        None => None,
    };
    Ok(RequestContext {
        services: state.services.clone(),
        signed,
        address: client_address(peer, headers, &state.reach),
        agent: headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned(),
        cookies,
        theme: Cookies::read(headers, cookies.theme_name()).and_then(|name| Theme::named(&name)).unwrap_or_default(),
        room: Cookies::read(headers, cookies.room_name()).and_then(|slug| RoomSlug::parse(&slug).ok()),
        flash: flash.and_then(|json| serde_json::from_str::<Flash>(&json).ok()),
        assets: state.site.root.clone(),
    })
}

/// The client's address: the peer's, unless that is a proxy that is trusted; then the last address that it or another
/// trusted one added.
fn client_address(peer: IpAddr, headers: &HeaderMap, reach: &Reach) -> IpAddr {
    let trusted = |address: IpAddr| reach.trusted_proxies.iter().any(|network| network.contains(&address));
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let mut address = peer.to_canonical();
    // From the end that the nearest proxy wrote; what is left of something unreadable was written by anybody.
    for entry in entries.into_iter().rev() {
        if !trusted(address) {
            break;
        }
        let Ok(next) = entry.trim().parse::<IpAddr>() else { break };
        address = next.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach() -> Reach {
        Reach {
            public_url: None,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            cookies: Cookies { secure: false },
        }
    }

    fn from(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        client_address(peer.parse().unwrap(), &headers, &reach()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("192.0.2.9", "198.51.100.1"), "192.0.2.9");
        assert_eq!(from("10.1.1.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.1.1.1", "203.0.113.5, 198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.1.1.1", "198.51.100.1, 10.2.2.2"), "198.51.100.1");
        assert_eq!(from("::ffff:10.1.1.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("10.1.1.1", "nonsense"), "10.1.1.1");
        assert_eq!(from("10.1.1.1", "198.51.100.77, x, 203.0.113.5"), "203.0.113.5");
        assert_eq!(from("10.1.1.1", "198.51.100.77, x, 10.2.2.2"), "10.2.2.2");
    }
}
