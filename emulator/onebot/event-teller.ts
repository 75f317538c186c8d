import type { Bubble } from "../transcript.ts";
import type { EventAdapter } from "./event-adapter.ts";
import type { AccountEvent } from "./events.ts";
import { encodeMessage, type MessageEvent } from "./message-event.ts";
import type { Napcat } from "./napcat.ts";

/** How many old messages per chat come in a burst when QQ is back (onebot-napcat.md 7.5). */
const BURST = 30;

/** Tells what happens to an account by all adapters of its NapCat, as far as its weather lets it. */
export class EventTeller {
  readonly #napcat: Napcat;
  #missed: MessageEvent[] = [];
  #held: AccountEvent[] = [];

  constructor(napcat: Napcat) {
    this.#napcat = napcat;
  }

  /** An event of the account's. Nothing is kept for later but what QQ itself keeps (10.11). */
  tell(event: AccountEvent): void {
    const { weather } = this.#napcat;
    if (event.kind === "message") this.#miss(event);
    if (weather.isDown || weather.isDeaf || !weather.isOnline) return;
    const stalled = weather.stalled;
    if (!stalled) return this.#emit(event);
    this.#held.push(event);
    if (this.#held.length === 1) void stalled.then(() => this.#release());
  }

  /** What QQ has kept for the account while it was away: the last messages of each chat, with their old times. */
  burst(): void {
    const byChat = Map.groupBy(this.#missed, ({ bubble }) => JSON.stringify(bubble.chat));
    const kept = new Set([...byChat.values()].flatMap((events) => events.slice(-BURST)));
    const missed = this.#missed.filter((event) => kept.has(event));
    this.#missed = [];
    for (const event of missed) this.tell({ kind: "message", ...event });
  }

  /** QQ has kept nothing. */
  dropMissed(): void {
    this.#missed = [];
  }

  /** What waits for the end of a stall is gone with the process. */
  dropHeld(): void {
    this.#held = [];
  }

  lifecycle(): object {
    const more = this.#napcat.settings.software === "go-cqhttp" ? { _post_method: 2 } : {};
    return { ...this.#head("meta_event"), meta_event_type: "lifecycle", sub_type: "connect", ...more };
  }

  beat(adapter: EventAdapter, interval: number): void {
    const { isOnline, hasHeartbeats, stalled, isDown } = this.#napcat.weather;
    if (!hasHeartbeats || stalled || isDown) return;
    const status = { online: isOnline, good: true };
    adapter.tell({ ...this.#head("meta_event"), meta_event_type: "heartbeat", status, interval }, "heartbeat");
  }

  /** Raw text down every socket that gets events. */
  sendRaw(text: string): void {
    for (const socket of this.#napcat.adapters.flatMap((adapter) => adapter.sockets())) {
      if (socket.hasEvents) socket.sendText(text, `${text.length} raw characters`);
    }
  }

  /** Lines of QQ's own are no messages, unless settings want them told as empty ones (10.30). */
  isTold({ message: { from }, pieces }: Bubble): boolean {
    return from.kind !== "system" || (this.#napcat.settings.greyTipMessages && pieces !== undefined);
  }

  /** What QQ cannot bring to this machine now. */
  #miss({ bubble }: MessageEvent): void {
    const { weather } = this.#napcat;
    const { id } = bubble.message;
    if (weather.isDown && weather.losesMessages) weather.lost.add(id);
    if (weather.isOnline) return;
    weather.unheard.add(id);
    this.#missed.push({ bubble });
  }

  #emit(event: AccountEvent): void {
    // Without anybody who listens a message does not even get its number (1.7).
    const listening = this.#napcat.adapters.filter((adapter) => adapter.isActive());
    for (const adapter of listening) this.#tellBy(adapter, event);
  }

  #tellBy(adapter: EventAdapter, event: AccountEvent): void {
    if (event.kind === "message") return this.#tellMessage(adapter, event);
    const context = this.#napcat.context();
    const fields = typeof event.fields === "function" ? event.fields(context) : event.fields;
    if (!fields) return;
    const title = [fields["notice_type"] ?? fields["request_type"], fields["sub_type"]].filter(
      (part) => typeof part === "string",
    );
    adapter.tell({ ...this.#head(event.kind), ...fields }, `${event.kind} ${title.join(" ")}`);
  }

  #tellMessage(adapter: EventAdapter, { bubble }: MessageEvent): void {
    const { settings, bootAt, uin } = this.#napcat;
    const isOwn = bubble.message.from.id === uin;
    // Older than the process: QQ tells it, NapCat does not (4.2).
    if (bubble.message.at < bootAt || !this.isTold(bubble) || (isOwn && !adapter.reportsSelf())) return;
    const view = { format: adapter.format(), debug: adapter.debug(), expand: settings.parseMultMsg };
    const kind = isOwn ? "message_sent" : "message";
    adapter.tell(encodeMessage(this.#napcat.context(), { bubble }, view), `${kind} ${bubble.chat.kind}`);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.tell(event);
  }

  #head(post_type: string): object {
    return { time: Math.floor(this.#napcat.clock.now() / 1000), self_id: Number(this.#napcat.uin), post_type };
  }
}
