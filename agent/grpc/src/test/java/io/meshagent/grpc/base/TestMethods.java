package io.meshagent.grpc.base;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Descriptors of methods that tests never send a message to. */
public final class TestMethods {

  private TestMethods() {}

  /** A new one each time. */
  public static MethodDescriptor<String, String> unary(String name) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(name)
        .setRequestMarshaller(new Nothing())
        .setResponseMarshaller(new Nothing())
        .build();
  }

  private static final class Nothing implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public String parse(InputStream stream) {
      return "";
    }
  }
}
