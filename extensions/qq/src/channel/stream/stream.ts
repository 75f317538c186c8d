import type { InboundMessage } from "../../message/inbound.ts";
import type { PassiveAnchor } from "../../message/outbound.ts";
import { widenLinks } from "../../message/links.ts";
import { steadyMarkdown, wholeBlocks } from "../../message/steady.ts";
import { forQQMarkdown } from "../../message/tables.ts";
import { formatTarget } from "../../message/target.ts";
import { firstOf } from "../../transport/deadline.ts";
import { chunking } from "../answer/chunk.ts";
import type { Routed } from "../receive/route.ts";
import type { RunningAccount } from "../running.ts";
import { isKnownLink, showsMarkdown } from "../answer/show.ts";
import { finishStream } from "./stream-end.ts";
import { StreamSteps, type Person } from "./stream-steps.ts";

/** A message that has not grown for so long is finished, ms: after some 50 s it hangs in the chat (qq-official.md 7.1). */
const IDLE_MS = 30_000;
/** Up to this share of a message any text is shown, beyond it whole blocks: `cutMarkdown` does not cut before two thirds. */
const FREE_SHARE = 2 / 3;

/** How far a growing message has come: what an answer must begin with to complete it. */
export interface Grown {
  readonly id: string;
  readonly anchor: PassiveAnchor;
  /** Of the next step. */
  readonly index: number;
  /** Markdown. What is surely shown, and what a step without an answer may have shown: the same, or more of it. */
  readonly shown: string;
  readonly maybeShown: string;
  /** What the agent said before its tools, with the blank line behind it; "" when it said nothing. */
  readonly before: string;
}

/**
 * One direct message that grows while the agent writes (QQ, "Stream message"). Steps are made one after the other, each
 * with the newest text: the turn never waits for one, and a slow platform only sees fewer of them. All are one reply,
 * which is never the last one. What is shown cannot be changed: a text that goes on otherwise is not shown, and the
 * answer comes as a message of its own.
 */
export class GrowingMessage {
  readonly #to: Person;
  readonly #running: RunningAccount;
  readonly #steps: StreamSteps;
  readonly #limit: number;
  readonly #over = new AbortController();
  /** Reads the newest text; the host makes it only when it is asked for. */
  #read: (() => string | undefined) | undefined;
  #before = "";
  #step: Promise<void> = Promise.resolve();
  #isGrowing = false;
  #woken = Promise.withResolvers<void>();

  constructor(to: Person, running: RunningAccount) {
    this.#to = to;
    this.#running = running;
    this.#steps = new StreamSteps(to, running);
    const { cfg, account } = running.current();
    this.#limit = chunking(cfg, account.accountId).limit;
  }

  /** Whether people see it grow. */
  get isShown(): boolean {
    return this.#steps.place !== undefined && !this.#over.signal.aborted;
  }

  /** The agent has written more. Returns at once. */
  say(read: () => string | undefined): void {
    if (this.#over.signal.aborted) return;
    this.#read = read;
    this.#woken.resolve();
    this.#woken = Promise.withResolvers();
    if (this.#isGrowing) return;
    this.#grow().catch((error: unknown) => {
      this.#running.log.error(`stream broken chat=${formatTarget(this.#to)} error="${String(error)}"`);
      this.give();
    });
  }

  /** The agent begins anew, after a tool: what it says now stands below what it has said. */
  begin(): void {
    const said = this.#steps.begun ? this.#read?.() : undefined;
    if (said?.trim()) this.#before += `${forQQMarkdown(said).trimEnd()}\n\n`;
    this.#read = undefined;
  }

  /** How far it has come, once the step under way is over; `undefined` when nothing is surely shown, or it is finished. */
  async settled(): Promise<Grown | undefined> {
    await this.#step;
    const { place, shown, maybeShown } = this.#steps;
    return place && !this.#over.signal.aborted ? { ...place, shown, maybeShown, before: this.#before } : undefined;
  }

  /** An answer completes it: nobody else makes a step any more. */
  give(): void {
    this.#over.abort();
    const { growing } = this.#running;
    const target = formatTarget(this.#to);
    if (growing.get(target) === this) growing.delete(target);
  }

  /** Finishes it with what it shows, unless an answer has completed it. Never rejects. */
  async close(): Promise<void> {
    const grown = await this.settled();
    this.give();
    if (grown) await finishStream({ ...grown, userId: this.#to.userId, text: grown.maybeShown }, this.#running);
  }

  /** Grows until there is nothing new; once it is shown, until it is over or has stood still for too long. */
  async #grow(): Promise<void> {
    const { clock } = this.#running;
    const signal = AbortSignal.any([this.#over.signal, this.#running.signal]);
    this.#isGrowing = true;
    while (!signal.aborted) {
      await clock.sleep(this.#steps.pauseMs, signal).catch(() => undefined);
      const text = signal.aborted ? undefined : this.#next();
      if (text !== undefined) {
        this.#step = this.#steps.show(text);
        await this.#step;
        continue;
      }
      if (!this.isShown) break;
      const idleMs = this.#steps.madeAt + IDLE_MS - clock.now();
      if (idleMs <= 0) return this.close();
      await firstOf(clock, idleMs, this.#woken.promise, signal);
    }
    this.#isGrowing = false;
  }

  /** What the next step says; `undefined` while there is nothing new. */
  #next(): string | undefined {
    const { maybeShown: shown, most, stopped } = this.#steps;
    const said = stopped ? undefined : this.#read?.();
    if (!said?.trim()) return undefined;
    const whole = this.#before + steadyMarkdown(said);
    const limit = Math.min(this.#limit, most);
    const text = widenLinks(whole.length <= limit * FREE_SHARE ? whole : wholeBlocks(whole), (host) =>
      isKnownLink(host, this.#to, this.#running),
    );
    if (text.length <= shown.length || text.length > limit) return undefined;
    if (text.startsWith(shown)) return text;
    this.#steps.stop("the text was written anew");
    return undefined;
  }
}

/**
 * What the host tells of a turn's text, grown into a message where the account streams. The callbacks return at once,
 * and `false`: to the host a text is said when its answer is delivered, not when a stream has shown it.
 */
export function growAnswer({ chat }: InboundMessage, { account, cfg }: Routed, running: RunningAccount) {
  const target = formatTarget(chat);
  const mayStream = account.config.nativeStreaming === true && chat.kind === "c2c" && running.line.stream !== undefined;
  // The host puts a prefix before the answer and not before its beginnings: none of them would ever be completed.
  const prefix = account.config.responsePrefix ?? cfg.messages?.responsePrefix;
  if (!mayStream || prefix || running.growing.has(target) || !showsMarkdown(chat, running)) {
    return { close: async () => {} };
  }
  const message = new GrowingMessage(chat, running);
  running.growing.set(target, message);
  const callbacks = {
    onPartialReply: (partial: { readonly text?: string | undefined }) => {
      message.say(() => partial.text);
      return false;
    },
    onAssistantMessageStart: () => {
      message.begin();
      return false;
    },
  };
  return { callbacks, close: () => message.close() };
}
