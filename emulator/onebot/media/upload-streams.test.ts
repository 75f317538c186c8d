import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createManualClock } from "../../clock.ts";
import { createDisk, TEMP_FOLDER } from "./disk.ts";
import type { UploadCall } from "./upload-stream.ts";
import { createUploadStreams } from "./upload-streams.ts";

const MIB = 1024 * 1024;
const MINUTE = 60_000;

describe("upload_file_stream (8.4)", () => {
  let clock = createManualClock();
  let disk = createDisk();
  let streams = createUploadStreams();
  const take = (call: Omit<UploadCall, "stream_id"> & { stream_id?: string }) =>
    streams.take({ stream_id: "s", ...call }, { clock, disk });
  const chunk = (index: number, text: string, more: Partial<UploadCall> = {}) =>
    take({ chunk_index: index, chunk_data: Buffer.from(text).toString("base64"), ...more });
  const finish = (name: string, more: Partial<UploadCall>) => {
    chunk(0, "x", { stream_id: name, total_chunks: 1, filename: name });
    return take({ stream_id: name, is_complete: true, ...more }).file_path ?? "";
  };
  beforeEach(() => {
    clock = createManualClock();
    disk = createDisk();
    streams = createUploadStreams();
  });

  it("takes chunks in any order and finishes with a call of its own", () => {
    const sha256 = createHash("sha256").update("hello").digest("hex");
    const first = { total_chunks: 2, file_size: 5, filename: "a.txt", expected_sha256: sha256 };
    expect(chunk(1, "lo", first)).toEqual({
      type: "stream",
      stream_id: "s",
      status: "chunk_received",
      received_chunks: 1,
      total_chunks: 2,
    });
    expect(chunk(0, "hel")).toMatchObject({ status: "chunk_received", received_chunks: 2 });
    const path = `${TEMP_FOLDER}/a.txt`;
    expect(take({ is_complete: true })).toEqual({
      type: "response",
      stream_id: "s",
      status: "file_complete",
      received_chunks: 2,
      total_chunks: 2,
      file_path: path,
      file_size: 5,
      sha256,
    });
    expect(disk.read(path)?.toString()).toBe("hello");
  });

  it("tells no digest where none was expected, and finishes without being told once all is there", () => {
    chunk(0, "x", { total_chunks: 1 });
    const done = take({});
    expect(done).toMatchObject({ status: "file_complete", file_size: 1 });
    expect(done).not.toHaveProperty("sha256");
  });

  it("never finishes with a call that carries a chunk", () => {
    expect(chunk(0, "x", { total_chunks: 1, is_complete: true })).toMatchObject({ status: "chunk_received" });
    expect(take({ is_complete: true })).toMatchObject({ status: "file_complete" });
  });

  it("ignores repetitions", () => {
    chunk(0, "x", { total_chunks: 2 });
    expect(chunk(0, "y")).toMatchObject({ status: "file_created", received_chunks: 1 });
    chunk(1, "z");
    const { file_path = "" } = take({ is_complete: true });
    expect(disk.read(file_path)?.toString()).toBe("xz");
  });

  it("wants the number of chunks first", () => {
    expect(() => chunk(0, "x")).toThrow(/^total_chunks required for new stream$/);
  });

  it.each([-1, 2])("refuses chunk %i of two", (index) => {
    expect(() => chunk(index, "x", { total_chunks: 2 })).toThrow(`Invalid chunk index: ${index}`);
  });

  it("names the chunk that is missing, by where the stream is kept", () => {
    chunk(0, "x", { total_chunks: 2, file_size: 2 });
    expect(() => take({ is_complete: true })).toThrow("Missing memory chunk 1");
    chunk(1, "x", { stream_id: "large", total_chunks: 2, file_size: 11 * MIB });
    expect(() => take({ stream_id: "large", is_complete: true })).toThrow("Missing chunk file 0");
    chunk(0, "x", { stream_id: "unknown size", total_chunks: 2 });
    expect(() => take({ stream_id: "unknown size", is_complete: true })).toThrow("Missing chunk file 1");
  });

  it("keeps a stream whose digest is wrong", () => {
    const got = createHash("sha256").update("x").digest("hex");
    chunk(0, "x", { total_chunks: 1, expected_sha256: "00" });
    expect(() => take({ is_complete: true })).toThrow(`SHA256 mismatch. Expected: 00, Got: ${got}`);
    expect(take({ is_complete: true, expected_sha256: got })).toMatchObject({ status: "file_complete", sha256: got });
  });

  it("answers how far a stream is", () => {
    expect(() => take({ verify_only: true })).toThrow(/^Stream not found$/);
    chunk(0, "x", { total_chunks: 3 });
    expect(take({ verify_only: true })).toMatchObject({ status: "file_created", received_chunks: 1, total_chunks: 3 });
  });

  it("drops a stream on request, which is answered as a failure", () => {
    chunk(0, "x", { total_chunks: 2 });
    expect(() => take({ reset: true })).toThrow(/^Stream reset completed$/);
    expect(() => take({ verify_only: true })).toThrow("Stream not found");
  });

  it("holds 100 MiB in memory and no more; what is on disk does not count", () => {
    const data = Buffer.alloc(10 * MIB).toString("base64");
    const fill = (id: string, size: number) =>
      take({ stream_id: id, total_chunks: 1, file_size: size, chunk_index: 0, chunk_data: data });
    for (let index = 0; index < 10; index += 1) fill(`${index}`, 10 * MIB);
    expect(() => fill("one too many", 10 * MIB)).toThrow("Memory limit exceeded");
    expect(fill("on disk", 10 * MIB + 1)).toMatchObject({ status: "chunk_received" });
  });

  it("forgets a stream that was idle for ten minutes", () => {
    chunk(0, "x", { total_chunks: 2 });
    clock.advance(9 * MINUTE);
    take({ verify_only: true });
    clock.advance(9 * MINUTE);
    expect(take({ verify_only: true })).toMatchObject({ received_chunks: 1 });
    clock.advance(10 * MINUTE);
    expect(() => take({ verify_only: true })).toThrow("Stream not found");
  });

  it("deletes the file after five minutes, after the time asked for, or never", () => {
    const [usual, short, kept] = [
      finish("a", {}),
      finish("b", { file_retention: 1000 }),
      finish("c", { file_retention: 0 }),
    ];
    clock.advance(1000);
    expect([usual, short, kept].map((path) => disk.read(path) !== undefined)).toEqual([true, false, true]);
    clock.advance(5 * MINUTE);
    expect([usual, short, kept].map((path) => disk.read(path) !== undefined)).toEqual([false, false, true]);
    streams.clean(disk);
    expect(disk.read(kept)).toBeUndefined();
  });

  it("takes the base name of a path (10.43)", () => {
    chunk(0, "x", { total_chunks: 1, filename: "../../../etc/passwd" });
    expect(take({ is_complete: true }).file_path).toBe(`${TEMP_FOLDER}/passwd`);
    chunk(0, "x", { total_chunks: 1, filename: String.raw`C:\Users\me\x.txt` });
    expect(take({ is_complete: true }).file_path).toBe(`${TEMP_FOLDER}/x.txt`);
  });
});
