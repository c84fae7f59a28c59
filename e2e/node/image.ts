// Container images of one small layer, made here byte by byte (OCI image specification), so that a test can
// have as many different ones as it needs and no image builder. Pure.

import { createHash } from 'node:crypto';
import { type Architecture, waitingProgram } from './waiting-program.ts';

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Buffer;
}

export interface Image {
  readonly manifest: Blob;
  /** What has to be in the registry before the manifest. */
  readonly blobs: readonly Blob[];
}

const PROGRAM = 'wait';

/** @param identity two images are the same one to a node exactly if this is the same */
export function imageOf(identity: string, architecture: Architecture): Image {
  const layer = blob('layer.v1.tar', tarOf(PROGRAM, waitingProgram(architecture)));
  const config = blob('config.v1+json', {
    architecture,
    os: 'linux',
    config: { Entrypoint: [`/${PROGRAM}`], Labels: { 'dev.regcred.e2e': identity } },
    // The layer is not compressed: its digest is that of what is in it.
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = blob('manifest.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
  });
  return { manifest, blobs: [layer, config] };
}

function blob(type: string, content: Buffer | object): Blob {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType: `application/vnd.oci.image.${type}`, digest, content: bytes };
}

const descriptorOf = ({ mediaType, digest, content }: Blob) => ({ mediaType, digest, size: content.length });

const BLOCK = 512;

/** A ustar archive with one executable file in it. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o755, 8), 100);
  header.write(octal(0, 8), 108); // owner
  header.write(octal(0, 8), 116); // group
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136); // time of change
  header.write(' '.repeat(8), 148); // the checksum counts as blanks
  header.write('0', 156); // a plain file
  header.write('ustar\x0000', 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 7)} `, 148);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  // Two empty blocks are the end.
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}
