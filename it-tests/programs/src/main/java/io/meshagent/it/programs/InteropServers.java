package io.meshagent.it.programs;

import java.lang.reflect.Method;

/**
 * gRPC's own {@code TestServiceServer}, several in one JVM: {@code InteropServers <flag>,<flag>…
 * …}, once for each. Each says {@code Server started on port <n>}.
 */
public final class InteropServers {

  private InteropServers() {}

  public static void main(String[] args) throws Exception {
    Method main =
        Class.forName("io.grpc.testing.integration.TestServiceServer")
            .getMethod("main", String[].class);
    for (String arg : args) {
      Thread server =
          new Thread(
              () -> {
                try {
                  main.invoke(null, (Object) arg.split(",", -1));
                } catch (ReflectiveOperationException e) {
                  throw new IllegalStateException(e);
                }
              },
              arg);
      server.start();
    }
  }
}
