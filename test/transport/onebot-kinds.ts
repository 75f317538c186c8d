// The roads of a personal account, as the contract meets them.
import type { Fault } from "../../emulator/control.ts";
import type { NapcatTrouble, SendOutcome } from "../../emulator/onebot/napcat-fault.ts";
import { forgedMessage, malformedEvents } from "./onebot-events.ts";
import { openOnebot, openPosted, openReverse, openSocketOnly } from "./onebot-roads.ts";
import type { RoadKind, SendFault } from "./roads.ts";
import { UIN } from "./world.ts";

const onePrivate = (outcome: SendOutcome["kind"] & ("timeout" | "delivered" | "hang"), times = 1): NapcatTrouble => ({
  what: "send",
  outcome: { kind: outcome },
  times,
});
const lost = (part: "call" | "answer", times = 1): NapcatTrouble => ({
  what: "lose",
  action: "send_private_msg",
  part,
  times,
});
const fault = (trouble: NapcatTrouble): Fault => ({ do: "napcat", account: UIN, ...trouble });
const sendFault = (name: string, trouble: NapcatTrouble, calls: number): SendFault => ({
  name,
  fault: fault(trouble),
  calls,
});

const account: Omit<RoadKind, "name" | "open" | "wrongSecret"> = {
  plant: "account",
  has: { guilds: false, buttons: false, anchors: false, tokens: false, ownMemory: true, finalSecret: false },
  malformed: malformedEvents,
  forged: forgedMessage,
  strangers: (world) => [
    [{ kind: "c2c", userId: world.groupId("one") }, "target"],
    [{ kind: "group", groupId: world.userId("lin") }, "removed"],
    [{ kind: "c2c", userId: "99999999" }, "target"],
  ],
  // Who is not known is looked up, and the message sent once more.
  callsToNobody: 2,
  sendFaults: [
    sendFault("a call that never arrives", lost("call"), 2),
    sendFault("an answer that never arrives", lost("answer"), 1),
    sendFault("a send that QQ does not confirm and shows", onePrivate("delivered"), 1),
    sendFault("a send that QQ does not confirm and does not show", onePrivate("timeout"), 2),
    sendFault("a core of QQ that hangs", onePrivate("hang"), 2),
  ],
  lastingSendFaults: [
    { name: "three calls that never arrive", fault: fault(lost("call", 3)) },
    { name: "three answers that never arrive", fault: fault(lost("answer", 3)) },
    { name: "three sends that QQ does not confirm and shows", fault: fault(onePrivate("delivered", 3)) },
    { name: "three sends that QQ does not confirm and does not show", fault: fault(onePrivate("timeout", 3)) },
    { name: "a core of QQ that hangs three times", fault: fault(onePrivate("hang", 3)) },
  ],
  lostAnswers: fault(lost("answer", 3)),
};

/** Once a minute is slow enough. */
const refused = { says: /access token is refused/, calls: /^ws wrong token/, most: 7 };
/** Who may not come in is not known to be there. */
const unheard = { says: /nobody has connected yet/, calls: /^(?:reverse-1 open|post-1 .* 204)/, most: 0 };

export const onebotKinds: readonly RoadKind[] = [
  { ...account, name: "onebot", open: openOnebot, wrongSecret: refused },
  { ...account, name: "onebot over one socket", open: openSocketOnly, wrongSecret: refused },
  { ...account, name: "onebot that dials", open: openReverse, wrongSecret: unheard },
  { ...account, name: "onebot that posts", open: openPosted, wrongSecret: unheard },
];
