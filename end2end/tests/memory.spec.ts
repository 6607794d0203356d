import { held, type Held } from "../support/memory";
import { message, openIn, postIn } from "../support/message";
import type { Account } from "../support/person";
import { isSameDocument, mark, saying, shown } from "../support/room";
import { goTo, group, pathOf } from "../support/rooms";
import { expect, test } from "../support/test";

test.use({ alone: true });

const KIB = 1024;

/** That no more is held than before, but for what a browser notes of itself. WebAssembly grows by pages of 64 KiB. */
function isFlat(before: Held, after: Held): void {
  const grown = (what: keyof Held) => after[what] - before[what];
  expect.soft(grown("wasm"), "bytes of WebAssembly more").toBeLessThanOrEqual(256 * KIB);
  expect.soft(grown("objects"), "bytes of objects more").toBeLessThanOrEqual(768 * KIB);
  expect.soft(grown("nodes"), "nodes more").toBeLessThanOrEqual(200);
  expect.soft(grown("listeners"), "listeners more").toBeLessThanOrEqual(20);
}

/** Twenty events of a room, of every kind that messages have: half of them are messages that it shows. */
async function twenty(room: string, one: Account, other: Account, round: number): Promise<void> {
  const first = await postIn(one, room, `round ${round}`);
  const second = await postIn(other, room, `an answer in round ${round}`, { reply_to: first.id });
  await postIn(one, room, "a reply", { root: second.id });
  const change = (account: Account, verb: string, fields: Record<string, string> = {}) =>
    account.call(`/api/messages/${verb}`, { message: first.id, ...fields });
  await change(other, "react", { emoji: "👍", on: "true" });
  await change(one, "edit", { body: `round ${round}, said better` });
  await change(one, "pin", { on: "true" });
  await change(one, "pin", { on: "false" });
  await change(other, "react", { emoji: "👍", on: "false" });
  await change(one, "delete");
  await change(one, "restore");
  await postIn(other, room, "another reply", { root: second.id });
  await change(one, "delete");
  for (let number = 3; number <= 10; number += 1) await postIn(other, room, `round ${round}, number ${number}`);
}

test("a tab that hears 2,000 events of all kinds, in its room and in another, holds no more than after some", async ({
  person,
  account,
}) => {
  test.setTimeout(180_000);
  const [{ page, account: reader }, one, other] = [await person("reader"), await account("one"), await account("other")];
  const rooms = [await group(one, "Shown", [reader, other]), await group(one, "Elsewhere", [reader, other])];
  await openIn(page, pathOf(rooms[0]));
  await mark(page);
  const hear = async (rounds: number) => {
    for (let round = 1; round <= rounds; round += 5) {
      const lanes = [0, 1, 2, 3, 4].flatMap((lane) => rooms.map((room) => twenty(room, one, other, round + lane)));
      await Promise.all(lanes);
    }
    const last = await postIn(one, rooms[0], `the last of ${rounds}`);
    await expect(message(page, last.id)).toBeVisible({ timeout: 60_000 });
  };
  // Until as many messages are shown as are ever shown at once, and until the gaps in memory that rows and threads
  // leave behind them are as large as they get: after that a tab took 128 KiB more in 9,000 events.
  await hear(40);
  await hear(40);
  expect((await shown(page)).length).toBeGreaterThan(250);
  const before = await held(page);
  await hear(50);
  isFlat(before, await held(page));
  expect((await shown(page)).length).toBeLessThanOrEqual(300);
  await isSameDocument(page);
});

test("a tab that goes from room to room a hundred times holds no more than after some", async ({ person, account }) => {
  test.setTimeout(180_000);
  const [{ page, account: reader }, one] = [await person("reader"), await account("one")];
  const rooms = [await group(one, "Here", [reader]), await group(one, "There", [reader])];
  for (const room of rooms) {
    for (let number = 1; number <= 60; number += 1) await postIn(one, room, `${room} ${number}`);
  }
  await openIn(page, pathOf(rooms[0]));
  await mark(page);
  const walk = async (times: number) => {
    for (let time = 1; time <= times; time += 1) {
      const room = rooms[time % rooms.length];
      await goTo(page, room);
      await expect(saying(page, `${room} 60`)).toBeVisible();
    }
  };
  await walk(30);
  const before = await held(page);
  await walk(100);
  isFlat(before, await held(page));
  await isSameDocument(page);
});
