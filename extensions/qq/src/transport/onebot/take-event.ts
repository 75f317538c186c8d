import { BotOffline, Heartbeat } from "../../protocol/onebot/events.ts";
import type { EventHead } from "../../protocol/onebot/frames.ts";
import type { Line } from "./line.ts";

/** What an event was. `stored` resolves and rejects as `Intake.take` does. */
export type TakenEvent =
  | { readonly kind: "heartbeat"; /** Until the next one, ms. */ readonly intervalMs: number | undefined }
  /** `foreign`: of another account. */
  | { readonly kind: "meta" | "dropped" | "foreign" }
  | { readonly kind: "event"; readonly stored: Promise<void> };

/** Longest event that is taken, UTF-16 units; the longest, a message with an opened chat record, is far below. */
const MAX_EVENT_UNITS = 8 * 1024 * 1024;
/** Longest part of what QQ says of a logout that is shown, UTF-16 units. */
const MAX_SAID = 120;

/** Takes an event, on whatever road it came. What it says of the line itself is not stored. Never throws. */
export function takeEvent(line: Line, event: EventHead, text: string, signal: AbortSignal): TakenEvent {
  const selfId = line.access.selfId ?? line.core.identity?.id;
  if (selfId !== undefined && event.self_id !== undefined && event.self_id !== selfId) {
    line.report.dropped("event of another account");
    return { kind: "foreign" };
  }
  if (event.post_type === "meta_event") {
    const beat = Heartbeat.safeParse(event).data;
    if (!beat) return { kind: "meta" };
    line.pulse(beat.status?.online ?? true, signal);
    return { kind: "heartbeat", intervalMs: beat.interval };
  }
  const offline = BotOffline.safeParse(event).data;
  if (offline) {
    line.state.loggedOut(oneLine(`${offline.tag ?? ""} ${offline.message ?? ""}`));
    return { kind: "meta" };
  }
  if (text.length > MAX_EVENT_UNITS) return drop(line, "event too long");
  tellWay(line, event);
  return { kind: "event", stored: line.take(text) };
}

/** Events of the type `message_sent` are the account's own. */
function tellWay({ report }: Line, event: EventHead): void {
  if (event.post_type === "message") report.heard?.(typeof event["message"] === "string" ? "cq-string" : "segments");
}

function drop(line: Line, reason: string): TakenEvent {
  line.report.dropped(reason);
  return { kind: "dropped" };
}

function oneLine(said: string): string {
  return said.replaceAll(/\s+/g, " ").trim().slice(0, MAX_SAID);
}
