import { WebSocket } from "ws";
import type { EventAdapter } from "./event-adapter.ts";
import { EventSocket, MAX_FRAME_BYTES } from "./event-socket.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Napcat } from "./napcat.ts";
import type { ReverseSettings } from "./settings.ts";

const HANDSHAKE_MS = 2000;
const RECONNECT_MS = 5000;
const HEARTBEAT_MS = 30_000;

/** A WebSocket that the NapCat itself opens to the bot, over and over (onebot-napcat.md 1.6). */
export function createReverseClient(napcat: Napcat, settings: ReverseSettings, name: string): EventAdapter {
  const { url, token = "", format = "array", reportSelfMessage = false } = settings;
  const interval = settings.heartInterval ?? HEARTBEAT_MS;
  let socket: EventSocket | undefined;
  let isClosed = false;
  let callOff: (() => void) | undefined;

  const adapter: EventAdapter = {
    name,
    transport: "reverse",
    format: () => format,
    reportsSelf: () => reportSelfMessage,
    debug: () => false,
    isActive: () => socket?.isOpen === true,
    tell: (frame, title) => socket?.send(frame, title),
    sockets: () => (socket ? [socket] : []),
    silence: (way) => socket?.silence(way),
    cut: () => socket?.cut(),
    close() {
      isClosed = true;
      heartbeat.stop();
      callOff?.();
      socket?.cut();
    },
  };

  const again = (): void => {
    if (!isClosed) callOff = napcat.clock.after(settings.reconnectInterval ?? RECONNECT_MS, connect);
  };
  const connect = (): void => {
    if (napcat.weather.isDown) return again();
    const webSocket = new WebSocket(url, {
      headers: {
        "X-Self-ID": napcat.uin,
        Authorization: `Bearer ${token}`,
        "x-client-role": "Universal",
        "User-Agent": "OneBot/11",
      },
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MAX_FRAME_BYTES,
      autoPong: false,
    });
    const mine = new EventSocket(webSocket, napcat, adapter, true);
    socket = mine;
    webSocket.on("open", () => {
      napcat.log({ direction: "out", title: `${name} open ${url.replace(/\?.*$/, "")}` });
      mine.send(napcat.events.lifecycle(), "lifecycle connect");
      napcat.changed();
    });
    webSocket.on("close", () => {
      if (socket === mine) socket = undefined;
      napcat.log({ direction: "in", title: `${name} closed` });
      napcat.changed();
      again();
    });
  };

  const heartbeat = createHeartbeat(
    napcat.clock,
    () => interval,
    () => napcat.events.beat(adapter, interval),
  );
  heartbeat.start();
  connect();
  return adapter;
}
