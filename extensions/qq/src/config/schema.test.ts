import { describe, expect, test } from "vitest";
import { contradictory, examples, refused } from "./testing/examples.ts";
import { ChannelSchema } from "./schema.ts";

describe("A7: what is documented is taken", () => {
  test.each(Object.entries(examples))("%s", (_name, config) => {
    expect(ChannelSchema.safeParse(config).error?.issues).toBeUndefined();
  });

  test("B4: pairing and allowlist are the defaults", () => {
    expect(ChannelSchema.parse({ appId: "102000001" })).toMatchObject({
      dmPolicy: "pairing",
      groupPolicy: "allowlist",
    });
  });

  test("B1: an account's own policy has no default, so that it inherits", () => {
    expect(ChannelSchema.parse({ accounts: { work: {} } }).accounts).toEqual({ work: {} });
  });
});

describe("A7: what is unknown or contradictory is refused with its path", () => {
  test.each([...refused, ...contradictory])("%j at %s", (config, path, message) => {
    const issues = ChannelSchema.safeParse(config).error?.issues ?? [];
    const told = issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    expect(told).toEqual([expect.stringMatching(message)]);
    expect(issues[0]?.path.join(".")).toBe(path);
  });

  test("no secret is ever repeated in a refusal", () => {
    const secret = "s3cr3t-value";
    for (const config of [
      { appSecret: { value: secret } },
      { appSecret: [secret] },
      { appSecret: secret, x: 1 },
      { accessToken: [secret] },
      { accessToken: secret, reversePath: "/qq-onebot" },
      { httpUrl: `http://localhost:3000/?access_token=${secret}` },
      { wsUrl: `ws://me:${secret}@localhost:3001` },
    ]) {
      const { error } = ChannelSchema.safeParse(config);
      expect(error).toBeDefined();
      expect(JSON.stringify(error?.issues) + String(error)).not.toContain(secret);
    }
  });
});
