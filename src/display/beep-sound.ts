const RATE = 8000;
const LENGTH_MS = 160;
const PITCH = 880;

let made: string | undefined;

/** A short tone as a `data:` address: a wave file, made here, of 8 bits and one channel. */
export function beepSound(): string {
  if (made !== undefined) return made;
  const samples = (RATE * LENGTH_MS) / 1000;
  const file = Buffer.alloc(44 + samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples, 40);
  for (let i = 0; i < samples; i++) {
    // Fades in and out: a tone that is cut off clicks.
    const fade = Math.min(1, i / 80, (samples - i) / 400);
    file[44 + i] = 128 + Math.round(60 * fade * Math.sin((2 * Math.PI * PITCH * i) / RATE));
  }
  made = `data:audio/wav;base64,${file.toString('base64')}`;
  return made;
}
