// Sealed notes: what a participant writes is opened by the readers they named and by nobody else.
// The format is docs/specs/sealed-note.md, whose sections the comments of these modules name.

export { Chain, verifyChain, verifyChainBackwards } from "./sealing/chain.js";
export { hex, random, unhex, ZERO } from "./sealing/encoding.js";
export { openEntry, openVerified, readHeader, sealEntry, tipAfter, tipBefore, verifyEntry } from "./sealing/entry.js";
export * from "./sealing/errors.js";
export { fingerprintWords } from "./sealing/fingerprint.js";
export { grantEpoch, openGrant, verifyEpoch } from "./sealing/grant.js";
export { EMPTY, slotAfter } from "./sealing/header.js";
export { implementation } from "./sealing/hpke.js";
export { Identity, PublicIdentity, newIdentity } from "./sealing/identity.js";
export { BUCKETS, Kind, MOST_TEXT_BYTES } from "./sealing/padding.js";
export { openPassedOn, passOn, verifyPassedOn } from "./sealing/passing_on.js";
export { Audience } from "./sealing/statement.js";
