import type { BotLife, BotState, GroupMode } from "./control.ts";
import type { NapcatSettings } from "./onebot/settings.ts";

/** A bot as its console at q.qq.com has it. */
export interface BotSeed {
  readonly appId: string;
  readonly secret: string;
  readonly name: string;
  readonly mode?: BotState["mode"];
  readonly webhookUrl?: string;
  /** Whether native markdown is granted; default yes. */
  readonly markdown?: boolean;
  /** Whether the caller's address is in the bot's allow-list; default yes. */
  readonly ipAllowed?: boolean;
  /** Verified owners have higher proactive rates (5.6); default yes. */
  readonly verified?: boolean;
  /** Whether C2C takes addresses, as it does for bots made through the OpenClaw entry (8); default yes. */
  readonly c2cUrls?: boolean;
  /** Registered domains, which are taken everywhere. */
  readonly urlDomains?: readonly string[];
  /** Mask of granted intents; default all but those of audio bots, and of private-domain bots unless it is one. */
  readonly intents?: number;
  /** A private-domain bot gets every message of its channels and may take its own back (4.7, 5.7); default no. */
  readonly private?: boolean;
  /** Whether native markdown is granted in guilds; default no. */
  readonly guildMarkdown?: boolean;
  /** What Identify meets: a session, close 4915 or close 4914 (2.6); default a session. */
  readonly state?: BotLife;
}

/** A personal QQ account with a NapCat of its own. Its `uin` stands where an app id of a bot can. */
export interface AccountSeed {
  /** Its QQ number, decimal. */
  readonly uin: string;
  readonly name: string;
  /** Of its NapCat's two servers; default none. */
  readonly token?: string;
  /** Ids of people; default everybody. */
  readonly friends?: readonly string[];
  /** 0, the default, takes free ports. */
  readonly wsPort?: number;
  readonly httpPort?: number;
  /** False for a NapCat without network entries, as it comes: nobody listens until the control call `napcatNetwork`. */
  readonly servers?: boolean;
  readonly napcat?: Partial<Omit<NapcatSettings, "token">>;
}

export interface Seed {
  readonly bots: readonly BotSeed[];
  readonly accounts?: readonly AccountSeed[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: readonly string[];
    /** App ids of bots and QQ numbers of personal accounts. */
    readonly bots: readonly string[];
    readonly mode?: GroupMode;
  }[];
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly guild: string;
    readonly guildName: string;
    readonly members: readonly string[];
    readonly bots: readonly string[];
  }[];
}

const everybody = ["lin", "ming", "alice"];

/** One bot, three people, one group, one guild. */
export const defaultSeed: Seed = {
  bots: [{ appId: "102000001", secret: "Wq7mT2xLp9Zs4BvKemulator", name: "小助手" }],
  people: [
    { id: "lin", name: "小林" },
    { id: "ming", name: "阿明" },
    { id: "alice", name: "Alice" },
  ],
  groups: [{ id: "test-group", name: "测试群", members: everybody, bots: ["102000001"] }],
  channels: [
    {
      id: "general",
      name: "综合",
      guild: "test-guild",
      guildName: "测试频道",
      members: everybody,
      bots: ["102000001"],
    },
  ],
};
