import { SsrFBlockedError } from "openclaw/plugin-sdk/ssrf-runtime";
import { MAX_VOICE_BYTES } from "../../media/limits.ts";
import { fromSilk, UnsupportedMedia } from "../../media/voice.ts";
import { sniff } from "../../media/sniff.ts";
import type { InboundAttachment } from "../../message/inbound.ts";
import { resolveMediaAddress } from "./media-address.ts";
import { safeName, withExtension } from "../media-out/media-names.ts";
import { getQQRuntime } from "../runtime.ts";

/** A file that somebody sent, where the host keeps such. */
export interface ReceivedFile {
  readonly path: string;
  readonly contentType?: string;
  /** As the sender called it, safe to show. */
  readonly fileName?: string;
}

/** Why a file did not come. `gone`: the address is over or was never good. */
export type Loss = "too-large" | "too-slow" | "not-allowed" | "gone" | "failed";

/** A file did not come. */
export class NotReceived extends Error {
  readonly loss: Loss;

  constructor(loss: Loss, options?: ErrorOptions) {
    super(`not received: ${loss}`, options);
    this.loss = loss;
  }
}

export interface FetchOptions {
  readonly apiBaseUrl: string;
  /** Larger files are not taken, bytes. */
  readonly maxBytes: number;
  /** Its abort means that it took too long. */
  readonly signal: AbortSignal;
}

/** Longest wait for the beginning of an answer, and between two pieces of it, ms. */
const HEADERS_MS = 10_000;
const PIECE_MS = 10_000;
/** Cut connections and busy servers get one other try, after this, ms. */
const RETRY = { attempts: 2, minDelayMs: 500, maxDelayMs: 500 };

/** Fetches a file into the host's store of inbound media. Rejects with `NotReceived` and nothing else. */
export async function fetchAttachment(attachment: InboundAttachment, options: FetchOptions): Promise<ReceivedFile> {
  try {
    if ((attachment.size ?? 0) > options.maxBytes) throw new NotReceived("too-large");
    options.signal.throwIfAborted();
    if (attachment.kind === "voice") return await fetchVoice(attachment, options);
    return await fetchFile(attachment.url, attachment, options);
  } catch (error) {
    if (error instanceof NotReceived) throw error;
    throw new NotReceived(options.signal.aborted ? "too-slow" : lossOf(error), { cause: error });
  }
}

async function fetchFile(url: string, { name, contentType }: InboundAttachment, options: FetchOptions) {
  const named = nameOf(name);
  const saved = await getQQRuntime().channel.media.saveRemoteMedia({
    ...request(url, options),
    ...named,
    // The server's own name for it would end up in the path as it is.
    filePathHint: named.originalFilename ?? "file",
    // Some servers call everything octets; QQ says `file` and `voice` where it has no type.
    ...(contentType?.includes("/") && { fallbackContentType: contentType }),
  });
  return received(saved, named.originalFilename);
}

/** As WAV, which transcribers take: the platform's own, or made of the SILK that QQ records. Other sound stays what it is. */
async function fetchVoice(voice: InboundAttachment, options: FetchOptions): Promise<ReceivedFile> {
  if (voice.wavUrl !== undefined) {
    const named = { ...voice, ...(voice.name !== undefined && { name: withExtension(voice.name, "wav") }) };
    try {
      return await fetchFile(voice.wavUrl, named, options);
    } catch (error) {
      if (options.signal.aborted) throw error;
    }
  }
  const { media } = getQQRuntime().channel;
  const maxBytes = Math.min(options.maxBytes, MAX_VOICE_BYTES);
  const { buffer, contentType } = await media.readRemoteMediaBuffer({ ...request(voice.url, options), maxBytes });
  const wav = await toWav(buffer, options.signal);
  const { originalFilename: name } = nameOf(wav && voice.name ? withExtension(voice.name, "wav") : voice.name);
  const type = wav ? "audio/wav" : contentType;
  return received(await media.saveMediaBuffer(wav ?? buffer, type, "inbound", options.maxBytes, name), name);
}

/** Undefined for what is no SILK, or broken: whoever gets it may know what to do with it. */
async function toWav(bytes: Uint8Array, signal: AbortSignal): Promise<Buffer | undefined> {
  if (sniff(bytes).format !== "silk") return undefined;
  try {
    return Buffer.from(await fromSilk(bytes, signal));
  } catch (error) {
    if (error instanceof UnsupportedMedia) return undefined;
    throw error;
  }
}

function request(url: string, { apiBaseUrl, maxBytes, signal }: FetchOptions) {
  const address = resolveMediaAddress(url, apiBaseUrl);
  if (!address) throw new NotReceived("not-allowed");
  return {
    ...address,
    maxBytes,
    requestInit: { signal },
    responseHeaderTimeoutMs: HEADERS_MS,
    readIdleTimeoutMs: PIECE_MS,
    retry: RETRY,
  };
}

/** The host makes a file name of it that no other file has. */
function nameOf(name: string | undefined): { readonly originalFilename?: string } {
  return name ? { originalFilename: safeName(name, "") } : {};
}

function received(
  { path, contentType }: { readonly path: string; readonly contentType?: string | undefined },
  fileName: string | undefined,
): ReceivedFile {
  return { path, ...(contentType && { contentType }), ...(fileName && { fileName }) };
}

/** The host's errors, by what they carry: their classes are in a module that loads all of its media tools. */
function lossOf(error: unknown): Loss {
  const chain = causesOf(error);
  const says = (test: (facts: { code?: unknown; name?: unknown; status?: unknown }) => boolean): boolean =>
    chain.some((each) => test(each));
  if (chain.some((each) => each instanceof SsrFBlockedError)) return "not-allowed";
  if (says(({ code }) => code === "max_bytes" || code === "too-large")) return "too-large";
  if (says(({ name }) => name === "TimeoutError")) return "too-slow";
  return says(({ status }) => typeof status === "number" && status < 500) ? "gone" : "failed";
}

/** The error, and what it came of. */
function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let each = error; each instanceof Error && chain.length < 8; each = each.cause) chain.push(each);
  return chain;
}
