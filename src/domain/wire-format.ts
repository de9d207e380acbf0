const magicByte = 0;
const prefixBytes = 5;

/**
 * A value behind the prefix of a schema registry: a zero byte, then the id of its schema as a 32-bit big-endian
 * integer.
 *
 * Source: Confluent Platform, "Formats, Serializers, and Deserializers", section "Wire format".
 */
export function wrapForRegistry(value: string | Buffer, schemaId: number): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt8(magicByte, 0);
  prefix.writeUInt32BE(schemaId, 1);
  return Buffer.concat([prefix, Buffer.from(value)]);
}

/** A value without the prefix of a schema registry, where it has one: no JSON begins with a zero byte. */
export function unwrapFromRegistry(value: Buffer): { readonly value: Buffer; readonly schemaId?: number } {
  if (value.length < prefixBytes || value[0] !== magicByte) return { value };
  return { value: value.subarray(prefixBytes), schemaId: value.readUInt32BE(1) };
}
