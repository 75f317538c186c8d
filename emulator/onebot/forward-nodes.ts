import { isFields } from "../fields.ts";
import { ActionError, textOf, type AccountContext } from "./actions.ts";
import { findMessage } from "./chats.ts";
import { createRecord, nodeOf } from "./forward-record.ts";
import type { Params } from "./params.ts";
import type { ForwardNode, ForwardRecord, Piece } from "./pieces.ts";
import { buildMessage, readSegments } from "./send-actions.ts";
import type { SendTarget } from "./sending-target.ts";

/** How deep records may be in one another (6.2). */
const DEPTH = 3;

/** 2.3: what the check says of a list that is neither all nodes nor without any. */
export const MIXED = "转发消息不能和普通消息混在一起发送,转发需要保证message只有type为node的元素";

/** Whether a list of segments is a record; `mixed` when only some of it are nodes. */
export function nodesIn(segments: readonly unknown[]): "all" | "none" | "mixed" {
  const count = segments.filter(isNode).length;
  if (count === 0) return "none";
  return count === segments.length ? "all" : "mixed";
}

const isNode = (segment: unknown): boolean => isFields(segment) && segment["type"] === "node";

/** Makes a record of nodes; those that name a message that cannot be found are left out. */
export async function buildRecord(
  context: AccountContext,
  target: SendTarget,
  nodes: readonly unknown[],
  about: Params,
  depth = 1,
): Promise<ForwardRecord> {
  if (depth > DEPTH) throw new ActionError("发送伪造合并转发消息失败: 嵌套层级过深");
  const built = await Promise.all(nodes.map((node) => buildNode(context, target, dataOf(node), depth)));
  const found = built.filter((node) => node !== undefined);
  if (found.length === 0) throw new ActionError("发送合并转发消息失败: 没有可以转发的消息");
  return createRecord(context.world, found, readAbout(about));
}

const dataOf = (node: unknown): Params => (isFields(node) && isFields(node["data"]) ? node["data"] : {});

async function buildNode(
  context: AccountContext,
  target: SendTarget,
  data: Params,
  depth: number,
): Promise<ForwardNode | undefined> {
  const { id, content, user_id, uin, nickname, name, time } = data;
  if (content === undefined) {
    const bubble = findMessage(context, textOf(id));
    return bubble && nodeOf(bubble);
  }
  const { account, clock } = context;
  return {
    uin: textOf(user_id) || textOf(uin) || account.uin,
    name: textOf(nickname) || textOf(name) || account.name,
    at: Number(time) > 0 ? Number(time) * 1000 : clock.now(),
    pieces: await buildContent(context, target, data, depth),
  };
}

/** Content that is nodes is a record in the record. */
async function buildContent(
  context: AccountContext,
  target: SendTarget,
  data: Params,
  depth: number,
): Promise<readonly Piece[]> {
  const segments = readSegments(data["content"], false);
  const kind = nodesIn(segments);
  if (kind === "mixed") throw new ActionError(`发送伪造合并转发消息失败: ${MIXED}`);
  if (kind === "none") return buildMessage(context, target, { message: segments });
  return [{ kind: "forward", record: await buildRecord(context, target, segments, data, depth + 1) }];
}

function readAbout({ source, summary, prompt, news }: Params): Partial<ForwardRecord> {
  const lines = Array.isArray(news) ? news.map((line) => (isFields(line) ? textOf(line["text"]) : "")) : [];
  return {
    ...(typeof source === "string" && { title: source }),
    ...(typeof summary === "string" && { summary }),
    ...(typeof prompt === "string" && { prompt }),
    ...(lines.length > 0 && { news: lines }),
  };
}
