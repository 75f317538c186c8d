import type { Clock } from "../clock.ts";
import { Refusal, demand } from "../refusal.ts";
import { createContentsReader, type Contents } from "./contents.ts";
import type { MediaRules } from "./media-rules.ts";

/** What the platform says when an address gives no file; its `err_code` is another number (qq-official.md 6.4). */
const notFetched = (why: string): Refusal => new Refusal(850026, `(${why})`, 40034001);

/**
 * Fetches a file as the platform does: http(s), no authorization, and not for long. Refuses with 850026, 850027 when
 * the address is too slow, 850031 as soon as there is more than QQ takes.
 */
export async function fetchContents(address: string, clock: Clock, rules: MediaRules): Promise<Contents> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw notFetched("url");
  const timeout = new AbortController();
  const disarm = clock.after(rules.fetchMs, () => timeout.abort(new Refusal(850027, `(${rules.fetchMs} ms)`)));
  try {
    const response = await fetch(address, { signal: timeout.signal });
    if (!response.ok) throw notFetched(`HTTP ${response.status}`);
    const reader = createContentsReader(rules.keptMediaBytes);
    for await (const piece of response.body ?? []) {
      reader.push(piece);
      demand(reader.size() <= rules.hardBytes, 850031);
    }
    return reader.finish();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw notFetched(error instanceof Error ? error.message : "fetch");
  } finally {
    disarm();
  }
}

/** Last part of an address: what a file is called that has no other name. */
export function nameInUrl(address: string): string | undefined {
  const name = URL.canParse(address) ? new URL(address).pathname.split("/").at(-1) : undefined;
  return name === undefined || name === "" ? undefined : decodeURIComponent(name);
}
