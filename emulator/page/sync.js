// @ts-check
/** Keeps the page in step with the emulator: one event stream, and a fresh read whenever it (re)opens. No polling. */
import { readHost, readLog, readState } from "./api.js";
import { keyOf } from "./chats.js";
import { toast } from "./toast.js";
import { t } from "./i18n.js";

/** @typedef {Extract<import("../control.ts").ControlEvent, { event: "message" }>["data"]} MessageData */
/** @typedef {import("../control.ts").WireEntry} WireEntry */
/** @typedef {import("../control.ts").WorldState} WorldState */

/**
 * @typedef {object} Sinks
 * @property {import("./store.js").Store} store
 * @property {import("./typing.js").Typing} typing
 * @property {{ add: (entry: WireEntry) => void, replace: (entries: readonly WireEntry[]) => void }} wire
 * @property {(up: boolean) => void} link
 * @property {(notice: import("../control.ts").HostNotice | undefined) => void} host
 */

const retryAfter = 1500;

/** @param {Sinks} sinks */
export function keepInStep(sinks) {
  const reader = createReader(sinks);
  connect();

  function connect() {
    const events = new EventSource("/_emulator/events");
    events.addEventListener("open", () => {
      sinks.link(true);
      reader.readAll();
    });
    events.addEventListener("error", () => {
      sinks.link(false);
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, retryAfter);
    });
    listen(events, sinks, reader);
  }
}

/**
 * @param {EventSource} events
 * @param {Sinks} sinks
 * @param {ReturnType<typeof createReader>} reader
 */
function listen(events, { store, typing, wire }, reader) {
  /** @param {string} name @param {(data: any) => void} take */
  const on = (name, take) => {
    events.addEventListener(name, (event) => take(JSON.parse(event.data)));
  };
  on("message", (data) => {
    reader.arrived(data);
    store.add(data.chat, data.message);
  });
  on("typing", (data) => typing.begin(data));
  on("wire", (data) => wire.add(data));
  on("state", (data) => {
    if (data?.reset) store.forgetUnread();
    reader.readWorld();
  });
}

/**
 * The state with the messages that came while it was on its way.
 * @param {WorldState} world
 * @param {readonly MessageData[]} meanwhile
 * @returns {WorldState}
 */
function withLatest(world, meanwhile) {
  const chats = new Map(world.chats.map((entry) => [keyOf(entry.chat), entry]));
  for (const { chat, message } of meanwhile) {
    const known = chats.get(keyOf(chat))?.messages ?? [];
    const place = known.findIndex(({ id }) => id === message.id);
    chats.set(keyOf(chat), { chat, messages: place < 0 ? [...known, message] : known.with(place, message) });
  }
  return { ...world, chats: [...chats.values()] };
}

/** @param {Sinks} sinks */
function createReader({ store, wire, host }) {
  /** @type {Promise<void> | undefined} */
  let running;
  let again = false;
  /** Messages that came while a state was on its way, which may or may not be in it. @type {MessageData[]} */
  let meanwhile = [];

  async function once() {
    meanwhile = [];
    const [world, notice] = await Promise.all([readState(), readHost()]);
    store.replaceWorld(withLatest(world, meanwhile));
    host(notice);
  }

  async function loop() {
    do {
      again = false;
      await once().catch((error) => toast(t("failed", { why: error.message }), "bad"));
    } while (again);
    running = undefined;
  }

  function readWorld() {
    if (running) again = true;
    else running = loop();
  }

  function readAll() {
    readWorld();
    readLog().then(wire.replace, () => {});
  }

  /** @param {MessageData} data */
  const arrived = (data) => {
    if (running) meanwhile.push(data);
  };
  return { readWorld, readAll, arrived };
}
