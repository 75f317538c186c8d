// npm start: an emulated QQ, a real OpenClaw gateway with the plugin installed, and a model; all of it on this machine,
// all of it gone when it ends.
import { parseDemoArgs, type DemoArgs } from "./args.ts";
import type { ModelEndpoint } from "./config.ts";
import { tail } from "./host.ts";
import { PERSON, setStage, type Stage } from "./stage.ts";
import { texts } from "./texts.ts";
import { followChats, formatLine } from "./transcript.ts";
import type { Gateway } from "./gateway.ts";

const args = parseDemoArgs(process.argv.slice(2));
if ("usage" in args) {
  console.log(args.usage);
  process.exit(args.code);
}
const model = realModel(process.env);
const stage = await setStage({ ...args, model, port: args.port ?? (args.once === undefined ? undefined : 0) });
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort());

if (args.once === undefined) takeKeys();

const interrupted = new Promise<"interrupted">((resolve) => {
  ending.signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
});
const played = args.once === undefined ? play(stage, args) : playOnce(stage, args.once);
const code = await Promise.race([played, interrupted]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
if (code === "interrupted") console.log(texts.stopping);
ending.abort();
await stage.close();
process.exit(code === "interrupted" ? 0 : code);

/**
 * In a terminal Ctrl-C is taken as a key, not as a signal: the signal would go to npm and its shell as well, which then
 * end before we do, and badly.
 */
function takeKeys(): void {
  if (!process.stdin.isTTY) return;
  process.stdin.setRawMode(true).on("data", (keys: Buffer) => {
    // Ctrl-C, Ctrl-D.
    if (keys.includes(3) || keys.includes(4)) ending.abort();
  });
}

/** Until somebody ends it. */
async function play(stage: Stage, { transport }: DemoArgs): Promise<never> {
  const { emulator } = stage;
  const started = performance.now();
  console.log(texts.page(emulator.url));
  console.log(model ? texts.realModel(model.model ?? "", model.baseUrl) : texts.standIn);
  console.log(texts.starting);
  emulator.setHost({ state: "starting", line: texts.starting });
  try {
    await stage.open();
    // A real model is not asked anything that nobody has asked.
    if (!model) await stage.warmUp();
  } catch (error) {
    emulator.setHost({ state: "failed", line: texts.failed });
    throw error;
  }
  const ready = texts.ready(((performance.now() - started) / 1000).toFixed(1), transport);
  console.log(ready);
  emulator.setHost({ state: "ready", line: ready });
  const { groups, channels } = emulator.world.snapshot();
  const names = new Map([...groups, ...channels].map(({ id, name }) => [id, name]));
  await followChats(emulator.url, ending.signal, (event) => {
    const nameOf = (chat: typeof event.chat): string =>
      names.get(chat.kind === "group" ? chat.group : chat.kind === "channel" ? chat.channel : "") ?? chat.kind;
    console.log(formatLine(event, nameOf));
  });
  return new Promise<never>(() => {});
}

/** One question, one answer. */
async function playOnce(stage: Stage, text: string): Promise<number> {
  const { emulator } = stage;
  let gateway: Gateway | undefined;
  try {
    gateway = await stage.open();
    await stage.warmUp();
    const chat = { kind: "dm", person: PERSON, bot: stage.bot } as const;
    const asked = performance.now();
    const { id } = await emulator.control.call("say", { person: PERSON, chat, text });
    const reply = await emulator.waitForReply({ chat, after: id, timeoutMs: 60_000 });
    console.log(reply.text);
    console.log(texts.took(Math.round(performance.now() - asked)));
    return 0;
  } catch (error) {
    if (ending.signal.aborted) return 0;
    console.error((error as Error).message);
    if (gateway) console.error(tail(gateway.log()));
    return 1;
  }
}

/** The model that the environment names, if it names one. */
function realModel(env: NodeJS.ProcessEnv): ModelEndpoint | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: name } = env;
  if (!apiKey && !baseUrl) return undefined;
  return {
    baseUrl: baseUrl || "https://api.openai.com/v1",
    model: name || "gpt-4o-mini",
    ...(apiKey && { apiKey }),
  };
}
