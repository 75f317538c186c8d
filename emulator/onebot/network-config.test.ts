import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { openStage, rawClient, UIN, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ servers: false });
});
afterEach(() => stage.emulator.close());

const write = (network: object, more: object = {}) =>
  stage.emulator.control.call("napcatNetwork", { account: UIN, config: JSON.stringify({ network, ...more }) });

/** A port of 127.0.0.1 that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // What a server that listens has for an address is never a path here.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("a NapCat as it comes has no servers; those of its configuration listen where it says, with its token", async () => {
  expect(stage.emulator.napcat(UIN)).toEqual({ httpUrl: "", wsUrl: "" });
  const [http, ws] = [await freePort(), await freePort()];
  await write({
    httpServers: [{ name: "a", enable: true, port: http, token: "secret" }],
    websocketServers: [{ name: "b", enable: true, host: "0.0.0.0", port: ws, token: "secret", heartInterval: 0 }],
  });
  expect(stage.emulator.napcat(UIN)).toEqual({ httpUrl: `http://127.0.0.1:${http}`, wsUrl: `ws://127.0.0.1:${ws}` });
  const asked = await fetch(`http://127.0.0.1:${http}/get_login_info?access_token=secret`);
  expect(await asked.json()).toMatchObject({ data: { user_id: Number(UIN) } });
  const [known, stranger] = ["secret", "other"].map((token) =>
    rawClient(`ws://127.0.0.1:${ws}/?access_token=${token}`),
  );
  expect(await known?.next()).toMatchObject({ sub_type: "connect" });
  expect(await stranger?.next()).toMatchObject({ retcode: 1403 });

  // What the next one does not name, or does not enable, is gone, and so are its sockets.
  await write({ websocketServers: [{ port: ws }], httpServers: [{ enable: true, port: http }] });
  expect(stage.emulator.napcat(UIN)).toEqual({ httpUrl: `http://127.0.0.1:${http}`, wsUrl: "" });
  expect(await known?.closed).toBe(1005);
  await expect(fetch(`http://127.0.0.1:${ws}/`)).rejects.toThrow();
  expect((await fetch(`http://127.0.0.1:${http}/get_login_info`)).status).toBe(200);
});

test("its clients dial", async () => {
  const server = createServer();
  const come = Promise.withResolvers<string | undefined>();
  new WebSocketServer({ server }).on("connection", (_, { headers }) => come.resolve(headers.authorization));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // What a server that listens has for an address is never a path here.
  const { port } = server.address() as AddressInfo;
  await write({ websocketClients: [{ enable: true, url: `ws://127.0.0.1:${port}/qq-onebot`, token: "secret" }] });
  expect(await come.promise).toBe("Bearer secret");
  server.closeAllConnections();
  server.close();
});

test.each([
  [
    "an option that no entry has",
    { websocketServers: [{ accessToken: "x" }] },
    /^network\.websocketServers\.0: .*accessToken/,
  ],
  [
    "an option of another kind of entry",
    { httpServers: [{ heartInterval: 1 }] },
    /^network\.httpServers\.0: .*heartInterval/,
  ],
  ["a kind that there is not", { wsServers: [] }, /^network: .*wsServers/],
  ["a port as text", { httpServers: [{ port: "3000" }] }, /^network\.httpServers\.0\.port: /],
  [
    "an address of the wrong scheme",
    { websocketClients: [{ url: "http://127.0.0.1:1/" }] },
    /^network\.websocketClients\.0\.url: /,
  ],
  [
    "two entries of one name",
    { httpServers: [{ name: "a" }], httpClients: [{ name: "a" }] },
    /two entries are called "a"/,
  ],
])("is refused: %s", async (_what, network, message) => {
  await expect(write(network)).rejects.toThrow(message);
  await expect(write({ httpServers: [] }, { token: "x" })).rejects.toThrow(/token/);
  expect(stage.emulator.napcat(UIN).wsUrl).toBe("");
});

test("a port that somebody has is said", async () => {
  const port = new URL(stage.emulator.url).port;
  await expect(write({ httpServers: [{ enable: true, port: Number(port) }] })).rejects.toThrow(/EADDRINUSE/);
});
