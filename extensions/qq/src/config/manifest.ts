import { z } from "zod";
import { commonTexts } from "./common-texts.ts";
import type { Hint, KeyText } from "./key-text.ts";
import { officialTexts } from "./official-texts.ts";
import { oneBotTexts } from "./onebot-texts.ts";
import { ChannelSchema } from "./schema.ts";

/** What the host shows of the channel before the plugin is loaded, and after. */
export const CHANNEL_META = {
  id: "qq",
  label: "QQ",
  selectionLabel: "QQ (official bot or personal account)",
  detailLabel: "QQ",
  docsPath: "/channels/qq",
  docsLabel: "qq",
  blurb: "Official QQ bots by webhook or without a public address, and personal accounts through NapCat (OneBot 11).",
  aliases: ["qqbot"],
  order: 60,
  markdownCapable: true,
  quickstartAllowFrom: true,
};

/** Each key of `channels.qq`, in the order it is documented in. */
const keys: Readonly<Record<string, KeyText>> = { ...officialTexts, ...oneBotTexts, ...commonTexts };

/** Hints by dotted path, for the default account and for each further one. */
export function uiHints(): Record<string, Hint> {
  const hints: Record<string, Hint> = {};
  for (const [key, { helpZh: _, ...hint }] of Object.entries(keys)) {
    hints[key] = hint;
    if (key !== "accounts" && key !== "defaultAccount") hints[`accounts.*.${key}`] = hint;
  }
  return hints;
}

/** The keys with their texts, in the order they are documented in. */
export function documentedKeys(): readonly (readonly [key: string, text: KeyText])[] {
  return Object.entries(keys);
}

/** openclaw.plugin.json: what the host knows of the plugin without running it. Generated, never edited. */
export function pluginManifest(version: string) {
  return {
    id: "qq",
    name: "QQ",
    description: "QQ channel: official bots and personal accounts",
    version,
    categories: ["channels"],
    channels: ["qq"],
    activation: { onStartup: false },
    configSchema: { type: "object", additionalProperties: false, properties: {} },
    channelConfigs: {
      qq: {
        label: CHANNEL_META.label,
        description: CHANNEL_META.blurb,
        schema: z.toJSONSchema(ChannelSchema, { target: "draft-07", io: "input", unrepresentable: "any" }),
        uiHints: uiHints(),
      },
    },
  };
}
