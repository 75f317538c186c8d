import { parseArgs } from "node:util";
import { createEmulator } from "./emulator.ts";
import { defaultSeed } from "./seed.ts";

const DEFAULT_PORT = 8990;

const { values } = parseArgs({ options: { port: { type: "string", default: String(DEFAULT_PORT) } } });
// A run of its own every time: a bot that remembers the last run's messages must not take new ones for repetitions.
const emulator = await createEmulator({ port: Number(values.port), idSeed: String(Date.now()) });

console.log(`emulated QQ  ${emulator.url}`);
for (const { appId, secret, name } of defaultSeed.bots) {
  console.log(`bot ${name}  appId ${appId}  appSecret ${secret}`);
}
console.log("Ctrl-C ends it");
process.once("SIGINT", () => void emulator.close());
