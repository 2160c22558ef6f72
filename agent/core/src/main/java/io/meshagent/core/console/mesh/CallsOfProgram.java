package io.meshagent.core.console.mesh;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the calls of one program go, as it says. Immutable. */
final class CallsOfProgram {

  private static final int MOST_ROWS = 500;

  /** One method. */
  static final class Row {
    final String service;
    final String method;

    /** A second, as the next. */
    final double rate;

    final double failed;
    final double medianMillis;
    final double lateMillis;

    private Row(String service, String method, JsonArray numbers) {
      this.service = service;
      this.method = method;
      this.rate = number(numbers, 0);
      this.failed = number(numbers, 1);
      this.medianMillis = number(numbers, 2);
      this.lateMillis = number(numbers, 3);
    }
  }

  /** An instance that it gives no calls. */
  static final class Bad {
    final String service;
    final String instance;
    final String because;

    private Bad(JsonArray json) {
      this.service = json.get(0).getAsString();
      this.instance = json.get(1).getAsString();
      this.because = json.get(2).getAsString();
    }
  }

  final Program program;
  final List<Row> rows = new ArrayList<>();
  final List<Bad> bad = new ArrayList<>();

  private CallsOfProgram(JsonObject json, String id) {
    this.program = Program.of(json, id);
    for (Map.Entry<String, JsonElement> service : json.getAsJsonObject("calls").entrySet()) {
      for (Map.Entry<String, JsonElement> method :
          service.getValue().getAsJsonObject().entrySet()) {
        if (rows.size() < MOST_ROWS) {
          rows.add(new Row(service.getKey(), method.getKey(), method.getValue().getAsJsonArray()));
        }
      }
    }
    for (JsonElement each : json.getAsJsonArray("bad")) {
      if (bad.size() < MOST_ROWS) {
        bad.add(new Bad(each.getAsJsonArray()));
      }
    }
  }

  /** Null if the text is none. */
  static CallsOfProgram of(String id, String text) {
    return Facts.read(text, json -> new CallsOfProgram(json, id));
  }

  private static double number(JsonArray of, int at) {
    double number = of.get(at).getAsDouble();
    return number >= 0 && number < 1e12 ? number : 0;
  }
}
