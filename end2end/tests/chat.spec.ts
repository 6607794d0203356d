import type { Page } from "@playwright/test";
import { BROKEN, CUT } from "../support/faults";
import { ROOM_PATH } from "../support/person";
import { box, isConfirmed, isSameDocument, mark, messages, open, openRoom, ready, say, saying, shown } from "../support/room";
import { expect, test } from "../support/test";

const POST = "**/api/messages/post";
const FAULT = { status: 500, contentType: "application/json", body: JSON.stringify({ error: "internal" }) };

/** The texts that a page posts from now on. */
function posts(page: Page): string[] {
  const bodies: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "POST" || !request.url().endsWith("/api/messages/post")) return;
    bodies.push(new URLSearchParams(request.postData() ?? "").get("body") ?? "");
  });
  return bodies;
}

test("two people talk, and neither loads a page again", async ({ person }) => {
  const [ines, mei] = [await person("ines"), await person("mei")];
  await openRoom(ines.page);
  await openRoom(mei.page);
  await mark(ines.page);
  await mark(mei.page);

  await say(ines.page, `Anybody there? ${ines.name}`);
  await expect(saying(mei.page, `Anybody there? ${ines.name}`)).toBeVisible();
  await say(mei.page, `Here I am. ${mei.name}`);
  await expect(saying(ines.page, `Here I am. ${mei.name}`)).toBeVisible();
  await expect(saying(ines.page, `Here I am. ${mei.name}`).getByRole("link", { name: mei.name })).toHaveAttribute(
    "href",
    `/@${mei.name}`,
  );

  for (const page of [ines.page, mei.page]) {
    await isConfirmed(saying(page, `Anybody there? ${ines.name}`));
    await isConfirmed(saying(page, `Here I am. ${mei.name}`));
    await isSameDocument(page);
  }
});

test("an own message is there before the server answers, and is confirmed where it stands", async ({ person }) => {
  const { page, name } = await person("quick");
  await openRoom(page);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(POST, async (route) => {
    await released;
    await route.continue();
  });
  const text = `At once ${name}`;
  await say(page, text);
  const row = saying(page, text);
  await expect(row).toHaveClass(/message--sending/);
  await expect(row).toContainText("Sending");
  await expect(row).not.toHaveAttribute("data-seq");
  await expect(box(page)).toHaveValue("");
  await expect(box(page)).toBeFocused();

  const node = await row.elementHandle();
  release();
  await isConfirmed(row);
  expect(await node?.getAttribute("data-seq"), "it is the same element").toMatch(/^\d+$/);
  await expect(row).not.toContainText("Sending");
});

test("Enter sends, Shift and Enter breaks the line, and an input method keeps its Enter", async ({ person }) => {
  const { page, name } = await person("typist");
  await openRoom(page);
  const posted = posts(page);
  await box(page).pressSequentially(`one ${name}`);
  await box(page).press("Shift+Enter");
  await box(page).pressSequentially("two");
  await expect(box(page)).toHaveValue(`one ${name}\ntwo`);

  const taken = await box(page).evaluate((field) => {
    const enter = { key: "Enter", isComposing: true, bubbles: true, cancelable: true };
    return !field.dispatchEvent(new KeyboardEvent("keydown", enter));
  });
  expect(taken, "the page took the Enter of the input method").toBe(false);
  await expect(box(page)).toHaveValue(`one ${name}\ntwo`);

  await box(page).press("Enter");
  const row = messages(page).filter({ hasText: `one ${name}` });
  await isConfirmed(row);
  expect(await row.locator(".message__body").innerText()).toBe(`one ${name}\ntwo`);
  expect(posted).toEqual([`one ${name}\ntwo`]);
});

test("Ctrl and Enter sends, and so does the button", async ({ person }) => {
  const { page, name } = await person("clicker");
  await openRoom(page);
  await box(page).fill(`by keys ${name}`);
  await box(page).press("Control+Enter");
  await isConfirmed(saying(page, `by keys ${name}`));
  await box(page).fill(`by button ${name}`);
  await page.getByRole("button", { name: "Send" }).click();
  await isConfirmed(saying(page, `by button ${name}`));
});

test("under a finger Enter breaks the line, and the button sends", async ({ person }) => {
  const { page, name } = await person("thumb", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await openRoom(page);
  await box(page).pressSequentially(`first ${name}`);
  await box(page).press("Enter");
  await box(page).pressSequentially("second");
  await expect(box(page)).toHaveValue(`first ${name}\nsecond`);
  await page.getByRole("button", { name: "Send" }).tap();
  await isConfirmed(messages(page).filter({ hasText: `first ${name}` }));
});

test("an empty message is not sent", async ({ person }) => {
  const { page, name } = await person("silent");
  await openRoom(page);
  const posted = posts(page);
  await box(page).press("Enter");
  await box(page).fill("  \n  ");
  await box(page).press("Enter");
  await page.getByRole("button", { name: "Send" }).click();
  await say(page, `something ${name}`);
  await isConfirmed(saying(page, `something ${name}`));
  expect(posted).toEqual([`something ${name}`]);
});

test("a message that is too long is refused beside the box, with the text kept", async ({ person }) => {
  const { page } = await person("talker");
  await openRoom(page);
  const posted = posts(page);
  const long = "m".repeat(10_001);
  await say(page, long);
  await expect(box(page)).toHaveAttribute("aria-invalid", "true");
  await expect(box(page)).toHaveAccessibleDescription(
    "A message has at most 10,000 characters. Shorten it, or send it in parts. 1 character too many.",
  );
  await expect(box(page)).toHaveValue(long);
  await say(page, "m".repeat(10_000));
  await expect(box(page)).not.toHaveAttribute("aria-invalid");
  await expect(box(page)).toHaveValue("");
  await expect.poll(() => posted.map((text) => text.length)).toEqual([10_000]);
});

test("a message that the server could not take can be sent again, once", async ({ person, faults }) => {
  faults.expect(BROKEN);
  const [writer, reader] = [await person("unlucky"), await person("witness")];
  await openRoom(writer.page);
  await openRoom(reader.page);
  await writer.page.route(POST, (route) => route.fulfill(FAULT), { times: 1 });
  const text = `In the end ${writer.name}`;
  await say(writer.page, text);
  const row = saying(writer.page, text);
  await expect(row).toHaveClass(/message--failed/);
  await expect(row.getByRole("alert")).toContainText("Not sent. The server could not do this.");
  await expect(row.getByRole("button", { name: "Copy" })).toBeVisible();
  await expect(row.getByRole("button", { name: "Delete" })).toBeVisible();
  await row.getByRole("button", { name: "Retry" }).click();
  await isConfirmed(row);
  await isConfirmed(saying(reader.page, text));
});

test("a message that failed can be copied, and deleted", async ({ person, server, faults }) => {
  faults.expect(BROKEN);
  const { page, name, context } = await person("doubter");
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  await openRoom(page);
  await page.route(POST, (route) => route.fulfill(FAULT));
  const text = `Better not ${name}`;
  await say(page, text);
  const row = saying(page, text);
  await row.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await row.getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
  await page.reload();
  await ready(page);
  await expect(row).toHaveCount(0);
});

test("a message that failed is still there after a reload, and can still be sent", async ({ person, faults }) => {
  faults.expect(BROKEN);
  const { page, name } = await person("stubborn");
  await openRoom(page);
  await page.route(POST, (route) => route.fulfill(FAULT));
  const text = `Do not lose me ${name}`;
  await say(page, text);
  const row = saying(page, text);
  await expect(row).toHaveClass(/message--failed/);
  await page.reload();
  await ready(page);
  await expect(row).toHaveClass(/message--failed/);
  await expect(row).toHaveCount(1);
  await page.unroute(POST);
  await row.getByRole("button", { name: "Retry" }).click();
  await isConfirmed(row);
  await page.reload();
  await ready(page);
  await isConfirmed(row);
});

test("a message that was on its way when the page was left arrives, once", async ({ person, faults }) => {
  faults.expect(CUT);
  const { page, name } = await person("hasty");
  await openRoom(page);
  await page.route(POST, (route) => route.abort());
  const text = `Right before leaving ${name}`;
  await say(page, text);
  await expect(saying(page, text)).toHaveClass(/message--sending/);
  await page.unroute(POST);
  await page.reload();
  await ready(page);
  await isConfirmed(saying(page, text));
});

test("messages that are sent in quick succession stand in the order of writing, for everybody", async ({ person }) => {
  const [writer, reader] = [await person("rapid"), await person("calm")];
  await openRoom(writer.page);
  await openRoom(reader.page);
  const texts = Array.from({ length: 12 }, (_, index) => `${writer.name} ${index}`);
  for (const text of texts) await say(writer.page, text);
  for (const page of [writer.page, reader.page]) {
    const own = async () => (await shown(page)).map((row) => row.text).filter((text) => text.startsWith(`${writer.name} `));
    await expect.poll(own).toEqual(texts);
  }
});

test("text that looks like a program is shown and does nothing", async ({ person }) => {
  const [writer, reader] = [await person("coder"), await person("tester")];
  await openRoom(reader.page);
  await openRoom(writer.page);
  const text = `</script><script>document.title = "mine"</script><img src=x onerror="document.title = 'mine'"> & &amp; ${writer.name}`;
  // All of it stands there; a name of a character is that character, as everywhere in Markdown.
  const read = text.replace("&amp;", "&");
  await say(writer.page, text);
  await isConfirmed(saying(writer.page, read));
  await isConfirmed(saying(reader.page, read));
  await expect(messages(reader.page).locator(":is(script, img[src=x])")).toHaveCount(0);
  await reader.page.reload();
  await ready(reader.page);
  await isConfirmed(saying(reader.page, read));
  await expect(messages(reader.page).locator(":is(script, img[src=x])")).toHaveCount(0);
  await expect(writer.page).not.toHaveTitle("mine");
  await expect(reader.page).not.toHaveTitle("mine");
});

test("a draft is still there after a reload, and gone once it is sent", async ({ person }) => {
  const { page, name } = await person("slow");
  await open(page, ROOM_PATH);
  await box(page).pressSequentially(`Half a thought ${name}`);
  await page.reload();
  await ready(page);
  await expect(box(page)).toHaveValue(`Half a thought ${name}`);
  await box(page).press("Enter");
  await isConfirmed(saying(page, `Half a thought ${name}`));
  await page.reload();
  await ready(page);
  await expect(box(page)).toHaveValue("");
});

test("what is typed before the scripts arrive is kept when they do", async ({ person }) => {
  const { page, name } = await person("early");
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/telicat.wasm", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(ROOM_PATH, { waitUntil: "commit" });
  await box(page).fill(`Faster than the script ${name}`);
  release();
  await ready(page);
  await expect(box(page)).toHaveValue(`Faster than the script ${name}`);
  await box(page).press("Enter");
  await isConfirmed(saying(page, `Faster than the script ${name}`));
});

test("two tabs of one person show the same, once", async ({ person }) => {
  const { page, context, name } = await person("twofold");
  const other = await context.newPage();
  await openRoom(page);
  await openRoom(other);
  await say(page, `from the first ${name}`);
  await isConfirmed(saying(other, `from the first ${name}`));
  await say(other, `from the second ${name}`);
  await isConfirmed(saying(page, `from the second ${name}`));
  await isConfirmed(saying(page, `from the first ${name}`));
});
