// `npm start` as a user runs it: one question from a script, and the page until Ctrl-C. Nothing stays behind.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ROOT } from "../../demo/host.ts";
import type { HostNotice, WorldState } from "../../emulator/control.ts";

/** What the issue grants to a question in an installed clone, ms. */
const ONCE_MS = 90_000;
const READY_MS = 90_000;

/** Where the demo puts what is temporary; its name in their environment marks the processes it starts. */
let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "openclaw-qq-start-"));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

interface Demo {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exit: Promise<number | string>;
  interrupt(): void;
}

/** Runs what `npm start -- <args>` runs. */
function start(...args: readonly string[]): Demo {
  // The user's own model would be asked otherwise, and their language spoken.
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, OPENAI_MODEL: _model, ...own } = process.env;
  const env = { ...own, TMPDIR: temporary, LC_ALL: "C", LANG: "C", LANGUAGE: "" };
  const child = spawn(process.execPath, ["scripts/bootstrap.mjs", "demo/main.ts", ...args], { cwd: ROOT, env });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const { promise: exit, resolve } = Promise.withResolvers<number | string>();
  child.once("close", (code, signal) => resolve(code ?? signal ?? 1));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  return { stdout: () => said.stdout, stderr: () => said.stderr, exit, interrupt: () => void child.kill("SIGINT") };
}

/** Processes that a demo of this file has started, whoever their parent is by now. Only Linux tells. */
async function leftBehind(): Promise<string[]> {
  if (process.platform !== "linux") return [];
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "");
    return environment.includes(temporary) ? [await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => id)] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Directories of gateways; what else is there, the host keeps for all gateways of a machine. */
async function directories(): Promise<string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("openclaw-qq-"));
}

/** Resolves with the first answer that is not undefined; asks a few times a second. */
async function first<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs: number,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    for await (const _ of setInterval(100, undefined, { signal })) {
      const answer = await ask();
      if (answer !== undefined) return answer;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  throw new Error(`waited ${timeoutMs} ms for ${what}`);
}

describe("npm start -- --once", () => {
  test.each(["websocket", "webhook"])(
    "C1 C2 F1: prints the agent's answer and the time it took, and leaves nothing behind (%s)",
    async (transport) => {
      const began = performance.now();
      const demo = start("--once", "hello", "--transport", transport);
      expect([await demo.exit, demo.stderr()]).toEqual([0, ""]);
      expect(performance.now() - began).toBeLessThan(ONCE_MS);
      const [answer, took, ...more] = demo.stdout().trimEnd().split("\n");
      expect(answer).toBe("(stand-in model) you said: hello");
      expect(took).toMatch(/^answered in \d+ ms$/);
      expect(more).toEqual([]);
      expect(await leftBehind()).toEqual([]);
      expect(await directories()).toEqual([]);
    },
  );

  test.each(["--tansport webhook", "--transport pigeon", "--once"])(
    "says how it is used and ends with 2 for %s",
    async (line) => {
      const demo = start(...line.split(" "));
      expect(await demo.exit).toBe(2);
      expect(demo.stdout()).toContain("--once TEXT");
    },
  );
});

describe("npm start", () => {
  test("C1: has its page up while the gateway starts, says when that is ready, and ends whole at Ctrl-C", async () => {
    const demo = start("--port", "0");
    const url = await first("the page's address", () => /QQ is at (\S+)/.exec(demo.stdout())?.[1], 30_000);
    const page = await fetch(url);
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;
    const notice = (): Promise<HostNotice> => get<HostNotice>("/_emulator/host");
    expect(await notice()).toMatchObject({ state: "starting" });
    expect(demo.stdout()).toContain("the OpenClaw gateway is starting");

    const is = async (): Promise<string | undefined> => {
      const { state } = await notice();
      return state === "starting" ? undefined : state;
    };
    expect(await first("the gateway", is, READY_MS)).toBe("ready");
    expect(demo.stdout()).toMatch(/ready after [\d.]+ s \(websocket\)/);
    expect(await directories()).toHaveLength(1);
    if (process.platform === "linux") expect((await leftBehind()).join("\n")).toContain("openclaw");

    const { bots } = await get<WorldState>("/_emulator/state");
    const chat = { kind: "dm", person: "lin", bot: bots[0]?.appId };
    const body = JSON.stringify({ person: "lin", chat, text: "is anybody there" });
    await fetch(`${url}/_emulator/say`, { method: "POST", body, headers: { "content-type": "application/json" } });
    const answered = (): string | undefined => /you said: is anybody there/.exec(demo.stdout())?.[0];
    await first("the answer in the transcript", answered, 60_000);

    demo.interrupt();
    expect([await demo.exit, demo.stderr()]).toEqual([0, ""]);
    await expect(fetch(url)).rejects.toThrow();
    expect(await leftBehind()).toEqual([]);
    expect(await directories()).toEqual([]);
  });
});
