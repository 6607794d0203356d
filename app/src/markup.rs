//! Markup, written by hand where views would cost too much. Whatever is no tag is escaped.

type Attributes<'a> = &'a [(&'static str, &'a str)];

/// What leptos writes behind the children of an element, and for nothing.
const MARK: &str = "<!>";

/// A page's markup, at its end.
pub(crate) struct Markup<'a> {
    html: &'a mut String,
    /// Whether it ends with a text that another one would grow together with.
    after_text: bool,
}

impl<'a> Markup<'a> {
    /// Writes behind what is there.
    pub(crate) fn after(html: &'a mut String) -> Self {
        Self { html, after_text: false }
    }

    /// An element: its attributes, then its children.
    pub(crate) fn element(&mut self, tag: &'static str, attributes: Attributes, children: impl FnOnce(&mut Self)) {
        self.void(tag, attributes);
        children(self);
        self.mark();
        self.end(tag);
    }

    /// An element with several children, which leptos holds in a list of its own.
    pub(crate) fn parent(&mut self, tag: &'static str, attributes: Attributes, children: impl FnOnce(&mut Self)) {
        self.element(tag, attributes, |html| {
            children(html);
            html.mark();
        });
    }

    /// An element in which nothing is, and nothing will be.
    pub(crate) fn empty(&mut self, tag: &'static str, attributes: Attributes) {
        self.void(tag, attributes);
        self.end(tag);
    }

    fn end(&mut self, tag: &'static str) {
        self.after_text = false;
        self.html.push_str("</");
        self.html.push_str(tag);
        self.html.push('>');
    }

    /// An element that has no children and no end.
    pub(crate) fn void(&mut self, tag: &'static str, attributes: Attributes) {
        self.after_text = false;
        self.html.push('<');
        self.html.push_str(tag);
        for (name, value) in attributes {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            self.escaped(value, true);
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// An element with a text in it.
    pub(crate) fn text(&mut self, tag: &'static str, attributes: Attributes, text: &str) {
        self.element(tag, attributes, |html| html.words(text));
    }

    /// A text by itself. Texts beside each other stay two by a mark between them; an empty one is a space, or a browser
    /// would not find it.
    pub(crate) fn words(&mut self, text: &str) {
        if self.after_text {
            self.mark();
        }
        self.escaped(if text.is_empty() { " " } else { text }, false);
        self.after_text = true;
    }

    /// A text beside other children.
    pub(crate) fn plain(&mut self, text: &str) {
        self.escaped(text, false);
    }

    /// The mark behind children, or for nothing.
    pub(crate) fn mark(&mut self) {
        self.after_text = false;
        self.html.push_str(MARK);
    }

    /// Escapes what HTML would read otherwise (HTML standard, 13.3). `quoted` is inside of quotation marks.
    fn escaped(&mut self, text: &str, quoted: bool) {
        let mut rest = text;
        let means_something = |byte: &u8| matches!(byte, b'&' | b'<' | b'>') || (quoted && *byte == b'"');
        while let Some(place) = rest.as_bytes().iter().position(means_something) {
            self.html.push_str(&rest[..place]);
            self.html.push_str(match rest.as_bytes()[place] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "&quot;",
            });
            rest = &rest[place + 1..];
        }
        self.html.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_becomes_a_tag() {
        let mut html = String::new();
        Markup::after(&mut html).text("p", &[("title", "\"><b a='&'>")], "<b>\"&amp;</b>é");
        assert_eq!(html, "<p title=\"&quot;&gt;&lt;b a='&amp;'&gt;\">&lt;b&gt;\"&amp;amp;&lt;/b&gt;é<!></p>");
    }
}
