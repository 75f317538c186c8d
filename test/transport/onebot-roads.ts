// The roads of a personal account behind an emulated NapCat.
import { createHmac } from "node:crypto";
import { numbersOf } from "../../emulator/onebot/chats.ts";
import type { NapcatSettings } from "../../emulator/onebot/settings.ts";
import type { OneBotAccess } from "../../extensions/qq/src/transport/onebot/account.ts";
import type { OneBotMemory } from "../../extensions/qq/src/transport/onebot/memory.ts";
import { createOneBotTransport, type OneBotTransport } from "../../extensions/qq/src/transport/onebot/onebot.ts";
import type { LineOptions, LineReport } from "../../extensions/qq/src/transport/transport.ts";
import { listenForNapcat } from "./napcat-end.ts";
import type { OpenRoad, Road } from "./roads.ts";
import { group, OTHER_UIN, SECRET, UIN, type World } from "./world.ts";

/** Larger files go in pieces. */
export const BASE64_MAX_BYTES = 8 * 1024 * 1024;

/** What the operator has set beside how the account is reached. */
const usual = {
  accessToken: SECRET,
  connectionTimeoutMs: 30_000,
  reconnectIntervalMs: 5000,
  base64MaxBytes: BASE64_MAX_BYTES,
  sendGapMs: 0,
} satisfies Partial<OneBotAccess>;

/** What an answer that nobody waits for is counted as: the road sends one to see that all before it was read. */
const UNASKED = "answer that nobody waits for";

interface AccountRoad extends Road {
  line(...args: Parameters<Road["line"]>): OneBotTransport;
}

/** Forward WebSocket for events, HTTP for calls. */
export const openOnebot: OpenRoad = async (world, token = SECRET) => {
  const { httpUrl, wsUrl } = world.emulator.napcat(UIN);
  return accountRoad(world, { ...usual, httpUrl, wsUrl, accepts: false, accessToken: token }, "ws");
};

/** The same of the second account, in a world that has one. */
export const openOther: OpenRoad = async (world, token = SECRET) => {
  const { httpUrl, wsUrl } = world.emulator.napcat(OTHER_UIN);
  const road = accountRoad(world, { ...usual, httpUrl, wsUrl, accepts: false, accessToken: token }, "ws");
  return {
    ...road,
    reached: () => world.emulator.waitForSessions(OTHER_UIN, 1, 20_000),
    isOpen: () => world.emulator.world.context.napcat(OTHER_UIN).sessions > 0,
  };
};

/** The same with calls over the socket. */
export const openSocketOnly: OpenRoad = async (world, token = SECRET) => {
  const { wsUrl } = world.emulator.napcat(UIN);
  return accountRoad(world, { ...usual, wsUrl, accepts: false, accessToken: token }, "ws");
};

/** A socket for events, and posts of the same events: each comes twice. */
export const openBoth: OpenRoad = async (world, token = SECRET) => {
  const end = await listenForNapcat();
  const { httpUrl, wsUrl } = world.emulator.napcat(UIN);
  const setUp = setUpOnce(world);
  const road = accountRoad(world, { ...usual, httpUrl, wsUrl, accepts: true, accessToken: token }, "ws");
  return {
    ...road,
    line(options, memory) {
      const line = road.line(options, memory);
      end.lead(line);
      return line;
    },
    async reached() {
      await setUp({ post: [{ url: end.httpUrl, token: SECRET }] });
      await road.reached();
    },
  };
};

/** NapCat dials the gateway: events and calls over its socket. */
export const openReverse: OpenRoad = async (world, token = SECRET) => {
  const end = await listenForNapcat();
  const setUp = setUpOnce(world);
  const reverse = [{ url: end.wsUrl, token: SECRET, reconnectInterval: 5000 }];
  const road = accountRoad(world, { ...usual, accepts: true, accessToken: token }, "reverse-1");
  return {
    ...road,
    line(options, memory) {
      const line = road.line(options, memory);
      end.lead(line);
      return line;
    },
    async reached() {
      await setUp({ reverse });
      await road.reached();
    },
    get accepted() {
      return end.sockets;
    },
  };
};

/** NapCat posts its events to the gateway, which calls it over HTTP; so do others, and heartbeats with them. */
export const openPosted: OpenRoad = async (world, token = SECRET) => await posted(world, token, true);
export const openPostedWithoutBeats: OpenRoad = async (world, token = SECRET) => await posted(world, token, false);

async function posted(world: World, token: string, hasBeats: boolean): Promise<Road> {
  const end = await listenForNapcat();
  const { httpUrl } = world.emulator.napcat(UIN);
  const setUp = setUpOnce(world);
  const road = accountRoad(world, { ...usual, httpUrl, accepts: true, accessToken: token }, "post-1");
  const post = async (text: string): Promise<void> => {
    const signature = `sha1=${createHmac("sha1", token).update(text).digest("hex")}`;
    await fetch(end.httpUrl, { method: "POST", headers: { "x-signature": signature, "x-self-id": UIN }, body: text });
  };
  return {
    ...road,
    line(options, memory) {
      const line = road.line(options, memory);
      end.lead(line);
      return line;
    },
    async reached() {
      await setUp({ post: [{ url: end.httpUrl, token: SECRET }] });
      if (hasBeats && token === SECRET) await post(JSON.stringify(heartbeat));
    },
    isOpen: () => end.isOpen(),
    acknowledged: () => world.wire(/^post-1 message .* 204$/).length,
    async barrier() {
      const { status } = await fetch(end.httpUrl, { method: "POST", body: "{}" });
      if (status !== 401) throw new Error(`an unsigned event was answered with ${status}`);
    },
    bring: post,
    async bringOften(times, say) {
      await say();
      await world.until("the event", () => world.wire(/^post-1 message /).length > 0);
      for (let more = 1; more < times; more++) await post(road.newestText());
    },
  };
}

const heartbeat = {
  post_type: "meta_event",
  meta_event_type: "heartbeat",
  self_id: Number(UIN),
  time: 0,
  status: { online: true, good: true },
  interval: 30_000,
};

/** Has the NapCat dial or post, where it does not yet: to set it up anew would close what is open. */
function setUpOnce({ emulator }: World) {
  let isSetUp = false;
  return async (settings: Partial<NapcatSettings>): Promise<void> => {
    if (isSetUp) return;
    isSetUp = true;
    await emulator.control.call("napcat", { account: UIN, settings });
  };
}

/** `adapter`: what the wire log calls the way by which events come. */
function accountRoad(world: World, access: OneBotAccess, adapter: string): AccountRoad {
  const { emulator } = world;
  const passed = { frames: 0, marks: 0 };
  return {
    line: (options, { onebot }) => {
      const { report, memory } = watched(options, onebot, passed);
      return createOneBotTransport({ ...options, report, memory, access });
    },
    reached: () => emulator.waitForSessions(UIN, 1, 20_000),
    isOpen: () => world.emulator.world.context.napcat(UIN).sessions > 0,
    // Nothing tells NapCat that an event is taken: the line remembers how far it has come.
    acknowledged: () => passed.marks,
    async barrier() {
      // While a gap is being read the line remembers nothing new.
      await world.until("the look for a gap", () => world.wire(/get_recent_contact/).length > 0);
      for (const frame of ["the frame behind all others", "another one, behind what that woke"]) {
        const before = passed.frames;
        await world.trouble({ what: "raw", text: '{"status":"ok","retcode":0,"echo":"nobody"}' });
        await world.until(frame, () => passed.frames > before);
      }
    },
    newestText: () => JSON.stringify(eventIn(world.wire(new RegExp(`^${adapter} message dm`)).at(-1)?.body)),
    bring: (text) => world.trouble({ what: "raw", text }),
    async bringOften(times, say) {
      await say();
      for (let more = 1; more < times; more++) await this.bring(this.newestText());
    },
    connections: () => world.wire(/^(?:ws|reverse-1) (?:open|closed)/).length,
    sends: () => world.wire(/^(?:http (?:POST )?\/|(?:ws|reverse-1) )send_(?:private|group)_msg/).length,
    messageId: (id) => shortId(world, id),
    delayOpening: () => world.trouble({ what: "stall", ms: 60_000 }),
    accepted: 0,
  };
}

/** Counts what a line takes, and keeps what the road itself has sent out of the test's sight. */
function watched({ report }: LineOptions, onebot: OneBotMemory, passed: { frames: number; marks: number }) {
  const dropped = (reason: string): void => {
    if (reason === UNASKED) passed.frames += 1;
    else report.dropped(reason);
  };
  const memory: OneBotMemory = {
    ...onebot,
    mark(mark) {
      if (mark.messageId !== "") passed.marks += 1;
      onebot.mark(mark);
    },
  };
  const watching: LineReport = {
    status: (status) => report.status(status),
    activity: (at) => report.activity(at),
    dropped,
  };
  return { report: watching, memory };
}

/** Posted events are logged with their answers. */
function eventIn(body: unknown): unknown {
  return typeof body === "object" && body !== null && "event" in body ? body.event : body;
}

function shortId(of: World, id: string): string {
  const { world } = of.emulator;
  const chats = [of.dm("lin"), of.dm("ming"), of.dm("alice"), group("one"), group("two")];
  const bubble = chats.flatMap((chat) => world.transcript.find(chat, id) ?? [])[0];
  if (!bubble) throw new Error(`there is no message ${id}`);
  return String(numbersOf(world, bubble).shortId);
}
