import { createHmac } from "node:crypto";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isFields, type Fields } from "../fields.ts";
import type { EventAdapter } from "./event-adapter.ts";
import type { Napcat } from "./napcat.ts";
import { runQuickOperation } from "./quick-operation.ts";
import type { PostSettings } from "./settings.ts";
import { parseLoose } from "./wire.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/** Posts every event but lifecycle and heartbeats, once each and side by side (onebot-napcat.md 1.5). */
export function createPostClient(napcat: Napcat, settings: PostSettings, name: string): EventAdapter {
  const { url, token = "", format = "array", reportSelfMessage = false } = settings;
  return {
    name,
    transport: "post",
    format: () => format,
    reportsSelf: () => reportSelfMessage,
    debug: () => false,
    isActive: () => true,
    tell: (frame, title) => void postEvent(napcat, { url, token, name, title }, frame),
    sockets: () => [],
    silence: () => {},
    cut: () => {},
    close: () => {},
  };
}

interface Post {
  readonly url: string;
  readonly token: string;
  readonly name: string;
  readonly title: string;
}

/** What goes wrong is logged, and the event lost. */
async function postEvent(napcat: Napcat, { url, token, name, title }: Post, event: object): Promise<void> {
  const body = JSON.stringify(event);
  const headers = {
    "content-type": "application/json",
    "x-self-id": napcat.uin,
    ...(token !== "" && { "x-signature": `sha1=${createHmac("sha1", token).update(body).digest("hex")}` }),
  };
  const answer = await send(url, headers, body, MAX_REDIRECTS).catch((error: Error) => ({
    status: 0,
    text: error.message,
  }));
  const isTaken = answer.status >= 200 && answer.status < 300;
  napcat.log({
    direction: "in",
    title: `${name} ${title} ${answer.status}`,
    body: { event, answer: answer.text },
    refused: isTaken ? undefined : `${answer.status} ${answer.text.slice(0, 100)}`,
  });
  const operation = isTaken ? readOperation(answer.text) : undefined;
  // A bot is not asked what to do about what it has said itself.
  if (operation) await runQuickOperation(event as Fields, operation, napcat.context());
}

function readOperation(text: string): Fields | undefined {
  if (text.trim() === "") return undefined;
  try {
    const operation = parseLoose(text);
    return isFields(operation) ? operation : undefined;
  } catch {
    return undefined;
  }
}

interface PostAnswer {
  readonly status: number;
  readonly text: string;
}

/** Written in one piece before the end, so that it goes out chunked and without a length. */
function send(url: string, headers: Record<string, string>, body: string, redirects: number): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? requestHttps : requestHttp;
    const sent = request(url, { method: "POST", headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0 } = response;
        const { location } = response.headers;
        if (!REDIRECTS.has(status) || location === undefined || redirects === 0) {
          return resolve({ status, text: Buffer.concat(pieces).toString("utf8") });
        }
        send(new URL(location, url).href, headers, body, redirects - 1).then(resolve, reject);
      });
    });
    sent.on("error", reject);
    sent.write(body);
    sent.end();
  });
}
