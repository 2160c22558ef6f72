package io.meshagent.it.programs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * {@code Rehearsal PORT}: the flaky server and the load client in one JVM, some calls between them,
 * and the end. A JVM that is told to archives at its exit what it has loaded for them.
 */
public final class Rehearsal {

  private Rehearsal() {}

  /** A stdin on which nothing comes. */
  private static final class Silence extends InputStream {
    private final CountDownLatch asked = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      asked.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return read();
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    String port = args[0];
    Silence silence = new Silence();
    System.setIn(silence);
    Thread server = new Thread(() -> serve(port), "rehearsal");
    server.setDaemon(true);
    server.start();
    silence.asked.await();
    String channel = " channel=target:localhost:" + port;
    String commands =
        String.join(
            "\n",
            "calls n=20 ready" + channel,
            "calls n=20 kind=async" + channel,
            "stream" + channel,
            "begin rate=50" + channel,
            "count",
            "end",
            "quit");
    System.setIn(new ByteArrayInputStream(commands.getBytes(StandardCharsets.UTF_8)));
    LoadClient.main(new String[0]);
    System.exit(0);
  }

  private static void serve(String port) {
    try {
      FlakyServer.main(new String[] {"port=" + port});
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
