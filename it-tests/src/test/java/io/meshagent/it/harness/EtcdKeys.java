package io.meshagent.it.harness;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * What an etcd holds, read and written by its HTTP gateway, so that a test sees it by another way
 * than the agent and needs no etcdctl. Thread-safe.
 */
public final class EtcdKeys {

  /** A value and the lease that keeps it, 0 if none does. */
  public record Entry(String value, long lease) {
    public JsonObject json() {
      return JsonParser.parseString(value).getAsJsonObject();
    }
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final String endpoint;

  public EtcdKeys(String endpoint) {
    this.endpoint = endpoint;
  }

  /** Whether etcd answers and has a leader. */
  public boolean isHealthy() {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(endpoint + "/health"))
              .timeout(Duration.ofSeconds(2))
              .build();
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 && response.body().contains("true");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Everything below a prefix, by key. */
  public Map<String, Entry> get(String prefix) {
    JsonObject response = read(range(prefix));
    Map<String, Entry> entries = new TreeMap<>();
    if (response.has("kvs")) {
      for (JsonElement element : response.getAsJsonArray("kvs")) {
        JsonObject kv = element.getAsJsonObject();
        String value = kv.has("value") ? decoded(kv.get("value").getAsString()) : "";
        long lease = kv.has("lease") ? kv.get("lease").getAsLong() : 0;
        entries.put(decoded(kv.get("key").getAsString()), new Entry(value, lease));
      }
    }
    return entries;
  }

  public void put(String key, String value) {
    JsonObject request = new JsonObject();
    request.addProperty("key", encoded(key));
    request.addProperty("value", encoded(value));
    post("/v3/kv/put", request);
  }

  /** Writes many, a hundred at once. */
  public void putAll(Map<String, String> values) {
    JsonArray puts = new JsonArray();
    values.forEach(
        (key, value) -> {
          JsonObject put = new JsonObject();
          put.addProperty("key", encoded(key));
          put.addProperty("value", encoded(value));
          JsonObject operation = new JsonObject();
          operation.add("request_put", put);
          puts.add(operation);
          if (puts.size() == 100) {
            putAll(puts);
          }
        });
    putAll(puts);
  }

  private void putAll(JsonArray puts) {
    JsonObject request = new JsonObject();
    request.add("success", puts.deepCopy());
    post("/v3/kv/txn", request);
    while (!puts.isEmpty()) {
      puts.remove(puts.size() - 1);
    }
  }

  /** Deletes everything below a prefix. */
  public void delete(String prefix) {
    post("/v3/kv/deleterange", range(prefix));
  }

  /** Deletes everything. */
  void deleteAll() {
    JsonObject request = new JsonObject();
    request.addProperty("key", encoded("\0"));
    request.addProperty("range_end", encoded("\0"));
    post("/v3/kv/deleterange", request);
  }

  public void revoke(long lease) {
    JsonObject request = new JsonObject();
    request.addProperty("ID", lease);
    post("/v3/lease/revoke", request);
  }

  /** Forgets all that was before now: what an earlier watch has missed can't be had any more. */
  public void compact() {
    JsonObject request = new JsonObject();
    request.addProperty("revision", header().get("revision").getAsLong());
    post("/v3/kv/compaction", request);
  }

  private JsonObject header() {
    return read(range("/")).getAsJsonObject("header");
  }

  /** Whether the node that is asked leads its cluster. */
  boolean isLeader() {
    JsonObject status = post("/v3/maintenance/status", new JsonObject());
    return status.has("leader")
        && status.get("leader").equals(status.getAsJsonObject("header").get("member_id"));
  }

  private static JsonObject range(String prefix) {
    byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
    end[end.length - 1]++;
    JsonObject request = new JsonObject();
    request.addProperty("key", encoded(prefix));
    request.addProperty("range_end", Base64.getEncoder().encodeToString(end));
    return request;
  }

  /** A cluster that is just choosing its leader is asked again. */
  private JsonObject read(JsonObject range) {
    return Awaitility.await("an answer of " + endpoint)
        .atMost(Duration.ofSeconds(10))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreException(NotNow.class)
        .until(() -> post("/v3/kv/range", range), answer -> true);
  }

  /** What etcd says while it has no leader. */
  private static final class NotNow extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotNow(String said) {
      super(said);
    }
  }

  private JsonObject post(String path, JsonObject body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(endpoint + path))
              .timeout(Duration.ofSeconds(10))
              .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
              .build();
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 503) {
        throw new NotNow("etcd says 503: " + response.body());
      }
      if (response.statusCode() != 200) {
        throw new AssertionError("etcd says " + response.statusCode() + ": " + response.body());
      }
      return JsonParser.parseString(response.body()).getAsJsonObject();
    } catch (IOException e) {
      throw new AssertionError("etcd at " + endpoint + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }
}
