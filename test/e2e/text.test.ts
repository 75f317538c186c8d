// Long answers: where they are cut, and how their parts are numbered.
import { afterAll, beforeAll, expect, test } from "vitest";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const byLength = bot(1);
const byParagraph = bot(2);
const LIMIT = 1200;

const code = ["```ts", ...Array.from({ length: 60 }, (_, index) => `const line${index} = ${index}; // 代码`), "```"];
const table = [
  "| 名称 | 说明 |",
  "| --- | --- |",
  ...Array.from({ length: 40 }, (_, index) => `| 行${index} | 说明${index} 😀 |`),
];
const prose = Array.from({ length: 12 }, (_, index) => `第${index}段：${"😀猫".repeat(40)}`);

let world: World;

beforeAll(async () => {
  const open = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", textChunkLimit: LIMIT };
  world = await openWorld({
    seed: seed([byLength, byParagraph]),
    // The rate of QQ's replies is not the matter here.
    emulator: { tune: { c2cReplies: 50, groupReplies: 50 } },
    model: {
      reply: (text) => {
        if (text.includes("link")) return "see https://github.com/openclaw/openclaw or run install.sh 1.2.3";
        if (text.includes("code")) return code.join("\n");
        if (text.includes("table")) return table.join("\n");
        return text.includes("long") ? prose.join("\n\n") : `short: ${text}`;
      },
    },
    channel: () => ({
      ...open,
      appId: byLength.appId,
      appSecret: byLength.secret,
      accounts: { paragraph: { appId: byParagraph.appId, appSecret: byParagraph.secret, chunkMode: "newline" } },
    }),
  });
  await world.gateway.ready;
  for (const { appId } of [byLength, byParagraph]) await world.emulator.waitForSessions(appId, 1, 30_000);
});

afterAll(async () => world?.close());

/** Asks, and waits until the whole answer has come: it ends with `last`. */
async function partsOf(account: typeof byLength, question: string, last: string): Promise<readonly string[]> {
  const chat = dm("lin", account);
  const before = world.answers(chat).length;
  await world.say("lin", chat, question);
  const parts = (): readonly string[] =>
    world
      .answers(chat)
      .slice(before)
      .map(({ text }) => text);
  await world.until("the end of the answer", () => parts().at(-1)?.includes(last) === true, 60_000);
  return parts();
}

test("F1: code is cut between lines, with its fence closed and opened again", async () => {
  const parts = await partsOf(byLength, "code please", "line59 = 59");
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(LIMIT);
    expect(part.split("```").length % 2).toBe(1);
  }
  for (const line of code.slice(1, -1)) expect(parts.filter((part) => part.split("\n").includes(line))).toHaveLength(1);
});

test("F1 F7: a table arrives as a list, cut between its rows", async () => {
  const parts = await partsOf(byLength, "table please", "行39");
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(LIMIT);
  const lines = parts.flatMap((part) => part.split("\n"));
  for (let index = 0; index < 40; index += 1) {
    // QQ shows no tables: a row is an item of a list, its other cells stand below it.
    const at = lines.findIndex((line) => line.endsWith(`: 行${index}`));
    expect(lines.slice(at, at + 3).join(" ")).toContain(`说明${index} 😀`);
    expect(lines.filter((line) => line.includes(`说明${index} 😀`))).toHaveLength(1);
  }
});

test("F1: no character is cut in half, and nothing is lost", async () => {
  const parts = await partsOf(byLength, "long please", "第11段");
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(LIMIT);
    expect(part.isWellFormed()).toBe(true);
  }
  expect(parts.join("").replaceAll(/\s/g, "")).toBe(prose.join("").replaceAll(/\s/g, ""));
});

test("F1 B5: chunkMode newline cuts at blank lines only", async () => {
  const parts = await partsOf(byParagraph, "long please", "第11段");
  expect(parts.length).toBeGreaterThan(1);
  for (const paragraph of prose) expect(parts.filter((part) => part.includes(paragraph))).toHaveLength(1);
});

test("F3: no message is answered twice with one msg_seq, before and after a restart", async () => {
  const question = await world.say("ming", dm("ming", byLength), "first");
  await world.emulator.waitForReply({ chat: dm("ming", byLength), after: question, timeoutMs: 60_000 });
  await world.gateway.restart();
  await world.emulator.waitForSessions(byLength.appId, 1, 30_000);
  await world.ask("ming", dm("ming", byLength), "second");
  const sent = world.emulator.wire().flatMap(({ body }) => numbersIn(body));
  expect(sent.length).toBeGreaterThan(5);
  expect(new Set(sent).size).toBe(sent.length);
  expect(world.emulator.refusals()).toEqual([]);
});

test("C6: an answer in a group goes to the group, and quotes nobody else's chat", async () => {
  const answer = await world.ask("alice", group("two"), "hello", { mention: [byLength.appId] });
  expect(answer.text).toContain("short:");
  expect(world.answers(dm("alice", byLength))).toHaveLength(0);
});

test("F4: where links are refused, the answer arrives with links that can be read", async () => {
  const mention = { mention: [byLength.appId] };
  const inGroup = await world.ask("alice", group("two"), "a link please", mention);
  expect(inGroup.text).toBe("see https：//github．com/openclaw/openclaw or run install．sh 1.2.3");
  expect(world.emulator.refusals().map(({ refused }) => refused)).toEqual([expect.stringContaining("40054010")]);
  const direct = await world.ask("alice", dm("alice", byLength), "a link please");
  expect(direct.text).toContain("https://github.com/openclaw/openclaw");
});

test("F8: a direct message shows that the bot is typing, at the cost of one reply, and the answer still comes", async () => {
  const chat = dm("alice", byParagraph);
  const typing = world.emulator.waitFor(
    "typing notice",
    (event) => (event.event === "typing" && event.data.bot === byParagraph.appId ? event.data : undefined),
    60_000,
  );
  const answer = world.ask("alice", chat, "are you there");
  expect(await typing).toMatchObject({ chat, seconds: 60 });
  expect((await answer).text).toContain("are you there");
});

/** `msg_id#msg_seq` of a send in the wire log. */
function numbersIn(body: unknown): string[] {
  const request = typeof body === "object" && body !== null && "request" in body ? body.request : undefined;
  if (typeof request !== "object" || request === null || !("msg_id" in request) || !("msg_seq" in request)) return [];
  return [`${String(request.msg_id)}#${String(request.msg_seq)}`];
}
