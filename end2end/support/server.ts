import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 10_000;

/** A Telicat with data of its own. */
export class Server {
  private constructor(
    readonly data: string,
    private process: ChildProcess,
    /** Where it listens, without a slash at the end. */
    readonly url: string,
    private output: Output,
    private flags: string[],
  ) {}

  /** With flags of `telicat serve` beside those that every test has. */
  static async start(flags: string[] = []): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "telicat-end2end-"));
    try {
      const { process, url, output } = await launch(data, "127.0.0.1:0", flags);
      return new Server(data, process, url, output, flags);
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  }

  /** Dies as in a power cut. */
  async kill(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await ended;
  }

  /** Comes back with the same data at the same address; with other flags when they are given. */
  async startAgain(flags: string[] = this.flags): Promise<void> {
    this.flags = flags;
    const { process, output } = await launch(this.data, new URL(this.url).host, flags);
    this.process = process;
    this.output = output;
  }

  /** The end of its log since it was started last. */
  log(): string {
    return this.output.logged;
  }

  /** The address that it printed for the first owner. */
  async firstOwner(): Promise<string> {
    for (;;) {
      const path = /\/accounts\/first-owner\/[0-9a-f]{64}/.exec(this.output.printed)?.[0];
      if (path) return path;
      await once(this.process.stdout!, "data");
    }
  }

  /** `telicat admin`, beside it: what it prints. */
  async admin(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, TELICAT_DATA: this.data, TELICAT_LOG: "warn" };
    const { stdout } = await promisify(execFile)(program(), ["admin", ...args], { env });
    return stdout;
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      const giveUp = setTimeout(() => child.kill("SIGKILL"), STOPS_WITHIN_MS);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(giveUp);
    }
    await rm(this.data, { recursive: true, force: true });
  }
}

/** What it has said on its standard output, and the end of what it has logged. */
interface Output {
  printed: string;
  logged: string;
}

interface Launched {
  process: ChildProcess;
  url: string;
  output: Output;
}

function program(): string {
  const program = process.env.TELICAT_BIN;
  if (!program) throw new Error("TELICAT_BIN must name the telicat to test: `cargo xtask test browser` sets it");
  return program;
}

async function launch(data: string, listen: string, flags: string[]): Promise<Launched> {
  const output: Output = { printed: "", logged: "" };
  const child = spawn(program(), ["serve", "--listen", listen, "--rate-limits", "off", ...flags], {
    env: { PATH: process.env.PATH, TELICAT_DATA: data, TELICAT_LOG: "warn" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => {
      child.kill("SIGKILL");
      reject(new Error(`Telicat ${why}:\n${output.printed}${output.logged}`));
    };
    const late = setTimeout(() => fail("did not say where it listens"), STARTS_WITHIN_MS);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("exit", (code) => fail(`ended with ${code}`));
    child.stderr.on("data", (text) => (output.logged = (output.logged + text).slice(-4_000)));
    child.stdout.on("data", (text) => {
      output.printed = (output.printed + text).slice(-4_000);
      const address = /Telicat listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(output.printed)?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    });
  });
  child.removeAllListeners("error").removeAllListeners("exit");
  return { process: child, url, output };
}
