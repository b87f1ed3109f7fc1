import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** @see Jupyter's messaging protocol, version 5.3: the message header */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A message of a client, taken off the wire. */
export interface Request {
  readonly channel: 'shell' | 'control';
  /** ZeroMQ's routing prefix, to be repeated in the reply. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** What the client adds for itself: JupyterLab and VS Code say which cell they run. */
  readonly metadata: Record<string, unknown>;
  readonly content: Record<string, unknown>;
}

/** A message of ours, ready to be signed. Content is JSON already, so that later changes to it do not show. */
export interface Outgoing {
  readonly channel: 'shell' | 'control' | 'iopub';
  readonly identities: readonly (Uint8Array | string)[];
  readonly header: Header;
  /** The header of the request it answers; absent only for what no request asked for. */
  readonly parent: Header | undefined;
  readonly content: string;
}

const DELIMITER = Buffer.from('<IDS|MSG>');
const PROTOCOL = '5.3';

/** One session id for all that this kernel sends. */
const session = randomUUID();

export function newHeader(type: string): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'kernel',
    date: new Date().toISOString(),
    version: PROTOCOL,
  };
}

/** JSON has no bigint: a safe one becomes a number, any other its digits as text. */
export function toJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  });
}

function sign(key: string, parts: readonly (string | Uint8Array)[]): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** The frames of a message, in wire order. */
export function encode(key: string, message: Outgoing): (Uint8Array | string)[] {
  const parts = [JSON.stringify(message.header), JSON.stringify(message.parent ?? {}), '{}', message.content];
  return [...message.identities, DELIMITER, sign(key, parts), ...parts];
}

/** @throws {Error} when the frames are no message, or not signed with our key */
export function decode(key: string, channel: 'shell' | 'control', frames: readonly Uint8Array[]): Request {
  const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
  const parts = frames.slice(delimiter + 2, delimiter + 6);
  if (delimiter < 0 || parts.length < 4) throw new Error('not a Jupyter message: parts are missing');
  const got = Buffer.from(frames[delimiter + 1]!);
  // Buffers that follow the four parts are not signed, by the protocol.
  const want = Buffer.from(sign(key, parts));
  if (got.length !== want.length || !timingSafeEqual(got, want)) throw new Error('a message with a wrong signature');
  const json = (part: Uint8Array): unknown => JSON.parse(Buffer.from(part).toString('utf8'));
  return {
    channel,
    identities: frames.slice(0, delimiter),
    header: json(parts[0]!) as Header,
    metadata: json(parts[2]!) as Record<string, unknown>,
    content: json(parts[3]!) as Record<string, unknown>,
  };
}
