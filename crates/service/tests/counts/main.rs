//! The server's counts of what is unread are those of a model that looks at everything, and the lists of open pages end
//! as the server's: under any order of posts, edits, deletions, reads on several devices, removals and reconnects. The
//! histories are random, and the same each time.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

mod device;
mod model;

use device::Device;
use model::{Counts, OWNER, PEOPLE, Room, TEXTS};
use proptest::{prelude::*, sample::Index, strategy::ValueTree, test_runner::TestRunner};
use telicat_domain::ApiError;
use telicat_service::{
    Error, Services, Settings, Signed,
    messages::Place,
    testing::{TestService, settings},
};
use telicat_store::{Db, testing::both};

const HISTORIES: usize = 24;
const STEPS: std::ops::Range<usize> = 20..70;
/// Whose pages are open.
const DEVICES: [usize; 4] = [0, 0, 1, 2];

#[derive(Debug, Clone)]
enum Step {
    Post {
        who: usize,
        text: usize,
        thread: Option<Index>,
    },
    Edit {
        which: Index,
        text: usize,
    },
    Delete {
        which: Index,
        by_owner: bool,
    },
    Restore {
        which: Index,
    },
    Read {
        who: usize,
        upto: Index,
    },
    Unread {
        who: usize,
        from: Index,
    },
    Follow {
        who: usize,
        which: Index,
        on: bool,
    },
    ReadThread {
        who: usize,
        which: Index,
        upto: Index,
    },
    /// Somebody but the owner is removed from the group, or comes back.
    Door {
        who: usize,
    },
    /// What has come is taken in.
    Look {
        device: usize,
    },
    /// The line breaks, or is back.
    Line {
        device: usize,
    },
}

fn step() -> impl Strategy<Value = (bool, Step)> {
    let (who, text, index) = (0..PEOPLE.len(), 0..TEXTS.len(), any::<Index>);
    let device = 0..DEVICES.len();
    let thread = prop::option::weighted(0.3, index());
    let step = prop_oneof![
        8 => (who.clone(), text.clone(), thread).prop_map(|(who, text, thread)| Step::Post { who, text, thread }),
        3 => (index(), text).prop_map(|(which, text)| Step::Edit { which, text }),
        3 => (index(), any::<bool>()).prop_map(|(which, by_owner)| Step::Delete { which, by_owner }),
        3 => index().prop_map(|which| Step::Restore { which }),
        4 => (who.clone(), index()).prop_map(|(who, upto)| Step::Read { who, upto }),
        2 => (who.clone(), index()).prop_map(|(who, from)| Step::Unread { who, from }),
        1 => (who.clone(), index(), any::<bool>()).prop_map(|(who, which, on)| Step::Follow { who, which, on }),
        2 => (who, index(), index()).prop_map(|(who, which, upto)| Step::ReadThread { who, which, upto }),
        1 => prop::sample::select(vec![0, 2]).prop_map(|who| Step::Door { who }),
        4 => device.clone().prop_map(|device| Step::Look { device }),
        1 => device.prop_map(|device| Step::Line { device }),
    ];
    (prop::bool::weighted(0.3), step)
}

struct World {
    service: TestService,
    people: Vec<Signed>,
    /// The group, and the public room.
    slugs: [String; 2],
    rooms: [Room; 2],
    devices: Vec<Device>,
    seconds: i64,
}

impl World {
    async fn begin(db: Db) -> Self {
        let service = TestService::with(db, Settings { rate_limits: false, ..settings() }).await;
        let mut people = Vec::new();
        for name in PEOPLE {
            people.push(service.sign_up(name).await);
        }
        let group = service.services.create_room(&people[OWNER], "Dome", "").await.unwrap().to_string();
        service.services.add_members(&people[OWNER], &group, "mei tom").await.unwrap();
        // The owner begins it, then two come.
        let rooms = [Room::new(false, 3, [2, 1, 3]), Room::new(true, 0, [0; 3])];
        let mut devices = Vec::new();
        for who in DEVICES {
            devices.push(Device::open(&service.services, people[who].clone()).await);
        }
        Self { service, people, slugs: [group, "public-chat".to_owned()], rooms, devices, seconds: 0 }
    }

    fn services(&self) -> &Services {
        &self.service.services
    }

    /// What the server does is what the model does, also when it refuses.
    async fn step(&mut self, public: bool, step: &Step) {
        let here = usize::from(public);
        let (room, slug) = (&self.rooms[here], self.slugs[here].as_str());
        let (messages, reading) = (&self.services().messages, &self.services().reading);
        let any = |which: &Index| (room.len() > 0).then(|| which.index(room.len().max(1)));
        let number = |which: &Index| i64::try_from(which.index(usize::try_from(room.head()).unwrap() + 2)).unwrap();
        match step {
            Step::Post { who, text, thread } => {
                let thread = thread.as_ref().and_then(any);
                let place = Place { reply_to: None, root: thread.map(|place| room.id(place)) };
                let posted = messages.post_at(&self.people[*who], slug, TEXTS[*text].text, None, place).await;
                if is_done(&posted, room.has(*who)) {
                    self.rooms[here].posted(posted.unwrap().id, *who, *text, thread);
                }
            }
            Step::Edit { which, text } => {
                let Some(place) = any(which) else { return };
                let author = &self.people[room.author(place)];
                let edited = messages.edit(author, room.id(place), TEXTS[*text].text).await;
                is_done(&edited, self.rooms[here].edit(place, *text));
            }
            Step::Delete { which, by_owner } => {
                let Some(place) = any(which) else { return };
                let by = if *by_owner { OWNER } else { room.author(place) };
                let deleted = messages.delete(&self.people[by], room.id(place)).await;
                is_done(&deleted, self.rooms[here].delete(place, by, self.seconds));
            }
            Step::Restore { which } => {
                let Some(place) = any(which) else { return };
                let id = room.id(place);
                let (seconds, people) = (self.seconds, self.people.clone());
                let messages = messages.clone();
                if let Some(by) = self.rooms[here].restore(place, seconds) {
                    messages.restore(&people[by], id).await.unwrap();
                }
            }
            Step::Read { who, upto } => {
                let told = reading.read(&self.people[*who], slug, number(upto)).await;
                if is_done(&told, room.has(*who)) {
                    let seq = number(upto);
                    self.rooms[here].read(*who, seq);
                    self.rooms[here].counts(*who).assert_is(&told.unwrap());
                }
            }
            Step::Unread { who, from } => {
                let told = reading.unread(&self.people[*who], slug, number(from)).await;
                if is_done(&told, room.has(*who)) {
                    let seq = number(from);
                    self.rooms[here].unread(*who, seq);
                    self.rooms[here].counts(*who).assert_is(&told.unwrap());
                }
            }
            Step::Follow { who, which, on } => {
                let Some(place) = any(which) else { return };
                let done = messages.follow(&self.people[*who], room.id(place), *on).await;
                if is_done(&done, room.has(*who)) {
                    self.rooms[here].follow(place, *who, *on);
                }
            }
            Step::ReadThread { who, which, upto } => {
                let Some(place) = any(which) else { return };
                let seq = number(upto);
                let done = messages.read_thread(&self.people[*who], room.id(place), seq).await;
                if is_done(&done, room.has(*who)) {
                    self.rooms[here].read_thread(place, *who, seq);
                }
            }
            Step::Door { who } => self.door(*who).await,
            Step::Look { device } => self.devices[*device].look().await,
            Step::Line { device } => self.devices[*device].turn().await,
        }
    }

    async fn door(&mut self, who: usize) {
        // Whoever comes back does so at another time.
        self.service.clock.advance_seconds(1);
        self.seconds += 1;
        let (owner, slug) = (&self.people[OWNER], self.slugs[0].as_str());
        if self.rooms[0].has(who) {
            self.services().remove_member(owner, slug, self.people[who].person).await.unwrap();
        } else {
            self.services().add_members(owner, slug, PEOPLE[who]).await.unwrap();
        }
        self.rooms[0].door(who);
    }

    async fn compare(&self) {
        for (who, signed) in self.people.iter().enumerate() {
            let list = self.services().reading.list(signed).await.unwrap();
            for (slug, room) in self.slugs.iter().zip(&self.rooms) {
                let found = list.iter().find(|entry| entry.room.slug.as_str() == slug).map(Counts::of);
                let expected = room.has(who).then(|| room.counts(who));
                assert_eq!(found, expected, "{slug}, for {}", PEOPLE[who]);
            }
        }
    }

    async fn come_to_rest(&mut self) {
        for device in &mut self.devices {
            device.come_to_rest().await;
        }
    }
}

/// Whether something was done, which it was when that was right.
fn is_done<T: std::fmt::Debug>(answer: &Result<T, Error>, right: bool) -> bool {
    match answer {
        Ok(_) => assert!(right, "{answer:?}"),
        Err(Error::Api(ApiError::NotFound | ApiError::Forbidden)) => assert!(!right, "{answer:?}"),
        Err(error) => panic!("{error}"),
    }
    right
}

#[tokio::test]
async fn counts_are_those_of_a_model_and_the_lists_of_pages_end_as_the_servers() {
    both(|db| async move {
        let mut runner = TestRunner::deterministic();
        let histories = prop::collection::vec(step(), STEPS);
        let mut world = World::begin(db).await;
        for number in 0..HISTORIES {
            let history = histories.new_tree(&mut runner).unwrap().current();
            eprintln!("history {number}: {history:?}");
            for (public, step) in &history {
                world.step(*public, step).await;
                world.compare().await;
            }
            world.come_to_rest().await;
        }
    })
    .await;
}
