//! An open page of somebody: a line, and the list of rooms at its end.

use std::sync::Arc;
use telicat_domain::{
    directory::{Directory, Outcome},
    frame::ServerFrame,
    room::RoomEntry,
};
use telicat_service::{Services, Signed, live::Connection};

pub struct Device {
    services: Services,
    who: Signed,
    list: Directory,
    line: Option<Arc<Connection>>,
}

impl Device {
    pub async fn open(services: &Services, who: Signed) -> Self {
        let list = Directory::new(who.person, Vec::new());
        let mut device = Self { services: services.clone(), who, list, line: None };
        device.turn().await;
        device
    }

    /// The line breaks, or is back: then the list is asked for.
    pub async fn turn(&mut self) {
        match self.line.take() {
            Some(line) => self.services.hub.detach(&line),
            None => {
                self.line = Some(self.services.listen(&self.who).await.unwrap().unwrap());
                self.fetch().await;
            }
        }
    }

    async fn fetch(&mut self) {
        for _ in 0..4 {
            self.list.ask();
            let list = self.services.reading.list(&self.who).await.unwrap();
            if self.list.replace(list) == Outcome::Settled {
                return;
            }
        }
        panic!("it goes on asking");
    }

    /// Takes in what has come.
    pub async fn look(&mut self) {
        let Some(line) = self.line.clone() else { return };
        // There is always something to take, so that nothing is waited for.
        line.pong();
        let mut frames = Vec::new();
        line.next(&mut frames).await.unwrap();
        for frame in frames {
            if self.take(serde_json::from_slice(frame.content()).unwrap()) == Outcome::Fetch {
                self.fetch().await;
            }
        }
    }

    fn take(&mut self, frame: ServerFrame) -> Outcome {
        match frame {
            ServerFrame::Event { room, event } => return self.list.apply(&room, &event),
            ServerFrame::Room { room } => return self.list.enter(*room),
            ServerFrame::Read { room, state } => return self.list.read(&room, state),
            ServerFrame::Lost { room } => self.list.lose(&room),
            ServerFrame::ThreadNews { room, root, .. } => self.list.thread_has_news(&room, root),
            ServerFrame::ThreadRead { room, root, .. } => self.list.thread_is_read(&room, root),
            _ => {}
        }
        Outcome::Settled
    }

    /// Everything arrives, and then the list is the server's.
    pub async fn come_to_rest(&mut self) {
        if self.line.is_none() {
            self.turn().await;
        }
        self.look().await;
        let mut server = self.services.reading.list(&self.who).await.unwrap();
        let mut known: Vec<RoomEntry> = self.list.rooms().cloned().collect();
        for list in [&mut server, &mut known] {
            list.sort_by(|a, b| a.room.slug.cmp(&b.room.slug));
            // Which thread came first is nobody's business.
            list.iter_mut().for_each(|entry| entry.threads.sort());
        }
        assert_eq!(known, server, "of {}", self.who.author.handle);
    }
}
