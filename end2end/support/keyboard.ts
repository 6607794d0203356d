import { expect, type Locator, type Page } from "@playwright/test";

/** More than any page of an account has places to stop at. */
const MOST_PRESSES = 60;

/** Presses Tab until the element has the focus, or Shift+Tab with `back`. It is on the screen then. */
export async function tabTo(page: Page, target: Locator, { back = false } = {}): Promise<void> {
  const passed: string[] = [];
  while (passed.length < MOST_PRESSES) {
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
    const { reached, focused } = await target.evaluate((element) => {
      const active = document.activeElement;
      const words = active?.getAttribute("aria-label") ?? active?.getAttribute("name") ?? active?.textContent ?? "";
      const focused = active === document.body ? "nothing" : `${active?.localName} "${words.trim().slice(0, 40)}"`;
      return { reached: element === active, focused };
    });
    if (reached) return hasFocus(target);
    passed.push(focused);
  }
  throw new Error(`Tab does not lead to ${target}, but to:\n${passed.join("\n")}`);
}

/** That an element has the focus, where one sees it. */
export async function hasFocus(target: Locator): Promise<void> {
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport();
}

/** Goes to a button or link, and presses it. */
export async function press(page: Page, target: Locator, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field, and types. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

/** Types something else into the field that has the focus. */
export async function typeInstead(page: Page, text: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(text);
}
