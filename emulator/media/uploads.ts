import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Ids } from "../ids.ts";
import type { Scene } from "../passive.ts";
import { demand } from "../refusal.ts";
import { createContentsReader, type Contents } from "./contents.ts";
import type { MediaKind } from "./formats.ts";
import type { MediaRules } from "./media-rules.ts";

/** What a chunked upload announces of its file (qq-official.md 6.3). Digests are lower-case hex. */
export interface UploadPlan {
  readonly kind: MediaKind;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly md5: string;
  readonly sha1: string;
  readonly md5Of10M: string;
}

export interface Part {
  /** Counts from 1. */
  readonly index: number;
  /** Bytes. */
  readonly size: number;
  bytes: Buffer | undefined;
  md5: string | undefined;
  finished: boolean;
}

export interface Upload {
  readonly id: string;
  readonly bot: string;
  readonly scene: Scene;
  readonly plan: UploadPlan;
  /** None when the platform knows the file from before. */
  readonly parts: readonly Part[];
  /** What the address of each part is signed with. */
  readonly signature: string;
  readonly until: number;
  /** There from the beginning of an instant upload (秒传), otherwise when it is complete. */
  contents: Contents | undefined;
}

/** Says that a part is done. */
export interface FinishedPart {
  readonly uploadId: string;
  readonly index: number;
  readonly size: number;
  readonly md5: string;
}

/** Uploads in parts. Parts are held until the whole is complete, then only what `keptMediaBytes` allows. */
export interface Uploads {
  prepare(bot: string, scene: Scene, plan: UploadPlan): Upload;
  /** A part whose address was given out; `undefined` when it was not, or is over. */
  findPart(uploadId: string, index: number, signature: string): { upload: Upload; part: Part } | undefined;
  /** Returns its md5, hex. The same part may come again. */
  put(part: Part, bytes: Buffer): string;
  /** Refuses with 40093001 a part that is not there or not as announced. */
  finish(bot: string, scene: Scene, finished: FinishedPart): void;
  /** Puts the parts together; 40093001 when one is missing or the whole is not what was announced. */
  complete(bot: string, scene: Scene, uploadId: string): Upload & { contents: Contents };
  /** Remembers a file, so that the bot need not upload it again. */
  remember(bot: string, contents: Contents): void;
  clear(): void;
}

export function createUploads({ clock, ids, rules }: { clock: Clock; ids: () => Ids; rules: MediaRules }): Uploads {
  const open = new Map<string, Upload>();
  const known = new Map<string, Contents>();

  const findKnown = (bot: string, plan: UploadPlan): Contents | undefined => {
    const contents = known.get(keyOf(bot, plan));
    return contents?.md5Of10M === plan.md5Of10M && contents.size === plan.size ? contents : undefined;
  };
  const find = (bot: string, scene: Scene, uploadId: string): Upload => {
    const upload = open.get(uploadId);
    demand(upload?.bot === bot && upload.scene === scene && clock.now() < upload.until, 40093001, "upload_id");
    return upload;
  };
  /** Parts of an upload that nobody finishes would be held for good. */
  const dropExpired = (): void => {
    for (const { id, until } of open.values()) if (until <= clock.now()) open.delete(id);
  };

  return {
    prepare(bot, scene, plan) {
      dropExpired();
      const contents = findKnown(bot, plan);
      const upload: Upload = {
        id: ids().uuid(),
        bot,
        scene,
        plan,
        parts: contents ? [] : cutIntoParts(plan.size, rules.partBytes),
        signature: ids().token(),
        until: clock.now() + rules.uploadMs,
        contents,
      };
      open.set(upload.id, upload);
      return upload;
    },
    findPart(uploadId, index, signature) {
      const upload = open.get(uploadId);
      const part = upload?.parts.find((each) => each.index === index);
      return upload && part && upload.signature === signature && clock.now() < upload.until
        ? { upload, part }
        : undefined;
    },
    put(part, bytes) {
      const md5 = createHash("md5").update(bytes).digest("hex");
      if (part.md5 !== md5) Object.assign(part, { bytes, md5, finished: false });
      return md5;
    },
    finish(bot, scene, { uploadId, index, size, md5 }) {
      const part = find(bot, scene, uploadId).parts.find((each) => each.index === index);
      demand(part !== undefined && part.md5 === md5, 40093001, `part ${index}`);
      demand(part.size === size && (part.bytes?.length ?? size) === size, 40093001, `part ${index}`);
      part.finished = true;
    },
    complete(bot, scene, uploadId) {
      const upload = find(bot, scene, uploadId);
      const contents = upload.contents ?? join(upload, rules.keptMediaBytes);
      for (const part of upload.parts) part.bytes = undefined;
      return Object.assign(upload, { contents });
    },
    remember: (bot, contents) => void known.set(keyOf(bot, contents), contents),
    clear() {
      open.clear();
      known.clear();
    },
  };
}

const keyOf = (bot: string, { md5, sha1 }: Pick<Contents, "md5" | "sha1">): string => `${bot} ${md5} ${sha1}`;

function cutIntoParts(size: number, partBytes: number): Part[] {
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => ({
    index: at + 1,
    size: Math.min(partBytes, size - at * partBytes),
    bytes: undefined,
    md5: undefined,
    finished: false,
  }));
}

function join({ parts, plan }: Upload, keepUpTo: number): Contents {
  const reader = createContentsReader(keepUpTo);
  for (const { bytes, finished, index } of parts) {
    demand(finished && bytes !== undefined, 40093001, `part ${index}`);
    reader.push(bytes);
  }
  const contents = reader.finish();
  const isRight = contents.md5 === plan.md5 && contents.sha1 === plan.sha1 && contents.md5Of10M === plan.md5Of10M;
  demand(isRight, 40093001, "md5");
  return contents;
}
