package io.meshagent.grpc.base;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * ASCII headers as the bytes that gRPC keeps of them: nothing is made of them on the way in, nor
 * out, where the keys that gRPC makes texts with cost two objects each way. gRPC has had such keys
 * since before 1.21, for its own use; a gRPC that has none gets bytes that are copies. Stateless.
 */
final class RawHeaders {

  /** A handful of constants. */
  private static final ConcurrentMap<String, Metadata.Key<byte[]>> KEYS = new ConcurrentHashMap<>();

  private RawHeaders() {}

  /**
   * The key of a header.
   *
   * @param name a constant
   */
  static Metadata.Key<byte[]> key(String name) {
    Metadata.Key<byte[]> known = KEYS.get(name);
    return known != null ? known : KEYS.computeIfAbsent(name, RawHeaders::made);
  }

  private static Metadata.Key<byte[]> made(String name) {
    try {
      return InternalMetadata.keyOf(name, new AsIs());
    } catch (LinkageError e) {
      return copying(name);
    }
  }

  /** What there is without gRPC's internals. */
  static Metadata.Key<byte[]> copying(String name) {
    return Metadata.Key.of(name, new Copied());
  }

  /** What is written is what is kept, and what is kept is what is read. */
  private static final class AsIs implements InternalMetadata.TrustedAsciiMarshaller<byte[]> {
    @Override
    public byte[] toAsciiString(byte[] value) {
      return value;
    }

    @Override
    public byte[] parseAsciiString(byte[] serialized) {
      return serialized;
    }
  }

  /** By way of a text. */
  private static final class Copied implements Metadata.AsciiMarshaller<byte[]> {
    @Override
    public String toAsciiString(byte[] value) {
      return new String(value, StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] parseAsciiString(String serialized) {
      return serialized.getBytes(StandardCharsets.US_ASCII);
    }
  }
}
