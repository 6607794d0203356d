//! What a browser calls itself, read for people: "Firefox on Linux".
//!
//! The text (RFC 9110 section 10.1.5) is the browser's own word, so nothing is decided by it, and only names that stand
//! in here are ever shown.

use std::fmt;

/// Marks of browsers, those first that also carry the marks of another.
const BROWSERS: [(&str, &str); 18] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// Marks of systems, those first that also carry the marks of another, and whether one holds it in the hand.
const SYSTEMS: [(&str, &str, bool); 8] = [
    ("iPhone", "iPhone", true),
    ("iPad", "iPad", true),
    ("Android", "Android", true),
    ("Windows", "Windows", false),
    ("CrOS", "ChromeOS", false),
    ("Mac OS X", "macOS", false),
    ("Linux", "Linux", false),
    ("BSD", "BSD", false),
];

/// What somebody is signed in with, as far as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    browser: Option<&'static str>,
    system: Option<&'static str>,
    handheld: bool,
}

impl Device {
    /// Reads what a browser calls itself.
    #[must_use]
    pub fn of(agent: &str) -> Self {
        let browser = BROWSERS.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
        let system = SYSTEMS.iter().find(|(mark, _, _)| agent.contains(mark));
        Self {
            browser,
            system: system.map(|(_, name, _)| *name),
            handheld: system.is_some_and(|(_, _, handheld)| *handheld),
        }
    }

    /// Whether it is a telephone or a tablet.
    #[must_use]
    pub fn is_handheld(self) -> bool {
        self.handheld
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{browser} on {system}"),
            (Some(browser), None) => f.write_str(browser),
            (None, Some(system)) => write!(f, "A program on {system}"),
            (None, None) => f.write_str("An unknown program"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        for (agent, name, handheld) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", false),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome on Android",
                true,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Safari/605.1.15",
                "Safari on macOS",
                false,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 \
                 Safari/537.36 Edg/137.0.0.0",
                "Edge on Windows",
                false,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "Firefox on iPhone",
                true,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 \
                 Mobile/15E148 Safari/604.1",
                "Safari on iPad",
                true,
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 \
                 Safari/537.36",
                "Chrome on ChromeOS",
                false,
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android",
                true,
            ),
            ("curl/8.14.1", "curl", false),
            ("Mozilla/5.0 (X11; Linux x86_64)", "A program on Linux", false),
        ] {
            let device = Device::of(agent);
            assert_eq!((device.to_string().as_str(), device.is_handheld()), (name, handheld), "{agent}");
        }
    }

    #[test]
    fn nothing_of_what_somebody_made_up_is_shown() {
        for agent in ["", "<script>alert(1)</script>", "bank\r\nBcc: everybody@example.org", "\u{202e}xoferiF"] {
            assert_eq!(Device::of(agent).to_string(), "An unknown program", "{agent:?}");
        }
        assert_eq!(Device::of("<b>Firefox/1").to_string(), "Firefox");
    }
}
