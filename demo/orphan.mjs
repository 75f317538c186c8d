// Loaded into the gateway before OpenClaw: ends it when whoever started it is gone without having been able to end it,
// as a test runner that was killed. Without this a gateway of 800 MB stays behind each time.
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 1000);
  timer.unref();
}
