import type { Clock } from "../../clock.ts";
import { ActionError } from "../actions.ts";
import { baseName, type NapCatDisk } from "./disk.ts";
import {
  addChunk,
  joinChunks,
  openUpload,
  sizeOf,
  statusOf,
  type UploadAnswer,
  type UploadCall,
  type UploadStream,
} from "./upload-stream.ts";

const MINUTE = 60_000;
/** 8.4: what all streams in memory may hold, bytes. */
const MEMORY_BYTES = 100 * 1024 * 1024;
/** 8.4: life of an idle stream, and of the finished file, ms. */
const IDLE_MS = 10 * MINUTE;
const RETENTION_MS = 5 * MINUTE;

/** The machine that the streams are on. */
export interface UploadHost {
  readonly clock: Clock;
  readonly disk: NapCatDisk;
}

/** The streams of `upload_file_stream` that are open on one NapCat; a restart forgets them. */
export interface UploadStreams {
  /** Answers a call as 8.4 says. Throws with NapCat's texts. */
  take(call: UploadCall, host: UploadHost): UploadAnswer;
  /** Removes the files of finished streams. */
  clean(disk: NapCatDisk): void;
}

export function createUploadStreams(): UploadStreams {
  const streams = new Map<string, UploadStream>();
  /** Paths of finished files, and what calls their removal off. */
  const finished = new Map<string, () => void>();

  const drop = (stream: UploadStream): void => {
    stream.disarm();
    streams.delete(stream.id);
  };
  const keepAlive = (stream: UploadStream, clock: Clock): UploadStream => {
    stream.disarm();
    stream.disarm = clock.after(IDLE_MS, () => drop(stream));
    streams.set(stream.id, stream);
    return stream;
  };
  const remove = (path: string, disk: NapCatDisk): void => {
    finished.get(path)?.();
    finished.delete(path);
    disk.remove(path);
  };
  const room = (stream: UploadStream): number => {
    if (!stream.inMemory) return Number.POSITIVE_INFINITY;
    const held = [...streams.values()].filter(({ inMemory }) => inMemory).map(sizeOf);
    return MEMORY_BYTES - held.reduce((sum, size) => sum + size, 0);
  };
  const finish = (stream: UploadStream, retention: number, { clock, disk }: UploadHost): UploadAnswer => {
    const { bytes, sha256 } = joinChunks(stream);
    drop(stream);
    const path = disk.write(baseName(stream.name), bytes);
    finished.get(path)?.();
    finished.set(path, retention > 0 ? clock.after(retention, () => remove(path, disk)) : () => {});
    return {
      ...statusOf(stream, "file_complete"),
      type: "response",
      file_path: path,
      file_size: bytes.length,
      ...(stream.sha256 !== undefined && { sha256 }),
    };
  };

  return {
    take(call, host) {
      const known = streams.get(call.stream_id);
      if (call.reset) {
        if (known) drop(known);
        throw new ActionError("Stream reset completed");
      }
      if (call.verify_only && !known) throw new ActionError("Stream not found");
      const stream = keepAlive(known ?? openUpload(call), host.clock);
      stream.sha256 = call.expected_sha256 ?? stream.sha256;
      if (call.verify_only) return statusOf(stream, "file_created");
      // A call with a chunk never finishes the stream, whatever else it says.
      if (call.chunk_data) return addChunk(stream, call, room(stream));
      const isWhole = stream.chunks.size === stream.total;
      if (!call.is_complete && !isWhole) return statusOf(stream, "file_created");
      return finish(stream, call.file_retention ?? RETENTION_MS, host);
    },
    clean(disk) {
      for (const path of finished.keys()) remove(path, disk);
    },
  };
}
