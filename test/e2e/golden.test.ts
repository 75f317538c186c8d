// Golden traces: what an agent does, and every call to QQ that comes of it. They lie in golden/, to be read; after a
// change that is meant: npx vitest run --project e2e test/e2e/golden.test.ts --update
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModelTurn } from "../../demo/model.ts";
import type { ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { sineWav } from "../../extensions/qq/src/media/testing/samples.ts";
import { png } from "../emulator/files.ts";
import { traceCalls, traceSteps, type Trace } from "./golden/trace.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

interface Scenario {
  /** Of the file; also what the user asks. */
  readonly id: string;
  readonly about: string;
  readonly bot: BotSeed;
  readonly person: string;
  readonly chat: ChatRef;
  /** What the user writes before the name of the scenario, for the host to read. */
  readonly directive?: string;
  /** What the agent does, a step for each time that the model is asked. */
  readonly steps: readonly (string | ModelTurn)[];
  /** Of the last message: when it is there, the answer is complete. */
  readonly last: string | { readonly media: string };
}

const one = bot(1);
const streamer = bot(2);
/** Has not been granted native markdown, and shows no typing. */
const bare = bot(3, { markdown: false });
const sentence = "This paragraph has a good deal to say, and says it at length. ";
const paragraph = (index: number): string => `Paragraph ${index + 1}. ${sentence.repeat(17).trimEnd()}`;
const long = Array.from({ length: 40 }, (_, index) => paragraph(index)).join("\n\n");
const run = (command: string): ModelTurn => ({
  text: `I run ${command} first.`,
  calls: [{ name: "exec", arguments: { command } }],
});

const scenarios: readonly Scenario[] = [
  {
    id: "short",
    about: "A short answer in a direct message: the typing notice costs one reply, the answer another.",
    bot: one,
    person: "lin",
    chat: dm("lin", one),
    steps: ["It is four."],
    last: "It is four.",
  },
  {
    id: "long",
    about:
      "An answer of 42,000 characters in a direct message that takes proactive messages: cut at 4,900, as replies while more than one is left, then proactively, and the end as the last reply.",
    bot: one,
    person: "ming",
    chat: dm("ming", one),
    steps: [long],
    last: "Paragraph 40.",
  },
  {
    id: "tools",
    about:
      "A turn with three tools: what the agent says between them stays with the host, and only the answer is sent.",
    bot: one,
    person: "tia",
    chat: dm("tia", one),
    steps: [run("echo one"), run("echo two"), run("echo three"), "Three commands have run."],
    last: "Three commands have run.",
  },
  {
    id: "tools-told",
    about:
      "The same where the user wants to be told of tools (/verbose on), without the typing notice: the host's lines go out as long as two replies stay free for the answer, the others are left out.",
    bot: bare,
    person: "vera",
    chat: dm("vera", bare),
    directive: "/verbose on ",
    steps: [run("echo one"), run("echo two"), run("echo three"), "Three commands have run."],
    last: "Three commands have run.",
  },
  {
    id: "stream",
    about: "An answer that grows while the agent writes: one reply, however many steps it takes.",
    bot: streamer,
    person: "stan",
    chat: dm("stan", streamer),
    steps: [{ text: `A story begins here. ${sentence.repeat(16)}And so it ends.`, pieceMs: 60 }],
    last: "And so it ends.",
  },
  {
    id: "media",
    about:
      "A text, a picture, a voice and a document in a group: each file is uploaded, then sent as a reply of its own.",
    bot: one,
    person: "lin",
    chat: group("one"),
    steps: ["Here is **all** of it.\n[[audio_as_voice]]\nMEDIA:./cat.png\nMEDIA:./hello.wav\nMEDIA:./notes.md"],
    last: { media: "notes.md" },
  },
  {
    id: "refused",
    about: "An answer with a word that QQ does not let through: refused once, one line in its place, no second try.",
    bot: one,
    person: "rui",
    chat: dm("rui", one),
    steps: ["The password is swordfish."],
    last: "40034006",
  },
  {
    id: "plain",
    about:
      "Markdown and a link in a group that takes neither from this bot: each refusal takes one thing away, with the same msg_seq.",
    bot: bare,
    person: "lin",
    chat: group("two"),
    steps: ["Read **the guide** at https://docs.example.com/guide"],
    last: "the guide",
  },
];

const account = ({ appId, secret }: BotSeed) => ({ appId, appSecret: secret });
let world: World;

beforeAll(async () => {
  const people = [...new Set(scenarios.map(({ person }) => person))];
  const left = new Map(scenarios.map(({ id, steps }) => [id, [...steps]]));
  world = await openWorld({
    seed: seed([one, streamer, bare], people),
    model: {
      reply: (text) => left.get(/scenario ([\w-]+)/.exec(text)?.[1] ?? "")?.shift() ?? "This was not to be asked.",
    },
    channel: () => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      accounts: {
        one: account(one),
        streamer: { ...account(streamer), nativeStreaming: true, typing: false },
        bare: { ...account(bare), typing: false },
      },
    }),
  });
  await world.gateway.ready;
  const workspace = join(world.gateway.directory, "workspace");
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, "cat.png"), png);
  await writeFile(join(workspace, "hello.wav"), sineWav(440, 0.5, 0.5, 24_000));
  await writeFile(join(workspace, "notes.md"), "# Notes\n");
  for (const { appId } of [one, streamer, bare]) await world.emulator.waitForSessions(appId, 1, 30_000);
  await world.emulator.control.call("words", { words: ["swordfish"] });
  for (const scenario of scenarios) await play(scenario);
});

afterAll(async () => world?.close());

/** Id of the message that each scenario begins with. */
const questions = new Map<string, string>();

async function play({ id, bot, person, chat, directive = "", last }: Scenario): Promise<void> {
  const mention = chat.kind === "group" ? [bot.appId] : [];
  questions.set(id, await world.say(person, chat, `${directive}scenario ${id}`, { mention }));
  const isThere = (): boolean =>
    world
      .answers(chat)
      .some(({ text, media, stream }) =>
        typeof last === "string" ? text.includes(last) && stream !== "generating" : media?.name === last.media,
      );
  await world.until(`the end of ${id}`, isThere, 60_000);
}

/** All calls to the chat, those that came late too: nothing is traced before everything has been played. */
function trace({ id, about, bot, person, chat, steps }: Scenario): Trace {
  const own = chat.kind === "group" ? openid(bot.appId, "group", chat.group) : openid(bot.appId, "user", person);
  const names = new Map([
    [own, chat.kind === "group" ? "{group}" : `{${person}}`],
    [questions.get(id) ?? "", "<the question>"],
  ]);
  const entries = world.emulator.wire().filter(({ channel, title }) => channel === "http" && title.includes(own));
  return { about, agent: traceSteps(steps), calls: traceCalls(entries, names) };
}

test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
  "F2 F3 F6 F7 F8 F9: the calls of the scenario %s are those of its trace",
  async (id, scenario) => {
    await expect(`${JSON.stringify(trace(scenario), null, 2)}\n`).toMatchFileSnapshot(`golden/${id}.json`);
  },
);
