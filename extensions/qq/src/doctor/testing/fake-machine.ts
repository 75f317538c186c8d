import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { createFakeClock, type FakeClock } from "../../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../../transport/testing/fake-net.ts";
import type { JournalView, Machine } from "../machine.ts";

/** A machine in memory where all is well, until a test changes that. What nobody has announced is a surprise. */
export interface FakeMachine extends Machine {
  readonly clock: FakeClock;
  readonly net: FakeNet;
  nodeVersion: string;
  hostVersion: string | undefined;
  /** By host name; a name that is not here cannot be resolved. */
  readonly names: Map<string, readonly string[]>;
  /** Absent: no gateway runs. */
  statuses: readonly ChannelAccountSnapshot[] | undefined;
  view: JournalView;
  free: number;
  readonly modes: Map<string, number>;
}

export function createFakeMachine(): FakeMachine {
  const clock = createFakeClock();
  const net = createFakeNet(clock);
  const machine: FakeMachine = {
    clock,
    net,
    outside: net,
    nodeVersion: "24.16.0",
    hostVersion: "2026.9.6",
    gatewayUrl: "http://127.0.0.1:18789",
    names: new Map(),
    statuses: [],
    view: { kind: "none" },
    free: 10 * 1024 ** 3,
    modes: new Map(),
    lookup: async (host) => {
      const found = machine.names.get(host);
      if (!found) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" });
      return await Promise.resolve(found);
    },
    accountStatuses: async () => {
      if (!machine.statuses) throw new Error("Gateway not reachable (ECONNREFUSED).\nRun openclaw gateway status");
      return await Promise.resolve(machine.statuses);
    },
    journal: async () => await Promise.resolve(machine.view),
    freeBytes: async () => await Promise.resolve(machine.free),
    fileMode: async (path) => await Promise.resolve(machine.modes.get(path)),
  };
  return machine;
}
