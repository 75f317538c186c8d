import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { ChannelPlugin, OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { Target } from "../message/target.ts";
import { MAX_ONEBOT_TEXT_UNITS } from "../protocol/onebot/limits.ts";
import { chunking } from "./answer/chunk.ts";
import { isPersonal, type RunningAccount, type RunningAccounts } from "./running.ts";
import { showsMarkdown } from "./answer/show.ts";

/** Whether markdown is shown hangs on the kind of chat, and buttons on markdown. The host asks without naming a chat. */
const MARKDOWN_CHATS: readonly { readonly name: string; readonly chat: Target }[] = [
  { name: "direct messages", chat: { kind: "c2c", userId: "" } },
  { name: "groups", chat: { kind: "group", groupId: "" } },
];

interface Where {
  readonly cfg: OpenClawConfig;
  readonly accountId?: string | null;
}

/** What the agent is told of QQ before it writes: what is shown there, and what never arrives as it was written. */
export function agentHints(accounts: RunningAccounts): NonNullable<ChannelPlugin["agentPrompt"]> {
  const find = ({ accountId }: Where): RunningAccount | undefined => accounts.find(normalizeAccountId(accountId));
  return {
    inboundFormattingHints: (where) => {
      const running = find(where);
      return running && formattingHints(running);
    },
    messageToolCapabilities: (where) => {
      const running = find(where);
      return running && MARKDOWN_CHATS.some(({ chat }) => showsMarkdown(chat, running)) ? ["inlineButtons"] : [];
    },
    messageToolHints: (where) => {
      const running = find(where);
      return running && isPersonal(running) ? PERSONAL_TOOL_HINTS : OFFICIAL_TOOL_HINTS;
    },
  };
}

const OFFICIAL_TOOL_HINTS = [
  "QQ targets: c2c:OPENID (a person), group:OPENID, channel:ID, dm:GUILD, written as chat_id writes them. The id of a group's member is no target: in direct messages QQ knows the same person by another id.",
  "To take back what you sent (unsend, within 2 minutes) name both: target, and messageId as the send told it.",
  "QQ allows few replies to a message (4 in a direct message within an hour, 5 in a group within 5 minutes): say it in one message rather than in several.",
];

const PERSONAL_TOOL_HINTS = [
  "This is a personal QQ account. QQ targets: c2c:NUMBER (a person, by their QQ number) and group:NUMBER, written as chat_id writes them. Only friends can be written to unasked.",
  "To quote a message name its id: [[reply_to:ID]], or [[reply_to_current]]. To take back what you sent (unsend, within 2 minutes) name target and messageId.",
  "react puts an emoji under a group's message (QQ knows a few hundred of them, 👍 👀 ❤ 🎉 among them). With the emoji `poke` it nudges (戳一戳) whoever wrote that message, in direct messages too; with `profile-like` it likes their profile (名片赞). read tells what a message of this chat says, by messageId.",
];

function formattingHints(running: RunningAccount) {
  if (isPersonal(running)) return personalFormattingHints(running);
  const shown = MARKDOWN_CHATS.filter(({ chat }) => showsMarkdown(chat, running)).map(({ name }) => name);
  const { cfg, account } = running.current();
  const { limit } = chunking(cfg, account.accountId);
  const rules = [
    shown.length > 0
      ? `Markdown is shown in ${shown.join(" and ")}: headings, bold, italic, strikethrough, lists, quotes, code blocks, links and images; no LaTeX, and tables arrive as lists. Elsewhere it all arrives as plain text.`
      : "Nothing of Markdown is shown, it arrives as plain text: write plain sentences and simple lists.",
    "QQ refuses links in groups: there they arrive with wide dots (example．com), and so do file names (install．sh). Name a site or a file in words where that will do.",
    `${limit} characters are one message, and few are allowed: what does not fit into those arrives as a file.`,
  ];
  return { text_markup: shown.length > 0 ? "markdown" : "plain", rules };
}

function personalFormattingHints(running: RunningAccount) {
  const { cfg, account } = running.current();
  const limit = Math.min(chunking(cfg, account.accountId).limit, MAX_ONEBOT_TEXT_UNITS);
  const rules = [
    "Nothing of Markdown is shown, it arrives as plain text: write plain sentences and simple lists, as a person chats.",
    "Links arrive as they are. Pictures, voice messages, videos and files are shown as such.",
    `${limit} characters are one message, and what is longer arrives in several: QQ suspects an account that sends many, so be brief.`,
    "In a group <@NUMBER> with a member's QQ number mentions them (everybody cannot be mentioned); any other @ in your text notifies nobody. Quote the message that you answer where it matters which one is meant.",
  ];
  return { text_markup: "plain" as const, rules };
}
