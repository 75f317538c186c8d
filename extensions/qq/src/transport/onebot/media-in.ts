import { QQApiError, QQError, QQMediaError, QQTransportError } from "../../errors.ts";
import type { InboundAttachment } from "../../message/inbound.ts";
import type { ActionData, ActionName, ActionParams } from "../../protocol/onebot/actions.ts";
import { sendTimeoutMs } from "../../protocol/onebot/limits.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import type { InboundFile } from "../transport.ts";
import type { AbleCalls } from "./abilities.ts";
import { within } from "./call-options.ts";
import type { CallOptions } from "./calls.ts";
import { downloadByStream, fromBase64, tooLarge } from "./download-stream.ts";

/** One way to a file; `undefined` when it leads to none. */
type Way = () => Promise<InboundFile | undefined>;
/** With the action that it begins with. */
type NamedWay = readonly [ActionName, Way];

/** Longest wait for the implementation to find a file, ms (onebot-napcat.md, 7.2), to which the time to fetch it comes. */
const FIND_MS = 30_000;
/** Above this nobody sends a voice message; it bounds the wait for those of unknown size, bytes. */
const UNKNOWN_BYTES = 8 * 1024 * 1024;

/** What a file is taken in by. */
export interface OpenFileLimits {
  /** Larger files are refused, bytes. */
  readonly maxBytes: number;
  /** What is larger comes in pieces where there are any, rather than as one base64 text, bytes. */
  readonly base64MaxBytes: number;
}

/**
 * What a voice message grows by when `get_record` makes WAV of it: 24 kHz of 16 bits are 48,000 B/s, and NapCat counts
 * 3 KiB/s of what QQ records (onebot-napcat.md, 8.1).
 */
const WAV_GROWTH = 48_000 / (3 * 1024);

/**
 * Gets a file by its key. Addresses count only where they are such: what NapCat calls `url` may be a path on its own
 * machine, which means nothing here and is never opened (onebot-napcat.md, 8.2).
 */
export async function openFile(
  calls: AbleCalls,
  attachment: InboundAttachment,
  limits: OpenFileLimits,
  signal?: AbortSignal,
): Promise<InboundFile> {
  const { key, size = 0 } = attachment;
  if (size > limits.maxBytes) throw tooLarge(limits.maxBytes);
  if (key === undefined) throw noWay();
  const options = within(FIND_MS + sendTimeoutMs(size || UNKNOWN_BYTES), signal);
  const ways = [
    ...fileAddress(calls, attachment, options),
    ...waysByKey(calls, { ...attachment, key }, limits, options),
  ];
  return await firstThatLeads(calls, ways, signal);
}

function waysByKey(
  calls: AbleCalls,
  { kind, key, size = 0 }: InboundAttachment & { readonly key: string },
  { maxBytes, base64MaxBytes }: OpenFileLimits,
  options: CallOptions,
): readonly NamedWay[] {
  const file = kind === "file" ? { file_id: key } : { file: key };
  const inPieces: NamedWay = [
    "download_file_stream",
    async () => await downloadByStream(calls, file, maxBytes, options.signal),
  ];
  const whole = wholeFile(calls, kind, file, maxBytes, options);
  const isLarge = size * (kind === "voice" ? WAV_GROWTH : 1) > base64MaxBytes;
  if (isLarge) return [inPieces, unlessInPieces(calls, whole)];
  return kind === "voice" || kind === "image" ? [whole, inPieces] : [inPieces, whole];
}

/** Leads to an address, or to the bytes as base64. */
function wholeFile(
  calls: AbleCalls,
  kind: InboundAttachment["kind"],
  file: ActionParams<"get_file">,
  maxBytes: number,
  options: CallOptions,
): NamedWay {
  const read = (data: ActionData<"get_file">): InboundFile | undefined => fileIn(data, maxBytes);
  switch (kind) {
    case "voice":
      return ["get_record", async () => read(await calls.call("get_record", { ...file, out_format: "wav" }, options))];
    case "image":
      return ["get_image", async () => read(await calls.call("get_image", file, options))];
    default:
      return ["get_file", async () => read(await calls.call("get_file", file, options))];
  }
}

/** The one road there is, where the implementation turns out to have no pieces. */
function unlessInPieces(calls: AbleCalls, [action, way]: NamedWay): NamedWay {
  return [action, async () => (calls.has("download_file_stream") ? undefined : await way())];
}

/** Addresses of files are asked for by the chat they were sent to, and need the packet backend (onebot-napcat.md, 6.5). */
function fileAddress(
  calls: AbleCalls,
  { kind, key: file_id, groupId }: InboundAttachment,
  options: CallOptions,
): readonly NamedWay[] {
  if (kind !== "file" || file_id === undefined) return [];
  const inGroup: Way = async () =>
    addressIn((await calls.call("get_group_file_url", { group_id: wireId(groupId ?? ""), file_id }, options)).url);
  const inPrivate: Way = async () => addressIn((await calls.call("get_private_file_url", { file_id }, options)).url);
  return [groupId === undefined ? ["get_private_file_url", inPrivate] : ["get_group_file_url", inGroup]];
}

async function firstThatLeads(
  calls: AbleCalls,
  ways: readonly NamedWay[],
  signal: AbortSignal | undefined,
): Promise<InboundFile> {
  let last: QQError | undefined;
  for (const [action, way] of ways) {
    if (!calls.has(action)) continue;
    if (signal?.aborted) throw new QQTransportError("the download was given up", { cause: signal.reason });
    try {
      const found = await way();
      if (found) return found;
    } catch (error) {
      if (!(error instanceof QQError) || error instanceof QQMediaError) throw error;
      // Of two reasons the one that is about the file says more.
      if (!(error instanceof QQApiError && error.kind === "unsupported" && last)) last = error;
    }
  }
  throw last ?? noWay();
}

function fileIn({ url, base64, file_size }: ActionData<"get_file">, maxBytes: number): InboundFile | undefined {
  if ((file_size ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const address = addressIn(url);
  if (!base64) return address;
  if (base64.length * 0.75 > maxBytes + 4) throw tooLarge(maxBytes);
  return { bytes: fromBase64(base64) };
}

function addressIn(url: string | undefined): InboundFile | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? { url } : undefined;
}

function noWay(): QQMediaError {
  return new QQMediaError({
    en: "this OneBot implementation has no way to hand over the file; use a current NapCat",
    zh: "当前 OneBot 实现无法取得该文件；请使用新版 NapCat",
  });
}
