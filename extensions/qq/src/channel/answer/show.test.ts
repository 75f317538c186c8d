import { beforeEach, expect, test } from "vitest";
import { QQTransportError } from "../../errors.ts";
import type { Keyboard, OutboundMessage } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import { deliverAnswer } from "./answer.ts";
import { openFakeAccount, person, refusal, shownIn, type FakeAccount } from "../testing/fake-account.ts";

const group: Target = { kind: "group", groupId: "G1" };
const channel: Target = { kind: "channel", channelId: "C1" };
const keyboard: Keyboard = [[{ id: "1", label: "OK", look: "primary", action: { kind: "callback", data: "ok" } }]];
/** Room for these texts in one part. */
const LONG = 4000;

let fake: FakeAccount;
/** All that was tried, refused or not. */
let tried: OutboundMessage[];

beforeEach(() => {
  fake = openFakeAccount(LONG);
  tried = [];
  for (const chat of [person, group, channel]) fake.hear(`in ${chat.kind}`, chat);
});

function platform(says: FakeAccount["platform"]): void {
  fake.platform = (message) => (tried.push(message), says(message));
}

let answers = 0;
const say = (text: string, target: Target = person, more: { keyboard?: Keyboard } = {}) =>
  deliverAnswer({ id: `q:${(answers += 1)}`, target, text, ...more }, fake.running);
const shown = (): string[] => fake.sent.map((message) => shownIn(message, fake));
const kinds = (messages: readonly OutboundMessage[] = fake.sent): string[] =>
  messages.map(({ content }) => content.kind);
const anchors = (messages = tried): unknown[] => messages.map(({ anchor }) => anchor?.msgSeq);
const hasLink = ({ content }: OutboundMessage): boolean =>
  content.kind !== "media" && /example\.com/.test(content.text);

test("F7: what has a format goes as markdown, what has none as text", async () => {
  await say("**bold** text");
  await say("plain text, 1 < 2");
  expect(kinds()).toEqual(["markdown", "text"]);
  expect(shown()).toEqual(["**bold** text", "plain text, 1 < 2"]);
});

test("F7: markdown that this bot may not send goes as plain text, and is not tried again in that scene for a day", async () => {
  platform(({ content }) => (content.kind === "markdown" ? refusal("permission", 40034127) : undefined));
  await say("**b** i");
  await say("**c** j");
  expect(shown()).toEqual(["b i", "c j"]);
  expect(anchors()).toEqual([1, 1, 2]);
  await say("**d**", group);
  expect(kinds(tried).slice(3)).toEqual(["markdown", "text"]);
  await fake.clock.advance(25 * 3_600_000);
  fake.hear("later");
  await say("**e**");
  expect(kinds(tried).at(-2)).toBe("markdown");
});

test("F7: markdown that QQ finds wrong goes as plain text, and the next is tried again", async () => {
  let refuses = true;
  platform(({ content }) => (content.kind === "markdown" && refuses ? refusal("content", 40034011) : undefined));
  await say("**b**");
  refuses = false;
  await say("**c**");
  expect(kinds()).toEqual(["text", "markdown"]);
});

test("F7: guilds get plain text at once", async () => {
  await say("**b** and `code`", channel);
  expect(kinds()).toEqual(["text"]);
  expect(shown()).toEqual(["b and code"]);
});

test("F7: so does every chat of an account that says so", async () => {
  fake.config = { nativeMarkdown: false };
  await say("# Head");
  expect(kinds()).toEqual(["text"]);
  expect(shown()[0]).not.toContain("#");
});

test("F4: refused links arrive with wide dots under the same number, and from then on at once", async () => {
  platform((message) => (hasLink(message) ? refusal("url", 40054010) : undefined));
  await say("see https://example.com/a or run install.sh", group);
  await say("again example.com", group);
  expect(shown()).toEqual(["see https：//example．com/a or run install．sh", "again example．com"]);
  expect(anchors()).toEqual([1, 1, 2]);
});

test("F4: what QQ was never heard to refuse is not touched", async () => {
  platform((message) => (hasLink(message) ? refusal("url", 40054010) : undefined));
  await say("example.com", group);
  await say("https://registered.example/a and version 1.2.3", group);
  await say("example.com", person);
  expect(shown().slice(1)).toEqual(["https://registered.example/a and version 1.2.3", "example．com"]);
  expect(tried).toHaveLength(5);
});

test("F4 F7: where links are refused and markdown too, the text and the link arrive", async () => {
  platform((message) => {
    if (message.content.kind === "markdown") return refusal("permission", 40034127);
    return hasLink(message) ? refusal("url", 40054010) : undefined;
  });
  await say("**Look** at [the page](https://example.com/a)", group);
  expect(shown()).toHaveLength(1);
  expect(shown()[0]).toContain("Look at the page");
  expect(shown()[0]).toContain("example．com/a");
});

test("F4: links that are refused in every form arrive in a file", async () => {
  platform(({ content }) => (content.kind === "media" ? undefined : refusal("url", 40054010)));
  await say("see https://example.com/a", group);
  expect(kinds()).toEqual(["media"]);
  expect(shown()).toEqual(["see https://example.com/a"]);
  expect(fake.files.map(({ name }) => name)).toEqual(["answer.md"]);
  expect(anchors()).toEqual([1, 1, 1]);
});

test("F4: in a guild, which takes no files, the text arrives without them", async () => {
  platform(({ content }) =>
    content.kind !== "media" && /example/.test(content.text) ? refusal("url", 304003) : undefined,
  );
  await say("see https://example.com/a now", channel);
  expect(shown()).toEqual(["see [link 1] now"]);
});

test("F9: content that QQ refuses is told of in one line with the code, and not reported as delivered", async () => {
  const STRUCK = refusal("content", 40034006);
  platform(({ content }) => (content.kind !== "media" && content.text.includes("forbidden") ? STRUCK : undefined));
  await expect(say("forbidden words")).rejects.toBe(STRUCK);
  expect(shown()).toEqual([
    "[QQ did not let this part of the answer through (code 40034006). Ask for it in other words.]",
  ]);
  expect(anchors()).toEqual([1, 1]);
});

test("F9: of a long answer only the part with the content is missing", async () => {
  fake = openFakeAccount(20);
  fake.hear("a");
  platform(({ content }) =>
    content.kind !== "media" && content.text.includes("forbidden") ? refusal("content", 40034006) : undefined,
  );
  await expect(say("first part is good\n\nforbidden\n\nlast part is good")).rejects.toThrow("content");
  expect(shown().filter((text) => text.includes("good"))).toHaveLength(2);
  expect(shown()).toHaveLength(3);
});

test("F10: buttons that QQ refuses are left out, and the text stays", async () => {
  platform(({ content }) =>
    content.kind === "markdown" && content.keyboard ? refusal("content", 40034029) : undefined,
  );
  await say("choose", person, { keyboard });
  expect(tried.map(({ content }) => content.kind === "markdown" && content.keyboard !== undefined)).toEqual([
    true,
    false,
  ]);
  expect(shown()[0]).toContain("choose");
});

test("F9: a try whose outcome nobody knows is not followed by another form", async () => {
  platform(() => new QQTransportError("cut off", { mayHaveArrived: true }));
  await expect(say("**b**")).rejects.toThrow("cut off");
  expect(tried).toHaveLength(1);
});
