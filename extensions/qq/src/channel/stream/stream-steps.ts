import { QQApiError, QQError } from "../../errors.ts";
import type { PassiveAnchor } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { STREAM_INDEX_WRONG } from "../../protocol/official/faults.ts";
import { MAX_TEXT_UNITS } from "../../protocol/official/limits.ts";
import type { RunningAccount } from "../running.ts";
import { noteLinks } from "../answer/show.ts";

/** Pause before a step, ms: Tencent's own client makes 500 (qq-official.md 7.1). */
const STEP_MS = 500;
/** Longest pause, ms: a platform that is slow or complains gets fewer steps, not none. */
const LONGEST_STEP_MS = 10_000;
/** Replies that stay free while a message grows: the answer must arrive even if the stream breaks. */
const RESERVED_REPLIES = 1;
/** Steps that may fail in a row before no more are made. */
const MOST_FAILURES = 3;
/** Refusals that say nothing about the message: the next step may go through. */
const PASSING: ReadonlySet<string> = new Set(["rate-limited", "temporary", "token"]);

export type Person = Target & { readonly kind: "c2c" };

/** The steps of one growing message, as the platform has taken them. They are made one after the other, by whom is not its affair. */
export class StreamSteps {
  readonly #to: Person;
  readonly #running: RunningAccount;
  #anchor: PassiveAnchor | undefined;
  #id: string | undefined;
  #index = 0;
  #shown = "";
  #maybeShown: string | undefined;
  #failures = 0;
  #pauseMs = STEP_MS;
  #most = MAX_TEXT_UNITS;
  #madeAt = 0;

  constructor(to: Person, running: RunningAccount) {
    this.#to = to;
    this.#running = running;
  }

  /** Whether a first step was tried. */
  get begun(): boolean {
    return this.#anchor !== undefined;
  }

  /** What identifies the message, and the step to come; `undefined` until the first step is surely there. */
  get place(): { readonly id: string; readonly anchor: PassiveAnchor; readonly index: number } | undefined {
    const [id, anchor] = [this.#id, this.#anchor];
    return id === undefined || anchor === undefined ? undefined : { id, anchor, index: this.#index };
  }

  /** All that is surely shown. */
  get shown(): string {
    return this.#shown;
  }

  /** All that may be shown: a step that had no answer may be there. */
  get maybeShown(): string {
    return this.#maybeShown ?? this.#shown;
  }

  /** Nothing more is to be shown but by the last step. */
  get stopped(): boolean {
    return this.#failures >= MOST_FAILURES;
  }

  /** How long to wait before the next step, ms: longer than the platform took for the last two of them. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Longest text that the platform takes, UTF-16 units. */
  get most(): number {
    return this.#most;
  }

  /** When the last step ended, ms since the epoch. */
  get madeAt(): number {
    return this.#madeAt;
  }

  /** Makes no more steps. */
  stop(why: string): void {
    if (!this.stopped) this.#running.log.info(`stream grows no more chat=${formatTarget(this.#to)} why="${why}"`);
    this.#failures = MOST_FAILURES;
  }

  /** Shows more. What comes of it is seen in the properties; never rejects. */
  async show(text: string): Promise<void> {
    const { clock, line, replies, signal } = this.#running;
    const began = clock.now();
    this.#anchor ??= replies.claim({ target: formatTarget(this.#to), reserve: RESERVED_REPLIES }, began);
    const [anchor, id] = [this.#anchor, this.#id];
    if (!anchor || !line.stream) return this.stop("no reply to spare");
    if (id !== undefined) this.#keep(id, anchor, text);
    try {
      const step = { anchor, text, index: this.#index, last: false, ...(id !== undefined && { streamId: id }) };
      const { streamId, room } = await line.stream(this.#to.userId, step, signal);
      if (id === undefined) this.#keep(streamId, anchor, text);
      this.#id = streamId;
      this.#taken(text);
      if (room !== undefined) this.#most = Math.min(this.#most, text.length + room);
    } catch (error) {
      this.#refused(error, text);
    }
    this.#madeAt = clock.now();
    this.#pauseMs = Math.min(Math.max(this.#pauseMs, 2 * (this.#madeAt - began)), LONGEST_STEP_MS);
  }

  #taken(text: string): void {
    this.#shown = text;
    this.#maybeShown = undefined;
    this.#index += 1;
    this.#failures = 0;
    this.#pauseMs = STEP_MS;
  }

  #refused(error: unknown, text: string): void {
    if (!(error instanceof QQError)) return this.stop(String(error));
    if (error.mayHaveArrived) {
      this.#maybeShown = text;
      return this.#failed(error);
    }
    if (!(error instanceof QQApiError)) return this.#failed(error);
    if (PASSING.has(error.kind)) return this.#failed(error);
    const [maybeShown, { platformCode }] = [this.#maybeShown, error.refusal];
    if (platformCode === STREAM_INDEX_WRONG && maybeShown !== undefined) return this.#taken(maybeShown);
    if (error.kind === "url" && noteLinks(text, this.#to, this.#running)) return this.#failed(error);
    if (error.kind === "reply-window" && this.#anchor) this.#running.replies.close(this.#anchor);
    this.stop(error.message);
  }

  #failed(error: QQError): void {
    this.#failures += 1;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_STEP_MS);
    this.#running.log.debug(`step of a stream failed chat=${formatTarget(this.#to)} why="${error.message}"`);
  }

  #keep(id: string, anchor: PassiveAnchor, text: string): void {
    this.#running.streams.save({ id, anchor, userId: this.#to.userId, index: this.#index, text });
  }
}
