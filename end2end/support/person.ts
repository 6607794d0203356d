import type { BrowserContext, Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

export const PASSWORD = "a lantern on the hill";
export const ROOM = "public-chat";
export const ROOM_PATH = `/chat/room/${ROOM}`;

/** A message, as the server answers it. */
export interface Posted {
  seq: number;
  id: string;
  body: string;
}

/** Somebody with an account, by the protocol and without a browser. */
export class Account {
  private constructor(
    readonly url: string,
    readonly name: string,
    readonly email: string,
    readonly cookie: string,
  ) {}

  static async signUp(url: string, name: string): Promise<Account> {
    const email = `${name}@example.org`;
    const answer = await send(`${url}/api/accounts/signup`, { email, username: name, password: PASSWORD });
    if (!answer.ok) throw new Error(`${name} could not sign up: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers.getSetCookie().map((line) => /^telicat=([^;]+)/.exec(line)?.[1]).find(Boolean);
    if (!cookie) throw new Error(`${name} signed up and got no session`);
    return new Account(url, name, email, cookie);
  }

  async post(body: string, nonce: string = randomUUID()): Promise<Posted> {
    const answer = await this.send("/api/messages/post", { room: ROOM, body, nonce });
    if (!answer.ok) throw new Error(`"${body}" was refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Posted;
  }

  /** Posts, again and again with the same nonce, until the server has acknowledged it. */
  async postAtAnyPrice(body: string): Promise<Posted> {
    const nonce = randomUUID();
    for (;;) {
      try {
        return await this.post(body, nonce);
      } catch {
        await wait(50);
      }
    }
  }

  /** Posts `count` messages, numbered from 1, one after the other. */
  async postMany(count: number, word: string): Promise<Posted[]> {
    const posted: Posted[] = [];
    for (let number = 1; number <= count; number += 1) posted.push(await this.post(`${word} ${number}`));
    return posted;
  }

  /** Posts `count` messages, many at once, so in any order. They are answered in the order of the room. */
  async postFast(count: number, word: string, atOnce = 50): Promise<Posted[]> {
    const posted: Posted[] = [];
    for (let from = 1; from <= count; from += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, count - from + 1) }, (_, index) => from + index);
      posted.push(...(await Promise.all(numbers.map((number) => this.post(`${word} ${number}`)))));
    }
    return posted.sort((one, other) => one.seq - other.seq);
  }

  /** How the person stands to the room. */
  async entry(room: string = ROOM): Promise<{ read: number; unread: number }> {
    return (await this.ask<{ room: { read: number; unread: number } }>(`/api/rooms/show?room=${room}&list=false`)).room;
  }

  /** Says that the room is read up to there. */
  async read(seq: number): Promise<void> {
    const answer = await this.send("/api/rooms/read", { room: ROOM, seq: String(seq) });
    if (!answer.ok) throw new Error(`${seq} was not read: ${answer.status} ${await answer.text()}`);
  }

  /** Changes the profile; what is left out stays. */
  async editProfile(fields: Record<string, string>, picture?: Buffer): Promise<void> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    if (picture) body.set("avatar", new Blob([new Uint8Array(picture)], { type: "image/png" }), "me.png");
    const headers = { accept: "application/json", cookie: `telicat=${this.cookie}` };
    const answer = await fetch(`${this.url}/api/profile/edit`, { method: "POST", headers, body, redirect: "manual" });
    if (!answer.ok) throw new Error(`the profile was refused: ${answer.status} ${await answer.text()}`);
  }

  async changeUsername(username: string): Promise<void> {
    const answer = await this.send("/api/profile/username", { username });
    if (!answer.ok) throw new Error(`"${username}" was refused: ${answer.status} ${await answer.text()}`);
  }

  /** Calls a server function, and answers what it answered. */
  async call<T>(path: string, fields: Record<string, string>): Promise<T> {
    const answer = await this.send(path, fields);
    if (!answer.ok) throw new Error(`${path} was refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Asks a server function that changes nothing. */
  async ask<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path, {
      headers: { accept: "application/json", cookie: `telicat=${this.cookie}` },
    });
    if (!answer.ok) throw new Error(`${path} was refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  private send(path: string, fields: Record<string, string>): Promise<Response> {
    return send(this.url + path, fields, this.cookie);
  }
}

/** Somebody with an account and a browser that is signed in. */
export interface Person {
  name: string;
  account: Account;
  context: BrowserContext;
  page: Page;
}

function send(url: string, fields: Record<string, string>, cookie?: string): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (cookie) headers.cookie = `telicat=${cookie}`;
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
}
