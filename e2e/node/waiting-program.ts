// The program in the images that the tests pull: it waits until it is killed. As bytes, because so it needs
// neither a compiler nor a base image that would have to be pulled from somewhere itself.

/** As Kubernetes names them in a node's status. */
export type Architecture = 'amd64' | 'arm64';

const MACHINES: Record<Architecture, { readonly elf: number; readonly code: readonly number[] }> = {
  amd64: {
    elf: 62,
    // mov eax, 34 (pause); syscall; and again, for a signal that is ignored may end the call
    code: [0xb8, 0x22, 0x00, 0x00, 0x00, 0x0f, 0x05, 0xeb, 0xf7],
  },
  arm64: {
    elf: 183,
    // There is no pause: ppoll (73) of nothing, without a timeout. x0 to x3 = 0; svc; and again.
    code: [0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800928, 0xd4000001, 0x17fffffa].flatMap(word =>
      [0, 8, 16, 24].map(shift => (word >>> shift) & 0xff),
    ),
  },
};

const HEADER = 64;
const PROGRAM_HEADER = 56;
const ENTRY = HEADER + PROGRAM_HEADER;
const BASE = 0x400000n;
/** Of the largest page that Linux uses on either machine. */
const ALIGNMENT = 0x10000n;

/** A static ELF executable: both headers and the code, mapped as one segment. */
export function waitingProgram(architecture: Architecture): Buffer {
  const { elf, code } = MACHINES[architecture];
  const file = Buffer.alloc(ENTRY + code.length);
  // 64 bits, little endian, version 1.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(elf, 18);
  file.writeUInt32LE(1, 20); // version
  file.writeBigUInt64LE(BASE + BigInt(ENTRY), 24); // where it begins
  file.writeBigUInt64LE(BigInt(HEADER), 32); // where the program headers are
  file.writeUInt16LE(HEADER, 52);
  file.writeUInt16LE(PROGRAM_HEADER, 54);
  file.writeUInt16LE(1, 56); // one of them
  file.writeUInt32LE(1, HEADER); // a segment to load
  file.writeUInt32LE(5, HEADER + 4); // readable, executable
  file.writeBigUInt64LE(BASE, HEADER + 16);
  file.writeBigUInt64LE(BASE, HEADER + 24);
  file.writeBigUInt64LE(BigInt(file.length), HEADER + 32);
  file.writeBigUInt64LE(BigInt(file.length), HEADER + 40);
  file.writeBigUInt64LE(ALIGNMENT, HEADER + 48);
  file.set(code, ENTRY);
  return file;
}
