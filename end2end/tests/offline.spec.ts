import { CUT } from "../support/faults";
import {
  areWithoutGap,
  box,
  connection,
  cutOff,
  endsWith,
  isConfirmed,
  isSameDocument,
  mark,
  messages,
  openRoom,
  say,
  saying,
  scrollToTop,
  shown,
} from "../support/room";
import { expect, test } from "../support/test";

test.use({ alone: true });

test("what was said while one was away is all there after, once and in order", async ({ person, account, faults }) => {
  faults.expect(CUT);
  const traveller = await person("traveller");
  const other = await account("home");
  await openRoom(traveller.page);
  await other.post("before");
  await expect(saying(traveller.page, "before")).toBeVisible();
  await mark(traveller.page);
  await cutOff(traveller.page);
  const posted = await other.postMany(120, "while away");
  await traveller.context.setOffline(false);
  await endsWith(traveller.page, posted.at(-1)!.seq);

  const rows = await shown(traveller.page);
  expect(areWithoutGap(rows), "the numbers follow one another").toBe(true);
  expect(rows.map((row) => row.text)).toEqual(["before", ...posted.map((message) => message.body)]);
  await isSameDocument(traveller.page);
});

test("what was said in a long absence is all there too", async ({ person, account, faults }) => {
  test.slow();
  faults.expect(CUT);
  const traveller = await person("castaway");
  const other = await account("mainland");
  await openRoom(traveller.page);
  await other.post("before");
  await expect(saying(traveller.page, "before")).toBeVisible();
  await mark(traveller.page);
  await cutOff(traveller.page);
  const posted = await other.postMany(600, "long ago");
  await traveller.context.setOffline(false);
  await endsWith(traveller.page, posted.at(-1)!.seq);

  // A page holds at most 300 messages, and what is before them comes when one scrolls there.
  const seen = new Map<number, string>();
  const look = async () => {
    const rows = await shown(traveller.page);
    expect(rows.length).toBeLessThanOrEqual(300);
    expect(areWithoutGap(rows), "the numbers follow one another").toBe(true);
    for (const row of rows) seen.set(row.seq, row.text);
    return rows;
  };
  const newest = await look();
  expect(newest.map((row) => row.text)).toEqual(posted.slice(-newest.length).map((message) => message.body));
  await expect(async () => {
    await scrollToTop(traveller.page);
    expect((await look())[0].seq).toBe(1);
  }).toPass({ timeout: 60_000, intervals: [200] });
  const all = [...seen].sort(([one], [other]) => one - other).map(([, text]) => text);
  expect(all).toEqual(["before", ...posted.map((message) => message.body)]);
  await isSameDocument(traveller.page);
});

test("what is written without a connection is sent when it is back", async ({ person, faults }) => {
  faults.expect(CUT);
  const [writer, reader] = [await person("mountain"), await person("valley")];
  await openRoom(writer.page);
  await openRoom(reader.page);
  await cutOff(writer.page);
  await expect(writer.page.getByText("Not connected: it will be sent when back.")).toBeVisible();
  await expect(box(writer.page)).toBeEditable();
  await say(writer.page, "from the summit");
  await say(writer.page, "and down again");
  await expect(saying(writer.page, "from the summit")).toHaveClass(/message--sending/);
  await expect(saying(writer.page, "and down again")).toHaveClass(/message--sending/);
  await writer.context.setOffline(false);
  for (const page of [writer.page, reader.page]) {
    await isConfirmed(saying(page, "from the summit"));
    await isConfirmed(saying(page, "and down again"));
    expect((await shown(page)).map((row) => row.text)).toEqual(["from the summit", "and down again"]);
  }
});

test("a cut connection is said after a few seconds, with a way to try, and no longer when it is back", async ({
  person,
  faults,
}) => {
  faults.expect(CUT);
  const { page, context } = await person("patient");
  await openRoom(page);
  await expect(connection(page)).toBeEmpty();
  await context.setOffline(true);
  await expect(connection(page)).toContainText("Not connected.", { timeout: 15_000 });
  await expect(connection(page).getByRole("button", { name: "Try now" })).toBeVisible();
  await expect(connection(page)).toContainText(/Next try in \d+ s\.|Trying now\./);
  await context.setOffline(false);
  await expect(connection(page)).toBeEmpty();
});

test("a cut is not worth a word for five seconds", async ({ person, faults }) => {
  faults.expect(CUT);
  const { page, context } = await person("calm");
  await page.clock.install();
  await openRoom(page);
  await page.clock.pauseAt(Date.now() + 60_000);
  await context.setOffline(true);
  await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
  await page.clock.runFor(4_000);
  await expect(connection(page)).toBeEmpty();
  await page.clock.runFor(3_000);
  await expect(connection(page)).toContainText("Not connected.");
  await expect(connection(page)).toContainText(/Next try in \d+ s\.|Trying now\./);
  await context.setOffline(false);
  await page.clock.resume();
  await expect(connection(page)).toBeEmpty();
});

test("a server that was away is found again by \"Try now\"", async ({ person, server, faults }) => {
  faults.expect(CUT);
  const { page } = await person("faithful");
  await openRoom(page);
  await server.kill();
  await expect(connection(page)).toContainText("Not connected.", { timeout: 15_000 });
  await server.startAgain();
  await connection(page).getByRole("button", { name: "Try now" }).click();
  await expect(connection(page)).toBeEmpty({ timeout: 5_000 });
  await say(page, "good as new");
  await isConfirmed(saying(page, "good as new"));
});

test("a server that dies in the middle of talk loses and doubles nothing", async ({ person, account, server, faults }) => {
  test.slow();
  faults.expect(CUT);
  const [left, right] = [await person("left"), await person("right")];
  const talkers = [await account("talker"), await account("talker")];
  await openRoom(left.page);
  await openRoom(right.page);
  await mark(left.page);
  await mark(right.page);

  const acknowledged = new Map<number, string>();
  let enough = () => {};
  const hasEnough = new Promise<void>((resolve) => (enough = resolve));
  const talk = Array.from({ length: 20 }, async (_, lane) => {
    for (let number = 0; number < 12; number += 1) {
      const message = await talkers[lane % talkers.length].postAtAnyPrice(`lane ${lane} message ${number}`);
      acknowledged.set(message.seq, message.body);
      if (acknowledged.size === 80) enough();
    }
  });
  await hasEnough;
  await say(left.page, "said by hand just before");
  await server.kill();
  await say(right.page, "said by hand just after");
  await server.startAgain();
  await Promise.all(talk);
  expect(acknowledged.size, "each acknowledged message has a number of its own").toBe(240);

  for (const { page } of [left, right]) {
    await expect(messages(page)).toHaveCount(242, { timeout: 45_000 });
    await isConfirmed(saying(page, "said by hand just before"));
    await isConfirmed(saying(page, "said by hand just after"));
    const rows = await shown(page);
    expect(rows).toHaveLength(242);
    expect(areWithoutGap(rows), "the numbers follow one another").toBe(true);
    expect(new Set(rows.map((row) => row.text)).size, "no text is there twice").toBe(242);
    const bySeq = new Map(rows.map((row) => [row.seq, row.text]));
    const lost = [...acknowledged].filter(([seq, text]) => bySeq.get(seq) !== text);
    expect(lost, "acknowledged messages that the page does not show").toEqual([]);
    await isSameDocument(page);
  }
});
