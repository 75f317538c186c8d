import { withDeadline } from "../deadline.ts";
import type { Outside } from "../transport.ts";

/** How long the plain request may take, ms. */
const WHY_MS = 5000;

/** What is said where an answer shows that the address is no WebSocket server. */
export const NO_SOCKET_SERVER = "check that wsUrl names the WebSocket server of NapCat, not its HTTP server";

/**
 * Why a dial failed: a WebSocket does not tell, and the same address answers a plain request with an HTTP status.
 * `upgrade`: a WebSocket server is there (426), and the dial failed otherwise; `silence`: nobody answers.
 */
export async function askPlainly(
  outside: Outside,
  wsUrl: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<
  | { readonly kind: "bad-token" | "no-socket-server" | "upgrade"; readonly status: number }
  | { readonly kind: "silence" }
> {
  try {
    const status = await withDeadline(outside.clock, WHY_MS, signal, async (signal) => {
      const url = wsUrl.replace(/^ws/i, "http");
      const response = await outside.fetch(url, { headers, redirect: "manual", signal });
      await response.body?.cancel();
      return response.status;
    });
    if (status === 401 || status === 403) return { kind: "bad-token", status };
    return { kind: status === 426 ? "upgrade" : "no-socket-server", status };
  } catch {
    return { kind: "silence" };
  }
}
