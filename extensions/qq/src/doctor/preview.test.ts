import { expect, test } from "vitest";
import { previewWarnings } from "./preview.ts";

const bot = { appId: "102000001", appSecret: "a-secret-of-a-bot" };

test("A6: the host's own doctor hears nothing of a channel that is well", () => {
  expect(previewWarnings({ channels: { qq: bot } }, {})).toEqual([]);
  expect(previewWarnings({}, {})).toEqual([]);
  expect(previewWarnings({ channels: { qq: { ...bot, enabled: false, appSecret: "" } } }, {})).toEqual([]);
});

test("A6: it hears what the configuration alone shows, in the account's language", () => {
  const [line, ...more] = previewWarnings({ channels: { qq: { appId: "102000001" } } }, {});
  expect(more).toEqual([]);
  expect(line).toMatch(/^- QQ default: .*channels\.qq\.appSecret is missing/);
  const [zh] = previewWarnings({ channels: { qq: { appId: "102000001", locale: "zh" } } }, {});
  expect(zh).toMatch(/^- QQ default: .*缺少 channels\.qq\.appSecret/);
});

test("A5: a reference that the host has not resolved here is no fault", () => {
  const appSecret = { source: "env", provider: "default", id: "QQ_SECRET" };
  expect(previewWarnings({ channels: { qq: { ...bot, appSecret } } }, {})).toEqual([]);
});
