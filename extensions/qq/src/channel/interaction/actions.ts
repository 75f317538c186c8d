import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import { jsonResult, readStringParam } from "openclaw/plugin-sdk/channel-actions";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { advise } from "../../advice.ts";
import { QQError } from "../../errors.ts";
import { formatTarget, parseTarget, TARGET_SHAPES, type Target } from "../../message/target.ts";
import { messageIdOf as messageIdIn } from "../receive/interrupted.ts";
import { isPersonal, type RunningAccount, type RunningAccounts } from "../running.ts";
import { authorIn, reactAsPerson, readBack } from "./personal-actions.ts";

type Actions = NonNullable<ChannelPlugin["actions"]>;
export type Call = Parameters<NonNullable<Actions["handleAction"]>>[0];

/** What stands for the id of a message that QQ recognised as a repetition: QQ tells its own id only once. */
const PLACEHOLDER = /^(?:reply-\d+-to-|direct:)/;

/** What the agent's message tool can do on QQ beside sending: by the kind of the account, and on official bots of the chat. */
export function messageActions(accounts: RunningAccounts): Actions {
  return {
    describeMessageTool: ({ accountId, chatType }) => {
      const running = accounts.find(normalizeAccountId(accountId));
      const more = running && isPersonal(running) ? PERSONAL_ACTIONS : reacts(chatType) ? (["react"] as const) : [];
      return { actions: ["send", "unsend", "delete", ...more], capabilities: ["presentation"] };
    },
    // The gateway holds the accounts; and only what passes it so arrives with its buttons, sends too.
    resolveExecutionMode: () => "gateway",
    supportsAction: ({ action }) => ACTIONS.has(action),
    handleAction: async (call) => {
      const running = accounts.find(normalizeAccountId(call.accountId));
      if (!running) throw new Error("this QQ account is not running; look at `openclaw channels status --probe`");
      try {
        const selfId = accounts.selfIdOf(running.accountId);
        return jsonResult({ ok: true, ...(await act(call, selfId, running)) });
      } catch (error) {
        if (!(error instanceof QQError)) throw error;
        // The agent reads the message alone: it must say what can be done about it.
        throw new Error(advise(error, "en"), { cause: error });
      }
    },
  };
}

const PERSONAL_ACTIONS = ["react", "read"] as const;
const ACTIONS: ReadonlySet<string> = new Set(["unsend", "delete", ...PERSONAL_ACTIONS]);

/** Official bots have reactions in guild channels only; outside of a chat nobody knows yet which it will be. */
function reacts(chatType: string | null | undefined): boolean {
  return chatType === undefined || chatType === null || chatType === "channel";
}

/** `selfId`: the number of a personal account, once it is known. */
async function act(call: Call, selfId: string | undefined, running: RunningAccount): Promise<object> {
  const target = targetOf(call);
  const messageId = messageIdOf(call);
  if (call.action === "read") return readBack(call, target, messageId, running);
  if (call.action === "react") {
    await (isPersonal(running) ? reactAsPerson : react)(call, target, messageId, running);
    return {};
  }
  const { line, log, signal } = running;
  if (!(await isOwn(call, target, messageId, selfId, running))) {
    throw new Error("that message is not the bot's own: QQ lets a bot take back only what it said itself");
  }
  call.assertDirectAdapterHandoff?.();
  await line.recall?.(target, messageId, signal);
  log.info(`message taken back chat=${formatTarget(target)}`);
  return {};
}

/**
 * Whether a message is the bot's own, as far as it takes to know: QQ lets an official bot take back nothing else, and a
 * personal account that administrates a group what anybody wrote there.
 */
async function isOwn(
  call: Call,
  target: Target,
  messageId: string,
  selfId: string | undefined,
  running: RunningAccount,
): Promise<boolean> {
  if (isPersonal(running)) {
    const author = await authorIn(call, target, messageId, running);
    return author === "bot" || author.userId === selfId;
  }
  const ref = running.refs.refOf(messageId);
  return ref === undefined || running.refs.find(ref)?.own !== false;
}

async function react(call: Call, target: Target, messageId: string, running: RunningAccount): Promise<void> {
  if (target.kind !== "channel") throw new Error("QQ has reactions in guild channels only; answer in words here");
  const emoji = readStringParam(call.params, "emoji", { required: true });
  call.assertDirectAdapterHandoff?.();
  await running.line.react?.(target, messageId, emoji, call.params["remove"] !== true, running.signal);
}

/** The chat that the call names, else the one that the agent is answering in. */
function targetOf({ params, toolContext }: Call): Target {
  const named = readStringParam(params, "to") ?? readStringParam(params, "target");
  const to = named ?? toolContext?.currentMessagingTarget ?? toolContext?.currentChannelId;
  const target = to === undefined ? undefined : parseTarget(to);
  if (!target) throw new Error(`QQ does not know this kind of target; write one of: ${TARGET_SHAPES}`);
  return target;
}

function messageIdOf({ params, action, toolContext }: Call): string {
  const current = action === "react" ? toolContext?.currentMessageId : undefined;
  const id = readStringParam(params, "messageId") ?? (current === undefined ? undefined : String(current));
  if (id === undefined) throw new Error("name the message: messageId, as the send told it");
  if (!PLACEHOLDER.test(id)) return messageIdIn(id);
  throw new Error("QQ did not tell the id of this message (its send was repeated), so it cannot be taken back");
}
