import { SsrFBlockedError } from "openclaw/plugin-sdk/ssrf-runtime";
import { QQApiError } from "../../errors.ts";
import { MAX_VOICE_BYTES } from "../../media/limits.ts";
import { fromSilk, UnsupportedMedia } from "../../media/voice.ts";
import { sniff } from "../../media/sniff.ts";
import type { InboundAttachment } from "../../message/inbound.ts";
import type { Transport } from "../../transport/transport.ts";
import { resolveMediaAddress } from "./media-address.ts";
import { safeName, withExtension } from "../media-out/media-names.ts";
import { getQQRuntime } from "../runtime.ts";
import type { TrustedFiles } from "../trusted-origin.ts";

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
  readonly trusted: TrustedFiles;
  /** Gets a file whose address does not work, or that has none, where it can. */
  readonly line: Pick<Transport, "openFile">;
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
    const [first, second] = roadsTo(attachment, options);
    return await first().catch((error: unknown) => {
      if (!second || options.signal.aborted || lossOf(error) === "too-large") throw error;
      return second();
    });
  } catch (error) {
    if (error instanceof NotReceived) throw error;
    throw new NotReceived(options.signal.aborted ? "too-slow" : lossOf(error), { cause: error });
  }
}

type Road = () => Promise<ReceivedFile>;

/**
 * The roads to a file, the better one first: its address, and where that is over what the line finds by its key. Of a
 * voice message the address gives SILK or AMR, and the line something that everybody reads.
 */
function roadsTo(attachment: InboundAttachment, options: FetchOptions): readonly [Road, Road?] {
  const { url, key, kind } = attachment;
  const byLine: Road = () => openAttachment(attachment, options);
  if (url === undefined) return [byLine];
  const byAddress: Road = () => fetchAt(url, attachment, options);
  if (key === undefined || !options.line.openFile) return [byAddress];
  return kind === "voice" ? [byLine, byAddress] : [byAddress, byLine];
}

function fetchAt(url: string, attachment: InboundAttachment, options: FetchOptions): Promise<ReceivedFile> {
  return attachment.kind === "voice" ? fetchVoice(url, attachment, options) : fetchFile(url, attachment, options);
}

/** Has the line get it: by an address that works now, or by its bytes. */
async function openAttachment(attachment: InboundAttachment, options: FetchOptions): Promise<ReceivedFile> {
  const { line, maxBytes, signal } = options;
  const file = await line.openFile?.(attachment, maxBytes, signal);
  if (!file) throw new NotReceived("gone");
  if (file.url !== undefined) return await fetchAt(file.url, attachment, options);
  const name = file.name ?? attachment.name;
  if (attachment.kind === "voice") return await saveVoice(Buffer.from(file.bytes), undefined, name, options);
  const { originalFilename } = nameOf(name);
  const { media } = getQQRuntime().channel;
  const type = attachment.contentType?.includes("/") ? attachment.contentType : undefined;
  const saved = await media.saveMediaBuffer(Buffer.from(file.bytes), type, "inbound", maxBytes, originalFilename);
  return received(saved, originalFilename);
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
async function fetchVoice(url: string, voice: InboundAttachment, options: FetchOptions): Promise<ReceivedFile> {
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
  const { buffer, contentType } = await media.readRemoteMediaBuffer({ ...request(url, options), maxBytes });
  return saveVoice(buffer, contentType, voice.name, options);
}

async function saveVoice(
  bytes: Buffer,
  contentType: string | undefined,
  calledAs: string | undefined,
  { maxBytes, signal }: FetchOptions,
): Promise<ReceivedFile> {
  const { media } = getQQRuntime().channel;
  const wav = await toWav(bytes, signal);
  const { originalFilename: name } = nameOf(wav && calledAs ? withExtension(calledAs, "wav") : calledAs);
  const type = wav ? "audio/wav" : contentType;
  return received(await media.saveMediaBuffer(wav ?? bytes, type, "inbound", maxBytes, name), name);
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

function request(url: string, { trusted, maxBytes, signal }: FetchOptions) {
  const address = resolveMediaAddress(url, trusted);
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
  if (error instanceof NotReceived) return error.loss;
  if (chain.some((each) => each instanceof SsrFBlockedError)) return "not-allowed";
  if (error instanceof QQApiError) return "gone";
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
