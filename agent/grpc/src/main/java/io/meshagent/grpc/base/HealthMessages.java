package io.meshagent.grpc.base;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of {@code grpc.health.v1} as bytes, so that neither the program's generated
 * classes nor protobuf are needed. Stateless.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public final class HealthMessages {

  /** The status of a service that takes calls. */
  public static final int SERVING = 1;

  private static final int SERVICE = (1 << 3) | 2;
  private static final int STATUS = 1 << 3;

  private HealthMessages() {}

  /** {@code HealthCheckRequest}: field 1 is the service. */
  public static InputStream request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(name.length + 3);
    if (name.length > 0) {
      out.write(SERVICE);
      int left = name.length;
      for (; left > 0x7f; left >>>= 7) {
        out.write((left & 0x7f) | 0x80);
      }
      out.write(left);
      out.write(name, 0, name.length);
    }
    return new ByteArrayInputStream(out.toByteArray());
  }

  /** {@code HealthCheckResponse}: field 1 is the status; one that is not written is 0. */
  public static int status(InputStream response) throws IOException {
    int status = 0;
    for (long tag = varint(response); tag >= 0; tag = varint(response)) {
      long value = 0;
      switch ((int) tag & 7) {
        case 0:
          value = present(varint(response));
          break;
        case 1:
          skip(response, 8);
          break;
        case 2:
          skip(response, present(varint(response)));
          break;
        case 5:
          skip(response, 4);
          break;
        default:
          throw new IOException("no health response: a field has wire type " + (tag & 7));
      }
      if (tag == STATUS) {
        status = (int) value;
      }
    }
    return status;
  }

  /** -1 at the end of the message. */
  private static long varint(InputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      if (next < 0) {
        if (shift == 0) {
          return -1;
        }
        break;
      }
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("no health response: a number does not end");
  }

  private static long present(long value) throws IOException {
    if (value < 0) {
      throw new IOException("no health response: it is cut off");
    }
    return value;
  }

  private static void skip(InputStream in, long bytes) throws IOException {
    for (long i = 0; i < bytes; i++) {
      if (in.read() < 0) {
        throw new IOException("no health response: it is cut off");
      }
    }
  }
}
