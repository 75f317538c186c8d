import { beforeEach, describe, expect, test } from "vitest";
import type { Target } from "../../message/target.ts";
import type { OfficialApi } from "./api.ts";
import { reactToMessage, recallMessage } from "./message-calls.ts";

let calls: string[];
// Only what a recall and a reaction need; anything else would fail on `undefined`.
const api = {
  recall: async (path: string, shape: string) => void calls.push(`${path} as ${shape}`),
  react: async (path: string, on: boolean) => void calls.push(`${on ? "PUT" : "DELETE"} ${path}`),
} as unknown as OfficialApi;
const channel: Target = { kind: "channel", channelId: "2" };

beforeEach(() => {
  calls = [];
});

test("F12: a message is taken back where it stands", async () => {
  const targets: readonly Target[] = [
    { kind: "c2c", userId: "aB" },
    { kind: "group", groupId: "gB" },
    channel,
    { kind: "dm", guildId: "9" },
  ];
  for (const target of targets) await recallMessage(api, target, "ROBOT1.0_x!", undefined);
  expect(calls).toEqual([
    "/v2/users/aB/messages/ROBOT1.0_x! as /v2/users/{openid}/messages/{message_id}",
    "/v2/groups/gB/messages/ROBOT1.0_x! as /v2/groups/{group_openid}/messages/{message_id}",
    "/channels/2/messages/ROBOT1.0_x! as /channels/{channel_id}/messages/{message_id}",
    "/dms/9/messages/ROBOT1.0_x! as /dms/{guild_id}/messages/{message_id}",
  ]);
});

describe("F12: a reaction", () => {
  test.each([
    ["76", "1/76"],
    ["👍", "2/128077"],
    ["❤️", "2/10084"],
  ])("of %s is %s", async (emoji, path) => {
    await reactToMessage(api, channel, "m", emoji, true, undefined);
    await reactToMessage(api, channel, "m", emoji, false, undefined);
    expect(calls).toEqual([
      `PUT /channels/2/messages/m/reactions/${path}`,
      `DELETE /channels/2/messages/m/reactions/${path}`,
    ]);
  });

  test.each(["👍👍", "", "yes", "👨‍👩‍👧", "#"])("of %j is none", async (emoji) => {
    await expect(reactToMessage(api, channel, "m", emoji, true, undefined)).rejects.toThrow(/one emoji/);
    expect(calls).toEqual([]);
  });

  test("outside of guild channels there is none", async () => {
    const direct: Target = { kind: "c2c", userId: "u" };
    await expect(reactToMessage(api, direct, "m", "👍", true, undefined)).rejects.toThrow(/guild channels only/);
  });
});
