const HEADER_BYTES = 12;
const RTCP_TYPES = { first: 192, last: 223 };

export type RtpPacket = { payloadType: number; sequence: number; timestamp: number; payload: Buffer };

/** Reads an RTP packet; null for RTCP and for what is no packet at all. */
export function parseRtp(packet: Buffer): RtpPacket | null {
  if (packet.length < HEADER_BYTES) return null;
  const [first, second] = [packet.readUInt8(0), packet.readUInt8(1)];
  if (first >> 6 !== 2 || (second >= RTCP_TYPES.first && second <= RTCP_TYPES.last)) return null;
  let offset = HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (packet.length < offset + 4) return null;
    offset += 4 + packet.readUInt16BE(offset + 2) * 4;
  }
  const padding = (first & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1);
  if (offset + padding > packet.length) return null;
  return {
    payloadType: second & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    payload: packet.subarray(offset, packet.length - padding),
  };
}

export type RtpStream = { ssrc: number; payloadType: number; sequence: number; timestamp: number };

/** Writes one packet and moves the stream on by `durationTicks` of its clock. */
export function writeRtp(
  stream: RtpStream,
  payload: Uint8Array,
  options: { isTalkStart: boolean; durationTicks: number },
): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + payload.length);
  packet[0] = 0x80;
  packet[1] = (options.isTalkStart ? 0x80 : 0) | stream.payloadType;
  packet.writeUInt16BE(stream.sequence, 2);
  packet.writeUInt32BE(stream.timestamp, 4);
  packet.writeUInt32BE(stream.ssrc, 8);
  packet.set(payload, HEADER_BYTES);
  stream.sequence = (stream.sequence + 1) & 0xffff;
  stream.timestamp = (stream.timestamp + options.durationTicks) >>> 0;
  return packet;
}
