package io.meshagent.it.harness;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.it.tools.Places;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code java -jar mesh-agent.jar console}, and what it answers. For the test's thread. */
public final class Console {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Jvm jvm;
  private final String url;
  private final Path tokenFile;

  private Console(Jvm jvm, String url, Path tokenFile) {
    this.jvm = jvm;
    this.url = url;
    this.tokenFile = tokenFile;
  }

  /** One that answers, in a JVM that ends with the world. */
  public static Console start(World world, Object... arguments) {
    Jvm jvm =
        world
            .launch("console")
            .withoutAgent()
            .option("-Xmx100m")
            .jar(Places.agentJar())
            .args("console", "--port", 0)
            .args(arguments)
            .start();
    String at = jvm.await(line -> line.contains(" is at http://"), Jvm.PATIENCE);
    String token = jvm.await(line -> line.contains("the token in "), Jvm.PATIENCE);
    return new Console(
        jvm,
        at.substring(at.indexOf(" is at ") + 7).trim(),
        Path.of(token.substring(token.indexOf("the token in ") + 13).trim()));
  }

  public Jvm jvm() {
    return jvm;
  }

  /** With a slash at the end. */
  public String url() {
    return url;
  }

  public Path tokenFile() {
    return tokenFile;
  }

  public String token() throws IOException {
    return Files.readString(tokenFile).trim();
  }

  /** What stands at a path, {@code overview}. */
  public JsonObject get(String path) {
    return JsonParser.parseString(send(HttpRequest.newBuilder(URI.create(url + path))).body())
        .getAsJsonObject();
  }

  /** What comes of an order. */
  public HttpResponse<String> post(String path, String token, JsonObject body) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Mesh-Token", token)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  /** A document as an order names it. */
  public static JsonObject draft(String name, String text, long revision) {
    JsonObject draft = new JsonObject();
    draft.addProperty("document", name);
    draft.addProperty("text", text);
    draft.addProperty("revision", revision);
    return draft;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(jvm.described("no answer of " + url), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
