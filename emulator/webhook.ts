import { Opcode } from "../extensions/qq/src/protocol/official/frames.ts";
import { deriveCallbackKeys, signCallback, verifyCallback } from "../extensions/qq/src/protocol/official/signature.ts";
import type { Clock } from "./clock.ts";
import type { PlatformEvent } from "./events.ts";
import type { FaultQueue } from "./faults.ts";
import type { Ids } from "./ids.ts";
import type { Rules } from "./rules.ts";
import type { Bot } from "./state.ts";
import type { WireLog } from "./wire-log.ts";

export interface WebhookContext {
  readonly rules: Rules;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: WireLog;
  readonly faults: FaultQueue;
}

/** Signed callbacks to the bots that have an address for them (qq-official.md 3). */
export interface Webhook {
  /** Posts an event until it is taken or the repetitions are used up. */
  push(bot: Bot, event: PlatformEvent): void;
  /** Posts text as it is, signed, once. */
  pushRaw(bot: Bot, text: string): void;
  /** What saving an address at the console does: op 13. The console's error, or `undefined` when the bot has proved itself. */
  validate(bot: Bot, url: string): Promise<string | undefined>;
  close(): void;
}

interface Attempt {
  readonly taken: boolean;
  readonly entry: Parameters<WireLog["add"]>[0];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

export function createWebhook(context: WebhookContext): Webhook {
  const { rules, clock, ids, log, faults } = context;
  const closing = new AbortController();

  const post = async (
    bot: Bot,
    url: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<Answer | string> => {
    const timeout = new AbortController();
    const disarm = clock.after(rules.callbackMs, () =>
      timeout.abort(new Error(`no answer within ${rules.callbackMs} ms`)),
    );
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          "user-agent": "QQBot-Callback",
          "x-bot-appid": bot.appId,
          "x-tps-trace-id": ids.trace(),
          ...headers,
        },
        signal: AbortSignal.any([timeout.signal, closing.signal]),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      return reasonOf(error);
    } finally {
      disarm();
    }
  };

  /** Whether the text was taken, and what to log of it. */
  const postSigned = async (bot: Bot, url: string, body: string, title: string): Promise<Attempt> => {
    const timestamp = String(Math.floor(clock.now() / 1000));
    const signature = signCallback(deriveCallbackKeys(bot.secret), timestamp, body);
    const answer = await post(bot, url, body, {
      "x-signature-ed25519": signature,
      "x-signature-timestamp": timestamp,
      "x-signature-method": "Ed25519",
    });
    const line = `${title} ${typeof answer === "string" ? answer : answer.status}`;
    const sent = { url, timestamp, signature, body: parse(body), answer };
    return {
      taken: isTaken(answer),
      entry: { bot: bot.appId, channel: "webhook", direction: "in", title: line, body: sent },
    };
  };

  const pushUntilTaken = async (bot: Bot, url: string, event: PlatformEvent, pauses: readonly number[]) => {
    const body = JSON.stringify({ op: Opcode.dispatch, id: event.id, t: event.t, d: event.d });
    const { taken, entry } = await postSigned(bot, url, body, event.t);
    const [pause, ...later] = pauses;
    if (!taken && pause !== undefined && !closing.signal.aborted) {
      clock.after(pause, () => void pushUntilTaken(bot, url, event, later));
    }
    // Last: who sees the entry may move the clock, and the repetition must be waiting by then.
    log.add(entry);
  };

  return {
    push(bot, event) {
      const url = bot.webhookUrl;
      if (url === undefined) return;
      const times = faults.take(bot.appId, "duplicate")?.times ?? 1;
      for (let time = 0; time < times; time += 1) void pushUntilTaken(bot, url, event, rules.callbackRetriesMs);
    },
    pushRaw(bot, text) {
      if (bot.webhookUrl === undefined) return;
      void postSigned(bot, bot.webhookUrl, text, "raw").then(({ entry }) => log.add(entry));
    },
    async validate(bot, url) {
      const plainToken = ids
        .token()
        .replaceAll(/[^A-Za-z0-9]/g, "")
        .slice(0, 20);
      const eventTs = String(Math.floor(clock.now() / 1000));
      const body = JSON.stringify({ op: Opcode.callbackValidation, d: { plain_token: plainToken, event_ts: eventTs } });
      // Unsigned: that is how the platform asks (qq-official.md 0.3).
      const answer = await post(bot, url, body, {});
      const error = judgeValidation(bot, plainToken, eventTs, answer);
      const title = `callbackValidation ${error ?? "ok"}`;
      log.add({ bot: bot.appId, channel: "webhook", direction: "in", title, body: { url, body: parse(body), answer } });
      return error;
    },
    close: () => closing.abort(new Error("the emulator is closing")),
  };
}

/** Any 2xx takes the callback, but for `{"op":12,"d":1}`, which asks for it again. */
function isTaken(answer: Answer | string): boolean {
  if (typeof answer === "string" || answer.status < 200 || answer.status > 299) return false;
  const body = parse(answer.body);
  return !(isRecord(body) && body["op"] === Opcode.callbackAck && body["d"] === 1);
}

function judgeValidation(bot: Bot, plainToken: string, eventTs: string, answer: Answer | string): string | undefined {
  if (typeof answer === "string") return `10020 request third party failed: ${answer}`;
  const body = parse(answer.body);
  const signature = isRecord(body) && body["plain_token"] === plainToken ? body["signature"] : undefined;
  const proved =
    answer.status === 200 &&
    typeof signature === "string" &&
    verifyCallback(deriveCallbackKeys(bot.secret), eventTs, plainToken, signature);
  return proved ? undefined : `13007 check endpoint error: HTTP ${answer.status}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
