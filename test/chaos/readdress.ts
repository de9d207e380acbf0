import { Transform } from 'node:stream';
import { FrameSplitter } from '../../src/embedded/kafka/protocol/frame-splitter.ts';

const host = Buffer.from('127.0.0.1');

/**
 * Replaces a broker's address in its answers by that of the link they pass through, so that clients do not go around
 * it: brokers tell their address in Metadata and FindCoordinator, a string followed by a 32-bit port in every version.
 */
export function readdress(brokerPort: number, linkPort: number): Transform {
  const told = address(brokerPort);
  const wanted = address(linkPort);
  const splitter = new FrameSplitter(256 * 1024 * 1024);
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      for (const frame of splitter.push(bytes)) {
        const length = Buffer.alloc(4);
        length.writeInt32BE(frame.length);
        for (let at = frame.indexOf(told); at >= 0; at = frame.indexOf(told, at + 1)) wanted.copy(frame, at);
        this.push(Buffer.concat([length, frame]));
      }
      done();
    },
  });
}

function address(port: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(port);
  return Buffer.concat([host, bytes]);
}
