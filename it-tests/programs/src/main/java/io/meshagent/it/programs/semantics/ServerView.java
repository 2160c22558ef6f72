package io.meshagent.it.programs.semantics;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.util.TreeSet;

/** All that a handler can ask its call. */
final class ServerView {

  private final ServerCall<String, String> call;
  private final Transcript transcript;

  ServerView(ServerCall<String, String> call, Transcript transcript) {
    this.call = call;
    this.transcript = transcript;
  }

  void describe() {
    Attributes attributes = call.getAttributes();
    transcript.server("attributes " + keys(attributes));
    InetSocketAddress remote = (InetSocketAddress) attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    transcript.server("remote " + remote.getAddress().isLoopbackAddress());
    transcript.server("tls " + attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    transcript.server("authority " + Transcript.numberless(String.valueOf(call.getAuthority())));
    transcript.server("same method " + (call.getMethodDescriptor() == Methods.UNARY));
    transcript.server("security " + securityLevel());
    transcript.server("cancelled " + call.isCancelled());
    transcript.server("cancelled context " + Context.current().isCancelled());
    transcript.server("call " + call.toString().replaceAll("@[0-9a-f]+", ""));
  }

  /** By reflection: came with gRPC 1.47. */
  private String securityLevel() {
    try {
      return String.valueOf(ServerCall.class.getMethod("getSecurityLevel").invoke(call));
    } catch (NoSuchMethodException e) {
      return "not known";
    } catch (IllegalAccessException | InvocationTargetException e) {
      return String.valueOf(e);
    }
  }

  /** Sorted: their order is that of their identities. */
  @SuppressWarnings("deprecation") // The only way to see them all.
  static String keys(Attributes attributes) {
    TreeSet<String> names = new TreeSet<>();
    for (Attributes.Key<?> key : attributes.keys()) {
      names.add(key.toString());
    }
    return names.toString();
  }
}
