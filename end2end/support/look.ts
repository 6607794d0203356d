import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, type TestInfo } from "@playwright/test";

/** A phone, a tablet and a desk. */
export const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
];

/** Each of the sizes in light and in dark: what a browser is told, and a name for it. */
export const LOOKS = (["light", "dark"] as const).flatMap((colorScheme) =>
  SIZES.map((viewport) => ({
    name: `${colorScheme} at ${viewport.width}x${viewport.height}`,
    options: { colorScheme, viewport, reducedMotion: "reduce" } as const,
  })),
);

/** Keeps a picture of the page with what the tests build. */
export async function keep(page: Page, info: TestInfo, name: string, { fullPage = false } = {}): Promise<void> {
  const path = info.outputPath(`${name.replaceAll(" ", "-")}.png`);
  await page.screenshot({ path, animations: "disabled", fullPage });
  await info.attach(name, { path, contentType: "image/png" });
}

/** Nothing sticks out sideways: neither of the page nor of a list of messages. */
export async function fitsInWidth(page: Page, name = page.url()): Promise<void> {
  const wide = await page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll(".timeline")];
    return boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => `${box.nodeName} ${box.className}`);
  });
  expect.soft(wide, `${name} is too wide for ${page.viewportSize()?.width} pixels`).toEqual([]);
}

/** Whether a page, or a part of it, breaks none of axe's rules. */
export async function passesAxe(page: Page, part?: string, name = page.url()): Promise<void> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (part ? builder.include(part) : builder).analyze();
  const found = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary?.replaceAll("\n", " ")}`),
  );
  expect.soft(found, `axe: ${name}, at ${page.viewportSize()?.width} pixels`).toEqual([]);
}

/** The page as it is: kept as a picture, not too wide, and without a fault that axe finds. */
export async function looksRight(page: Page, info: TestInfo, name: string, { fullPage = false } = {}): Promise<void> {
  await keep(page, info, name, { fullPage });
  await fitsInWidth(page, name);
  await passesAxe(page, undefined, name);
}

/** The whole page at three widths, light and dark. */
export async function looksRightEverywhere(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const look of LOOKS) {
    const { viewport, ...media } = look.options;
    await page.emulateMedia(media);
    await page.setViewportSize(viewport);
    await looksRight(page, info, `${name} ${look.name}`, { fullPage: true });
  }
}
