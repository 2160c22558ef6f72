package io.meshagent.core.telemetry.otlp;

import com.google.common.io.ByteStreams;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages as the bytes they are: who sends them has encoded them already. Stateless. */
public final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {

  @Override
  public InputStream stream(byte[] message) {
    return new ByteArrayInputStream(message);
  }

  @Override
  public byte[] parse(InputStream message) {
    try {
      return ByteStreams.toByteArray(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
