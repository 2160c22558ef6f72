package io.meshagent.core.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.hooks.AgentProperties;
import io.meshagent.core.log.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The admin page of a program that runs, found by its address or by the program's process id. On
 * the command line's thread, which it keeps for some seconds at most.
 */
final class RunningAgent {

  /** The options that say which one is meant. */
  static final String PID = "--pid";

  static final String URL = "--url";

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int BAD_REQUEST = 400;
  private static final int BUSY = 503;

  /** A request's first line is one of them. */
  private static final int HEADERS_TOO_LONG = 431;

  private final String base;

  private RunningAgent(String base) {
    this.base = base;
  }

  /** There is no answer; the message is a sentence. */
  static class Silent extends Exception {
    private static final long serialVersionUID = 1;

    Silent(String sentence) {
      super(Printable.of(sentence));
    }
  }

  /** It answers that the question makes no sense; the message is what it says. */
  static final class Refused extends Silent {
    private static final long serialVersionUID = 1;

    Refused(String sentence) {
      super(sentence);
    }
  }

  /** The one that the options name. */
  static RunningAgent of(Given given) throws Misuse, Silent {
    String url = given.option(URL);
    String pid = given.option(PID);
    if ((url == null) == (pid == null)) {
      throw new Misuse(
          "say which program is meant: either --pid PID (attach without a PID lists them) or --url"
              + " HOST:PORT.");
    }
    if (url == null && !isPid(pid)) {
      throw new Misuse(pid + " is no process id.");
    }
    if (url != null && url.contains("://") && !url.matches("(?i)http://.*")) {
      throw new Misuse(url + " is not HOST:PORT, nor http://HOST:PORT.");
    }
    return url == null ? of(Paths.get("/proc"), pid) : new RunningAgent(normalized(url));
  }

  static boolean isPid(String word) {
    return word.matches("[1-9]\\d{0,9}");
  }

  private static String normalized(String url) {
    String whole = url.contains("://") ? url : "http://" + url;
    return whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
  }

  /** That of a program on this machine, which is given no order: the attach API tells where. */
  static RunningAgent of(Path proc, String pid) throws Silent {
    AttachApi api = AttachApi.find();
    if (api == null) {
      throw new Silent(
          "This Java can't ask other JVMs, because it is a JRE or lacks the module jdk.attach; the"
              + " program's start line says where its admin page is: give that with --url, or open"
              + " it.");
    }
    try {
      String obstacle = new TargetProcess(proc, pid).obstacle(api.list().containsKey(pid));
      if (obstacle != null) {
        throw new Silent("pid " + pid + ": " + obstacle);
      }
      try (AttachApi.Session session = api.attach(pid)) {
        String told = session.agentProperties().getProperty(AgentProperties.ADMIN);
        if (told == null) {
          throw new Silent(
              "pid "
                  + pid
                  + ": has no admin page: the agent is not in it, it has not used gRPC yet, or"
                  + " admin.enabled=false.");
        }
        return new RunningAgent(
            normalized(told.replaceFirst("^(0\\.0\\.0\\.0|\\[::\\]):", "127.0.0.1:")));
      }
    } catch (AttachApi.Failure e) {
      throw new Silent("pid " + pid + ": " + AttachTrouble.sentence(e.getMessage()));
    }
  }

  /** Where it is, for people. */
  String address() {
    return base;
  }

  /** What a view says in JSON. */
  JsonObject json(String path) throws Silent {
    try {
      return JsonParser.parseString(text(path)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new Silent(base + " is no admin page of an agent that knows " + path + ".");
    }
  }

  /** What a view says. One that is busy with others' questions is asked again for some seconds. */
  String text(String path) throws Silent {
    long began = System.nanoTime();
    String text = askedOnce(path);
    while (text == null && System.nanoTime() - began < PATIENCE_NANOS) {
      LockSupport.parkNanos(PAUSE_NANOS);
      text = askedOnce(path);
    }
    if (text == null) {
      throw new Silent(base + " is busy with the questions of others; ask again.");
    }
    return text;
  }

  /** Null if it is busy. */
  private String askedOnce(String path) throws Silent {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) new URL(base + path).openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      int status = connection.getResponseCode();
      InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      String text = body == null ? "" : read(body);
      if (status == BUSY) {
        return null;
      }
      if (status == BAD_REQUEST || status == HEADERS_TOO_LONG) {
        throw new Refused(text.trim());
      }
      if (status != 200) {
        throw new Silent(base + " answers " + status + ": " + text.trim());
      }
      return text;
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new Silent(base + " is no address of a page.");
    } catch (IOException e) {
      throw new Silent(base + " does not answer (" + e.getMessage() + ").");
    }
  }

  private static String read(InputStream body) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[8_192];
    for (int n = body.read(some); n >= 0; n = body.read(some)) {
      all.write(some, 0, n);
      if (all.size() > MOST_BYTES) {
        throw new IOException("more than " + MOST_BYTES + " bytes");
      }
    }
    return new String(all.toByteArray(), StandardCharsets.UTF_8);
  }
}
