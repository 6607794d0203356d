//! The emoji that one can choose from: a file of the site, `emoji.txt`, which is fetched when it is needed first.
//!
//! A line is an emoji, its name, the codes by which one types it, and other words for it, with tabs between; a line that
//! begins with `#` is the name of the group that follows, and what stands before the first group says where the file is
//! from. `cargo xtask emoji` writes it.

/// An emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Emoji {
    /// As it is written.
    pub(crate) text: String,
    /// What it is called.
    pub(crate) name: String,
    /// What one types between colons; the first is the usual one.
    codes: String,
    /// Other words for it.
    words: String,
    /// Which group it is in.
    pub(crate) group: usize,
}

impl Emoji {
    /// What one types for it, with its colons.
    pub(crate) fn code(&self) -> String {
        format!(":{}:", self.codes.split(' ').next().unwrap_or_default())
    }

    /// How well a text is a word for it: less is better.
    fn likeness(&self, text: &str) -> Option<u8> {
        let begins = |words: &str| words.split([' ', '_']).any(|word| word.starts_with(text));
        if self.codes.split(' ').any(|code| code == text) {
            Some(0)
        } else if self.codes.split(' ').any(|code| code.starts_with(text)) {
            Some(1)
        } else if begins(&self.codes) || begins(&self.name.to_lowercase()) {
            Some(2)
        } else if begins(&self.words) {
            Some(3)
        } else {
            None
        }
    }
}

/// All of them, in Unicode's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Emojis {
    /// The names of the groups.
    pub(crate) groups: Vec<String>,
    all: Vec<Emoji>,
}

impl Emojis {
    /// Reads the file.
    pub(crate) fn parse(file: &str) -> Self {
        let mut emojis = Self::default();
        for line in file.lines() {
            let mut fields = line.split('\t');
            if let Some(name) = line.strip_prefix("# ") {
                emojis.groups.push(name.to_owned());
            } else if let (Some(group), Some(text), Some(name), Some(codes)) =
                (emojis.groups.len().checked_sub(1), fields.next(), fields.next(), fields.next())
            {
                let words = fields.next().unwrap_or_default();
                let [text, name, codes, words] = [text, name, codes, words].map(str::to_owned);
                emojis.all.push(Emoji { text, name, codes, words, group });
            }
        }
        emojis
    }

    /// Those of a group.
    pub(crate) fn of_group(&self, group: usize) -> impl Iterator<Item = &Emoji> {
        self.all.iter().filter(move |emoji| emoji.group == group)
    }

    /// The one that is written so.
    pub(crate) fn find(&self, text: &str) -> Option<&Emoji> {
        self.all.iter().find(|emoji| emoji.text == text)
    }

    /// Those for which a text is a word, or the beginning of one; the likeliest first.
    pub(crate) fn search(&self, text: &str, most: usize) -> Vec<&Emoji> {
        let text = text.trim().trim_matches(':').to_lowercase();
        if text.is_empty() {
            return Vec::new();
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let likeness = |emoji: &Emoji| {
            let each = words.iter().map(|word| emoji.likeness(word)).collect::<Option<Vec<u8>>>()?;
            each.into_iter().max()
        };
        let mut found: Vec<(u8, &Emoji)> =
            self.all.iter().filter_map(|emoji| Some((likeness(emoji)?, emoji))).collect();
        // In the order of the file where they are alike.
        found.sort_by_key(|(likeness, _)| *likeness);
        found.into_iter().take(most).map(|(_, emoji)| emoji).collect()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use telicat_domain::Emoji as Given;

    const FILE: &str = include_str!("../../public/emoji.txt");

    #[test]
    fn the_file_has_every_group_and_what_the_server_takes() {
        let emojis = Emojis::parse(FILE);
        assert_eq!(emojis.groups.len(), 9);
        assert!(emojis.all.len() > 1_800, "{}", emojis.all.len());
        for group in 0..emojis.groups.len() {
            assert!(emojis.of_group(group).count() > 50, "{}", emojis.groups[group]);
        }
        for emoji in &emojis.all {
            assert!(Given::parse(&emoji.text).is_ok(), "{} would be refused as a reaction", emoji.text);
            assert!(!emoji.name.is_empty() && emoji.code().len() > 2, "{}", emoji.text);
        }
    }

    #[test]
    fn an_emoji_is_found_by_its_code_its_name_and_other_words() {
        let emojis = Emojis::parse(FILE);
        let first = |text: &str| emojis.search(text, 5).first().map(|emoji| emoji.text.clone());
        assert_eq!(first("tada").as_deref(), Some("🎉"));
        assert_eq!(first(":tada:").as_deref(), Some("🎉"));
        assert!(first("+1").is_some_and(|thumb| thumb.starts_with("👍")));
        assert!(emojis.search("party", 20).iter().any(|emoji| emoji.text == "🎉"));
        assert!(emojis.search("party pop", 5).iter().any(|emoji| emoji.text == "🎉"), "all words count");
        assert!(emojis.search("celebr", 20).iter().any(|emoji| emoji.text == "🎉"), "a beginning is enough");
        assert_eq!((emojis.search("", 5).len(), emojis.search("xyzzy", 5).len()), (0, 0));
        assert_eq!(emojis.search("face", 7).len(), 7);
        assert_eq!(emojis.find("🎉").map(Emoji::code).as_deref(), Some(":tada:"));
    }
}
