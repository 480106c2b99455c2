// Draws media/icon.png: kin around a function. Signed distances, 16 samples a pixel, and zlib for the PNG.
import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const SIZE = 256;
const SAMPLES = 4;
const BACK = [27, 43, 58];
const LINE = [126, 160, 186];
const KIN = [226, 160, 63];
const HEART = [240, 244, 248];
const CENTER = [128, 128];
const OTHERS = [
  [58, 74],
  [200, 60],
  [74, 200],
  [196, 188],
];

const distance = ([x, y], [a, b]) => Math.hypot(x - a, y - b);

function toSegment(at, from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / (dx * dx + dy * dy);
  const share = Math.max(0, Math.min(1, along));
  return distance(at, [from[0] + share * dx, from[1] + share * dy]);
}

function colorAt(at) {
  const corner = 48;
  const outside = [0, 1].map((axis) => Math.max(0, Math.abs(at[axis] - SIZE / 2) - (SIZE / 2 - corner)));
  if (Math.hypot(...outside) > corner) return [0, 0, 0, 0];
  if (distance(at, CENTER) < 34) return [...HEART, 255];
  if (OTHERS.some((other) => distance(at, other) < 23)) return [...KIN, 255];
  if (OTHERS.some((other) => toSegment(at, CENTER, other) < 5)) return [...LINE, 255];
  return [...BACK, 255];
}

function pixel(x, y) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const at = [x + ((i % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES];
    const [r, g, b, a] = colorAt(at);
    [r, g, b].forEach((value, channel) => (sum[channel] += (value * a) / 255));
    sum[3] += a;
  }
  const alpha = sum[3] / (SAMPLES * SAMPLES);
  return [
    ...sum.slice(0, 3).map((value) => (alpha ? Math.round((value / (SAMPLES * SAMPLES)) * (255 / alpha)) : 0)),
    Math.round(alpha),
  ];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, check]);
}

const rows = [];
for (let y = 0; y < SIZE; y++) {
  const row = [0];
  for (let x = 0; x < SIZE; x++) row.push(...pixel(x, y));
  rows.push(Buffer.from(row));
}
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8);
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const image = chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 }));
const file = new URL("../media/icon.png", import.meta.url);
writeFileSync(file, Buffer.concat([signature, chunk("IHDR", header), image, chunk("IEND", Buffer.alloc(0))]));
