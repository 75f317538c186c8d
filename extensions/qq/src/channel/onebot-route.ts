import { AsyncLocalStorage } from "node:async_hooks";
import { createFixedWindowRateLimiter } from "openclaw/plugin-sdk/webhook-ingress";
import type { OneBotTransport, RequestHeaders } from "../transport/onebot/onebot.ts";

/** An account that waits for its OneBot implementation on the gateway. */
export interface OneBotTarget {
  readonly path: string;
  readonly accountId: string;
  /** QQ number that the account must have; any when absent. */
  readonly selfId: string | undefined;
  readonly line: Pick<OneBotTransport, "admits" | "acceptSocket" | "receivePost" | "missed">;
  /** Somebody was turned away, or what came could not be read. */
  readonly dropped: (reason: string) => void;
}

/** A target while it is open. */
export interface OpenTarget extends OneBotTarget {
  /** Runs in the account's own context: what a request starts must not count as part of that request in the host. */
  readonly detached: <T>(work: () => T) => T;
  /** Calls `leave` when the target closes; the function that comes back forgets it. */
  readonly onClose: (leave: () => void) => () => void;
}

/** Requests a minute from one address that are answered with the reason of their refusal; NapCat dials 12 times a minute. */
const REFUSALS_PER_MINUTE = 60;

/** The accounts that wait, by path: several may share one. */
const targetsByPath = new Map<string, OpenTarget[]>();
const refusals = createFixedWindowRateLimiter({
  windowMs: 60_000,
  maxRequests: REFUSALS_PER_MINUTE,
  maxTrackedKeys: 1024,
});

/**
 * Lets the account's OneBot implementation in on the route that the plugin holds; the function that comes back ends
 * that, and leaves what is open. The route itself stands as long as the plugin: the host takes no upgrade handler later.
 */
export function openOneBotRoute(target: OneBotTarget): () => void {
  const leaving = new Set<() => void>();
  const open: OpenTarget = {
    ...target,
    detached: AsyncLocalStorage.snapshot(),
    onClose: (leave) => {
      leaving.add(leave);
      return () => void leaving.delete(leave);
    },
  };
  targetsByPath.set(target.path, [...(targetsByPath.get(target.path) ?? []), open]);
  return () => {
    const left = (targetsByPath.get(target.path) ?? []).filter((other) => other !== open);
    if (left.length > 0) targetsByPath.set(target.path, left);
    else targetsByPath.delete(target.path);
    for (const leave of leaving) leave();
  };
}

/** Who waits on the path of a request. */
export function targetsOf(url: string | undefined): readonly OpenTarget[] {
  const path = URL.parse(url ?? "/", "http://gateway")?.pathname.replace(/\/+$/, "");
  return targetsByPath.get(path ?? "") ?? [];
}

/** Those that a request may be meant for: the account whose number it names, else those that take any number. */
export function meantBy(headers: RequestHeaders, targets: readonly OpenTarget[]): readonly OpenTarget[] {
  const named = targets.filter(({ selfId }) => selfId !== undefined && selfId === headers["x-self-id"]);
  return named.length > 0 ? named : targets.filter(({ selfId }) => selfId === undefined);
}

/** Counts a refusal for whom it concerns; answers with the HTTP status to give, which is 429 for who asks too often. */
export function refuse(
  status: number,
  reason: string,
  address: string | undefined,
  targets: readonly OpenTarget[],
): number {
  for (const { dropped } of targets) dropped(reason);
  return refusals.isRateLimited(address ?? "unknown") ? 429 : status;
}
