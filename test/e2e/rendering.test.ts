// What a reader sees of a formatted answer with links, whatever the bot may send and the chat lets through.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatMessage, ChatRef, WireEntry } from "../../emulator/control.ts";
import type { BotSeed } from "../../emulator/seed.ts";
import { bot, dm, openWorld, seed, type World } from "./support.ts";

const answer = `# Setting it up

Read **README.md** first, then run \`install.sh\` of version 1.2.3:

| step | command |
| --- | --- |
| fetch | git clone |
| install | sh install.sh |

\`\`\`sh
if [ -f install.sh ]; then
  sh install.sh --pin 1.2.3
fi
\`\`\`

More in [the guide](https://docs.example.com/guide?v=2) and at https://github.com/openclaw/openclaw`;

/** What QQ's security does not let through here. */
const FORBIDDEN = "swordfish";

/** What has to be there to read, whatever the form. */
const facts = [
  "Setting it up",
  "README.md",
  "install.sh",
  "1.2.3",
  "if [ -f install.sh ]; then",
  "  sh install.sh --pin 1.2.3",
  "the guide",
  "https://docs.example.com/guide?v=2",
  "https://github.com/openclaw/openclaw",
];
/** Rows of the table: a table where it is text already, a list where it was meant to be markdown. */
const table = /fetch.{1,20}git clone.{1,20}install.{1,20}sh install\.sh\n/s;

/** May send all there is. Links are refused in groups and guilds all the same. */
const full = bot(1);
const plain = bot(2, { markdown: false });
const unlinked = bot(3, { c2cUrls: false });
const bare = bot(4, { markdown: false, c2cUrls: false });
const bots = [full, plain, unlinked, bare];
const channel: ChatRef = { kind: "channel", channel: "general" };
const guildDm: ChatRef = { kind: "guild-dm", person: "lin", guild: "guild", bot: full.appId };

const account = ({ appId, secret }: BotSeed) => ({ appId, appSecret: secret });
let world: World;

beforeAll(async () => {
  const general = { id: "general", name: "general", guild: "guild", guildName: "guild" };
  world = await openWorld({
    seed: {
      ...seed(bots),
      groups: bots.map(({ name, appId }) => ({ id: name, name, members: ["lin"], bots: [appId] })),
      channels: [{ ...general, members: ["lin"], bots: [full.appId] }],
    },
    config: { logging: { audit: { messages: "all" } } },
    model: { reply: (text) => (text.includes("set it up") ? answer : `The password is ${FORBIDDEN}, said Bob.`) },
    channel: () => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      typing: false,
      accounts: { full: account(full), plain: account(plain), unlinked: account(unlinked), bare: account(bare) },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of bots) await world.emulator.waitForSessions(appId, 1, 30_000);
});

afterAll(async () => world?.close());

const ownGroup = ({ name }: BotSeed): ChatRef => ({ kind: "group", group: name });
const mention = (chat: ChatRef, { appId }: BotSeed) =>
  chat.kind === "dm" || chat.kind === "guild-dm" ? {} : { mention: [appId] };

/** Links as they were before their dots and colons were widened: how a person reads them. */
const asRead = (text: string): string => text.replaceAll("．", ".").replaceAll("：//", "://");

/** Asks for the answer, and tells what was refused on the way. */
async function ask(account: BotSeed, chat: ChatRef, question: string) {
  const before = world.emulator.wire().at(-1)?.n ?? 0;
  const shown = await world.ask("lin", chat, question, mention(chat, account));
  const refused = world.emulator.refusals().filter(({ n, bot }) => n > before && bot === account.appId);
  return { shown, codes: refused.map(({ refused }) => refused?.split(" ")[0]), refused };
}

function demandLegible({ text, markdown }: ChatMessage): void {
  const read = asRead(text);
  for (const fact of facts) expect(read).toContain(fact);
  expect(read).toMatch(table);
  // No client shows tables; the other marks are noise where markdown is not shown.
  expect(text).not.toMatch(/\| ?---/);
  if (!markdown) expect(text).not.toMatch(/\*\*|^#|```|\]\(|`/m);
}

type Case = readonly [name: string, bot: BotSeed, chat: ChatRef, shows: "markdown" | "text", codes: readonly string[]];

const MARKDOWN = "40034127";
const URL_REFUSED = "40054010";
const URL_IN_GUILD = "304003";
const CONTENT = "40034006";
const CONTENT_IN_GUILD = "304025";

const cases: readonly Case[] = [
  ["C2C where all is taken", full, dm("lin", full), "markdown", []],
  ["a group: links are refused", full, ownGroup(full), "markdown", [URL_REFUSED]],
  ["C2C without the right to markdown", plain, dm("lin", plain), "text", [MARKDOWN]],
  [
    "a group without the right to markdown: links are refused too",
    plain,
    ownGroup(plain),
    "text",
    [MARKDOWN, URL_REFUSED],
  ],
  ["C2C that refuses links", unlinked, dm("lin", unlinked), "markdown", [URL_REFUSED]],
  ["C2C that refuses both", bare, dm("lin", bare), "text", [MARKDOWN, URL_REFUSED]],
  ["a group that refuses both", bare, ownGroup(bare), "text", [MARKDOWN, URL_REFUSED]],
  ["a guild channel", full, channel, "text", [URL_IN_GUILD]],
  ["a guild DM", full, guildDm, "text", [URL_IN_GUILD]],
];

describe("a formatted answer with links", () => {
  test.each(cases)("F4 F7: can be read in %s; each refusal is met once", async (_, account, chat, shows, codes) => {
    const first = await ask(account, chat, "how do I set it up?");
    expect(first.codes).toEqual(codes);
    const second = await ask(account, chat, "set it up once more");
    expect(second.codes).toEqual([]);
    for (const { shown } of [first, second]) {
      expect(shown.markdown === true).toBe(shows === "markdown");
      demandLegible(shown);
    }
    const asWritten = !codes.some((code) => code === URL_REFUSED || code === URL_IN_GUILD);
    expect(first.shown.text.includes("．")).toBe(!asWritten);
  });
});

describe("an answer that QQ does not let through", () => {
  beforeAll(async () => {
    await world.emulator.control.call("words", { words: [FORBIDDEN] });
  });

  const places: readonly (readonly [name: string, account: BotSeed, chat: ChatRef, code: string])[] = [
    ["C2C", full, dm("lin", full), CONTENT],
    ["a group", full, ownGroup(full), CONTENT],
    ["a guild channel", full, channel, CONTENT_IN_GUILD],
  ];

  test.each(places)(
    "F9 G3: is one visible line in %s, and one in the log with code and trace",
    async (_, account, chat, code) => {
      const before = world.answers(chat).length;
      const { shown, codes, refused } = await ask(account, chat, "what is the password?");
      expect(shown.text).toContain(code);
      expect(codes).toEqual([code]);
      const line = await lineWith(`trace ${traceIn(refused[0])}`);
      expect(line).toContain("content refused");
      expect(line).toContain(`code ${code}`);
      expect(world.gateway.log()).not.toContain(FORBIDDEN);
      expect(world.answers(chat)).toHaveLength(before + 1);
    },
  );

  test("F9: has failed by the host's own records, which call the others sent", async () => {
    const sent = Array.from({ length: cases.length * 2 }, () => "sent");
    await expect.poll(outcomes, { timeout: 60_000, interval: 500 }).toEqual(["failed", "failed", "failed", ...sent]);
  });
});

/** How each of the deliveries ended by the host's own records, in the order of the alphabet. */
async function outcomes(): Promise<readonly (string | undefined)[]> {
  const args = ["audit", "--kind", "message", "--direction", "outbound", "--channel", "qq", "--json"];
  const { stdout } = await world.gateway.cli(args);
  return [...stdout.matchAll(/"outcome": "(\w+)"/g)]
    .map(([, outcome]) => outcome ?? "")
    .toSorted((a, b) => a.localeCompare(b));
}

async function lineWith(text: string): Promise<string> {
  const find = (): string | undefined =>
    world.gateway
      .log()
      .split("\n")
      .find((line) => line.includes(text));
  await world.until(`the log to say "${text}"`, () => find() !== undefined);
  return find() ?? "";
}

/** The platform's trace id in what it answered. */
function traceIn(entry: WireEntry | undefined): string {
  return /"trace_id":"([0-9a-f]{32})"/.exec(JSON.stringify(entry?.body))?.[1] ?? "no trace id";
}
