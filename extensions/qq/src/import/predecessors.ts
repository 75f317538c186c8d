import { ChannelSchema } from "../config/schema.ts";
import { asSection, isBlank, type Section } from "./moved.ts";
import { officialReading } from "./official.ts";
import { oneBotReading } from "./onebot.ts";
import { getAt, type Path } from "./paths.ts";
import type { Reading } from "./rules.ts";

/** A plugin for QQ whose settings can be moved in. */
export interface Predecessor {
  /** What `--from` calls it. */
  readonly id: string;
  /** The packages or repositories that it stands for. */
  readonly known: string;
  /** Where its settings stand. */
  readonly path: Path;
  /** Channel id that `bindings` name it by. */
  readonly channel: string;
  /** Plugins that serve it and nothing else, by the id in `plugins.entries`. */
  readonly plugins: readonly string[];
  readonly reading: Reading;
}

/** In the order they are looked for. */
export const predecessors: readonly Predecessor[] = [
  {
    id: "qqbot",
    known: "@tencent-connect/openclaw-qqbot, @openclaw/qqbot, openclaw-china",
    path: ["channels", "qqbot"],
    channel: "qqbot",
    plugins: ["qqbot", "openclaw-qqbot"],
    reading: officialReading,
  },
  {
    id: "napcat",
    known: "openclaw-napcat-plugin, openclaw-napcat",
    path: ["channels", "napcat"],
    channel: "napcat",
    plugins: ["napcat", "openclaw-napcat-plugin", "openclaw-napcat"],
    reading: oneBotReading,
  },
  {
    id: "napcat-qq",
    known: "openclaw-napcat-qq",
    path: ["plugins", "entries", "napcat-qq", "config"],
    channel: "napcat-qq",
    plugins: ["napcat-qq"],
    reading: oneBotReading,
  },
  {
    id: "qq",
    known: "openclaw_qq, openclaw-napcat, openclaw-QQ",
    path: ["channels", "qq"],
    channel: "qq",
    plugins: [],
    reading: oneBotReading,
  },
];

/** The settings of a predecessor, or undefined where there are none. */
export function sectionOf(cfg: unknown, { path, id }: Predecessor): Section | undefined {
  const section = asSection(getAt(cfg, path));
  if (section === undefined || isBlank(section)) return undefined;
  return id === "qq" && !isForeign(section) ? undefined : section;
}

/** Whether `channels.qq` is another plugin's: it has a key that this one refuses and the other is known to have. */
function isForeign(section: Section): boolean {
  const entries = [section, ...Object.values(asSection(section["accounts"]) ?? {}).map((own) => asSection(own) ?? {})];
  return entries.some((entry) =>
    Object.keys(entry).some(
      (key) => !Object.hasOwn(ChannelSchema.shape, key) && Object.hasOwn(oneBotReading.rules, key),
    ),
  );
}

/** What of `channels.qq` belongs to this plugin, when another's settings stand among it. */
export function ownPart(section: Section | undefined, { id, reading }: Predecessor): Section | undefined {
  if (section === undefined || id !== "qq") return section;
  return Object.fromEntries(
    Object.entries(section).filter(
      ([key]) => Object.hasOwn(ChannelSchema.shape, key) && key !== "accounts" && !Object.hasOwn(reading.rules, key),
    ),
  );
}
