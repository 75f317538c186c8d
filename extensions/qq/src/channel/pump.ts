import { createChannelIngressMonitor, type ChannelIngressMonitorLifecycle } from "openclaw/plugin-sdk/channel-outbound";
import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import { runDetachedWebhookWork } from "openclaw/plugin-sdk/webhook-request-guards";
import type { QQAccount } from "../config/account.ts";
import type { openInbox } from "../journal/inbox.ts";
import type { Log } from "../transport/log.ts";
import type { RawEvent } from "../transport/transport.ts";

type Context = ChannelGatewayContext<QQAccount>;

/** Version of what is stored in the inbox. */
const EVENT_VERSION = 1;
const UNREADABLE: RawEvent = { key: "", lane: "", text: "" };
/** How often the pump looks for events whose pause is over, ms. New events wake it at once. */
const RETRY_CHECK_MS = 5_000;

/** An event as the inbox keeps it. */
export interface StoredEvent {
  readonly version: number;
  readonly event: RawEvent;
}

interface PumpOptions {
  readonly queue: ReturnType<typeof openInbox<StoredEvent>>;
  readonly deliver: (event: RawEvent, receivedAt: number, lifecycle: ChannelIngressMonitorLifecycle) => Promise<void>;
  /** No limit when absent. */
  readonly lanesAtOnce?: number;
}

/** The host's pump over our inbox: lanes, claims, retries and adoption are its own. */
export function openPump(ctx: Context, log: Log, { queue, deliver, lanesAtOnce }: PumpOptions) {
  return createChannelIngressMonitor<RawEvent, RawEvent, StoredEvent>({
    queue,
    inspect: (event) => ({ eventId: event.key, laneKey: event.lane }),
    payload: {
      version: EVENT_VERSION,
      serialize: (event) => event,
      deserialize: (event) => event,
      encode: ({ version, body }) => ({ version, event: body }),
      // A payload that could not be read is null, and has no version that fits.
      decode: (stored: StoredEvent | null) => ({ version: stored?.version, body: stored?.event ?? UNREADABLE }),
      createClaimError: (kind, claim) => new Error(`stored event ${kind} id=${claim.id.slice(0, 24)}`),
    },
    deliver: async (event, lifecycle, claim) => {
      await deliver(event, claim.receivedAt, lifecycle);
    },
    pollIntervalMs: RETRY_CHECK_MS,
    retention: "standard",
    waitForDeliveryIdleBeforeRepump: false,
    runPumpTask: runDetachedWebhookWork,
    deferredClaims: "wait-on-stop",
    ...(lanesAtOnce !== undefined && { drain: { startLimit: lanesAtOnce } }),
    abortSignal: ctx.abortSignal,
    onError: (error) => log.error(`inbox error="${error instanceof Error ? error.message : String(error)}"`),
  });
}
