package io.meshagent.it.harness;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the load client counted in one run. Immutable.
 *
 * @param okP99Micros how long 99 of 100 calls that were answered took at most; 0 if that was not
 *     measured
 * @param idle of the time how much went by beyond a tenth of a second each without a call that
 *     began, in milliseconds; 0 if the client does not measure it
 */
public record LoadResult(
    Map<String, Integer> okBy,
    Map<String, Failures> failed,
    long okP99Micros,
    long millis,
    long idle) {

  /** How often one status with its description came, and how long those calls took. */
  public record Failures(int count, long p50Micros, long p99Micros) {}

  public static LoadResult of(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    Map<String, Integer> okBy = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : object.getAsJsonObject("ok").entrySet()) {
      okBy.put(entry.getKey(), entry.getValue().getAsInt());
    }
    Map<String, Failures> failed = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : object.getAsJsonObject("failed").entrySet()) {
      JsonObject times = entry.getValue().getAsJsonObject();
      failed.put(
          entry.getKey(),
          new Failures(
              times.get("n").getAsInt(),
              times.get("p50_us").getAsLong(),
              times.get("p99_us").getAsLong()));
    }
    long idle = object.has("idle") ? object.get("idle").getAsLong() : 0;
    long okP99 = object.has("ok_p99_us") ? object.get("ok_p99_us").getAsLong() : 0;
    return new LoadResult(okBy, failed, okP99, object.get("millis").getAsLong(), idle);
  }

  public int ok() {
    return okBy.values().stream().mapToInt(Integer::intValue).sum();
  }

  public int failures() {
    return failed.values().stream().mapToInt(Failures::count).sum();
  }

  /** Failures whose status and description hold the text. */
  public int failures(String part) {
    return failed.entrySet().stream()
        .filter(entry -> entry.getKey().contains(part))
        .mapToInt(entry -> entry.getValue().count())
        .sum();
  }
}
