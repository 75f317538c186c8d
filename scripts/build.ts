// npm run build: extensions/qq/dist, if anything has changed since the last time.
import { join } from "node:path";
import { buildPlugin } from "./lib/build.ts";
import { root } from "./lib/tools.ts";

const started = performance.now();
const built = await buildPlugin(join(root, "extensions", "qq"), join(root, ".cache", "build", "qq.json"));
const ms = Math.round(performance.now() - started);
console.log(built ? `built extensions/qq/dist in ${ms} ms` : "extensions/qq/dist is up to date");
