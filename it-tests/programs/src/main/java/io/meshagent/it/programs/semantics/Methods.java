package io.meshagent.it.programs.semantics;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The methods and headers of the scenarios: texts both ways. */
final class Methods {

  static final String SERVICE = "semantics.Service";

  /** Which scenario a call belongs to, and what the server has to do. */
  static final Metadata.Key<String> SCRIPT = key("script");

  static final Metadata.Key<String> CASE = key("case");

  static final MethodDescriptor<String, String> UNARY =
      method(SERVICE, MethodDescriptor.MethodType.UNARY, "Unary");
  static final MethodDescriptor<String, String> HEDGED =
      method(SERVICE, MethodDescriptor.MethodType.UNARY, "Hedged");
  static final MethodDescriptor<String, String> CHAT =
      method(SERVICE, MethodDescriptor.MethodType.BIDI_STREAMING, "Chat");

  /** Hosted by nobody. */
  static final MethodDescriptor<String, String> UNKNOWN =
      method("semantics.Nowhere", MethodDescriptor.MethodType.UNARY, "Unary");

  private Methods() {}

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  static MethodDescriptor<String, String> method(
      String service, MethodDescriptor.MethodType type, String name) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  /** Texts as UTF-8; those that begin with a known word can't be written or read. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {

    @Override
    public InputStream stream(String text) {
      if (text.startsWith("unwritable")) {
        throw new IllegalStateException("marshaller: " + text);
      }
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream bytes) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      try {
        for (int n = bytes.read(some); n >= 0; n = bytes.read(some)) {
          all.write(some, 0, n);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String text = new String(all.toByteArray(), StandardCharsets.UTF_8);
      if (text.startsWith("unreadable")) {
        throw new IllegalStateException("marshaller: " + text);
      }
      return text;
    }
  }
}
