import { expect } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Server } from "./server";

/** The mails to an address, the oldest first: without a mail server they are files in the data folder. */
export async function mailsTo(server: Server, address: string): Promise<string[]> {
  const outbox = join(server.data, "outbox");
  const names = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith(".eml")).sort();
  const mails = await Promise.all(names.map(async (name) => decoded(await readFile(join(outbox, name), "utf8"))));
  return mails.filter((mail) => /^To: (.*)$/m.exec(mail)?.[1].includes(address));
}

/** The path of the newest link in the mails to an address that begins with `path`, once there is one that is not `not`. */
export async function linkTo(server: Server, address: string, path: string, not?: string): Promise<string> {
  let found: string | undefined;
  await expect(async () => {
    const links = (await mailsTo(server, address)).flatMap((mail) => [...mail.matchAll(/^(https?:\/\/\S+)$/gm)]);
    const paths = links.map(([link]) => new URL(link).pathname).filter((link) => link.startsWith(path));
    found = paths.at(-1);
    expect(found).toBeDefined();
    expect(found).not.toBe(not);
  }).toPass({ timeout: 10_000 });
  return found!;
}

/** Without the line breaks and codes of quoted-printable (RFC 2045 section 6.7). */
function decoded(mail: string): string {
  const plain = mail.replaceAll("\r\n", "\n");
  if (!/^Content-Transfer-Encoding: quoted-printable$/im.test(plain)) return plain;
  return plain
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
