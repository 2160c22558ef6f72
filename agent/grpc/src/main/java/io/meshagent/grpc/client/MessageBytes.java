package io.meshagent.grpc.client;

import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.meshagent.core.call.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages and headers as bytes and texts, and back. What runs here is the program's marshallers,
 * so never while a stage is asked. Stateless.
 *
 * <p>Only protobuf's messages are read, as gRPC's own marshallers write them: they never change,
 * and those keep nothing. A message of another kind may be readable only once, or be filled anew.
 */
final class MessageBytes {

  private static final String PROTOBUF = "io.grpc.protobuf.";
  private static final int MOST_IN_HEADERS = 16 * 1024;

  private MessageBytes() {}

  /** Tells the marshaller how much there is, as gRPC does. */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength {
    Bytes(byte[] bytes) {
      super(bytes);
    }
  }

  static boolean isReadable(MethodDescriptor.Marshaller<?> marshaller) {
    return marshaller.getClass().getName().startsWith(PROTOBUF);
  }

  /** The message that these bytes are. */
  static <B> B message(MethodDescriptor<?, B> method, byte[] bytes) {
    return method.parseResponse(new Bytes(bytes));
  }

  /** All that is there; null if it is more than that. */
  static byte[] read(InputStream from, int most) throws IOException {
    try (InputStream in = from) {
      int size = in.available();
      if (size > most) {
        return null;
      }
      byte[] bytes = new byte[size];
      int length = 0;
      while (length < size) {
        int more = in.read(bytes, length, size - length);
        if (more < 0) {
          return null;
        }
        length += more;
      }
      return in.read() < 0 ? bytes : null;
    }
  }

  /** Names and values in turns; null if that is more than is kept. */
  static Object[] pairs(Metadata headers) {
    List<Object> pairs = new ArrayList<>();
    for (String name : headers.keys()) {
      if (name.startsWith(":")) {
        // Of HTTP/2, and no key of gRPC's.
        continue;
      }
      Iterable<?> values = headers.getAll(key(name));
      if (values != null) {
        for (Object value : values) {
          pairs.add(name);
          pairs.add(value);
        }
      }
    }
    Object[] all = pairs.toArray();
    return Response.bytes(all) > MOST_IN_HEADERS ? null : all;
  }

  private static Metadata.Key<?> key(String name) {
    return name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
        ? Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)
        : Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** Adds names and values in turns. */
  static void add(Metadata headers, Object[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      String name = (String) pairs[i];
      if (pairs[i + 1] instanceof byte[]) {
        headers.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), (byte[]) pairs[i + 1]);
      } else {
        headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), (String) pairs[i + 1]);
      }
    }
  }
}
