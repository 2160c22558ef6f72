package io.meshagent.core.cli;

import io.meshagent.core.check.CheckReport;
import io.meshagent.core.hooks.AgentProperties;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Path;

/**
 * The admin page of a program that runs, found by its pid: the attach API tells where it is. The
 * program is given no order. On the command line's thread.
 */
final class ProgramPage {

  private static final int CONNECT_MILLIS = 2_000;

  /** What the program looks at takes three seconds, and it may be busy. */
  private static final int READ_MILLIS = 10_000;

  private static final int LONGEST = 4 * 1024 * 1024;

  private final Path proc;
  private final String pid;

  ProgramPage(Path proc, String pid) {
    this.proc = proc;
    this.pid = pid;
  }

  /** It can't be asked; the message is what follows {@code pid 123: }. */
  static final class NotThere extends Exception {
    private static final long serialVersionUID = 1;

    NotThere(String sentence) {
      super(sentence);
    }
  }

  static boolean isPid(String word) {
    return word.matches("[1-9]\\d{0,9}");
  }

  /** Has the program look at itself. */
  CheckReport check() throws NotThere {
    String address = address();
    CheckReport report;
    try {
      report = CheckReport.parse(get("http://" + address + "/check"));
    } catch (IOException e) {
      throw new NotThere(
          "its admin page at " + address + " does not answer here (" + e.getMessage() + ").");
    }
    if (report == null) {
      throw new NotThere(
          "what answers at " + address + " is not the page of this agent's version.");
    }
    return report;
  }

  private String address() throws NotThere {
    AttachApi api = AttachApi.find();
    if (api == null) {
      throw new NotThere(
          "the Java in "
              + System.getProperty("java.home")
              + " can't ask where its page is, for which a JDK is needed;"
              + " look at http://127.0.0.1:26464/check, or check its file.");
    }
    try {
      String obstacle = new TargetProcess(proc, pid).obstacle(api.list().containsKey(pid));
      if (obstacle != null) {
        throw new NotThere(obstacle);
      }
      try (AttachApi.Session session = api.attach(pid)) {
        String address = session.agentProperties().getProperty(AgentProperties.ADMIN);
        if (address == null) {
          throw new NotThere(
              "has no admin page of this agent: it is not governed, has not used gRPC yet, or says"
                  + " admin.enabled=false; check its file instead.");
        }
        return address;
      }
    } catch (AttachApi.Failure e) {
      throw new NotThere(AttachTrouble.sentence(e.getMessage()));
    }
  }

  private static String get(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    try (InputStream in = connection.getInputStream()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[8_192];
      for (int n = in.read(some); n >= 0 && all.size() < LONGEST; n = in.read(some)) {
        all.write(some, 0, n);
      }
      return all.toString("UTF-8");
    } finally {
      connection.disconnect();
    }
  }
}
