// A personal account behind a NapCat: the transport contract, on each of the ways in which its events and calls can go.
import { transportContract } from "./contract.ts";
import { onebotKinds } from "./onebot-kinds.ts";

for (const kind of onebotKinds) transportContract(kind);
