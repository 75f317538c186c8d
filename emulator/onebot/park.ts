import { ControlError } from "../refusal.ts";
import type { AccountSeed } from "../seed.ts";
import type { NapcatState } from "../snapshot.ts";
import type { AccountEvent } from "./events.ts";
import { Napcat, type NapcatParts } from "./napcat.ts";
import type { NapcatFault } from "./napcat-fault.ts";
import { readNetwork } from "./network-config.ts";
import { serveNapcat, type ServedNapcat } from "./serving.ts";
import type { NapcatSettings } from "./settings.ts";
import { trouble } from "./trouble.ts";

/** The NapCats of all personal accounts of an emulator. */
export interface NapcatPark {
  find(uin: string): Napcat | undefined;
  report(uin: string, event: AccountEvent): void;
  state(uin: string): NapcatState;
  fault(fault: NapcatFault): void;
  set(uin: string, settings: Partial<NapcatSettings>): void;
  /** Takes a network configuration, as text. */
  network(uin: string, config: string): Promise<void>;
  /** Opens the servers. */
  open(): Promise<void>;
  reset(): void;
  close(): Promise<void>;
}

export function createNapcatPark(seeds: readonly AccountSeed[], parts: NapcatParts): NapcatPark {
  const napcats = new Map(seeds.map((seed) => [seed.uin, new Napcat(seed, parts)]));
  const served = new Map<string, ServedNapcat>();
  const pickNapcat = (uin: string): Napcat => {
    const napcat = napcats.get(uin);
    if (!napcat) throw new ControlError(`there is no account "${uin}"`);
    return napcat;
  };
  return {
    find: (uin) => napcats.get(uin),
    report: (uin, event) => napcats.get(uin)?.events.tell(event),
    state: (uin) => showNapcat(pickNapcat(uin)),
    fault(fault) {
      const napcat = pickNapcat(fault.account);
      const closeSockets = (): void => served.get(fault.account)?.closeSockets();
      trouble({ napcat, world: parts.world, closeSockets }, fault);
    },
    set(uin, settings) {
      const napcat = pickNapcat(uin);
      napcat.settings = { ...napcat.settings, ...settings };
      if ("reverse" in settings || "post" in settings) served.get(uin)?.renew();
      if ("token" in settings || "wsFormat" in settings) served.get(uin)?.closeSockets();
      napcat.changed();
    },
    async network(uin, config) {
      const napcat = pickNapcat(uin);
      const { ports, settings } = readNetwork(config);
      napcat.settings = { ...napcat.settings, ...settings };
      await served
        .get(uin)
        ?.listen(ports)
        .catch((error: unknown) => {
          throw new ControlError(String(error));
        });
      served.get(uin)?.renew();
      napcat.changed();
    },
    async open() {
      for (const seed of seeds) served.set(seed.uin, await serveNapcat(pickNapcat(seed.uin), seed, parts.world));
    },
    reset() {
      for (const [uin, napcat] of napcats) {
        napcat.reset();
        served.get(uin)?.renew();
      }
    },
    async close() {
      await Promise.all([...served.values()].map((each) => each.close()));
    },
  };
}

function showNapcat({ settings, weather, adapters, httpUrl, wsUrl }: Napcat): NapcatState {
  const sockets = adapters.flatMap((adapter) => adapter.sockets());
  return {
    software: settings.software,
    httpUrl,
    wsUrl,
    sessions: sockets.filter((socket) => socket.hasEvents && socket.isOpen).length,
    online: weather.isOnline,
    kicked: weather.isKicked,
    down: weather.isDown,
    deaf: weather.isDeaf,
    packetBackend: settings.packetBackend,
  };
}
