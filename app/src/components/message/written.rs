//! A message as the server writes it: the markup of [`Message`](super::Message), which a browser takes over.

#[cfg(test)]
mod tests;

use super::{body, head::profile, marks, quote, reactions, sent, thread_row};
use crate::{
    components::{avatar::picture_path, rich},
    conversation::{Conversation, name_of_day, time_of_day},
    markup::Markup,
    text,
    visit::Visit,
};
use telicat_domain::{
    Author,
    event::{Quote, Reaction},
    face::{hue, initial},
    limits::PICTURE_SIZES,
    timeline::Row,
};

const AUTO: (&str, &str) = ("dir", "auto");
const HIDDEN: (&str, &str) = ("aria-hidden", "true");
const PASSED: (&str, &str) = ("tabindex", "-1");
const BUTTON: (&str, &str) = ("type", "button");

/// Writes a message that the server has, with the heading of the day that begins with it. What is not sent is not here:
/// the server has whatever it shows.
pub(crate) fn write(html: &mut Markup, row: &Row, conversation: Conversation) {
    let Some((seq, id)) = sent(row) else { return };
    match row.day {
        Some(day) => html.element("h2", &[("class", "day")], |html| {
            html.text("time", &[("datetime", &day.iso())], &name_of_day(day));
        }),
        None => html.mark(),
    }
    if row.first_unread {
        let attributes = [("role", "separator"), ("aria-label", text::messages::NEW_MESSAGES), ("class", "new")];
        html.element("div", &attributes, |html| html.text("span", &[], text::messages::NEW));
    } else {
        html.mark();
    }
    let own = conversation.is_own(&row.author);
    let (seq, name, class) = (seq.to_string(), id.to_string(), super::class_of(row, own));
    let attributes = [PASSED, ("data-seq", &*seq), ("data-message-id", &name), ("class", &class)];
    html.parent("article", &attributes, |html| {
        head(html, row, conversation);
        body(html, row, conversation);
        marks(html, row, own, conversation);
        reactions(html, &row.reactions);
        thread_row(html, row, conversation);
        // It is neither on its way nor refused.
        html.mark();
        let address = conversation.address_of_actions(id);
        let class = "message__more without-script";
        let attributes = [("href", &*address), ("aria-label", text::messages::MORE), ("class", class)];
        html.text("a", &attributes, super::MORE);
    });
    html.mark();
}

fn head(html: &mut Markup, row: &Row, conversation: Conversation) {
    if row.more {
        name(html, &row.author, true);
        time(html, row, conversation);
        html.mark();
        return;
    }
    let inside = |html: &mut Markup| face(html, &row.author, "");
    let class = ("class", "message__face");
    match profile(&row.author) {
        Some(profile) => html.element("a", &[("href", &profile), PASSED, HIDDEN, class], inside),
        None => html.element("span", &[HIDDEN, class], inside),
    }
    match &row.reply_to {
        Some(answered) => quote(html, answered, conversation),
        None => html.mark(),
    }
    html.parent("header", &[("class", "message__head")], |html| {
        name(html, &row.author, false);
        time(html, row, conversation);
    });
    html.mark();
}

fn name(html: &mut Markup, author: &Author, more: bool) {
    let class = ("class", if more { "message__author unseen" } else { "message__author" });
    let called = author.called();
    match profile(author) {
        Some(profile) if more => html.text("a", &[AUTO, ("href", &profile), PASSED, class], called),
        Some(profile) => html.text("a", &[AUTO, ("href", &profile), class], called),
        None => html.text("span", &[AUTO, class], called),
    }
}

fn time(html: &mut Markup, row: &Row, conversation: Conversation) {
    let class = ("class", "message__time");
    let time = |html: &mut Markup| html.text("time", &[("datetime", &row.at.rfc3339())], &time_of_day(row.at));
    let address = sent(row).map(|(seq, _)| conversation.address_of(seq)).unwrap_or_default();
    if row.more {
        html.element("a", &[("href", &address), PASSED, class], time);
    } else {
        html.element("a", &[("href", &address), class], time);
    }
}

fn quote(html: &mut Markup, answered: &Quote, conversation: Conversation) {
    if answered.gone {
        html.parent("p", &[("class", "quote quote--gone")], |html| {
            icon(html, "reply");
            html.text("span", &[], text::messages::QUOTE_GONE);
        });
        return;
    }
    let (address, label) = (conversation.address_of(answered.seq), quote::label(answered));
    html.parent("a", &[("href", &address), ("aria-label", &label), ("class", "quote")], |html| {
        icon(html, "reply");
        face(html, &answered.author, " avatar--xs");
        html.text("b", &[AUTO], answered.author.called());
        html.text("span", &[AUTO], &answered.text);
    });
}

fn body(html: &mut Markup, row: &Row, conversation: Conversation) {
    html.element("div", &[("class", "message__body")], |html| {
        if let Some(gone) = body::gone(row) {
            icon(html, "bin");
            html.text("p", &[], gone);
            html.mark();
        } else if let Some(text) = &row.rich {
            rich::written::blocks(html, &text.0, body::reader(row, conversation));
        } else {
            html.text("p", &[AUTO], &row.body);
        }
    });
}

fn marks(html: &mut Markup, row: &Row, own: bool, conversation: Conversation) {
    if !marks::has_any(row) {
        html.mark();
        return;
    }
    let class = ("class", "message__mark");
    let mark = |html: &mut Markup, is: bool, name: &'static str, word: &str| {
        if is {
            html.parent("span", &[class], |html| {
                icon(html, name);
                html.words(word);
            });
        } else {
            html.mark();
        }
    };
    html.parent("p", &[("class", "message__marks")], |html| {
        match (row.edited_at, marks::history(row, own, conversation)) {
            (None, _) => html.mark(),
            (Some(_), None) => html.text("span", &[class], text::messages::EDITED),
            (Some(_), Some(address)) => {
                let attributes = [("href", &*address), ("data-history", ""), class];
                html.text("a", &attributes, text::messages::EDITED);
            }
        }
        mark(html, row.pinned, "pin", text::messages::PINNED);
        mark(html, row.saved, "save", text::messages::SAVED);
    });
}

fn reactions(html: &mut Markup, reactions: &[Reaction]) {
    if reactions.is_empty() {
        html.mark();
        return;
    }
    html.parent("div", &[("class", "reactions")], |html| {
        for reaction in reactions {
            let label = text::messages::reaction(reaction);
            let attributes = [
                BUTTON,
                ("aria-pressed", reactions::pressed(reaction)),
                ("aria-label", &label),
                ("data-emoji", &reaction.emoji),
                ("class", "reaction"),
            ];
            html.parent("button", &attributes, |html| {
                html.text("span", &[HIDDEN], &reaction.emoji);
                html.words(&reaction.count.to_string());
            });
        }
        html.mark();
        let class = ("class", "reaction needs-script");
        let add = [BUTTON, ("aria-label", text::messages::ADD_REACTION), ("data-add-reaction", ""), class];
        html.element("button", &add, |html| icon(html, "plus"));
    });
}

fn thread_row(html: &mut Markup, row: &Row, conversation: Conversation) {
    let Some((id, replies)) = thread_row::thread_of(row, conversation) else {
        html.mark();
        return;
    };
    let address = conversation.address_of_thread(id);
    html.parent("a", &[("href", &address), ("class", "thread-link")], |html| {
        icon(html, "thread");
        html.text("b", &[], &text::messages::replies(replies.count));
        let last = thread_row::last_reply(replies.last_at, conversation);
        html.text("span", &[("class", "muted")], &last);
        match text::messages::new_replies(&replies) {
            Some(new) => html.text("span", &[("class", "count")], &new),
            None => html.mark(),
        }
    });
}

fn face(html: &mut Markup, author: &Author, size: &str) {
    let class = format!("avatar{size} avatar--hue-{}", hue(author));
    html.element("span", &[HIDDEN, ("class", &class)], |html| match author.picture {
        Some(picture) => {
            let [side, _] = PICTURE_SIZES;
            let (path, side) = (picture_path(picture, side), side.to_string());
            let attributes = [("src", &*path), ("width", &side), ("height", &side), ("alt", ""), ("decoding", "async")];
            html.void("img", &attributes);
        }
        None => html.text("span", &[], &initial(author)),
    });
}

fn icon(html: &mut Markup, name: &'static str) {
    let href = format!("{}/icons.svg#{name}", Visit::get().assets);
    html.element("svg", &[HIDDEN, ("class", "icon icon--s")], |html| {
        html.empty("use", &[("href", &href)]);
    });
}
