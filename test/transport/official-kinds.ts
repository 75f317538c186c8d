// The two roads of an official bot, as the contract meets them.
import type { Fault, HttpFault } from "../../emulator/control.ts";
import { openWebhook, openWebsocket, type RoadKind, type SendFault } from "./roads.ts";
import { groupId, userId } from "./world.ts";

const failing = (answer: HttpFault, times = 1): Fault => ({ do: "http", call: "/v2/users/", times, answer });
const once = (name: string, answer: HttpFault): SendFault => ({
  name,
  fault: failing(answer),
  calls: 2,
  ...(answer.kind === "error" && answer.retryAfter !== undefined && { retryAfter: answer.retryAfter }),
});
/** More often than a line tries by itself: whoever has the answer keeps it, as the host's queue does. */
const thrice = (name: string, answer: HttpFault) => ({ name, fault: failing(answer, 3) });

const event = (d: unknown): string => JSON.stringify({ op: 0, s: 1, id: "E:1", t: "C2C_MESSAGE_CREATE", d });

const official: Omit<RoadKind, "name" | "open"> = {
  plant: "bot",
  has: { guilds: true, buttons: true, anchors: true, tokens: true, ownMemory: false, finalSecret: true },
  wrongSecret: { says: /AppID or AppSecret.*code 100016/, calls: /getAppAccessToken/, most: 1 },
  malformed: [
    ["not JSON", "not JSON"],
    ["half an event", event({}).slice(0, -5)],
    ["null", "null"],
    ["an array", `[${event({})}]`],
    ["a number", "1e400"],
    ["no d", '{"op":0,"s":1,"id":"E:1","t":"C2C_MESSAGE_CREATE"}'],
    ["a d that is null", event(null)],
    ["an opcode as text", '{"op":"0","s":1,"id":"E:1","t":"C2C_MESSAGE_CREATE","d":{}}'],
    ["a name that is a list", '{"op":0,"s":1,"id":"E:1","t":["C2C_MESSAGE_CREATE"],"d":{}}'],
    ["wrong types inside", event({ id: 7, content: {}, timestamp: [], author: "me" })],
    ["an event of no known form", '{"op":0,"s":1,"id":"E:1","t":"<script>","d":{}}'],
    ["5 MB", "x".repeat(5 * 1024 * 1024)],
  ],
  forged({ time }) {
    const forged = `../groups/${groupId("one")}`;
    const author = { id: forged, user_openid: forged };
    const timestamp = new Date(time.line.now()).toISOString();
    return event({ id: "ROBOT1.0_forged", content: "hi", timestamp, author });
  },
  strangers: () => [
    [{ kind: "c2c", userId: groupId("one") }, "target"],
    [{ kind: "group", groupId: userId("lin") }, "target"],
    [{ kind: "c2c", userId: userId("lin").toLowerCase() }, "target"],
    [{ kind: "c2c", userId: userId("lin", "102000002") }, "target"],
  ],
  callsToNobody: 1,
  sendFaults: [
    once("a 500", { kind: "error", status: 500 }),
    once("a 502 in HTML", { kind: "html", status: 502 }),
    once("a 503 in HTML", { kind: "html", status: 503 }),
    once("a 429 that names its pause", { kind: "error", status: 429, code: 100001, retryAfter: 2 }),
    once("a connection that is cut before the delivery", { kind: "reset" }),
    once("a connection that is cut after the delivery", { kind: "reset", delivered: true }),
  ],
  lastingSendFaults: [
    thrice("a 503 three times", { kind: "html", status: 503 }),
    thrice("a 429 three times", { kind: "error", status: 429, code: 100001, retryAfter: 2 }),
    thrice("a 429 that names no pause, three times", { kind: "error", status: 429, code: 100001 }),
    thrice("a connection that is cut three times before the delivery", { kind: "reset" }),
    thrice("a connection that is cut three times after the delivery", { kind: "reset", delivered: true }),
  ],
  lostAnswers: failing({ kind: "reset", delivered: true }, 3),
};

export const websocket: RoadKind = { ...official, name: "websocket", open: openWebsocket };
export const webhook: RoadKind = { ...official, name: "webhook", open: openWebhook };
