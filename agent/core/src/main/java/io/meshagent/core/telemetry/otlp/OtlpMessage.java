package io.meshagent.core.telemetry.otlp;

import com.google.protobuf.CodedOutputStream;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A message of protocol buffers that is being written, by the numbers of its fields. Those of OTLP
 * are fixed for ever. For one thread.
 */
public final class OtlpMessage {

  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int STRING = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);

  public OtlpMessage text(int field, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeString(field, value);
    }
    return this;
  }

  public OtlpMessage message(int field, OtlpMessage value) throws IOException {
    out.writeByteArray(field, value.toBytes());
    return this;
  }

  /** {@code fixed64}. */
  public OtlpMessage fixed(int field, long value) throws IOException {
    out.writeFixed64(field, value);
    return this;
  }

  /** {@code double}. */
  public OtlpMessage real(int field, double value) throws IOException {
    out.writeDouble(field, value);
    return this;
  }

  /** An enumeration's constant, or 1 for true. */
  public OtlpMessage word(int field, int value) throws IOException {
    out.writeInt32(field, value);
    return this;
  }

  /** {@code repeated fixed64}. */
  public OtlpMessage allFixed(int field, List<Long> values) throws IOException {
    OtlpMessage packed = new OtlpMessage();
    for (long value : values) {
      packed.out.writeFixed64NoTag(value);
    }
    return message(field, packed);
  }

  /** {@code repeated double}. */
  public OtlpMessage allReal(int field, List<Double> values) throws IOException {
    OtlpMessage packed = new OtlpMessage();
    for (double value : values) {
      packed.out.writeDoubleNoTag(value);
    }
    return message(field, packed);
  }

  /** A {@code KeyValue} with a text. */
  public OtlpMessage attribute(int field, String key, String value) throws IOException {
    OtlpMessage any = new OtlpMessage();
    any.out.writeString(STRING, value);
    return message(field, new OtlpMessage().text(KEY, key).message(VALUE, any));
  }

  /** Who sends; all that the agent says of itself is text. */
  public static OtlpMessage of(Resource resource) throws IOException {
    OtlpMessage message = new OtlpMessage();
    for (Map.Entry<?, ?> each : resource.getAttributes().asMap().entrySet()) {
      message.attribute(1, each.getKey().toString(), String.valueOf(each.getValue()));
    }
    return message;
  }

  public byte[] toBytes() throws IOException {
    out.flush();
    return bytes.toByteArray();
  }
}
