//! What every handler shares.

use crate::{assets::Site, settings::Settings};
use axum::extract::FromRef;
use http::{HeaderMap, Uri, header::HOST, uri::Authority};
use ipnet::IpNet;
use leptos::config::{LeptosOptions, get_config_from_str};
use std::sync::Arc;
use telicat_app::cookies::Cookies;
use telicat_service::Services;
use tokio_util::task::TaskTracker;

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// What can be done.
    pub services: Services,
    /// The site's files.
    pub site: Arc<Site>,
    /// For leptos.
    pub leptos: LeptosOptions,
    /// How the site is reached.
    pub reach: Arc<Reach>,
    /// The connections and sockets that are open, so that the end can wait for them.
    pub open: TaskTracker,
}

/// How the site is reached.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The address that people type, when it is known.
    pub public_url: Option<Uri>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How cookies are set.
    pub cookies: Cookies,
}

impl Reach {
    /// As the settings say.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let secure = settings.public_url.as_ref().is_some_and(|url| url.scheme_str() == Some("https"));
        Self {
            public_url: settings.public_url.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
            cookies: Cookies { secure },
        }
    }

    /// Whether people come by https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.cookies.secure
    }

    /// Whether an authority that a browser names is this site: the host that was asked for, or the public address.
    #[must_use]
    pub fn is_own(&self, authority: &Authority, headers: &HeaderMap) -> bool {
        let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
        let public = self.public_url.as_ref().and_then(Uri::authority).map(Authority::as_str);
        [asked, public].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(authority.as_str()))
    }

    /// The origin that people's browsers name (RFC 6454 section 7), when the address is known.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let url = self.public_url.as_ref()?;
        Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
    }
}

/// The options that leptos renders by, compiled in.
///
/// # Errors
/// When `Leptos.toml` cannot be read, which a test excludes.
pub fn leptos_options() -> anyhow::Result<LeptosOptions> {
    get_config_from_str(include_str!("../../Leptos.toml")).map_err(|error| anyhow::anyhow!("Leptos.toml: {error}"))
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines `key = value` of one section.
    fn section<'a>(text: &'a str, head: &str) -> Vec<(&'a str, &'a str)> {
        let lines = text.lines().skip_while(|line| *line != head).skip(1);
        lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" = ")).collect()
    }

    #[test]
    fn both_files_say_the_same_to_leptos() {
        let run = section(include_str!("../../Leptos.toml"), "[package.metadata.leptos]");
        let build = section(include_str!("../../Cargo.toml"), "[[workspace.metadata.leptos]]");
        let shared: Vec<_> = run.iter().filter(|(key, _)| build.iter().any(|(other, _)| key == other)).collect();
        assert!(shared.len() >= 6, "{run:?}");
        for pair in shared {
            assert!(build.contains(pair), "{pair:?}");
        }
        assert_eq!(leptos_options().unwrap().output_name.as_ref(), "telicat");
    }
}
