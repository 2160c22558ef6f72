package io.meshagent.it.harness;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real browser without a window, steered by its DevTools protocol. One page, one thread of a
 * test.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
public final class Browser implements AutoCloseable {

  private static final Tool CHROMIUM = new Tool("chromium", "CHROMIUM", "chromium");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser(Process process, WebSocket.Builder builder, URI page) {
    this.process = process;
    this.socket = builder.buildAsync(page, new Listener()).join();
    ask("Page.enable", new JsonObject());
    ask("Runtime.enable", new JsonObject());
    ask("Log.enable", new JsonObject());
  }

  /** Starts it with an empty page. */
  public static Browser start() {
    Path profile = Places.newDirectory("browser");
    Process process = null;
    try {
      process =
          new ProcessBuilder(
                  CHROMIUM.path().toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(profile.resolve("log").toFile())
              .start();
      Path port = profile.resolve("DevToolsActivePort");
      await("the browser listens")
          .atMost(PATIENCE)
          .until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
      String pages = "http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json";
      JsonArray targets = JsonParser.parseString(Metrics.get(pages)).getAsJsonArray();
      for (JsonElement each : targets) {
        JsonObject target = each.getAsJsonObject();
        if (target.get("type").getAsString().equals("page")) {
          String address = target.get("webSocketDebuggerUrl").getAsString();
          return new Browser(
              process, HttpClient.newHttpClient().newWebSocketBuilder(), URI.create(address));
        }
      }
      throw new IllegalStateException("the browser has no page: " + targets);
    } catch (IOException | RuntimeException e) {
      if (process != null) {
        process.destroyForcibly();
      }
      throw new IllegalStateException(
          "The browser could not be started; its libraries come with the system's package: "
              + "apt-get install chromium.",
          e);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        take(JsonParser.parseString(part.toString()).getAsJsonObject());
        part.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(JsonObject message) {
    if (message.has("id")) {
      asked.remove(message.get("id").getAsInt()).complete(message);
      return;
    }
    String method = message.get("method").getAsString();
    JsonObject said = message.getAsJsonObject("params");
    if (method.equals("Runtime.exceptionThrown")
        || (method.equals("Runtime.consoleAPICalled")
            && said.get("type").getAsString().equals("error"))
        || (method.equals("Log.entryAdded")
            && said.getAsJsonObject("entry").get("level").getAsString().equals("error"))) {
      complaints.add(said.toString());
    }
  }

  private JsonObject ask(String method, JsonObject params) {
    JsonObject request = new JsonObject();
    int id = ids.incrementAndGet();
    request.addProperty("id", id);
    request.addProperty("method", method);
    request.add("params", params);
    CompletableFuture<JsonObject> reply = new CompletableFuture<>();
    asked.put(id, reply);
    socket.sendText(request.toString(), true).join();
    JsonObject answer = reply.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (answer.has("error")) {
      throw new IllegalStateException(method + ": " + answer.get("error"));
    }
    return answer.getAsJsonObject("result");
  }

  /** The window has this size, as pixels of CSS. */
  public void resize(int width, int height) {
    JsonObject size = new JsonObject();
    size.addProperty("width", width);
    size.addProperty("height", height);
    size.addProperty("deviceScaleFactor", 1);
    size.addProperty("mobile", width < 500);
    ask("Emulation.setDeviceMetricsOverride", size);
  }

  /** As if the system preferred it. */
  public void dark(boolean dark) {
    JsonObject feature = new JsonObject();
    feature.addProperty("name", "prefers-color-scheme");
    feature.addProperty("value", dark ? "dark" : "light");
    JsonArray features = new JsonArray();
    features.add(feature);
    JsonObject params = new JsonObject();
    params.add("features", features);
    ask("Emulation.setEmulatedMedia", params);
  }

  /** Goes to a page; does not wait for it. */
  public void open(String url) {
    JsonObject params = new JsonObject();
    params.addProperty("url", url);
    ask("Page.navigate", params);
  }

  /** What a piece of JavaScript says, as text. */
  public String evaluate(String script) {
    JsonObject params = new JsonObject();
    params.addProperty("expression", "String(" + script + ")");
    JsonObject result = ask("Runtime.evaluate", params);
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + result.get("exceptionDetails"));
    }
    return result.getAsJsonObject("result").get("value").getAsString();
  }

  /** What a reader sees of an element. */
  public String text(String selector) {
    return evaluate("document.querySelector('" + selector + "')?.innerText ?? ''");
  }

  /** What scripts and the browser complained of so far. */
  public List<String> complaints() {
    return complaints;
  }

  /** A picture of the whole page, below the build directory. */
  public Path picture(String name) {
    return picture(name, true);
  }

  /** The same of what is in sight. */
  public Path view(String name) {
    return picture(name, false);
  }

  private Path picture(String name, boolean whole) {
    JsonObject params = new JsonObject();
    params.addProperty("captureBeyondViewport", whole);
    byte[] png =
        Base64.getDecoder().decode(ask("Page.captureScreenshot", params).get("data").getAsString());
    try {
      return Files.write(
          Places.create(Places.target().resolve("pictures")).resolve(name + ".png"), png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
