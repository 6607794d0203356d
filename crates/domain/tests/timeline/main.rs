//! Whatever happens on the way, the timeline ends as the server's room.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod server;
mod tab;

use proptest::prelude::*;
use server::{ME, Server, author, nonce};
use tab::{Asked, Tab};
use telicat_domain::{
    Author, Event, MessageId, Timeline,
    timeline::{Bounds, Fits},
};

/// Small enough to be reached in every run.
const BOUNDS: Bounds = Bounds { messages: 9, changes: 6, early: 4 };

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody does something, and the frame reaches the tab or is lost.
    Do { what: What, which: prop::sample::Index, arrives: bool },
    /// The reader writes: the message shows at once.
    Write { answers: Option<prop::sample::Index> },
    /// A written message reaches the server; its answer and its frame each arrive or are lost.
    Send { which: prop::sample::Index, answered: bool, heard: bool },
    /// The tab gives up on a written message.
    Fail { which: prop::sample::Index },
    /// The reader presses Retry.
    Retry { which: prop::sample::Index },
    /// An old frame comes again.
    Replay { which: prop::sample::Index },
    /// A page is asked for, and read at this moment. It arrives with some later `Arrive`.
    Ask { page: Page, size: usize },
    /// A page that was asked for arrives.
    Arrive { which: prop::sample::Index },
    /// What is too much goes: at the beginning while the reader follows the end, else at the end.
    Trim { following: bool },
    /// The tab reloads: it starts from a page and its stored outbox.
    Reload { size: usize, at: Option<prop::sample::Index> },
}

#[derive(Debug, Clone, Copy)]
enum What {
    Post { who: &'static str, in_thread: bool, answers: bool },
    Edit,
    Delete,
    Restore,
    React { who: &'static str, emoji: &'static str },
    Pin,
    RenameRoom,
    RenamePerson,
    Erase,
}

#[derive(Debug, Clone)]
enum Page {
    Since,
    Before,
    After,
    Round { which: prop::sample::Index },
    Newest,
}

fn what() -> impl Strategy<Value = What> {
    let who = prop::sample::select(vec!["other", "gone"]);
    let anybody = prop::sample::select(vec![ME, "other"]);
    prop_oneof![
        8 => (who, any::<bool>(), any::<bool>()).prop_map(|(who, in_thread, answers)| What::Post { who, in_thread, answers }),
        2 => Just(What::Edit),
        2 => Just(What::Delete),
        2 => Just(What::Restore),
        3 => (anybody, prop::sample::select(vec!["👍", "🎉"])).prop_map(|(who, emoji)| What::React { who, emoji }),
        1 => Just(What::Pin),
        1 => Just(What::RenameRoom),
        1 => Just(What::RenamePerson),
        1 => Just(What::Erase),
    ]
}

fn page() -> impl Strategy<Value = Page> {
    prop_oneof![
        2 => Just(Page::Since),
        2 => Just(Page::Before),
        2 => Just(Page::After),
        1 => any::<prop::sample::Index>().prop_map(|which| Page::Round { which }),
        1 => Just(Page::Newest),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        12 => (what(), which(), any::<bool>()).prop_map(|(what, which, arrives)| Step::Do { what, which, arrives }),
        2 => prop::option::of(which()).prop_map(|answers| Step::Write { answers }),
        3 => (which(), any::<bool>(), any::<bool>()).prop_map(|(which, answered, heard)| Step::Send { which, answered, heard }),
        1 => which().prop_map(|which| Step::Fail { which }),
        1 => which().prop_map(|which| Step::Retry { which }),
        2 => which().prop_map(|which| Step::Replay { which }),
        6 => (page(), 1_usize..5).prop_map(|(page, size)| Step::Ask { page, size }),
        6 => which().prop_map(|which| Step::Arrive { which }),
        1 => any::<bool>().prop_map(|following| Step::Trim { following }),
        1 => (1_usize..6, prop::option::of(which())).prop_map(|(size, at)| Step::Reload { size, at }),
    ]
}

fn act(server: &mut Server, what: What, id: MessageId, root: MessageId, number: usize) -> Option<Event> {
    match what {
        What::Post { who, .. } if server.has_erased(who) => None,
        What::Post { who, in_thread, answers } => {
            Some(server.post(who, nonce(1_000_000 + number), in_thread.then_some(root), answers.then_some(id)))
        }
        What::Edit => server.edit(id),
        What::Delete => server.delete(id),
        What::Restore => server.restore(id),
        What::React { who, emoji } => server.react(id, who, emoji),
        What::Pin => server.pin(id),
        What::RenameRoom => Some(server.rename_room()),
        What::RenamePerson | What::Erase => None,
    }
}

fn run(in_thread: bool, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut server = Server::default();
    for number in 0..7 {
        server.post(["other", "gone", ME][number % 3], nonce(2_000_000 + number), None, None);
    }
    let root = server.ids(None)[1];
    for number in 7..11 {
        server.post(["other", "gone", ME][number % 3], nonce(2_000_000 + number), Some(root), None);
    }
    let mut tab = Tab::open(&server, in_thread.then_some(root), 4, None, BOUNDS);
    let mut written = 0;

    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Do { what: What::RenamePerson, arrives, .. } => {
                let author = server.rename_person();
                if arrives {
                    tab.timeline.rename(&author);
                }
            }
            Step::Do { what: What::Erase, arrives, .. } => {
                let author = server.erase("gone");
                if arrives {
                    tab.timeline.erase(author);
                }
            }
            Step::Do { what, which, arrives } => {
                let id = *which.get(&server.all());
                let event = act(&mut server, what, id, root, number);
                if let Some(event) = event.filter(|_| arrives) {
                    tab.timeline.apply(event);
                }
            }
            Step::Write { answers } => {
                tab.write(&server, nonce(written), answers.map(|which| *which.get(&server.all())));
                written += 1;
            }
            Step::Send { which, answered, heard } if written > 0 => {
                let event = tab.post(&mut server, nonce(which.index(written)));
                for _arrives in [answered, heard].iter().filter(|arrives| **arrives) {
                    tab.timeline.apply(event.clone());
                }
            }
            Step::Fail { which } if written > 0 => tab.fail(nonce(which.index(written))),
            Step::Retry { which } if written > 0 => tab.timeline.retry(nonce(which.index(written))),
            Step::Replay { which } => {
                tab.timeline.apply(which.get(&server.frames).clone());
            }
            Step::Ask { page, size } => {
                let asked = match page {
                    Page::Since => Asked::Since(server.since(tab.timeline.cursor(), size)),
                    Page::Before => tab.ask_before(&server, size),
                    Page::After => tab.ask_after(&server, size),
                    Page::Round { which } => {
                        Asked::Show(server.round(tab.root, which.index(server.frames.len()) as i64, size))
                    }
                    Page::Newest => Asked::Show(server.newest(tab.root, size)),
                };
                tab.asked.push(asked);
            }
            Step::Arrive { which } if !tab.asked.is_empty() => {
                let asked = tab.asked.remove(which.index(tab.asked.len()));
                let _fits = tab.arrive(asked);
            }
            Step::Trim { following } => tab.timeline.trim(following),
            Step::Reload { size, at } => {
                let at = at.map(|which| which.index(server.frames.len()) as i64);
                tab = tab.reload(&server, size, at, BOUNDS);
            }
            _ => {}
        }
        tab.check(&server)?;
    }

    // The line is back: what was asked for long ago comes at last, and the last word on people, before or after what
    // was missed. The outbox is sent again, the tab catches up.
    for asked in std::mem::take(&mut tab.asked) {
        let _fits = tab.arrive(asked);
        tab.check(&server)?;
    }
    tab.come_back(&mut server)?;
    prop_assert!(tab.timeline.outgoing().is_empty());
    prop_assert!(!tab.timeline.has_gap());
    // What is in the window is what the server has, wherever one scrolls: to the end, to the beginning, and back.
    for to_the_end in [true, false, true] {
        tab.scroll(&server, to_the_end)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_interleaving_ends_as_the_servers_room(steps in prop::collection::vec(step(), 1..80)) {
        run(false, steps)?;
    }

    #[test]
    fn any_interleaving_ends_as_the_servers_thread(steps in prop::collection::vec(step(), 1..80)) {
        run(true, steps)?;
    }
}

/// A room in which people wrote in turn.
fn room(people: &[&str], messages: usize) -> Server {
    let mut server = Server::default();
    for number in 0..messages {
        server.post(people[number % people.len()], nonce(number), None, None);
    }
    server
}

#[test]
fn what_its_author_took_back_stays_away_however_late_it_arrives() {
    let server = room(&["gone", "stays"], 12);
    // Pages that were read before the text was taken away, and arrive after that.
    let (older, newer) = (server.before(None, 5, 4).page, server.since(8, 4));
    let messages = server.before(None, 9, 4).page.events.iter().filter_map(Event::posted).cloned().collect();
    let mut timeline = Timeline::new(author(ME).id, messages, 8, true, 0);
    timeline.apply(server.frames[10].clone());
    timeline.erase(author("gone").id);
    assert_eq!(timeline.prepend(5, &older), Fits::Yes);
    timeline.catch_up(newer);
    assert_eq!(timeline.messages().len(), 12);
    for message in timeline.messages() {
        let gone = message.author == author("gone");
        assert_eq!((message.erased, message.body.is_empty()), (gone, gone), "{message:?}");
    }
    let rows = timeline.rows(&author(ME), |_| 0, None);
    assert_eq!(rows.iter().filter(|row| row.erased).count(), 6);
}

#[test]
fn another_name_is_on_all_that_its_person_wrote() {
    let server = room(&["mei", "ines"], 4);
    let messages = server.before(None, 3, 2).page.events.iter().filter_map(Event::posted).cloned().collect();
    let mut timeline = Timeline::new(author(ME).id, messages, 2, false, 0);
    timeline.apply(server.frames[3].clone());
    timeline.rename(&Author { name: Some("Mei Lin".into()), ..author("mei") });
    let left = Author { name: Some("Deleted person".into()), deleted: true, ..author("mei") };
    timeline.rename(&left);
    timeline.apply(server.frames[2].clone());
    let names: Vec<&str> = timeline.messages().iter().map(|message| message.author.called()).collect();
    assert_eq!(names, ["Deleted person", "ines", "Deleted person", "ines"], "what arrived before, and what came after");
    assert!(timeline.messages().iter().all(|message| message.author.deleted == (message.author.id == left.id)));
}

#[test]
fn a_tab_that_is_left_open_stays_small() {
    let mut server = Server::default();
    let mut tab = Tab::open(&server, None, 4, None, Bounds::default());
    let first = server.post("other", nonce(0), None, None);
    tab.timeline.apply(first);
    for number in 1..3_000 {
        let id = *server.all().last().unwrap();
        let event = if number % 3 == 0 {
            server.react(id, "other", "👍").unwrap()
        } else {
            server.post("other", nonce(number), None, None)
        };
        tab.timeline.apply(event);
        tab.timeline.trim(true);
        assert!(tab.timeline.messages().len() <= 300);
    }
    assert!(!tab.timeline.has_newer() && tab.timeline.has_older());
    assert_eq!(tab.timeline.prepend(tab.timeline.first(), &server.before(None, 5, 5).page), Fits::Yes);
    let mut early = Tab::open(&Server::default(), None, 4, None, Bounds::default());
    for event in server.frames.iter().skip(1) {
        early.timeline.apply(event.clone());
    }
    assert!(early.timeline.has_gap());
    // What was too much to be held is fetched.
    for page in 0..server.frames.len() {
        let _page = page;
        early.timeline.catch_up(server.since(early.timeline.cursor(), 100));
        if !early.timeline.has_gap() {
            break;
        }
    }
    assert_eq!((early.timeline.cursor(), early.timeline.has_gap()), (server.head(), false));
}

#[test]
fn whoever_reads_further_up_is_not_given_more_than_the_list_holds() {
    let server = room(&["other"], 40);
    let mut tab = Tab::open(&Server::default(), None, 4, None, BOUNDS);
    for event in &server.frames {
        tab.timeline.apply(event.clone());
        tab.timeline.trim(false);
    }
    let shown: Vec<i64> = tab.timeline.messages().iter().map(|message| message.seq).collect();
    assert_eq!(shown, (1..=9).collect::<Vec<_>>());
    assert!(tab.timeline.has_newer());
}

#[test]
fn a_page_that_was_asked_for_before_the_window_moved_makes_no_hole() {
    let server = room(&["other"], 40);
    let mut tab = Tab::open(&server, None, 4, Some(20), BOUNDS);
    let late = tab.ask_before(&server, 3);
    for _page in 0..3 {
        let next = tab.ask_after(&server, 4);
        assert_eq!(tab.arrive(next), Fits::Yes);
    }
    assert_eq!(tab.arrive(late), Fits::No);
    tab.check(&server).unwrap();
}

#[test]
fn a_page_that_is_older_than_what_is_remembered_is_asked_for_again() {
    let mut server = room(&["other"], 20);
    let mut tab = Tab::open(&server, None, 4, None, BOUNDS);
    let late = tab.ask_before(&server, 3);
    let id = server.all()[14];
    for _change in 0..=BOUNDS.changes {
        tab.timeline.apply(server.edit(id).unwrap());
    }
    assert_eq!(tab.arrive(late), Fits::TooOld);
    let again = tab.ask_before(&server, 3);
    assert_eq!(tab.arrive(again), Fits::Yes);
    tab.check(&server).unwrap();
}

#[test]
fn a_deletion_that_is_taken_back_brings_back_what_the_reader_had_given() {
    let mut server = room(&["other"], 2);
    let mut tab = Tab::open(&server, None, 4, None, BOUNDS);
    let id = server.all()[0];
    for event in [server.react(id, ME, "👍"), server.react(id, "other", "🎉"), server.delete(id), server.restore(id)]
    {
        tab.timeline.apply(event.unwrap());
    }
    assert_eq!(tab.timeline.message(id).unwrap().reactions, server.message(id).reactions);
}
