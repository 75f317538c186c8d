import { z } from "zod";
import type { FormHint, ItemHint, KeyText } from "./key-text.ts";
import { keyTexts } from "./key-texts.ts";
import { ChannelSchema } from "./schema.ts";

/** What the host shows of the channel before the plugin is loaded, and after. */
export const CHANNEL_META = {
  id: "qq",
  label: "QQ",
  selectionLabel: "QQ (official bot, also called qqbot; or personal account)",
  detailLabel: "QQ",
  docsPath: "/channels/qq",
  docsLabel: "qq",
  blurb:
    "Official QQ bots by webhook or without a public address, and personal accounts through NapCat (OneBot 11); openclaw channels add --channel qq.",
  aliases: ["qqbot"],
  order: 60,
  markdownCapable: true,
  quickstartAllowFrom: true,
};

/** `openclaw qq`, as the host's help shows it before the plugin is loaded. */
export const CLI_COMMAND = {
  name: "qq",
  description: "QQ channel: find out what is wrong, bind a bot, move in (检查、绑定、迁移)",
  hasSubcommands: true,
};

/** Keys of lists: the form goes by the hint of what is in them. */
const LISTS = ["allowFrom", "groupAllowFrom"];

/**
 * Hints by dotted path, for the default account and for each further one. The host's form hides what does not say that
 * it is not advanced, and puts keys without an order, which are the host's own, at 0: ours stand before them.
 */
export function uiHints(): Record<string, FormHint | ItemHint> {
  const hints: Record<string, FormHint | ItemHint> = {};
  const entries = Object.entries(keyTexts);
  for (const [index, [key, text]] of entries.entries()) {
    const { helpZh: _zh, default: _default, advanced = false, ...hint } = text;
    const shown = { ...hint, advanced, order: index - entries.length };
    const paths = key === "accounts" || key === "defaultAccount" ? [key] : [key, `accounts.*.${key}`];
    for (const path of paths) {
      hints[path] = shown;
      if (LISTS.includes(key)) hints[`${path}.*`] = { advanced: shown.advanced };
    }
  }
  return hints;
}

/** The keys with their texts, in the order they are documented in. */
export function documentedKeys(): readonly (readonly [key: string, text: KeyText])[] {
  return Object.entries(keyTexts);
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
    skills: ["./skills"],
    activation: { onStartup: false },
    doctorContract: { configRepair: true },
    cliCommands: [CLI_COMMAND],
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
