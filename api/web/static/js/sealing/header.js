// The header of an entry: where it stands, who wrote it, to whom it was sealed; open to the service, bound by
// everything (section 4.1). A slot is {entryId, position, previousHash, amends}, a tip {position, entryHash}.

import { Form, PREFIX_BYTES, ZERO, concat, contentOf, counted, hex, prefix, u32, unhex, uuidBytes, uuidOf } from "./encoding.js";
import { OutOfRange, UnknownFormat } from "./errors.js";
import { audienceOf } from "./statement.js";

export const HEADER_BYTES = 156;
export const EMPTY = Object.freeze({ position: 0, entryHash: ZERO });

const NIL = "00000000-0000-0000-0000-000000000000";

export function slotAfter(tip, entryId, amends = null) {
  return checkedSlot({ entryId, position: tip.position + 1, previousHash: tip.entryHash, amends });
}

export function isSameSlot(one, other) {
  return one.entryId === other.entryId && one.position === other.position
    && one.previousHash === other.previousHash && one.amends === other.amends;
}

export function headerBytes({ strand, epoch, statementHash, slot, author }) {
  return concat(
    prefix(Form.ENTRY),
    Uint8Array.of(strand.audience),
    uuidBytes(strand.notebookId),
    u32(epoch),
    unhex(statementHash),
    uuidBytes(slot.entryId),
    u32(counted(slot.position)),
    unhex(slot.previousHash),
    uuidBytes(slot.amends ?? NIL),
    unhex(author),
  );
}

export function headerOf(entry) {
  const content = contentOf(entry, Form.ENTRY);
  if (entry.length < HEADER_BYTES) throw new UnknownFormat();
  const view = new DataView(content.buffer, content.byteOffset);
  const bytes = (at, length) => content.subarray(at - PREFIX_BYTES, at - PREFIX_BYTES + length);
  const epoch = view.getUint32(20 - PREFIX_BYTES);
  const audience = audienceOf(content[0]);
  if (epoch === 0) throw new UnknownFormat();
  const amends = uuidOf(bytes(108, 16));
  return {
    strand: { audience, notebookId: uuidOf(bytes(4, 16)) },
    epoch,
    statementHash: hex(bytes(24, 32)),
    slot: readSlot({
      entryId: uuidOf(bytes(56, 16)),
      position: view.getUint32(72 - PREFIX_BYTES),
      previousHash: hex(bytes(76, 32)),
      amends: amends === NIL ? null : amends,
    }),
    author: hex(bytes(124, 32)),
  };
}

function readSlot(slot) {
  try {
    return checkedSlot(slot);
  } catch {
    throw new UnknownFormat();
  }
}

function checkedSlot(slot) {
  counted(slot.position);
  if (slot.amends === slot.entryId || slot.amends === NIL) throw new OutOfRange();
  return Object.freeze(slot);
}
